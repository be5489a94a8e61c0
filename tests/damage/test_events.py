"""Events and hits: counts and sizes against their closed forms, and how samples hang together."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from keepwarm.case.read import read_case
from keepwarm.damage.arrivals import arrival_hours
from keepwarm.damage.hazard import Arrivals, Objects
from keepwarm.damage.quantiles import binomial, shares, sizes, triangle
from tests.damage.hazards import drawn, hazard_of, near, wave

LEVEL = np.random.default_rng(7).random(4000)
MANY = np.arange(400)
CLASSES = "chp", "boiler", "line"


@pytest.fixture(scope="module")
def town(examples):
    return read_case(examples / "town")


def arrivals(per_day=1.0, by_month=(1.0,) * 12, children=0.0, within=48.0):
    return Arrivals(per_day, np.array(by_month, dtype=float), children, within, "")


def times(own, hours, start="2026-01-01", tries=1500):
    start = np.datetime64(start, "s")
    return [arrival_hours(np.random.default_rng([3, k]), own, start, hours) for k in range(tries)]


def objects(**changed):
    own = Objects("x", 1.0, "negative_binomial", 10.0, 2.0, 0.5, 0.0, 1.0, "")
    return replace(own, **changed)


def test_events_of_their_own_are_a_poisson_process():
    counts = np.array([len(one) for one in times(arrivals(0.3), 240.0)])
    near(counts, 3.0)
    near((counts - 3.0) ** 2, 3.0)  # variance of a Poisson count


def test_rates_follow_the_months():
    """From 30 January 00:00: two days of January at 2 a day, then three of February at 0.5."""
    own = arrivals(1.0, (2.0, 0.5, *[0.0] * 10))
    found = times(own, 120.0, "2026-01-30")
    near([(one < 48).sum() for one in found], 4.0)
    near([(one >= 48).sum() for one in found], 1.5)


def test_a_month_without_any_has_none():
    found = times(arrivals(5.0, (0.0, *[1.0] * 11)), 48.0 * 24, "2026-01-01", tries=20)
    assert min(one.min() for one in found) >= 31 * 24


def test_clustered_events_are_as_many_as_a_self_exciting_process_has():
    """Mean intensity of a Hawkes process from an empty past: mu/(1-n) (1 - n exp(-(1-n) t/d))."""
    mu, n, d, hours = 0.5 / 24, 0.6, 36.0, 480.0
    found = times(arrivals(0.5, children=n, within=d), hours)
    decay = (1 - n) / d
    expected = mu / (1 - n) * (hours - n * (1 - np.exp(-decay * hours)) / decay)
    near([len(one) for one in found], expected)
    assert np.var([len(one) for one in found]) > 3 * expected  # far from Poisson: 1/(1-n)^2 = 6


@pytest.mark.parametrize(
    ("distribution", "peer"),
    [
        ("poisson", stats.poisson(30)),
        ("negative_binomial", stats.nbinom(2.0, 2.0 / 32.0)),
    ],
)
def test_sizes_are_quantiles_of_their_distribution(distribution, peer):
    own = objects(distribution=distribution, mean=30.0)
    assert (sizes(own, LEVEL) == peer.ppf(LEVEL)).all()
    ties = peer.cdf(np.arange(20, 50))
    assert (sizes(own, ties - 1e-12) == np.arange(20, 50)).all()
    assert np.abs(sizes(own, ties) - np.arange(20, 50)).max() <= 1


def test_sizes_of_a_lognormal_have_its_mean_and_spread():
    found = sizes(objects(distribution="lognormal", mean=200.0, dispersion=0.5), LEVEL)
    near(found, 200.0)
    near((found - 200.0) ** 2, 200.0**2 * (np.exp(0.25) - 1))


@given(st.integers(0, 800), st.floats(0, 1), st.floats(0.0001, 0.9999))
def test_binomial_quantiles_are_the_least_counts_that_reach_a_level(count, share, level):
    [found] = binomial(np.array([float(count)]), np.array([share]), np.array([level]))
    peer = stats.binom(count, share)
    assert peer.cdf(found) >= level - 1e-9  # cdf of scipy; a tie goes by the last digit
    assert found == 0 or peer.cdf(found - 1) <= level + 1e-9


def test_shares_have_their_mean_and_spread():
    found = shares(0.2, 0.1, LEVEL)
    near(found, 0.2)
    near((found - 0.2) ** 2, 0.01)
    assert (shares(0.2, 0.0, LEVEL) == 0.2).all()
    assert (shares(1.0, 0.0, LEVEL) == 1.0).all()


@given(st.floats(1, 50), st.floats(0, 50), st.floats(0, 50), st.floats(0.01, 0.99))
def test_repair_hours_are_quantiles_of_a_triangle(low, more, most, level):
    hours = np.array([[low], [low + more], [low + more + most]])
    width = more + most
    found = triangle(hours, np.array([level]))[0]
    if width < 1e-6:
        assert found == pytest.approx(low + more)
    else:
        peer = stats.triang(more / width, low, width)
        assert found == pytest.approx(peer.ppf(level), rel=1e-6)


def test_what_gets_through_and_hits_has_the_moments_of_a_beta_binomial(town):
    """Fixed sizes: through has mean n m and variance n m (1-m) (1 + (n-1)/(a+b+1))."""
    own = 'distribution = "fixed"\nmean = 60\nthrough = 0.3\nthrough_sd = 0.1\nat_assets = 0.5'
    events = drawn(town, hazard_of(town, wave(objects=own)), MANY, 240.0).events
    both = 0.3 * 0.7 / 0.1**2 - 1
    near(events.through, 18.0)
    near((events.through - 18.0) ** 2, 60 * 0.21 * (1 + 59 / (both + 1)))
    near(events.hits, 9.0)
    assert set(events.came) == {60.0}


def test_objects_that_not_every_event_brings(town):
    own = 'distribution = "fixed"\nmean = 4\nthrough = 1\npresent = 0.3'
    events = drawn(town, hazard_of(town, wave(objects=own)), MANY, 240.0).events
    assert set(events.came) == {0.0, 4.0}
    near(events.came, 1.2)


def test_hits_fall_on_assets_by_the_weight_of_class_and_region(town):
    more = '\n[[hazard.hits]]\nclasses = ["boiler"]\nweight = 4\n'
    hazard = hazard_of(town, wave(classes="line", hits=more))
    [one] = hazard.hazards
    found = drawn(town, hazard, MANY, 240.0).hits.asset
    share = one.exposed.weight / one.exposed.weight.sum()
    for asset, expected in zip(one.exposed.asset, share, strict=True):
        near(found == asset, expected)
    assert set(np.unique(share.round(3))) == {0.091, 0.364}  # three lines, two boilers of weight 4


def test_what_is_left_is_nothing_or_between_its_ends(town):
    row = "out = 0.25\nleft_low = 0.2\nleft_high = 0.6"
    hits = drawn(town, hazard_of(town, wave(classes="boiler", hits=row)), MANY, 240.0).hits
    near(hits.left == 0, 0.25)
    some = hits.left[hits.left > 0]
    near(some, 0.4)
    assert (some.min(), some.max()) == pytest.approx((0.2, 0.6), abs=0.005)
    lines = drawn(town, hazard_of(town, wave(classes="line", hits=row)), MANY[:9], 240.0).hits
    assert (lines.left == 0).all()  # a line is in or out


def test_the_same_place_twice(town):
    """One hit an event over 11 assets: a new place with 1 - again, else one of those before."""
    own = 'distribution = "fixed"\nmean = 1\nthrough = 1'
    found = {}
    for again in (0.0, 0.8):
        hits = drawn(town, hazard_of(town, wave(again=again, objects=own)), MANY, 240.0).hits
        second = hits.event == 1
        assets = {(s, e): a for s, e, a in zip(hits.sample, hits.event, hits.asset, strict=True)}
        same = [assets[s, 0] == assets[s, 1] for s in hits.sample[second]]
        found[again] = np.array(same, dtype=float)
    exposed = len(hazard_of(town, wave()).hazards[0].exposed)
    near(found[0.0], 1 / exposed)
    near(found[0.8], 0.8 + 0.2 / exposed)


STORM = """
[[hazard]]
name = "gales"
kind = "storm"
[hazard.regions]
East = 3
[hazard.arrivals]
per_day = 1
[hazard.storm]
share = 0.3
share_sd = 0.1
reach_km = {reach}
[[hazard.hits]]
classes = ["heat_main", "boiler"]
[[hazard.hits]]
classes = ["line"]
weight = 2
"""


def test_a_storm_hits_a_share_of_what_stands_in_its_region(town):
    hazard = hazard_of(town, STORM.format(reach=0))
    [one] = hazard.hazards
    struck = drawn(town, hazard, MANY, 240.0)
    events, hits = struck.events, struck.hits
    rows = np.flatnonzero(events.hits > 0)
    east = town.regions.name.index("East")
    place = dict(zip(one.exposed.asset.tolist(), one.exposed.region.tolist(), strict=True))
    where = {(s, e): place[a] for s, e, a in zip(hits.sample, hits.event, hits.asset, strict=True)}
    for s, e, a in zip(hits.sample, hits.event, hits.asset, strict=True):
        assert place[a] == where[s, e]
    assert len(where) == len(rows)
    lines = [a for a in place if town.network.assets.kind[a] == "line" and place[a] == east]
    mains = [a for a in place if town.network.assets.kind[a] == "link" and place[a] == east]
    # Three of four storms are in the East; a line is hit with twice the share.
    for assets, share in ((lines, 0.75 * 0.6), (mains, 0.75 * 0.3)):
        for asset in assets:
            counts = np.bincount(hits.sample[hits.asset == asset], minlength=len(MANY))
            near(counts, 10 * share)


def test_a_storm_reaches_its_neighbours(town):
    far = replace(town, regions=replace(town.regions, lon=np.array([30.0, 30.5]), lat=np.ones(2)))
    hazard = hazard_of(far, STORM.format(reach=100))
    events = drawn(far, hazard, MANY[:20], 240.0).events
    assert set(events.came) == {float(len(hazard.hazards[0].exposed))}
    events = drawn(far, hazard_of(far, STORM.format(reach=50)), MANY[:20], 240.0).events
    assert max(events.came) < len(hazard.hazards[0].exposed)


COLD = """
[[hazard]]
name = "frost"
kind = "cold"
[hazard.cold]
below_degc = -5
per_1000_days_k = 20
[[hazard.hits]]
classes = ["boiler"]
weight = 2
[[hazard.hits]]
classes = ["water"]
"""


def test_cold_makes_assets_fail_by_the_degrees_below(town):
    """Five days at -15 and five at 0: 10 K below for 5 days, 0.2 a day, twice that for boilers."""
    degc = np.full((240, 2), -15.0)
    degc[120:] = 0.0
    hits = drawn(town, hazard_of(town, COLD), MANY, 240.0, outdoor=degc).hits
    assert hits.begin.max() < 120
    names = town.network.assets.asset_class
    for asset in np.unique(hits.asset):
        counts = np.bincount(hits.sample[hits.asset == asset], minlength=len(MANY))
        near(counts, {"boiler": 2.0, "water": 1.0}[names[asset]])
    assert len(np.unique(hits.asset)) == 3


def test_cold_is_that_of_the_asset_s_region_and_of_the_sample(town):
    west = town.regions.name.index("West")
    degc = np.full((240, 2), 0.0)
    degc[:, west] = -15.0
    hits = drawn(
        town,
        hazard_of(town, COLD),
        np.array([5, 6]),
        240.0,
        outdoor=lambda sample: degc if sample == 6 else np.zeros((240, 2)),
    ).hits
    [one] = hazard_of(town, COLD).hazards
    place = dict(zip(one.exposed.asset.tolist(), one.exposed.region.tolist(), strict=True))
    assert set(hits.sample) == {1}
    assert {place[asset] for asset in hits.asset.tolist()} == {west}


def test_what_stands_in_no_region_has_the_mean_of_all(town):
    nowhere = np.full(len(town.network.assets), -1)
    assets = replace(town.network.assets, region=nowhere)
    buses = replace(town.network.buses, region=np.full(len(town.network.buses), -1))
    case = replace(town, network=replace(town.network, assets=assets, buses=buses))
    degc = np.tile([-13.0, -5.0], (240, 1))  # 4 K below on average, for two boilers and the water
    counts = np.bincount(
        drawn(case, hazard_of(case, COLD), MANY, 240.0, outdoor=degc).hits.sample, minlength=400
    )
    near(counts, 10 * 4 * 0.02 * (2 + 2 + 1))


def test_two_hazards_of_one_kind_draw_for_themselves(town):
    struck = drawn(town, hazard_of(town, wave("one") + wave("two")), MANY[:50], 240.0)
    first, second = (
        struck.events.begin[struck.events.hazard == which].tolist() for which in (0, 1)
    )
    assert not set(first) & set(second)


def test_more_cold_is_never_fewer_failures(town):
    hazard = hazard_of(town, COLD)
    counts = [
        len(drawn(town, hazard, MANY[:30], 240.0, outdoor=np.full((240, 2), degc)).hits)
        for degc in (0.0, -6.0, -9.0, -20.0)
    ]
    assert counts == sorted(counts)
    assert counts[0] == 0


def test_no_waves_no_hits(town):
    struck = drawn(town, hazard_of(town, wave(per_day=0)), MANY[:5], 240.0)
    assert (len(struck.events), len(struck.hits)) == (0, 0)
    none = drawn(town, hazard_of(town, wave(objects="mean = 9\nthrough = 0")), MANY[:5], 240.0)
    assert len(none.events) > 20
    assert len(none.hits) == 0


@settings(max_examples=25)
@given(
    st.floats(0, 0.9), st.floats(0, 0.1), st.floats(0, 0.9), st.floats(0, 0.1), st.integers(0, 99)
)
def test_a_larger_share_through_never_hits_less(town, share, more, at_assets, also, seed):
    def hits_of(through, at):
        own = f"mean = 30\ndispersion = 2\nthrough = {through}\nat_assets = {at}"
        return drawn(town, hazard_of(town, wave(objects=own)), [1, 2], 240.0, seed=seed)

    less, grown = hits_of(share, at_assets), hits_of(share + more, at_assets + also)
    assert less.events.begin.tolist() == grown.events.begin.tolist()
    assert (less.events.hits <= grown.events.hits).all()

    def rows(hits):
        return set(zip(hits.sample, hits.event, hits.asset, hits.left, hits.luck, strict=True))

    assert rows(less.hits) <= rows(grown.hits)


THREE = wave("one", again=0.4) + STORM.format(reach=0) + COLD


@settings(max_examples=15)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=6, unique=True), st.integers(0, 3))
def test_a_sample_is_the_same_whoever_else_is_drawn(town, samples, seed):
    hazard = hazard_of(town, THREE)
    together = drawn(town, hazard, samples, 240.0, seed=seed)
    for at, sample in enumerate(samples):
        alone = drawn(town, hazard, [sample], 240.0, seed=seed)
        for whole, own in ((together.events, alone.events), (together.hits, alone.hits)):
            for name, column in vars(own).items():
                if name != "sample":
                    assert getattr(whole, name)[whole.sample == at].tolist() == column.tolist()


def test_a_hazard_switched_off_leaves_the_others_as_they_were(town):
    both = drawn(town, hazard_of(town, THREE), MANY[:4], 240.0)
    text = THREE.replace('kind = "wave"', 'kind = "wave"\non = false')
    fewer = drawn(town, hazard_of(town, text), MANY[:4], 240.0)
    kept = both.hits.where(both.hits.hazard != 0)
    assert kept.begin.tolist() == fewer.hits.begin.tolist()
    assert kept.asset.tolist() == fewer.hits.asset.tolist()


def test_rows_are_in_order_and_events_numbered(town):
    struck = drawn(town, hazard_of(town, THREE), MANY[:4], 240.0)
    for rows in (struck.events, struck.hits):
        order = np.lexsort((rows.begin, rows.sample))
        assert (order == np.arange(len(rows))).all()
    for sample in range(4):
        mine = struck.events.sample == sample
        assert struck.events.number[mine].tolist() == list(range(mine.sum()))
        hits = struck.hits.where(struck.hits.sample == sample)
        counts = np.bincount(hits.event, minlength=mine.sum())
        assert counts.tolist() == struck.events.hits[mine].tolist()
