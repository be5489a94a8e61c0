"""The examples' hazard files: readable, every number with a source, as heavy as they say."""

import tomllib

import numpy as np
import pytest

from keepwarm.case.read import read_case
from keepwarm.damage import draw_events, mended, menders_of, read_hazard

CASES = ("town", "capital", "country")


def tables(document):
    """Every table of a hazard file that says numbers of its own."""
    for hazard in document["hazard"]:
        yield hazard["arrivals"] if "arrivals" in hazard else hazard["cold"]
        yield from (*hazard.get("objects", ()), *hazard["hits"])


@pytest.mark.parametrize("name", CASES[1:])
def test_every_table_has_its_source(examples, name):
    document = tomllib.loads((examples / name / "hazard.toml").read_text())
    assert document["source"]
    assert all(table["source"] for table in tables(document))


@pytest.mark.parametrize("name", CASES)
def test_no_asset_is_named(examples, name):
    text = (examples / name / "hazard.toml").read_text()
    case = read_case(examples / name)
    assert not [asset for asset in case.network.assets.name if f'"{asset}"' in text]


def test_the_country_is_as_heavily_damaged_as_its_readme_says(examples):
    case = read_case(examples / "country")
    hazard = read_hazard(case, examples / "country" / "hazard.toml")
    samples = np.arange(60)
    struck = draw_events(case, hazard, seed=1, samples=samples, start=case.start, hours=4320.0)
    waves = np.isin(struck.events.hazard, [0, 1])
    assert waves.sum() / 60 == pytest.approx(40, abs=5)
    assert len(struck.hits) / 60 == pytest.approx(260, abs=40)
    outages = mended(menders_of(case, hazard, case.start), hazard, struck.hits, samples=60)
    assert (outages.end > outages.begin).all()
    now = 92 * 24.0
    out = (outages.begin <= now) & (outages.end > now)
    units = {"coal_unit", "gas_unit", "chp_unit"}
    pairs = set(zip(outages.sample[out].tolist(), outages.asset[out].tolist(), strict=True))
    hit = [case.network.assets.asset_class[asset] in units for _, asset in pairs]
    assert sum(hit) / 60 == pytest.approx(18, abs=3)  # of 28 units
