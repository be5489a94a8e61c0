"""A file of portfolios: every fault at once, nearest names, and no asset by name."""

from __future__ import annotations

import math

import numpy as np
import pytest

from keepwarm.case.read import read_case
from keepwarm.ensemble.measures import Boilers, Crews, Protection, Spares, words
from keepwarm.ensemble.measures_file import read_measures
from keepwarm.errors import InputError


@pytest.fixture(scope="module")
def capital(examples):
    return read_case(examples / "capital")


@pytest.fixture
def read(tmp_path, capital):
    def from_text(text, *, head='schema = 1\ncurrency = "euro"\n'):
        file = tmp_path / "measures.toml"
        file.write_text(head + text, encoding="utf-8")
        return read_measures(file, capital)

    return from_text


def refused(read, text, head='schema = 1\ncurrency = "euro"\n'):
    with pytest.raises(InputError) as error:
        read(text, head=head)
    return str(error.value).splitlines()


def one(line):
    return f'[[portfolio]]\nname = "p"\n{line}\n'


def test_a_file_is_read(read):
    found = read(
        """
        [[portfolio]]
        name = "a"
        cost = 3
        source = "assumed"
        [[portfolio.spares]]
        spare = "transformer_330"
        count = 4
        available_from = 2026-01-12T02:00:00+02:00
        [[portfolio.crews]]
        trade = "heat"
        count = 2
        region = "Swan Lake"

        [[portfolio]]
        name = "b"
        cost = 4.5
        [[portfolio.boilers]]
        region = "Swan Lake"
        mw = 3

        [[portfolio]]
        name = "both"
        includes = ["a", "b"]

        [[portfolio]]
        name = "more"
        includes = ["a"]
        protection = [{ asset_class = "transformer", share = 1 }]
        """
    )
    a, b, both, more = found.portfolios
    assert found.currency == "euro"
    assert a.measures[0] == Spares("transformer_330", 4, np.datetime64("2026-01-12T00:00:00", "s"))
    assert a.measures[1].trade == "heat"
    assert b.measures == (Boilers(3.0, region="Swan Lake"),)
    assert both.measures == a.measures + b.measures
    assert both.cost == 7.5
    assert more.measures == (Protection(1.0, "transformer"), *a.measures)
    assert math.isnan(more.cost)  # what the protection costs is not said
    assert (a.source, a.parts, both.parts) == ("assumed", (), ("a", "b"))


@pytest.mark.parametrize("name", ["town", "capital", "country"])
def test_the_examples_are_read_and_say_where_their_costs_come_from(examples, name):
    found = read_measures(examples / name / "measures.toml", read_case(examples / name))
    assert len(found.portfolios) >= 6
    for portfolio in found.portfolios:
        assert portfolio.cost > 0
        assert portfolio.parts or portfolio.source.startswith(("assumed", "invented"))
        assert all(words(measure) for measure in portfolio.measures)
    assert any(portfolio.parts for portfolio in found.portfolios)


@pytest.mark.parametrize(
    "line",
    [
        'protection = [{ asset = "Birch CHP unit 1", share = 1 }]',
        'protection = [{ asset_class = "transformer", share = 1, names = ["x"] }]',
        'protection = [{ asset_class = "Transformer Birch 1", share = 1 }]',
        'boilers = [{ mw = 3, bus = "Zone 01-1" }]',
        'boilers = [{ mw = 3, region = "Birch CHP unit 1" }]',
        'interconnector = [{ between = ["Swan Lake", "Transformer Birch 1"], mw = 3 }]',
    ],
)
def test_an_asset_by_name_is_refused_with_the_reason(read, line):
    told = "\n".join(refused(read, one(line)))
    assert "measures never name an asset that stands" in told
    assert "budget by class and region" in told


