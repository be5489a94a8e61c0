"""The table of archetypes, read here without keepwarm's own loader, and the published tables."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from keepwarm.case.archetypes import read_archetypes
from keepwarm.case.nouns import Archetypes, Buildings
from keepwarm.case.reading import Reading


def one_group_each(count: int) -> Buildings:
    """One building group per archetype."""
    ones, none = np.ones(count), np.full(count, -1)
    return Buildings(
        group=tuple(str(k) for k in range(count)),
        region=none,
        archetype=np.arange(count),
        buildings=ones,
        people=ones,
        floor_area_m2=ones,
        heat_bus=none,
        power_bus=none,
        rotation_group=("",) * count,
        substation_needs_power=np.zeros(count, dtype=bool),
        backup=np.zeros(count, dtype=bool),
        water_circuit=np.ones(count, dtype=bool),
    )


@pytest.fixture(scope="session")
def archetype_rows(examples: Path) -> list[dict[str, str]]:
    with (examples / "archetypes" / "archetypes.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def archetypes(examples: Path) -> Archetypes:
    reading = Reading(examples)
    read = read_archetypes(reading, examples / "archetypes" / "archetypes.csv")
    assert not reading.faults
    return read


@pytest.fixture(scope="session")
def buildings(archetypes: Archetypes) -> Buildings:
    return one_group_each(len(archetypes))
