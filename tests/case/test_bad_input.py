"""Every kind of mistake gives one clear line that says where, what and what would be right."""

from pathlib import Path

import pytest

from keepwarm.case.read import check_case, inspect_case, read_case
from keepwarm.errors import Fault, InputError

#: file, text to replace, new text, the fault as the user reads it (up to here it must agree)
MISTAKES = {
    "carrier": (
        "network/links.csv",
        "10,heat\n",
        "10,het\n",
        "network/links.csv:3 carrier: 'het' is no carrier of this case. Did you mean 'heat'?",
    ),
    "bus carrier": (
        "network/buses.csv",
        "1,heat",
        "1,haet",
        "network/buses.csv:4 carrier: 'haet' is no carrier that keepwarm knows",
    ),
    "mistyped column": (
        "buildings.csv",
        "floor_area_m2",
        "floor_area",
        (
            "buildings.csv:1 floor_area: no column 'floor_area' in this table. "
            "Did you mean 'floor_area_m2'?"
        ),
    ),
    "mistyped network column": (
        "network/links.csv",
        "efficiency,",
        "eficiency,",
        (
            "network/links.csv:1 eficiency: no column 'eficiency' in this table. "
            "Did you mean 'efficiency'?"
        ),
    ),
    "missing column": (
        "network/loads.csv",
        "name,bus,",
        "name,depot,",
        "network/loads.csv:1 bus: the column is missing",
    ),
    "negative capacity": (
        "network/generators.csv",
        "a,20",
        "a,-20",
        "network/generators.csv:2 p_nom: -20 MW is negative; expected 0 to 1e+06 MW",
    ),
    "not a number": (
        "network/generators.csv",
        "a,20",
        "a,twenty",
        "network/generators.csv:2 p_nom: 'twenty' is not a number",
    ),
    "NaN": (
        "network/generators.csv",
        "a,20",
        "a,NaN",
        "network/generators.csv:2 p_nom: NaN is not a finite number",
    ),
    "infinite": (
        "weather.csv",
        "-5,3",
        "-inf,3",
        "weather.csv:2 outdoor_degc: -inf is not a finite number",
    ),
    "kelvin": (
        "weather.csv",
        "-5,3",
        "271.4,3",
        (
            "weather.csv:2 outdoor_degc: 271.4 degC: reads like kelvin: 271.4 K would be "
            "-1.75 degC; expected -70 to 45 degC"
        ),
    ),
    "Fahrenheit": (
        "weather.csv",
        "-5,3",
        "50,3",
        "weather.csv:2 outdoor_degc: 50 degC: reads like Fahrenheit: 50 F would be 10 degC",
    ),
    "two zones in one file": (
        "weather.csv",
        "01:00Z,*",
        "01:00,*",
        (
            "weather.csv:3 time: times with an offset (first in line 2) and without one "
            "(first in line 3) in one file"
        ),
    ),
    "hour missing in the weather": (
        "weather.csv",
        "2026-01-01T01:00Z,*,-6,\n",
        "",
        (
            "weather.csv time: region 'north': no row for 1 of 3 snapshots, "
            "the first 2026-01-01T01:00Z"
        ),
    ),
    "hour twice in the weather": (
        "weather.csv",
        "T02:00Z,*",
        "T00:00Z,*",
        "weather.csv:4 time: 2026-01-01T00:00Z of '*' is there twice, first in line 2",
    ),
    "missing snapshot": (
        "network/snapshots.csv",
        "2,2026-01-01 02:00:00",
        "2,2026-01-01 02:00:00\n3,2026-01-01 05:00:00",
        (
            "network/snapshots.csv:5 snapshot: missing hour 2026-01-01T03:00Z "
            "(2 such times in all); expected a time every 1 h"
        ),
    ),
    "unsorted snapshots": (
        "network/snapshots.csv",
        "2,2026-01-01 02:00:00",
        "2,2025-12-31 23:00:00",
        "network/snapshots.csv:4 snapshot: 2025-12-31T23:00Z comes after a later time",
    ),
    "snapshot twice": (
        "network/snapshots.csv",
        "1,2026-01-01 01:00:00",
        "1,2026-01-01 00:00:00",
        "network/snapshots.csv:3 snapshot: 2026-01-01T00:00Z is there twice",
    ),
    "no time": (
        "weather.csv",
        "2026-01-01T00:00Z",
        "yesterday",
        "weather.csv:2 time: 'yesterday' is not a time; expected for example 2026-01-15T06:00Z",
    ),
    "name twice": (
        "network/generators.csv",
        "well",
        "import",
        "network/generators.csv:3 name: 'import' is there twice, first in line 2",
    ),
    "asset name in two tables": (
        "network/links.csv",
        "boiler",
        "tank",
        "network/stores.csv:2 name: 'tank' is also in links.csv:3",
    ),
    "empty cell": (
        "network/generators.csv",
        "import,a",
        "import,",
        "network/generators.csv:2 bus: the cell is empty; expected bus that receives the power",
    ),
    "row too short": (
        "regions.csv",
        "400,0.1,,",
        "400,0.1",
        "regions.csv:3: 5 cells in this row; expected 7 as in the header",
    ),
    "row too long": (
        "network/lines.csv",
        "12.1,10,0.7",
        "12,1,10,0.7",
        "network/lines.csv:2: 1 row with more cells than the header: looks like a decimal comma",
    ),
    "least output above the largest": (
        "network/generators-p_min_pu.csv",
        "",
        ",import\n0,0\n1,0.7\n2,0\n",
        "network/generators.csv:2 p_min_pu: the least output of 'import' is above the largest",
    ),
    "transformer without a rating": (
        "network/transformers.csv",
        "",
        "name,bus0,bus1,x,s_nom\nt,a,b,0.1,0\n",
        "network/transformers.csv:2 s_nom: 0 MVA is out of range",
    ),
    "semicolons": (
        "regions.csv",
        "",
        "region;people\nnorth;5\n",
        "regions.csv:1: columns are separated by ';'; expected ','",
    ),
    "column twice": (
        "regions.csv",
        "lon,lat",
        "lat,lat",
        "regions.csv:1 lat: the column is there twice",
    ),
    "unknown bus": (
        "network/loads.csv",
        "hot water,h",
        "hot water,hh",
        "network/loads.csv:4 bus: 'hh' is no bus of this network. Did you mean 'h'?",
    ),
    "unknown region": (
        "buildings.csv",
        "g1,north",
        "g1,nort",
        "buildings.csv:2 region: 'nort' is no region of this case. Did you mean 'north'?",
    ),
    "unknown region of a bus": (
        "network/buses.csv",
        "AC,north",
        "AC,nroth",
        "network/buses.csv:2 region: 'nroth' is no region of this case. Did you mean 'north'?",
    ),
    "unknown region in the weather": (
        "weather.csv",
        "Z,south",
        "Z,soth",
        (
            "weather.csv:5 region: 'soth' is no region of this case; expected a region or *. "
            "Did you mean 'south'?"
        ),
    ),
    "unknown archetype": (
        "buildings.csv",
        "north,panel",
        "north,pannel",
        "buildings.csv:2 archetype: 'pannel' is no archetype of this case. Did you mean 'panel'?",
    ),
    "heat bus is a power bus": (
        "buildings.csv",
        "18000,h,a",
        "18000,a,a",
        "buildings.csv:2 heat_bus: 'a' is a power bus; expected a heat bus",
    ),
    "power bus is a heat bus": (
        "buildings.csv",
        "18000,h,a",
        "18000,h,h",
        "buildings.csv:2 power_bus: 'h' is a heat bus; expected a power bus",
    ),
    "no flag": (
        "buildings.csv",
        "1.1,true",
        "1.1,maybe",
        "buildings.csv:2 substation_needs_power: 'maybe' is neither True nor False",
    ),
    "unknown tier": (
        "network/loads.csv",
        "critical",
        "critcal",
        (
            "network/loads.csv:3 tier: 'critcal' is none of the choices; expected one of critical, "
            "heat_safe, household, heat_comfort, industry. Did you mean 'critical'?"
        ),
    ),
    "store fuller than full": (
        "network/stores.csv",
        "40,10",
        "40,50",
        "network/stores.csv:2 e_initial: 'tank' begins with 50 MWh; expected 0 to 40 MWh",
    ),
    "series of nobody": (
        "network/loads-p_set.csv",
        "homes",
        "hoems",
        "network/loads-p_set.csv:1 hoems: 'hoems' is no name of loads.csv. Did you mean 'homes'?",
    ),
    "series too short": (
        "network/loads-p_set.csv",
        "2,8\n",
        "",
        "network/loads-p_set.csv: 2 rows; expected 3, one per snapshot",
    ),
    "series with a missing hour": (
        "network/generators-p_max_pu.csv",
        "2026-01-01 01:00:00,0.5\n",
        "",
        (
            "network/generators-p_max_pu.csv snapshot: no row for 1 of 3 snapshots, "
            "the first 2026-01-01T01:00Z"
        ),
    ),
    "series with a hole": (
        "network/loads-p_set.csv",
        "1,6",
        "1,",
        "network/loads-p_set.csv:3 homes: '' is not a number",
    ),
    "negative need": (
        "network/loads-p_set.csv",
        "1,6",
        "1,-6",
        "network/loads-p_set.csv:3 homes: -6 MW is negative",
    ),
    "mistyped series file": (
        "network/loads-pset.csv",
        "",
        ",homes\n0,1\n1,1\n2,1\n",
        (
            "network/loads-pset.csv: PyPSA knows no series 'pset' of loads. "
            "Did you mean 'loads-p_set.csv'?"
        ),
    ),
    "archetype out of order": (
        "archetypes.csv",
        "m2/m2,1.2,1.5,1.8",
        "m2/m2,1.6,1.5,1.8",
        "archetypes.csv:2 central: 1.6, 1.5, 1.8 are not in order; expected low <= central <= high",
    ),
    "archetype in another unit": (
        "archetypes.csv",
        "kJ/(m2 K)",
        "J/(m2 K)",
        (
            "archetypes.csv:10 unit: unit 'J/(m2 K)' of 'heat_capacity_kj_per_m2k'; "
            "expected 'kJ/(m2 K)'"
        ),
    ),
    "archetype lacks a parameter": (
        "archetypes.csv",
        "room_height_m,",
        "roof_height_m,",
        "archetypes.csv parameter: archetype 'panel' has no parameter 'room_height_m'",
    ),
    "unknown setting": (
        "case.toml",
        "critical = 40000",
        "critcal = 40000",
        "case.toml:7 prices.critcal: no setting 'critcal' in [prices]. Did you mean 'critical'?",
    ),
    "unknown section": (
        "case.toml",
        "[prices]",
        "[price]",
        "case.toml:7 price.critical: no section [price] in case.toml. Did you mean 'prices'?",
    ),
    "prices out of order": (
        "case.toml",
        "40000",
        "15000",
        "case.toml prices.heat_safe: critical (15000) must cost more than heat_safe (20000)",
    ),
    "price out of range": (
        "case.toml",
        "40000",
        "4e7",
        "case.toml:7 prices.critical: 40000000.0 currency/MWh is out of range",
    ),
    "no TOML": (
        "case.toml",
        "hours = 3",
        "hours = = 3",
        "case.toml:4: no TOML: Invalid value",
    ),
    "no time zone": (
        "case.toml",
        "Europe/Kyiv",
        "Europe/Kyv",
        (
            "case.toml:2 time_zone: 'Europe/Kyv' is no time zone; expected an IANA name such as "
            "Europe/Kyiv. Did you mean 'Europe/Kyiv'?"
        ),
    ),
    "start outside": (
        "case.toml",
        "2026-01-01T00",
        "2025-01-01T00",
        (
            "case.toml:3 start: 2025-01-01T00:00Z is no snapshot; expected a snapshot from "
            "2026-01-01T00:00Z to 2026-01-01T02:00Z"
        ),
    ),
    "too many hours": (
        "case.toml",
        "hours = 3",
        "hours = 4",
        "case.toml:4 hours: 4 h run past the last snapshot; expected up to 3",
    ),
    "order names a stranger": (
        "case.toml",
        '"g2"]',
        '"g3"]',
        "case.toml:10 sharing.order.h: 'g3' is no building group of heat bus 'h'",
    ),
    "stranger in state.csv": (
        "state.csv",
        "",
        "time,subject,quantity,value,source\n2026-01-01T00:00Z,g11,indoor_degc,17,x\n",
        "state.csv:2 subject: 'g11' is no building group or asset of this case. Did you mean 'g1'?",
    ),
    "kelvin in state.csv": (
        "state.csv",
        "",
        "time,subject,quantity,value,source\n2026-01-01T00:00Z,g1,indoor_degc,290,x\n",
        "state.csv:2 value: 290 degC: reads like kelvin: 290 K would be 16.85 degC",
    ),
    "store observed fuller than full": (
        "state.csv",
        "",
        "time,subject,quantity,value,source\n2026-01-01T00:00Z,tank,level_mwh,41,x\n",
        "state.csv:2 value: 41 MWh is out of range; expected 0 to 40 MWh",
    ),
    "level of a line": (
        "state.csv",
        "",
        "time,subject,quantity,value,source\n2026-01-01T00:00Z,ab,level_mwh,3,x\n",
        "state.csv:2 quantity: 'level_mwh' cannot be observed of a line",
    ),
    "empty file": ("weather.csv", "", "", "weather.csv: the file is empty"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_in_one_line(change, mistake):
    file, old, new, expected = MISTAKES[mistake]
    lines = [str(fault) for fault in check_case(change(file, old, new))]
    assert any(line.startswith(expected) for line in lines), lines
    assert len(lines) <= 4, lines


def test_faults_of_all_files_come_at_once(change):
    root = change("case.toml", "critical", "critcal")
    for file in ("weather.csv", "regions.csv", "network/snapshots.csv"):
        (root / file).write_text("", encoding="utf-8")
    change("network/links.csv", "10,heat", "10,het")
    change("buildings.csv", "600,18000", "600,-18000")
    change("archetypes.csv", "assumed", "")
    files = {fault.file for fault in check_case(root)}
    assert files == {
        "case.toml",
        "weather.csv",
        "regions.csv",
        "network/snapshots.csv",
        "network/links.csv",
        "buildings.csv",
        "archetypes.csv",
    }


def test_an_unreadable_file_does_not_blame_the_others(small):
    (small / "network" / "buses.csv").write_text("", encoding="utf-8")
    (small / "regions.csv").write_text("", encoding="utf-8")
    files = {fault.file for fault in check_case(small)}
    assert files <= {"network/buses.csv", "regions.csv", "case.toml"}


@pytest.mark.parametrize(
    "file",
    [
        "network/buses.csv",
        "network/snapshots.csv",
        "archetypes.csv",
        "weather.csv",
    ],
)
def test_a_missing_file_is_named(small, file):
    (small / file).unlink()
    assert f"{file}: no such file" in [str(fault) for fault in check_case(small)]


def test_a_file_that_is_not_utf_8_is_named_with_its_line(small):
    text = (small / "regions.csv").read_text(encoding="utf-8")
    (small / "regions.csv").write_bytes(text.encode("cp1251"))
    faults = [str(fault) for fault in check_case(small)]
    assert all("is not UTF-8" in line for line in faults if line.startswith("regions.csv"))
    assert any(line.startswith("regions.csv:2: byte 0x") for line in faults)


def test_a_weather_file_wholly_in_kelvin_is_said_in_few_lines(small):
    hours = [f"2026-01-{day:02d}T{hour:02d}:00Z" for day in range(1, 32) for hour in range(24)]
    rows = [f"{hour},*,263.15,1" for hour in hours]
    text = "time,region,outdoor_degc,wind_m_per_s\n" + "\n".join(rows) + "\n"
    (small / "weather.csv").write_text(text, encoding="utf-8")
    lines = [str(fault) for fault in check_case(small)]
    assert "reads like kelvin" in lines[0]
    assert len(lines) == 1
    assert "744 cells" in lines[0]


def test_a_case_with_no_load_and_no_buildings_is_refused(small):
    for file in ("network/loads.csv", "network/loads-p_set.csv", "buildings.csv"):
        (small / file).unlink()
    (small / "case.toml").unlink()
    lines = [str(fault) for fault in check_case(small)]
    assert len(lines) == 1
    assert "the case has no load and no building group" in lines[0]


@pytest.mark.parametrize("path", ["nowhere", "case.toml", "."])
def test_a_path_that_is_no_case(small, path):
    target = small / path if path != "." else small.parent
    with pytest.raises(InputError) as caught:
        read_case(target)
    assert len(caught.value.faults) == 1
    assert caught.value.exit_code == 1


def test_an_input_error_prints_one_line_per_fault(change):
    change("network/generators.csv", "a,20", "a,-20")
    root = change("network/loads.csv", "hot water,h", "hot water,hh")
    faults = inspect_case(root).faults
    assert str(InputError(faults)).count("\n") == len(faults) - 1 == 1


STATE = "time,subject,quantity,value,source\n2026-01-01T00:00Z,g1,indoor_degc,17,x\n"


@pytest.mark.parametrize("empty", ["buildings.csv", "network/loads.csv", "network/links.csv",
                                   "network/buses.csv", "regions.csv", "network/generators.csv",
                                   "network/snapshots.csv"])  # fmt: skip
def test_an_empty_file_is_one_fault(small, empty):
    state = STATE + "2026-01-01T00:00Z,boiler,available,1,x\n"
    (small / "state.csv").write_text(state, encoding="utf-8")
    (small / empty).write_text("", encoding="utf-8")
    assert [str(fault) for fault in check_case(small)] == [f"{empty}: the file is empty"]


def test_a_row_that_is_left_out_is_one_fault(small, change):
    change("network/buses.csv", "110,AC,north", "110,AC,north,")
    lines = [str(fault) for fault in check_case(small)]
    assert lines == ["network/buses.csv:2: 5 cells in this row; expected 4 as in the header"]


@pytest.mark.parametrize("time", ["2025-12-31T23:00Z", "2026-01-01T03:00Z", "2027-01-01T00:00Z"])
def test_an_observation_outside_the_snapshots(small, time):
    (small / "state.csv").write_text(STATE.replace("2026-01-01T00:00Z", time), encoding="utf-8")
    assert [str(fault) for fault in check_case(small)] == [
        (
            f"state.csv:2 time: {time} is outside the snapshots; "
            "expected 2026-01-01T00:00Z up to, not including, 2026-01-01T03:00Z"
        )
    ]


@pytest.mark.parametrize("closed", ["", "network"])
def test_a_folder_without_permission(small, monkeypatch, closed):
    real = Path.iterdir

    def iterdir(self):
        if self == small / closed:
            raise PermissionError(13, "Permission denied", str(self))
        return real(self)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    where = closed or small
    assert [str(fault) for fault in check_case(small)] == [
        f"{where}: cannot be read: Permission denied"
    ]


def test_control_characters_in_names_are_shown_escaped(change):
    root = change("network/links.csv", "10,heat", "10,h\x1b[31m\x07t")
    lines = [str(fault) for fault in check_case(root)]
    assert lines[0].startswith(r"network/links.csv:3 carrier: 'h\x1b[31m\x07t' is no carrier")
    assert str(Fault("Львів.csv", None, None, "'Опалення'")) == "Львів.csv: 'Опалення'"


WEATHER = "time,region,outdoor_degc,wind_m_per_s\n"
HOURS = [f"2026-01-01T{hour:02d}:00Z" for hour in range(3)]

#: file, its whole text, the only line said of it
ONE_THING = {
    "semicolons": (
        "weather.csv",
        "time;region;outdoor_degc;wind_m_per_s\n2026-01-01T00:00Z;*;-5,5;3\n",
        "weather.csv:1: columns are separated by ';'; expected ','",
    ),
    "tabs": (
        "network/loads.csv",
        "name\tbus\tp_set\nhomes\tb\t5\n",
        "network/loads.csv:1: columns are separated by a tab; expected ','",
    ),
    "decimal comma in quotes": (
        "weather.csv",
        WEATHER + "".join(f'{hour},*,"-5,5",3\n' for hour in HOURS),
        (
            "weather.csv:2 to 4 outdoor_degc: 3 cells with a decimal comma, the first -5,5; "
            "expected a decimal point"
        ),
    ),
    "decimal comma that splits the cell": (
        "weather.csv",
        WEATHER + "".join(f"{hour},*,-5,5,3\n" for hour in HOURS),
        (
            "weather.csv:2 to 4: 3 rows with more cells than the header: "
            "looks like a decimal comma; expected a decimal point"
        ),
    ),
    "decimal comma in a series": (
        "network/loads-p_set.csv",
        ',homes,ward\n0,"1,5","2,5"\n1,2,"2,5"\n2,"1,5","2,5"\n',
        (
            "network/loads-p_set.csv:2 to 4 homes: 2 cells with a decimal comma, the first 1,5; "
            "expected a decimal point"
        ),
    ),
    "comment first": (
        "weather.csv",
        "# weather of January, downloaded\n" + WEATHER + f"{HOURS[0]},*,-5,3\n",
        "weather.csv:1: a comment; expected the header in the first line",
    ),
    "no header": (
        "weather.csv",
        "".join(f"{hour},*,-5,3\n" for hour in HOURS),
        (
            "weather.csv:1: there is no header; expected time, region, outdoor_degc, wind_m_per_s, "
            "outdoor_low_degc, outdoor_high_degc"
        ),
    ),
    "no header in the network": (
        "network/loads.csv",
        "homes,b,5\n",
        (
            "network/loads.csv:1: there is no header; expected name, bus, carrier, p_set, tier, "
            "people, region, active"
        ),
    ),
}


@pytest.mark.parametrize("mistake", ONE_THING)
def test_a_file_in_another_form_is_one_fault(small, mistake):
    file, text, expected = ONE_THING[mistake]
    (small / file).write_text(text, encoding="utf-8")
    assert [str(fault) for fault in check_case(small)] == [expected]


def test_one_cause_in_many_cells_is_one_line(small):
    hours = [f"2026-01-01T{hour:02d}:{half}Z" for hour in range(8) for half in ("00", "30")]
    rows = [f"{hour},*,{268.1 + at},-1" for at, hour in enumerate(hours)]
    rows += [f"2026-01-02T{hour:02d}:00Z,*,60,x{hour}" for hour in range(11)]
    (small / "weather.csv").write_text(WEATHER + "\n".join(rows), encoding="utf-8")
    assert [str(fault) for fault in check_case(small)] == [
        (
            "weather.csv:2 to 17 outdoor_degc: 16 cells, the first: 268.1 degC: "
            "reads like kelvin: 268.1 K would be -5.05 degC; expected -70 to 45 degC"
        ),
        (
            "weather.csv:18 to 28 outdoor_degc: 11 cells, the first: 60 degC: "
            "reads like Fahrenheit: 60 F would be 15.56 degC; expected -70 to 45 degC"
        ),
        (
            "weather.csv:2 to 17 wind_m_per_s: 16 cells, the first: -1 m/s is negative; "
            "expected 0 to 75 m/s"
        ),
        (
            "weather.csv:18 to 28 wind_m_per_s: 11 cells, the first: 'x0' is not a number; "
            "expected 0 to 75 m/s"
        ),
    ]


def test_one_unknown_name_in_many_rows_is_one_line(small):
    rows = [f"x{at},bb,1" for at in range(12)] + ["y,cc,1"]
    (small / "network" / "loads.csv").write_text("name,bus,p_set\n" + "\n".join(rows))
    (small / "network" / "loads-p_set.csv").unlink()
    assert [str(fault) for fault in check_case(small)] == [
        (
            "network/loads.csv:2 to 13 bus: 12 cells, the first: 'bb' is no bus of this network. "
            "Did you mean 'b'?"
        ),
        "network/loads.csv:14 bus: 'cc' is no bus of this network",
    ]
