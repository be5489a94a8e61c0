"""From what a person ticked to damage: which assets a claim means, and what cannot be told.

Only accepted claims come here. Nothing is guessed: where a claim does not say which of several
lines is out, no line goes out, and the mapping says so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

import numpy as np

from keepwarm.case.claims import Claim, Ticked
from keepwarm.case.nouns import Case, Damage, DamageRow
from keepwarm.damage.listing import WHOLE
from keepwarm.said.sentence import Value, said

_OUT = ("facility_damaged", "facility_offline")
_SAID = ("claimed", "confirmed", "alleged")
_UNITS = frozenset(
    ("oblast", "region", "district", "raion", "hromada", "city", "of", "krai", "county", "province")
)
_NOT_PEOPLE = ("customers", "households", "buildings", "settlements", "facilities", "businesses")


@dataclass(frozen=True)
class Unmapped:
    """An accepted claim that became no damage, and why."""

    claim: str
    reason: str


@dataclass(frozen=True)
class AccessLimit:
    """A place that crews cannot enter, from a claim that it is closed, cut off or held by others.

    ``until`` is NaT: claims do not say when a place opens again.
    """

    place: str
    time: np.datetime64
    until: np.datetime64
    source: str
    claim: str


@dataclass(frozen=True)
class Disagreement:
    """An accepted claim, and another of the ledger that says otherwise; no side is believed."""

    claim: str
    quote: str
    speaker: str
    other: str
    other_quote: str
    other_speaker: str
    kind: str  # contradiction, or two_sides of a conflict


@dataclass(frozen=True)
class ClaimedDamage:
    """What accepted claims come to.

    Attributes
    ----------
    damage : tuple of DamageRow
        As from a damage list; ``source`` names claim and speaker, ``confidence`` is the tick's.
    unmapped : tuple of Unmapped
        Claims that became no damage.
    access : tuple of AccessLimit
        Places closed to crews.
    notes : tuple of str
        How claims were read where there was a choice.
    disagreements : tuple of Disagreement
        Between an accepted claim and any other of its ledger.
    """

    damage: Damage
    unmapped: tuple[Unmapped, ...]
    access: tuple[AccessLimit, ...]
    notes: tuple[str, ...]
    disagreements: tuple[Disagreement, ...] = ()


@dataclass
class _Mapping:
    """The damage list as it grows."""

    case: Case
    most: dict[str, float]
    rows: list[DamageRow] = field(default_factory=list)
    unmapped: list[Unmapped] = field(default_factory=list)
    access: list[AccessLimit] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, ticked: Ticked, reason: str) -> None:
        self.unmapped.append(Unmapped(ticked.name, reason))


def damage_from_claims(
    case: Case, ticked: Iterable[Ticked], *, hits: dict[str, float] | None = None
) -> ClaimedDamage:
    """Turn accepted claims into a damage list.

    A facility claim takes out the assets of its class in its place (``facility_classes.csv``), or
    the asset it names: all of them where it counts as many; else each plant or main keeps the share
    that is left (one of four: 0.75). A supply claim with a share takes that share of what
    brings the service to its place. The damage begins when the document was published, else with
    the case; it ends with an accepted time of restoration for the place, else not.

    Parameters
    ----------
    case : Case
        Regions are found by their names in every language.
    ticked : iterable of Ticked
        Accepted claims, as from ``Ledger.ticked``.
    hits : dict, optional
        Upper bound on hits by document: its claims of damage take out no more assets than that.

    Returns
    -------
    ClaimedDamage

    **Leaves out**: how badly an asset is damaged (it is out); customers, households or buildings
    are not converted into people or shares.
    """
    accepted = list(ticked)
    mapping = _Mapping(case, dict(hits or {}))
    ends = _ends(case, accepted)
    facilities = [one for one in accepted if one.claim.metric.startswith("facility_")]
    for one in facilities:
        _facility(mapping, one, ends)
    hit = {row.asset for row in mapping.rows}
    for one in accepted:
        if one not in facilities:
            _supply(mapping, one, ends, hit)
    return ClaimedDamage(
        tuple(mapping.rows),
        tuple(mapping.unmapped),
        tuple(mapping.access),
        tuple(dict.fromkeys(mapping.notes)),
    )


def _facility(mapping: _Mapping, ticked: Ticked, ends: dict[int, np.datetime64]) -> None:
    claim = ticked.claim
    if claim.metric not in _OUT:
        mapping.refuse(ticked, said("claim.aimed"))
    elif claim.modality not in _SAID:
        mapping.refuse(ticked, said("claim.not_happened", {"modality": claim.modality}))
    else:
        named = _named(mapping.case, claim)
        if named:
            _take_out(mapping, ticked, named, len(named), ends)
            return
        classes, why = _classes(claim.facility_type)
        regions, where = _regions(mapping.case, claim)
        if not classes or not regions:
            mapping.refuse(ticked, why if not classes else where)
            return
        found = _assets(mapping.case, classes, regions)
        if not found:
            kind = claim.facility_type.replace("_", " ")
            values = {"place": claim.location or "", "facility": kind}
            mapping.refuse(ticked, said("claim.not_there", values))
            return
        _take_out(mapping, ticked, found, max(int(claim.value or 1), 1), ends)


def _take_out(
    mapping: _Mapping,
    ticked: Ticked,
    assets: Sequence[int],
    count: int,
    ends: dict[int, np.datetime64],
) -> None:
    """Add the rows of ``count`` of these assets, no more than the bound on hits leaves."""
    left = mapping.most.get(ticked.document)
    if left is not None and ticked.claim.metric == "facility_damaged":
        if left < 1:
            mapping.refuse(ticked, said("claim.bound_used"))
            return
        if count > left:
            bound: dict[str, Value] = {"claim": ticked.name, "left": left, "count": count}
            mapping.notes.append(said("claim.bounded", bound))
            count = int(left)
        mapping.most[ticked.document] = left - min(count, len(assets))
    names = mapping.case.network.assets
    if count >= len(assets):
        for asset in assets:
            mapping.rows.append(_row(mapping.case, ticked, asset, 0.0, ends))
        return
    share = 1.0 - count / len(assets)
    parts = [asset for asset in assets if names.kind[asset] not in WHOLE]
    if len(parts) < len(assets):
        shown = ", ".join(names.name[asset] for asset in assets[:6])
        which: dict[str, Value] = {"count": count, "of": len(assets), "names": shown}
        mapping.refuse(ticked, said("claim.which", which))
        return
    kept = {"count": count, "of": len(assets), "percent": round(100 * share)}
    mapping.notes.append(said("claim.each_keeps", {"claim": ticked.name, **kept}))
    for asset in parts:
        mapping.rows.append(_row(mapping.case, ticked, asset, share, ends))


def _supply(
    mapping: _Mapping, ticked: Ticked, ends: dict[int, np.datetime64], hit: set[int]
) -> None:
    """Map a claim of who is without; what is no loss of supply is said."""
    claim = ticked.claim
    if claim.metric == "territorial_control" and claim.modality in _SAID:
        _close(mapping, ticked)
        return
    unit, _, service = claim.metric.partition("_without_")
    if not service and claim.metric.endswith("_outage"):
        mapping.refuse(ticked, said("claim.no_number_out"))
        return
    if not service or claim.modality not in _SAID:
        if not claim.metric.startswith("restoration_"):
            key = "claim.no_loss" if service else "claim.no_damage"
            values = {"metric": claim.metric, "modality": claim.modality}
            mapping.refuse(ticked, said(key, values))
        return
    regions, where = _regions(mapping.case, claim)
    share, why = _share(mapping.case, claim, unit, regions)
    if not regions or share is None:
        mapping.refuse(ticked, where if not regions else why)
        return
    found = _assets(mapping.case, _classes(f"supply of {service}")[0], regions)
    if not found:
        values = {"service": service, "place": claim.location or ""}
        mapping.refuse(ticked, said("claim.nothing_brings", values))
    elif hit & set(found):
        mapping.refuse(ticked, said("claim.twice"))
    else:
        for asset in found:
            mapping.rows.append(_row(mapping.case, ticked, asset, 1.0 - share, ends))


def _share(case: Case, claim: Claim, unit: str, regions: Sequence[int]) -> tuple[float | None, str]:
    """Return which share of a place a claim says is without, or why that cannot be told."""
    if claim.value is None:
        return None, said("claim.no_number")
    if unit == "share":
        return min(claim.value / 100.0, 1.0), ""
    if unit in _NOT_PEOPLE:
        return None, said("claim.not_converted", {"counted": unit})
    known = [region for region in regions if region >= 0]
    people = float(case.regions.people[known].sum())
    if people <= 0:
        return None, said("claim.no_people")
    return min(claim.value / people, 1.0), ""


def _close(mapping: _Mapping, ticked: Ticked) -> None:
    regions, where = _regions(mapping.case, ticked.claim)
    if not regions:
        mapping.refuse(ticked, where)
    for region in (one for one in regions if one >= 0):
        mapping.access.append(
            AccessLimit(
                mapping.case.regions.name[region],
                _time(mapping.case, ticked),
                np.datetime64("NaT", "s"),
                ticked.claim.source,
                ticked.name,
            )
        )


def _row(
    case: Case, ticked: Ticked, asset: int, available: float, ends: dict[int, np.datetime64]
) -> DamageRow:
    region = int(case.network.assets.region[asset])
    time = _time(case, ticked)
    until = ends.get(region, np.datetime64("NaT", "s"))
    if not np.isnat(until) and until <= time:
        until = np.datetime64("NaT", "s")
    sure = "" if ticked.confidence is None else f"{ticked.confidence:g}"
    return DamageRow(time, asset, available, until, f"{ticked.name}: {ticked.claim.source}", sure)


def _time(case: Case, ticked: Ticked) -> np.datetime64:
    """Return when a claim's damage began: with its publication, else with the case."""
    try:
        moment = datetime.fromisoformat(ticked.published)
    except ValueError:
        return case.start
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return np.datetime64(moment, "s")


