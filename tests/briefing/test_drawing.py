"""Drawings: local time on the axes, the same bytes each time, ids of their own."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest

from keepwarm.briefing.drawing import COLOURS, Sheet, day_ticks, heading, style
from keepwarm.briefing.words import words


def test_ticks_are_local_midnights_over_a_day_of_23_hours() -> None:
    # Kyiv springs forward on 29 March 2026 at 03:00: its midnights are 22:00 UTC, then 21:00.
    ticks = day_ticks(np.datetime64("2026-03-27T22:00:00"), 72, "Europe/Kyiv", words())
    assert ticks == [(0.0, "28 Mar"), (24.0, "29 Mar"), (47.0, "30 Mar"), (71.0, "31 Mar")]


def test_ticks_of_a_short_run_are_clock_hours() -> None:
    ticks = day_ticks(np.datetime64("2026-01-08T20:00:00"), 24, "Europe/Kyiv", words())
    assert ticks == [
        (2.0, "9 Jan"),
        (8.0, "06:00"),
        (14.0, "12:00"),
        (20.0, "18:00"),
    ]


@pytest.mark.parametrize("hours", [1, 5, 24, 48, 240, 1440])
def test_no_more_ticks_than_fit(hours: int) -> None:
    ticks = day_ticks(np.datetime64("2026-01-08T00:00:00"), hours, "Europe/Kyiv", words())
    assert 1 <= len(ticks) <= 9
    assert [hour for hour, _ in ticks] == sorted({hour for hour, _ in ticks})


@pytest.mark.parametrize(("columns", "first"), [(1, "center"), (2, "left")])
def test_labels_at_the_ends_of_an_hour_stand_inside(columns: int, first: str) -> None:
    start = np.datetime64("2026-01-08T06:00")
    with style():
        sheet = Sheet(1, np.arange(1.0), "UTC", start, words(), height=60, columns=columns)
    for panel in sheet.panels:
        labels = {t.get_text(): t.get_horizontalalignment() for t in panel.get_xticklabels()}
        assert labels == {"06:00": first, "07:00": "right"}


def test_a_label_that_would_run_into_another_is_left_out() -> None:
    """Three midnights in 72 h, the last 2 h before the end, on a panel of 119 units."""
    start = np.datetime64("2026-01-12T02:00")
    with style():
        sheet = Sheet(1, np.arange(72.0), "UTC", start, words(), height=60, columns=3)
    texts = [label.get_text() for label in sheet.panels[0].get_xticklabels()]
    assert texts == ["13 Jan", "14 Jan", ""]


def sketch() -> str:
    hours = np.arange(24.0)
    with style():
        sheet = Sheet(2, hours, "UTC", np.datetime64("2026-01-08T00:00:00"), words(), height=60)
        for panel in sheet.panels:
            panel.fill_between(hours, hours, color=COLOURS["heat"])
            heading(panel, "A <b> & $x$")
        return str(sheet.svg("sample", "Title <", "Description"))


def test_a_drawing_names_itself_and_takes_the_colours_of_the_page() -> None:
    svg = sketch()
    assert svg.startswith("<svg")
    assert 'aria-labelledby="sample-title sample-desc"' in svg
    assert '<title id="sample-title">Title &lt;</title>' in svg
    assert "var(--heat)" in svg
    assert COLOURS["heat"] not in svg
    assert ">A &lt;b&gt; &amp; $x$</text>" in svg
    ids = re.findall(r'\bid="([^"]*)"', svg)
    assert all(name.startswith("sample-") for name in ids)
    assert set(re.findall(r"url\(#([^)]*)\)", svg)) <= set(ids)
    assert set(re.findall(r'href="#([^"]*)"', svg)) <= set(ids)


def test_another_process_draws_the_same_bytes() -> None:
    code = (
        "from tests.briefing.test_drawing import sketch; import hashlib;"
        "print(hashlib.sha256(sketch().encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(p for p in sys.path if p)},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
