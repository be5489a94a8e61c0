"""Edits: every fault at once, one asset at a time, and what they make of the damage."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.board.edits import KINDS, Surroundings, applied, read_edit
from keepwarm.board.scenarios import Scenario, canonical, child
from keepwarm.board.situation import Situation, brought_back
from keepwarm.board.store import Store
from keepwarm.case.nouns import Case, DamageRow
from keepwarm.case.plan import NO_TIME, Plan, PlannedRepair
from keepwarm.errors import InputError

START = np.datetime64("2026-01-08T00:00:00", "s")
NASTY = (
    "<script>alert(1)</script>",
    "'; DROP TABLE scenario; --",
    "../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "ТЕЦ\u202eьтсачан",
    "热电厂\x00",
    "{{7*7}}",
    "\ud800",
    "a" * 5000,
)


def at(hour: int) -> np.datetime64:
    return START + np.timedelta64(hour, "h")


def text(hour: int) -> str:
    return f"{at(hour)}Z"


def row(asset: int, begin: int, end: int | None, available: float = 0.0) -> DamageRow:
    return DamageRow(at(begin), asset, available, NO_TIME if end is None else at(end), "", "")


def _none(_: str) -> None:
    """Nothing of that name is stored."""


@pytest.fixture(scope="module")
def around(town: Case) -> Surroundings:
    return Surroundings(town, START, 96.0, _none, _none, lambda *_: None)


def faults_of(document: dict[str, object], now: Situation, around: Surroundings) -> set[str]:
    with pytest.raises(InputError) as raised:
        read_edit(document, now, around)
    return {str(fault.column) for fault in raised.value.faults}


def test_every_fault_is_said_at_once(around):
    wrong = {"kind": "unit", "unit": "reactor", "mw": -1, "from": "soon", "colour": "red"}
    assert faults_of(wrong, Situation(()), around) == {"unit", "target", "mw", "from", "'colour'"}


@pytest.mark.parametrize("kind", [None, 7, [], "sweep", "out_all", "OUT"])
def test_there_are_no_other_kinds(around, kind):
    assert faults_of({"kind": kind}, Situation(()), around) == {"kind"}


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_text_is_taken_for_anything_but_a_name(around, kind, nasty):
    document = {"kind": kind, **dict.fromkeys(KINDS[kind], nasty)}
    if kind != "no_plan":
        assert faults_of(document, Situation(()), around)


@pytest.mark.parametrize("many", [["CHP unit", "Boiler house"], {"class": "chp"}, "*", "CHP*", ""])
def test_assets_are_taken_out_singly(around, many):
    wrong = {"kind": "out", "asset": many, "at": text(3)}
    assert faults_of(wrong, Situation(()), around) == {"asset"}


def test_an_asset_that_is_out_is_not_taken_out_again(around):
    edit = {"kind": "out", "asset": "CHP unit", "at": text(3), "until": text(9)}
    asset = around.case.network.assets.name.index("CHP unit")
    for begin, end in ((3, 4), (0, None), (8, 20)):
        assert faults_of(edit, Situation((row(asset, begin, end),)), around) == {"asset"}
    for begin, end in ((9, None), (0, 3)):
        assert read_edit(edit, Situation((row(asset, begin, end),)), around)["asset"] == "CHP unit"


def test_a_line_is_in_or_out(around):
    network = around.case.network
    lines = replace(network.assets, kind=("line",) * len(network.assets))
    case = replace(around.case, network=replace(network, assets=lines))
    half = {"kind": "out", "asset": "CHP unit", "at": text(3), "available": 0.5}
    assert read_edit(half, Situation(()), around)["available"] == 0.5
    assert faults_of(half, Situation(()), replace(around, case=case)) == {"available"}


def test_back_sooner_and_later_by_hand():
    damage = (row(4, 2, 10), row(4, 5, None), row(7, 0, None), row(4, 30, 40))
    # At 20: the open row ends then, the one that ended before stays, the later one is gone.
    found = brought_back(damage, 4, at(20))
    assert found == (row(4, 2, 10), row(4, 5, 20), row(7, 0, None))
    # Sooner than all: both end then. Later than all: the one that lasts longest does.
    assert brought_back(damage[:2], 4, at(6)) == (row(4, 2, 6), row(4, 5, 6))
    assert brought_back((row(4, 2, 10), row(4, 5, 8)), 4, at(60)) == (row(4, 2, 60), row(4, 5, 8))


def test_a_repair_is_put_first_and_held_back(around):
    one = PlannedRepair("CHP unit", (), NO_TIME, NO_TIME, NO_TIME, NO_TIME)
    plan = Plan("town", START, 96.0, "", (one, replace(one, asset="Boiler house")))
    now = Situation((), plan)
    first = applied({"kind": "first", "asset": "Boiler house"}, now, around).plan
    assert first is not None
    assert [repair.asset for repair in first.repairs] == ["Boiler house", "CHP unit"]
    edit = read_edit({"kind": "shift", "asset": "CHP unit", "not_before": text(9)}, now, around)
    held = applied(edit, now, around).plan
    assert held is not None
    assert held.repairs[0].not_before == at(9)
    shift = {"kind": "shift", "asset": "Main CHP-West", "not_before": text(9)}
    assert faults_of(shift, now, around) == {"asset"}
    assert faults_of(shift, Situation(()), around) == {"kind"}


steps = st.lists(
    st.tuples(
        st.sampled_from(["CHP unit", "CHP peak boiler", "Main CHP-West", "Main CHP-East"]),
        st.integers(0, 95),
        st.integers(1, 40),
    ),
    max_size=8,
)


@given(steps=steps)
def test_undo_leads_back_through_the_same_names(
    around: Surroundings,
    steps: list[tuple[str, int, int]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Any edits that are allowed: each parent is the scenario before, and again the same."""
    store = Store(tmp_path_factory.mktemp("store") / "board.sqlite")
    root = Scenario("0" * 16, None, None)
    store.add(root)

    def walk() -> list[str]:
        at_name, now, names = root.name, Situation(()), [root.name]
        for asset, begin, length in steps:
            out = {"kind": "out", "asset": asset, "at": text(begin), "until": text(begin + length)}
            try:
                edit = read_edit(out, now, around)
            except InputError:
                continue
            made = child(at_name, edit)
            store.add(made)
            now, at_name = applied(edit, now, around), made.name
            names.append(made.name)
        assert len(now.damage) == len(names) - 1
        return names

    names = walk()
    assert walk() == names
    chain = store.chain(names[-1])
    assert [one.name for one in chain] == names
    assert [one.parent for one in chain] == [None, *names[:-1]]
    store.close()


def test_what_is_kept_is_there_after_opening_again(tmp_path: Path) -> None:
    file = tmp_path / "new" / "board.sqlite"
    store = Store(file)
    made = child("0" * 16, {"kind": "back", "asset": "ТЕЦ 热电厂", "at": text(3)})
    assert store.add(made)
    assert not store.add(made)
    plan = store.keep("plan", "schema = 1")
    other = Store(file)  # a second board, while the first is open
    assert other.find(made.name) == made
    assert other.text("plan", plan) == "schema = 1"
    assert other.text("damage", plan) is None
    assert [name for name, _ in other.names("plan")] == [plan]
    store.close()
    other.close()


def test_the_same_edit_has_the_same_name_however_it_is_written(around):
    one = {"kind": "out", "asset": "CHP unit", "at": "2026-01-08T05:00+02:00"}
    other = {"available": 0, "until": None, "at": text(3), "asset": "CHP unit", "kind": "out"}
    first, second = (read_edit(edit, Situation(()), around) for edit in (one, other))
    assert canonical(first) == canonical(second)
