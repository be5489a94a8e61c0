"""How claims stand to each other: who agrees, who rounds, who disagrees. No side is believed.

Two claims are compared where they speak of the same: metric and unit, overlapping places, the same
event. What their qualifiers allow is an interval; intervals that meet are compatible.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from keepwarm.case.claims import UNATTRIBUTED, Claim, Read
from keepwarm.reports.gazetteer import container_of

KINDS = ("compatible", "rounding", "time_series", "different_scope", "contradiction", "two_sides")

_ABOUT = 0.1
"""How far "about" and "almost" reach, as a share of the number."""

_SAME_EVENT_DAYS = 1
"""Documents published this close may speak of the same event; others make a series."""


@dataclass(frozen=True)
class Entry:
    """A claim with the name by which others refer to it, and its document.

    Attributes
    ----------
    name : str
        E.g. ``kyiv-post#3``.
    claim : Claim
    document : str
    published : str
        ISO date or time of the document; empty when unknown.
    """

    name: str
    claim: Claim
    document: str
    published: str = ""


@dataclass(frozen=True)
class Pair:
    """Two claims about the same, and how they stand to each other (one of ``KINDS``)."""

    a: Entry
    b: Entry
    kind: str


def entries_of(documents: Iterable[Read]) -> list[Entry]:
    """Return the claims of documents, named ``document#number`` from 1."""
    return [
        Entry(f"{document.id}#{number}", claim, document.id, document.published)
        for document in documents
        for number, claim in enumerate(document.claims, 1)
    ]


def interval(claim: Claim) -> tuple[float, float]:
    """Return the least and the most a claim can mean, by its qualifier.

    Parameters
    ----------
    claim : Claim
        With a value.

    Returns
    -------
    tuple of float
        In the unit of the metric; "about" and "almost" reach 10 %, bounds are open.

    Examples
    --------
    >>> interval(Claim("killed", 4.0, "lower_bound", "at least four", 0))
    (4.0, inf)
    """
    value = claim.value or 0.0
    return {
        "approx": ((1 - _ABOUT) * value, (1 + _ABOUT) * value),
        "nearly": ((1 - _ABOUT) * value, value),
        "lower_bound": (value, math.inf),
        "upper_bound": (0.0, value),
        "range": (value, claim.value_max if claim.value_max is not None else value),
    }.get(claim.qualifier, (value, value))


def compare(entries: Iterable[Entry]) -> list[Pair]:
    """Return every pair of claims that speaks of the same, with how it stands.

    Parameters
    ----------
    entries : iterable of Entry

    Returns
    -------
    list of Pair
        In the order of the entries. Pairs of one source repeating itself are left out.
    """
    by_metric: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in entries:
        claim = entry.claim
        if claim.modality in ("conditional", "forecast", "planned"):
            continue
        by_metric.setdefault((claim.metric, claim.unit, claim.facility_type), []).append(entry)
    return [
        Pair(a, b, kind)
        for group in by_metric.values()
        for a, b in _near(group)
        if (kind := _kind(a, b))
    ]


