"""Hazard files for tests, from a few words."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from keepwarm.damage.events import draw_events
from keepwarm.damage.hazard_file import read_hazard

WAVE = """
[[hazard]]
name = "{name}"
kind = "wave"
duration_hours = 0
again = {again}
[hazard.arrivals]
per_day = {per_day}
{arrivals}
[[hazard.objects]]
name = "objects"
{objects}
[[hazard.hits]]
classes = ["{classes}"]
{hits}
"""


def wave(
    name="waves",
    again=0,
    per_day=1.0,
    arrivals="",
    objects="mean = 10\nthrough = 0.5",
    classes="*",
    hits="",
):
    return WAVE.format(
        name=name,
        again=again,
        per_day=per_day,
        arrivals=arrivals,
        objects=objects,
        classes=classes,
        hits=hits,
    )


def hazard_of(case, text, head="schema = 1\n"):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hazard.toml"
        path.write_text(head + text, encoding="utf-8")
        return read_hazard(case, path)


def drawn(case, hazard, samples, hours, seed=1, **others):
    return draw_events(
        case, hazard, seed=seed, samples=samples, start=case.start, hours=hours, **others
    )


def without_crews(case):
    return replace(case, resources=replace(case.resources, crews=(), repairs={}))


def near(values, expected, spread=4.0):
    """Whether the mean of independent values is within some standard errors of the expected."""
    error = np.std(values, ddof=1) / np.sqrt(len(values))
    assert abs(np.mean(values) - expected) < spread * error, (np.mean(values), expected, error)
