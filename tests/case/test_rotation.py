"""rotation.csv: what is read, what follows without it, and what is said of mistakes in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from keepwarm.case.nouns import no_rotation_groups
from keepwarm.case.places import no_buildings
from keepwarm.case.read import check_case, inspect_case, read_case
from keepwarm.case.rotation import rotation_of
from keepwarm.case.settings import default_settings

HEADER = "rotation_group,queue,exempt,weight\n"


def write(small: Path, rows: str) -> Path:
    (small / "rotation.csv").write_text(HEADER + rows, encoding="utf-8")
    return small


def test_groups_are_read_with_their_queue_weight_and_exemption(small):
    groups = read_case(write(small, "1.1,,,\n1.2,one,true,2.5\n")).rotation
    assert groups.name == ("1.1", "1.2")
    assert groups.queue == ("1", "one")
    assert groups.exempt.tolist() == [False, True]
    assert groups.weight.tolist() == [1.0, 2.5]


def test_without_the_table_the_groups_are_those_of_the_buildings(small):
    groups = read_case(small).rotation
    assert (groups.name, groups.queue) == (("1.1", "1.2"), ("1", "1"))
    assert not groups.exempt.any()
    assert groups.weight.tolist() == [1.0, 1.0]


def test_a_building_group_belongs_whole_to_the_group_it_names(small):
    case = read_case(write(small, "1.2,,,\n1.1,,,\n"))
    groups, share = rotation_of(case.rotation, case.settings, case.buildings)
    assert groups.name == ("1.2", "1.1")
    assert share.tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_a_case_that_names_no_group_is_spread_over_six_queues_of_two(small):
    case = read_case(small)
    none = no_rotation_groups()
    groups, share = rotation_of(none, default_settings(), case.buildings)
    assert groups.name == tuple(f"{queue}.{part}" for queue in range(1, 7) for part in (1, 2))
    assert share.sum(axis=1).tolist() == pytest.approx([0.75, 0.75])  # 25 % are exempt
    assert rotation_of(none, default_settings(), no_buildings())[1].shape == (0, 12)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("1.1,,,\n", "buildings.csv:3 rotation_group: '1.2' is no group of rotation.csv"),
        ("1.1,,,\n1.2,,perhaps,\n", "rotation.csv:3 exempt: 'perhaps' is neither True nor False"),
        ("1.1,,,\n1.2,,,0\n", "rotation.csv:3 weight: 0 is out of range; expected 0.01 to 100"),
        ("1.1,,,\n1.2,,,\n1.1,,,\n", "rotation.csv:4 rotation_group: '1.1' is there twice"),
        ("", "rotation.csv: there are no rows; expected at least one"),
    ],
)
def test_mistakes_are_named(small, rows, expected):
    assert any(str(fault).startswith(expected) for fault in check_case(write(small, rows)))


def test_a_group_without_buildings_is_a_warning(small):
    checked = inspect_case(write(small, "1.1,,,\n1.2,,,\n1.3,,,\n"))
    assert checked.case is not None
    assert "rotation.csv:4 rotation_group: no building group belongs to '1.3'" in "\n".join(
        map(str, checked.warnings)
    )


def test_settings_of_the_rotation_have_ranges(small):
    path = small / "case.toml"
    path.write_text(path.read_text() + "\n[rotation]\nlongest_block_hours = 0.1\n")
    assert any("longest_block_hours" in str(fault) for fault in check_case(small))
    assert np.isfinite(default_settings().number("rotation.window_hours"))
