"""Orders of repairs: proven where few, never worse than the usual rules where many."""

import tomllib
from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest

from keepwarm.case.nouns import DamageRow
from keepwarm.case.plan import NO_TIME, Plan, PlannedRepair
from keepwarm.case.plan_file import plan_of, plan_text
from keepwarm.case.read import read_case
from keepwarm.case.resources import Crew, RepairNote, Resources, Spare
from keepwarm.damage.begun import as_begun
from keepwarm.damage.planned import carried_out
from keepwarm.damage.tasks import LIKELY
from keepwarm.recovery.enumeration import cheapest
from keepwarm.recovery.planning import plan, problem_of
from keepwarm.recovery.replan import standing_of
from keepwarm.recovery.rules import Order, any_crew, usual_rules
from keepwarm.recovery.search import Clock, search
from keepwarm.runs.run import run
from keepwarm.validation.plan_instances import capital_instance, town_instance

HOURS = 48.0


@pytest.fixture(scope="module")
def town(examples):
    return read_case(examples / "town")


@pytest.fixture(scope="module")
def capital(examples):
    return read_case(examples / "capital")


def best_of_all(problem):
    """Every order with every choice of crews, walked: nothing is ruled out."""
    tasks, force = problem.tasks, problem.force
    crews = [np.flatnonzero(force.trade == trade).tolist() or [-1] for trade in force.task_trade]
    ends = {}
    for order in permutations(range(len(tasks))):
        for chosen in product(*crews):
            end = force.carry_out(
                tasks, np.array(order), tasks.hours[LIKELY], given=np.array(chosen)
            ).end
            ends.setdefault(np.round(end, 6).tobytes(), end)
    return min(cost.value for cost in problem.costs(list(ends.values())))


@pytest.mark.parametrize("seed", [1, 4, 8, 12, 13, 18, 54])
def test_the_best_order_is_that_of_an_exhaustive_search(town, seed):
    """The other 194 instances: `python -m benchmarks.exhaustive`."""
    case, damage = town_instance(town, seed)
    problem = problem_of(case, damage, case.start, hours=HOURS)
    found = search(problem, Clock(600.0))
    assert found.proven
    assert found.best.cost.value == pytest.approx(best_of_all(problem), rel=1e-9, abs=1e-6)
    assert found.bound == found.best.cost.value
    rules = [one.cost.value for one in found.by_rule]
    assert found.best.cost.value <= min(rules) + 1e-9


@pytest.mark.parametrize("seed", [8, 13])
def test_one_more_crew_and_one_more_spare_never_hurt(town, seed):
    case, damage = town_instance(town, seed)
    before = search(problem_of(case, damage, case.start, hours=HOURS), Clock(600.0))
    own = case.resources
    trades = sorted({crew.trade for crew in own.crews})
    for trade in trades:
        one = Crew("one more", trade, 0, 8.0, 20.0, NO_TIME, NO_TIME)
        more = replace(case, resources=replace(own, crews=(*own.crews, one)))
        after = search(problem_of(more, damage, case.start, hours=HOURS), Clock(600.0))
        assert after.best.cost.value <= before.best.cost.value + 1e-6
    spared = replace(case, resources=replace(own, spares=(*own.spares, *(own.spares or ()))))
    after = search(problem_of(spared, damage, case.start, hours=HOURS), Clock(600.0))
    assert after.best.cost.value <= before.best.cost.value + 1e-6


def test_a_set_of_schedules_never_costs_less_than_its_bound(town):
    """The proof rests on nobody being colder because something is back sooner."""
    case, damage = town_instance(town, 12)
    problem = problem_of(case, damage, case.start, hours=HOURS)
    rules = usual_rules(case, problem.tasks, problem.force)
    some = problem.weigh(list(rules.values()))
    early = np.min([one.schedule.end for one in some], axis=0)
    [bound] = problem.costs([early])
    assert all(bound.value <= one.cost.value + 1e-6 for one in some)


