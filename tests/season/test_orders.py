"""What a plan tells a season is done, and nothing else changes."""

from dataclasses import replace

import numpy as np
import pytest

from keepwarm.case.deployed import with_deployments
from keepwarm.case.nouns import TIERS, DamageRow
from keepwarm.case.plan import NO_TIME, Deployment, Plan, PlannedDrain
from keepwarm.case.read import read_case
from keepwarm.case.timetable import timetable
from keepwarm.damage import availability
from keepwarm.runs.run import run, walk
from keepwarm.season import balanced_start, march, orders_of, prepare


@pytest.fixture(scope="module")
def town(examples):
    return read_case(examples / "town")


START = np.datetime64("2026-01-08T00:00:00", "s")
HOURS = 12.0


def plan(**parts):
    return Plan("town", START, HOURS, "people_cold", **parts)


def off(case, group, slots, count=24):
    groups = sorted(set(case.buildings.rotation_group) - {""})
    table = np.zeros((len(groups), count), dtype=bool)
    table[groups.index(group), slots] = True
    return timetable(groups, START, table)


def test_a_group_is_off_as_long_as_its_timetable_says(town):
    """Slots 2 and 3 are the second hour, slot 6 half of the fourth."""
    group = next(name for name in town.buildings.rotation_group if name)
    season, _ = walk(
        town, (), start=START, hours=HOURS, from_state=False,
        plan=plan(timetable=off(town, group, [2, 3, 6])),
    )  # fmt: skip
    mine = np.array([name == group for name in town.buildings.rotation_group])
    shares = season.power_share[:, mine].mean(axis=1)
    people = town.buildings.people
    bus = town.buildings.power_bus
    expected = np.array(
        [people[mine & (bus == b)].sum() / people[bus == b].sum() for b in bus[mine]]
    ).mean()
    assert shares[1] == pytest.approx(1 - expected)
    assert shares[3] == pytest.approx(1 - expected / 2)
    assert (shares[[0, 5, 6, 7, 8]] == 1).all()


def test_critical_needs_are_never_cut_by_timetable(town):
    group = next(name for name in town.buildings.rotation_group if name)
    table = off(town, group, list(range(24)))
    season, _ = walk(
        town, (), start=START, hours=HOURS, from_state=False, plan=plan(timetable=table)
    )
    critical = season.template.needs.tier == TIERS.index("critical")
    assert season.shed_mw[:, critical].max() == 0


def test_served_and_shed_are_the_need_under_a_timetable(town):
    group = next(name for name in town.buildings.rotation_group if name)
    made = plan(timetable=off(town, group, list(range(2, 20))))
    assert run(town, (), start=START, hours=HOURS, from_state=False, plan=made)  # audits itself


def stopped(case, bus):
    return tuple(
        DamageRow(START, asset, 0.0, NO_TIME, "", "")
        for asset, name in enumerate(case.network.assets.name)
        if name.startswith("Main") or name in ("CHP unit", "CHP peak boiler", "Boiler house")
    )


def test_a_group_is_drained_when_the_plan_says_and_held_when_it_says(town):
    corridor = prepare(town)
    damage = stopped(town, 0)
    wet = [g for g in range(corridor.groups) if corridor.has_circuit[g]]
    names = town.buildings.group
    first, second = wet[0], wet[1]
    at = START + np.timedelta64(5, "h")
    made = plan(
        drains=(
            PlannedDrain(names[first], True, 1.0, at, NO_TIME),
            PlannedDrain(names[second], False, 1.0, NO_TIME, NO_TIME),
        )
    )
    row = int(np.searchsorted(town.network.snapshots, START))
    left = availability(town, damage, START, 12)
    orders = orders_of(corridor, made, row, 12)
    season = march(corridor, left, first=row, state=balanced_start(corridor, row), orders=orders)
    drained = season.drained
    assert drained[:5, first].max() == 0
    assert drained[6, first] > 0
    assert drained[:, second].max() == 0


