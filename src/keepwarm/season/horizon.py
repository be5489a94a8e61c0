"""One linear program over many steps: stores and homes carry over, so that needs can wait or not.

The template's own columns and rows stand in it once per step; stores and homes tie the steps
together. It is solved once per plan, by HiGHS.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from keepwarm.case.nouns import Bools, Floats, Ints, Settings
from keepwarm.errors import SolveError
from keepwarm.network import Template, step_bounds
from keepwarm.season.assembly import Assembly
from keepwarm.season.corridor import COMFORT, SAFE
from keepwarm.season.homes import Homes
from keepwarm.season.window import Course, Plan, Window
from keepwarm.solve.highs import solve_once

#: By how much less shed counts with every step that it is further away: of two ways that cost the
#: same, the one that serves sooner is taken. Relative, far below any price step.
LATER = 1e-9

#: By how much more a source costs with every step: of two times that cost the same, the sooner is
#: taken and the store spared. Currency per MWh, far below what any price means.
SPARED = 1e-6

#: What a MWh of heat must buy before it is moved away from where the step rule would have it, as a
#: share of the price of comfort: twice that is more than the steps within a tier, so that homes are
#: not cooled early for nothing, nor hot water cut for it; far less than the distance of two tiers.
INERTIA = 0.05


def plan_window(
    template: Template,
    settings: Settings,
    window: Window,
    *,
    end_value: bool = True,
    course: Course | None = None,
) -> Plan:
    """Plan a window of steps at once.

    Minimise the template's costs over all steps, where

    - a store's level carries over, within its limits; charge and discharge have no price of their
      own (only the store's marginal cost). Inflow above the top is lost.
    - homes take heat from their bus, up to what their radiators give. A degree that the operative
      temperature lacks at the end of a step costs what the heat that holds a degree for a step
      costs at the tier's price: ``heat_comfort`` down to the safe set-point, ``heat_safe`` below.
      Heat withheld for long thus costs what the step rule's shedding costs, and heat withheld while
      walls hold costs less. Each tier has the template's steps of rising price, so that equals
      share the cold.
    - leaving the step rule's course has a price (`INERTIA`), for homes and hot water beside them.
    - at the end, if ``end_value``, stored energy is worth what the step rule gives for it
      (``prices.stored_energy``; a reserve its own price), and what walls lack costs the heat that
      would bring them back.

    Parameters
    ----------
    template, settings
        Of the case.
    window
        What lies ahead.
    end_value
        Whether what is stored at the end has a value.
    course
        Stores and heat are held to it, so that the answer says what it would cost.

    Returns
    -------
    Plan

    Raises
    ------
    SolveError
        When HiGHS ends without an optimum.

    **Source**: multi-period linear optimal power flow with stores as in PyPSA (Brown, Hoersch,
    Schlachtberger, J. Open Research Software 6(4), 2018); 5R1C homes, see `homes`.
    **Leaves out**: whatever is not linear: heaters, substations and restarts follow the window's
    own assumptions.
    """
    program = _Program(template, settings, window)
    if end_value:
        program.value_end()
    if course is not None:
        program.hold(course)
    return program.solve()


class _Program:
    """The program's blocks of columns and rows, and how to read its answer."""

    def __init__(self, template: Template, settings: Settings, window: Window) -> None:
        self.template, self.settings, self.window = template, settings, window
        self.dt = template.network.step_hours
        self.assembly = Assembly()
        self.constant = 0.0  # of the reported objective
        none = np.zeros((len(window), 0), dtype=np.int64)
        self.mass, self.heat = none, none[None]
        self.ends: list[Ints] = []
        self._add_steps()
        self._add_levels()
        if window.homes is not None and len(window.homes):
            self._add_homes(window.homes)

    def _add_steps(self) -> None:
        """Let the template stand in the program once per step."""
        template, window, steps = self.template, self.window, len(self.window)
        shape = (steps, template.cost.size)
        lower, upper, rhs = np.zeros(shape), np.zeros(shape), np.zeros((steps, self._step_rows))
        for k, hour in enumerate(window.hours.tolist()):
            bounds = step_bounds(
                template,
                hour=hour,
                need_mw=window.need_mw[k],
                available=window.available[k],
                level_mwh=window.level_mwh,
            )
            lower[k], upper[k], rhs[k] = bounds.lower, bounds.upper, bounds.rhs
        # Heat of homes comes on top of the fixed needs, and may have to be spilled with them.
        columns, storages = template.columns, template.network.storages
        if window.homes is not None and len(window.homes):
            upper[:, columns.spill] += window.homes.most_mw.sum()
        share = window.available[:, len(window.available[0]) - len(storages) :]
        with np.errstate(invalid="ignore"):  # inf * 0: a store without a power limit, out
            upper[:, columns.charge] = np.where(share > 0, storages.p_store_mw * share, 0.0)
            upper[:, columns.discharge] = np.where(share > 0, storages.p_dispatch_mw * share, 0.0)
        upper[:, columns.reserve] = 0.0
        lower[:, columns.shed] = self._least_shed(upper[:, columns.shed])
        self.step = self.assembly.add_columns(
            shape,
            cost=self._step_costs(),
            lower=lower,
            upper=upper,
            reported=self.dt * self._without_store_value(template.cost),
        )
        self.balance = self.assembly.add_rows((steps, self._step_rows), rhs)
        entries = sp.coo_array(template.matrix)
        self.assembly.put(self.balance[:, entries.row], self.step[:, entries.col], entries.data)

    @property
    def _step_rows(self) -> int:
        return int(self.template.matrix.shape[0])

    def _step_costs(self) -> Floats:
        """Return the template's costs as solved, (steps, columns)."""
        cost, template = self._without_store_value(self.template.perturbed_cost), self.template
        costs = np.tile(self.dt * cost, (len(self.window), 1))
        shed = template.columns.shed
        later = np.arange(len(self.window))[:, None]
        waits = np.where(self._beside_homes(), 1 + 2 * INERTIA, 1.0)
        costs[:, shed] *= (1 - LATER * later) * np.repeat(waits, template.steps)
        costs[:, template.columns.generators] += SPARED * later
        return costs

    def _beside_homes(self) -> Bools:
        """Mark needs that share a heat bus and its tiers with homes: hot water."""
        needs, homes = self.template.needs, self.window.homes
        if homes is None:
            return np.zeros(len(needs), dtype=np.bool_)
        return np.isin(needs.bus, homes.kinds.bus) & np.isin(needs.tier, (SAFE, COMFORT))

    def _least_shed(self, most: Floats) -> Floats:
        """Spread what is shed at least over a need's steps of price, the cheapest first."""
        steps, needs = len(self.window), len(self.template.needs)
        part = most.reshape(steps, needs, -1)
        before = np.cumsum(part, axis=2) - part
        return np.clip(self.window.least_shed_mw[..., None] - before, 0.0, part).reshape(steps, -1)

    def _without_store_value(self, cost: Floats) -> Floats:
        """Return the template's costs without what a stored MWh is worth: here it carries over."""
        columns, storages = self.template.columns, self.template.network.storages
        value, cost = self.settings.number("prices.stored_energy"), cost.copy()
        cost[columns.charge] += value * storages.efficiency_store
        cost[columns.discharge] -= value / storages.efficiency_dispatch
        return cost

    def _add_levels(self) -> None:
        """Carry every store's level from step to step."""
        window, dt, steps = self.window, self.dt, len(self.window)
        columns, storages = self.template.columns, self.template.network.storages
        inflow = dt * storages.inflow_mw[window.hours]
        self.level = self.assembly.add_columns(
            window.least_mwh.shape,
            cost=dt * np.asarray(window.holding_cost),
            lower=window.least_mwh,
            upper=storages.e_max_mwh,
        )
        lost = self.assembly.add_columns(inflow.shape, upper=np.maximum(inflow, 0.0))
        keep = (1 - storages.standing_loss) ** dt
        rhs = inflow.copy()
        rhs[0] += keep * window.level_mwh
        rows, put = self.assembly.add_rows((steps, len(storages)), rhs), self.assembly.put
        self.carried = rows
        put(rows, self.level, 1.0)
        put(rows[1:], self.level[:-1], -keep)
        put(rows, lost, 1.0)
        put(rows, self.step[:, columns.charge], -dt * storages.efficiency_store)
        put(rows, self.step[:, columns.discharge], dt / storages.efficiency_dispatch)

    def _add_homes(self, homes: Homes) -> None:
        """Let homes take heat from their bus, keep it in their walls, and lack degrees at a price.

        Heat has three parts: the first keeps water circulating and is worth its safe price by
        itself; the second is the rest of what the step rule would give, the third goes beyond.
        """
        put, shape = self.assembly.put, homes.most_mw.shape
        safe, comfort = (self.settings.number(f"prices.heat_{t}") for t in ("safe", "comfort"))
        worth = self.dt * np.array([safe, INERTIA * comfort, -INERTIA * comfort])[:, None, None]
        reported = self.dt * np.array([safe, 0.0, 0.0])[:, None, None]
        parts = self._heat_parts(homes, homes.most_mw)
        self.constant += self.dt * safe * parts[0].sum()
        self.heat = self.assembly.add_columns(
            parts.shape, cost=-worth, upper=parts, reported=-reported
        )
        self.mass = self.assembly.add_columns(shape, lower=-np.inf)
        start = homes.keep[0] * homes.mass_degc
        moves = self.assembly.add_rows(shape, _with_first(homes.drift, start))
        put(moves, self.mass, 1.0)
        put(moves[1:], self.mass[:-1], -homes.keep[1:])
        lacks = homes.comfort_degc - homes.felt_drift
        feels = self.assembly.add_rows(
            shape, _with_first(lacks, -homes.felt_keep[0] * homes.mass_degc)
        )
        put(feels[1:], self.mass[:-1], homes.felt_keep[1:])
        for heat in self.heat:
            put(self.balance[:, homes.kinds.bus], heat, -1.0)
            put(moves, heat, -homes.lift)
            put(feels, heat, homes.felt_lift)
        put(feels, self.assembly.add_columns(shape, upper=homes.excess_k), -1.0)
        width, price = self._cold_steps(homes)
        cold = self.assembly.add_columns(
            (*shape, width.size),
            cost=self.dt * homes.loss_mw_per_k[:, None] * price,
            upper=width,
        )
        put(feels[..., None], cold, 1.0)

    def _heat_parts(self, homes: Homes, heat: Floats) -> Floats:
        """Split heat into its three parts, (3, steps, homes), filled one after the other."""
        first = np.minimum(homes.least_mw, homes.most_mw)
        ends = np.stack([first, np.clip(homes.usual_mw, first, homes.most_mw), homes.most_mw])
        reached = np.minimum(heat, ends)
        return np.diff(reached, axis=0, prepend=np.zeros((1, *heat.shape)))

    def _cold_steps(self, homes: Homes) -> tuple[Floats, Floats]:
        """Return widths (K) and prices (currency per MWh) of the steps of cold, comfort first."""
        number, steps = self.settings.number, self.template.steps
        rise = 1 + number("prices.step_rise") * np.arange(steps)
        part = np.array([homes.comfort_degc - homes.safe_degc, homes.safe_degc]) / steps
        width = np.repeat(part, steps)
        width[-1] = np.inf
        price = np.concatenate(
            [number(f"prices.{t}") * rise for t in ("heat_comfort", "heat_safe")]
        )
        return width, price

    def value_end(self) -> None:
        """Give what is stored at the end its value, and what walls lack then its price."""
        number, template = self.settings.number, self.template
        storages, columns, reserve = (
            template.network.storages,
            template.columns,
            template.reserve_mwh,
        )
        value = number("prices.stored_energy")
        kept = template.cost[columns.reserve] * storages.efficiency_dispatch
        below = np.minimum(self.window.least_mwh[-1] - storages.e_min_mwh, 0.0)
        free = self.assembly.add_columns((len(storages),), cost=-value, reported=0.0, lower=below)
        held = self.assembly.add_columns(
            (len(storages),), cost=-np.maximum(kept, value), reported=0.0, upper=reserve
        )
        rows = self.assembly.add_rows((len(storages),), storages.e_min_mwh)
        self.assembly.put(rows, self.level[-1], 1.0)
        for part in (free, held):
            self.assembly.put(rows, part, -1.0)
        self.ends += [free, held]
        if self.window.homes is not None and len(self.window.homes):
            self._price_cold_walls(self.window.homes)

    def _price_cold_walls(self, homes: Homes) -> None:
        """Price the heat that would bring the walls back to those of a home held at comfort."""
        between = np.maximum(homes.comfort_mass_degc - homes.safe_mass_degc, 0.0)
        width, price = self._cold_steps(homes)
        first = self.template.steps
        widths = np.tile(width, (len(homes), 1))
        widths[:, :first] = between[:, None] / first
        lack = self.assembly.add_columns(
            widths.shape,
            cost=homes.capacity_mwh_per_k[:, None] * price,
            reported=0.0,
            upper=widths,
        )
        warmer = self.assembly.add_columns((len(homes),), reported=0.0)
        rows = self.assembly.add_rows((len(homes),), homes.comfort_mass_degc)
        self.assembly.put(rows, self.mass[-1], 1.0)
        self.assembly.put(rows[:, None], lack, 1.0)
        self.assembly.put(rows, warmer, -1.0)
        self.ends.append(lack.ravel())

    def hold(self, course: Course) -> None:
        """Hold stores and heat to what somebody else would do."""
        columns = self.template.columns
        blocks = [
            (self.step[:, columns.charge], course.charge_mw),
            (self.step[:, columns.discharge], course.discharge_mw),
        ]
        if self.window.homes is not None and self.heat.size:
            blocks.append((self.heat, self._heat_parts(self.window.homes, course.heat_mw)))
        for block, values in blocks:
            self.assembly.fix(block, values)

    def solve(self) -> Plan:
        """Solve, and read the answer."""
        assembly, template, columns = self.assembly, self.template, self.template.columns
        cost, rhs = assembly.cost(), assembly.rhs()
        solution = solve_once(
            cost,
            assembly.matrix(),
            lower=assembly.lower(),
            upper=assembly.upper(),
            row_lower=rhs,
            row_upper=rhs,
        )
        steps, x = len(self.window), solution.x
        if not solution.optimal:
            raise SolveError(f"planning {steps} steps ahead: HiGHS ended with '{solution.status}'")
        shed = x[self.step[:, columns.shed]].reshape(steps, len(template.needs), template.steps)
        heat = x[self.heat].sum(axis=0)
        end = np.concatenate([*self.ends, np.zeros(0, dtype=np.int64)])
        return Plan(
            charge_mw=x[self.step[:, columns.charge]],
            discharge_mw=x[self.step[:, columns.discharge]],
            level_mwh=x[self.level],
            worth_per_mwh=-solution.row_dual[self.carried],
            shed_mw=shed.sum(axis=2),
            heat_mw=heat,
            felt_degc=self._felt(x, heat),
            objective=float(assembly.reported() @ x) + self.constant,
            end_value=-float(cost[end] @ x[end]),
            pivots=solution.pivots,
        )

    def _felt(self, x: Floats, heat: Floats) -> Floats:
        homes = self.window.homes
        if homes is None or not len(homes):
            return heat
        mass = np.vstack([homes.mass_degc, x[self.mass][:-1]])
        return homes.felt_keep * mass + homes.felt_lift * heat + homes.felt_drift


def _with_first(table: Floats, first: Floats) -> Floats:
    """Return the table with something added to its first row."""
    table = table.copy()
    table[0] += first
    return table
