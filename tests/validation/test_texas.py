"""Texas, February 2021: ours against arithmetic on the published tables, done here once more."""

from __future__ import annotations

import csv
import importlib.util
import re
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from keepwarm.case.nouns import Floats
from keepwarm.validation.folders import case_folder, read_validation_case
from keepwarm.validation.of_hindcast import Hindcast, read_event

FOLDER = case_folder("ercot_february_2021")
REPOSITORY = Path(__file__).resolve().parents[2]
START = datetime.fromisoformat("2021-02-14 06:00:00")


def table(path: str) -> list[dict[str, str]]:
    with (FOLDER / path).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def event() -> Hindcast:
    case = read_validation_case(FOLDER)
    return read_event(case.folder, case.facts["input"])


@pytest.fixture(scope="module")
def page() -> ModuleType:
    spec = importlib.util.spec_from_file_location("page", REPOSITORY / "scripts/texas_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_one_bus_sheds_what_is_missing(event: Hindcast) -> None:
    rows = [row for row in table("hourly.csv") if row["net_interchange_mw"]]
    assert len(rows) == 120
    lack = [
        float(row["load_forecast_counterfactual_mw"]) - float(row["generation_available_mw"])
        for row in rows
    ]
    imports = [-float(row["net_interchange_mw"]) for row in rows]
    np.testing.assert_allclose(event.posted_alone_mw, [max(x, 0) for x in lack], atol=1e-6)
    with_imports = [max(x - y, 0) for x, y in zip(lack, imports, strict=True)]
    np.testing.assert_allclose(event.posted_shed_mw, with_imports, atol=1e-6)


def minutes_out(hours: int) -> dict[str, Floats]:
    """Unit -> share out in every hour, counted minute by minute from the list."""
    out: dict[str, Floats] = defaultdict(lambda: np.zeros(hours * 60))
    for row in table("listed/damage.csv"):
        begin, end = (
            round((datetime.fromisoformat(row[key]) - START) / timedelta(minutes=1))
            for key in ("time", "until")
        )
        out[row["asset"]][max(begin, 0) : max(end, 0)] += 1 - float(row["available"])
    return {unit: share.reshape(hours, 60).mean(axis=1) for unit, share in out.items()}


def test_the_list_takes_out_what_its_minutes_say(event: Hindcast) -> None:
    size = {row["name"]: float(row["p_nom"]) for row in table("listed/network/generators.csv")}
    out = minutes_out(144)
    for fuel in ("coal", "gas", "nuclear", "wind", "solar", "hydro", "battery"):
        theirs = np.zeros(144)
        for unit, shares in out.items():
            if unit.rsplit(" ", 1)[0] == fuel:
                theirs += size[unit] * shares
        assert theirs.max() > 0
        np.testing.assert_allclose(event.listed_out_mw[fuel], theirs, atol=1e-6)


def test_what_the_list_leaves_serves(event: Hindcast) -> None:
    size = {row["name"]: float(row["p_nom"]) for row in table("listed/network/generators.csv")}
    out, hours = minutes_out(36), table("hourly.csv")[:36]
    steady = [name for name in size if not re.match(r"(wind|solar|imports)", name)]
    offered = np.zeros(36)
    for name in steady:
        offered += size[name] * (1 - out.get(name, np.zeros(36)))
    offered += [float(row["gen_wind_mw"]) + float(row["gen_solar_mw"]) for row in hours]
    np.testing.assert_allclose(event.listed_available_mw, offered, atol=1e-6)
    lack = event.need_mw[:36] - offered - event.imports_mw[:36]
    np.testing.assert_allclose(event.listed_shed_mw, np.maximum(lack, 0), atol=1e-6)


def test_the_list_starts_from_the_capacity_of_its_anchor(event: Hindcast) -> None:
    assert int(np.argmax(event.posted_mw[:36])) == 18
    assert event.listed_available_mw[18] == pytest.approx(event.posted_mw[18], abs=0.1)


def test_ours_is_the_ordered_shed_and_two_measured_terms(event: Hindcast) -> None:
    rows = [row for row in table("hourly.csv") if row["load_shed_ordered_mw"]]
    checked = 0
    for k, row in enumerate(rows):
        if event.posted_shed_mw[k] <= 0:
            continue
        served, ordered = (
            float(row[name]) for name in ("actual_demand_served_mw", "load_shed_ordered_mw")
        )
        not_asked = float(row["load_forecast_counterfactual_mw"]) - served - ordered
        unused = float(row["generation_available_mw"]) - float(row["net_generation_mw"])
        # Generation, interchange and load are whole megawatts each.
        assert event.posted_shed_mw[k] - ordered == pytest.approx(not_asked - unused, abs=1.01)
        checked += 1
    assert checked == 10


def test_the_outcome_stops_at_noon_of_the_fifteenth() -> None:
    outcome = ("load_shed_ordered_mw", "actual_demand_served_mw", "net_generation_mw")
    for row in table("hourly.csv"):
        known = row["hour_beginning_cst"] < "2021-02-15 12:00:00"
        assert all(bool(row[name]) == known for name in outcome)


def test_units_have_no_names_and_no_places() -> None:
    rows = table("listed/network/generators.csv")
    own = {"wind", "solar", "other", "imports"}
    names = [row["name"] for row in rows if row["name"] not in own]
    assert len(names) == len(set(names)) == 459
    assert all(re.fullmatch(r"(gas|coal|nuclear|hydro|battery|wind|solar) \d{3}", n) for n in names)
    assert set(table("listed/damage.csv")[0]) == {"time", "asset", "available", "until"}
    assert len(table("listed/damage.csv")) == 1661


def test_the_page_shows_these_numbers(event: Hindcast, page: ModuleType) -> None:
    text = (REPOSITORY / "docs" / "validation_texas.md").read_text(encoding="utf-8")
    assert page.body(event) in text


def test_the_chart_is_the_same_every_time(event: Hindcast, page: ModuleType) -> None:
    drawn = page.chart(event)
    assert drawn == page.chart(event)
    assert drawn == page.CHART.read_text(encoding="utf-8")
    assert len(drawn) < 100_000
