"""Samples with weather, thermal parameters and a start of their own: each as if it were the case.

What a sample has of its own is put into a case, which is walked without: both must be the same to
the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace

import numpy as np
import pytest

from keepwarm.case.nouns import Case, Floats, Ints
from keepwarm.season import Corridor, balanced_start, march, prepare
from keepwarm.season.batch import Block, march_many
from keepwarm.season.drawn import Draw, Drawn, SampleWeather, Thermal
from keepwarm.season.parameters import draw_parameters, made_of, thermal
from keepwarm.season.sky import sky_of, sky_over
from keepwarm.season.start import balanced_starts
from keepwarm.season.state import of_sample
from keepwarm.season.totals import Totals
from keepwarm.solve.simplex import SimplexSolver
from keepwarm.warmth.fabric import Fabric
from keepwarm.warmth.homes import homes
from keepwarm.warmth.pipes import Pipes, pipes, steady_zone
from keepwarm.warmth.rooms import Rooms, rooms
from tests.season.conftest import colder, outage, with_settings

STEPS, SAMPLES = 48, np.arange(5)
FAR = ("CHP unit", "West boiler house")


@pytest.fixture(scope="module")
def corridor(town: Case) -> Corridor:
    """The town in frost that drains, plugs, leaks and fills within two days."""
    return prepare(with_settings(colder(town, 10.0), draining__buildings_per_hour=3.0))


def left(corridor: Corridor) -> Floats:
    """Heat is out for a day, power of some feeders for hours."""
    names = corridor.case.network.assets.name
    out = outage(corridor.case, [name for name in names if "oiler" in name or "CHP" in name],
                 slice(4, 26), STEPS)  # fmt: skip
    return np.asarray(out)


def weather_of(corridor: Corridor, sample: int) -> SampleWeather:
    """Warmer or colder by degrees that wander, and winds of its own, (steps, regions)."""
    own = corridor.case.weather
    assert own is not None
    draw = np.random.default_rng([7, sample])
    shape = own.outdoor_degc[:STEPS].shape
    walk = draw.normal(0, 4) + np.cumsum(draw.normal(0, 0.5, shape), axis=0)
    return SampleWeather(own.outdoor_degc[:STEPS] + walk, draw.uniform(0, 12, shape))


def weathers(corridor: Corridor, samples: Ints) -> Iterator[SampleWeather]:
    each = [weather_of(corridor, sample) for sample in samples.tolist()]
    for t in range(STEPS):
        yield SampleWeather(
            np.stack([one.outdoor_degc[t] for one in each]),
            np.stack([one.wind_m_per_s[t] for one in each]),
        )


def walk(corridor: Corridor, draw: Draw, samples: Ints = SAMPLES, block: int = 5) -> list[Block]:
    template = corridor.template
    return list(
        march_many(
            corridor,
            draw,
            samples=samples,
            first=0,
            steps=STEPS,
            state=balanced_start(corridor, 0),
            solver=SimplexSolver(template.perturbed_cost, template.matrix),
            audited=frozenset(),
            block=block,
        )
    )


def rows(blocks: list[Block]) -> dict[str, Floats]:
    assert not any(block.unsolved for block in blocks)
    names = [field.name for field in fields(Totals)]
    return {name: np.concatenate([getattr(b.totals, name) for b in blocks]) for name in names}


def same(found: dict[str, Floats], wanted: dict[str, Floats]) -> None:
    for name, table in wanted.items():
        if name != "sample":
            np.testing.assert_array_equal(found[name], table, err_msg=name)


def available(corridor: Corridor) -> Callable[[Ints], Iterator[Floats]]:
    stands = left(corridor)
    return lambda samples: (np.tile(row, (len(samples), 1)) for row in stands)


def with_weather(corridor: Corridor, own: SampleWeather) -> Corridor:
    """The same corridor of a case that has this weather."""
    case = corridor.case
    assert case.weather is not None
    outdoor, wind = case.weather.outdoor_degc.copy(), case.weather.wind_m_per_s.copy()
    outdoor[:STEPS], wind[:STEPS] = own.outdoor_degc, own.wind_m_per_s
    weather = replace(case.weather, outdoor_degc=outdoor, wind_m_per_s=wind)
    return replace(corridor, case=replace(case, weather=weather))


def test_the_case_s_own_weather_and_parameters_change_nothing(corridor: Corridor) -> None:
    own, stands = corridor.case.weather, available(corridor)
    assert own is not None
    central = Thermal(
        rooms=_of_flats(corridor), emitters_w_per_m2=_emitters(corridor), pipes=_of_kinds(corridor)
    )

    def draw(samples: Ints) -> Drawn:
        count = len(samples)
        wide = (count, 1)
        weather = (
            SampleWeather(np.tile(degc, wide), np.tile(wind, wide))
            for degc, wind in zip(own.outdoor_degc, own.wind_m_per_s, strict=True)
        )
        some = Thermal(
            Rooms(**{k: np.repeat(v, count, 0) for k, v in vars(central.rooms).items()}),
            np.repeat(central.emitters_w_per_m2, count, 0),
            Pipes(**{k: np.repeat(v, count, 0) for k, v in vars(central.pipes).items()}),
        )
        start = balanced_starts(corridor, sky_of(corridor, 0), count)
        return Drawn(stands(samples), weather, some, start)

    found = rows(walk(corridor, draw))
    same(found, rows(walk(corridor, lambda samples: Drawn(stands(samples)))))
    assert found["drained"].max() > 0


def _of_flats(corridor: Corridor) -> Rooms:
    """The case's central rooms, flat by flat: every flat of the town is in some home."""
    flat, home = np.unique(corridor.homes.flat, return_index=True)
    tables = {}
    for name, table in vars(corridor.rooms).items():
        tables[name] = np.zeros((1, len(corridor.case.archetypes.flats.share)))
        tables[name][0, flat] = table[1, home]
    return Rooms(**tables)


