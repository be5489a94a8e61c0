"""What units and tankers are told, line by line, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import Case, Floats
from keepwarm.case.plan import NO_TIME, Delivery, Deployment
from keepwarm.damage.crews import travel_hours
from keepwarm.recovery.fleet import Placed
from keepwarm.recovery.fuel import Burner, Tanker, rounds
from keepwarm.recovery.itineraries import Stay
from keepwarm.recovery.sites import Site
from keepwarm.recovery.worth import Outlook
from keepwarm.said.sentence import joined, said

#: How full the tanks of units are that stand somewhere already.
_HALF = 0.5
#: Less than this share of what a unit served is left once it has gone: nothing.
_LITTLE = 0.02


@dataclass(frozen=True)
class Posted:
    """One unit at one site, and what it serves there."""

    placed: Placed
    site: Site
    stay: Stay
    served: Floats  # (steps,) MW, or people
    size: float  # that it could serve
    since: str  # where it comes from: a target or a region, empty: its base
    left_over: float  # what is left to serve after it has gone, as a share of what it served


def refuelled(
    outlook: Outlook, placed: Sequence[Placed], posted: Sequence[Posted]
) -> tuple[list[list[tuple[float, float]]], list[Delivery]]:
    """Return for each unit posted when it stands dry, and the rounds of the tankers."""
    case, dt = outlook.case, outlook.case.network.step_hours
    unknown = len(case.regions)
    dry: list[list[tuple[float, float]]] = [[] for _ in posted]
    burning = [at for at, one in enumerate(posted) if _litres_per_hour(one) > 0]
    limited = [at for at in burning if np.isfinite(posted[at].placed.unit.tank_litres)]
    burners = []
    for at in limited:
        one = posted[at]
        used = _litres_per_hour(one) * one.served / max(one.size, 1e-9)
        tank = one.placed.unit.tank_litres
        begun = one.placed.line is not None and np.isnan(one.stay.leaves)
        burners.append(
            Burner(
                place=one.site.region if one.site.region >= 0 else unknown,
                begin=one.stay.begin,
                end=one.stay.end,
                tank_litres=tank,
                level_litres=tank * (_HALF if begun else 1.0),
                burnt=np.concatenate([[0.0], np.cumsum(used) * dt]),
            )
        )
    tankers = _tankers(placed)
    made, spans = rounds(burners, tankers, travel_hours(case), step_hours=dt)
    for at, own in zip(limited, spans, strict=True):
        dry[at] = own
    deliveries = [
        Delivery(
            tanker=one.tanker,
            begin=_time(outlook, one.arrives),
            region=region_name(case, one.place),
            targets=tuple(
                dict.fromkeys(
                    posted[limited[at]].site.target or posted[limited[at]].placed.unit.name
                    for at in one.burners
                )
            ),
            litres=round(one.litres),
            why=_why_round(one.arrives, one.empty),
        )
        for one in made
    ]
    return dry, deliveries


def _tankers(placed: Sequence[Placed]) -> list[Tanker]:
    count, tankers = dict[str, int](), list[Tanker]()
    for one in placed:
        unit = one.unit
        if unit.kind == "tanker":
            count[unit.name] = count.get(unit.name, 0) + 1
            name = unit.name if unit.count == 1 else f"{unit.name} no. {count[unit.name]}"
            ready = one.ready + unit.setup_hours
            tankers.append(Tanker(name, one.place, ready, unit.tank_litres))
    return tankers


def _why_round(arrives: float, empty: float) -> str:
    hours = empty - arrives
    if hours < 0:
        return said("fuel.late", {"hours": round(-hours, 1)})
    return said("fuel.early", {"hours": round(hours, 1)})


def _litres_per_hour(one: Posted) -> float:
    """Return the litres that a unit burns in an hour at full load."""
    return one.placed.unit.fuel_l_per_mwh * one.placed.unit.capacity_mw


def lines_of(
    outlook: Outlook, posted: Sequence[Posted], dry: Sequence[list[tuple[float, float]]]
) -> list[Deployment]:
    """Return the lines of a plan; units alike at one place and time share one."""
    lines = dict[tuple[object, ...], Deployment]()
    last = {id(one.placed): at for at, one in enumerate(posted)}
    for at, (one, spans) in enumerate(zip(posted, dry, strict=True)):
        then = posted[at + 1] if last[id(one.placed)] > at else None
        for line in _of_one(outlook, one, spans, then):
            add_line(lines, line)
    return list(lines.values())


def add_line(lines: dict[tuple[object, ...], Deployment], line: Deployment) -> None:
    """Add a line to those of the same units at the same place and time."""
    key = (line.unit, line.target, line.region, str(line.leaves), str(line.begin), str(line.end))
    old = lines.get(key)
    if old is None:
        lines[key] = line
        return
    lines[key] = replace(
        old,
        count=old.count + line.count,
        capacity_mw=old.capacity_mw + line.capacity_mw,
        # Behind a boiler are the people of its bus, however many boilers there are.
        people=old.people + line.people * (line.kind != "boiler"),
        litres_per_day=old.litres_per_day + line.litres_per_day,
    )


def _of_one(
    outlook: Outlook, one: Posted, dry: list[tuple[float, float]], then: Posted | None
) -> list[Deployment]:
    """Return the lines of one unit at one site: one for each span that it has fuel."""
    case, unit, stay = outlook.case, one.placed.unit, one.stay
    dt, here = case.network.step_hours, one.placed.line
    stands = here is not None and np.isnan(stay.leaves)
    lines, begin = list[Deployment](), stay.begin
    at_group = one.site.target in case.buildings.group
    mwh = float(one.served.sum()) * dt
    days = max(float((one.served > 0).sum()) * dt / 24.0, dt / 24.0)
    whole = Deployment(
        unit=unit.name,
        count=1,
        kind=unit.kind,
        region=region_name(case, one.site.region),
        target=one.site.target,
        begin=_time(outlook, begin),
        end=_time(outlook, stay.end),
        capacity_mw=0.0 if unit.kind == "warming_point" else unit.capacity_mw,
        people=one.size if at_group or unit.kind == "warming_point" else one.site.people,
        leaves=NO_TIME if np.isnan(stay.leaves) else _time(outlook, stay.leaves),
        litres_per_day=_litres_per_hour(one) * mwh / max(one.size, 1e-9) / days,
        why=_why(outlook, one, mwh, then),
    )
    if stands and here is not None:
        whole = replace(whole, begin=here.begin, leaves=here.leaves)
    for start, end in dry:
        lines.append(replace(whole, end=_time(outlook, start)))
        again = said("unit.refuelled") if np.isfinite(end) and end < stay.end else ""
        if not again:
            lines[-1] = replace(lines[-1], why=joined(whole.why, said("unit.dry")))
            return lines
        whole = replace(whole, begin=_time(outlook, end), leaves=NO_TIME, why=again)
        whole = replace(whole, end=_time(outlook, stay.end))
    return [*lines, whole]


def _why(outlook: Outlook, one: Posted, served: float, then: Posted | None) -> str:
    """Return what a unit does at a site, where it comes from and why it goes on."""
    unit, site = one.placed.unit, one.site
    at_group = site.target in outlook.case.buildings.group
    mwh = {"mwh": round(served)}
    what = {
        "boiler": said("unit.heat", mwh),
        "generator": said("unit.pumps") if at_group else said("unit.critical", mwh),
        "warming_point": said("unit.night"),
    }[unit.kind]
    if one.since and not np.isnan(one.stay.leaves):
        what = joined(said("unit.from", {"place": one.since}), what)
    elif one.placed.line is not None:
        what = joined(said("unit.stays"), what)
    if then is None:
        return what
    cause = "unit.then_nothing" if one.left_over < _LITTLE else "unit.then_more"
    target = then.site.target or region_name(outlook.case, then.site.region)
    return joined(what, said(cause, {"place": target}))


def region_name(case: Case, region: int) -> str:
    """Return the name of a region, empty where it is unknown."""
    return case.regions.name[region] if 0 <= region < len(case.regions) else ""


def _time(outlook: Outlook, hours: float) -> np.datetime64:
    if not np.isfinite(hours):
        return NO_TIME
    now = outlook.case.network.snapshots[outlook.first]
    moment: np.datetime64 = now + np.timedelta64(round(hours * 3600), "s")
    return moment
