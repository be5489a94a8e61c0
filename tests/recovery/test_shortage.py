"""What rotation has to share, on a network small enough to add up by hand, and on the town."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from keepwarm.case.nouns import Case
from keepwarm.case.read import read_case
from keepwarm.errors import InputError
from keepwarm.recovery.rotation import Shortage
from keepwarm.recovery.shortage import electrically_heated, shortage_ahead
from keepwarm.season import balanced_start, prepare

TABLES = {
    "snapshots.csv": ",snapshot\n" + "".join(f"{h},2026-01-01 0{h}:00:00\n" for h in range(4)),
    "buses.csv": "name,v_nom,carrier,region\na,110,AC,x\nb,110,AC,x\nd,110,AC,x\n",
    "generators.csv": "name,bus,p_nom,marginal_cost\nplant,a,9,50\n",
    "lines.csv": "name,bus0,bus1,x,s_nom\nab,a,b,1,100\nbd,b,d,1,100\n",
    "loads.csv": "name,bus,p_set,tier\nward,a,1,critical\nb homes,b,12,household\n"
    "d homes,d,4,household\nmill,b,2,industry\n",
    "loads-p_set.csv": ",b homes\n0,12\n1,12\n2,12\n3,3\n",
}


@pytest.fixture
def village(tmp_path: Path) -> Case:
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text)
    return read_case(tmp_path)


def ahead(case: Case, available: np.ndarray) -> Shortage:
    corridor = prepare(case)
    return shortage_ahead(corridor, available, first=0, state=balanced_start(corridor, 0))


def test_what_is_short_is_household_power_behind_feeders_that_stand(village):
    available = np.ones((4, len(village.network.assets)))
    available[2:, village.network.assets.name.index("bd")] = 0.0
    found = ahead(village, available)
    # 9 MW against 1 critical, 12 + 4 households (industry is shed before them); then d is cut off;
    # then b needs 3 MW and the mill 2.
    assert found.shortage_mw == pytest.approx([8, 8, 8, 8, 4, 4, 0, 0])
    assert found.load_mw.sum(axis=0) == pytest.approx([12, 12, 12, 12, 9, 9, 2.25, 2.25])  # 75 %
    assert found.spare_mw == pytest.approx([0, 0, 0, 0, 0, 0, 3, 3])
    assert found.groups.name[::11] == ("1.1", "6.2")
    assert found.protection.tolist() == [1.0] * 12
    assert found.start == np.datetime64("2026-01-01T00:00:00")


def test_what_a_full_line_leaves_short_is_no_matter_of_turns(village):
    """3 of the 4 MW that d needs come over: a quarter of the load, at night more than half."""
    branches = replace(village.network.branches, s_max_mw=np.array([100.0, 3.0]))
    generators = replace(village.network.generators, p_nom_mw=np.array([99.0]))
    network = replace(village.network, branches=branches, generators=generators)
    found = ahead(replace(village, network=network), np.ones((4, len(village.network.assets))))
    assert found.shortage_mw == pytest.approx([0] * 6 + [1, 1])
    [said] = found.notes
    assert said.startswith("2026-01-01T00:00Z to 2026-01-01T02:00Z: lines are full or broken at d")
    assert "d (3 MWh)" in said


def test_where_a_large_part_is_short_only_its_own_load_helps(village):
    """12 MW at b are short behind a line of 4 MW; d, at the plant's side, is not."""
    branches = village.network.branches
    ends = {"bus0": branches.bus0.copy(), "bus1": branches.bus1.copy()}
    ends["bus0"][1], ends["bus1"][1] = 0, 2  # the second line from a to d
    branches = replace(branches, s_max_mw=np.array([4.0, 100.0]), **ends)
    generators = replace(village.network.generators, p_nom_mw=np.array([99.0]))
    network = replace(village.network, branches=branches, generators=generators)
    found = ahead(replace(village, network=network), np.ones((4, len(village.network.assets))))
    assert found.shortage_mw[:6] == pytest.approx([8] * 6)
    assert found.load_mw.sum(axis=0)[:6] == pytest.approx([9] * 6)  # 75 % of 12, without d
    assert found.notes == ()


def test_a_feeder_without_any_source_is_nobodys_shortage(village):
    available = np.ones((4, len(village.network.assets)))
    available[:, village.network.assets.name.index("plant")] = 0.0
    found = ahead(village, available)
    assert not found.shortage_mw.any()
    assert not found.load_mw.any()


def test_slots_that_steps_do_not_divide_into_are_refused(village):
    values = {**village.settings.values, "rotation.slot_hours": 0.75}
    case = replace(village, settings=replace(village.settings, values=values))
    with pytest.raises(InputError, match=r"slots of 0.75 h in steps of 1 h"):
        ahead(case, np.ones((4, len(case.network.assets))))


def test_slots_longer_than_steps_take_the_largest_shortage(village):
    values = {**village.settings.values, "rotation.slot_hours": 2.0}
    case = replace(village, settings=replace(village.settings, values=values))
    found = ahead(case, np.ones((4, len(case.network.assets))))
    assert found.shortage_mw == pytest.approx([8, 8])
    assert found.load_mw.sum(axis=0) == pytest.approx([12, 0.75 * (16 + 7) / 2])
    assert found.spare_mw == pytest.approx([0, 0])


@pytest.fixture(scope="module")
def town(examples: Path) -> Case:
    return read_case(examples / "town")


def test_a_feeders_load_is_split_by_people(town):
    found = ahead(town, np.ones((4, len(town.network.assets))))
    buses, buildings = town.network.buses, town.buildings
    west = buses.name.index("West power")
    loads = town.network.loads
    need = sum(
        loads.p_set_mw[0, k]
        for k, (bus, tier) in enumerate(zip(loads.bus.tolist(), loads.tier.tolist(), strict=True))
        if bus == west and tier == 2  # household
    )
    on = [k for k in range(len(buildings)) if buildings.power_bus[k] == west]
    of_group = sum(buildings.people[k] for k in on if buildings.rotation_group[k] == "1.1")
    share = of_group / sum(buildings.people[k] for k in on)
    only_west = found.groups.name.index("1.1")
    assert found.groups.name == ("1.1", "1.2", "2.1", "2.2")
    assert found.load_mw[only_west, 0] == pytest.approx(share * need, rel=0.02)  # plus heaters


def test_cold_and_electrically_heated_homes_are_protected(town):
    every = np.ones((2, len(town.network.assets)))
    assert ahead(town, every).protection == pytest.approx(np.ones(4))
    warm = {**town.settings.values, "decision.cold_below_degc": 30.0}
    cold = replace(town, settings=replace(town.settings, values=warm))
    assert ahead(cold, every).protection == pytest.approx(np.full(4, 2.0))
    first = np.arange(len(town.buildings)) == town.buildings.rotation_group.index("1.1")
    homes = replace(
        town.buildings,
        heat_bus=np.where(first, -1, town.buildings.heat_bus),
        water_circuit=town.buildings.water_circuit & ~first,
    )
    electric = replace(town, buildings=homes)
    assert (electrically_heated(electric) == first).all()
    assert ahead(electric, every).protection == pytest.approx([2, 1, 1, 1], abs=0.05)