def _near(group: Sequence[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Yield the pairs whose places may overlap, in order; most claims are of other places."""
    placed: dict[str, list[int]] = {}
    for number, entry in enumerate(group):
        placed.setdefault(entry.claim.location or "", []).append(number)
    within: dict[str, list[str]] = {}
    for location in placed:
        for name in _within(location):
            within.setdefault(name, []).append(location)
    near: dict[str, set[str]] = {location: {location} for location in placed}
    for location in placed:
        for name in _places(location):
            for other in within.get(name, ()):
                near[location].add(other)
                near[other].add(location)
    for number, a in enumerate(group):
        others = (placed[location] for location in near[a.claim.location or ""])
        for later in sorted(place for places in others for place in places if place > number):
            yield a, group[later]


def contradictions(pairs: Iterable[Pair]) -> list[Pair]:
    """Return the pairs that disagree: contradictions, and two sides of a conflict."""
    return [pair for pair in pairs if pair.kind in ("contradiction", "two_sides")]


def _kind(a: Entry, b: Entry) -> str:
    """Return how two claims of one metric stand to each other; empty where not comparable."""
    scope = _scope(a.claim, b.claim)
    if not scope:
        return ""
    denied = (a.claim.modality == "denied") != (b.claim.modality == "denied")
    if denied:
        return "two_sides" if _opposed(a.claim, b.claim) else "contradiction"
    if a.claim.value is None or b.claim.value is None:
        return "" if _same_source(a.claim, b.claim) else "compatible"
    if scope == "inside":
        return "different_scope"
    if _meet(a.claim, b.claim):
        same = a.claim.value == b.claim.value and a.claim.value_max == b.claim.value_max
        if same and _same_source(a.claim, b.claim):
            return ""
        return "compatible" if same or not _rounds(a.claim, b.claim) else "rounding"
    if _rounds(a.claim, b.claim):
        return "rounding"
    if _series(a, b):
        return "time_series"
    return "two_sides" if _opposed(a.claim, b.claim) else "contradiction"


def _meet(a: Claim, b: Claim) -> bool:
    (low_a, high_a), (low_b, high_b) = interval(a), interval(b)
    return low_a <= high_b and low_b <= high_a


def _rounds(a: Claim, b: Claim) -> bool:
    """Say whether one value is the other, rounded to the digits it shows: 26,000 and 25,873."""
    for rounded, exact in ((a.value, b.value), (b.value, a.value)):
        if rounded and exact and rounded != exact:
            step = _step(rounded)
            if step > 1 and abs(rounded - exact) <= 0.5 * step:
                return True
    return False


def _step(value: float) -> float:
    """Return the place of the last digit shown: 1000 for 26,000."""
    if value != int(value) or value == 0:
        return 0.0
    step, whole = 1, int(value)
    while whole % 10 == 0:
        whole //= 10
        step *= 10
    return float(step)


def _series(a: Entry, b: Entry) -> bool:
    """Say whether the two are figures of different times: by phase, or by day of publication."""
    phases = {a.claim.phase, b.claim.phase}
    if len(phases) == 2 and phases != {"", "current"}:
        return True
    if a.document == b.document:
        return len(phases) == 2 and _same_source(a.claim, b.claim)
    days = [_day(entry.published) for entry in (a, b)]
    if days[0] is None or days[1] is None:
        return False
    return abs((days[0] - days[1]).days) > _SAME_EVENT_DAYS


def _day(published: str) -> date | None:
    try:
        return date.fromisoformat(published[:10])
    except ValueError:
        return None


def _same_source(a: Claim, b: Claim) -> bool:
    return a.source == b.source


def _opposed(a: Claim, b: Claim) -> bool:
    """Say whether the two sources are organs of different countries."""
    return bool(
        a.source_country
        and b.source_country
        and a.source_country != b.source_country
        and UNATTRIBUTED not in (a.source, b.source)
    )


def _scope(a: Claim, b: Claim) -> str:
    """Return ``same`` or ``inside`` where places overlap, empty where they do not."""
    one, other = a.location or "", b.location or ""
    if _places(one) == _places(other):
        return "same"
    return "inside" if _places(one) & _within(other) or _places(other) & _within(one) else ""


@lru_cache(maxsize=1 << 12)
def _places(location: str) -> frozenset[str]:
    return frozenset(location.split("; ")) - {""}


@lru_cache(maxsize=1 << 12)
def _within(location: str) -> frozenset[str]:
    """Return the places of a location and all that contain them."""
    names = _places(location)
    return names.union(*(_containers(name) for name in names))


def _containers(name: str) -> list[str]:
    """Return the places that contain a place, nearest first."""
    found: list[str] = []
    while name := container_of(name):
        if name in found:
            break
        found.append(name)
    return found
