"""What the verbs print: JSON that every reader takes, tables, and a bar only where one helps."""

from __future__ import annotations

import io
import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.commands import output


def printed(document, capsys):
    output.emit_json(document)
    # A strict reader: the bare words NaN and Infinity are not JSON.
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


def test_schema_stands_first(capsys):
    output.emit_json({"case": "town"})
    assert list(json.loads(capsys.readouterr().out).items()) == [("schema", 1), ("case", "town")]


def test_what_is_not_a_number_is_null(capsys):
    values = [1.5, math.nan, math.inf, -math.inf, np.float64("nan"), None]
    assert printed({"values": values}, capsys)["values"] == [1.5, None, None, None, None, None]


def test_numpy_becomes_plain(capsys):
    found = printed(
        {
            "array": np.array([[1.0, np.nan], [2.0, 3.0]]),
            "count": np.int64(7),
            "flag": np.bool_(True),
            "share": np.float32(0.5),
        },
        capsys,
    )
    assert found["array"] == [[1.0, None], [2.0, 3.0]]
    assert (found["count"], found["flag"], found["share"]) == (7, True, 0.5)
    assert found["flag"] is True


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 1, 18, 3, tzinfo=UTC),
        datetime(2026, 1, 18, 3),  # noqa: DTZ001 - naive is UTC inside keepwarm
        datetime(2026, 1, 18, 5, tzinfo=timezone(timedelta(hours=2))),
        np.datetime64("2026-01-18T03", "s"),
        np.datetime64("2026-01-18T03", "ns"),
    ],
)
def test_times_are_utc_and_say_so(moment, capsys):
    assert printed({"time": moment}, capsys)["time"] == "2026-01-18T03:00:00Z"


def test_no_time_is_null(capsys):
    times = np.array(["2026-01-18T03", "NaT"], dtype="datetime64[s]")
    assert printed({"times": times}, capsys)["times"] == ["2026-01-18T03:00:00Z", None]


def test_structs_paths_and_keys(capsys):
    @dataclass(frozen=True)
    class Estimate:
        value: float
        unit: str

    document = {"e": Estimate(1.0, "MWh"), "out": Path("a/b"), "below": {18: 1.0}, "set": (1, 2)}
    found = printed(document, capsys)
    assert found["e"] == {"value": 1.0, "unit": "MWh"}
    assert (found["out"], found["below"], found["set"]) == ("a/b", {"18": 1.0}, [1, 2])


def test_ukrainian_is_printed_as_it_is_written(capsys):
    output.emit_json({"name": "Поділ"})
    assert "Поділ" in capsys.readouterr().out


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
trees = st.recursive(
    leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


@given(trees)
def test_plain_is_json_and_stays_itself(tree):
    once = output.plain(tree)
    assert json.loads(json.dumps(once, allow_nan=False)) == once
    assert output.plain(once) == once


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (math.nan, "–"),
        (math.inf, "∞"),
        (11500, "11,500"),
        (1234567.8, "1,234,568"),
        (12.34, "12.3"),
        (1.234, "1.23"),
        (0.0, "0"),
        (-12.34, "-12.3"),
        ("heat", "heat"),
    ],
)
def test_numbers_as_people_read_them(value, text):
    assert output.number_text(value) == text


def test_a_table_in_a_pipe_is_plain_text_with_numbers_to_the_right(capsys):
    output.table("Without heat", ["district", "people"], [["North", 1200], ["[b]South[/b]", None]])
    text = capsys.readouterr().out
    assert "\x1b" not in text
    lines = text.splitlines()
    north = next(line for line in lines if "North" in line)
    south = next(line for line in lines if "[b]South[/b]" in line)
    assert north.endswith("1,200")
    assert south.endswith("–")
    assert len(north) == len(south)
    assert lines == [line.rstrip() for line in lines]


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test moves."""
    now = [0.0]
    monkeypatch.setattr(output.time, "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize(("seconds", "drawn"), [(1.9, False), (2.1, True)])
def test_a_bar_appears_after_two_seconds(monkeypatch, clock, capsys, seconds, drawn):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with output.progress(10, "walking") as advance:
        clock[0] = seconds
        advance(5)
    assert ("walking" in terminal.getvalue()) == drawn
    assert capsys.readouterr().out == ""


def test_no_bar_where_nobody_watches(clock, capsys):
    with output.progress(10, "walking") as advance:
        clock[0] = 60.0
        advance(5)
    assert capsys.readouterr() == ("", "")
