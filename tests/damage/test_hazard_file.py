"""Hazard files: what they mean, and every fault at once with its line."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.read import read_case
from keepwarm.case.schemas import schema
from keepwarm.damage.hazard_file import read_hazard
from keepwarm.errors import InputError
from tests.damage.hazards import drawn, hazard_of, wave

BAD = """schema = 1
[repairs]
order = "firstcome"
[[hazard]]
name = "raids"
kind = "waves"
again = 1.5
[hazard.arrivals]
per_day = -1
children = 1.2
[[hazard.objects]]
name = "drones"
mean = -5
through = 2
[[hazard.hits]]
classes = ["boilr"]
[[hazard]]
name = "raids"
kind = "storm"
[hazard.regions]
Wst = 2
[hazard.arrivals]
per_day = 1
by_month = [1, 2]
[hazard.storm]
share = 0.1
share_sd = 0.4
[[hazard.hits]]
classes = ["line"]
hours = [0, 3, 2]
left_low = 0.9
[[hazard]]
name = "frost"
kind = "cold"
duratoin_hours = 3
[hazard.cold]
below_degc = "cold"
[hazard.arrivals]
per_day = 1
"""


@pytest.fixture(scope="module")
def town(examples):
    return read_case(examples / "town")


def faults_of(case, text, tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_hazard(case, path)
    return [(one.line, str(one).partition("bad.toml:")[2]) for one in caught.value.faults]


def test_every_fault_comes_at_once_with_its_line(town, tmp_path):
    faults = faults_of(town, BAD, tmp_path)
    wanted = {
        3: "repairs.order: 'firstcome'; expected one of first_come, shortest. Did you mean",
        6: "hazard 1.kind: 'waves'; expected one of wave, storm, cold. Did you mean 'wave'?",
        7: "hazard 1.again: 1.5 is out of range; expected 0 to 1",
        9: "hazard 1.arrivals.per_day: -1 1/d is negative",
        10: "hazard 1.arrivals.children: 1.2 is out of range; expected 0 to 0.95",
        13: "hazard 1.objects 1.mean: -5 is negative",
        14: "hazard 1.objects 1.through: 2 is out of range; expected 0 to 1",
        16: "hazard 1.hits 1.classes: 'boilr' is no asset_class of this case. Did you mean",
        18: "hazard 2.name: 'raids' is there twice",
        21: "hazard 2.regions.Wst: 'Wst' is no region of this case. Did you mean 'West'?",
        24: "hazard 2.arrivals.by_month: 2 numbers; expected 12",
        27: "hazard 2.storm.share_sd: 0.4 is more than any share of mean 0.1 can spread",
        30: "hazard 2.hits 1.hours: 0 h is out of range",
        31: "hazard 2.hits 1.left_low: 0.9 is more than left_high (0.8)",
        32: "hazard 3: a cold has no hits; expected [[hazard.hits]]",
        35: "hazard 3.duratoin_hours: an unknown key. Did you mean 'duration_hours'?",
        37: "hazard 3.cold.below_degc: 'cold' is not a number",
        36: "hazard 3.cold.per_1000_days_k: missing",
        38: "hazard 3.arrivals: is not of a cold; expected cold, hits",
    }
    for line, words in wanted.items():
        assert any(at == line and words in text for at, text in faults), (line, words, faults)
    assert len(faults) == len(wanted)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("schema = 1\n", "there is none; expected [[hazard]]"),
        ("schema = 2\n", "2 is out of range"),
        ("schema = 1\nhazard = 3\n", "there is none"),
        ("schema = 1\nhazard = [3]\n", "missing"),
        ("schema = 1\n[[hazard]\n", "no TOML"),
        ("schema = 1\nrepairs = 1\n" + wave(), "no table; expected [repairs]"),
        ("schema = 1\n" + wave(objects="mean = nan\nthrough = 1"), "nan is not a finite number"),
        ("schema = 1\n" + wave(objects="mean = inf\nthrough = 1"), "inf is not a finite number"),
        ("schema = 1\n" + wave(objects="through = 1"), "objects 1.mean: missing"),
        (
            "schema = 1\n" + wave(objects="mean = 5000\nthrough = 0.9"),
            "4500 hits an event (mean x through x at_assets); expected 1000 at most",
        ),
        (
            "schema = 1\n"
            + wave(objects='mean = 5\nthrough = 0.9\ndistribution = "lognormal"\ndispersion = 9'),
            "9 is too wide a lognormal distribution",
        ),
        ("schema = 1\n" + wave(hits="weight = 0"), "hits nothing; expected weights above 0"),
    ],
)
def test_what_is_no_hazard_file_is_refused_plainly(town, tmp_path, text, words):
    path = tmp_path / "hazard.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"hazard\.toml") as caught:
        read_hazard(town, path)
    assert words in str(caught.value)


VALUES = st.one_of(
    st.sampled_from(["wave", "storm", "cold", "hours", "fixed", "lognormal", "*", "line", ""]),
    st.floats(-2, 2).map(lambda x: round(x, 3)),
    st.integers(-5, 40),
    st.booleans(),
    st.lists(st.sampled_from([1, 0.5, "line", "*"]), max_size=3),
    st.dictionaries(st.sampled_from(["West", "mean", "share"]), st.just(0.1), max_size=2),
)
KEYS = [tuple(name.split(".")) for name in schema("hazard").columns]
PLACES = sorted({*KEYS, *(key[:-1] for key in KEYS)} - {()})


def good(kind):
    """A hazard file as plain mappings."""
    one = {"name": "x", "kind": kind, "hits": [{"classes": ["line"]}]}
    one["arrivals"] = {"per_day": 1.0}
    one["objects"] = [{"name": "y", "mean": 5, "through": 0.5}]
    one["storm"], one["cold"] = {"share": 0.2}, {"below_degc": 0, "per_1000_days_k": 9}
    drop = {"wave": ("storm", "cold"), "storm": ("objects", "cold")}
    for name in drop.get(kind, ("arrivals", "objects", "storm")):
        del one[name]
    return {"schema": 1, "hazard": [one]}


def toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(own)}" for key, own in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


@settings(max_examples=150)
@given(
    st.sampled_from(["wave", "storm", "cold"]),
    st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=4),
)
def test_a_file_is_read_or_refused_whatever_stands_in_it(town, kind, changes):
    document = good(kind)
    for path, value in changes:
        table = document
        for name in path[:-1]:
            inner = table.setdefault(name, {}) if isinstance(table, dict) else {}
            table = inner[0] if isinstance(inner, list) and inner else inner
        if isinstance(table, dict):
            table[path[-1]] = value
    try:
        text = "\n".join(f"{key} = {toml(value)}" for key, value in document.items())
        hazard = hazard_of(town, text, head="")
    except InputError:
        return
    drawn(town, hazard, [0], 48.0)


def test_a_missing_file_is_said(town, tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_hazard(town, tmp_path / "none.toml")


def test_each_class_goes_by_the_first_row_that_names_it(town):
    rows = 'weight = 2\n[[hazard.hits]]\nclasses = ["line", "boiler"]\nweight = 5\n'
    [one] = hazard_of(town, wave(classes="line", hits=rows + "left_low = 0.1\n")).hazards
    assets = town.network.assets
    weighed = zip(one.exposed.asset, one.exposed.weight, strict=True)
    by_class = {assets.asset_class[a]: w for a, w in weighed}
    assert by_class == {"line": 2.0, "boiler": 5.0}


def test_a_star_means_what_no_other_row_names_and_can_be_repaired(town):
    rows = '[[hazard.hits]]\nclasses = ["line"]\nweight = 0\n'
    [one] = hazard_of(town, wave(hits=rows)).hazards
    assets = town.network.assets
    wanted = [
        name
        for at, name in enumerate(assets.name)
        if assets.asset_class[at] != "line" and np.isfinite(assets.repair_hours[at])
    ]
    assert [assets.name[at] for at in one.exposed.asset] == wanted


def test_regions_weigh_against_each_other(town):
    text = wave().replace("[hazard.arrivals]", "[hazard.regions]\nEast = 3\n[hazard.arrivals]")
    [one] = hazard_of(town, text).hazards
    east = town.regions.name.index("East")
    assert set(one.exposed.weight[one.exposed.region == east]) == {3.0}
    assert set(one.exposed.weight[one.exposed.region != east]) == {1.0}


def test_every_key_is_documented(repository):
    text = (repository / "docs" / "rooms" / "hazard.md").read_text()
    for name in schema("hazard").columns:
        assert f"`{name.rpartition('.')[2]}`" in text or f"`[{name}]`" in text, name
