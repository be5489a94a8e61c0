"""Waves fitted to attributed figures: parameters come back, each speaker's series by itself."""

import json
import tomllib
from datetime import date, timedelta

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import stats

from keepwarm.case.claims import Claim, Read, Ticked
from keepwarm.case.read import read_case
from keepwarm.commands.main import main
from keepwarm.damage.arrivals import arrival_hours
from keepwarm.damage.hazard import Arrivals
from keepwarm.damage.hazard_fit import fit_hazard
from keepwarm.damage.likelihood import fit_arrivals, fit_shares, fit_sizes
from keepwarm.damage.raids import series_of
from keepwarm.errors import InputError
from keepwarm.reports.ledger import open_ledger
from tests.damage.hazards import hazard_of

START = date(2026, 1, 1)


def within(estimate, expected, spread=4.0):
    assert estimate.stderr > 0
    assert abs(estimate.value - expected) < spread * estimate.stderr, (estimate, expected)


def said(metric, value, day=0, source="Air Force", **changed):
    """One accepted claim."""
    number = said.count = getattr(said, "count", 0) + 1
    claim = Claim(
        metric, value, changed.pop("qualifier", "exact"), "x", 0, source=source, **changed
    )
    published = "" if day is None else str(START + timedelta(days=day))
    return Ticked(f"d{day}#{number}", claim, None, "tester", "", f"d{day}", published)


def raid(day, launched, downed, kind="drones", source="Air Force"):
    return [
        said(f"{kind}_launched", launched, day, source),
        said(f"{kind}_downed", downed, day, source),
    ]


def test_a_poisson_process_has_its_closed_form():
    """Nine raids follow the first within 30 days: 0.3 a day, 0.1 standard error."""
    found = fit_arrivals(np.array([0.0, 1, 2, 5, 9, 14, 20, 25, 30]))
    assert (found.per_day.value, found.children) == (8 / 30, None)
    assert found.per_day.stderr == pytest.approx(np.sqrt(8) / 30)


def test_clustered_raids_come_back():
    own = Arrivals(0.05, np.ones(12), 0.7, 72.0, "")
    start = np.datetime64("2026-01-01", "s")
    hours = arrival_hours(np.random.default_rng(4), own, start, 24.0 * 3000)
    found = fit_arrivals(hours / 24)
    within(found.per_day, 0.05)
    within(found.children, 0.7)
    within(found.within_hours, 72.0)


def test_raids_that_do_not_cluster_stay_a_poisson_process():
    own = Arrivals(0.3, np.ones(12), 0.0, 72.0, "")
    start = np.datetime64("2026-01-01", "s")
    fitted = [
        fit_arrivals(arrival_hours(np.random.default_rng([5, k]), own, start, 2400.0) / 24)
        for k in range(12)
    ]
    assert sum(one.children is None for one in fitted) >= 11


def test_sizes_come_back():
    counts = stats.nbinom(3.0, 3.0 / 123.0).rvs(400, random_state=1).astype(float)
    mean, dispersion = fit_sizes(counts)
    assert mean.value == pytest.approx(counts.mean())
    within(mean, 120.0)
    within(dispersion, 3.0)
    # The mean's error is that of a mean of this variance.
    k = dispersion.value
    error = np.sqrt((counts.mean() + counts.mean() ** 2 / k) / 400)
    assert mean.stderr == pytest.approx(error, rel=1e-3)


def test_sizes_that_spread_no_more_than_chance_are_poisson():
    mean, dispersion = fit_sizes(np.array([100.0, 101, 99]))
    assert (mean.value, dispersion) == (100, None)
    assert mean.stderr == pytest.approx(np.sqrt(100 / 3))
    assert fit_sizes(np.array([40.0]))[1] is None


def test_shares_through_come_back():
    draw = np.random.default_rng(2)
    came = draw.integers(40, 400, 300).astype(float)
    both = 0.2 * 0.8 / 0.07**2 - 1
    through = draw.binomial(came.astype(int), draw.beta(0.2 * both, 0.8 * both, 300)).astype(float)
    mean, sd = fit_shares(through, came)
    within(mean, 0.2)
    within(sd, 0.07)
    assert 0.8 < mean.stderr / (0.07 / np.sqrt(300)) < 1.6  # spread, and the binomial on top


def test_shares_that_do_not_differ_have_no_spread():
    came = np.full(50, 200.0)
    through = np.random.default_rng(3).binomial(200, 0.1, 50).astype(float)
    mean, sd = fit_shares(through, came)
    assert sd is None
    assert mean.stderr == pytest.approx(np.sqrt(mean.value * (1 - mean.value) / 1e4))
    assert fit_shares(np.zeros(3), came[:3])[0].value == 0