def _ends(case: Case, accepted: Iterable[Ticked]) -> dict[int, np.datetime64]:
    """Return until when the assets of a region are out, by accepted times of restoration."""
    ends: dict[int, np.datetime64] = {}
    for one in accepted:
        claim = one.claim
        most = claim.value_max if claim.value_max is not None else claim.value
        if claim.metric != "restoration_eta" or most is None or claim.unit not in _HOURS:
            continue
        last = _time(case, one) + np.timedelta64(round(most * _HOURS[claim.unit] * 3600), "s")
        for region in _regions(case, claim)[0]:
            ends[region] = max(ends.get(region, last), last)
    return ends


_HOURS = {"hours": 1.0, "days": 24.0}


def _named(case: Case, claim: Claim) -> list[int]:
    """Return the assets a claim names in its quote or as its place."""
    words = f"{claim.quote_span} {claim.location or ''}".casefold()
    return [
        at
        for at, name in enumerate(case.network.assets.name)
        if len(name) > 3 and name.casefold() in words
    ]


def _regions(case: Case, claim: Claim) -> tuple[list[int], str]:
    """Return the regions of the case a claim is about, or why there are none."""
    if not claim.location:
        return [], said("claim.no_place")
    wanted = {_plain(place) for place in claim.location.split("; ")}
    if wanted & {_plain(case.name), _plain(case.title)}:
        return [*range(len(case.regions)), -1], ""  # -1: what belongs to no single region
    found = [
        at
        for at, labels in enumerate(case.regions.labels)
        if wanted & {_plain(name) for name in (case.regions.name[at], *labels.values())}
    ]
    return found, "" if found else said("claim.no_region", {"place": claim.location})


def _plain(place: str) -> str:
    """Return a name without its kind of unit: "Slate Basin region" is "slate basin"."""
    words = place.casefold().replace("-", " ").split()
    return " ".join(word for word in words if word not in _UNITS)


def _assets(case: Case, classes: Iterable[str], regions: Iterable[int]) -> list[int]:
    wanted, here = set(classes), set(regions)
    assets = case.network.assets
    return [
        at
        for at, kind in enumerate(assets.asset_class)
        if kind in wanted and int(assets.region[at]) in here
    ]


@cache
def _table() -> dict[str, tuple[tuple[str, ...], str]]:
    text = (files("keepwarm.damage") / "facility_classes.csv").read_text(encoding="utf-8")
    return {
        row["facility_type"]: (tuple(row["asset_classes"].split()), row["says"])
        for row in csv.DictReader(text.splitlines())
    }


def _classes(facility_type: str) -> tuple[tuple[str, ...], str]:
    classes, key = _table().get(facility_type, ((), "no_type"))
    return classes, said(f"claim.{key}", {"facility": facility_type}) if key else ""
