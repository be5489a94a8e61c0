"""Whether draining pays: groups at their deadline, as kinds that cool and freeze alike.

A city has thousands of groups and few kinds, and in a batch most samples stand alike at first.
Temperatures are rounded, and what is rounded to the same is weighed once, from the rounded values:
the answer to one group never depends on who is asked about beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints, Names
from keepwarm.season.corridor import Corridor
from keepwarm.season.expected import (
    delay_of_filling,
    expected_at,
    forecast,
    places,
    repair_of_frozen,
)
from keepwarm.season.heating import gains_when_cold
from keepwarm.season.solved import power_of_groups
from keepwarm.season.state import KEPT, RETURNING, State
from keepwarm.warmth.cooldown import ColdCurve, Dwellings, Outlook, coarser, unheated
from keepwarm.warmth.drain import weigh
from keepwarm.warmth.freezing import plug_hours
from keepwarm.warmth.homes import Homes
from keepwarm.warmth.pipes import Pipes
from keepwarm.warmth.restoration import BAND_WEIGHTS, Chances, Remaining
from keepwarm.warmth.rooms import Rooms

#: Steps of the forecast: the first hours matter, and within a step the closed forms are exact.
STEPS = (1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 6.0, 6.0, 12.0, 12.0, 24.0, 24.0, 48.0, 96.0, 240.0)

#: Low and central. The high band is not walked in batches; it counts as the central one.
_WEIGHTS = np.array([BAND_WEIGHTS[0], BAND_WEIGHTS[1:].sum()])
_BANDS = slice(0, len(_WEIGHTS))

#: Differences below which groups are one kind: K of rooms and air, K of water, K h of frost, h,
#: W/m2, and of the logarithm of the buildings in the queue to be filled.
_K, _WATER_K, _FROST_K_H, _HOURS, _W_PER_M2, _QUEUE = 0.25, 1.0, 1.0, 0.01, 0.25, 0.1

#: How long it stays warmer or colder than the case's weather: daily means whose correlation from
#: one day to the next is 0.75 (0.7 to 0.8 in winters of the continent) fall to 1/e in this, h.
_STAYS_HOURS = 83.0


@dataclass(frozen=True)
class _Kinds:
    """Kinds of groups, from rounded values; bands are low and central."""

    group: Ints  # (kinds,) index of a group that stands for it
    member: Ints  # (asked,) index of kinds
    place: Names  # (kinds,) of restoration.csv, an empty text for none
    stopped_hours: Floats  # (kinds,)
    queue: Floats  # (kinds,) buildings that will wait to be filled
    gain_w_per_m2: Floats  # (kinds,)
    warmer_k: Floats  # (kinds,) outdoors now, than in the case's weather
    mass_degc: Floats  # (2, homes of kinds)
    air_degc: Floats  # (2, kinds, places)
    water_degc: Floats  # (2, kinds, places)
    frost_k_h: Floats  # (2, kinds, places)


def draining_pays(
    corridor: Corridor,
    now: State,
    hour: int,
    *,
    asked: Bools,
    queue: Floats,
    warmer_k: Floats | None = None,
) -> Bools:
    """Mark groups whose draining costs fewer expected cold hours than holding, (samples, groups).

    Parameters
    ----------
    now
        At the end of a step.
    hour
        Row of the case's series of the step that follows: from there on the weather is a forecast.
    asked
        Shape (samples, groups): whom to ask about; all others are not marked.
    queue
        Shape (samples,): buildings that will wait to be filled if these are drained.
    warmer_k
        Shape (samples, groups): how much warmer than the case's weather it is outdoors, where
        samples have weather of their own. Of what comes nothing is known but that this fades.

    **Source**: `keepwarm.warmth.drain.weigh`, due now, with heat expected as in restoration.csv
    given that it is not back yet.
    **Leaves out**: that a held group may be drained later, when it is asked about again; how long
    homes take to be warm again, which hardly differs between the two ways.
    """
    pays = np.zeros(asked.shape, dtype=np.bool_)
    sample, group = np.nonzero(asked)
    if sample.size:
        warmer = np.zeros(asked.shape) if warmer_k is None else warmer_k
        kinds = _kinds(corridor, now, sample, group, queue[sample], warmer[sample, group])
        pays[sample, group] = _weigh(corridor, kinds, hour)[kinds.member]
    return pays


def _weigh(corridor: Corridor, kinds: _Kinds, hour: int) -> Bools:
    """Return whether draining costs less, (kinds,)."""
    case, homes = corridor.case, homes_of(corridor.homes, kinds.group)[0]
    weather, weight = _weather(corridor, kinds, hour)
    cold, plug = _ahead(corridor, kinds, homes, weather)
    frost = np.maximum(-weather.outdoor_degc, 0.0) * weather.hours[:, None, None]
    frost_k = frost.sum(axis=0).mean(axis=0) / weather.hours.sum()
    delay = delay_of_filling(case, kinds.queue, frost_k)
    repair = repair_of_frozen(case, kinds.queue, frost_k)
    pays = np.zeros(len(kinds.group), dtype=np.bool_)
    for place in set(kinds.place):
        own = np.flatnonzero([each == place for each in kinds.place])
        weighed = weigh(
            Remaining(expected_at(case, place), kinds.stopped_hours[own]),
            ColdCurve(cold.hours, cold.cold_hours[..., own]),
            plug_hours=plug[..., own],
            due_hours=np.zeros(own.size),
            deadline_hours=plug[0, 0, own],
            scenario_weight=weight,
            delay=Chances(delay.hours[:, own], delay.weight[:, own]),
            repair=Chances(repair.hours[:, own], repair.weight[:, own]),
            band_weight=_WEIGHTS,
        )
        pays[own] = weighed.drains
    return pays


def _weather(corridor: Corridor, kinds: _Kinds, hour: int) -> tuple[Outlook, Floats]:
    """Return the forecast over kinds in `STEPS`, (steps, scenarios, kinds), and its weights."""
    case = corridor.case
    regions, at = np.unique(case.buildings.region[kinds.group], return_inverse=True)
    sky, weight = forecast(case, np.full(regions.size, hour), regions)
    sky = coarser(sky, STEPS)
    left = np.exp(-(np.cumsum(sky.hours) - sky.hours / 2) / _STAYS_HOURS)
    outdoor = sky.outdoor_degc[..., at] + left[:, None, None] * kinds.warmer_k
    return Outlook(sky.hours, outdoor, sky.wind_m_per_s[..., at]), weight


def _ahead(
    corridor: Corridor, kinds: _Kinds, homes: Homes, weather: Outlook
) -> tuple[ColdCurve, Floats]:
    """Let kinds cool and freeze: cold hours by length of outage, and hours to the plug."""
    _, which = homes_of(corridor.homes, kinds.group)
    rooms = {name: each[_BANDS, None, which] for name, each in vars(corridor.rooms).items()}
    tubes = {name: each[_BANDS, kinds.group] for name, each in vars(corridor.pipes).items()}
    course = unheated(
        Dwellings(homes, Rooms(**rooms), kinds.gain_w_per_m2[homes.group]),
        kinds.mass_degc[:, None],
        Outlook(
            weather.hours,
            weather.outdoor_degc[..., homes.group],
            weather.wind_m_per_s[..., homes.group],
        ),
        cold_below_degc=corridor.case.settings.number("decision.cold_below_degc"),
    )
    plug = plug_hours(
        Pipes(**tubes),
        weather.hours,
        indoor_degc=homes.mean(course.mean_degc),
        outdoor_degc=weather.outdoor_degc,
        air_degc=kinds.air_degc,
        water_degc=kinds.water_degc,
        frost_k_h=kinds.frost_k_h,
    )
    return ColdCurve(course.edge_hours, homes.mean(course.cold_hours)), plug


def _kinds(
    corridor: Corridor, now: State, sample: Ints, group: Ints, queue: Floats, warmer_k: Floats
) -> _Kinds:
    """Gather groups of samples, (asked,) each, that are alike."""
    buildings, known = corridor.case.buildings, now.gas_share.shape[-1] > 0
    region = buildings.region[group]
    gas = now.gas_share[:, buildings.region] if known else np.zeros(now.kept.shape)
    power = power_of_groups(corridor, now.power_shed_share)
    gain = gains_when_cold(corridor, power_share=power, gas_share=gas)
    names, of_group = places(corridor.case)
    mass, real = _mass(corridor, now, sample, group)
    pipes = (now.zone_degc, now.water_degc, now.frost_k_h)
    blocks = {
        "which": (np.column_stack([buildings.archetype[group], region]), 1.0),
        "place": (of_group[group], 1.0),
        "stopped": (now.stopped_hours[sample, group], _HOURS),
        "queue": (np.log1p(queue), _QUEUE),
        "gain": (gain[sample, group], _W_PER_M2),
        "warmer": (warmer_k, _K),
        "mass": (mass, _K),
        **{
            name: (np.moveaxis(table[_BANDS, sample, group], 0, 1), unit)
            for name, table, unit in zip(
                ("air", "water", "frost"), pipes, (_K, _WATER_K, _FROST_K_H), strict=True
            )
        },
    }
    steps = {name: _steps(table, unit) for name, (table, unit) in blocks.items()}
    first, member = _alike(np.concatenate(list(steps.values()), axis=1))
    value: dict[str, Floats] = {
        name: np.asarray(steps[name][first] * unit) for name, (_, unit) in blocks.items()
    }

    def of_pipes(name: str) -> Floats:
        return np.moveaxis(value[name].reshape(len(first), len(_WEIGHTS), -1), 1, 0)

    homes = value["mass"].reshape(len(first), len(_WEIGHTS), -1)
    return _Kinds(
        group=group[first],
        member=member,
        place=tuple(names[at] for at in of_group[group[first]].tolist()),
        stopped_hours=value["stopped"][:, 0],
        queue=np.expm1(value["queue"][:, 0]),
        gain_w_per_m2=value["gain"][:, 0],
        warmer_k=value["warmer"][:, 0],
        mass_degc=np.moveaxis(homes, 1, 0)[:, real[first]],
        air_degc=of_pipes("air"),
        water_degc=of_pipes("water"),
        frost_k_h=of_pipes("frost"),
    )


def _steps(values: Floats, unit: float) -> Ints:
    """Return values as whole numbers of a unit, a row for each that is asked about."""
    return np.rint(values.reshape(len(values), -1) / unit).astype(np.int64)


def _alike(rows: Ints) -> tuple[Ints, Ints]:
    """Return the first of each kind of rows, and the kind of each row; by a sum of products."""
    factor = np.full(rows.shape[1], 0x9E3779B97F4A7C15, dtype=np.uint64).cumprod()
    sums = (rows.astype(np.uint64) * factor).sum(axis=1)
    _, first, member = np.unique(sums, return_index=True, return_inverse=True)
    return first, member.ravel()


def _mass(corridor: Corridor, now: State, sample: Ints, group: Ints) -> tuple[Floats, Bools]:
    """Return the mass of connected buildings by home, (asked, 2, most homes), and which are real.

    Where a group has fewer homes than others, its last one fills the row.
    """
    homes = corridor.homes
    ends = np.append(homes.first[1:], len(homes.group))
    count = (ends - homes.first)[group]
    column = np.arange(count.max())
    home = homes.first[group][:, None] + np.minimum(column, count[:, None] - 1)
    kept, back = now.kept[sample, group], now.returning[sample, group]
    share = (kept / np.maximum(kept + back, 1e-300))[:, None]
    mass = np.stack(
        [
            share * now.mass_degc[band, sample[:, None], KEPT, home]
            + (1 - share) * now.mass_degc[band, sample[:, None], RETURNING, home]
            for band in range(len(_WEIGHTS))
        ],
        axis=1,
    )
    return mass, column < count[:, None]


def homes_of(homes: Homes, groups: Ints) -> tuple[Homes, Ints]:
    """Return the homes of some groups, and where they stand among all."""
    ends = np.append(homes.first[1:], len(homes.group))
    counts = ends[groups] - homes.first[groups]
    first = np.cumsum(counts) - counts
    which = np.repeat(homes.first[groups] - first, counts) + np.arange(counts.sum())
    kinds = np.repeat(np.arange(len(groups)), counts)
    return Homes(kinds, homes.flat[which], homes.share[which], first), which
