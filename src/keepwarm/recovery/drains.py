"""Who is drained under a plan: drain or hold, with heat coming back as the plan would bring it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from keepwarm.case.nouns import Bools, Case, Damage, Expectation, Ints
from keepwarm.case.plan import NO_TIME, PlannedDrain
from keepwarm.damage import availability
from keepwarm.recovery.drain_crews import buildings_per_hour
from keepwarm.recovery.worth import Outlook
from keepwarm.runs.decision import Decision, decide
from keepwarm.said.sentence import joined, said
from keepwarm.season import Corridor, Orders, Season, march, prepare
from keepwarm.season.batch import march_many
from keepwarm.season.drawn import Drawn
from keepwarm.season.step import Step
from keepwarm.solve.simplex import SimplexSolver

#: Beyond the outlook nothing is known: that heat is back by then is never taken as certain.
_MOST_SURE = 0.98


def walked(
    outlook: Outlook,
    damage: Damage,
    *,
    corridor: Corridor | None = None,
    orders: Orders | None = None,
) -> Season:
    """Walk one season over an outlook.

    Parameters
    ----------
    outlook
        Where it starts, and how.
    damage
        With the ends that a plan gives it.
    corridor, orders
        Of the outlook's case by default, and none.
    """
    case = outlook.case
    begin = case.network.snapshots[outlook.first]
    left = availability(case, damage, begin, outlook.steps) * outlook.standing
    corridor = prepare(case) if corridor is None else corridor
    return march(corridor, left, first=outlook.first, state=outlook.state, orders=orders)


def planned_drains(
    outlook: Outlook, corridor: Corridor, season: Season, drawn: Sequence[Damage]
) -> tuple[PlannedDrain, ...]:
    """Return for each group at risk whether it is drained, and from when.

    Parameters
    ----------
    outlook
        When the plan is made, and how things stand.
    corridor, season
        The season with the ends that the plan's repairs are likely to come to.
    drawn
        The damage with the ends of drawn hours of work: how soon heat is back at a group, counted
        from its stop, is taken from these seasons, in place of restoration.csv.

    **Source**: `keepwarm.runs.decision.decide`.
    **Leaves out**: that one group's crews are another's, but for when draining must begin; where
    crews are, which `keepwarm.recovery.drain_crews` knows.
    """
    case, dt = outlook.case, outlook.case.network.step_hours
    stopped = np.flatnonzero(np.isfinite(season.stopped_hour))
    if not stopped.size or not drawn:
        return ()
    flows = _running(outlook, corridor, drawn)
    back = {
        case.buildings.group[g]: _expectation(
            [_back_hours(flow[:, g], float(season.stopped_hour[g]), dt) for flow in flows]
        )
        for g in stopped.tolist()
    }
    settings = {**case.settings.values, "draining.buildings_per_hour": buildings_per_hour(case)}
    known = replace(case, settings=replace(case.settings, values=settings))
    expecting = replace(season, case=replace(known, restoration={**case.restoration, **back}))
    return tuple(_planned(case, season, row) for row in decide(expecting).rows)


def _running(outlook: Outlook, corridor: Corridor, drawn: Sequence[Damage]) -> Bools:
    """Return where water circulates in each season, (seasons, steps, groups)."""
    case, template = outlook.case, corridor.template
    begin = case.network.snapshots[outlook.first]
    left = [availability(case, one, begin, outlook.steps) * outlook.standing for one in drawn]
    flows = np.zeros((len(left), outlook.steps, corridor.groups), dtype=np.bool_)

    def watch(t: int, samples: Ints, step: Step) -> None:
        flows[samples, t] = step.running

    blocks = march_many(
        corridor,
        lambda numbers: Drawn(
            np.stack([left[number][t] for number in numbers.tolist()]) for t in range(outlook.steps)
        ),
        samples=np.arange(len(left)),
        first=outlook.first,
        steps=outlook.steps,
        state=outlook.state,
        solver=SimplexSolver(template.perturbed_cost, template.matrix),
        audited=frozenset(),
        watch=watch,
    )
    for _ in blocks:
        pass
    return flows


def _back_hours(flows: Bools, stopped_hour: float, dt: float) -> float:
    """Return how long after a stop heat flows again, inf where it does not in this season."""
    begin = max(int(stopped_hour / dt), 0)
    stands = np.flatnonzero(~flows[begin:])
    if not stands.size:
        return dt
    again = np.flatnonzero(flows[begin + int(stands[0]) :])
    if not again.size:
        return np.inf
    return float((int(stands[0]) + int(again[0])) * dt) + min(begin * dt - stopped_hour, 0.0)


def _expectation(hours: list[float]) -> Expectation:
    """Return how likely heat is back by then: each season counts alike."""
    known = np.maximum([hour for hour in hours if np.isfinite(hour)], 0.1)
    within, count = np.unique(known, return_counts=True)
    if not within.size:
        return Expectation(np.array([8760.0]), np.array([0.5]), "plan: not within its outlook")
    chances = np.cumsum(count) / (len(hours) + 1)
    return Expectation(within, np.minimum(chances, _MOST_SURE), "plan: drawn hours of repair")


def _planned(case: Case, season: Season, row: Decision) -> PlannedDrain:
    def at(hours: float) -> np.datetime64:
        if not np.isfinite(hours):
            return NO_TIME
        moment: np.datetime64 = season.times[0] + np.timedelta64(round(hours * 3600), "s")
        return moment

    sure, in_time = 100 * row.indifference, 100 * row.back_in_time
    odds = said("drain.odds", {"in_time": round(in_time), "sure": round(sure)})
    hours = {"drained": round(row.drain_hours), "held": round(row.hold_hours)}
    return PlannedDrain(
        group=case.buildings.group[row.group],
        drain=row.drains,
        buildings=row.buildings,
        begin=at(row.stopped_hour + row.start_hours) if row.drains else NO_TIME,
        freezes=at(row.stopped_hour + row.hours_left[0]),
        stopped=at(row.stopped_hour),
        why=joined(odds, said("drain.costs", hours)),
    )
