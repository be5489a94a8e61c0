"""Kyiv, January 2026: what was read, what was fitted on which days, and how counts are made."""

from __future__ import annotations

import csv
import filecmp
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from keepwarm.case.nouns import Case
from keepwarm.case.read import read_case
from keepwarm.validation.folders import case_folder
from keepwarm.validation.of_january import (
    Course,
    Tally,
    course,
    read_tallies,
    with_settings,
    without_heat,
)

FOLDER = case_folder("kyiv_january_2026")
DAMAGE = FOLDER / "city" / "damage.csv"
REPOSITORY = Path(__file__).resolve().parents[2]


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, REPOSITORY / f"scripts/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def city() -> Case:
    return read_case(FOLDER / "city")


@pytest.fixture(scope="module")
def found(city: Case) -> Course:
    return course(city, (DAMAGE,))


def tally(low: float, high: float) -> Tally:
    return Tally(np.datetime64("2026-01-14T10:00:00"), "without heat", low, high, "fitted", "")


def test_doublings_count_from_the_nearer_claim() -> None:
    claims = tally(400, 470)
    assert claims.doublings(430.0) == 0.0
    assert claims.doublings(940.0) == pytest.approx(1.0)
    assert claims.doublings(100.0) == pytest.approx(-2.0)
    assert claims.quantity == "14 January: without heat"


def test_days_are_fitted_up_to_the_thirteenth_and_predicted_from_the_fourteenth() -> None:
    for row in read_tallies(FOLDER / "tallies.csv"):
        assert (row.use == "fitted") == (row.time < np.datetime64("2026-01-14"))
    assert script("fit_january").HOURS == 132  # 8 January 00:00 to 13 January 12:00


def test_every_tally_but_the_one_named_is_held_to_a_factor_of_two() -> None:
    with (FOLDER / "expected.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row["quantity"]: row for row in csv.DictReader(lines)}
    tallies = {row.quantity for row in read_tallies(FOLDER / "tallies.csv")}
    assert tallies - set(rows) == {"18 January: local accidents"}
    assert all(float(row["tolerance"]) == 1.0 for row in rows.values())


def test_the_city_has_the_fitted_values_and_none_beside_them_is_better(city: Case) -> None:
    fit = script("fit_january")
    with (FOLDER / "fitted.csv").open(encoding="utf-8", newline="") as lines:
        fitted = {row["parameter"]: float(row["value"]) for row in csv.DictReader(lines)}
    assert fitted == {key: city.settings.number(key) for key in fit.GRID}
    place = tuple(fit.GRID[key].index(value) for key, value in fitted.items())
    least = min(fit.error(near) for near in fit.neighbours(place))
    assert fit.error(place) <= fit.HARDLY * least


def test_defaults_are_the_fitted_values(city: Case, examples: Path) -> None:
    town = read_case(examples / "town").settings
    for key in script("fit_january").GRID:
        assert town.number(key) == city.settings.number(key)


def test_nothing_is_known_of_what_came_after_the_nineteenth() -> None:
    with DAMAGE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert max(row["until"] for row in rows) == "2026-01-20T00:00:00Z"
    assert all("published" in row["source"] for row in rows)
    assert max(row.time for row in read_tallies(FOLDER / "tallies.csv")) < np.datetime64(
        "2026-01-20"
    )


def test_the_districts_that_lost_their_heat_are_without_it(city: Case) -> None:
    """Before anything is drained, counted from buildings.csv and damage.csv alone."""
    with DAMAGE.open(encoding="utf-8", newline="") as lines:
        lost = {row["asset"][:-5] for row in csv.DictReader(lines) if row["asset"].endswith("main")}
    with (FOLDER / "city" / "buildings.csv").open(encoding="utf-8", newline="") as lines:
        count = sum(int(row["buildings"]) for row in csv.DictReader(lines) if row["region"] in lost)
    unworn = with_settings(city, {"circuit.leaks_per_1000_days": 0.0})
    _, ours = without_heat(unworn, (DAMAGE,), hours=26)
    assert ours[-1] == pytest.approx(count) == 6008


def test_a_power_cut_alone_is_no_loss_of_heat(city: Case, found: Course) -> None:
    """From 14 January modern buildings are stopped by the thousand, none of them counted."""
    modern = [k for k, name in enumerate(city.buildings.group) if name.endswith("modern")]
    assert city.buildings.buildings[modern].sum() > 1000
    after = found.times >= np.datetime64("2026-01-14T00:00:00")
    assert np.diff(found.without["without heat"][after]).max() < 10


def test_a_later_wave_is_one_more_list(city: Case, tmp_path: Path) -> None:
    """One district of 971 buildings loses its main on the 16th."""
    wave = tmp_path / "wave.csv"
    wave.write_text(
        "time,asset,available,until\n2026-01-16T00:00:00Z,Rope Walk main,0,2026-01-17T00:00:00Z\n",
        encoding="utf-8",
    )
    hours = 8 * 24 + 6.0
    _, before = without_heat(city, (DAMAGE,), hours=hours)
    _, after = without_heat(city, (DAMAGE, wave), hours=hours)
    assert after[8 * 24 - 1] == before[8 * 24 - 1]
    assert after[-1] - before[-1] == pytest.approx(971, abs=15)
    shown = subprocess.run(
        [sys.executable, "scripts/wave.py", wave, "--start=2026-01-15T18:00:00", "--hours=18"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    )
    [_, row] = shown.stdout.splitlines()  # 08:00 on the 16th
    assert float(row.split("\t")[1]) == pytest.approx(971, abs=15)


def test_the_generator_reproduces_the_city(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "scripts", tmp_path / "scripts")
    shutil.copytree(REPOSITORY / "examples" / "archetypes", tmp_path / "examples" / "archetypes")
    again = tmp_path / "src/keepwarm/validation/cases/kyiv_january_2026/city"
    again.mkdir(parents=True)
    subprocess.run([sys.executable, tmp_path / "scripts" / "make_january.py"], check=True)
    written = sorted(path.relative_to(again) for path in again.rglob("*.csv"))
    assert len(written) == 12
    different = [p for p in written if not filecmp.cmp(again / p, FOLDER / "city" / p, False)]
    assert different == [], "run python scripts/make_january.py and commit what it writes"


def test_the_page_shows_these_numbers(found: Course) -> None:
    page = script("january_page")
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.body(found) in text
    assert page.chart(found) == page.CHART.read_text(encoding="utf-8")
