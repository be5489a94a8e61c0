"""What could be done beforehand: measures, which are budgets by class and region.

None names an asset that stands: which one of a class is protected is drawn anew in every sample.
An empty region or class means all of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np

from keepwarm.case.nouns import Assets, Bools, Case, Ints, Names
from keepwarm.case.times import NOT_A_TIME
from keepwarm.said.sentence import Said, joined, listed, named, said
from keepwarm.streams import Source, stream

#: Fewer assets than this of a class, or of a class in a region, would be as good as named.
FEWEST_OF_A_CLASS = 5


@dataclass(frozen=True)
class Spares:
    """So many spares of one kind, in stock or from a time on."""

    spare: str  # as in the column spare of the network's assets
    count: int
    available_from: np.datetime64 = NOT_A_TIME


@dataclass(frozen=True)
class Crews:
    """So many more crews of a trade, each with its shift in local time."""

    trade: str  # as in the column crew of the network's assets
    count: int
    region: str = ""  # where they start
    shift_from_hour: float = 0.0
    shift_to_hour: float = 24.0
    available_from: np.datetime64 = NOT_A_TIME


@dataclass(frozen=True)
class Boilers:
    """Mobile boilers, shared out over the heat buses of homes by their floor area."""

    mw: float  # of one
    count: int = 1
    region: str = ""
    archetypes: Names = ()  # of the buildings whose buses are fed
    available: float = 1.0  # share of the time, or of the fleet, that they run
    available_from: np.datetime64 = NOT_A_TIME


@dataclass(frozen=True)
class Generators:
    """Mobile generators, shared out over the power buses with loads by their mean need."""

    mw: float  # of one
    count: int = 1
    region: str = ""
    available: float = 1.0
    available_from: np.datetime64 = NOT_A_TIME


@dataclass(frozen=True)
class Chp:
    """Small plants that make power and heat from gas, shared out as boilers are."""

    mw: float  # power, of all together
    region: str = ""
    archetypes: Names = ()
    efficiency_power: float = 0.38
    efficiency_heat: float = 0.47
    available: float = 1.0
    available_from: np.datetime64 = NOT_A_TIME


@dataclass(frozen=True)
class Storage:
    """Batteries or tanks of hot water, shared out over buses as generators or boilers are."""

    mw: float
    mwh: float
    carrier: str = "power"  # or heat
    region: str = ""
    archetypes: Names = ()  # for heat
    efficiency: float = 0.95  # of charging, and of discharging


@dataclass(frozen=True)
class Insulation:
    """A share of the buildings of some archetypes become buildings of a better one."""

    share: float
    to: str
    region: str = ""
    archetypes: Names = ()


@dataclass(frozen=True)
class Protection:
    """A share of the assets of a class, drawn in every sample, to which a hit does nothing."""

    share: float
    asset_class: str
    region: str = ""


@dataclass(frozen=True)
class Interconnector:
    """A connection between two regions, without losses, used either way."""

    between: Names  # two regions
    mw: float
    carrier: str = "power"  # power, heat or gas
    available: float = 1.0
    available_from: np.datetime64 = NOT_A_TIME


Measure = (
    Spares | Crews | Boilers | Generators | Chp | Storage | Insulation | Protection | Interconnector
)

#: Keys of a file -> noun.
KINDS: dict[str, type[Measure]] = {
    "spares": Spares,
    "crews": Crews,
    "boilers": Boilers,
    "generators": Generators,
    "chp": Chp,
    "storage": Storage,
    "insulation": Insulation,
    "protection": Protection,
    "interconnector": Interconnector,
}


@dataclass(frozen=True)
class Portfolio:
    """Measures that are taken together, and what they cost."""

    name: str
    measures: tuple[Measure, ...]  # with those of its parts
    cost: float = math.nan
    source: str = ""  # of the cost
    parts: Names = ()  # other portfolios that it is made of


@dataclass(frozen=True)
class Portfolios:
    """What a file of measures holds, in its order."""

    portfolios: tuple[Portfolio, ...]
    currency: str = ""
    notes: Names = ()


def words(measure: Measure) -> Said:
    """Say a measure in a line.

    Examples
    --------
    >>> words(Boilers(mw=3, count=10, region="West"))
    'boilers: mw 3, count 10, region West'
    """
    kind = next(name for name, noun in KINDS.items() if isinstance(measure, noun))
    given = [
        _said(field.name, getattr(measure, field.name))
        for field in fields(measure)
        if not _left(getattr(measure, field.name), field.default)
    ]
    return said(f"measure.{kind}", {"what": listed(given, len(given))})


def _left(value: object, default: object) -> bool:
    """Return whether a measure says nothing by a value."""
    if isinstance(value, np.datetime64):
        return bool(np.isnat(value))
    return value in ((), default)


def _said(name: str, value: object) -> Said:
    """Say one value of a measure."""
    key = f"of_measure.{name}"
    [named_as] = named(key)
    if isinstance(value, tuple):
        each = [said("of_measure.archetype", {"archetype": one}) for one in value]
        if name != "archetypes":
            each = [joined(one) for one in value]
        both = each[-1]
        for one in reversed(each[:-1]):
            both = said("of_measure.both", {"first": one, "second": both})
        return said(key, {named_as: both})
    return said(key, {named_as: value if isinstance(value, int | float) else str(value)})


def protectable(assets: Assets, protection: Protection, region: int) -> Ints:
    """Return the assets that a protection may fall on, by index; region -1 for all."""
    there = np.array([one == protection.asset_class for one in assets.asset_class], dtype=np.bool_)
    return np.flatnonzero(there & ((region < 0) | (assets.region == region)))


def protected(case: Case, portfolio: Portfolio, seed: int, samples: Ints) -> Bools:
    """Return which assets a hit does nothing to, sample by sample.

    Each asset has a number between 0 and 1 in each sample; of a class the assets with the least
    numbers are protected. So a larger share protects all that a smaller one does, whatever the
    portfolio, and a sample's draws depend on its number alone.

    Parameters
    ----------
    case
        Undamaged, before any measure: the order of its assets is that of the answer.
    portfolio
        Its protections count, other measures protect nothing.
    seed
        Of the run.
    samples
        Shape (samples,): their numbers.

    Returns
    -------
    array, shape (samples, assets)
        A share of a class that comes to no whole number of assets is rounded up or down at random,
        right on average.
    """
    assets = case.network.assets
    covered = np.zeros((len(samples), len(assets)), dtype=np.bool_)
    pools = [
        (one.share, protectable(assets, one, _index(case.regions.name, one.region)))
        for one in portfolio.measures
        if isinstance(one, Protection)
    ]
    if not pools:
        return covered
    for row, sample in enumerate(samples.tolist()):
        draws = stream(seed, sample, Source.PROTECTION).random(len(assets) + 1)
        for share, pool in pools:
            count = math.floor(share * pool.size + draws[-1])
            covered[row, pool[np.argsort(draws[pool], kind="stable")[:count]]] = True
    return covered


def _index(names: Names, name: str) -> int:
    return names.index(name) if name else -1
