"""The generators write the committed tables again, byte for byte."""

from __future__ import annotations

import filecmp
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["town", "capital", "country"])
def test_the_generator_reproduces_the_committed_tables(name: str, tmp_path: Path) -> None:
    """Run in a copy, with the generated tables taken away first."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    case = tmp_path / "examples" / name
    written = ["archetypes.csv", "weather.csv", "network/snapshots.csv", "network/loads-p_set.csv"]
    if name != "town":
        written += ["buildings.csv", "regions.csv"]
        written += [f"network/{path.name}" for path in (case / "network").glob("*.csv")]
    for path in set(written):
        (case / path).unlink()
    script = tmp_path / "scripts" / f"make_{name}.py"
    subprocess.run([sys.executable, str(script)], check=True, timeout=120)
    same = {
        path: filecmp.cmp(case / path, ROOT / "examples" / name / path, False) for path in written
    }
    assert [path for path, equal in same.items() if not equal] == [], (
        f"run python scripts/make_{name}.py and commit what it writes"
    )


def test_the_weather_stops_when_a_station_fact_is_missed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    (tmp_path / "examples" / "capital").mkdir(parents=True)
    anchors = tmp_path / "scripts" / "weather_anchors.csv"
    text = anchors.read_text(encoding="utf-8")
    anchors.write_text(text.replace("2026-01-18,night,-16.5", "2026-01-18,night,-15.0"), "utf-8")
    script = tmp_path / "scripts" / "make_weather.py"
    done = subprocess.run(
        [sys.executable, str(script)], check=False, timeout=60, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "January" in done.stderr