def test_a_line_about_one_stop_says_nothing_of_a_later_one(town):
    """Heat goes out at 0:00, is back at 3:00 and goes out again at 6:00."""
    names = town.network.assets.name
    sources = [names.index(name) for name in ("CHP unit", "CHP peak boiler", "Boiler house")]
    hour = [START + np.timedelta64(h, "h") for h in range(13)]
    damage = [
        DamageRow(begin, asset, 0.0, end, "", "")
        for asset in sources
        for begin, end in ((hour[0], hour[3]), (hour[6], NO_TIME))
    ]
    case = replace(
        town,
        settings=replace(
            town.settings, values={**town.settings.values, "draining.policy": "never"}
        ),
    )
    group = town.buildings.group[1]
    told = PlannedDrain(group, True, 30.0, hour[5], hour[11], "", stopped=hour[0])
    for stopped, drained in ((hour[0], 0.0), (hour[6], 30.0)):
        line = replace(told, stopped=stopped)
        season, _ = walk(case, damage, start=START, hours=HOURS, plan=plan(drains=(line,)))
        assert season.of_state("drained")[-1, 1] == pytest.approx(drained, abs=1.0)


def test_a_plans_crews_drain_as_fast_as_it_says(town):
    """30 buildings from 2:00 to 8:00: five an hour, whatever the city's rate."""
    names = town.network.assets.name
    hour = [START + np.timedelta64(h, "h") for h in range(13)]
    damage = [
        DamageRow(START, names.index(name), 0.0, NO_TIME, "", "")
        for name in ("CHP unit", "CHP peak boiler", "Boiler house")
    ]
    group = town.buildings.group[1]
    line = PlannedDrain(
        group, True, 30.0, hour[2], hour[11], "", stopped=hour[0], end=hour[8], crews=("D",)
    )
    season, _ = walk(town, damage, start=START, hours=HOURS, plan=plan(drains=(line,)))
    left = 30.0 - (season.of_state("draining") + season.of_state("drained"))[:, 1]
    assert left[:9] == pytest.approx([30, 30, 25, 20, 15, 10, 5, 0, 0], abs=1e-6)


def test_a_mobile_boiler_is_a_source_from_its_hour_on(town):
    heat = next(
        name
        for name, carrier in zip(town.network.buses.name, town.network.buses.carrier, strict=True)
        if carrier == "heat" and name == "West heat"
    )
    begin = START + np.timedelta64(150, "m")
    sent = Deployment("Boiler", 2, "boiler", "West", heat, begin, NO_TIME, 6.0, 0.0)
    damage = stopped(town, 0)
    case, rows = with_deployments(town, damage, plan(deployments=(sent,)))
    names = case.network.assets.name
    assert [names[row.asset] for row in rows] == [
        town.network.assets.name[row.asset] for row in damage
    ]
    season, _ = walk(case, rows, start=START, hours=6.0, from_state=False)
    made = season.generator_mw[:, case.network.generators.name.index(f"Boiler at {heat}")]
    assert made[:2].max() == 0
    assert made[2] == pytest.approx(3.0)  # half of the third hour
    assert made[3] == pytest.approx(6.0)


def test_a_generator_keeps_a_substation_running_while_its_feeder_is_off(town):
    needs = np.flatnonzero(town.buildings.substation_needs_power & ~town.buildings.backup)
    at = int(needs[0])
    group = town.buildings.rotation_group[at]
    table = off(town, group, list(range(24)))
    alone = plan(timetable=table)
    sent = Deployment(
        "Set", 1, "generator", "", town.buildings.group[at], START, NO_TIME, 0.1,
        float(town.buildings.people[at]),
    )  # fmt: skip
    without, _ = walk(town, (), start=START, hours=HOURS, from_state=False, plan=alone)
    with_set, _ = walk(
        town, (), start=START, hours=HOURS, from_state=False,
        plan=replace(alone, deployments=(sent,)),
    )  # fmt: skip
    assert without.heat_share[2, at] <= 0.5  # the feeder has groups of two kinds
    assert with_set.heat_share[2, at] == pytest.approx(1.0)


def test_a_plan_that_says_nothing_changes_nothing(town):
    bare, _ = walk(town, (), start=START, hours=HOURS, from_state=False)
    told, _ = walk(town, (), start=START, hours=HOURS, from_state=False, plan=plan())
    assert (bare.operative_degc == told.operative_degc).all()
