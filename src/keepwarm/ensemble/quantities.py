"""The numbers a risk answers with: from columns of samples to named estimates.

A column holds one number for each sample, and its name is that of its mean over the winters:
``lolh_hours``, ``eue_heat_mwh``, ``people_hours_below_12``. Before a name may stand

| prefix | what |
|---|---|
| ``q50_``, ``q90_``, ``q95_``, ``q99_`` | quantile: not exceeded in so many winters of a hundred |
| ``cvar95_`` | mean of the worst 5 % of the winters |
| ``any_`` | share of the winters in which it is above 0 |

``neue_ppm`` and ``neue_heat_ppm`` are what is not served over what is needed, all winters together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Floats, Ints, Names
from keepwarm.ensemble.estimates import (
    Moved,
    moved_mean,
    moved_ratio,
    moved_tail_mean,
    paired_quantiles,
    quantile,
    share_above,
    tail_mean,
)
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.estimate import Estimate, mean

#: Prefixes that every column of the whole system is answered with, beside its mean.
TAILS: Names = ("q50_", "q90_", "q95_", "q99_", "cvar95_", "any_")

#: Those that regions are answered with: a table of regions stays readable.
REGION_TAILS: Names = ("cvar95_", "any_")

_PREFIX = re.compile(r"(?:q(?P<q>\d{1,2})|cvar(?P<cvar>\d{1,2})|(?P<any>any))_")
_NEUE = re.compile(r"neue_(?:(?P<carrier>[a-z]+)_)?ppm")

Columns = Mapping[str, Floats]


@dataclass(frozen=True)
class Samples:
    """What the solved samples of a risk came to, rows by sample number."""

    seed: int
    number: Ints  # (samples,) rising
    columns: Columns  # name -> (samples,)
    regions: Names
    by_region: Columns  # name -> (samples, regions)
    unsolved: int = 0  # how many samples had a step without a solution

    def __len__(self) -> int:
        return len(self.number)

    def of_region(self, region: str) -> Columns:
        """Return the columns of one region."""
        at = self.regions.index(region)
        return {name: table[:, at] for name, table in self.by_region.items()}


def suffixed(noun: str, carrier: str, unit: str) -> str:
    """Return a name for a carrier, which power goes without.

    Examples
    --------
    >>> suffixed("eue", "power", "mwh"), suffixed("eue", "heat", "mwh")
    ('eue_mwh', 'eue_heat_mwh')
    """
    return f"{noun}_{unit}" if carrier == "power" else f"{noun}_{carrier}_{unit}"


def unit_of(name: str) -> str:
    """Return the unit of a named quantity.

    Examples
    --------
    >>> [unit_of(name) for name in ("cvar95_eue_mwh", "people_hours_below_12", "any_eue_mwh")]
    ['MWh', 'person-hours', 'share']
    """
    prefix = _PREFIX.match(name)
    if prefix is not None:
        return "share" if prefix["any"] else unit_of(name[prefix.end() :])
    if name.startswith("people_hours"):
        return "person-hours"
    if name.startswith("buildings"):
        return "buildings"
    units = {"mwh": "MWh", "hours": "h", "events": "events", "ppm": "ppm", "days": "days"}
    return units.get(name.rpartition("_")[2], "1")


def names_of(columns: Columns, tails: Names = TAILS) -> Names:
    """Return what the columns can be answered with, in reading order."""
    names: list[str] = []
    for name in columns:
        if name.startswith("need"):
            continue  # known beforehand but for the weather: of use for NEUE only
        names += [name, *(f"{prefix}{name}" for prefix in tails)]
        if name.startswith("eue_"):
            neue = f"neue{name.removeprefix('eue').removesuffix('mwh')}ppm"
            names += [neue] if _need_of(neue) in columns else []
    return tuple(names)


def estimates(columns: Columns, tails: Names = TAILS) -> dict[str, Estimate]:
    """Return every quantity of some columns with its standard error.

    Parameters
    ----------
    columns
        Name -> (samples,).
    tails
        Prefixes to answer with beside the means.

    Returns
    -------
    dict
        Name -> estimate; NEUE only where there is need.
    """
    found = {name: estimate_of(columns, name) for name in names_of(columns, tails)}
    return {name: one for name, one in found.items() if not np.isnan(one.value)}


def estimate_of(columns: Columns, name: str) -> Estimate:
    """Return one quantity.

    Raises
    ------
    InputError
        When the columns know no such quantity; says which is nearest.
    """
    wanted, unit = _wanted(columns, name), unit_of(name)
    values = columns[wanted.column]
    if wanted.kind == "quantile":
        return quantile(values, wanted.share, unit)
    if wanted.kind == "tail":
        return tail_mean(values, wanted.share, unit)
    if wanted.kind == "any":
        return share_above(values)
    if wanted.kind == "ratio":
        return _moved(columns, wanted).estimate(unit)
    return mean(values, unit)


def refuse_unknown(columns: Columns, name: str) -> None:
    """Refuse a name that is no quantity of some columns.

    Raises
    ------
    InputError
        Says which is nearest.
    """
    _wanted(columns, name)


def difference_of(a: Columns, b: Columns, name: str) -> Estimate:
    """Return how much more of a quantity the second has, over the same samples.

    Parameters
    ----------
    a, b
        Name -> (samples,): row by row of the same samples, so that what both share (weather,
        failures, waves) falls out of the difference.
    name
        Of a quantity of both.

    Returns
    -------
    Estimate
        Its error from the differences sample by sample; for quantiles, tail means and ratios from
        those of their influence values.
    """
    one, two = _wanted(a, name), _wanted(b, name)
    if one.kind == "quantile":
        return paired_quantiles(a[one.column], b[two.column], one.share, unit_of(name))
    first, second = _moved(a, one), _moved(b, two)
    moved = Moved(second.value - first.value, second.by - first.by)
    few = one.kind == "tail" and np.isnan(estimate_of(a, name).stderr)
    estimate = moved.estimate(unit_of(name))
    return Estimate(estimate.value, np.nan, estimate.n, estimate.unit) if few else estimate


def moved_of(columns: Columns, name: str) -> Moved | None:
    """Return a quantity with its influence values; None for a quantile, which has none.

    Raises
    ------
    InputError
        When the columns know no such quantity.
    """
    wanted = _wanted(columns, name)
    return None if wanted.kind == "quantile" else _moved(columns, wanted)


def bounds(columns: Columns, name: str, unsolved: int) -> tuple[float, float]:
    """Return a quantity if every unsolved sample had shed nothing, and if all were as the worst.

    Parameters
    ----------
    columns
        Name -> (samples,): of the solved samples.
    name
        Of the quantity.
    unsolved
        How many samples are missing.

    Returns
    -------
    tuple
        The two values; equal where nothing is missing.
    """
    column = _wanted(columns, name).column
    ends = []
    for fill in (0.0, float(columns[column].max())):
        filled = {
            other: np.append(values, np.full(unsolved, fill if other == column else values.mean()))
            for other, values in columns.items()
        }
        ends.append(estimate_of(filled, name).value)
    return ends[0], ends[1]


@dataclass(frozen=True)
class _Wanted:
    """A name taken apart."""

    kind: str  # mean, quantile, tail, any, ratio
    column: str
    share: float = 0.0
    below: str = ""  # the denominator of a ratio


def _wanted(columns: Columns, name: str) -> _Wanted:
    prefix, neue = _PREFIX.match(name), _NEUE.fullmatch(name)
    if name in columns:
        return _Wanted("mean", name)
    if neue is not None:
        column = suffixed("eue", neue["carrier"] or "power", "mwh")
        if column in columns and _need_of(name) in columns:
            return _Wanted("ratio", column, below=_need_of(name))
    elif prefix is not None and name[prefix.end() :] in columns:
        column = name[prefix.end() :]
        if prefix["any"]:
            return _Wanted("any", column)
        share = int(prefix["q"] or prefix["cvar"]) / 100
        if share > 0:
            return _Wanted("quantile" if prefix["q"] else "tail", column, share)
    near = nearest(name, names_of(columns))
    fault = Fault("quantity", None, None, f"'{name}' is none of this risk's quantities", "", near)
    raise InputError((fault,))


def _need_of(neue: str) -> str:
    """Return the column of the need that a NEUE is a share of."""
    return f"need{neue.removeprefix('neue').removesuffix('ppm')}mwh"


def _moved(columns: Columns, wanted: _Wanted) -> Moved:
    values = columns[wanted.column]
    if wanted.kind == "ratio":
        moved = moved_ratio(values, columns[wanted.below])
        return Moved(moved.value * 1e6, moved.by * 1e6)
    if wanted.kind == "tail":
        return moved_tail_mean(values, wanted.share)
    return moved_mean(values if wanted.kind == "mean" else (values > 0).astype(float))
