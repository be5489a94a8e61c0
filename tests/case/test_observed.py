"""state.csv: every quantity is held against its range, its group and the other counts."""

import csv

import pytest

from keepwarm.case.read import check_case, inspect_case, read_case

HEADER = "time,subject,quantity,value,source\n"
NOW = "2026-01-01T00:00Z"


def seen(*rows: str) -> str:
    return HEADER + "".join(f"{NOW},{row},x\n" for row in rows)


def faults(root):
    return [str(fault) for fault in check_case(root)]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("g1,stopped_hours,-3", "value: -3 h is negative; expected 0 to 8760 h"),
        ("g1,stopped_hours,1e9", "value: 1e+09 h is out of range; expected 0 to 8760 h"),
        ("g1,returning,11", "value: 11 buildings is out of range; expected 0 to 10 buildings"),
        ("g1,damaged,-1", "value: -1 buildings is negative; expected 0 to 10 buildings"),
        ("g1,drained,1.5", "value: 1.5 buildings; expected a whole number"),
        ("g1,attic_degc,268", "value: 268 degC: reads like kelvin: 268 K would be -5.15 degC"),
        ("g1,stairwell_degc,60", "value: 60 degC: reads like Fahrenheit: 60 F would be"),
        ("g1,water_degc,-8", "value: -8 degC: water this cold is ice; expected 0 to 160 degC"),
        ("tank,stopped_hours,3", "quantity: 'stopped_hours' cannot be observed of a store"),
        ("g1,level_mwh,3", "quantity: 'level_mwh' cannot be observed of a building group"),
    ],
)
def test_what_cannot_have_been_seen_is_named(small, row, fault):
    (small / "state.csv").write_text(seen(row), encoding="utf-8")
    (found,) = faults(small)
    assert found.startswith(f"state.csv:2 {fault}")


def test_counts_must_fit_into_the_group_together(small):
    text = seen("g1,drained,6", "g1,frozen,5", "g2,drained,5", "g2,frozen,0")
    (small / "state.csv").write_text(text, encoding="utf-8")
    assert faults(small) == [
        "state.csv:3 value: 6 drained, 5 frozen: 11 buildings of 'g1' in all; expected at most 10"
    ]


def test_only_the_newest_count_of_a_state_counts(small):
    text = seen("g1,drained,6") + "2026-01-01T01:00Z,g1,drained,5,x\n"
    text += "2026-01-01T01:00Z,g1,frozen,5,x\n"
    (small / "state.csv").write_text(text, encoding="utf-8")
    assert faults(small) == []


@pytest.mark.parametrize("quantity", ["drained", "frozen", "water_degc", "stopped_hours"])
def test_nothing_of_a_circuit_is_seen_where_there_is_none(small, change, quantity):
    change("buildings.csv", "substation_needs_power,backup", "substation_needs_power,water_circuit")
    (small / "state.csv").write_text(seen(f"g1,{quantity},1"), encoding="utf-8")
    # The last column of g1 was `backup`, False: now g1 has no water circuit.
    (found,) = faults(small)
    said = f"state.csv:2 quantity: '{quantity}' of 'g1', which has no water circuit"
    assert found == f"{said} (buildings.csv); expected a group with one"


def test_every_quantity_can_be_observed(small):
    rows = [f"g1,{place}_degc,4" for place in ("indoor", "water", "stairwell", "attic", "basement")]
    counts = ("returning", "draining", "drained", "refilling", "damaged", "frozen")
    rows += ["g1,stopped_hours,7", *(f"g1,{count},1" for count in counts)]
    rows += ["boiler,available,0.5", "tank,level_mwh,3"]
    (small / "state.csv").write_text(seen(*rows), encoding="utf-8")
    with (small / "state.csv").open(encoding="utf-8") as file:
        assert len(read_case(small).state) == len(list(csv.reader(file))) - 1


@pytest.mark.parametrize(("indoor", "warned"), [(-30, True), (-8, False), (18, False)])
def test_homes_colder_than_outdoors_are_a_warning(small, indoor, warned):
    (small / "state.csv").write_text(seen(f"g1,indoor_degc,{indoor}"), encoding="utf-8")
    warnings = [str(each) for each in inspect_case(small).warnings]
    swapped = "'g1' at -30 degC is colder than the -5 degC outdoors: are they swapped?"
    assert (f"state.csv value: {swapped}" in warnings) == warned


def test_two_values_at_one_time_are_refused(small):
    text = seen("g1,drained,3", "g1,drained,3", "g1,drained,5")
    (small / "state.csv").write_text(text, encoding="utf-8")
    assert faults(small) == [
        (
            "state.csv:4 value: 'drained' of 'g1' has another value at the same time, in line 2; "
            "expected one value at a time"
        )
    ]


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        (("g1,stopped_hours,7",), "no indoor_degc and no water_degc"),
        (("g1,stopped_hours,7", "g1,indoor_degc,15"), "no water_degc"),
        (("g1,stopped_hours,7", "g1,indoor_degc,15", "g1,water_degc,9"), None),
        (("g1,stopped_hours,0",), None),
    ],
)
def test_a_stop_without_temperatures_is_a_warning(small, rows, missing):
    (small / "state.csv").write_text(seen(*rows), encoding="utf-8")
    warnings = [str(each) for each in inspect_case(small).warnings if each.file == "state.csv"]
    said = f"state.csv:2 value: 'g1' stands still, but has {missing}: reckoned from the hours"
    assert [each.startswith(said) for each in warnings] == ([True] if missing else [])
