"""A sample of a risk run again comes to what it came to among many."""

import tomllib
from pathlib import Path

import pytest

from keepwarm.case.read import read_case
from keepwarm.ensemble.replay import replay
from keepwarm.ensemble.risk import risk
from keepwarm.ensemble.study import RiskOptions
from keepwarm.errors import InputError


@pytest.fixture(scope="module")
def capital():
    return read_case("examples/capital")


@pytest.fixture(scope="module")
def walked(capital, tmp_path_factory):
    asked = RiskOptions(
        samples=30, seed=5, hours=24, random_failures=True, parameters=True, weather="generated"
    )
    return risk(capital, asked, out=tmp_path_factory.mktemp("risk") / "done")


def worst(walked):
    return walked.answers["worst"]["eue_heat_mwh"][0]["sample"]


def test_a_replayed_sample_comes_to_its_totals(capital, walked):
    sample = worst(walked)
    run = replay(capital, walked, sample)
    row = walked.tables["samples"].slice(sample, 1).to_pylist()[0]
    unserved, below = run.answers["unserved_mwh"], run.answers["people_hours_below_degc"]
    for carrier, column in (("power", "eue_mwh"), ("heat", "eue_heat_mwh")):
        assert unserved[carrier] == pytest.approx(row[column], rel=1e-6, abs=1e-6)
    assert below["18"] == pytest.approx(row["people_hours_below_18"], rel=1e-6, abs=1e-6)


def test_what_broke_stands_in_the_run(capital, walked):
    run = replay(capital, walked, worst(walked))
    broke = run.tables["damage"].to_pylist()
    assert broke
    assert {row["source"] for row in broke} == {"random failure"}
    assert run.manifest["options"]["sample"] == {"number": worst(walked), "of": str(walked.out)}
    drawn = f"{len(broke)} rows drawn for sample {worst(walked)}"
    assert run.manifest["options"]["damage"] == drawn


def test_what_was_hit_is_told_by_its_hazard(tmp_path):
    town = read_case("examples/town")
    asked = RiskOptions(
        samples=40,
        seed=5,
        hours=96,
        hazard=Path("examples/town/hazard.toml").read_text(),
        repair_times=True,
    )
    walked = risk(town, asked, out=tmp_path / "town")
    sample = walked.answers["worst"]["eue_heat_mwh"][0]["sample"]
    run = replay(town, walked, sample)
    row = walked.tables["samples"].slice(sample, 1).to_pylist()[0]
    for carrier, column in (("power", "eue_mwh"), ("heat", "eue_heat_mwh")):
        assert run.answers["unserved_mwh"][carrier] == pytest.approx(row[column], rel=1e-6)
    assert run.answers["people_hours_below_degc"]["12"] == pytest.approx(
        row["people_hours_below_12"], rel=1e-6
    )
    names = tomllib.loads(asked.hazard)["hazard"]
    sources = {row["source"].rpartition(" ")[0] for row in run.tables["damage"].to_pylist()}
    assert sources <= {one["name"] for one in names}
    assert sources


def test_a_sample_that_is_none_is_refused(capital, walked):
    with pytest.raises(InputError, match="0 to 29"):
        replay(capital, walked, 30)


def test_another_case_is_refused(walked):
    with pytest.raises(InputError, match=r"case\.toml"):
        replay(read_case("examples/town"), walked, 0)
