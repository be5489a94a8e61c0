"""Accepted claims as damage, on the country: what is meant, and what cannot be told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import keepwarm as kw
from keepwarm.case.claims import Claim, Ticked
from keepwarm.case.nouns import Case
from keepwarm.damage import damage_from_claims

COUNTRY = Path(__file__).parents[2] / "examples" / "country"


@pytest.fixture(scope="module")
def case() -> Case:
    return kw.read_case(COUNTRY)


def ticked(metric: str, value: float | None, **other: object) -> Ticked:
    said = Claim(metric, value, "exact", "quote", 0, source="governor", **other)  # type: ignore[arg-type]
    return Ticked("post#1", said, 0.8, "duty", "2026-01-10T00:00:00Z", "post", "2026-01-10")


def names(case: Case, claimed: object) -> set[str]:
    return {case.network.assets.name[row.asset] for row in claimed.damage}  # type: ignore[attr-defined]


def plants(case: Case, region: str) -> set[str]:
    at = case.regions.name.index(region)
    assets = case.network.assets
    return {
        name
        for name, place, kind in zip(assets.name, assets.region, assets.asset_class, strict=True)
        if place == at and kind == "nuclear_unit"
    }


def test_all_of_a_class_in_a_place(case: Case) -> None:
    units = plants(case, "Granite Rise")
    said = ticked(
        "facility_offline",
        float(len(units)),
        facility_type="nuclear_plant",
        location="Granite Rise region",
    )
    claimed = damage_from_claims(case, [said])
    assert names(case, claimed) == units
    assert {row.available for row in claimed.damage} == {0.0}
    assert {row.confidence for row in claimed.damage} == {"0.8"}
    assert {str(row.time) for row in claimed.damage} == {"2026-01-10T00:00:00"}
    assert all(np.isnat(row.until) for row in claimed.damage)


def test_some_of_a_class_leave_the_share_that_is_left(case: Case) -> None:
    units = plants(case, "Granite Rise")
    said = ticked("facility_damaged", 1.0, facility_type="nuclear_plant", location="Granite Rise")
    claimed = damage_from_claims(case, [said])
    assert {row.available for row in claimed.damage} == {1 - 1 / len(units)}
    assert claimed.notes


def test_the_bound_on_hits_limits_how_many(case: Case) -> None:
    units = len(plants(case, "Granite Rise"))
    said = ticked(
        "facility_damaged", float(units), facility_type="nuclear_plant", location="Granite Rise"
    )
    claimed = damage_from_claims(case, [said], hits={"post": 1.0})
    assert {row.available for row in claimed.damage} == {1 - 1 / units}
    assert damage_from_claims(case, [said], hits={"post": 0.0}).damage == ()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (
            ticked("facility_targeted", 1.0, facility_type="refinery", location="Slate Basin"),
            "result is not stated",
        ),
        (
            ticked(
                "facility_damaged",
                1.0,
                facility_type="refinery",
                location="Slate Basin",
                modality="denied",
            ),
            "is denied",
        ),
        (
            ticked("facility_damaged", 1.0, facility_type="refinery", location="Nowhere"),
            "no region of this case",
        ),
        (ticked("facility_damaged", 1.0, facility_type="refinery"), "names no place"),
        (
            ticked(
                "facility_damaged", None, facility_type="energy_facility", location="Slate Basin"
            ),
            "too little",
        ),
        (ticked("customers_without_gas", 500.0, location="Slate Basin"), "not converted"),
        (ticked("power_outage", None, location="Slate Basin"), "how much"),
        (ticked("killed", 2.0, location="Slate Basin"), "damages nothing"),
    ],
)
def test_what_cannot_be_told_is_said(case: Case, said: Ticked, why: str) -> None:
    claimed = damage_from_claims(case, [said])
    assert claimed.damage == ()
    assert why in claimed.unmapped[0].reason


def test_a_share_without_takes_that_share_of_the_supply(case: Case) -> None:
    said = ticked("share_without_gas", 40.0, location="Slate Basin")
    claimed = damage_from_claims(case, [said])
    if claimed.damage:
        assert {row.available for row in claimed.damage} == {0.6}
    else:
        assert "nothing in this case brings gas" in claimed.unmapped[0].reason


def test_a_time_of_restoration_ends_the_damage(case: Case) -> None:
    lost = ticked("facility_damaged", 9.0, facility_type="nuclear_plant", location="Granite Rise")
    back = ticked("restoration_eta", 2.0, unit="days", location="Granite Rise")
    claimed = damage_from_claims(case, [lost, back])
    assert {str(row.until) for row in claimed.damage} == {"2026-01-12T00:00:00"}


def test_a_place_held_by_others_is_closed_to_crews(case: Case) -> None:
    claimed = damage_from_claims(
        case, [ticked("territorial_control", None, location="Slate Basin")]
    )
    assert [limit.place for limit in claimed.access] == ["Slate Basin"]
