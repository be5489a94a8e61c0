"""A risk as the page shows it: the numbers of the command line, and what may be asked for."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import keepwarm as kw
from keepwarm.board.risk_view import Files, region_curves, risk_options, risk_view
from keepwarm.board.risks import FOLDER
from keepwarm.board.winters import RiskWork, so_far, walk_winters
from keepwarm.commands.main import main
from keepwarm.ensemble.folder import RiskFolder
from keepwarm.ensemble.study import RiskOptions
from keepwarm.errors import InputError

FILES = Files(hazard="schema = 1", measures=None)


@pytest.fixture(scope="module")
def walked(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    """A few winters of the town, and what ``keepwarm risk --json`` says of them."""
    town, out = examples / "town", tmp_path_factory.mktemp("risk") / "risk"
    given = ["risk", town, "--samples", 12, "--hours", 48, "--seed", 4, "--workers", 1, "--json"]
    given += ["--hazard", town / "hazard.toml", "--measures", town / "measures.toml", "--out", out]
    done = CliRunner().invoke(main, [str(one) for one in given])
    assert done.exit_code == 0, done.output
    return out, json.loads(done.stdout)


def test_answers_are_those_of_the_command_line(walked, examples):
    out, told = walked
    found = risk_view(kw.read_risk(out), kw.read_case(examples / "town"))
    for key in set(told) - {"schema", "seconds", "out"}:
        assert json.loads(json.dumps(found[key])) == told[key], key
    assert found["differs"] == ""
    assert found["drawn"]["hazard"] is True
    assert found["drawn"]["random_failures"] is False


def test_of_another_case_it_says_which_files_differ(walked, examples):
    found = risk_view(kw.read_risk(walked[0]), kw.read_case(examples / "capital"))
    assert "buildings.csv" in found["differs"]


def test_a_region_has_the_curve_of_its_own_samples(walked):
    out, _ = walked
    risk = kw.read_risk(out)
    rows = risk.tables["samples_by_region"].to_pylist()
    for region in ("West", "East"):
        own = [row["eue_heat_mwh"] for row in rows if row["region"] == region]
        for point in region_curves(risk, region).get("eue_heat_mwh", []):
            more = sum(value > point["level"] for value in own)
            assert point["share"] == pytest.approx(more / len(own))
    with pytest.raises(InputError, match="no region"):
        region_curves(risk, "Wset")


def test_a_wish_becomes_options():
    asked = {"samples": 40, "seed": 2, "hazard": True, "random_failures": True}
    found = risk_options(asked, FILES, RiskOptions(samples=1, start="2026-01-08T00:00:00"))
    assert (found.samples, found.seed, found.hazard) == (40, 2, "schema = 1")
    assert found.start == "2026-01-08T00:00:00"
    assert found.random_failures
    assert found.measures is None


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ({"samples": 0, "hazard": True}, "samples"),
        ({"samples": 10**9, "hazard": True}, "samples"),
        ({"samples": True, "hazard": True}, "samples"),
        ({"samples": 10}, "hazard"),
        ({"samples": 10, "hazard": "yes"}, "hazard"),
        ({"samples": 10, "hazard": True, "measures": True}, "measures"),
        ({"samples": 10, "hazard": True, "hours": "long"}, "hours"),
        ({"samples": 10, "hazard": True, "out": "elsewhere"}, "out"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(asked, key):
    with pytest.raises(InputError) as refused:
        risk_options(asked, FILES, RiskOptions(samples=1))
    assert key in {fault.column for fault in refused.value.faults}


@pytest.fixture(scope="module")
def kept(walked, desk) -> str:
    """The same risk, as if it had been walked from the page."""
    shutil.copytree(walked[0], desk.workspace / FOLDER / "few")
    return "few"


def test_the_page_gets_the_risk_and_the_curves_of_a_region(board, walked, kept):
    found = board.get("/api/risk", params={"name": kept}).json()
    for name, said in walked[1]["estimates"].items():
        assert found["risk"]["estimates"][name] == pytest.approx(said), name
    assert found["can"] == {"hazard": True, "measures": True, "random_failures": False}
    [told] = [one for one in found["risks"] if one["name"] == kept]
    assert (told["samples"], told["exact"], told["drawn"]["seed"]) == (12, False, 4)
    assert told["drawn"]["hazard"] is True
    curves = board.get("/api/risk/curves", params={"name": kept, "region": "East"})
    assert set(curves.json()["exceedance"]) <= set(found["risk"]["exceedance"])
    for asked in ({"name": kept, "region": "Wset"}, {"name": "none", "region": "East"}):
        assert board.get("/api/risk/curves", params=asked).status_code == 404


def test_the_worst_winter_is_walked_again_with_its_own_numbers(board, desk, walked, kept):
    worst = walked[1]["worst"]["eue_heat_mwh"][0]
    edit = {"kind": "winter", "risk": kept, "sample": worst["sample"]}
    made = board.post("/api/scenarios", json={"parent": desk.root.name, "edit": edit}).json()
    run = board.get(f"/api/scenarios/{made['id']}/run").json()
    assert run["answers"]["unserved_mwh"]["heat"] == pytest.approx(worst["value"], rel=1e-6)
    assert run["checked"] is True
    # It is there to be looked at: nothing of it is changed.
    later = {"kind": "no_plan"}
    found = board.post("/api/scenarios", json={"parent": made["id"], "edit": later})
    assert found.status_code == 422


@pytest.mark.parametrize(
    ("risk", "sample"), [("few", 12), ("few", -1), ("few", "1"), ("../few", 1), ("other", 0)]
)
def test_a_winter_that_there_is_not_is_refused(board, desk, kept, risk, sample):
    edit = {"kind": "winter", "risk": risk, "sample": sample}
    made = board.post("/api/scenarios", json={"parent": desk.root.name, "edit": edit})
    assert made.status_code == 422


@pytest.fixture(scope="module")
def begun(town, tmp_path_factory) -> RiskWork:
    """Twelve winters of the town, of which the third was lost before it was kept."""
    workspace = tmp_path_factory.mktemp("begun")
    hazard = (town.path / "hazard.toml").read_text(encoding="utf-8")
    measures = (town.path / "measures.toml").read_text(encoding="utf-8")
    options = RiskOptions(samples=12, seed=4, hours=48.0, hazard=hazard, measures=measures)
    work = RiskWork(town, options, workspace, workers=1)
    held = RiskFolder.keep

    class Stopped(RiskFolder):
        def keep(self, chunk, data):
            if chunk.first == 2:
                raise KeyboardInterrupt
            held(self, chunk, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("keepwarm.ensemble.risk.RiskFolder", Stopped)
        with pytest.raises(KeyboardInterrupt):
            walk_winters(work, lambda _: None)
    return work


def test_a_stopped_risk_is_that_of_its_whole_winters(begun):
    fewer = so_far(begun)
    assert fewer is not None
    town = begun.case.path
    alone = begun.workspace / "alone"
    given = ["risk", town, "--samples", 2, "--hours", 48, "--seed", 4, "--workers", 1, "--json"]
    given += ["--hazard", town / "hazard.toml", "--measures", town / "measures.toml"]
    done = CliRunner().invoke(main, [str(one) for one in [*given, "--out", alone]])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    found = kw.read_risk(fewer.out).answers
    for key in ("samples", "estimates", "by_region", "measures", "worst"):
        assert json.loads(json.dumps(found[key])) == told[key], key


def test_the_same_wish_goes_on_where_it_was_stopped(begun, walked):
    so_far(begun)
    walk_winters(begun, lambda _: None)
    found = kw.read_risk(begun.out).answers
    for key in ("samples", "estimates", "by_region"):
        assert json.loads(json.dumps(found[key])) == walked[1][key], key


def test_nothing_whole_is_no_risk(begun, tmp_path):
    assert so_far(replace(begun, workspace=tmp_path)) is None
