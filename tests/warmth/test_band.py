"""The sampled band: against scipy's distribution and sampler, and against other outcomes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.stats

from keepwarm.case.nouns import Archetypes, Buildings, Floats
from keepwarm.warmth.band import ENDS, PIPE_STEPS, banded, between, hours_to_plug
from keepwarm.warmth.homes import homes
from keepwarm.warmth.pipes import pipes
from keepwarm.warmth.rooms import relax, rooms, steady_mass

OTHER_DRAWS = 1500


def with_parameters(
    archetypes: Archetypes, flats: dict[str, Floats], building: dict[str, Floats]
) -> Archetypes:
    own = replace(archetypes.flats, parameter={**archetypes.flats.parameter, **flats})
    return replace(archetypes, parameter={**archetypes.parameter, **building}, flats=own)


def sampled_by_scipy(archetypes: Archetypes) -> Archetypes:
    """Draws in the place of the band, of scipy's own hypercube and triangular distribution."""
    flats, building = archetypes.flats.parameter, archetypes.parameter
    cube = scipy.stats.qmc.LatinHypercube(len(flats) + len(building), rng=np.random.default_rng(9))
    share = cube.random(OTHER_DRAWS)

    def drawn(ends: Floats, column: Floats) -> Floats:
        return np.stack([halves(*each, column) for each in ends.T], axis=-1)

    kept = ("share", "norm_beta_h")
    of_flats = {
        name: np.repeat(ends[1:2], OTHER_DRAWS, axis=0) if name in kept else drawn(ends, column)
        for (name, ends), column in zip(flats.items(), share.T, strict=False)
    }
    of_buildings = {
        name: drawn(ends, column)
        for (name, ends), column in zip(building.items(), share.T[len(flats) :], strict=True)
    }
    return with_parameters(archetypes, of_flats, of_buildings)


def halves(one: float, central: float, other: float, share: Floats) -> Floats:
    """Quantiles of two of scipy's triangles back to back, half of the weight in each."""
    low, high = min(one, other), max(one, other)
    below = scipy.stats.triang(1.0, low, max(central - low, 1e-12)).ppf(2 * share)
    above = scipy.stats.triang(0.0, central, max(high - central, 1e-12)).ppf(2 * share - 1)
    return np.where(share < 0.5, below, above)


class Cooling:
    """An outage of whole buildings, (band or draws, archetypes), hour by hour."""

    def __init__(self, archetypes: Archetypes, buildings: Buildings, outdoor: float, gain: float):
        self.kinds = homes(archetypes, buildings)
        self.walls = rooms(archetypes, self.kinds)
        self.sky = {"outdoor_degc": outdoor, "wind_m_per_s": 4.0, "gain_w_per_m2": gain}

    def operative(self, hours: float) -> Floats:
        mass = steady_mass(self.walls, operative_degc=20.0, **self.sky)
        step = relax(self.walls, mass, heat_w_per_m2=0.0, hours=hours, **self.sky)
        return self.kinds.mean(step.operative_end_degc)

    def hours_below(self, degc: float, hours: int) -> Floats:
        return np.sum([self.operative(hour + 0.5) < degc for hour in range(hours)], axis=0)

    def first_below(self, degc: float, hours: int) -> Floats:
        """To the hour, straight between; ``hours`` where it is not in that time."""
        course = np.stack([self.operative(float(hour)) for hour in range(hours)])
        below = course < degc
        at = np.maximum(below.argmax(axis=0), 1)
        before, after = (np.take_along_axis(course, each[None], 0)[0] for each in (at - 1, at))
        crossing = at - 1 + (before - degc) / (before - after)
        return np.where(below.any(axis=0), np.where(below[0], 0.0, crossing), hours)


def stands_at(values: Floats, draws: Floats) -> Floats:
    """Share of the draws below a value, half of those that are the same counted."""
    return ((draws < values).mean(axis=0) + (draws <= values).mean(axis=0)) / 2


@pytest.fixture(scope="module")
def band(archetypes: Archetypes) -> Archetypes:
    return banded(archetypes)


@pytest.fixture(scope="module")
def others(archetypes: Archetypes) -> Archetypes:
    return sampled_by_scipy(archetypes)


def test_the_distribution_is_two_triangles_of_scipys():
    share = np.linspace(0.0, 1.0, 41)
    for low, central, high in [(0.0, 1.0, 4.0), (2.0, 2.0, 3.0), (1.0, 5.0, 5.0)]:
        expected = halves(low, central, high, share)
        for ends in ([low, central, high], [high, central, low]):
            found = between(np.array(ends)[:, None], share)[:, 0]
            np.testing.assert_allclose(found, expected, atol=1e-9)


def test_a_parameter_known_exactly_stays():
    assert between(np.full((3, 1), 7.5), np.linspace(0, 1, 5)).tolist() == [[7.5]] * 5


def test_the_centre_the_shares_and_the_norms_stay(archetypes, band):
    for own, other in (
        (archetypes.parameter, band.parameter),
        (archetypes.flats.parameter, band.flats.parameter),
    ):
        assert list(own) == list(other)
        for name in own:
            np.testing.assert_array_equal(own[name][1], other[name][1])
            assert other[name].shape == own[name].shape
    for name in ("share", "norm_beta_h"):
        one, other = archetypes.flats.parameter[name], band.flats.parameter[name]
        np.testing.assert_array_equal(other, one)


