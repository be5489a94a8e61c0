"""restoration.csv: what is read, and what is said of mistakes in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwarm.case.read import check_case, read_case

HEADER = "place,within_hours,probability,source\n"


def write(small: Path, rows: str) -> Path:
    (small / "restoration.csv").write_text(HEADER + rows, encoding="utf-8")
    return small


def test_rows_are_sorted_by_place_and_hours(small):
    found = read_case(write(small, "*,24,0.9,utility\n*,6,0.2,\ng1,9,0.85,\n,48,1,\n")).restoration
    assert set(found) == {"*", "g1"}
    assert found["*"].within_hours.tolist() == [6, 24, 48]
    assert found["*"].probability.tolist() == [0.2, 0.9, 1]
    assert found["*"].source == "utility"


def test_a_case_without_the_table_expects_nothing_of_its_own(small):
    assert not read_case(small).restoration


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "north,6,0.5,\nnorth,12,0.4,\n",
            (
                "restoration.csv:3 probability: 0.4 within 12 h of 'north' is less than the 0.5 "
                "within 6 h of line 2; expected never less for more hours"
            ),
        ),
        (
            "*,6,1.2,\n",
            "restoration.csv:2 probability: 1.2 is out of range; expected 0 to 1",
        ),
        (
            "*,6,85,\n",
            "restoration.csv:2 probability: 85 is out of range; expected 0 to 1",
        ),
        (
            "nort,6,0.5,\n",
            (
                "restoration.csv:2 place: 'nort' is no region or building group of this case. "
                "Did you mean 'north'?"
            ),
        ),
        (
            "*,6,0.5,\n*,6,0.7,\n",
            (
                "restoration.csv:3 within_hours: 6 h of '*' is there twice, first in line 2; "
                "expected each hour once"
            ),
        ),
        (
            "*,0,0.5,\n",
            "restoration.csv:2 within_hours: 0 h is out of range; expected 0.1 to 8760 h",
        ),
        (
            "*,6,0,\n",
            (
                "restoration.csv:2 probability: '*' has no probability above 0; "
                "expected above 0 at the end"
            ),
        ),
        ("", "restoration.csv: there are no rows; expected at least one"),
    ],
)
def test_mistakes_are_named(small, rows, expected):
    assert [str(fault) for fault in check_case(write(small, rows))] == [expected]


def test_settings_in_the_wrong_order_are_named(small, change):
    change("case.toml", "[prices]", "[restoration]\nmedian_hours = 80\n\n[prices]")
    assert [str(fault) for fault in check_case(small)] == [
        (
            "case.toml:7 restoration.median_hours: restoration.median_hours (80) is not below "
            "restoration.p90_hours (72)"
        )
    ]
