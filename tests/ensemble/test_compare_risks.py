"""``keepwarm compare`` over the folders of two risks, and measures from file to table."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import stats

from keepwarm.case.read import read_case
from keepwarm.commands.compare import compare
from keepwarm.ensemble.folder import read_risk
from keepwarm.ensemble.risk import risk
from keepwarm.ensemble.study import RiskOptions

MEASURES = """
schema = 1
currency = "euro"
[[portfolio]]
name = "boilers"
cost = 10
boilers = [{ mw = 20, count = 20 }]
"""


@pytest.fixture(scope="module")
def folders(examples, tmp_path_factory):
    """A risk with and one without a measure, the same winters, and one with others."""
    out, capital = tmp_path_factory.mktemp("risks"), read_case(examples / "capital")
    for name, seed, measures in (("a", 3, MEASURES), ("other", 4, None)):
        options = RiskOptions(
            samples=12, seed=seed, hours=3, random_failures=True, measures=measures
        )
        risk(capital, options, out=out / name, chunk=12)
    return out


def said(*arguments):
    done = CliRunner().invoke(compare, [str(one) for one in arguments])
    return done.exit_code, done.output


def columns(folder, portfolio=""):
    table = read_risk(folder).tables["samples"].to_pylist()
    return np.array([row["eue_heat_mwh"] for row in table if row["portfolio"] == portfolio])


def test_a_risk_against_itself_is_no_difference(folders):
    code, text = said(folders / "a", folders / "a", "--json")
    assert code == 0
    document = json.loads(text)
    assert document["notes"] == []
    names = [one["name"] for one in document["differences"]]
    assert "eue_heat_mwh" in names
    assert "cvar95_eue_heat_mwh" in names
    for one in document["differences"]:
        assert one["paired"]
        assert one["difference"]["value"] == 0


def test_two_seeds_are_not_paired(folders):
    code, text = said(folders / "a", folders / "other", "eue_heat_mwh", "--json")
    (one,) = json.loads(text)["differences"]
    a, b = columns(folders / "a"), columns(folders / "other")
    assert code == 0
    assert not one["paired"]
    assert one["difference"]["value"] == pytest.approx(b.mean() - a.mean())
    assert one["difference"]["stderr"] == pytest.approx(np.hypot(stats.sem(a), stats.sem(b)))
    _, text = said(folders / "a", folders / "other", "eue_heat_mwh")
    assert "not paired (seeds 3 and 4)" in " ".join(text.split())


def test_measures_reach_the_folder(folders):
    done = read_risk(folders / "a")
    row = next(
        one for one in done.tables["measures"].to_pylist() if one["quantity"] == "eue_heat_mwh"
    )
    apart = columns(folders / "a") - columns(folders / "a", "boilers")
    assert row["portfolio"] == "boilers"
    assert row["reduced"] == pytest.approx(apart.mean())
    assert row["stderr"] == pytest.approx(stats.sem(apart))
    assert row["per_cost"] == pytest.approx(apart.mean() / 10)
    assert apart.mean() > 0


def test_what_cannot_be_compared_is_refused(folders, tmp_path):
    code, text = said(folders / "a", folders / "a", "--case", "examples/capital")
    assert code == 2
    assert "not for risks" in text
    for arguments in ((folders / "a", tmp_path), (folders / "a", folders / "a", "eue_haet_mwh")):
        done = CliRunner().invoke(compare, [str(one) for one in arguments])
        assert "eue_heat_mwh" in str(done.exception) or "missing" in str(done.exception)