def test_a_search_stopped_at_once_is_never_worse_than_the_rules(capital):
    case, damage = capital_instance(capital, 1)
    now = case.start + np.timedelta64(24 * 3600, "s")
    problem = problem_of(case, damage, now, hours=HOURS)
    found = search(problem, Clock(0.0))
    assert found.best.cost.value <= min(one.cost.value for one in found.by_rule)
    assert found.bound <= found.best.cost.value
    assert not found.proven


def test_the_same_number_of_weighed_orders_gives_the_same_plan(capital):
    case, damage = capital_instance(capital, 2, tasks=10, crews=4)
    now = case.start + np.timedelta64(24 * 3600, "s")
    found = [
        search(problem_of(case, damage, now, hours=8.0), Clock(1e9, most=30), seed=3)
        for _ in range(2)
    ]
    assert found[0].best.order.tasks.tolist() == found[1].best.order.tasks.tolist()


def test_an_interrupted_search_keeps_the_best_so_far(capital):
    case, damage = capital_instance(capital, 2, tasks=10, crews=4)
    now = case.start + np.timedelta64(24 * 3600, "s")
    weighed = []

    def stop(best, bound, count):
        weighed.append(best.cost.value)
        raise KeyboardInterrupt

    clock = Clock(1e9, progress=stop)
    found = search(problem_of(case, damage, now, hours=24.0), clock)
    assert clock.interrupted
    assert found.best.cost.value <= min(one.cost.value for one in found.by_rule)


def test_what_a_plan_says_is_what_its_run_comes_to(town, examples):
    from keepwarm.damage import read_damage

    damage = read_damage(town, examples / "town" / "storm.csv")
    made = plan(town, damage, seconds=30.0)
    whole = run(town, damage, plan=made)
    [below] = [
        hours for degc, hours in whole.answers["people_hours_below_degc"].items() if degc == "16"
    ]
    assert below == pytest.approx(made.worth["cold_person_hours"], rel=1e-9)
    assert whole.tables["plan"].num_rows == len(made.repairs)
    assert whole.answers["plan"] == {
        "repairs": len(made.repairs),
        "passed_over": [],
        "unmended": [],
    }
    shorter = run(town, damage, plan=replace(made, repairs=made.repairs[:-1]), hours=60.0)
    assert shorter.answers["plan"]["unmended"] == [made.repairs[-1].asset]
    worse = run(town, damage)
    assert worse.answers["people_hours_below_degc"]["16"] == pytest.approx(
        made.worth["cold_person_hours_without_repairs"], rel=1e-9
    )


def test_planning_on_keeps_what_is_under_way(town, examples):
    from keepwarm.damage import read_damage

    damage = read_damage(town, examples / "town" / "storm.csv")
    made = plan(town, damage, seconds=30.0)
    first = run(town, damage, plan=made)
    at = np.datetime64("2026-01-10T06:00:00", "s")
    new = DamageRow(at, town.network.assets.name.index("Boiler house"), 0.0, NO_TIME, "", "")
    standing = standing_of(town, first, at, (new,))
    # The peak boiler was mended by 18:00 on the day before; the CHP unit (18:00, 48 h) and the main
    # (6:09 to 10:09) are being worked at.
    begun = as_begun(town, standing.damage, standing.begun, at)
    assert begun.under_way == {"CHP unit": ("Plant crew",), "Main CHP-West": ("Heat crew",)}
    unit = begun.tasks.asset.tolist().index(town.network.assets.name.index("CHP unit"))
    assert begun.tasks.hours[LIKELY, unit] == pytest.approx(36.0)
    # Half of it is back after half of the work, 12 h of which are left.
    assert begun.tasks.partial_hours[unit] == pytest.approx(12.0)
    again = plan(town, (), standing=standing, seconds=30.0)
    order = {one.asset: one for one in again.repairs}
    assert set(order) == {"CHP unit", "Main CHP-West", "Main CHP-East", "Boiler house"}
    assert order["CHP unit"].begin == at
    assert order["CHP unit"].end == at + np.timedelta64(36, "h")
    assert order["Boiler house"].begin >= order["CHP unit"].end


