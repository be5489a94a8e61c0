"""One event with a forecast: plan a window, carry out its first hours, plan again.

The plan (`horizon`) is made from what is known when it is made: the weather and needs of the case's
series as a forecast, and the damage that has happened, with the end it is said to have. It is
carried out by the ordinary step, so that physics and audit are those of the step rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import TIERS, Damage, Floats
from keepwarm.damage import availability
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import CENTRAL, need_by_bus
from keepwarm.season.homes import HomeKinds, Inputs, home_kinds, homes_over
from keepwarm.season.horizon import plan_window
from keepwarm.season.march import march, step_alone
from keepwarm.season.record import Season
from keepwarm.season.sky import sky_of
from keepwarm.season.state import COHORTS, State, share_served
from keepwarm.season.steering import Steer
from keepwarm.season.step import Step
from keepwarm.season.window import Course, Plan, Window
from keepwarm.solve.highs import HighsSolver

#: Least heat that a plan keeps for circulation, over the share below which water counts as still.
CIRCULATION_MARGIN = 1.2

CRITICAL = TIERS.index("critical")


@dataclass(frozen=True)
class Foresight:
    """How far ahead is looked, and what is taken for granted."""

    hours: float = 48.0  # length of a window; shorter where the case's snapshots end
    replan_hours: float = 6.0  # and whenever damage is not what the plan took for granted
    preheat_k: float = 1.0  # how far above comfort homes may be heated ahead of a shortage
    knows_repairs: bool = True  # else what is out is taken to stay out
    end_value: bool = True  # whether what is stored when a window ends has a value
    holding_cost: float = 0.0  # currency per MWh held at the end of an hour


@dataclass(frozen=True)
class Outlook:
    """A window as it would go by the step rule: what the plan takes for granted of it."""

    window: Window
    course: Course  # what the step rule would do
    floor_m2: Floats  # (steps, groups) that can take heat


def look_ahead(
    corridor: Corridor,
    damage: Damage,
    *,
    first: int,
    steps: int,
    state: State,
    foresight: Foresight | None = None,
    standing: Floats | None = None,
    progress: Callable[[int], None] | None = None,
) -> Season:
    """Walk one season, looking ahead.

    Parameters
    ----------
    corridor
        The prepared case.
    damage
        A row is known from its time on, and so is its end.
    first, steps
        Row of the case's snapshots where the season starts, and its length.
    state
        At the start of the first step.
    foresight
        48 h, planned again every 6 h, unless told otherwise.
    standing
        Shape (assets,): what was observed to stand, for the whole run; all by default.
    progress
        Called with the number of steps done.

    Returns
    -------
    Season

    Raises
    ------
    SolveError
        When a step or a plan has no optimum.

    **Leaves out**: a forecast's error: the weather and the needs ahead are those that come. What
    is not linear (heaters, substations, restarts, drained buildings) goes, in a plan, as it would
    by the step rule.
    """
    far, network = foresight or Foresight(), corridor.case.network
    seen = np.ones(len(network.assets)) if standing is None else standing
    truth = availability(corridor.case, damage, network.snapshots[first], steps) * seen
    planner = _Planner(corridor, damage, far, seen)
    return march(corridor, truth, first=first, state=state, steer=planner.steer, progress=progress)


class _Planner:
    """Holds the plan that is carried out, and makes a new one when it is due."""

    def __init__(
        self, corridor: Corridor, damage: Damage, foresight: Foresight, seen: Floats
    ) -> None:
        self._corridor, self._damage, self._seen = corridor, damage, seen
        self._foresight, self._kinds = foresight, home_kinds(corridor)
        dt = corridor.case.network.step_hours
        self._steps = max(1, round(foresight.hours / dt))
        self._again = max(1, round(foresight.replan_hours / dt))
        self._row = 0  # at which the plan begins
        self._assumed = np.zeros((0, len(seen)))
        self._steers: list[Steer] = []

    def steer(self, row: int, stands: Floats, now: State) -> Steer:
        """Return what the plan tells the step at a row of the case's series."""
        ahead = row - self._row
        due = ahead >= min(self._again, len(self._steers))
        if due or not np.array_equal(self._assumed[ahead], stands):
            self._plan(row, now)
        return self._steers[row - self._row]

    def _plan(self, row: int, now: State) -> None:
        corridor, network = self._corridor, self._corridor.case.network
        steps = min(self._steps, len(network.snapshots) - row)
        self._row, self._assumed = row, self._expected(row, steps)
        outlook = outlook_of(
            corridor, self._kinds, self._assumed, first=row, state=now, foresight=self._foresight
        )
        plan = plan_window(
            corridor.template,
            corridor.case.settings,
            outlook.window,
            end_value=self._foresight.end_value,
        )
        self._steers = steers_of(corridor, self._kinds, outlook, plan)

    def _expected(self, row: int, steps: int) -> Floats:
        """Return what is taken to stand, (steps, assets): nothing that has not happened counts."""
        case = self._corridor.case
        moment = case.network.snapshots[row]
        known = tuple(r for r in self._damage if r.time <= moment)
        left = availability(case, known, moment, steps) * self._seen
        return left if self._foresight.knows_repairs else np.tile(left[0], (steps, 1))


