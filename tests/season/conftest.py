"""The town, prepared once, and a way to break it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from keepwarm.case.nouns import Case, Floats
from keepwarm.case.read import read_case
from keepwarm.season import Corridor, Season, balanced_start, march, prepare

TOWN = Path(__file__).parents[2] / "examples" / "town"


@pytest.fixture(scope="session")
def town() -> Case:
    return read_case(TOWN)


def with_settings(case: Case, **changes: float | str) -> Case:
    """Return the case with settings changed; ``__`` stands for the dot of a key."""
    values = {**case.settings.values, **{k.replace("__", "."): v for k, v in changes.items()}}
    return replace(case, settings=replace(case.settings, values=values))


def no_leaks(case: Case) -> Case:
    """Return the case with circuits that are whole whenever they are filled."""
    return with_settings(case, restart__leak_share=0.0, restart__frost_leak_share=0.0)


def colder(case: Case, degc: float) -> Case:
    """Return the case under weather that is colder by so many degrees."""
    assert case.weather is not None
    weather = replace(case.weather, outdoor_degc=case.weather.outdoor_degc - degc)
    return replace(case, weather=weather)


def halved(case: Case) -> Case:
    """Return the case with every step cut into two of half an hour."""
    network = case.network
    twice = partial(np.repeat, repeats=2, axis=0)
    first, last = network.snapshots[0], network.snapshots[-1] + np.timedelta64(3600, "s")
    generators, links = network.generators, network.links
    halves = replace(
        network,
        snapshots=np.arange(first, last, np.timedelta64(1800, "s")),
        step_hours=0.5,
        generators=replace(
            generators, p_min_pu=twice(generators.p_min_pu), p_max_pu=twice(generators.p_max_pu)
        ),
        links=replace(links, p_min_pu=twice(links.p_min_pu), p_max_pu=twice(links.p_max_pu)),
        loads=replace(network.loads, p_set_mw=twice(network.loads.p_set_mw)),
        storages=replace(network.storages, inflow_mw=twice(network.storages.inflow_mw)),
    )
    assert case.weather is not None
    sky = case.weather
    weather = replace(
        sky,
        outdoor_degc=twice(sky.outdoor_degc),
        wind_m_per_s=twice(sky.wind_m_per_s),
        outdoor_low_degc=twice(sky.outdoor_low_degc),
        outdoor_high_degc=twice(sky.outdoor_high_degc),
        known=2 * sky.known,
    )
    return replace(case, network=halves, weather=weather)


def outage(case: Case, names: Iterable[str], hours: slice, steps: int) -> Floats:
    """Return availability with the named assets out."""
    left = np.ones((steps, len(case.network.assets)))
    for name in names:
        left[hours, case.network.assets.name.index(name)] = 0.0
    return left


def walk(case: Case, left: Floats) -> Season:
    """Walk a case from its first snapshot, in balance."""
    corridor: Corridor = prepare(case)
    return march(corridor, left, first=0, state=balanced_start(corridor, 0))


#: Everything that makes heat in the town.
HEAT_SOURCES = ("CHP unit", "CHP peak boiler", "Boiler house", "CHP network water")
