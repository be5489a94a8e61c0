"""One step of pipes with numpy and the closed forms alone: what the compiled loops must equal."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.warmth.pipes import CIRCUIT, Pipes, PipeStep, steady_zone
from keepwarm.warmth.standing import end_of_run, hours_to_zero


def step_by_numpy(
    pipes: Pipes,
    air_degc: Floats,
    water_degc: Floats,
    frost_k_h: Floats,
    *,
    indoor_degc: Floats,
    outdoor_degc: Floats,
    flow: Floats,
    supply_degc: Floats,
    hours: float,
) -> PipeStep:
    """The arguments of `move_pipes`."""
    wide = Pipes(**{name: table[:, None] for name, table in vars(pipes).items()})
    limit = steady_zone(wide, indoor_degc=indoor_degc, outdoor_degc=outdoor_degc)
    lag = np.maximum(wide.zone_lag_hours, 1e-300)
    away, gone = air_degc - limit, -np.expm1(-hours / lag)
    air = limit + away * (gone * wide.zone_lag_hours / hours)
    plugged = frost_k_h >= wide.plug_frost_k_h
    opens = frost_k_h - np.maximum(air, 0) * hours < wide.plug_frost_k_h
    flows = (flow > 0)[..., None] & opens
    supply = np.maximum(supply_degc, 0.0)[..., None]
    share = np.where(flow > 0, flow, 1.0)[..., None]
    cooled = np.exp(-hours / wide.water_lag_hours)
    start = np.where(flows, np.minimum(water_degc, supply), water_degc)
    stood = np.minimum(air + (start - air) * cooled, start)
    end = np.maximum(end_of_run(air, supply, wide.transfer_units, share), stood)
    free = flows & (end > 0)
    water = np.where(frost_k_h > 0, 0.0, np.maximum(start, 0.0))
    still = _stand(wide, water, frost_k_h, air, hours)
    times = [np.where(free & ~plugged, np.nan, each) for each in list(vars(still).values())[3:6]]
    return PipeStep(
        limit + away * (1.0 - gone),
        np.where(free, end, still.water_degc),
        np.where(free, 0.0, still.frost_k_h),
        *times,
        plugged=(times[1][..., CIRCUIT] >= 0).any(axis=-1),
        cold=bool((times[0] >= 0).any() or (frost_k_h > 0).any()),
    )


def _stand(pipes: Pipes, water: Floats, frost: Floats, air: Floats, hours: float) -> PipeStep:
    cold, never = air < 0, np.full(air.shape, np.inf)
    to_zero = hours_to_zero(water, air, pipes.water_lag_hours)
    freezing = np.where(cold, np.maximum(hours - to_zero, 0.0), 0.0)
    to_thaw = np.divide(frost, air, out=never.copy(), where=air > 0)
    to_thaw = np.where(frost > 0, to_thaw, 0.0)
    grown = np.minimum(frost - freezing * air, pipes.solid_frost_k_h)
    frost_end = np.where(cold, grown, np.maximum(frost - air * hours, 0.0))
    liquid = np.where(cold, np.minimum(to_zero, hours), np.maximum(hours - to_thaw, 0.0))
    relaxed = air + (water - air) * np.exp(-liquid / pipes.water_lag_hours)
    iced = (frost_end > 0) | (cold & (to_zero <= hours))

    def passed(stage: Floats) -> Floats:
        growing = np.divide(np.maximum(stage - frost, 0), -air, out=never.copy(), where=cold)
        return _within(np.where(frost >= stage, 0.0, to_zero + growing), hours)

    return PipeStep(
        air_degc=air,
        water_degc=np.where(iced, 0.0, relaxed),
        frost_k_h=frost_end,
        hours_to_zero=np.where(water > 0, _within(to_zero, hours), 0.0),
        hours_to_plug=passed(pipes.plug_frost_k_h),
        hours_to_burst=passed(pipes.burst_frost_k_h),
        plugged=np.zeros(air.shape[:-1], dtype=np.bool_),
        cold=True,
    )


def _within(time: Floats, hours: float) -> Floats:
    return np.where(time < hours, time, np.nan)