def _emitters(corridor: Corridor) -> Floats:
    flat, home = np.unique(corridor.homes.flat, return_index=True)
    table = np.zeros((1, len(corridor.case.archetypes.flats.share)))
    table[0, flat] = corridor.fabric.emitters_w_per_m2[1, home]
    return table


def _of_kinds(corridor: Corridor) -> Pipes:
    kind, group = np.unique(corridor.case.buildings.archetype, return_index=True)
    tables = {}
    for name, table in vars(corridor.pipes).items():
        tables[name] = np.zeros((1, len(corridor.case.archetypes), table.shape[-1]))
        tables[name][0, kind] = table[1, group]
    return Pipes(**tables)


def test_weather_of_its_own_is_that_of_a_case(corridor: Corridor) -> None:
    stands = available(corridor)

    def draw(samples: Ints) -> Drawn:
        return Drawn(stands(samples), weathers(corridor, samples))

    found = rows(walk(corridor, draw))
    for block in (1, 3):
        same(rows(walk(corridor, draw, block=block)), found)
    start = balanced_start(corridor, 0)
    for k in SAMPLES.tolist():
        changed = with_weather(corridor, weather_of(corridor, k))
        blocks = walk(
            changed,
            lambda samples: Drawn(
                stands(samples), state=balanced_starts(corridor, sky_of(corridor, 0), 1)
            ),
            samples=SAMPLES[k : k + 1],
        )
        same({name: table[k : k + 1] for name, table in found.items()}, rows(blocks))
        alone = march(
            corridor,
            left(corridor),
            first=0,
            state=start,
            weather=weathers(corridor, SAMPLES[k : k + 1]),
        )
        cold = alone.home_people @ alone.hours_below[1]
        assert found["people_hours_below"][k] == pytest.approx(cold, rel=1e-9, abs=1e-6)
    assert np.ptp(found["people_hours_below"][:, 0]) > 0
    assert len(set(found["drained"].tolist())) > 1


def test_parameters_of_its_own_are_those_of_a_case(corridor: Corridor) -> None:
    stands = available(corridor)
    found = rows(
        walk(
            corridor,
            lambda samples: Drawn(
                stands(samples),
                weathers(corridor, samples),
                draw_parameters(corridor, 3, samples),
            ),
        )
    )
    for k in SAMPLES.tolist():
        own = draw_parameters(corridor, 3, np.array([k]))
        changed = replace(corridor, **_central(corridor, own))
        blocks = walk(
            with_weather(changed, weather_of(corridor, k)),
            lambda samples: Drawn(
                stands(samples), state=balanced_starts(corridor, sky_of(corridor, 0), 1)
            ),
            samples=SAMPLES[k : k + 1],
        )
        same({name: table[k : k + 1] for name, table in found.items()}, rows(blocks))
    assert len(set(found["people_hours_below"][:, 0].tolist())) == len(SAMPLES)


def _central(corridor: Corridor, own: Thermal) -> dict[str, Fabric | Rooms | Pipes]:
    """A corridor's parts with these parameters as its central band."""
    flat, kind = corridor.homes.flat, corridor.case.buildings.archetype

    def put(table: Floats, row: Floats) -> Floats:
        return np.stack([table[0], row, table[2]])

    walls = {k: put(v, getattr(own.rooms, k)[0, flat]) for k, v in vars(corridor.rooms).items()}
    tubes = {k: put(v, getattr(own.pipes, k)[0, kind]) for k, v in vars(corridor.pipes).items()}
    most = put(corridor.fabric.emitters_w_per_m2, own.emitters_w_per_m2[0, flat])
    fabric = replace(
        corridor.fabric, rooms=Rooms(**walls), pipes=Pipes(**tubes), emitters_w_per_m2=most
    )
    return {"rooms": fabric.rooms, "pipes": fabric.pipes, "fabric": fabric}