def outlook_of(
    corridor: Corridor,
    kinds: HomeKinds,
    expected: Floats,
    *,
    first: int,
    state: State,
    foresight: Foresight,
) -> Outlook:
    """Walk a window by the step rule, and gather what a plan takes for granted.

    Parameters
    ----------
    expected
        Shape (steps, assets): what is taken to stand.
    state
        At the start, with an axis of one sample.
    """
    template = corridor.template
    solver = HighsSolver(template.perturbed_cost, template.matrix)
    taken: list[Step] = []
    now = state
    for k in range(len(expected)):
        taken.append(step_alone(corridor, solver, first + k, expected[k], now))
        now = taken[-1].state
    floor_m2 = np.array([_floor(corridor, step) for step in taken])
    inputs = _inputs(corridor, first, taken)
    mass = (corridor.homes.mean(state.mass_degc[CENTRAL, 0]) * state.circuit_weight[0]).sum(axis=0)
    homes = homes_over(corridor, kinds, mass, inputs, preheat_k=foresight.preheat_k)
    levels = np.array([step.state.level_mwh[0] for step in taken])
    need = np.array([_other_need(corridor, step) for step in taken])
    window = Window(
        hours=first + np.arange(len(taken)),
        need_mw=need,
        available=np.array([step.solved.available[0] for step in taken]),
        level_mwh=state.level_mwh[0],
        least_mwh=np.minimum(corridor.case.network.storages.e_min_mwh, levels),
        least_shed_mw=np.array(
            [_shed_beside_homes(corridor, step, row) for step, row in zip(taken, need, strict=True)]
        ),
        homes=homes,
        holding_cost=foresight.holding_cost,
    )
    course = Course(
        charge_mw=np.array([step.solved.dispatch.charge_mw[0] for step in taken]),
        discharge_mw=np.array([step.solved.dispatch.discharge_mw[0] for step in taken]),
        heat_mw=homes.usual_mw,
    )
    return Outlook(window, course, floor_m2)


def steers_of(corridor: Corridor, kinds: HomeKinds, outlook: Outlook, plan: Plan) -> list[Steer]:
    """Return what a plan tells each of its steps: like groups get the same heat per m2."""
    floor = kinds.total(outlook.floor_m2)
    per_m2 = np.where(floor > 1e-6, plan.heat_mw * 1e6 / np.maximum(floor, 1e-6), 0.0)
    shed = plan.shed_mw[:, corridor.template.needs.tier == CRITICAL].sum(axis=1)
    heat = np.where(kinds.member >= 0, per_m2[:, np.maximum(kinds.member, 0)], 0.0)
    return [
        Steer(*row)
        for row in zip(
            plan.charge_mw,
            plan.discharge_mw,
            plan.worth_per_mwh,
            heat,
            shed.tolist(),
            strict=True,
        )
    ]


def _floor(corridor: Corridor, step: Step) -> Floats:
    """Floor whose circuits are full and whose substations run, m2, (groups,)."""
    open_ = step.heat.asking[0] * step.solved.accepting[0]
    floor: Floats = corridor.case.buildings.floor_area_m2 * open_
    return floor


def _other_need(corridor: Corridor, step: Step) -> Floats:
    """Need of a step without the heat that groups ask for, (needs,)."""
    on = step.solved.accepting
    asked = need_by_bus(corridor, step.heat.safe_mw * on, step.heat.comfort_mw * on)
    other: Floats = np.maximum(step.solved.need_mw[0] - asked[0] + corridor.probe_mw, 0.0)
    return other


def _shed_beside_homes(corridor: Corridor, step: Step, other_mw: Floats) -> Floats:
    """Return what loads on the heat buses of homes lose by the step rule, MW, (needs,).

    A plan does not serve them better: hot water and homes are of one tier, and homes, whose walls
    hold, would always be the cheaper to wait.
    """
    buildings, needs = corridor.case.buildings, corridor.template.needs
    beside = (corridor.heat_place >= 0) & np.isin(needs.bus, buildings.heat_bus)
    shed, need = step.solved.dispatch.shed_mw[0], step.solved.need_mw[0]
    if corridor.case.settings.text("sharing.hot_water") == "first":
        lost = np.minimum(other_mw, shed)
    else:
        lost = other_mw * (1 - share_served(shed, need))
    return np.where(beside, lost, 0.0)


def _heat(taken: list[Step]) -> Floats:
    """Heat that groups receive, MW, (steps, groups)."""
    return np.array([step.heat_share[0] * step.heat.full_mw[0] for step in taken])


def _inputs(corridor: Corridor, first: int, taken: list[Step]) -> Inputs:
    skies = [sky_of(corridor, first + k) for k in range(len(taken))]
    most = np.array([step.heat.most_mw[0] * step.solved.accepting[0] for step in taken])
    still = corridor.case.settings.number("circuit.still_below_share")
    return Inputs(
        outdoor_degc=np.array([sky.outdoor_degc[0] for sky in skies]),
        wind_m_per_s=np.array([sky.wind_m_per_s[0] for sky in skies]),
        gain_w_per_m2=np.array([_of_circuits(step, step.gain_w_per_m2) for step in taken]),
        most_mw=most,
        least_mw=CIRCULATION_MARGIN * still * most,
        heat_mw=_heat(taken),
        operative_degc=np.array([_of_circuits(step, _felt(corridor, step)) for step in taken]),
    )


def _felt(corridor: Corridor, step: Step) -> Floats:
    """Return operative temperatures at the end of a step, (1, cohorts, groups)."""
    of_homes = [step.rooms.of_cohort(c).end_degc[CENTRAL] for c in range(len(COHORTS))]
    return np.stack([corridor.homes.mean(each) for each in of_homes], axis=1)


def _of_circuits(step: Step, of_cohorts: Floats) -> Floats:
    """Return the mean over a group's circuits, (1, cohorts, groups) -> (groups,)."""
    return np.asarray((of_cohorts * step.before.circuit_weight).sum(axis=1)[0])
