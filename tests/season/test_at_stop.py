"""What is kept of the longest stop is what a run that ends there has."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Case, Floats
from keepwarm.season import Season, balanced_start, march, prepare
from keepwarm.season.state import KEPT, RETURNING
from tests.season.conftest import HEAT_SOURCES, colder, no_leaks, outage, walk, with_settings

WEST = ("Main CHP-West", "Main Boiler-West")
SHORT, LONG, HOURS = slice(3, 5), slice(20, 30), 40


def broken(case: Case, hours: int) -> Season:
    """Two hours without heat in the west, warm again, then ten."""
    left: Floats = np.ones((HOURS, len(case.network.assets)))
    for name in WEST:
        for span in (SHORT, LONG):
            left[span, case.network.assets.name.index(name)] = 0.0
    corridor = prepare(case)
    return march(corridor, left[:hours], first=0, state=balanced_start(corridor, 0))


def test_the_longest_stop_is_kept_as_it_began(town: Case) -> None:
    case = colder(with_settings(town, draining__policy="never"), 10.0)
    whole, until = broken(case, HOURS), broken(case, LONG.start)
    stop, final = whole.at_stop, until.final
    stood = np.isfinite(stop.hour)
    assert stood.any()
    assert np.array_equal(stood, np.isfinite(whole.stopped_hour))
    assert set(whole.stopped_hour[stood]) == {SHORT.start}
    assert set(stop.hour[stood]) == {LONG.start}
    homes = stood[whole.homes.group]
    assert np.array_equal(stop.mass_degc[:, homes], final.mass_degc[:, KEPT, homes])
    assert np.array_equal(stop.air_degc[:, stood], final.zone_degc[:, stood])
    assert np.array_equal(stop.water_degc[:, stood], final.water_degc[:, stood])
    assert np.array_equal(stop.buildings[stood], final.connected[stood])
    assert np.all(stop.stood_hours[stood] == 0.0)


def test_a_first_stop_that_is_longer_stays(town: Case) -> None:
    """Up to the second hour of the second stop, the first is no shorter."""
    season = broken(colder(town, 10.0), LONG.start + 2)
    stood = np.isfinite(season.at_stop.hour)
    assert set(season.at_stop.hour[stood]) == {SHORT.start}


def test_a_stop_of_buildings_filled_again_begins_as_cold_as_they_are(town: Case) -> None:
    """All are drained, filled, and stopped for longer before they are warm: none was kept."""
    case = with_settings(
        no_leaks(colder(town, 10.0)),
        draining__wait_hours=0.0,
        refilling__wait_hours=0.0,
        refilling__hours=0.5,
        circuit__warm_degc=25.0,
    )
    left = outage(case, HEAT_SOURCES, slice(3, 13), 40)
    for name in HEAT_SOURCES:
        left[16:, case.network.assets.name.index(name)] = 0.0
    stop, final = walk(case, left).at_stop, walk(case, left[:16]).final
    assert set(stop.hour) == {16.0}
    assert final.kept.max() == 0.0
    assert np.array_equal(stop.buildings, final.returning)
    np.testing.assert_allclose(stop.mass_degc, final.mass_degc[:, RETURNING], rtol=1e-12)