def test_every_value_lies_between_the_ends(archetypes, band):
    for own, other in (
        (archetypes.parameter, band.parameter),
        (archetypes.flats.parameter, band.flats.parameter),
    ):
        for name in set(own) - {"norm_beta_h"}:
            assert (other[name] >= own[name].min(axis=0) - 1e-12).all(), name
            assert (other[name] <= own[name].max(axis=0) + 1e-12).all(), name


def test_the_same_seed_gives_the_same_band(archetypes, band):
    again = banded(archetypes)
    for name, values in band.parameter.items():
        np.testing.assert_array_equal(values, again.parameter[name])


def test_an_archetype_has_its_band_whatever_stands_beside_it(archetypes, band):
    last = len(archetypes) - 1
    own = archetypes.flats.archetype == last
    flats = replace(
        archetypes.flats,
        archetype=np.zeros(own.sum(), dtype=np.int64),
        share=archetypes.flats.share[own],
        parameter={name: each[:, own] for name, each in archetypes.flats.parameter.items()},
    )
    alone = Archetypes(
        archetypes.name[last:],
        archetypes.label[last:],
        {name: each[:, last:] for name, each in archetypes.parameter.items()},
        archetypes.source,
        flats,
    )
    found = banded(alone)
    for name, values in found.flats.parameter.items():
        np.testing.assert_allclose(values, band.flats.parameter[name][:, own])


def test_what_no_position_overrules_is_one_draw_in_all_flats_of_a_building(archetypes):
    count = len(archetypes.flats.share)
    twice = {name: np.repeat(each, 2, axis=1) for name, each in archetypes.flats.parameter.items()}
    twice["wall_m2_per_m2"] = twice["wall_m2_per_m2"] * np.tile([1.0, 1.5], count)
    flats = replace(
        archetypes.flats,
        archetype=np.repeat(archetypes.flats.archetype, 2),
        position=("middle", "corner") * count,
        share=np.repeat(archetypes.flats.share / 2, 2),
        parameter=twice,
    )
    found = banded(replace(archetypes, flats=flats)).flats.parameter
    for name in set(found) - {"norm_beta_h"}:
        ratio = 1.5 if name == "wall_m2_per_m2" else 1.0
        np.testing.assert_allclose(found[name][:, 1::2], ratio * found[name][:, ::2], err_msg=name)


@pytest.mark.parametrize("factors", [(0.5, 2.0), (2.0, 0.5)])
def test_what_no_comparison_sees_stands_at_its_own_5_and_95_percent(factors, archetypes):
    """Whichever end cools sooner: it comes first among the ends, and so in the band."""
    name = "main_depth_m"
    most = archetypes.parameter[name][1]
    ends = np.stack([factors[0] * most, most, factors[1] * most])
    found = banded(with_parameters(archetypes, {}, {name: ends})).parameter[name]
    expected = [[halves(*each, np.array(share)) for each in ends.T] for share in ENDS]
    np.testing.assert_allclose(found[[0, 2]], expected[:: 1 if factors[0] < 1 else -1])


#: outdoors, gains, what is asked of the course: none of it is what draws were compared by, which
#: is calm weather of -10 degC without gains.
OUTCOMES = {
    "hours to 8 at -20 with gains": (-20.0, 4.0, lambda each: each.first_below(8.0, 300)),
    "hours to 5 at -10 with gains": (-10.0, 3.0, lambda each: each.first_below(5.0, 400)),
    "hours below 12 in 72, at -10 with gains": (-10.0, 3.0, lambda each: -each.hours_below(12, 72)),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_low_and_high_stand_near_5_and_95_percent_of_other_outcomes(name, band, others, buildings):
    """The distance from the true quantiles: 0.02 of all draws on average, 0.1 at most."""
    outdoor, gain, ask = OUTCOMES[name]
    low, central, high = ask(Cooling(band, buildings, outdoor, gain))
    drawn = ask(Cooling(others, buildings, outdoor, gain))
    assert (low <= central).all()
    assert (central <= high).all()
    away = np.array([stands_at(low, drawn) - ENDS[0], stands_at(high, drawn) - ENDS[1]])
    assert np.abs(away).max() < 0.1, away.round(3)
    assert np.abs(away).mean() < 0.02, away.round(3)


@pytest.mark.parametrize("outdoor", [-10.0, -15.0, -25.0])
def test_first_plugs_stand_near_5_and_95_percent(outdoor, archetypes, band, others, buildings):
    """In frosts of which only one was looked at: 0.05 of the draws on average, 0.25 at most."""
    cooling = Cooling(banded(archetypes), buildings, outdoor, 2.0)
    middles = np.cumsum(PIPE_STEPS) - np.array(PIPE_STEPS) / 2
    indoors = np.stack([cooling.operative(hour)[1:2] for hour in middles])
    low, _, high = hours_to_plug(pipes(band, buildings), indoors, outdoor).min(axis=-1)
    drawn = hours_to_plug(pipes(others, buildings), indoors, outdoor).min(axis=-1)
    away = np.array([stands_at(low, drawn) - ENDS[0], stands_at(high, drawn) - ENDS[1]])
    assert np.abs(away).max() < 0.25, away.round(3)
    assert np.abs(away).mean() < 0.05, away.round(3)


def test_the_band_is_narrower_than_every_parameter_at_its_end(archetypes, band, buildings):
    sampled = Cooling(band, buildings, -10.0, 0.0).first_below(8.0, 400)
    ends = Cooling(archetypes, buildings, -10.0, 0.0).first_below(8.0, 400)
    assert (sampled[0] > ends[0]).all()
    assert (sampled[2] < ends[2]).all()
    np.testing.assert_allclose(sampled[1], ends[1])
