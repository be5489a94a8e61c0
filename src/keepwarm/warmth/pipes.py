"""Heating pipes and radiators over time: the air around them, water, ice, plug, burst.

The weakest pipe of every place stands for the place. Air of the zones follows indoors and outdoors;
flowing water keeps pipes free, standing water cools, freezes, plugs and bursts them
(`keepwarm.warmth.standing`). A step is exact for any length while its inputs are constant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from keepwarm.case.nouns import Archetypes, Bools, Buildings, Floats, Ints, Names
from keepwarm.warmth.ice_steps import Hours, move_apart
from keepwarm.warmth.pipe_steps import (
    Cells,
    Drive,
    Factors,
    count_slow,
    move_without_ice,
    new_desk,
    note_slow,
)
from keepwarm.warmth.standing import (
    burst_share,
    frost_to_share,
    hours_to_zero,
    resistance,
    soil_resistance,
    water_lag,
)

Number = Floats | float

#: Where pipes are, the last axis of every array here.
PLACES: Names = ("radiator", "riser", "stairwell", "attic", "basement", "main")
#: The places that are drained with the building; a main is not.
CIRCUIT = slice(0, PLACES.index("main"))


@dataclass(frozen=True, eq=False)
class Pipes:
    """The weakest pipe of each place and the air around it, shape (3, groups, places).

    In balance that air is ``indoor_share * indoor + outdoor_share * outdoor + ground_degc``.
    """

    indoor_share: Floats
    outdoor_share: Floats
    ground_degc: Floats  # 0 where the place is not in the ground
    zone_lag_hours: Floats  # 0 where the air follows at once
    water_lag_hours: Floats  # of water and metal towards the air; inf where there is no pipe
    transfer_units: Floats  # of water that flows through at the design flow
    plug_frost_k_h: Floats  # freezing degree-hours from 0 degC to the plug; inf for no pipe
    burst_frost_k_h: Floats  # to the burst
    solid_frost_k_h: Floats  # to solid ice, where frost stops growing


@dataclass(frozen=True)
class PipeStep:
    """Pipes over one step, shape (3, samples, groups, places).

    Times count from the start of the step: 0 where it had happened before, NaN where it does not
    happen within the step; such arrays may be read-only, and are empty where nobody asked for
    times. In memory places come before groups.
    """

    air_degc: Floats  # at the end
    water_degc: Floats  # at the end; of flowing water at the end of its run
    frost_k_h: Floats  # at the end
    hours_to_zero: Floats
    hours_to_plug: Floats
    hours_to_burst: Floats
    plugged: Bools  # (3, samples, groups): a pipe of the circuit is plugged at any time in the step
    cold: bool  # False where no pipe had ice or came to 0 degC: nothing was passed


def pipes(archetypes: Archetypes, buildings: Buildings) -> Pipes:
    """Build the weakest pipe of every place of every building group from its archetype.

    Parameters
    ----------
    archetypes : Archetypes
        Parameters in their natural units, shape (3, archetypes), band first.
    buildings : Buildings
        The groups; only ``archetype`` is read.

    Returns
    -------
    Pipes
        Shape (3, groups, places), places in the order of `PLACES`. A bore of 0 is no pipe: it
        never freezes.

    **Source**: `keepwarm.warmth.standing`. A radiator is a pipe whose bore is four times its water
    over its surface, which keeps both its cooling and its latent heat.
    **Leaves out**: larger pipes of the place; fittings; heat of pipes to their zone; ground that
    cools in a long frost, and its own heat, which keeps a stopped main warm for days.
    """
    table = _Table(archetypes, buildings)
    given = table.places("_pipe_bore_mm") / 1000.0
    none = given <= 0.0
    bore, wall = np.where(none, 1.0, given), table.places("_pipe_wall_mm") / 1000.0
    outward = _outward(table, bore + 2.0 * wall)
    plug = table.places("", dict.fromkeys(PLACES, table.groups("plug_ice_share")))
    weak = dict.fromkeys(PLACES, table.groups("pipe_burst_mpa"))
    weak["radiator"] = table.groups("radiator_burst_mpa")
    burst = burst_share(plug, table.places("", weak), bore_m=bore, wall_m=wall)
    passing_h = table.places("_transit_min") / 60.0
    inside = table.places("_fraction", {"radiator": 1.0, "riser": 1.0, "main": 0.0})
    ground: dict[str, Number] = {**dict.fromkeys(PLACES, 0.0), "main": table.groups("ground_degc")}
    units = passing_h / water_lag(bore, wall, outward, steel_j_per_m3k=0.0)
    return Pipes(
        indoor_share=inside,
        outdoor_share=np.where(np.array(PLACES) == "main", 0.0, 1.0 - inside),
        ground_degc=table.places("", ground),
        zone_lag_hours=table.places("_lag_h", {"radiator": 0.0, "riser": 0.0, "main": 0.0}),
        water_lag_hours=np.where(none, np.inf, water_lag(bore, wall, outward)),
        transfer_units=np.where(none, 0.0, units),
        plug_frost_k_h=np.where(none, np.inf, frost_to_share(bore, outward, plug)),
        burst_frost_k_h=np.where(none, np.inf, frost_to_share(bore, outward, burst)),
        solid_frost_k_h=np.where(none, np.inf, frost_to_share(bore, outward, 1.0)),
    )


class _Table:
    """Parameters of archetypes by group, and by group and place."""

    def __init__(self, archetypes: Archetypes, buildings: Buildings) -> None:
        self._parameter, self._index = archetypes.parameter, buildings.archetype

    def groups(self, name: str) -> Floats:
        """Return a parameter, (3, groups)."""
        return np.asarray(self._parameter[name], dtype=float)[:, self._index]

    def places(self, suffix: str, fixed: Mapping[str, Number] | None = None) -> Floats:
        """Return the parameters PLACE + suffix, (3, groups, places), some of them fixed."""
        known, shape = fixed or {}, self.groups("plug_ice_share").shape
        each = [known[place] if place in known else self.groups(place + suffix) for place in PLACES]
        return np.stack([np.broadcast_to(one, shape) for one in each], axis=-1)


def _outward(table: _Table, outer_m: Floats) -> Floats:
    """Return the resistance from the steel to the air, or to the ground, K m/W."""
    insulation = table.places("_pipe_insulation_mm", {"radiator": 0.0}) / 1000.0
    film = dict.fromkeys(PLACES, table.groups("pipe_film_w_per_m2k"))
    film |= {"radiator": table.groups("radiator_film_w_per_m2k"), "main": np.array(np.inf)}
    outward = resistance(
        outer_m,
        insulation_m=insulation,
        insulation_w_per_mk=table.groups("insulation_w_per_mk")[..., None],
        film_w_per_m2k=table.places("", film),
    )
    main = PLACES.index("main")
    outward[..., main] += soil_resistance(
        (outer_m + 2.0 * insulation)[..., main],
        depth_m=table.groups("main_depth_m"),
        soil_w_per_mk=table.groups("soil_w_per_mk"),
    )
    return outward


def steady_zone(pipes: Pipes, *, indoor_degc: Number, outdoor_degc: Number) -> Floats:
    """Return the air that indoor and outdoor temperatures tend to, degC, (3, groups, places).

    Parameters
    ----------
    pipes : Pipes
        Shape (3, groups, places).
    indoor_degc, outdoor_degc : arrays that broadcast to (3, groups)
    """
    indoor = np.asarray(indoor_degc, dtype=float)[..., None]
    outdoor = np.asarray(outdoor_degc, dtype=float)[..., None]
    inside = pipes.indoor_share * indoor
    return np.asarray(inside + pipes.outdoor_share * outdoor + pipes.ground_degc)


def move_pipes(
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
    kind: Ints | None = None,
    row: Ints | None = None,
    timed: bool = True,
) -> PipeStep:
    """Carry air, water and ice of all places over a step.

    Parameters
    ----------
    pipes : Pipes
        Shape (3, groups, places), or (rows, kinds, places) with ``kind`` and ``row``.
    air_degc, water_degc, frost_k_h : arrays (3, samples, groups, places)
        At the start: air, degC; water, degC, not below 0; freezing degree-hours since 0 degC, K h.
    indoor_degc : array (3, samples, groups)
        Mean of the step, degC.
    outdoor_degc : array (groups,), or (samples, groups) where samples have weather of their own
    flow : array (samples, groups)
        Share of the design flow; 0 where water stands.
    supply_degc : array (3, samples, groups)
        Water at the beginning of each run where it flows: the mean of the circuit, degC.
    hours : float
        Length of the step.
    kind : array (groups,), optional
        Which kind of pipes each group has; one of its own each without.
    row : array (3, samples), optional
        Which row of pipes holds for each band and sample; that of the band without.
    timed : bool
        Whether anybody wants to know when stages were passed.

    Returns
    -------
    PipeStep
        Exact for any step length while indoors, outdoors and flow are constant, but that pipes see
        the mean of the zone's air over the step.

    **Source**: air is a first-order lag towards its balance; standing water and ice as in
    `keepwarm.warmth.standing`; flowing water as in `end_of_run`, but never colder than if it had
    stood since the flow fell. Where that end is at 0 degC or below, it freezes like standing
    water. Water that flows otherwise melts its ice at once; through a plug nothing flows.
    **Leaves out**: heat of pipes to their zone; floors of the stairwell apart; supercooling; ice
    bridging a narrow bore; conduction along the pipe; the time that warm water takes to arrive.
    """
    bands, samples, groups = indoor_degc.shape
    drive = _drive(indoor_degc, outdoor_degc, supply_degc, flow, kind, row)
    if drive.kind.max(initial=-1) >= pipes.indoor_share.shape[1] or drive.row.max(
        initial=-1
    ) >= len(pipes.indoor_share):
        raise ValueError("there are no such kinds or rows of pipes")
    shape, state = (bands, samples, len(PLACES), groups), (air_degc, water_degc, frost_k_h)
    if any(each.swapaxes(-1, -2).shape != shape for each in state):
        raise ValueError("pipes are not of the bands, samples and groups of indoors")
    factors, iced = _factors(pipes, float(hours)), not _all_zero(frost_k_h)
    frost = _by_place(frost_k_h) if iced else _NOTHING
    before = Cells(_by_place(air_degc), _by_place(water_degc), frost)
    after = Cells(np.empty(shape), np.empty(shape), _NOTHING)
    apart = np.zeros((bands, samples, groups), dtype=np.bool_)
    plugged, passed = np.zeros_like(apart), Hours(_NOTHING, _NOTHING, _NOTHING)
    slow = np.empty(bands * len(PLACES) * count_slow(drive))
    note_slow(factors, drive, slow)
    np.exp(slow, out=slow)
    cold = move_without_ice(factors, drive, before, after, new_desk(), slow, iced, apart) > 0
    if cold:
        after = after._replace(frost_k_h=np.zeros(shape))
        before = before if iced else before._replace(frost_k_h=np.zeros(shape))
        if timed:
            passed = Hours(*(np.full(shape, np.nan) for _ in range(3)))
        dt = float(hours)
        move_apart(factors, drive, before, after, passed, timed, apart, plugged, dt)
    else:
        after = after._replace(frost_k_h=_everywhere(0.0, shape))
        if timed:
            passed = Hours(*[_everywhere(np.nan, shape)] * 3)
    air, water, frost, *times = (each.swapaxes(-1, -2) for each in (*after, *passed))
    zero, plug, burst = times
    return PipeStep(air, water, frost, zero, plug, burst, plugged, cold)


#: Stands for an array that is not looked at.
_NOTHING = np.empty((0, 0, 0, 0))


def _all_zero(frost_k_h: Floats) -> bool:
    """Whether all frost is known to be zero without a look at it: one zero stands for all."""
    return not any(frost_k_h.strides) and not frost_k_h[:1, :1, :1, :1].any()


def _drive(
    indoor_degc: Floats,
    outdoor_degc: Floats,
    supply_degc: Floats,
    flow: Floats,
    kind: Ints | None,
    row: Ints | None,
) -> Drive:
    """Return what moves pipes in a step; refuse what compiled code would read beyond its end."""
    bands, samples, groups = indoor_degc.shape
    if supply_degc.shape != indoor_degc.shape or flow.shape != (samples, groups):
        raise ValueError("indoors, supply and flow are not of the same samples and groups")
    skies = samples if np.ndim(outdoor_degc) == 2 and len(outdoor_degc) > 1 else 1
    kind = np.arange(groups) if kind is None else kind
    row = np.repeat(np.arange(bands)[:, None], samples, axis=1) if row is None else row
    if row.shape != (bands, samples) or kind.shape != (groups,):
        raise ValueError("kinds and rows of pipes are not of the same bands, samples and groups")
    return Drive(
        _dense(np.broadcast_to(outdoor_degc, (skies, groups))),
        _dense(indoor_degc),
        _dense(supply_degc),
        _dense(flow),
        np.arange(samples) if skies > 1 else np.zeros(samples, dtype=np.int64),
        np.ascontiguousarray(row),
        np.ascontiguousarray(kind),
    )


def _by_place(values: Floats) -> Floats:
    """Return (..., groups, places) as compiled code takes it: (..., places, groups)."""
    return _dense(values.swapaxes(-1, -2))


def _dense(values: Floats) -> Floats:
    """Return what compiled code takes: float64, C order, not read-only."""
    dense = np.ascontiguousarray(values, np.float64)
    return dense if dense.flags.writeable else dense.copy()


@lru_cache(maxsize=32)
def _everywhere(value: float, shape: tuple[int, ...]) -> Floats:
    """Return one number as an array of some shape, read-only."""
    return np.broadcast_to(value, shape)


@lru_cache(maxsize=32)
def _factors(pipes: Pipes, hours: float) -> Factors:
    """Return the constants of pipes for a step length; kept, since few lengths are ever asked."""
    lag = pipes.zone_lag_hours
    with np.errstate(divide="ignore"):  # air that follows at once has no lag
        decay = np.exp(-hours / lag)
    factors = (
        pipes.indoor_share,
        pipes.outdoor_share,
        pipes.ground_degc,
        decay,
        (1.0 - decay) * lag / hours,
        np.exp(-hours / pipes.water_lag_hours),
        np.exp(-pipes.transfer_units),
        pipes.water_lag_hours,
        pipes.transfer_units,
        pipes.plug_frost_k_h,
        pipes.burst_frost_k_h,
        pipes.solid_frost_k_h,
    )
    at_once = (lag == 0.0).all(axis=(0, 1))
    return Factors._make([*(_by_place(each) for each in factors), at_once])


def hours_left(pipes: Pipes, water_degc: Number, frost_k_h: Number, air_degc: Number) -> Floats:
    """Return the hours until the plug if water stands and air stays as it is; inf where never.

    Parameters
    ----------
    pipes : Pipes
    water_degc, frost_k_h, air_degc : arrays that broadcast with those of pipes
        Water, degC, its freezing degree-hours, K h, and air, degC.

    Returns
    -------
    array
        0 where the pipe is plugged already.
    """
    water = np.where(np.asarray(frost_k_h) > 0.0, 0.0, np.maximum(water_degc, 0.0))
    to_zero = hours_to_zero(water, air_degc, pipes.water_lag_hours)
    missing = np.maximum(pipes.plug_frost_k_h - frost_k_h, 0.0)
    to_zero, missing, air = np.broadcast_arrays(to_zero, missing, air_degc)
    with np.errstate(over="ignore"):  # air all but at 0 degC: never
        growing = np.divide(missing, -air, out=np.full(air.shape, np.inf), where=air < 0.0)
    return np.where(missing == 0.0, 0.0, to_zero + growing)


def weakest(
    pipes: Pipes, water_degc: Number, frost_k_h: Number, air_degc: Number
) -> tuple[Floats, Floats]:
    """Return the hours until the first plug in the building, and where, each (..., groups).

    Parameters are those of `hours_left`. Mains are left out: they are not drained with a building.
    The place is an index into `PLACES`, NaN where nothing ever plugs.
    """
    left = hours_left(pipes, water_degc, frost_k_h, air_degc)[..., CIRCUIT]
    first = left.min(axis=-1)
    return first, np.where(np.isfinite(first), left.argmin(axis=-1), np.nan)