def test_nobody_to_repair_is_a_plan_that_says_so(town, examples):
    from keepwarm.damage import read_damage

    damage = read_damage(town, examples / "town" / "storm.csv")
    nobody = replace(town, resources=Resources(travel_hours=town.resources.travel_hours))
    made = plan(nobody, damage, seconds=5.0)
    assert made.repairs == ()
    assert {one.why for one in made.not_planned} == {"there are no crews (crews.csv)"}
    assert len(made.not_planned) == 4


def test_no_damage_is_an_empty_plan(town):
    made = plan(town, (), seconds=5.0)
    assert (made.repairs, made.not_planned) == ((), ())


def test_a_spare_that_never_comes_is_said_and_planned_around(capital):
    case, damage = capital_instance(capital, 0, tasks=3, crews=3)
    asset = case.network.assets.name.index("Transformer Birch 1")
    row = DamageRow(damage[0].time, asset, 0.0, NO_TIME, "", "")
    crews = (*case.resources.crews, Crew("Lines", "power", 0, 0.0, 24.0, NO_TIME, NO_TIME))
    notes = {
        **case.resources.repairs,
        "Transformer Birch 1": RepairNote((3.0, 4.0, 5.0), 1, (), np.nan, np.nan),
    }
    none = (Spare("transformer_330", 0, NO_TIME),)
    resources = replace(case.resources, crews=crews, repairs=notes, spares=none)
    made = plan(replace(case, resources=resources), (*damage, row), hours=24.0, seconds=3.0)
    assert "no spare 'transformer_330' is left for it, and none is announced" in {
        one.why for one in made.not_planned
    }
    assert made.repairs


def test_enumeration_stops_when_told_to(town):
    case, damage = town_instance(town, 8)
    problem = problem_of(case, damage, case.start, hours=HOURS)
    [start] = problem.weigh([usual_rules(case, problem.tasks, problem.force)["listed"]])
    stopped = cheapest(problem, start, go_on=lambda best, bound: False)
    assert not stopped.ruled_out
    assert stopped.best is start


def test_a_search_begins_with_an_earlier_plan(capital):
    case, damage = capital_instance(capital, 1)
    now = case.start + np.timedelta64(24 * 3600, "s")
    problem = problem_of(case, damage, now, hours=24.0)
    rules = usual_rules(case, problem.tasks, problem.force)
    earlier = problem.weigh([rules["people"]])[0].order
    for_all = any_crew(earlier.tasks[::-1].copy())
    alone = search(problem, Clock(0.0))
    begun = search(problem, Clock(0.0), start=[for_all])
    [first] = problem.weigh([for_all])
    assert begun.best.cost.value <= min(first.cost.value, alone.best.cost.value)
    assert begun.weighed >= alone.weighed


def test_a_plan_made_later_keeps_what_an_earlier_one_had_done(town, examples):
    """Without new damage, planning on changes nothing about what was begun."""
    from keepwarm.damage import read_damage

    damage = read_damage(town, examples / "town" / "storm.csv")
    made = plan(town, damage, seconds=30.0)
    ends = [row.until for row in carried_out(town, damage, made)]
    # In the night, when the heat crew rests: 10.86 h of its 16 are done, not 20 of 28.
    at = np.datetime64("2026-01-10T02:00:00", "s")
    again = plan(
        town, (), standing=standing_of(town, run(town, damage, plan=made), at), seconds=30.0
    )
    assert {one.asset for one in again.begun} == {"CHP peak boiler", "CHP unit", "Main CHP-West"}
    later = [row.until for row in carried_out(town, damage, plan_of(loads(again), "again"))]
    apart = np.abs(np.array(later) - np.array(ends)[: len(later)])
    assert len(later) == len(ends)
    assert apart.max() <= np.timedelta64(2, "s")


def loads(made):
    return tomllib.loads(plan_text(made))


def all_of_one_trade(town, number):
    """The town with a trade that everybody has, and so many damaged assets."""
    assets = town.network.assets
    hit = [at for at, crew in enumerate(assets.crew) if crew][:number]
    everybody = tuple("all" if crew else "" for crew in assets.crew)
    network = replace(town.network, assets=replace(assets, crew=everybody))
    damage = tuple(DamageRow(town.start, at, 0.0, NO_TIME, "", "") for at in hit)
    return replace(town, network=network), damage, [assets.name[at] for at in hit]


