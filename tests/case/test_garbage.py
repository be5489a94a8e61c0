"""Whatever stands in a file, reading it ends in a case or in an InputError."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepwarm.case.read import check_case, read_case
from keepwarm.case.reading import Reading
from keepwarm.case.schemas import schema
from keepwarm.case.tables import read_table
from keepwarm.errors import Fault, InputError, nearest

QUIET = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
CELL = st.one_of(
    st.sampled_from(
        ["", "a", "b", "h", "-1", "0", "1", "1e400", "nan", "inf", "True", "no", "2026-01-01",
         "2026-01-01T00:00Z", "2026-01-01T01:00", "AC", "heat", "*", "north", "panel", '"', "\x00"]
    ),
    st.text(max_size=8),
    st.floats().map(str),
)  # fmt: skip
TABLES = [
    "network/snapshots.csv",
    "network/buses.csv",
    "network/generators.csv",
    "network/loads.csv",
    "network/lines.csv",
    "network/transformers.csv",
    "network/links.csv",
    "network/stores.csv",
    "network/storage_units.csv",
    "regions.csv",
    "buildings.csv",
    "archetypes.csv",
    "weather.csv",
    "state.csv",
]


def reads_or_refuses(root: Path) -> None:
    faults: tuple[Fault, ...] | None = None
    try:
        read_case(root)
    except InputError as error:
        faults = error.faults
    assert faults is None or (faults and all(fault.found for fault in faults))


@QUIET
@given(file=st.sampled_from([*TABLES, "case.toml", "network/loads-p_set.csv"]), noise=st.binary())
def test_any_bytes_are_read_or_refused(small, file, noise):
    path = small / file
    before = path.read_bytes() if path.exists() else None
    path.write_bytes(noise)
    reads_or_refuses(small)
    if before is None:
        path.unlink()
    else:
        path.write_bytes(before)


@QUIET
@given(file=st.sampled_from(TABLES), data=st.data())
def test_any_cells_under_the_right_header_are_read_or_refused(small, file, data):
    path = small / file
    before = path.read_bytes() if path.exists() else None
    header = list(schema(path.stem).columns)
    rows = data.draw(st.lists(st.lists(CELL, min_size=len(header), max_size=len(header))))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    path.write_bytes(text.getvalue().encode("utf-8", "surrogatepass"))
    reads_or_refuses(small)
    if before is None:
        path.unlink()
    else:
        path.write_bytes(before)


TOML_VALUE = st.one_of(
    st.integers(), st.floats(), st.booleans(), st.text(max_size=5), st.lists(st.integers())
)


@QUIET
@given(
    key=st.sampled_from(
        ["name", "start", "hours", "time_zone", "prices", "prices.critical", "thresholds.degc",
         "storage.policy", "sharing.order", "sharing.order.h", "sources", "sources.x", "other"]
    ),
    value=TOML_VALUE,
)  # fmt: skip
def test_any_setting_is_read_or_refused(small, key, value):
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, str):
        text = '"' + "".join(letter for letter in value if letter.isalnum()) + '"'
    else:
        text = str(value)
    (small / "case.toml").write_text(f"{key} = {text}\n", encoding="utf-8")
    reads_or_refuses(small)


@given(st.integers(1, 9), st.integers(0, 9))
def test_every_wrong_row_has_a_fault_of_its_own(good, bad):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "regions.csv"
        rows = [f"r{at},{at}" for at in range(good)] + [f"x{at},-{at + 1}" for at in range(bad)]
        path.write_text("region,people\n" + "\n".join(rows) + "\n", encoding="utf-8")
        reading = Reading(Path(folder))
        table = read_table(reading, path, schema("regions"))
    assert len(table) == good + bad
    assert [fault.line for fault in reading.faults] == [good + 2 + at for at in range(bad)]


@pytest.mark.parametrize("number", [3, 30])
def test_up_to_ten_cells_of_one_cause_are_lines_of_their_own(small, number):
    rows = [f"r{at},-1,,,,," for at in range(5)] + [f"s{at},5,x,x,7,," for at in range(number)]
    header = "region,people,name_en,name_uk,vulnerable_share,lon,lat"
    (small / "regions.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    faults = [fault for fault in check_case(small) if fault.file == "regions.csv"]
    shown = number if number <= 10 else 1
    assert len(faults) == 5 + shown


def test_a_fault_reads_as_the_style_guide_asks():
    fault = Fault("links.csv", 14, "carrier", "'het' is no carrier of this case", "", "heat")
    expected = "links.csv:14 carrier: 'het' is no carrier of this case. Did you mean 'heat'?"
    assert str(fault) == expected


def test_nearest_ignores_case():
    assert nearest("HEAT bus", ["Heat bus", "Gas bus"]) == "Heat bus"