def test_a_raid_is_what_one_speaker_says_of_one_day():
    claims = [
        *raid(0, 100, 80),
        said("drones_downed", 30, 0, location="North"),  # a part by place
        said("drones_lost", 5, 0),
        said("drones_launched", 90, 0, "Air Force (via Reuters)"),  # earlier, elsewhere
        *raid(1, 50, 45),
        *raid(0, 60, 60, source="Defence Ministry"),
    ]
    (longest, other), unused = series_of(claims)
    assert (longest.speaker, other.speaker) == ("Air Force", "Defence Ministry")
    assert [one.came("drones") for one in longest.raids] == [100, 50]
    assert [one.through("drones") for one in longest.raids] == [15, 5]
    assert (longest.days, other.days) == (1, 0)
    assert unused == ()


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (said("drones_launched", 9, 0, "unattributed"), "nobody is named"),
        (said("drones_launched", 9, None), "no date"),
        (said("drones_launched", 9, 0, modality="denied"), "said as denied"),
        (said("drones_launched", 9, 0, qualifier="lower_bound"), "lower bound"),
        (said("drones_launched", None, 0, qualifier="vague"), "vague"),
        (said("drones_launched", 900, 0, phase="cumulative"), "sum"),
    ],
)
def test_what_cannot_be_counted_is_left_out_and_said(claim, reason):
    series, [unused] = series_of([claim, said("killed", 3, 0)])
    assert series == ()
    assert reason in unused.reason


def test_a_range_counts_by_its_middle_and_more_downed_than_launched_is_no_share():
    ranged = said("drones_launched", 40, 0, qualifier="range", value_max=60)
    (series,), _ = series_of([ranged, said("drones_downed", 70, 0)])
    assert series.raids[0].came("drones") == 50
    assert series.raids[0].through("drones") is None


def many():
    draw = np.random.default_rng(8)
    claims = []
    for day in np.cumsum(draw.geometric(0.5, 20)).tolist():
        launched = int(draw.negative_binomial(3, 3 / 103)) + 10
        claims += raid(day, launched, launched - int(draw.binomial(launched, 0.2)))
        if day % 2:
            claims += raid(day, 10, 6, "missiles")
    return claims + [said("drones_downed", 30 + day, day, "Defence Ministry") for day in (1, 5, 9)]


def test_a_fitted_file_is_a_hazard_file_with_speakers_and_errors(examples, tmp_path):
    fitted = fit_hazard(many(), source="night.ledger")
    hazard = hazard_of(read_case(examples / "town"), fitted.text, head="")
    first, second = hazard.hazards
    assert (first.name, first.on, second.name, second.on) == (
        "Air Force",
        True,
        "Defence Ministry",
        False,
    )
    document = tomllib.loads(fitted.text)["hazard"]
    own = fitted.series[0]
    assert document[0]["arrivals"]["per_day"] == pytest.approx(own.arrivals.per_day.value, rel=1e-5)
    for table in (document[0]["arrivals"], *document[0]["objects"]):
        assert "Air Force" in table["source"]
        assert "±" in table["source"]
    drones, missiles = document[0]["objects"]
    assert drones["present"] == 1
    assert missiles["through"] == pytest.approx(0.4)
    assert "launched is never said" in document[1]["objects"][0]["source"]
    assert "assumed" in document[0]["hits"][0]["source"]


@pytest.mark.parametrize(
    "claims", [[], raid(0, 9, 3), [said("killed", 2, 0), said("killed", 2, 1)]]
)
def test_too_little_to_fit_is_refused(claims):
    with pytest.raises(InputError, match="two days or more"):
        fit_hazard(claims)


def ledger_of(path, claims):
    with open_ledger(path, create=True) as ledger:
        for document in dict.fromkeys(one.document for one in claims):
            own = [one for one in claims if one.document == document]
            ledger.add(
                Read(
                    id=document,
                    language="en",
                    text=f"the text of {document}",
                    claims=tuple(one.claim for one in own),
                    unread_numbers=(),
                    bounds={},
                    published=own[0].published,
                )
            )
        ledger.tick([one.name for one in ledger.claims()], decision="accepted", who="tester")


def test_convert_writes_the_file(examples, tmp_path):
    path, target = tmp_path / "night.ledger", tmp_path / "hazard.toml"
    ledger_of(path, many())
    done = CliRunner().invoke(main, ["convert", str(path), str(target), "--json"])
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)["series"]
    assert {row["speaker"] for row in rows} == {"Air Force", "Defence Ministry"}
    assert all(row["standard error"] is None or row["standard error"] >= 0 for row in rows)
    assert len(hazard_of(read_case(examples / "town"), target.read_text(), head="").hazards) == 2
    again = CliRunner().invoke(main, ["convert", str(path), str(target)])
    assert again.exit_code == 1
    assert "there is something already" in again.output


def test_convert_of_what_is_no_ledger_says_so(examples, tmp_path):
    target = tmp_path / "hazard.toml"
    done = CliRunner().invoke(main, ["convert", str(examples / "town" / "case.toml"), str(target)])
    assert done.exit_code == 1
    assert not target.exists()
