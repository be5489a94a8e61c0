"""An earlier completed drain never freezes or bursts more buildings."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.nouns import Case
from tests.season.conftest import HEAT_SOURCES, colder, outage, walk, with_settings

HOURS = 60


def losses(town: Case, wait: float, crews: float) -> tuple[float, float, float]:
    """Buildings frozen, burst, and frozen at the soonest end, when nothing brings heat back."""
    case = with_settings(
        town, draining__wait_hours=wait, draining__buildings_per_hour=crews, draining__policy="rule"
    )
    season = walk(case, outage(case, HEAT_SOURCES, slice(1, None), HOURS))
    return season.frozen[-1].sum(), season.burst.sum(), season.frozen_band[0].sum()


@given(
    degrees=st.sampled_from((10.0, 20.0)),
    wait=st.tuples(st.integers(0, 24), st.integers(0, 24)),
    crews=st.tuples(
        st.sampled_from((0.0, 1.0, 4.0, 15.0, 100.0)), st.sampled_from((0.0, 2.0, 8.0))
    ),
)
@settings(max_examples=12, deadline=None)
def test_who_begins_sooner_with_more_crews_loses_no_more(
    town: Case, degrees: float, wait: tuple[int, int], crews: tuple[float, float]
) -> None:
    cold = colder(town, degrees)
    sooner = losses(cold, min(wait), max(crews))
    later = losses(cold, max(wait), min(crews))
    assert np.all(np.array(sooner) <= np.array(later) + 1e-9)


def test_nobody_drained_means_all_are_lost(town: Case) -> None:
    """The property above is not empty: without crews all circuits freeze, with many none."""
    cold = colder(town, 20.0)
    with_water = town.buildings.buildings[town.buildings.heat_bus >= 0].sum()
    assert losses(cold, 0.0, 0.0)[0] == with_water
    assert losses(cold, 0.0, 1000.0)[0] == 0.0
