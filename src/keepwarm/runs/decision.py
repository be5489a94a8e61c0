"""Drain or hold: for every group whose circulation stopped, what costs fewer cold hours."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from keepwarm.case.nouns import Case, Floats
from keepwarm.runs.stopped import Prospect, Stopped, stopped_kinds
from keepwarm.season import Season
from keepwarm.season.expected import delay_of_filling, repair_of_frozen
from keepwarm.warmth.crews import DrainPlan, drain_plan
from keepwarm.warmth.drain import Weighed, weigh
from keepwarm.warmth.restoration import Chances

#: What is varied to see what would change a decision.
WHAT_IF = ("refill_fast", "refill_slow", "colder", "milder", "repair_fast", "insulated")
#: How much colder or milder, K, and in how many days frozen buildings are mended then.
KELVIN, FAST_REPAIR_DAYS = 3.0, 7.0

_LOW = 0


@dataclass(frozen=True)
class Decision:
    """What to do about one group.

    Hours count from ``stopped_hour``, that from the run's start; where it stood before a run from
    an observed state, both count from there, and ``stood_hours`` had passed.
    """

    group: int
    stopped_hour: float
    stood_hours: float  # for which it had stood by then
    buildings: float
    people: float
    #: Until the weakest pipe plugs, inf for never: low with the forecast's cold end.
    hours_left: tuple[float, float, float]
    start_hours: float  # latest start of draining so that all who would freeze are done in time
    in_time: float  # buildings that crews can drain in time
    back_in_time: float  # probability, heat not being back when draining must start
    hold_hours: float  # cold hours per person
    drain_hours: float
    indifference: float  # the probability of heat in time at which both cost the same
    what_if: tuple[tuple[float, float], ...]  # indifference and hours left, as in `WHAT_IF`

    @property
    def drains(self) -> bool:
        """Whether draining costs less."""
        return self.drain_hours < self.hold_hours


@dataclass(frozen=True)
class Decisions:
    """All groups that freeze if nobody acts; where draining must begin first comes first."""

    rows: tuple[Decision, ...]
    safe: int  # groups that stood and whose pipes do not plug in the three weeks looked ahead
    refill_hours: float  # mean delay of a drained building where all rows are drained


def decide(season: Season) -> Decisions:
    """Weigh draining against holding for every group whose circulation stopped within a run.

    The decision is due when draining must begin at the latest, so that all groups that would
    freeze are empty in time. It is taken on what is known at the stop: the weather after it as a
    forecast, and how soon heat is back as the case expects it.

    **Leaves out**: what the run knows of the true repair; further stops of a group; that groups
    which are held leave crews and filling to the others.
    """
    kinds = stopped_kinds(season)
    if kinds is None:
        return Decisions((), 0, 0.0)
    case, (base, colder, milder) = season.case, kinds.prospects((0.0, -KELVIN, KELVIN))
    left = base.left_hours[:, kinds.kind]  # (3, groups)
    risk = np.isfinite(left[_LOW])
    drained = float(kinds.buildings[risk].sum())
    plan = _plan(case, kinds, left[_LOW])
    start = np.maximum(np.nan_to_num(plan.start_hours - kinds.hour), 0.0)
    delay, repair = _waits(case, drained, base)
    due = _Due(kinds, start, left[_LOW])
    found = due.weigh(base, delay, repair)
    changed = _what_if(case, kinds, (base, colder, milder), due, drained)
    connected = kinds.buildings / case.buildings.buildings[kinds.group]
    rows = []
    for g in np.flatnonzero(risk).tolist():
        kind = int(kinds.kind[g])
        low, central, high = left[:, g].tolist()
        rows.append(
            Decision(
                group=int(kinds.group[g]),
                stopped_hour=float(kinds.hour[g]),
                stood_hours=float(season.at_stop.stood_hours[kinds.group[g]]),
                buildings=float(kinds.buildings[g]),
                people=float(case.buildings.people[kinds.group[g]] * connected[g]),
                hours_left=(low, central, high),
                start_hours=float(start[g]),
                in_time=float(plan.in_time[g]),
                back_in_time=float(found.back_in_time[kind]),
                hold_hours=float(found.hold[kind]),
                drain_hours=float(found.drain[kind]),
                indifference=float(found.indifference[kind]),
                what_if=tuple((float(q[kind]), float(hours[kind])) for q, hours in changed),
            )
        )
    rows.sort(key=lambda row: (row.stopped_hour + row.start_hours, -row.buildings, row.group))
    return Decisions(tuple(rows), int((~risk).sum()), float(delay.hours @ delay.weight))


@dataclass(frozen=True)
class _Due:
    """Weighs both ways for all kinds, the decision being due as long before the plug as planned."""

    kinds: Stopped
    start: Floats  # (groups,)
    deadline: Floats  # (groups,)

    def weigh(self, ahead: Prospect, delay: Chances, repair: Chances) -> Weighed:
        deadline = ahead.left_hours[_LOW]
        known = np.isfinite(self.deadline)
        earlier = np.zeros(self.kinds.count)
        # Groups of one kind begin one after the other: the first of them decides for all.
        np.maximum.at(earlier, self.kinds.kind[known], (self.deadline - self.start)[known])
        due = np.where(np.isfinite(deadline), np.maximum(deadline - earlier, 0.0), 0.0)
        tables = {field.name: np.zeros(self.kinds.count) for field in fields(Weighed)}
        for restoration, which in self.kinds.restorations():
            part = weigh(
                restoration,
                replace(ahead.cold, cold_hours=ahead.cold.cold_hours[..., which]),
                plug_hours=ahead.plug_hours[..., which],
                due_hours=due[which],
                deadline_hours=deadline[which],
                scenario_weight=ahead.weight,
                delay=delay,
                repair=repair,
            )
            for name, table in tables.items():
                table[which] = getattr(part, name)
        return Weighed(**tables)


def _what_if(
    case: Case, kinds: Stopped, ahead: tuple[Prospect, ...], due: _Due, drained: float
) -> list[tuple[Floats, Floats]]:
    """Return the indifference point and the hours left of every kind, for each of `WHAT_IF`.

    ``ahead`` is the forecast, a colder one and a milder one.
    """
    base, colder, milder = ahead
    days, frost = case.settings.number("decision.frozen_days"), base.frost_k
    delay, repair = _waits(case, drained, base)
    ways = {
        "refill_fast": (base, delay_of_filling(case, drained, frost, 2.0), repair),
        "refill_slow": (base, delay_of_filling(case, drained, frost, 0.5), repair),
        "colder": (colder, *_waits(case, drained, colder)),
        "milder": (milder, *_waits(case, drained, milder)),
        "repair_fast": (base, delay, repair_of_frozen(case, 0.0, frost, FAST_REPAIR_DAYS / days)),
        "insulated": (kinds.insulated(base), delay, repair),
    }
    return [
        (due.weigh(*ways[name]).indifference, ways[name][0].left_hours[_LOW]) for name in WHAT_IF
    ]


def _waits(case: Case, drained: float, ahead: Prospect) -> tuple[Chances, Chances]:
    """Return how much later a drained building gets its heat, and a frozen one."""
    frost = ahead.frost_k
    return delay_of_filling(case, drained, frost), repair_of_frozen(case, drained, frost)


def _plan(case: Case, kinds: Stopped, deadline: Floats) -> DrainPlan:
    """Share out the crews; a crew must be at a building some time before it is empty."""
    number = case.settings.number
    by = np.maximum(kinds.hour + deadline - number("draining.hours"), kinds.hour)
    return drain_plan(
        kinds.buildings, by, number("draining.buildings_per_hour"), ready_hours=kinds.hour
    )
