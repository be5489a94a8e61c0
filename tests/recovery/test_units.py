"""Mobile units: where one goes, when it moves on, who refuels it; planning on leaves it there."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.case.nouns import DamageRow
from keepwarm.case.plan import NO_TIME
from keepwarm.case.read import read_case
from keepwarm.case.resources import MobileUnit
from keepwarm.recovery.fuel import Burner, Tanker, rounds
from keepwarm.recovery.itineraries import Start, Ways, best_itinerary
from keepwarm.recovery.planning import plan
from keepwarm.recovery.replan import standing_of
from keepwarm.runs.run import run


def ways(hours, place, cost=0.0):
    place = np.array(place)
    return Ways(np.array(hours, dtype=float), place, np.full(place.size, float(cost)), 1.0)


def best_of_all(gain, ways, start):
    """Every stay and every move tried, from the first step on."""
    sites, steps = gain.shape

    @cache
    def worth(site, t):
        if t >= steps:
            return 0.0
        options = [gain[site, t] + worth(site, t + 1)]
        for other in range(sites):
            way = max(1, int(np.ceil(ways.hours[ways.place[site], ways.place[other]])))
            if t + way < steps:
                options.append(worth(other, t + way) - ways.cost[other])
        return max(options)

    if start.site >= 0:
        return worth(start.site, int(np.ceil(start.ready)))
    arrives = start.ready + ways.hours[start.place, ways.place]
    return max(worth(site, int(np.ceil(arrives[site]))) for site in range(sites))


@given(
    gain=st.integers(1, 3).flatmap(
        lambda sites: st.lists(
            st.lists(st.integers(0, 9), min_size=6, max_size=6), min_size=sites, max_size=sites
        )
    ),
    hours=st.lists(st.lists(st.floats(0.25, 3), min_size=2, max_size=2), min_size=2, max_size=2),
    place=st.lists(st.integers(0, 1), min_size=3, max_size=3),
    cost=st.integers(0, 4),
    stands=st.booleans(),
)
def test_no_itinerary_is_better(gain, hours, place, cost, stands):
    gain = np.array(gain, dtype=float)
    own = ways(hours, place[: len(gain)], cost)
    start = Start(0, 1.0, 0 if stands else -1)
    found, stays = best_itinerary(gain, own, start)
    assert found == pytest.approx(best_of_all(gain, own, start))
    served = 0.0
    for stay, then in zip(stays, [*stays[1:], None], strict=True):
        begin, end = (min(int(np.ceil(h)), 6) for h in (stay.begin, min(stay.end, 6)))
        served += gain[stay.site, begin:end].sum()
        if then is not None:
            way = own.hours[own.place[stay.site], own.place[then.site]]
            assert then.begin == pytest.approx(stay.end + way)
            served -= cost
    assert served == pytest.approx(found)


def test_a_unit_moves_on_where_its_own_place_has_heat_back():
    """Eight hours at the first site, two on the way, the rest at the second; six pay for a move."""
    gain = np.zeros((2, 24))
    gain[0, :10], gain[1, 10:] = 5.0, 4.0
    own = ways([[0, 2], [2, 0]], [0, 1], cost=24.0)
    _, stays = best_itinerary(gain, own, Start(0, 2.0))
    assert [(s.site, s.begin, s.end) for s in stays] == [(0, 2, 10), (1, 12, np.inf)]
    short = gain[:, :17]  # five hours there would not pay for it
    _, stays = best_itinerary(short, own, Start(0, 2.0))
    assert [s.site for s in stays] == [0]


TRAVEL = np.array([[0.0, 1.0], [1.0, 0.0]])


def burner(litres_per_hour=10.0, tank=100.0, steps=30, **parts):
    burnt = litres_per_hour * np.arange(steps + 1.0)
    return replace(Burner(1, 0.0, np.inf, tank, tank, burnt), **parts)


def test_a_tanker_is_there_before_the_tank_is_empty():
    """Empty at 10:00, so there at 7:00 with 70 litres; full for ten hours from then on."""
    made, [dry] = rounds([burner()], [Tanker("T", 0, 0.0, 1000.0)], TRAVEL, step_hours=1.0)
    assert [(one.arrives, one.litres) for one in made] == [(7, 70), (14, 70), (21, 70)]
    assert dry == []


def test_units_stand_dry_until_a_late_tanker_comes():
    made, [dry] = rounds([burner()], [Tanker("T", 0, 11.0, 1000.0)], TRAVEL, step_hours=1.0)
    assert (made[0].arrives, made[0].litres) == (12, 100)
    assert dry == [(10, 12)]
    assert rounds([burner()], [], TRAVEL, step_hours=1.0) == ([], [[(10, np.inf)]])


def test_an_empty_tanker_goes_back_for_more():
    """Four rounds of 25 litres; then an hour back, an hour to fill, an hour there."""
    small = burner(tank=50.0)
    made, [dry] = rounds([small], [Tanker("T", 0, 0.0, 100.0)], TRAVEL, step_hours=1.0)
    # Whenever half of the tank is burnt; from 10:30 on it is away for three hours.
    assert [one.arrives for one in made[:6]] == [2.5, 5, 7.5, 10, 13.5, 16]
    assert dry == []


@given(
    rates=st.lists(st.floats(1, 40), min_size=1, max_size=4),
    tanks=st.lists(st.floats(20, 200), min_size=4, max_size=4),
    tankers=st.lists(st.floats(50, 500), min_size=0, max_size=2),
    places=st.lists(st.integers(0, 1), min_size=4, max_size=4),
)
def test_no_tank_runs_over_and_none_is_empty_but_where_it_is_said(rates, tanks, tankers, places):
    burners = [
        burner(rate, tank, place=place)
        for rate, tank, place in zip(rates, tanks, places, strict=False)
    ]
    fleet = [Tanker(str(at), 0, 0.0, litres) for at, litres in enumerate(tankers)]
    made, dry = rounds(burners, fleet, TRAVEL, step_hours=1.0)
    litres = sum(one.litres for one in made)
    for number, one in enumerate(burners):
        stood = sum(min(end, 30.0) - begin for begin, end in dry[number])
        burnt = rates[number] * (30.0 - stood)
        assert burnt >= 0
        litres -= burnt - one.level_litres
    # What was burnt beyond the first fill was delivered; the rest is still in the tanks.
    assert -1e-6 <= litres <= sum(one.tank_litres for one in burners) + 1e-6
    for name in {one.tanker for one in made}:
        own = [one for one in made if one.tanker == name]
        assert all(one.litres <= fleet[int(name)].litres + 1e-6 for one in own)
        assert all(b.arrives >= a.arrives + 0.5 - 1e-9 for a, b in pairwise(own))


UNITS = (
    MobileUnit("Boiler", "boiler", 2, 3.0, 0.0, 0, NO_TIME, 2.0, 110.0, 3000.0),
    MobileUnit("Generator", "generator", 2, 0.1, 0.0, 1, NO_TIME, 1.0, 270.0, np.nan),
    MobileUnit("Tanker", "tanker", 1, 0.0, 0.0, 0, NO_TIME, 0.0, 0.0, 5000.0),
)


@pytest.fixture(scope="module")
def town(examples):
    case = read_case(examples / "town")
    return replace(case, resources=replace(case.resources, mobile=UNITS))


@pytest.fixture(scope="module")
def storm(town, examples):
    from keepwarm.damage import read_damage

    return read_damage(town, examples / "town" / "storm.csv")


@pytest.fixture(scope="module")
def first(town, storm):
    return plan(town, storm, seconds=20.0, most=60)


def test_units_go_where_heat_is_short_and_are_refuelled(town, first):
    boilers = [one for one in first.deployments if one.kind == "boiler"]
    assert sum(one.count for one in boilers if one.begin == boilers[0].begin) == 2
    assert {one.target for one in boilers} <= {"West heat", "East heat"}
    # A tank of 3,000 litres lasts nine hours at full load: somebody comes before.
    assert first.deliveries
    assert first.deliveries[0].tanker == "Tanker"
    gaps = [one for one in boilers if one.why == "refuelled"]
    assert gaps == []
    none = replace(town, resources=replace(town.resources, mobile=UNITS[:2]))
    alone = plan(none, storm_of(town), seconds=20.0, most=60)
    [dry] = {one.why.rpartition("; ")[2] for one in alone.deployments if one.kind == "boiler"}
    assert dry == "its tank is empty by then, and no tanker can come"
    hours = {(one.end - one.begin) / np.timedelta64(3600, "s") for one in alone.deployments[:1]}
    assert all(9.0 <= one <= 24.0 for one in hours)


def storm_of(town):
    names, at = town.network.assets.name, np.datetime64("2026-01-09T06:00:00", "s")
    assets = ("CHP unit", "CHP peak boiler", "Main CHP-West", "Main CHP-East")
    return tuple(DamageRow(at, names.index(one), 0.0, NO_TIME, "", "") for one in assets)


def test_planning_on_leaves_units_where_they_stand_and_the_past_as_it_was(town, storm, first):
    ran = run(town, storm, plan=first)
    at = np.datetime64("2026-01-10T06:00:00", "s")
    new = DamageRow(at, town.network.assets.name.index("Boiler house"), 0.0, NO_TIME, "", "")
    standing = standing_of(town, ran, at, (new,))
    again = plan(town, (), standing=standing, seconds=20.0, most=60)
    stood = {
        (one.unit, one.target, one.begin, one.leaves): one.count
        for one in first.deployments
        if one.begin <= at and (np.isnat(one.end) or one.end > at)
    }
    assert stood
    for key, count in stood.items():
        lines = [o for o in again.deployments if (o.unit, o.target, o.begin, o.leaves) == key]
        assert sum(one.count for one in lines) == count
    after = run(town, (*storm, new), plan=again)
    for name in ("group_hours", "steps"):
        one, other = (r.tables[name].to_pandas() for r in (ran, after))
        past, same = one["time"] < at, other["time"] < at
        assert past.sum() == same.sum() > 0
        assert one[past].reset_index(drop=True).equals(other[same].reset_index(drop=True))
