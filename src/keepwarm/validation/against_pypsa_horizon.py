"""Many steps in one program: ours against PyPSA's multi-period optimum, stores free on both sides.

PyPSA reads the network folder itself and keeps its own stores. Both sides are told the same needs,
damage and prices, and both know the whole window; homes and the value of what is left at the end
are out of the comparison.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from keepwarm.case.netcdf import quiet
from keepwarm.case.nouns import Bools, Case, Damage, Floats
from keepwarm.errors import SolveError
from keepwarm.network import Template
from keepwarm.season import Season
from keepwarm.season.horizon import plan_window
from keepwarm.season.window import Plan, Window
from keepwarm.validation.against_pypsa import (
    HOURS,
    SHED_GAP,
    Steps,
    add_spill,
    branches_out,
    by_tier_and_carrier,
    derate,
    pypsa_of,
    replace_needs,
    row_of,
    steps_of,
)
from keepwarm.validation.folders import Row

if TYPE_CHECKING:
    import pypsa

#: Of the objective over the whole window, relative.
HORIZON_GAP = 1e-6

#: Box of the angles, wider than any grid spreads.
WIDE = 1e6


@dataclass(frozen=True)
class Horizon:
    """What a side found over the whole window."""

    objective: float  # currency
    shed_mw: Floats  # (tiers * carriers,), summed over the steps


def compare_horizon(
    case: Case, damage: Damage = (), *, hours: int = HOURS, start: str | None = None
) -> tuple[Season, Horizon, Horizon]:
    """Plan a window with stores free, ours and PyPSA's.

    Parameters
    ----------
    case
        A case folder or a bare PyPSA folder, read.
    damage
        As for `keepwarm.run`.
    hours, start
        The window; from the case's start unless told otherwise.

    Returns
    -------
    season, ours, theirs
        The season by the step rule, whose needs and damage both sides are told.
    """
    from keepwarm.runs.run import walk

    season, _ = walk(case, damage, start=start, hours=hours, from_state=False)
    steps, template = steps_of(season), season.template
    theirs = plan_with_pypsa(template, steps, pypsa_of(season))
    plan = our_plan(season)
    return season, Horizon(plan.objective, _summed(template, plan.shed_mw)), theirs


def our_plan(season: Season) -> Plan:
    """Plan the steps of a season at once: its needs, the case's stores, no value at the end."""
    storages, steps = season.case.network.storages, len(season.times)
    window = Window(
        hours=season.first_row + np.arange(steps),
        need_mw=season.need_mw,
        available=season.available,
        level_mwh=storages.e_initial_mwh,
        least_mwh=np.tile(storages.e_min_mwh, (steps, 1)),
        least_shed_mw=np.zeros_like(season.need_mw),
    )
    return plan_window(season.template, season.case.settings, window, end_value=False)


def plan_with_pypsa(template: Template, steps: Steps, n: pypsa.Network) -> Horizon:
    """Solve all steps in one PyPSA model with PyPSA's own stores.

    Parameters
    ----------
    template
        Names, needs and prices; nothing of its matrix is used.
    steps
        Need and availability; storage powers are not told.
    n
        The case as PyPSA reads it, its snapshots those of the steps. It is changed.

    Raises
    ------
    SolveError
        If PyPSA finds no optimum.
    ValueError
        If a store is damaged.

    **Source**: PyPSA's linear optimal power flow over several snapshots, HiGHS. Where branches
    come and go within the window, which PyPSA's loop law cannot express, it is replaced by the
    angle form, branch by branch and step by step.
    """
    first = len(template.network.assets) - len(template.network.storages)
    if np.any(steps.available[:, first:] < 1.0):
        raise ValueError("only windows whose stores stand can be compared with PyPSA")
    out = branches_out(template, steps)
    n.snapshot_weightings.loc[:, :] = template.network.step_hours
    with quiet():
        derate(template, steps, n)
        shed_names = list(replace_needs(template, steps, n))
        add_spill(template, n)
        n.optimize.create_model()
        if out.any():
            _put_angles(template, n, out)
        status, condition = n.optimize.solve_model(
            solver_name="highs",
            progress=False,
            solver_options={"output_flag": False, "threads": 1},
        )
    if status != "ok":
        raise SolveError(f"PyPSA ended with '{status}: {condition}'")
    shed = n.generators_t.p[shed_names].to_numpy()
    by_need = shed.reshape(len(steps), len(template.needs), template.steps).sum(axis=2)
    objective = float((n.objective or 0.0) + (n.objective_constant or 0.0))
    return Horizon(objective, _summed(template, by_need))


def _summed(template: Template, shed_mw: Floats) -> Floats:
    return np.asarray(by_tier_and_carrier(template, shed_mw).sum(axis=0))


def _put_angles(template: Template, n: pypsa.Network, out: Bools) -> None:
    """Replace the loop law by angles: x * flow = angle0 - angle1 where a branch stands."""
    import pandas as pd

    n.calculate_dependent_values()
    model, place = n.model, {name: k for k, name in enumerate(template.network.branches.name)}
    model.remove_constraints("Kirchhoff-Voltage-Law")
    # In units of the median reactance times MW, so that HiGHS sees ordinary numbers.
    unit = float(np.median(template.network.branches.x_pu))
    buses = pd.Index(n.buses.index, name="bus")
    angle = model.add_variables(-WIDE, WIDE, coords=[n.snapshots, buses], name="angle")
    for component in ("Line", "Transformer"):
        static = n.components[component].static
        if static.empty:
            continue
        flow = model.variables[f"{component}-s"]
        names = pd.Index(static.index, name="name")
        gone = pd.DataFrame(out[:, [place[b] for b in names]], index=n.snapshots, columns=names)
        ends = [
            angle.sel(bus=static[end].rename_axis("name").to_xarray()) for end in ("bus0", "bus1")
        ]
        reactance = pd.Series(static["x_pu_eff"].to_numpy() / unit, index=names).to_xarray()
        standing = (~gone).unstack().to_xarray().transpose("snapshot", "name")
        law = reactance * flow - ends[0] + ends[1]
        model.add_constraints(law == 0, name=f"angle-{component}", mask=standing)
        model.add_constraints(1.0 * flow == 0, name=f"out-{component}", mask=~standing)


def horizon_rows(label: str, season: Season, mine: Horizon, theirs: Horizon) -> list[Row]:
    """Return the rows of one comparison."""
    from pypsa import __version__

    source = f"PyPSA {__version__}, all steps in one model with its own stores (computed)"
    shed = float(theirs.shed_mw.sum() * season.step_hours)
    own = float(mine.shed_mw.sum() * season.step_hours)
    cost = theirs.objective
    title = f"{label}, {len(season.times)} h looked ahead"
    values = (
        ("objective", mine.objective, cost, "currency", HORIZON_GAP * abs(cost)),
        ("unserved energy", own, shed, "MWh", SHED_GAP * max(shed, 1.0)),
    )
    return [
        row_of(f"{title}: {quantity}", found, expected, unit, tolerance, source)
        for quantity, found, expected, unit, tolerance in values
    ]
