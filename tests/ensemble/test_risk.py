"""Risk, as a program calls it: what it refuses, what it keeps, when it stops."""

import json

import duckdb
import pyarrow.parquet as pq
import pytest

from keepwarm.case.read import read_case
from keepwarm.ensemble.folder import read_risk
from keepwarm.ensemble.risk import risk
from keepwarm.ensemble.study import RiskOptions
from keepwarm.errors import InputError

ASKED = RiskOptions(samples=40, seed=3, hours=6, random_failures=True)


@pytest.fixture(scope="module")
def capital():
    return read_case("examples/capital")


@pytest.fixture(scope="module")
def done(capital, tmp_path_factory):
    return risk(capital, ASKED, out=tmp_path_factory.mktemp("risk") / "done")


def test_chunks_of_any_size_come_to_the_same(capital, done, tmp_path):
    for size in (7, 40):
        again = risk(capital, ASKED, out=tmp_path / f"{size}", chunk=size)
        assert again.tables == done.tables


def test_a_sample_comes_out_the_same_among_fewer(capital, done, tmp_path):
    few = risk(capital, ASKED_FEW, out=tmp_path / "few")
    assert few.tables["samples"].equals(done.tables["samples"].slice(0, 10))


ASKED_FEW = RiskOptions(samples=10, seed=3, hours=6, random_failures=True)


def test_another_seed_draws_others(capital, done, tmp_path):
    other = risk(
        capital,
        RiskOptions(samples=40, seed=4, hours=6, random_failures=True),
        out=tmp_path / "other",
    )
    assert not other.tables["samples"].equals(done.tables["samples"])


def test_duckdb_opens_what_is_written(done):
    [(count, mean)] = duckdb.sql(
        f"select count(*), avg(eue_mwh) from '{done.out}/samples.parquet'"
    ).fetchall()
    assert count == 40
    assert mean == pytest.approx(done.answers["estimates"]["eue_mwh"]["value"], abs=1e-12)


def test_a_risk_reads_back_as_it_was_written(done):
    again = read_risk(done.out)
    assert again.tables == done.tables
    assert again.answers == json.loads(json.dumps(done.answers))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (RiskOptions(samples=0), "samples: 0; expected one or more"),
        (RiskOptions(samples=1, seed=-1), "seed: -1; expected 0 or more"),
        (RiskOptions(samples=1, until_percent=0.0), "until: 0; expected above 0"),
        (RiskOptions(samples=1, hours=-3), "hours"),
        (RiskOptions(samples=1, until_percent=2.0, until_measure="eue_mvh"), "eue_mwh"),
    ],
)
def test_what_cannot_be_walked_is_refused(capital, options, said, tmp_path):
    with pytest.raises(InputError, match=said):
        risk(capital, options, out=tmp_path / "refused")
    assert not (tmp_path / "refused" / "study.json").exists()


def test_a_case_in_which_nothing_fails_is_told(tmp_path):
    with pytest.raises(InputError, match="mttf_hours"):
        risk(
            read_case("examples/town"),
            RiskOptions(samples=1, random_failures=True),
            out=tmp_path / "refused",
        )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"keepwarm": "0.0.1"}, "another version of keepwarm"),
        ({"solver": {}}, "other versions of numpy"),
        ({"inputs_sha256": {"case.toml": "0"}}, "case.toml"),
        ({"case": {"name": "elsewhere"}}, "another case"),
    ],
)
def test_only_the_same_risk_goes_on(capital, done, change, said, tmp_path):
    study = json.loads((done.out / "study.json").read_text())
    (tmp_path / "study.json").write_text(json.dumps(study | change))
    with pytest.raises(InputError, match=said):
        risk(capital, ASKED, out=tmp_path, resume=True)


def test_a_folder_with_something_else_is_left_alone(capital, tmp_path):
    (tmp_path / "letter.txt").write_text("dear all")
    with pytest.raises(InputError, match="letter"):
        risk(capital, ASKED, out=tmp_path)
    with pytest.raises(InputError, match=r"study\.json: missing"):
        risk(capital, ASKED, out=tmp_path / "nothing", resume=True)


def test_it_stops_where_the_error_is_small_enough_whatever_the_chunks(capital, tmp_path):
    asked = RiskOptions(
        samples=700, seed=3, hours=2, random_failures=True, until_percent=30.0,
        until_measure="eue_heat_mwh",
    )  # fmt: skip
    found = [
        risk(capital, asked, out=tmp_path / f"{size}", chunk=size).tables["samples"]
        for size in (64, 100)
    ]
    assert found[0].equals(found[1])
    assert 256 <= len(found[0]) <= 700
    assert pq.read_table(tmp_path / "64" / "samples.parquet").equals(found[0])
