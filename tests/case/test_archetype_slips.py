"""Slips in archetypes.csv that leave a file of the right form with the wrong meaning."""

import csv
from pathlib import Path

import pytest

from keepwarm.case.read import check_case

POSITIONS = {"middle": "0.7", "corner": "0.3"}
OF_FLAT = (
    "wall_m2_per_m2", "roof_and_ground_w_per_m2k", "heat_capacity_kj_per_m2k",
)  # fmt: skip


def positions(rows):
    """Tell middle and corner flats of the one archetype apart."""
    header, kept = rows[0], [row for row in rows[1:] if row[2] not in OF_FLAT]
    at = header.index("archetype") + 1
    plain = {row[2]: row for row in rows[1:]}
    out = [[row[0], row[1], "", *row[2:]] for row in kept]
    for place, share in POSITIONS.items():
        out.append(["panel", "", place, "share", "1", share, share, share, "assumed"])
        out += [[*plain[key][:2], place, *plain[key][2:]] for key in OF_FLAT]
    return [[*header[: at + 1], "position", *header[at + 1 :]], *out]


def edit(root: Path, change) -> None:
    path = root / "archetypes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = change(list(csv.reader(file)))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def faults(root):
    return [str(fault) for fault in check_case(root)]


@pytest.fixture
def flats(small):
    edit(small, positions)
    assert faults(small) == []
    return small


@pytest.mark.parametrize("slip", ["cornr", "Corner"])
@pytest.mark.parametrize("rows", [("wall_m2_per_m2",), OF_FLAT])
def test_a_mistyped_position_is_one_fault_with_its_line(flats, slip, rows):
    def mistype(table):
        for row in table:
            if row[2] == "corner" and row[3] in rows:
                row[2] = slip
        return table

    edit(flats, mistype)
    (found,) = faults(flats)
    where, _, said = found.partition(" position: ")
    assert where.startswith("archetypes.csv:")
    assert said == f"'{slip}' of 'panel' has no share. Did you mean 'corner'?"


def test_a_share_in_per_cent_is_shown_without_a_unit(flats):
    def percent(table):
        return [[*row[:5], "70", "70", "70", row[8]] if "0.7" in row else row for row in table]

    edit(flats, percent)
    assert any(": 70 is out of range; expected 0.001 to 1" in each for each in faults(flats))
    assert not any("1 1" in each for each in faults(flats))


@pytest.mark.parametrize(
    ("bores", "right"),
    [(("0", "0", "0"), True), (("0.0157", "0.0212", "0.0271"), False), (("0", "21", "27"), False),
     (("10", "21", "27"), True)],
)  # fmt: skip
def test_a_bore_is_none_or_that_of_a_pipe(flats, bores, right):
    def change(table):
        return [
            [*row[:5], *bores, row[8]] if row[3] == "stairwell_pipe_bore_mm" else row
            for row in table
        ]

    edit(flats, change)
    found = faults(flats)
    assert (found == []) == right
    if not right:
        assert "mm of bore; expected 2 mm or more, or 0 in all three for no such pipe" in found[0]


@pytest.mark.parametrize(
    ("column", "was"), [("floor_area_m2", "18000"), ("people", "600"), ("buildings", "10")]
)
def test_numbers_beyond_any_city_are_refused(small, change, column, was):
    change("buildings.csv", f",{was},", ",1e30,")
    assert any(f"{column}: 1e30" in each and "out of range" in each for each in faults(small))


def with_values(root: Path, position: str, parameter: str, values: tuple[str, str, str]) -> None:
    def change(table):
        return [
            [*row[:5], *values, row[8]] if row[2:4] == [position, parameter] else row
            for row in table
        ]

    edit(root, change)


@pytest.mark.parametrize(
    ("position", "parameter", "values", "fault"),
    [
        ("middle", "share", ("0.7", "0.7", "0.8"), "share from 0.7 to 0.8; expected the same in"),
        ("", "attic_pipe_insulation_mm", ("0.01", "0.03", "0.05"), "mm of insulation; expected 1"),
    ],
)
def test_values_without_meaning_are_named(flats, position, parameter, values, fault):
    with_values(flats, position, parameter, values)
    (found,) = faults(flats)
    assert fault in found
    assert found.startswith("archetypes.csv:")


def test_bare_to_insulated_is_a_range(flats):
    with_values(flats, "", "attic_pipe_insulation_mm", ("0", "0", "30"))
    assert faults(flats) == []


def test_a_share_without_a_position_is_named(flats):
    edit(flats, lambda table: [*table, ["panel", "", "", "share", "1", *["0.5"] * 3, "x"]])
    (found,) = faults(flats)
    assert "a share of 'panel' without a position; expected the position that it is of" in found


def test_walls_that_lose_more_than_the_mass_takes_up_are_a_fault_of_the_case(flats):
    # 3 m2 of wall at 4 W/(m2 K) lose 12 W/K per m2 of floor; a mass of 1 m2 takes up 9.1.
    with_values(flats, "middle", "wall_m2_per_m2", ("3", "3", "3"))
    with_values(flats, "", "u_wall_w_per_m2k", ("4", "4", "4"))
    with_values(flats, "", "mass_area_m2_per_m2", ("1", "1", "1"))
    found = [each for each in faults(flats) if "position 'middle' lose up to" in each]
    assert len(found) == 1
    assert found[0].endswith("expected less than the 9.1 that its mass can take up")
