"""Damage lists and what they leave of every asset, against counting minutes."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.nouns import DamageRow
from keepwarm.case.read import read_case
from keepwarm.damage import availability, inspect_damage, read_damage
from keepwarm.errors import InputError

NEVER = np.datetime64("NaT", "s")
BEGIN = np.datetime64("2026-01-08T00:00:00")
HEADER = "time,asset,available,until,source,confidence\n"


@pytest.fixture(scope="module")
def town(examples: Path):
    """Its CHP unit restarts in 8 h, its peak boiler in 4 h, its lines at once."""
    return read_case(examples / "town")


def minute(at):
    return BEGIN + np.timedelta64(60 * at, "s")


def row(case, asset, start, share, until=None, *, source=""):
    end = NEVER if until is None else minute(until)
    place = case.network.assets.name.index(asset)
    return DamageRow(minute(start), place, share, end, source, "")


def written(tmp_path, *lines):
    path = tmp_path / "damage.csv"
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def column(case, rows, asset, steps=12):
    return availability(case, tuple(rows), BEGIN, steps)[:, case.network.assets.name.index(asset)]


def test_no_damage_leaves_everything(town):
    assert (availability(town, (), BEGIN, 5) == 1).all()
    assert availability(town, (), BEGIN, 5).shape == (5, len(town.network.assets))


def test_until_is_exclusive_and_a_restart_follows(town):
    # out from 01:00 to 02:00, then 4 h to restart: out in hours 1 to 5, back in hour 6
    left = column(town, [row(town, "CHP peak boiler", 60, 0, 120)], "CHP peak boiler", 8)
    assert left.tolist() == [1, 0, 0, 0, 0, 0, 1, 1]


def test_without_an_end_it_stays_out(town):
    left = column(town, [row(town, "Water pumps", 120, 0.25)], "Water pumps", 5)
    assert left.tolist() == [1, 1, 0.25, 0.25, 0.25]


def test_damage_before_the_run_still_acts(town):
    left = column(town, [row(town, "Grid import", -600, 0.5, 90)], "Grid import", 3)
    assert left.tolist() == [0.5, 0.75, 1]


def test_an_edge_within_a_step_is_weighted_by_time(town):
    left = column(town, [row(town, "Grid import", 15, 0)], "Grid import", 2)
    assert left.tolist() == [0.25, 0]


def test_a_line_out_for_a_minute_is_out_for_the_step(town):
    name = "Line Grid-West"
    left = column(town, [row(town, name, 59, 0, 61)], name, 3)
    assert left.tolist() == [0, 0, 1]


def test_where_rows_overlap_the_least_counts(town):
    rows = [
        row(town, "Grid import", 0, 0.5, 180),
        row(town, "Grid import", 60, 0.2, 120),
        row(town, "Grid import", 60, 0.9, 240),
    ]
    assert column(town, rows, "Grid import", 5).tolist() == [0.5, 0.2, 0.5, 0.9, 1]


ASSETS = ["CHP unit", "CHP peak boiler", "Grid import", "Line West-East", "Water pumps"]
RESTART_MINUTES = {"CHP unit": 480, "CHP peak boiler": 240, "Water pumps": 60}
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(ASSETS),
        st.integers(-300, 800),
        st.sampled_from([0.0, 0.1, 0.5, 1.0]),
        st.one_of(st.none(), st.integers(1, 400)),
    ),
    max_size=6,
)


@settings(max_examples=50)
@given(events=EVENTS, steps=st.integers(1, 12))
def test_availability_is_what_counting_minutes_gives(town, events, steps):
    rows, minutes = [], {name: np.ones(steps * 60) for name in ASSETS}
    for asset, start, share, length in events:
        share = round(share) if asset.startswith("Line") else share
        end = None if length is None else start + length
        rows.append(row(town, asset, start, share, end))
        last = steps * 60 if end is None else end + RESTART_MINUTES.get(asset, 0)
        acts = slice(max(start, 0), max(last, 0))
        minutes[asset][acts] = np.minimum(minutes[asset][acts], share)
    left = availability(town, tuple(rows), BEGIN, steps)
    assert ((left >= 0) & (left <= 1)).all()
    for asset in ASSETS:
        hours = minutes[asset].reshape(steps, 60)
        expected = hours.min(axis=1) if asset.startswith("Line") else hours.mean(axis=1)
        got = left[:, town.network.assets.name.index(asset)]
        np.testing.assert_allclose(got, expected, atol=1e-12)


def test_a_list_reads_as_it_stands(town, tmp_path):
    path = written(
        tmp_path,
        "2026-01-09T06:00+02:00,CHP unit,0,2026-01-12T06:00+02:00,desk,high",
        "2026-01-10T00:00Z,Grid import,0.5,,,",
    )
    first, second = read_damage(town, path)
    assert first.time == np.datetime64("2026-01-09T04:00:00")
    assert first.until == np.datetime64("2026-01-12T04:00:00")
    assert town.network.assets.name[first.asset] == "CHP unit"
    assert (first.source, first.confidence) == ("desk", "high")
    assert np.isnat(second.until)
    assert second.available == 0.5


MISTAKES = {
    "unknown asset": (
        "2026-01-09T06:00Z,CHP unti,0,,,",
        ":2 asset: 'CHP unti' is no asset of this case. Did you mean 'CHP unit'?",
    ),
    "a bus": (
        "2026-01-09T06:00Z,West heat,0,,,",
        ":2 asset: 'West heat' is a bus, not an asset; expected an asset of the network",
    ),
    "half a line": (
        "2026-01-09T06:00Z,Line Grid-West,0.5,,,",
        ":2 available: 'Line Grid-West' is a line and cannot be left with 0.5",
    ),
    "more than all": (
        "2026-01-09T06:00Z,CHP unit,1.5,,,",
        ":2 available: 1.5 is out of range; expected 0 to 1",
    ),
    "per cent": (
        "2026-01-09T06:00Z,CHP unit,50,,,",
        ":2 available: 50 is out of range; expected 0 to 1",
    ),
    "until before time": (
        "2026-01-09T06:00Z,CHP unit,0,2026-01-09T06:00Z,,",
        ":2 until: 2026-01-09T06:00Z is not after 2026-01-09T06:00Z",
    ),
    "two kinds of times in a row": (
        "2026-01-09T06:00Z,CHP unit,0,2026-01-10T06:00,,",
        ":2 time: times with an offset (first in line 2) and without one (first in line 2)",
    ),
    "no time": (
        "9 January,CHP unit,0,,,",
        ":2 time: '9 January' is not a time",
    ),
    "no asset": (
        "2026-01-09T06:00Z,,0,,,",
        ":2 asset: the cell is empty",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named(town, tmp_path, mistake):
    line, expected = MISTAKES[mistake]
    path = written(tmp_path, line)
    with pytest.raises(InputError) as caught:
        read_damage(town, path)
    assert str(caught.value).startswith(f"{path}{expected}")
    assert len(caught.value.faults) == 1


def test_all_mistakes_come_at_once(town, tmp_path):
    path = written(tmp_path, *(line for line, _ in MISTAKES.values()))
    lines = {fault.line for fault in inspect_damage(town, path).faults}
    assert lines >= {2, 3, 4, 5, 6, 7, 9, 10}
    assert inspect_damage(town, path).damage == ()


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_a_file_that_is_missing_empty_or_no_text(town, tmp_path, content):
    path = tmp_path / "damage.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_damage(town, path)
    assert len(caught.value.faults) == 1


def test_a_folder_is_no_list_and_is_named_as_it_was_given(town, examples, tmp_path):
    for folder in (examples / "town", tmp_path):
        with pytest.raises(InputError) as refused:
            read_damage(town, folder)
        assert str(refused.value) == f"{folder}: is a folder; expected a file"


def test_a_list_without_rows_is_no_damage(town, tmp_path):
    assert read_damage(town, written(tmp_path)) == ()


def test_times_outside_the_snapshots_are_warnings(town, tmp_path):
    path = written(
        tmp_path,
        "2025-12-01T00:00Z,CHP unit,0,2025-12-02T00:00Z,,",
        "2025-12-01T00:00Z,CHP unit,0,2026-01-09T00:00Z,,",
        "2027-01-01T00:00Z,CHP unit,0,,,",
    )
    checked = inspect_damage(town, path)
    assert checked.faults == ()
    assert len(checked.damage) == 3
    assert [warning.line for warning in checked.warnings] == [2, 3, 4]


def test_the_towns_list_takes_the_plant_for_three_days_and_its_restart(town, examples):
    damage = read_damage(town, examples / "town" / "damage.csv")
    left = availability(town, damage, BEGIN, 240)
    chp = left[:, town.network.assets.name.index("CHP unit")]
    # out from hour 30 for 72 h, then 8 h to restart
    assert chp.sum() == 240 - 72 - 8
    assert chp[29] == 1
    assert chp[30] == 0
    assert chp[109] == 0
    assert chp[110] == 1


def test_a_list_without_rows_is_a_warning(town, tmp_path):
    checked = inspect_damage(town, written(tmp_path))
    assert (checked.damage, checked.faults) == ((), ())
    assert [warning.found for warning in checked.warnings] == ["there are no rows: nothing is out"]
