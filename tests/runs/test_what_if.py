"""What-ifs: whatever is changed, and in whatever order, they say what a run of its own says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keepwarm as kw
from keepwarm.case.nouns import Case, Damage, DamageRow
from keepwarm.case.plan import Deployment, Plan, PlannedDrain, PlannedRepair
from keepwarm.case.timetable import timetable
from keepwarm.errors import AuditError
from keepwarm.runs.run import checked
from keepwarm.runs.what_if import WhatIf
from keepwarm.season.audit import Audit
from keepwarm.season.milestones import APART
from tests.runs.alike import differences

START, HOURS = np.datetime64("2026-01-08T00:00:00", "s"), 48
NEVER = np.datetime64("NaT", "s")


def hour(at: float) -> np.datetime64:
    return START + np.timedelta64(round(3600 * at), "s")


@pytest.fixture(scope="module")
def town(examples: Path) -> Case:
    return kw.read_case(examples / "town")


@pytest.fixture(scope="module")
def what_if(town: Case) -> WhatIf:
    return WhatIf(town, hours=HOURS)


def rows(case: Case) -> st.SearchStrategy[DamageRow]:
    """An asset out or derated from some hour on, for good or not, also before and after the run."""
    assets = st.integers(0, len(case.network.assets) - 1)

    def row(asset: int, begin: int, lasts: int | None, left: float) -> DamageRow:
        until = NEVER if lasts is None else hour(begin + lasts)
        return DamageRow(hour(begin), asset, left, until, "a test", "high")

    begin = st.integers(-6, HOURS + 6)
    lasts = st.none() | st.integers(1, 40)
    return st.builds(row, assets, begin, lasts, st.just(0.0))


def plans(case: Case) -> st.SearchStrategy[Plan | None]:
    """Repairs in some order, units at buses and groups, drains, a timetable."""
    crewed = [
        n for n, c in zip(case.network.assets.name, case.network.assets.crew, strict=True) if c
    ]
    made = st.integers(0, 24).map(hour)

    def repair(asset: str, held: int | None) -> PlannedRepair:
        later = NEVER if held is None else hour(held)
        return PlannedRepair(asset, (), NEVER, NEVER, NEVER, NEVER, not_before=later)

    def unit(kind: str, target: str, begin: int, lasts: int | None, mw: float) -> Deployment:
        end = NEVER if lasts is None else hour(begin + lasts)
        return Deployment(f"{kind}-{target}", 1, kind, "", target, hour(begin), end, mw, 2000.0)

    def drain(group: str, begin: int) -> PlannedDrain:
        return PlannedDrain(group, True, 10.0, hour(begin), hour(begin + 12))

    repairs = st.lists(st.sampled_from(crewed), max_size=4, unique=True).flatmap(
        lambda names: st.tuples(
            *(st.builds(repair, st.just(n), st.none() | st.integers(0, HOURS)) for n in names)
        )
    )
    where = [("boiler", "West heat"), ("boiler", "East heat"), ("generator", "West power")]
    units = st.sampled_from([*where, ("generator", "West panel")]).flatmap(
        lambda one: st.builds(
            unit,
            st.just(one[0]),
            st.just(one[1]),
            st.integers(-4, HOURS),
            st.none() | st.integers(1, 30),
            st.sampled_from([0.5, 2.0, 8.0]),
        )
    )
    off = np.arange(4)[:, None] == np.arange(2 * HOURS)[None] // 8 % 4
    table = timetable(("1.1", "1.2", "2.1", "2.2"), START, off)
    drains = st.builds(drain, st.sampled_from(case.buildings.group), st.integers(0, HOURS))
    return st.none() | st.builds(
        Plan,
        st.just(case.name),
        made,
        st.just(float(HOURS)),
        st.just("people_cold"),
        repairs,
        st.lists(drains, max_size=1).map(tuple),
        st.lists(units, max_size=2, unique_by=lambda one: one.target).map(tuple),
        st.sampled_from([None, table]),
    )


def edited(damage: Damage, place: int, row: DamageRow | None) -> Damage:
    """Put a row in, or take one away."""
    at = place % (len(damage) + 1)
    return (*damage[:at], *(() if row is None else (row,)), *damage[at + 1 :])


@settings(max_examples=6)
@given(data=st.data())
def test_any_sequence_of_edits_says_what_fresh_runs_say(
    town: Case, what_if: WhatIf, data: st.DataObject
) -> None:
    """Each what-if knows those before it, a run of its own knows nothing."""
    damage: Damage = ()
    for _ in range(3):
        change = st.tuples(st.integers(0, 4), st.none() | rows(town))
        damage = edited(damage, *data.draw(change))
        plan = data.draw(plans(town))
        quick = what_if.run(damage, plan=plan)
        fresh = kw.run(town, damage, plan=plan, hours=HOURS)
        assert not differences(quick, fresh)
        assert quick.answers["audit"]["steps_checked"] == 0


def test_the_capital_says_what_fresh_runs_say(examples: Path) -> None:
    """As it is, with a plant's unit back early, with one more line out and a mobile boiler."""
    case = kw.read_case(examples / "capital")
    damage = kw.read_damage(case, examples / "capital" / "damage.csv")
    what_if, hours = WhatIf(case, hours=48), 48
    out = case.network.assets.name.index("Line Potters-Linden")
    back = replace(damage[0], until=hour(38))
    more = DamageRow(hour(42), out, 0.0, NEVER, "a test", "high")
    bus = case.network.buses.name[int(case.buildings.heat_bus[0])]
    boiler = Deployment("Boiler", 1, "boiler", "", bus, hour(30), NEVER, 4.0, 0.0)
    plan = Plan(case.name, hour(26), 48.0, "people_cold", deployments=(boiler,))
    for rows_out, told in ((damage, None), ((back, *damage[1:], more), plan)):
        fresh = kw.run(case, rows_out, plan=told, hours=hours)
        assert not differences(what_if.run(rows_out, plan=told), fresh)