def test_a_draw_at_the_middle_is_the_central_value(corridor: Corridor) -> None:
    """Archetypes of one row, the central one, through the functions that rooms come from."""
    archetypes = corridor.case.archetypes
    flats = archetypes.flats
    one = replace(
        archetypes,
        parameter={k: v[1:2] for k, v in archetypes.parameter.items()},
        flats=replace(flats, parameter={k: v[1:2] for k, v in flats.parameter.items()}),
    )
    own, kinds = thermal(corridor, one), homes(one, corridor.case.buildings)
    walked = made_of(corridor, own)
    row = walked.fabric.row[1]
    for name, table in vars(rooms(one, kinds)).items():
        np.testing.assert_array_equal(getattr(walked.fabric.rooms, name)[row], table)
    for name, table in vars(pipes(one, corridor.case.buildings)).items():
        found = getattr(walked.fabric.pipes, name)[row][:, walked.fabric.kind]
        np.testing.assert_array_equal(found, table)
    np.testing.assert_array_equal(
        walked.fabric.rooms.window_w_per_m2k[0], corridor.rooms.window_w_per_m2k[0]
    )


def test_draws_are_keyed_by_sample_and_spread_as_said(corridor: Corridor) -> None:
    """The heat capacity of a flat: median central, within its ends; a quarter below the middle."""
    samples = np.arange(1000)
    own = draw_parameters(corridor, 11, samples)
    some = draw_parameters(corridor, 11, samples[[700, 3]])
    for name, table in vars(own.rooms).items():
        np.testing.assert_array_equal(getattr(some.rooms, name), table[[700, 3]])
    other = draw_parameters(corridor, 12, samples[:5]).rooms.capacity_wh_per_m2k
    assert not (other == own.rooms.capacity_wh_per_m2k[:5]).any()
    low, central, high = corridor.case.archetypes.flats.parameter["heat_capacity_kj_per_m2k"] / 3.6
    drawn = own.rooms.capacity_wh_per_m2k
    assert (drawn >= low - 1e-9).all()
    assert (drawn <= high + 1e-9).all()
    # Half of the weight below the centre, and of that a quarter in the outer half of the way.
    share = [(drawn < central).mean(axis=0), (drawn < (low + central) / 2).mean(axis=0)]
    for found, p in zip(share, (0.5, 0.125), strict=True):
        np.testing.assert_allclose(found, p, atol=4.5 * np.sqrt(p * (1 - p) / len(samples)))
    # Archetypes are drawn apart, and flats of one building together.
    flats = corridor.case.archetypes.flats.archetype
    ranks = (drawn - central) > 0
    both = np.flatnonzero(flats == flats[0])
    assert (ranks[:, both] == ranks[:, both[:1]]).all()
    others = np.corrcoef(ranks[:, [0, int(np.flatnonzero(flats != flats[0])[0])]].T)
    assert abs(others[0, 1]) < 4.5 / np.sqrt(len(samples))


def test_a_start_in_balance_stays_in_balance(corridor: Corridor) -> None:
    """With parameters and weather of its own a sample starts at comfort, and nothing jumps."""
    own = draw_parameters(corridor, 3, SAMPLES)
    walked = made_of(corridor, own)
    weather = next(weathers(corridor, SAMPLES))
    start = balanced_starts(walked, sky_over(walked, 0, weather), len(SAMPLES))
    again = balanced_starts(
        made_of(corridor, draw_parameters(corridor, 3, SAMPLES[2:3])),
        sky_over(walked, 0, weather.of_samples(SAMPLES[2:3])),
        1,
    )
    np.testing.assert_array_equal(of_sample(start, 2).mass_degc, of_sample(again, 0).mass_degc)
    np.testing.assert_array_equal(of_sample(start, 2).zone_degc, of_sample(again, 0).zone_degc)
    ordinary = balanced_start(corridor, 0)
    np.testing.assert_array_equal(
        of_sample(balanced_starts(corridor, sky_of(corridor, 0), 3), 1).mass_degc,
        ordinary.mass_degc,
    )
    own_weather, comfort = corridor.case.weather, np.full(corridor.groups, 20.0)
    assert own_weather is not None
    assert corridor.case.settings.number("set_points.comfort_degc") == 20.0
    outdoor = own_weather.outdoor_degc[0, corridor.case.buildings.region]
    zone = steady_zone(corridor.pipes, indoor_degc=comfort, outdoor_degc=outdoor)
    np.testing.assert_array_equal(ordinary.zone_degc, zone)
