"""Drain or hold: for every group whose circulation stopped, what costs fewer cold hours."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from keepwarm.case.nouns import Case, Floats
from keepwarm.runs.stopped import Prospect, Stopped, stopped_kinds
from keepwarm.season import Season
from keepwarm.warmth.crews import DrainPlan, drain_plan
from keepwarm.warmth.drain import Weighed, weigh
from keepwarm.warmth.restoration import BAND_WEIGHTS, Chances, refill_delay

#: What is varied to see what would change a decision.
WHAT_IF = ("refill_fast", "refill_slow", "colder", "milder", "repair_fast", "insulated")
#: How much colder or milder, K, and in how many days frozen buildings are mended then.
KELVIN, FAST_REPAIR_DAYS = 3.0, 7.0

_LOW = 0
_DAY = 24.0


@dataclass(frozen=True)
class Decision:
    """What to do about one group. Hours count from ``stopped_hour``, that from the run's start."""

    group: int
    stopped_hour: float
    buildings: float
    people: float
    hours_left: tuple[float, float, float]  # until the weakest pipe plugs; inf for never
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
    case, base = season.case, kinds.prospect()
    left = base.plug_hours[:, base.central][:, kinds.kind]  # (3, groups)
    risk = np.isfinite(left[_LOW])
    drained = float(kinds.buildings[risk].sum())
    plan = _plan(case, kinds, left[_LOW])
    start = np.maximum(np.nan_to_num(plan.start_hours - kinds.hour), 0.0)
    delay, repair = _delay(case, drained, base.frost_k, 1.0), _repair(case, 1.0)
    due = _Due(kinds, start, left[_LOW])
    found = due.weigh(base, delay, repair)
    changed = _what_if(case, kinds, base, due, drained)
    connected = kinds.buildings / case.buildings.buildings[kinds.group]
    rows = []
    for g in np.flatnonzero(risk).tolist():
        kind = int(kinds.kind[g])
        low, central, high = left[:, g].tolist()
        rows.append(
            Decision(
                group=int(kinds.group[g]),
                stopped_hour=float(kinds.hour[g]),
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
        deadline = ahead.plug_hours[_LOW, ahead.central]
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
    case: Case, kinds: Stopped, base: Prospect, due: _Due, drained: float
) -> list[tuple[Floats, Floats]]:
    """Return the indifference point and the hours left of every kind, for each of `WHAT_IF`."""
    repair = _repair(case, 1.0)
    days, frost = case.settings.number("decision.frozen_days"), base.frost_k
    delay = _delay(case, drained, frost, 1.0)
    colder, milder = (kinds.prospect(warmer_k=by) for by in (-KELVIN, KELVIN))
    ways = {
        "refill_fast": (base, _delay(case, drained, frost, 2.0), repair),
        "refill_slow": (base, _delay(case, drained, frost, 0.5), repair),
        "colder": (colder, _delay(case, drained, colder.frost_k, 1.0), repair),
        "milder": (milder, _delay(case, drained, milder.frost_k, 1.0), repair),
        "repair_fast": (base, delay, _repair(case, FAST_REPAIR_DAYS / days)),
        "insulated": (kinds.insulated(base), delay, repair),
    }
    return [
        (due.weigh(*ways[name]).indifference, ways[name][0].plug_hours[_LOW, base.central])
        for name in WHAT_IF
    ]


def _plan(case: Case, kinds: Stopped, deadline: Floats) -> DrainPlan:
    """Share out the crews; a crew must be at a building some time before it is empty."""
    number = case.settings.number
    by = np.maximum(kinds.hour + deadline - number("draining.hours"), kinds.hour)
    return drain_plan(
        kinds.buildings, by, number("draining.buildings_per_hour"), ready_hours=kinds.hour
    )


def _delay(case: Case, drained: float, frost_k: float, faster: float) -> Chances:
    """Return how much later drained buildings get heat, all of them being filled in one queue.

    Pipes that stood empty in frost leak more when they are filled: as in the season's circuits.
    """
    number = case.settings.number
    share = number("restart.leak_share") + number("restart.frost_leak_share") * frost_k / 10.0
    share = min(share, 1.0)
    mended_per_hour = max(number("repairs.buildings_per_day"), 1e-9) / _DAY
    return refill_delay(
        drained,
        number("refilling.buildings_per_hour") * faster,
        wait_hours=number("refilling.wait_hours") + number("refilling.hours"),
        leak_share=share,
        leak_hours=number("repairs.hours") + share * drained / mended_per_hour / 2.0,
    )


def _repair(case: Case, times: float) -> Chances:
    """Return how long a frozen building waits for heat once it is back in the network."""
    ends = ("decision.frozen_days_low", "decision.frozen_days", "decision.frozen_days_high")
    days = np.array([case.settings.number(name) for name in ends])
    return Chances(days * _DAY * times, BAND_WEIGHTS)
