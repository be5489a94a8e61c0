"""Bounds and comparison against what can be reckoned by hand."""

from __future__ import annotations

import math

import pytest

from keepwarm.case.claims import Claim
from keepwarm.reports.bounds import bounds
from keepwarm.reports.comparison import Entry, compare, interval


def claim(metric: str, value: float | None, qualifier: str = "exact", **other: object) -> Claim:
    return Claim(metric, value, qualifier, "quote", 0, **other)  # type: ignore[arg-type]


def kinds(*claims: Claim, published: tuple[str, ...] = ()) -> list[str]:
    days = published or ("2026-01-09",) * len(claims)
    entries = [
        Entry(f"d{at}#1", one, f"d{at}", day)
        for at, (one, day) in enumerate(zip(claims, days, strict=True))
    ]
    return [pair.kind for pair in compare(entries)]


@pytest.mark.parametrize(
    ("qualifier", "ends"),
    [
        ("exact", (40.0, 40.0)),
        ("approx", (36.0, 44.0)),
        ("nearly", (36.0, 40.0)),
        ("lower_bound", (40.0, math.inf)),
        ("upper_bound", (0.0, 40.0)),
    ],
)
def test_a_qualifier_is_an_interval(qualifier: str, ends: tuple[float, float]) -> None:
    assert interval(claim("killed", 40.0, qualifier)) == pytest.approx(ends)


def test_launched_minus_downed_of_one_source() -> None:
    said = [
        claim("drones_launched", 60.0, source="A"),
        claim("drones_downed", 51.0, source="A"),
        claim("drones_lost", 4.0, source="A"),
        claim("missiles_launched", 8.0, source="A"),
        claim("missiles_downed", 3.0, source="A"),
    ]
    assert bounds(said) == {"drones": 5.0, "missiles": 5.0, "total": 10.0}


@pytest.mark.parametrize(
    "said",
    [
        [claim("drones_launched", 60.0, source="A"), claim("drones_downed", 51.0, source="B")],
        [claim("drones_launched", 60.0, "approx"), claim("drones_downed", 51.0)],
        [claim("drones_launched", 60.0, "lower_bound"), claim("drones_downed", 51.0)],
        [
            claim("drones_launched", 60.0),
            claim("drones_launched", 9.0),
            claim("drones_downed", 5.0),
        ],
        [claim("drones_launched", 6.0), claim("drones_downed", 51.0)],
        [claim("drones_launched", 60.0), claim("drones_downed", 51.0, modality="denied")],
    ],
    ids=["two sources", "about", "more than", "two raids", "more downed", "denied"],
)
def test_no_bound_where_none_is_sound(said: list[Claim]) -> None:
    assert bounds(said)["drones"] is None


def test_parts_by_place_do_not_add_to_the_downed() -> None:
    said = [
        claim("drones_launched", 60.0),
        claim("drones_downed", 51.0),
        claim("drones_downed", 20.0, location="X Oblast"),
    ]
    assert bounds(said)["drones"] == 9.0


def test_how_claims_stand_to_each_other() -> None:
    def without(value: float, qualifier: str = "exact", **other: object) -> Claim:
        return claim("customers_without_power", value, qualifier, location="Kyiv", **other)

    assert kinds(without(26000, source="A"), without(25873, source="B")) == ["rounding"]
    assert kinds(without(500, source="A"), without(700, source="B")) == ["contradiction"]
    assert kinds(without(500, "lower_bound", source="A"), without(700, source="B")) == [
        "compatible"
    ]
    sides = (
        without(500, source="A", source_country="Ukraine"),
        without(700, source="B", source_country="Russia"),
    )
    assert kinds(*sides) == ["two_sides"]
    assert kinds(
        without(500, source="A"), without(700, source="B"), published=("2026-01-09", "2026-01-14")
    ) == ["time_series"]
    assert kinds(
        without(500, source="A", phase="peak"), without(70, source="A", phase="current")
    ) == ["time_series"]


def test_units_and_places_are_never_mixed() -> None:
    one = claim("customers_without_power", 500.0, location="Kyiv")
    assert kinds(one, claim("people_without_power", 700.0, location="Kyiv")) == []
    assert kinds(one, claim("customers_without_power", 700.0, location="Lviv")) == []


def test_a_denial_disagrees() -> None:
    said = {"facility_type": "substation", "location": "Kyiv"}
    yes = claim("facility_damaged", None, source="A", **said)
    no = claim("facility_damaged", None, source="B", modality="denied", **said)
    assert kinds(yes, no) == ["contradiction"]
