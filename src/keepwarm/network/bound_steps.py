"""Bounds of one step of one sample, and what a solution of it says, by compiled loops.

The same as `keepwarm.network.step` says in numpy, for those who take many samples one by one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from keepwarm.case.nouns import Floats, Ints
from keepwarm.compiled import compiled
from keepwarm.network.template import Template


class Frame(NamedTuple):
    """What stays of a template's bounds: sizes, places and limits."""

    links: int  # where each block of columns begins
    flows: int
    releases: int
    charge: int
    discharge: int
    reserve: int
    spill: int
    shed: int
    steps: int  # price steps of a need
    hours: float  # of a step
    s_max_mw: Floats  # (branches,)
    looped: Ints  # (releases,)
    release_box: float
    kept_share: Floats  # (storages,): of the level, after standing losses
    e_max_mwh: Floats
    e_min_mwh: Floats
    held_back_mwh: Floats
    store: Floats  # efficiency
    dispatch: Floats
    p_store_mw: Floats
    p_dispatch_mw: Floats
    spill_mw: Floats  # (buses,)
    bus: Ints  # (needs,)


class Sources(NamedTuple):
    """What sources give in one step where nothing is out."""

    generator_low: Floats  # (generators,)
    generator_high: Floats
    link_low: Floats  # (links,)
    link_high: Floats
    inflow_mw: Floats  # (storages,)


def frame(template: Template) -> Frame:
    """Lay out what stays of a template's bounds for compiled loops."""
    network, columns = template.network, template.columns
    storages, dt = network.storages, network.step_hours
    return Frame(
        links=columns.links.start,
        flows=columns.flows.start,
        releases=columns.releases.start,
        charge=columns.charge.start,
        discharge=columns.discharge.start,
        reserve=columns.reserve.start,
        spill=columns.spill.start,
        shed=columns.shed.start,
        steps=template.steps,
        hours=dt,
        s_max_mw=_floats(network.branches.s_max_mw),
        looped=template.looped,
        release_box=template.release_box,
        kept_share=_floats((1 - storages.standing_loss) ** dt),
        e_max_mwh=_floats(storages.e_max_mwh),
        e_min_mwh=_floats(storages.e_min_mwh),
        held_back_mwh=_floats(template.reserve_mwh),
        store=_floats(storages.efficiency_store),
        dispatch=_floats(storages.efficiency_dispatch),
        p_store_mw=_floats(storages.p_store_mw),
        p_dispatch_mw=_floats(storages.p_dispatch_mw),
        spill_mw=_floats(template.spill_box),
        bus=np.ascontiguousarray(template.needs.bus, dtype=np.int64),
    )


def sources(template: Template, hour: int) -> Sources:
    """Return what sources give in the step of one row of the case's series."""
    network = template.network
    generators, links = network.generators, network.links
    return Sources(
        generator_low=_floats(generators.p_nom_mw * generators.p_min_pu[hour]),
        generator_high=_floats(generators.p_nom_mw * generators.p_max_pu[hour]),
        link_low=_floats(links.p_nom_mw * links.p_min_pu[hour]),
        link_high=_floats(links.p_nom_mw * links.p_max_pu[hour]),
        inflow_mw=_floats(network.storages.inflow_mw[hour]),
    )


def _floats(values: Floats) -> Floats:
    return np.ascontiguousarray(values, dtype=np.float64)


@compiled
def set_sources(
    frame: Frame, given: Sources, available: Floats, level: Floats, lower: Floats, upper: Floats
) -> None:
    """Set the bounds that hang on damage and levels: all but those of `set_needs`.

    Parameters
    ----------
    available
        Shape (assets,), 0 to 1.
    level
        Shape (storages,), MWh at the start of the step.
    lower, upper
        Shape (columns,): written, zero where nothing else has been.
    """
    for g in range(given.generator_low.size):
        lower[g] = given.generator_low[g] * available[g]
        upper[g] = given.generator_high[g] * available[g]
    branches = frame.s_max_mw.size
    first, last = given.generator_low.size, given.generator_low.size + branches
    for b in range(branches):
        most = frame.s_max_mw[b] if available[first + b] >= 1.0 else 0.0
        lower[frame.flows + b], upper[frame.flows + b] = -most, most
    for k in range(frame.looped.size):
        free = 0.0 if available[first + frame.looped[k]] >= 1.0 else frame.release_box
        lower[frame.releases + k], upper[frame.releases + k] = -free, free
    for link in range(given.link_low.size):
        lower[frame.links + link] = given.link_low[link] * available[last + link]
        upper[frame.links + link] = given.link_high[link] * available[last + link]
    _set_stores(frame, given, available[last + given.link_low.size :], level, upper)


@compiled
def _set_stores(frame: Frame, given: Sources, share: Floats, level: Floats, upper: Floats) -> None:
    for k in range(level.size):
        now = frame.kept_share[k] * level[k] + frame.hours * given.inflow_mw[k]
        room = max(frame.e_max_mwh[k] - now, 0.0) / (frame.hours * frame.store[k])
        held = max(now - frame.e_min_mwh[k], 0.0)
        kept = min(held, frame.held_back_mwh[k])
        per_mwh = frame.dispatch[k] / frame.hours
        into = out = 0.0
        if share[k] > 0.0:  # a store without a power limit that is out gives nothing
            into, out = frame.p_store_mw[k] * share[k], frame.p_dispatch_mw[k] * share[k]
        above = min(out, (held - kept) * per_mwh)
        upper[frame.charge + k] = min(into, room)
        upper[frame.discharge + k] = above
        upper[frame.reserve + k] = max(min(out - above, kept * per_mwh), 0.0)


@compiled
def set_needs(frame: Frame, need: Floats, upper: Floats, rhs: Floats) -> None:
    """Set what hangs on needs: shed, spill and the right-hand side."""
    total, steps = 0.0, frame.steps
    for i in range(rhs.size):
        rhs[i] = 0.0
    for n in range(need.size):
        total += need[n]
        rhs[frame.bus[n]] += need[n]
        each, first = need[n] / steps, frame.shed + n * steps
        for k in range(first, first + steps):
            upper[k] = each
    for b in range(frame.spill_mw.size):
        upper[frame.spill + b] = frame.spill_mw[b] + total


@compiled
def shed_of(frame: Frame, x: Floats, shed: Floats) -> None:
    """Add up what is shed of each need, (needs,)."""
    for n in range(shed.size):
        first = frame.shed + n * frame.steps
        total = 0.0
        for k in range(first, first + frame.steps):
            total += x[k]
        shed[n] = total


@compiled
def levels_after(frame: Frame, given: Sources, level: Floats, x: Floats, after: Floats) -> None:
    """Carry the levels of stores over a step, (samples, storages), what is too much being spilled.

    ``x`` is the step's solution, (samples, columns).
    """
    for s in range(level.shape[0]):
        for k in range(level.shape[1]):
            standing = frame.kept_share[k] * level[s, k] + frame.hours * given.inflow_mw[k]
            taken = x[s, frame.discharge + k] + x[s, frame.reserve + k]
            brought = frame.hours * frame.store[k] * x[s, frame.charge + k]
            now = standing + brought - frame.hours * taken / frame.dispatch[k]
            # Standing losses alone may take a level below e_min; dispatch never does.
            least = min(frame.e_min_mwh[k], standing)
            after[s, k] = min(max(now, least), frame.e_max_mwh[k])
