"""Bounds for one step, and reading its solution back into named quantities.

Everything here is one sample's, or many samples' with an axis of samples before that of places.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np

from keepwarm.case.nouns import Floats, Ints, Storages
from keepwarm.network.places import sum_by_place, sum_places
from keepwarm.network.template import Template


@dataclass(frozen=True)
class Bounds:
    """What moves from step to step: column bounds and right-hand sides."""

    lower: Floats  # (..., columns)
    upper: Floats  # (..., columns)
    rhs: Floats  # (..., rows)


@dataclass(frozen=True)
class Dispatch:
    """One step, served as well as it can be."""

    generator_mw: Floats  # (..., generators)
    link_mw: Floats  # (..., links), at bus0
    flow_mw: Floats  # (..., branches), from bus0 to bus1
    charge_mw: Floats  # (..., storages)
    discharge_mw: Floats  # (..., storages)
    spill_mw: Floats  # (..., buses)
    shed_mw: Floats  # (..., needs)
    bus_price: Floats  # (..., buses), currency per MWh
    objective: Floats  # (...), before perturbation, per hour


def step_bounds(
    template: Template, *, hour: int | Ints, need_mw: Floats, available: Floats, level_mwh: Floats
) -> Bounds:
    """Return the bounds of one step.

    Parameters
    ----------
    template
        The compiled case.
    hour
        Row of the case's series (capacity factors, inflow), or one for each sample.
    need_mw
        Shape (..., needs), not negative; the leading axes, if any, are samples.
    available
        Shape (..., assets), 0 to 1; branches are in (1) or out (anything less).
    level_mwh
        Shape (..., storages), level at the start of the step.

    Returns
    -------
    Bounds
    """
    network, columns = template.network, template.columns
    generators, links = network.generators, network.links
    lower = np.zeros((*need_mw.shape[:-1], template.cost.size))
    upper = np.zeros_like(lower)
    n_gen, n_branch, n_link = len(generators), len(network.branches), len(links)
    parts = np.split(available, np.cumsum((n_gen, n_branch, n_link)), axis=-1)
    for block, table, share in (
        (columns.generators, generators, parts[0]),
        (columns.links, links, parts[2]),
    ):
        lower[..., block] = table.p_nom_mw * table.p_min_pu[hour] * share
        upper[..., block] = table.p_nom_mw * table.p_max_pu[hour] * share
    standing = parts[1] >= 1.0
    upper[..., columns.flows] = np.where(standing, network.branches.s_max_mw, 0.0)
    lower[..., columns.flows] = -upper[..., columns.flows]
    freed = np.where(standing.take(template.looped, axis=-1), 0.0, template.release_box)
    lower[..., columns.releases], upper[..., columns.releases] = -freed, freed
    charge, discharge, reserve = _storage_limits(template, hour, parts[3], level_mwh)
    upper[..., columns.charge], upper[..., columns.discharge] = charge, discharge
    upper[..., columns.reserve] = reserve
    upper[..., columns.spill] = template.spill_box + sum_places(need_mw)[..., None]
    upper[..., columns.shed] = np.repeat(need_mw / template.steps, template.steps, axis=-1)
    rhs = sum_by_place(need_mw, template.needs.bus, template.matrix.shape[0])
    return Bounds(lower, upper, rhs)


def standing_level(storages: Storages, level_mwh: Floats, hour: int | Ints, dt: float) -> Floats:
    """Return the level that losses and inflow alone lead to, before anything is spilled (MWh)."""
    kept = (1 - storages.standing_loss) ** dt * level_mwh
    return np.asarray(kept + dt * storages.inflow_mw[hour])


def _storage_limits(
    template: Template, hour: int | Ints, share: Floats, level_mwh: Floats
) -> tuple[Floats, Floats, Floats]:
    """Limits on charge, discharge above the reserve, and discharge out of it (MW)."""
    storages, dt = template.network.storages, template.network.step_hours
    level = standing_level(storages, level_mwh, hour, dt)
    room = np.maximum(storages.e_max_mwh - level, 0.0) / (dt * storages.efficiency_store)
    held = np.maximum(level - storages.e_min_mwh, 0.0)
    kept = np.minimum(held, template.reserve_mwh)
    per_mwh = storages.efficiency_dispatch / dt
    with np.errstate(invalid="ignore"):  # inf * 0: a store without a power limit, out
        most_in = np.where(share > 0, storages.p_store_mw * share, 0.0)
        most_out = np.where(share > 0, storages.p_dispatch_mw * share, 0.0)
    discharge = np.minimum(most_out, (held - kept) * per_mwh)
    reserve = np.minimum(most_out - discharge, kept * per_mwh)
    return np.minimum(most_in, room), discharge, np.maximum(reserve, 0.0)


def read_dispatch(template: Template, x: Floats, row_dual: Floats) -> Dispatch:
    """Read a solution back.

    Parameters
    ----------
    template
        The compiled case.
    x
        Shape (..., columns).
    row_dual
        Shape (..., rows).

    Returns
    -------
    Dispatch
    """
    columns = template.columns
    return Dispatch(
        generator_mw=x[..., columns.generators],
        link_mw=x[..., columns.links],
        flow_mw=x[..., columns.flows],
        charge_mw=x[..., columns.charge],
        discharge_mw=x[..., columns.discharge] + x[..., columns.reserve],
        spill_mw=x[..., columns.spill],
        shed_mw=shed_by_need(template, x),
        bus_price=row_dual[..., : len(template.network.buses)],
        objective=sum_places(template.cost * x),
    )


def shed_by_need(template: Template, x: Floats) -> Floats:
    """Return what a solution sheds of each need, (..., needs), MW."""
    shed = x[..., template.columns.shed]
    by_step = shed.reshape(*x.shape[:-1], len(template.needs), template.steps)
    # Price step by price step: numpy is slow in summing along a short last axis.
    return np.asarray(reduce(np.add, np.moveaxis(by_step, -1, 0)))


def next_level(template: Template, *, hour: int, level_mwh: Floats, dispatch: Dispatch) -> Floats:
    """Return storage levels at the end of the step (MWh), what exceeds the top being spilled."""
    storages, dt = template.network.storages, template.network.step_hours
    standing = standing_level(storages, level_mwh, hour, dt)
    level = (
        standing
        + dt * storages.efficiency_store * dispatch.charge_mw
        - dt * dispatch.discharge_mw / storages.efficiency_dispatch
    )
    # Standing losses alone may take a level below e_min; dispatch never does.
    return np.clip(level, np.minimum(storages.e_min_mwh, standing), storages.e_max_mwh)


def binding_boxes(template: Template, x: Floats, row_dual: Floats, tolerance: float = 1e-6) -> int:
    """Count release columns that their finite box holds back, in all samples: must be zero.

    A column at its box with no reduced cost only marks the free shift of an island's angles.
    """
    block = template.columns.releases
    at_box = np.abs(x[..., block]) >= template.release_box * (1 - 1e-9)
    if not at_box.any():
        return 0
    reduced = (template.matrix[:, block].T @ row_dual.T).T  # a release costs nothing
    return int(np.sum(at_box & (np.abs(reduced) > tolerance)))
