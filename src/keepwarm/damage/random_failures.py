"""Random failures: assets that fail by themselves and come back, many samples at once."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from math import ceil, inf, log, log1p
from typing import Literal

import numpy as np

from keepwarm.case.nouns import Case, Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.damage.outages import FAILURE, Outages
from keepwarm.damage.philox import STATE, Words, begin, uniform
from keepwarm.errors import Fault, InputError
from keepwarm.streams import Source

#: How times up and down are drawn: at any moment, or period by period with a chance each.
Law = Literal["continuous", "per_period"]

#: How assets begin: as they would be found at any moment, or all of them standing.
Start = Literal["stationary", "standing"]

_TABLES = {
    "generator": "generators",
    "line": "lines",
    "transformer": "transformers",
    "link": "links",
    "store": "stores",
    "storage_unit": "storage_units",
}


@dataclass(frozen=True)
class Failing:
    """What assets fall to by themselves: a row for each reduced state, by asset.

    An asset stands for an exponential time, falls to one of its states, and comes back from there.
    The share of time in state k is ``(mttr_k / mttf_k) / (1 + sum_j mttr_j / mttf_j)``: with one
    state the forced outage rate, MTTR / (MTTF + MTTR).
    """

    asset: Ints  # (rows,) index into Assets
    left: Floats  # (rows,) share of the capacity that is left: 0 where it fails altogether
    mttf_hours: Floats  # (rows,) mean time standing until this, were it the only state
    mttr_hours: Floats  # (rows,) mean time until it stands again
    part: Words  # (rows,) part of the sample's stream that the asset draws from, by its name

    def __len__(self) -> int:
        return len(self.asset)

    @property
    def share(self) -> Floats:
        """Share of time in each state, (rows,)."""
        odds = self.mttr_hours / self.mttf_hours
        mine, total = np.unique(self.asset, return_inverse=True)[1], np.zeros(len(self))
        np.add.at(total, mine, odds)
        return np.asarray(odds / (1.0 + total[mine]))


def failing(case: Case, *, law: Law = "continuous") -> Failing:
    """Return what assets of a case fall to by themselves.

    Every asset with ``mttf_hours`` and ``mttr_hours`` fails altogether; one with
    ``derated_mttf_hours``, ``derated_mttr_hours`` and ``derated_left`` also falls to a part of its
    capacity. An asset without any of them never fails.

    Parameters
    ----------
    case
        Its assets.
    law
        ``per_period`` needs times of a period at least: a chance is no more than one.

    Raises
    ------
    InputError
        With every time that is missing or not more than zero, and every chance over one.
    """
    assets, derated = case.network.assets, case.network.derated
    at = {name: a for a, name in enumerate(assets.name)}
    least = case.network.step_hours if law == "per_period" else 0.0
    rows: list[tuple[int, float, float, float]] = []
    faults: list[Fault] = []
    whole = zip(range(len(assets)), assets.mttf_hours, assets.mttr_hours, strict=True)
    parts = zip(derated.asset, derated.left, derated.mttf_hours, derated.mttr_hours, strict=True)
    for asset, left, prefix, up, down in (
        *((a, 0.0, "", up, down) for a, up, down in whole),
        *((at[name], left, "derated_", up, down) for name, left, up, down in parts),
    ):
        if np.isnan(up) and np.isnan(down):
            continue
        where = f"{_TABLES[assets.kind[asset]]}.csv", assets.name[asset], prefix
        found = _faults(*where, up, down, least)
        faults += found
        if not found:
            rows.append((asset, left, up, down))
    faults += _chances_over_one(case, rows, least) if least else []
    if faults:
        raise InputError(faults)
    return _failing(case, sorted(rows))


def _failing(case: Case, rows: list[tuple[int, float, float, float]]) -> Failing:
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    asset = np.array([row[0] for row in rows], dtype=np.int64)
    names = case.network.assets.name
    digests = [blake2b(names[a].encode(), digest_size=8).digest() for a in asset.tolist()]
    part = np.array([int.from_bytes(digest) for digest in digests], dtype=np.uint64)
    return Failing(asset, table[:, 1].copy(), table[:, 2].copy(), table[:, 3].copy(), part)


def _faults(file: str, name: str, prefix: str, up: float, down: float, least: float) -> list[Fault]:
    """Say what is wrong with the times of one asset; files keep the line of it to themselves."""
    faults = []
    for column, hours in ((f"{prefix}mttf_hours", up), (f"{prefix}mttr_hours", down)):
        if np.isnan(hours):
            other = "mttr" if column.endswith("mttf_hours") else "mttf"
            found = f"'{name}' has {prefix}{other}_hours and no {column}"
            faults.append(Fault(file, None, column, found, "both, or neither: it never fails"))
        elif hours <= 0:
            expected = "more than 0 h, or empty cells: it never fails"
            faults.append(Fault(file, None, column, f"'{name}' has {hours:g} h", expected))
        elif hours < least:
            found = f"'{name}' has {hours:g} h: a chance of {least / hours:g} in a period"
            faults.append(Fault(file, None, column, found, f"a period, {least:g} h, or more"))
    return faults


def _chances_over_one(
    case: Case, rows: list[tuple[int, float, float, float]], dt: float
) -> list[Fault]:
    """Say which assets are more than certain to fall within a period to one of their states."""
    chance = np.zeros(len(case.network.assets))
    for asset, _, up, _ in rows:
        chance[asset] += dt / up
    assets = case.network.assets
    return [
        Fault(
            f"{_TABLES[assets.kind[a]]}.csv",
            None,
            "derated_mttf_hours",
            f"'{assets.name[a]}' falls in a period with a chance of {chance[a]:g}",
            "1 at most, over both of its states",
        )
        for a in np.flatnonzero(chance > 1 + 1e-9).tolist()
    ]


def draw_failures(
    failing: Failing,
    samples: Ints,
    *,
    seed: int,
    hours: float,
    step_hours: float = 1.0,
    law: Law = "continuous",
    start: Start = "stationary",
) -> Outages:
    """Draw when assets of some samples are out or reduced by random failures.

    What an asset does in a sample depends on the seed, the sample's number and the asset's name:
    not on the other assets, nor on the length of the season. What it draws it takes in order, the
    state at the start first, then times up and down in turn, so that a shorter repair moves what
    comes after it and changes nothing else.

    Parameters
    ----------
    failing
        From `failing`.
    samples
        Shape (samples,): their numbers.
    seed
        Of the run.
    hours
        Length of the season, h.
    step_hours
        Length of a period, h; only the law ``per_period`` asks for it.
    law
        ``continuous``: exponential times. ``per_period``: in each period an asset that stands
        falls with the chance ``step_hours / mttf``, one that is out comes back with ``step_hours /
        mttr``, and begins and ends lie at the starts of periods.
    start
        ``stationary``: as found at any moment. ``standing``: nothing is out at the start.

    Returns
    -------
    Outages
        ``sample`` counts from 0 in the order of ``samples``. One that is under way at the start
        begins at 0 h.

    **Source**: two-state Markov model of a component (Billinton and Allan, "Reliability Evaluation
    of Power Systems", 1996, section 2.2), with derated states that are reached from standing
    (section 2.4). Per period: PRAS (NREL/TP-5C00-79698). **Leaves out**: falls from a reduced state
    to another, wear, maintenance, common causes (those are waves and weather), repairs that wait
    for a crew.
    """
    first = np.flatnonzero(np.diff(failing.asset, prepend=-1))
    room = np.zeros(STATE, dtype=np.uint64)
    rows = _most_rows(failing, len(samples), hours)
    period = step_hours if law == "per_period" else 0.0
    while True:
        whole, number = np.empty((2, rows), dtype=np.int64), np.empty((3, rows))
        drawn = _draw(
            np.append(first, len(failing)),
            failing.asset,
            failing.left,
            failing.mttf_hours,
            failing.mttr_hours,
            failing.part,
            np.asarray(samples, dtype=np.int64),
            seed,
            int(Source.FAILURES),
            hours,
            period,
            start == "stationary",
            room,
            *whole,
            *number,
        )
        if drawn >= 0:
            break
        rows *= 2
    sample, asset = whole[:, :drawn]
    begins, ends, left = number[:, :drawn]
    return Outages(sample, asset, begins, ends, left, np.full(drawn, FAILURE, dtype=np.int64))


def _most_rows(failing: Failing, samples: int, hours: float) -> int:
    """Return a number of rows that is next to never too small."""
    cycle = failing.mttf_hours + failing.mttr_hours
    mean = samples * float(np.sum(hours / cycle + 1.0))
    return int(mean + 6 * np.sqrt(mean)) + 64


@compiled
def _draw(
    first: Ints,
    asset: Ints,
    left: Floats,
    mttf: Floats,
    mttr: Floats,
    part: Words,
    samples: Ints,
    seed: int,
    source: int,
    hours: float,
    period: float,
    stationary: bool,
    state: Words,
    of_sample: Ints,
    of_asset: Ints,
    begins: Floats,
    ends: Floats,
    remains: Floats,
) -> int:
    """Write the outages of all samples; return how many, -1 where there is no room for them."""
    count = 0
    for s in range(samples.size):
        for a in range(first.size - 1):
            low, high = first[a], first[a + 1]
            begin(state, seed, source, samples[s], part[low])
            rate, odds = 0.0, 0.0
            for k in range(low, high):
                rate += 1.0 / mttf[k]
                odds += mttr[k] / mttf[k]
            now, k = 0.0, -1
            found = uniform(state) * (1.0 + odds)
            if stationary and found >= 1.0:  # found at work in one of its reduced states
                k, found = low, found - 1.0
                while k < high - 1 and found >= mttr[k] / mttf[k]:
                    found -= mttr[k] / mttf[k]
                    k += 1
            while True:
                if k < 0:
                    now += _lasts(uniform(state), 1.0 / rate, period)
                    if now >= hours:
                        break
                    k = low
                    if high - low > 1:
                        found = uniform(state) * rate
                        while k < high - 1 and found >= 1.0 / mttf[k]:
                            found -= 1.0 / mttf[k]
                            k += 1
                until = now + _lasts(uniform(state), mttr[k], period)
                if count == of_sample.size:
                    return -1
                of_sample[count], of_asset[count], remains[count] = s, asset[low], left[k]
                begins[count], ends[count] = now, until if until < hours else inf
                count += 1
                now, k = until, -1
                if now >= hours:
                    break
    return count


@inlined
def _lasts(number: float, mean: float, period: float) -> float:
    """Return an exponential time of this mean, or so many whole periods with a chance each."""
    if period == 0.0:
        return -mean * log(1.0 - number)
    if mean <= period:  # certain
        return period
    return period * max(1.0, ceil(log(1.0 - number) / log1p(-period / mean)))
