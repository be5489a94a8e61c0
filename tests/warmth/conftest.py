"""The table of archetypes, read here without keepwarm's own loader, and the published tables."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from keepwarm.case.nouns import Archetypes, Buildings

SCHEMA = Path("src/keepwarm/case/schema/archetype_parameters.csv")


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
    )


@pytest.fixture(scope="session")
def archetype_rows(examples: Path) -> list[dict[str, str]]:
    with (examples / "archetypes" / "archetypes.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def parameter_rows(repository: Path) -> dict[str, dict[str, str]]:
    with (repository / SCHEMA).open(newline="", encoding="utf-8") as file:
        return {row["parameter"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="session")
def archetypes(
    archetype_rows: list[dict[str, str]], parameter_rows: dict[str, dict[str, str]]
) -> Archetypes:
    """Band 0 takes the end that cools sooner."""
    names = tuple(dict.fromkeys(row["archetype"] for row in archetype_rows))
    label = {row["archetype"]: row["label"] for row in archetype_rows}
    parameter = {name: np.full((3, len(names)), np.nan) for name in parameter_rows}
    for row in archetype_rows:
        values = [float(row[end]) for end in ("low", "central", "high")]
        if parameter_rows[row["parameter"]]["cools_sooner"] == "high":
            values.reverse()
        parameter[row["parameter"]][:, names.index(row["archetype"])] = values
    return Archetypes(names, tuple(label[name] for name in names), parameter, {})


@pytest.fixture(scope="session")
def buildings(archetypes: Archetypes) -> Buildings:
    return one_group_each(len(archetypes))
