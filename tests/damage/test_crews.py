"""Crews, tasks and schedules, against times worked out by hand."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.case.nouns import DamageRow
from keepwarm.case.plan import NO_TIME, Deployment, Plan, PlannedDrain, PlannedRepair
from keepwarm.case.read import read_case
from keepwarm.case.resources import Access, Crew, RepairNote, Spare
from keepwarm.damage.crews import repaired, travel_hours, unplanned, workforce
from keepwarm.damage.planned import carried_out
from keepwarm.damage.tasks import tasks_of
from keepwarm.errors import InputError

NOW = np.datetime64("2026-01-09T06:00:00", "s")  # 08:00 in Kyiv


@pytest.fixture(scope="module")
def town(examples):
    case = read_case(examples / "town")
    return replace(case, resources=replace(case.resources, repairs={}))


def crew(name="A", trade="plant", base=0, shift=(0.0, 24.0), until=NO_TIME):
    return Crew(name, trade, base, *shift, NO_TIME, until)


def note(hours, after=(), crews=1, partial=(np.nan, np.nan)):
    return RepairNote((np.nan, hours, np.nan), crews, after, *partial)


def out(case, *names):
    index = case.network.assets.name.index
    return tuple(DamageRow(NOW, index(name), 0.0, NO_TIME, "", "") for name in names)


def with_(case, **changed):
    return replace(case, resources=replace(case.resources, **changed))


def scheduled(case, damage, order=None):
    tasks = tasks_of(case, damage, NOW)
    force = workforce(case, tasks)
    order = np.arange(len(tasks)) if order is None else np.array(order)
    return tasks, force, force.carry_out(tasks, order, tasks.hours[1])


def test_one_crew_after_the_other_with_its_way(town):
    """West to East: travel.csv says 2 h; the second task begins after the way."""
    travel = np.array([[0.0, 2.0], [2.0, 0.0]])
    case = with_(
        town,
        crews=(crew(),),
        travel_hours=travel,
        repairs={"CHP unit": note(10.0), "Boiler house": note(5.0)},
    )
    tasks, _, schedule = scheduled(case, out(case, "CHP unit", "Boiler house"))
    ways = [travel[0, place] for place in tasks.place]
    assert schedule.begin.tolist() == [ways[0], ways[0] + 10.0 + travel[tuple(tasks.place)]]
    assert (schedule.end - schedule.begin).tolist() == [10.0, 5.0]


@pytest.mark.parametrize(
    ("shift", "hours", "begin", "end"),
    [
        ((0.0, 24.0), 30.0, 0.0, 30.0),
        ((8.0, 20.0), 12.0, 0.0, 12.0),  # it is 08:00: one whole shift
        ((8.0, 20.0), 13.0, 0.0, 25.0),  # one hour of the next
        ((10.0, 18.0), 20.0, 2.0, 2.0 + 24 * 2 + 4),  # two shifts of eight, four hours of a third
        ((20.0, 8.0), 5.0, 12.0, 17.0),  # a night shift begins at 20:00
        ((20.0, 8.0), 13.0, 12.0, 37.0),
        ((6.0, 10.0), 4.0, 0.0, 24.0),  # two hours left of the shift, two of the next
    ],
)
def test_work_pauses_between_shifts(town, shift, hours, begin, end):
    case = with_(town, crews=(crew(shift=shift),), repairs={"CHP unit": note(hours)})
    _, _, schedule = scheduled(case, out(case, "CHP unit"))
    assert (schedule.begin[0], schedule.end[0]) == (begin, end)


def test_a_task_waits_for_what_must_come_first(town):
    case = with_(
        town,
        crews=(crew(), crew("B")),
        repairs={"CHP unit": note(10.0, ("CHP peak boiler",)), "CHP peak boiler": note(7.0)},
    )
    _, _, schedule = scheduled(case, out(case, "CHP unit", "CHP peak boiler"), [0, 1])
    assert schedule.begin.tolist() == [7.0, 0.0]


def test_spares_go_to_the_first_of_the_order_and_the_next_waits_for_its_own(town):
    assets = town.network.assets
    spare = tuple("pump" if name.startswith("CHP") else "" for name in assets.name)
    network = replace(town.network, assets=replace(assets, spare=spare))
    case = with_(
        replace(town, network=network),
        crews=(crew(), crew("B")),
        spares=(Spare("pump", 1, NO_TIME), Spare("pump", 1, NOW + np.timedelta64(9, "h"))),
        repairs={"CHP unit": note(2.0), "CHP peak boiler": note(2.0)},
    )
    _, _, schedule = scheduled(case, out(case, "CHP unit", "CHP peak boiler"), [1, 0])
    assert schedule.begin.tolist() == [9.0, 0.0]
    only_one = with_(case, spares=case.resources.spares[:1])
    tasks, force, schedule = scheduled(only_one, out(case, "CHP unit", "CHP peak boiler"), [1, 0])
    assert np.isinf(schedule.end).tolist() == [True, False]
    assert unplanned(only_one, tasks, force, schedule) == {
        0: "no spare 'pump' is left for it, and none is announced"
    }


def test_a_closed_place_is_entered_when_it_opens_and_left_before_it_closes(town):
    opens, shuts = NOW + np.timedelta64(5, "h"), NOW + np.timedelta64(30, "h")
    case = with_(town, crews=(crew(),), repairs={"CHP unit": note(10.0)})
    tasks = tasks_of(case, out(case, "CHP unit"), NOW)
    place = int(tasks.place[0])
    closed = with_(case, access=(Access(place, NO_TIME, opens, ""),))
    assert scheduled(closed, out(case, "CHP unit"))[2].begin[0] == 5.0
    later = with_(case, access=(Access(place, NOW + np.timedelta64(4, "h"), shuts, ""),))
    assert scheduled(later, out(case, "CHP unit"))[2].begin[0] == 30.0
    for_good = with_(case, access=(Access(place, NO_TIME, NO_TIME, ""),))
    tasks, force, schedule = scheduled(for_good, out(case, "CHP unit"))
    assert unplanned(for_good, tasks, force, schedule) == {
        0: "its place is closed to crews, with no end known"
    }


def test_two_crews_that_must_work_together_begin_when_both_are_there(town):
    case = with_(
        town,
        crews=(crew(), crew("B")),
        repairs={"CHP peak boiler": note(3.0), "CHP unit": note(10.0, crews=2)},
    )
    _, _, schedule = scheduled(case, out(case, "CHP peak boiler", "CHP unit"))
    assert schedule.begin.tolist() == [0.0, 3.0]
    assert sorted(schedule.crew[1].tolist()) == [0, 1]


def test_what_nobody_can_do_is_said(town):
    damage = out(town, "CHP unit", "Main CHP-West")
    nobody = with_(town, crews=())
    tasks, force, schedule = scheduled(nobody, damage)
    assert set(unplanned(nobody, tasks, force, schedule).values()) == {
        "there are no crews (crews.csv)"
    }
    leaves = NOW + np.timedelta64(4, "h")
    case = with_(town, crews=(crew(until=leaves),))
    tasks, force, schedule = scheduled(case, damage)
    assert unplanned(case, tasks, force, schedule) == {
        0: "no crew of its trade stays long enough",
        1: "no crew has the trade 'heat'",
    }


def test_a_circle_is_cut_and_said(town):
    case = with_(
        town,
        crews=(crew(),),
        repairs={
            "CHP unit": note(1.0, ("CHP peak boiler",)),
            "CHP peak boiler": note(1.0, ("CHP unit",)),
        },
    )
    tasks, _, schedule = scheduled(case, out(case, "CHP unit", "CHP peak boiler"))
    assert np.isfinite(schedule.end).all()
    assert tasks.notes == (
        "'CHP unit' waits in a circle for CHP peak boiler: planned without waiting",
    )


def test_a_part_comes_back_sooner(town):
    case = with_(town, crews=(crew(),), repairs={"CHP unit": note(10.0, partial=(4.0, 0.5))})
    damage = out(case, "CHP unit")
    tasks, _, schedule = scheduled(case, damage)
    rows = repaired(tasks, schedule, damage)
    hour = np.timedelta64(1, "h")
    assert [(row.available, row.time, row.until) for row in rows] == [
        (0.0, NOW, NOW + 4 * hour),
        (0.5, NOW + 4 * hour, NOW + 10 * hour),
    ]


def test_rows_with_an_end_and_rows_still_to_come_are_no_tasks(town):
    index = town.network.assets.name.index
    hour = np.timedelta64(1, "h")
    promised = DamageRow(NOW, index("CHP unit"), 0.0, NOW + hour, "", "")
    later = DamageRow(NOW + hour, index("Boiler house"), 0.0, NO_TIME, "", "")
    tasks = tasks_of(town, (promised, later), NOW)
    assert len(tasks) == 0
    assert tasks.notes == ("1 row of damage begins after the plan is made: not known yet",)


def test_a_plan_is_carried_out_in_its_order(town):
    case = with_(
        town,
        crews=(crew(),),
        repairs={"CHP unit": note(10.0), "CHP peak boiler": note(5.0)},
    )
    damage = out(case, "CHP unit", "CHP peak boiler")

    def planned(*names, **more):
        repairs = tuple(
            PlannedRepair(name, ("A",), NO_TIME, NO_TIME, NO_TIME, NO_TIME, **more)
            for name in names
        )
        plan = Plan("town", NOW, 100.0, "people_cold", repairs)
        ends = [row.until for row in carried_out(case, damage, plan)]
        return [float((end - NOW) / np.timedelta64(1, "h")) for end in ends]

    assert planned("CHP unit", "CHP peak boiler") == [10.0, 15.0]
    assert planned("CHP peak boiler", "CHP unit") == [15.0, 5.0]
    assert np.isnan(planned("CHP unit")).tolist() == [False, True]
    held = NOW + np.timedelta64(20, "h")
    assert planned("CHP peak boiler", "CHP unit", not_before=held) == [35.0, 25.0]
    with pytest.raises(InputError, match="is no asset of this case"):
        planned("CHP unti")


def test_ways_are_great_circles_over_the_speed(town):
    """0.03 degrees of longitude on the equator are 3.336 km; times 1.3, at 30 km/h."""
    regions = replace(town.regions, lon=np.array([0.0, 0.03]), lat=np.zeros(2))
    case = with_(replace(town, regions=regions), travel_hours=np.full((2, 2), np.nan))
    assert travel_hours(case)[0, 1] == pytest.approx(3.3358 * 1.3 / 30, rel=1e-3)


@given(seed=st.integers(0, 10_000), crews=st.integers(1, 3))
def test_no_crew_is_in_two_places_and_all_hours_are_worked(town, seed, crews):
    rng = np.random.default_rng(seed)
    names = [
        name
        for name, trade in zip(town.network.assets.name, town.network.assets.crew, strict=True)
        if trade == "plant"
    ]
    shifts = [(0.0, 24.0), (8.0, 20.0), (22.0, 6.0)]
    case = with_(
        town,
        crews=tuple(
            crew(str(n), base=int(rng.integers(2)), shift=shifts[int(rng.integers(3))])
            for n in range(crews)
        ),
        repairs={name: note(float(rng.uniform(1, 40))) for name in names},
    )
    tasks, force, schedule = scheduled(case, out(case, *names), rng.permutation(len(names)))
    assert (schedule.end - schedule.begin >= tasks.hours[1] - 1e-9).all()
    for one in range(crews):
        own = np.flatnonzero(schedule.crew[:, 0] == one)
        own = own[np.argsort(schedule.begin[own])]
        for first, then in pairwise(own.tolist()):
            way = force.travel[force.task_place[first], force.task_place[then]]
            assert schedule.begin[then] >= schedule.end[first] + way - 1e-9


def test_what_a_plan_may_not_name(town):
    case = with_(town, crews=(crew(), crew("B", trade="heat")))
    damage = out(case, "CHP unit")
    repair = PlannedRepair("CHP unit", ("B",), *[NO_TIME] * 4)
    unit = Deployment("G", 1, "generator", "", "Wset new", NO_TIME, NO_TIME, 1.0, 1.0)
    drain = PlannedDrain("nobody's", True, 1.0, NO_TIME, NO_TIME)
    plan = Plan("town", NOW, 10.0, "energy", (repair,), drains=(drain,), deployments=(unit,))
    with pytest.raises(InputError) as raised:
        carried_out(case, damage, plan)
    said = str(raised.value)
    assert "'B' has the trade 'heat'; expected 'plant', for CHP unit" in said
    assert "'nobody's' is no building group of this case" in said
    assert "deploy 1: target: 'Wset new'" in said
    assert "Did you mean 'West new'?" in said


def test_a_plan_says_which_crews_work_together(town):
    """A and B are nearer, C is told to go along with B: 2 h later."""
    travel = np.array([[0.0, 2.0], [2.0, 0.0]])
    case = with_(
        town,
        crews=(crew("A"), crew("B"), crew("C", base=1)),
        repairs={"CHP unit": note(10.0, crews=2)},
        travel_hours=travel,
    )
    damage = out(case, "CHP unit")
    for crews, hours in ((("A", "B"), 10.0), (("B", "C"), 12.0), ((), 10.0)):
        repair = PlannedRepair("CHP unit", crews, *[NO_TIME] * 4)
        [row] = carried_out(case, damage, Plan("town", NOW, 99.0, "energy", (repair,)))
        assert row.until == NOW + np.timedelta64(int(hours), "h")
