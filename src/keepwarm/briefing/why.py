"""Why groups are cold: the chain back to what broke, for those that lose most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keepwarm.briefing.situation import begun
from keepwarm.briefing.view import View

#: Chains are told until they cover this share of the people who lost their heat, but no more.
COVERED = 0.9
SHOWN = 12
NAMED = 3

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Cause:
    """One asset that broke, gives no more, or has nothing left."""

    asset: str
    kind: str
    missing_mw: float
    at: str  # bus where it would help
    since: Any
    until: Any
    source: str


@dataclass(frozen=True)
class Chain:
    """Groups that are cold for the same reason; the first of them is told in full."""

    group: str
    region: str
    time: Any
    first_link: str
    path: tuple[str, ...]  # buses, from the group's own upstream
    causes: tuple[Cause, ...]
    without_heat_hours: float
    groups: int
    people: float
    others: tuple[str, ...]  # some of the other groups

    @property
    def more(self) -> int:
        """Other groups that are not named."""
        return self.groups - 1 - len(self.others)


@dataclass(frozen=True)
class Rest:
    """What broke for groups whose chain is not told."""

    asset: str
    kind: str
    groups: int
    people: float


@dataclass(frozen=True)
class Why:
    """Chains, those that cost most person-hours of heat first, and the rest in short."""

    chains: tuple[Chain, ...]
    rest: tuple[Rest, ...]
    people: float  # who lost their heat, as the chains and the rest count them
    covered: float = COVERED  # share of them whose chains are told, unless that takes too many
    most: int = SHOWN


def why(view: View) -> Why | None:
    """Return the chains; None when no group lost its heat."""
    by_group: dict[str, list[Row]] = {}
    for row in view.rows("causes"):
        by_group.setdefault(row["group"], []).append(row)
    if not by_group:
        return None
    hours = dict(zip(view.groups, view.group("without_heat_hours").tolist(), strict=True))
    people = dict(zip(view.groups, view.group("people").tolist(), strict=True))
    alike: dict[tuple[str, str, str], list[str]] = {}
    for group, rows in by_group.items():
        alike.setdefault((rows[0]["first_link"], _broke(rows[0]), rows[0]["kind"]), []).append(
            group
        )
    lost = {group: hours[group] * people[group] for group in by_group}
    ranked = sorted(alike.values(), key=lambda groups: -sum(lost[g] for g in groups))
    assets = {row["asset"]: row for row in view.rows("assets")}
    chains: list[Chain] = []
    affected, told = sum(people[group] for group in by_group), 0.0
    while ranked and len(chains) < SHOWN and told < COVERED * affected:
        members = ranked.pop(0)
        told += sum(people[group] for group in members)
        members = sorted(members, key=lambda group: (-lost[group], group))
        chains.append(_chain(view, members, by_group[members[0]], assets, hours, people))
    return Why(tuple(chains), _rest(ranked, by_group, people), affected)


def _rest(
    ranked: list[list[str]], by_group: Mapping[str, list[Row]], people: Mapping[str, float]
) -> tuple[Rest, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for members in ranked:
        first = by_group[members[0]][0]
        found.setdefault((_broke(first), first["kind"]), []).extend(members)
    rows = [
        Rest(asset, kind, len(groups), sum(people[group] for group in groups))
        for (asset, kind), groups in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.people, row.asset)))


def _broke(row: Row) -> str:
    return str(row["asset"] or (row["path"][-1] if row["path"] else ""))


def _chain(
    view: View,
    members: list[str],
    rows: list[Row],
    assets: Mapping[str, Row],
    hours: Mapping[str, float],
    people: Mapping[str, float],
) -> Chain:
    rows = sorted(rows, key=lambda row: int(row["rank"]))
    worst = members[0]
    return Chain(
        group=worst,
        region=view.group_region[view.groups.index(worst)],
        time=rows[0]["time"],
        first_link=rows[0]["first_link"],
        path=tuple(rows[0]["path"] or ()),
        causes=tuple(_cause(view, row, assets.get(row["asset"])) for row in rows),
        without_heat_hours=hours[worst],
        groups=len(members),
        people=sum(people[group] for group in members),
        others=tuple(members[1 : 1 + NAMED]),
    )


def _cause(view: View, row: Row, asset: Row | None) -> Cause:
    return Cause(
        asset=row["asset"] or "",
        kind=row["kind"],
        missing_mw=row["missing_mw"] or 0.0,
        at=row["path"][-1] if row["path"] else "",
        since=begun(view, asset) if asset else None,
        until=asset["out_until"] if asset else None,
        source=row["source"] or "",
    )