def test_a_check_solves_the_steps_again_that_a_run_does(town: Case, what_if: WhatIf) -> None:
    damage = (DamageRow(hour(5), 5, 0.0, NEVER, "a test", "high"),)
    run, done = what_if.run(damage), list[int]()
    audit = what_if.check(damage, progress=done.append)
    fresh = kw.run(town, damage, hours=HOURS)
    assert audit.steps_checked == fresh.answers["audit"]["steps_checked"] == done[-1] == HOURS
    assert checked(run, audit).answers["audit"]["steps_checked"] == HOURS
    assert checked(run, audit).manifest["audit"]["max_relative_gap"] == audit.max_relative_gap
    assert audit.max_relative_gap < 1e-9


def test_a_failed_check_is_no_answer(what_if: WhatIf) -> None:
    with pytest.raises(AuditError, match="sheds"):
        checked(what_if.run(), Audit(60, 0.0, 0.1, 0.0, 0))


def test_a_walk_goes_on_from_where_another_was_the_same(town: Case) -> None:
    """Only steps after the last milestone before the first change are taken, and no other."""
    what_if, again = WhatIf(town, hours=HOURS), list[int]()
    out = DamageRow(hour(3), 5, 0.0, NEVER, "a test", "high")
    what_if.run((out,))
    back = (replace(out, until=hour(2 * APART + 3)),)
    run = what_if.run(back, progress=again.append)
    assert again == list(range(2 * APART + 1, HOURS + 1))
    assert not differences(run, kw.run(town, back, hours=HOURS))
    again.clear()
    what_if.run(back, progress=again.append)
    assert not again
    assert what_if.check(back).steps_checked == HOURS


def test_a_walk_can_be_given_up(town: Case, what_if: WhatIf) -> None:
    """What progress raises ends it, and the next one is as good as ever."""
    damage = (DamageRow(hour(3), 7, 0.0, NEVER, "a test", "high"),)

    def stop(done: int) -> None:
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        what_if.run(damage, progress=stop)
    assert not differences(what_if.run(damage), kw.run(town, damage, hours=HOURS))