def test_a_class_so_small_that_it_is_a_name_is_refused(read):
    region = 'protection = [{ asset_class = "gas_main", share = 1, region = "Swan Lake" }]'
    (told,) = refused(read, one(region))
    assert "1 of class 'gas_main' in region 'Swan Lake'" in told
    assert "at least 5" in told
    (told,) = refused(read, one('protection = [{ asset_class = "waste_plant", share = 1 }]'))
    assert "at least 5" in told
    assert read(one('protection = [{ asset_class = "gas_main", share = 0.1 }]'))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('boiler = [{ mw = 3 }]', "boiler: an unknown key. Did you mean 'boilers'?"),
        ('boilers = [{ mw = 3, regoin = "x" }]', "regoin: an unknown key. Did you mean 'region'?"),
        ('boilers = [{ mw = 3, region = "Swam Lake" }]', "no region of this case. Did you"),
        ('boilers = [{ count = 3 }]', "boilers 1: mw: missing"),
        ("boilers = [{ mw = -3 }]", "boilers 1: mw: -3; expected a number above 0"),
        ("boilers = [{ mw = nan }]", "mw: nan; expected a number above 0"),
        ("boilers = [{ mw = inf }]", "mw: inf; expected a number above 0"),
        ("boilers = [{ mw = true }]", "mw: True; expected a number above 0"),
        ("boilers = [{ mw = 3, count = 1.5 }]", "count: 1.5; expected a whole number"),
        ("boilers = [{ mw = 3, count = 0 }]", "count: 0; expected a whole number"),
        ("boilers = [{ mw = 3, available = 1.2 }]", "available: 1.2; expected a share"),
        ('boilers = [{ mw = 3, available_from = "soon" }]', "expected a time such as"),
        ("boilers = [{ mw = 3, archetypes = ['panel'] }]", "no archetype of this case. Did you"),
        ("boilers = { mw = 3 }", "boilers: no list of tables"),
        ("boilers = []", "boilers: no list of tables"),
        ("boilers = [3]", "boilers: no list of tables"),
        ('spares = [{ spare = "transformer_33", count = 1 }]', "Did you mean 'transformer_330'"),
        ('crews = [{ trade = "plants", count = 1 }]', "Did you mean 'plant'"),
        ('crews = [{ trade = "plant", count = 1, shift_to_hour = 0 }]', "a shift without hours"),
        ('crews = [{ trade = "plant", count = 1, shift_to_hour = 25 }]', "an hour of the day"),
        ("chp = [{ mw = 3, efficiency_heat = 0.9 }]", "1.28 MWh out of one of gas"),
        ('storage = [{ mw = 3, mwh = 3, carrier = "gas" }]', "expected power or heat"),
        ('storage = [{ mw = 3, mwh = 3, carrier = "steam" }]', "'steam' is no carrier"),
        ('insulation = [{ share = 0, to = "retrofit" }]', "share: 0; expected a share above 0"),
        (
            'insulation = [{ share = 1, to = "retrofit", archetypes = ["retrofit"] }]',
            "those that are to change",
        ),
        ('protection = [{ asset_class = "", share = 1 }]', "'' is no asset class"),
        ('protection = [{ asset_class = "feader", share = 1 }]', "Did you mean 'feeder'"),
        ('interconnector = [{ between = ["Swan Lake"], mw = 3 }]', "expected two regions"),
        (
            'interconnector = [{ between = ["Swan Lake", "Swan Lake"], mw = 3 }]',
            "expected two regions",
        ),
        ("cost = 3", "no measure"),
        ('cost = "3"\nboilers = [{ mw = 3 }]', "cost: '3'; expected a number, not negative"),
        ('cost = -1\nboilers = [{ mw = 3 }]', "cost: -1; expected a number, not negative"),
        ('includes = ["q"]', "'q' is no portfolio here"),
        ('includes = ["p"]', "'p' includes others"),
        ('includes = "p"', "expected a list of names"),
        ('insulation = [{ share = 1, to = "retrofit" }, { share = 1, to = "retrofit" }]', "yet"),
    ],
)  # fmt: skip
def test_slips_are_told(read, line, told):
    assert any(told in found for found in refused(read, one(line))), refused(read, one(line))


def test_all_faults_at_once_and_where(read):
    found = refused(
        read,
        """
        colour = "red"
        [[portfolio]]
        name = "a"
        boilers = [{ mw = 0 }, { mw = 3, region = "nowhere" }]
        [[portfolio]]
        spares = [{ spare = "transformer_330", count = 2 }]
        [[portfolio]]
        name = "a"
        includes = ["a", "a"]
        """,
        head="schema = 2\n",
    )
    assert len(found) >= 7
    assert all("measures.toml" in line for line in found)
    text = "\n".join(found)
    for told in (
        "schema: 2; expected 1",
        "colour: an unknown key",
        "portfolio 'a': boilers 1: mw: 0",
        "portfolio 'a': boilers 2: region: 'nowhere'",
        "portfolio 2: no name",
        "two are called 'a'",
        "includes: one twice",
    ):
        assert told in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no portfolio"),
        ("portfolio = 3", "no portfolio"),
        ("portfolio = [3]", "no table of keys"),
        ("[[portfolio]", "no TOML"),
        ("notes = 3\n" + one("boilers = [{ mw = 3 }]"), "notes: 3; expected a list of names"),
    ],
)
def test_a_file_that_is_none(read, text, told):
    assert told in "\n".join(refused(read, text))


def test_faults_say_their_lines(read):
    found = refused(
        read,
        """
        notes = 3
        [[portfolio]]
        name = "a"
        cost = -1
        boilers = [
            { mw = 0 },
        ]

        [[portfolio]]
        name = "b"
        [[portfolio.boilers]]
        region = "Swan Lake"
        mw = "x"
        [[portfolio.boilers]]
        region = "Swan Lake"

        [[portfolio]]
        name = "a"
        includes = ["c"]
        """,
        head="",
    )
    lines = {line.split(": ", 1)[0].split("measures.toml")[1]: line for line in found}
    told = {key.split(" ")[0]: line for key, line in lines.items()}
    assert set(told) == {":2", ":5", ":6", ":14", ":15", ":18", ":20", ""}
    assert "notes" in told[":2"]
    assert "cost: -1" in told[":5"]
    assert "boilers 1: mw: 0" in told[":6"]
    assert "mw: 'x'" in told[":14"]
    assert "boilers 2: mw: missing" in told[":15"]
    assert "two are called 'a'" in told[":18"]
    assert "'c' is no portfolio" in told[":20"]
    assert "schema: None" in told[""]


def test_more_of_what_is_not_counted_is_refused(examples, tmp_path):
    file = tmp_path / "measures.toml"
    file.write_text(
        'schema = 1\n[[portfolio]]\nname = "p"\n'
        'spares = [{ spare = "autotransformer_330", count = 2 }]\n'
        'crews = [{ trade = "power", count = 2 }]\n'
    )
    with pytest.raises(InputError) as error:
        read_measures(file, read_case(examples / "country"))
    spares, crews = str(error.value).splitlines()
    assert "counts no spares, so that more of them would change nothing" in spares
    assert "no crew of trade 'power': its repairs wait for nobody as it is" in crews


def test_a_file_that_is_not_there(tmp_path, capital):
    with pytest.raises(InputError, match="No such file"):
        read_measures(tmp_path / "none.toml", capital)


def test_a_measure_is_said_in_a_line():
    assert words(Crews("plant", 3)) == "crews: trade plant, count 3"
    assert words(Protection(0.05, "line_330")) == "protection: share 0.05, asset_class line_330"
