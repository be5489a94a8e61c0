"""Numbers that no network has are refused; those that are rare are a warning."""

import pytest

from keepwarm.case.read import check_case, inspect_case


def warnings(root):
    return [str(warning) for warning in inspect_case(root).warnings]


def faults(root):
    return [str(fault) for fault in check_case(root)]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "generators.csv",
            "a,20",
            "a,20000000",
            "2 p_nom: 20000000 MW is out of range; expected 0 to 1e+06 MW",
        ),
        ("loads.csv", "h,2", "h,2e6", "4 p_set: 2e6 MW is out of range; expected 0 to 1e+06 MW"),
        ("loads-p_set.csv", "1,6", "1,6e6", "3 homes: 6e6 MW is out of range"),
        ("lines.csv", "12.1,10", "12.1,1e7", "2 s_nom: 1e7 MVA is out of range"),
        ("links.csv", "0.5,30", "0.5,3e6", "2 p_nom: 3e6 MW is out of range"),
        ("stores.csv", "40,10", "4e8,10", "2 e_nom: 4e8 MWh is out of range"),
        ("links.csv", "g,a,h,0.3", "g,a,h,21", "2 efficiency: 21 is out of range"),
    ],
)
def test_numbers_that_no_network_has(change, file, old, new, expected):
    root = change(f"network/{file}", old, new)
    found = [line for line in faults(root) if line.startswith(f"network/{file}")]
    assert found[0].startswith(f"network/{file}:{expected}")


@pytest.mark.parametrize("number", ["10.5", "-3"])
def test_buildings_are_counted_in_whole_numbers(change, number):
    lines = faults(change("buildings.csv", "panel,10,", f"panel,{number},"))
    assert len(lines) == 1
    assert lines[0].startswith(f"buildings.csv:2 buildings: {number}")


LINKS = "name,bus0,bus1,bus2,efficiency,efficiency2,p_nom\n"


@pytest.mark.parametrize(
    ("row", "gives"),
    [
        ("x,g,a,h,0.6,0.7,5", "1.3"),  # gas into more power and heat than it holds
        ("x,g,a,h,0.6,0.6,5", None),
        ("x,a,h,,8,1,5", None),  # a heat pump
        ("x,a,h,,8.5,1,5", "8.5"),
        ("x,h,a,,1.5,1,5", "1.5"),  # heat into power is none
        ("x,a,b,h,0.9,3,5", "3.9"),  # not only heat
        ("x,g,h,a,1.5,-0.5,5", None),  # takes power too: 1.5 of 1.5
        ("x,g,h,a,1.9,-0.5,5", "1.27"),
    ],
)
def test_a_link_that_gives_more_than_it_takes(small, row, gives):
    (small / "network" / "links.csv").write_text(LINKS + row + "\n", encoding="utf-8")
    found = [line for line in warnings(small) if "links.csv" in line]
    expected = f"network/links.csv:2 efficiency: 'x' gives {gives} MWh for each MWh it takes"
    assert found == ([expected] if gives else [])


def test_water_is_counted_in_pumping_so_that_no_gain_shows(small):
    buses = small / "network" / "buses.csv"
    buses.write_text(buses.read_text(encoding="utf-8") + "w,1,water,\n", encoding="utf-8")
    (small / "network" / "links.csv").write_text(LINKS + "x,a,w,,2,1,5\n", encoding="utf-8")
    assert warnings(small) == []


def test_loads_with_more_people_than_live_there(change):
    assert warnings(change("network/loads.csv", "5,,100", "5,,408")) == []
    assert warnings(change("network/loads.csv", "5,,408", "5,,409")) == [
        (
            "network/loads.csv people: the power loads of region 'south' name 409 people, "
            "400 live there"
        )
    ]


def test_weather_between_the_snapshots_is_not_used(small):
    path = small / "weather.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "2026-01-01T03:00Z,*,1,1\n2025-12-31T23:30Z,*,1,1\n", encoding="utf-8")
    assert warnings(small) == []
    path.write_text(text + "2026-01-01T00:30Z,*,1,1\n2026-01-01T01:30Z,*,1,1\n", encoding="utf-8")
    assert warnings(small) == [
        "weather.csv:6 time: 2 rows between the snapshots are not used, the first 2026-01-01T00:30Z"
    ]
