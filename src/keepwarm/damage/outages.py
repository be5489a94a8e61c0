"""When assets of many samples are out or reduced, and what that leaves step after step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from keepwarm.case.nouns import Case, Damage, DamageRow, Floats, Ints
from keepwarm.case.plan import NO_TIME
from keepwarm.compiled import compiled

#: The cause of what failed by itself; other causes are numbers of a sample's events.
FAILURE = -1


@dataclass(frozen=True)
class Outages:
    """What some samples lose, one row for each loss, by sample, then asset, then begin.

    An outage acts in the steps whose start lies in [begin, end): the state at the start of a step
    holds for the step. Where outages of one asset overlap the least that is left counts.
    """

    sample: Ints  # (rows,) index into the samples that were asked for
    asset: Ints  # (rows,) index into Assets
    begin: Floats  # (rows,) hours from the first step of the season
    end: Floats  # (rows,) inf: not within the season
    left: Floats  # (rows,) share of the capacity that is left
    cause: Ints  # (rows,) FAILURE, or the number of an event of the sample

    def __len__(self) -> int:
        return len(self.sample)


def no_outages() -> Outages:
    """Return the outages of samples in which nothing fails."""
    whole, number = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Outages(whole, whole, number, number, number, whole)


def joined(*parts: Outages) -> Outages:
    """Return the outages of several sources in one, ordered as `Outages` are."""
    columns = [
        np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Outages)
    ]
    order = np.lexsort((columns[2], columns[1], columns[0]))
    return Outages(*(column[order] for column in columns))


def seen_from(outages: Outages, hours: float) -> Outages:
    """Return the outages with hours counted from later on; what is over by then is left out.

    A season that begins with damage is one that was drawn from some days before it.
    """
    rows = outages.end > hours
    kept = Outages(*(getattr(outages, field.name)[rows] for field in fields(Outages)))
    return replace(kept, begin=kept.begin - hours, end=kept.end - hours)


def available_by_step(
    outages: Outages, *, samples: int, assets: int, steps: int, step_hours: float
) -> Iterator[Floats]:
    """Yield step after step which share of every asset's capacity is left.

    Parameters
    ----------
    outages
        Of ``samples`` samples.
    samples, assets, steps
        How many there are.
    step_hours
        Length of a step, h.

    Yields
    ------
    array, shape (samples, assets)
        0 to 1; the same array each time, to be read before the next step.
    """
    place = outages.sample * assets + outages.asset
    first = np.searchsorted(place, np.arange(samples * assets + 1))
    begin, end = (_first_step(hours, step_hours, steps) for hours in (outages.begin, outages.end))
    moments, changed = np.concatenate([begin, end]), np.concatenate([place, place])
    order = np.argsort(moments, kind="stable")
    changed, upto = changed[order], np.searchsorted(moments[order], np.arange(steps), side="right")
    left, at = np.ones((samples, assets)), 0
    for t in range(steps):
        _look_again(t, changed[at : upto[t]], first, begin, end, outages.left, left.reshape(-1))
        at = upto[t]
        yield left


def _first_step(hours: Floats, step_hours: float, steps: int) -> Ints:
    """Return the first step that starts at these hours or later, ``steps`` for none."""
    step = np.ceil(hours / step_hours - 1e-9)
    return np.asarray(np.clip(step, 0, steps), dtype=np.int64)


@compiled
def _look_again(
    now: int, places: Ints, first: Ints, begin: Ints, end: Ints, share: Floats, left: Floats
) -> None:
    """Set what is left at the places where something begins or ends with this step."""
    for k in range(places.size):
        place, least = places[k], 1.0
        for row in range(first[place], first[place + 1]):
            if begin[row] <= now < end[row]:
                least = min(least, share[row])
        left[place] = least


def left_of_sample(outages: Outages, shape: tuple[int, ...], step_hours: float) -> Floats:
    """Return which share of every asset is left in every step of one sample.

    Parameters
    ----------
    outages
        Of a single sample.
    shape
        (steps, assets), that of the result.
    step_hours
        Length of a step, h.
    """
    steps, assets = shape
    by_step = available_by_step(
        outages, samples=1, assets=assets, steps=steps, step_hours=step_hours
    )
    return np.array([left[0].copy() for left in by_step]).reshape(shape)


def renamed(outages: Outages, case: Case, other: Case) -> Outages:
    """Return outages of one case as those of another, by the names of assets.

    What the other case does not have is left out.
    """
    asset = _places(case, other)[outages.asset]
    there = asset >= 0
    kept = Outages(*(getattr(outages, field.name)[there] for field in fields(Outages)))
    return joined(Outages(kept.sample, asset[there], kept.begin, kept.end, kept.left, kept.cause))


def renamed_rows(damage: Damage, case: Case, other: Case) -> Damage:
    """Return a damage list of one case as that of another; see `renamed`."""
    place = _places(case, other)
    moved = (replace(row, asset=int(place[row.asset])) for row in damage)
    return tuple(row for row in moved if row.asset >= 0)


def _places(case: Case, other: Case) -> Ints:
    """Return where each asset of a case stands in another, -1 for nowhere."""
    at = {name: asset for asset, name in enumerate(other.network.assets.name)}
    return np.array([at.get(name, -1) for name in case.network.assets.name], dtype=np.int64)


def damage_rows(
    case: Case, outages: Outages, start: np.datetime64, events: Mapping[int, str]
) -> Damage:
    """Return the outages of a single sample as a damage list.

    Parameters
    ----------
    case
        Whose assets they are.
    outages
        Times to the second; those that go on have no end.
    start
        Of the season, UTC.
    events
        What the numbers that cause outages are called.

    **Leaves out**: that an outage acts from the start of a step, and that its end holds its
    restart already; `left_of_sample` says what is left step by step.
    """

    def moment(hours: float) -> np.datetime64:
        return start + np.timedelta64(round(hours * 3600), "s") if np.isfinite(hours) else NO_TIME

    columns = (getattr(outages, name).tolist() for name in ("asset", "begin", "end", "left"))
    return tuple(
        DamageRow(
            time=moment(begin),
            asset=asset,
            available=left,
            until=moment(end),
            source="random failure" if cause == FAILURE else events[cause],
            confidence="drawn",
        )
        for asset, begin, end, left, cause in zip(*columns, outages.cause.tolist(), strict=True)
    )