def crew(name, **more):
    return replace(Crew(name, "all", 0, 0.0, 24.0, NO_TIME, NO_TIME), **more)


def test_a_bound_holds_where_not_every_choice_of_crews_was_listed(town):
    """Five tasks, six crews: 120 orders times 6^5 choices are too many to list."""
    town, damage, names = all_of_one_trade(town, 5)
    notes = {name: RepairNote((3.0, 4.0, 5.0), 1, (), np.nan, np.nan) for name in names}
    crews = tuple(crew(f"{at}") for at in range(6))
    case = replace(town, resources=replace(town.resources, crews=crews, repairs=notes))
    problem = problem_of(case, damage, case.start, hours=HOURS)
    [alone] = problem.costs([problem.alone()])
    found = search(problem, Clock(0.0))
    assert not found.proven
    assert found.bound == alone.value
    best = min(found.by_rule, key=lambda one: one.cost.value)
    assert cheapest(problem, best, go_on=lambda *_: True).bound == -np.inf


def test_crews_that_work_together_are_not_all_listed(town):
    """Who goes with whom is left to who is there first: nothing is proven."""
    town, damage, names = all_of_one_trade(town, 2)
    notes = {name: RepairNote((3.0, 4.0, 5.0), 2, (), np.nan, np.nan) for name in names}
    crews = tuple(crew(f"{at}") for at in range(3))
    case = replace(town, resources=replace(town.resources, crews=crews, repairs=notes))
    found = search(problem_of(case, damage, case.start, hours=24.0), Clock(0.0))
    assert not found.proven


def test_a_bound_holds_where_a_way_round_is_shorter(town):
    """West to East takes 9 h, but 1 h each by way of a place that nobody knows."""
    town, damage, names = all_of_one_trade(town, 2)
    notes = {name: RepairNote((0.1, 0.1, 0.1), 1, (), np.nan, np.nan) for name in names}
    travel = np.array([[0.0, 9.0], [9.0, 0.0]])
    resources = replace(town.resources, crews=(crew("only"),), repairs=notes, travel_hours=travel)
    problem = problem_of(replace(town, resources=resources), damage, town.start, hours=24.0)
    place = np.array([2, 1])  # the first one nobody knows where, the second in the East
    problem.force = replace(problem.force, task_place=place)
    [found] = problem.weigh([any_crew(np.arange(2))])
    assert (problem.alone() <= found.schedule.end + 1e-9).all()


def test_a_plans_file_gives_the_schedule_it_was_made_from(town):
    """The first in the order takes the spare in stock, though its crew comes later."""
    town, damage, names = all_of_one_trade(town, 2)
    assets = town.network.assets
    kinds = tuple("pump" if name in names else "" for name in assets.name)
    network = replace(town.network, assets=replace(assets, spare=kinds))
    hours = np.timedelta64(3600, "s")
    resources = replace(
        town.resources,
        crews=(crew("late", available_from=town.start + 20 * hours), crew("now")),
        repairs={name: RepairNote((3.0, 4.0, 5.0), 1, (), np.nan, np.nan) for name in names},
        spares=(Spare("pump", 1, NO_TIME), Spare("pump", 1, town.start + 10 * hours)),
        travel_hours=np.zeros((2, 2)),
    )
    case = replace(town, network=network, resources=resources)
    problem = problem_of(case, damage, case.start, hours=HOURS)
    [one] = problem.weigh([Order(np.arange(2), np.arange(2))])
    assert one.schedule.end.tolist() == [24.0, 14.0]
    filed = problem.filed(one)
    assert problem.schedule(filed).end.tolist() == [24.0, 14.0]
    repairs = tuple(
        PlannedRepair(names[task], (("late", "now")[task],), *[NO_TIME] * 4)
        for task in filed.tasks.tolist()
    )
    made = Plan(case.name, case.start, HOURS, "people_cold", repairs)
    ends = [row.until for row in carried_out(case, damage, made)]
    assert [(end - case.start) / hours for end in ends] == [24.0, 14.0]
