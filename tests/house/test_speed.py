"""What is promised about time; the numbers themselves are in benchmarks/."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

KEEPWARM = str(Path(sys.executable).parent / "keepwarm")


def quickest(times: int, *arguments: str) -> tuple[float, str]:
    """Best wall seconds of a command, and its output: what it costs, not what else is going on."""
    took, output = [], ""
    for _ in range(times):
        began = time.perf_counter()
        done = subprocess.run(
            [KEEPWARM, *arguments], check=True, capture_output=True, text=True, timeout=120
        )
        took.append(time.perf_counter() - began)
        output = done.stdout
    return min(took), output


@pytest.mark.timed
def test_help_is_quick():
    seconds, _ = quickest(5, "--help")
    assert seconds < 0.4


@pytest.mark.timed
def test_ten_days_of_the_capital_take_five_seconds(examples, tmp_path):
    seconds, output = quickest(
        2, "run", str(examples / "capital"), "--hours", "240", "--json", "--out", f"{tmp_path}/run"
    )
    assert json.loads(output)["hours"] == 240
    assert seconds < 5
