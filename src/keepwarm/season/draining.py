"""Who is drained in a step: by a rule, as late as crews allow, or where it costs fewer cold hours.

Crews go to the most urgent buildings first. Under ``decide`` a group waits until its latest safe
start, as under ``deadline``, and is then drained if that costs fewer expected cold hours than to
hold it; if not, it keeps no crew waiting, and is asked about again in every step until its pipes
plug or its water flows.
"""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.network import sum_places
from keepwarm.season.corridor import Corridor
from keepwarm.season.orders import StepOrders
from keepwarm.season.sky import Sky
from keepwarm.season.state import State
from keepwarm.season.weighing import draining_pays
from keepwarm.warmth.pipes import CIRCUIT, Pipes, hours_left

#: The band whose pipes plug first.
LOW = 0
#: Hours by which those that a plan names are more urgent than any others.
_TOLD = 1e9


def begin_draining(
    corridor: Corridor, now: State, sky: Sky, fed: Bools, orders: StepOrders | None = None
) -> Floats:
    """Return the buildings that crews begin to drain, (samples, groups).

    Parameters
    ----------
    now
        At the end of the step, before crews have been anywhere.
    sky
        Of the step.
    fed
        Shape (samples, groups): heat comes as far as the substation, whether or not that has power.
    orders
        Of a plan: the groups that it names are drained or held as it says, before all others; those
        that it gives crews of their own, as fast as these can.

    **Leaves out**: crews as people with ways and shifts.
    """
    due = _due(corridor, sky, fed, now)
    told = np.zeros_like(due)
    if orders is not None:
        stands = (now.stopped_hours > 0) & (now.connected > 0) & corridor.has_circuit
        meant = now.stopped_hours >= orders.stopped_hours - 1e-9
        told = stands & np.isfinite(orders.drain_rank) & meant
        due &= ~(orders.decided & meant)
    rows, begun = np.flatnonzero((due | told).any(axis=1)), np.zeros(due.shape)
    if rows.size:
        begun[rows] = _begun(corridor, now, sky, rows, due[rows], told[rows], orders)
    return begun


def _begun(
    corridor: Corridor,
    now: State,
    sky: Sky,
    rows: Ints,
    due: Bools,
    told: Bools,
    orders: StepOrders | None,
) -> Floats:
    """Return the buildings that crews begin to drain in the samples of some rows, (rows, groups).

    ``due`` marks whom the policy would drain, ``told`` whom a plan names, (rows, groups).
    """
    connected = now.kept[rows] + now.returning[rows]
    wanted = np.where(due, connected, 0.0)
    urgency = _urgency(corridor, now, rows, due)
    policy = corridor.case.settings.text("draining.policy")
    if policy == "decide":
        asked = _at_deadline(corridor, urgency, wanted)
        waiting = np.where(np.isfinite(urgency), wanted, 0.0) + now.emptied[rows]
        every, queue = np.zeros(now.kept.shape, dtype=np.bool_), np.zeros(len(now.kept))
        every[rows], queue[rows] = asked, sum_places(waiting)
        pays = draining_pays(
            corridor, now, sky.row + 1, asked=every, queue=queue, warmer_k=sky.warmer_k
        )[rows]
        wanted = np.where(asked & ~pays, 0.0, wanted)
    if policy != "rule":
        wanted = np.where(_at_deadline(corridor, urgency, wanted), wanted, 0.0)
    if orders is not None:
        wanted = np.where(told, connected, wanted)
        urgency = np.where(told, orders.drain_rank - _TOLD, urgency)
        own = np.where(told, np.minimum(connected, orders.by_crews), np.nan)
        wanted = np.where(np.isnan(own), wanted, 0.0)
        return np.asarray(_most_urgent(corridor, urgency, wanted) + np.nan_to_num(own))
    return _most_urgent(corridor, urgency, wanted)


def _due(corridor: Corridor, sky: Sky, fed: Bools, now: State) -> Bools:
    """Mark groups that the case's policy would drain now or soon, (samples, groups).

    By the rule, a substation that lacks nothing but power is waited for as long as cuts last.
    """
    settings, stopped = corridor.case.settings, now.stopped_hours
    waiting = (stopped > 0) & (now.connected > 0) & corridor.has_circuit
    policy = settings.text("draining.policy")
    if policy == "never" or settings.number("draining.buildings_per_hour") <= 0:
        return np.zeros_like(waiting)
    if policy == "rule":
        wait, cut = (settings.number(f"draining.{k}_hours") for k in ("wait", "power_wait"))
        waiting &= stopped >= np.where(fed, np.maximum(wait, cut), wait)
        waiting &= sky.outdoor_degc <= settings.number("draining.outdoor_degc")
    return waiting


def _urgency(corridor: Corridor, now: State, rows: Ints, due: Bools) -> Floats:
    """Return hours until the weakest pipe plugs in the low band, inf where nothing is due."""
    urgency = np.full(due.shape, np.inf)
    row, group = np.nonzero(due)
    sample = rows[row]
    low = Pipes(**{name: table[LOW, group] for name, table in vars(corridor.pipes).items()})
    left = hours_left(
        low,
        now.water_degc[LOW, sample, group],
        now.frost_k_h[LOW, sample, group],
        now.zone_degc[LOW, sample, group],
    )
    urgency[row, group] = left[:, CIRCUIT].min(axis=-1, initial=np.inf)
    return urgency


def _at_deadline(corridor: Corridor, urgency: Floats, wanted: Floats) -> Bools:
    """Mark groups for whom those before them leave just enough time, (samples, groups).

    ``wanted`` counts the buildings that are due; the most urgent come first.
    """
    number, dt = corridor.case.settings.number, corridor.case.network.step_hours
    order = np.argsort(urgency, axis=-1, kind="stable")
    first = np.take_along_axis(urgency, order, axis=-1) - number("draining.hours")
    ahead = np.cumsum(np.take_along_axis(wanted, order, axis=-1), axis=-1)
    marked = np.zeros(wanted.shape, dtype=np.bool_)
    late = first <= ahead / number("draining.buildings_per_hour") + 2 * dt
    np.put_along_axis(marked, order, late, axis=-1)
    return marked & (wanted > 0)


def _most_urgent(corridor: Corridor, urgency: Floats, wanted: Floats) -> Floats:
    """Share out what crews manage in a step, the most urgent first, (samples, groups)."""
    number, dt = corridor.case.settings.number, corridor.case.network.step_hours
    rate, given = number("draining.buildings_per_hour") * dt, np.zeros_like(wanted)
    if not wanted.any():
        return given
    order = np.argsort(urgency, axis=-1, kind="stable")
    sorted_ = np.take_along_axis(wanted, order, axis=-1)
    before = np.cumsum(sorted_, axis=-1) - sorted_
    np.put_along_axis(given, order, np.clip(rate - before, 0.0, sorted_), axis=-1)
    return given
