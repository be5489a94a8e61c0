"""archetypes.csv: thermal and pipe parameters of kinds of buildings, and of the flats in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import BAND, Archetypes, Flats, Floats, Names
from keepwarm.case.reading import Reading
from keepwarm.case.schemas import ArchetypeParameter, archetype_parameters, schema
from keepwarm.case.tables import Table, read_table
from keepwarm.errors import nearest

#: The kind of flat of an archetype that tells none apart.
WHOLE = "whole"
_SHARE_TOLERANCE = 1e-3
#: No pipe is thinner: 0 says that there is none, and anything between was not given in mm.
_LEAST_BORE_MM = 2.0
#: No insulation is thinner, alike.
_LEAST_INSULATION_MM = 1.0
#: ISO 13790 12.2.2: heat that a square metre of mass takes up from the surfaces, W/(m2 K).
_MASS_UPTAKE = 9.1

#: (archetype, position, parameter) -> row of the table; position "" is for every flat.
_Rows = Mapping[tuple[str, str, str], int]


def no_archetypes() -> Archetypes:
    """Return the archetypes of a case without warmth: none."""
    return whole_buildings((), (), {name: np.zeros((3, 0)) for name in archetype_parameters()}, {})


def whole_buildings(
    name: Names, label: Names, parameter: Mapping[str, Floats], source: Mapping[str, Names]
) -> Archetypes:
    """Return archetypes that tell no flats apart.

    Parameters
    ----------
    name, label
        One of each per archetype.
    parameter
        Name -> (3, archetypes), cools sooner first; those with a default may be left out.
    source
        Name -> one text per archetype; may be empty.
    """
    known, count = archetype_parameters(), len(name)
    full = {
        key: np.asarray(parameter[key], dtype=float)
        if key in parameter
        else np.full((3, count), column.default)
        for key, column in known.items()
    }
    of_flats = {key: full[key] for key, column in known.items() if column.of_flat}
    of_buildings = {key: full[key] for key, column in known.items() if not column.of_flat}
    flats = Flats(np.arange(count), (WHOLE,) * count, np.ones(count), of_flats, source)
    return Archetypes(name, label, of_buildings, source, flats)


def read_archetypes(reading: Reading, path: Path) -> Archetypes:
    """Read archetypes.csv and turn numerical low and high into cools-sooner and cools-later.

    Parameters
    ----------
    reading : Reading
        Where faults go: every archetype needs every parameter, for all its flats or for each
        position, with the unit of the schema, within its range, and low <= central <= high; the
        shares of its positions add to 1.
    path : Path
        The file.
    """
    table = read_table(reading, path, schema("archetypes"))
    if table is None:
        return no_archetypes()
    names = tuple(dict.fromkeys(name for name in table.texts["archetype"] if name))
    rows = _without_slips(reading, table, _rows(reading, table))
    kinds = [(name, at) for name in names for at in _positions(rows, name)]
    of_building = _Picked(reading, table, rows, [(name, "") for name in names])
    of_flat = _Picked(reading, table, rows, kinds)
    known = archetype_parameters()
    in_building = [key for key, column in known.items() if not column.of_flat]
    in_flat = [key for key, column in known.items() if column.of_flat]
    parameter = {key: of_building.values(key) for key in in_building}
    flats = Flats(
        archetype=np.array([names.index(name) for name, _ in kinds], dtype=np.int64),
        position=tuple(at or WHOLE for _, at in kinds),
        share=of_flat.values("share")[1],
        parameter={key: of_flat.values(key) for key in in_flat},
        source={key: of_flat.sources(key) for key in in_flat},
    )
    _check_shares(reading, table, names, flats)
    _check_envelopes(reading, table, names, flats)
    sources = {key: of_building.sources(key) for key in in_building}
    return Archetypes(names, _labels(table, names), parameter, sources, flats)


def _positions(rows: _Rows, archetype: str) -> tuple[str, ...]:
    """Return the positions that an archetype tells apart, in the order of the table."""
    named = dict.fromkeys(at for name, at, _ in rows if name == archetype and at)
    return tuple(named) or ("",)


class _Picked:
    """Values of some archetypes and positions; what is missing becomes a fault, once."""

    def __init__(
        self, reading: Reading, table: Table, rows: _Rows, kinds: Sequence[tuple[str, str]]
    ) -> None:
        self._reading, self._table, self._rows, self._kinds = reading, table, rows, kinds
        self._said: set[tuple[str, str]] = set()

    def values(self, key: str) -> Floats:
        """Return a parameter, (3, kinds), the end that cools sooner first."""
        column = archetype_parameters()[key]
        values = np.full((len(BAND), len(self._kinds)), column.default)
        for at, kind in enumerate(self._kinds):
            row = self._row(key, *kind)
            if row is not None:
                ends = [self._table.numbers[end][row] for end in BAND]
                values[:, at] = ends[::-1] if column.high_cools_sooner else ends
            elif column.required and (kind[0], key) not in self._said:
                self._said.add((kind[0], key))
                here = f" in position '{kind[1]}'" if kind[1] else ""
                found = f"archetype '{kind[0]}' has no parameter '{key}'{here}"
                self._reading.fault(self._table.file, None, "parameter", found, "every parameter")
        return values

    def sources(self, key: str) -> Names:
        """Return where a parameter comes from, one text per kind."""
        found = (self._row(key, *kind) for kind in self._kinds)
        return tuple("" if row is None else self._table.texts["source"][row] for row in found)

    def _row(self, key: str, archetype: str, position: str) -> int | None:
        own = self._rows.get((archetype, position, key))
        return self._rows.get((archetype, "", key)) if own is None else own


def _rows(reading: Reading, table: Table) -> _Rows:
    known = archetype_parameters()
    rows: dict[tuple[str, str, str], int] = {}
    for at, line in enumerate(table.lines):
        archetype, parameter = table.texts["archetype"][at], table.texts["parameter"][at]
        position = table.texts["position"][at]
        if parameter not in known:
            if parameter:
                found = f"'{parameter}' is no parameter of an archetype"
                near = nearest(parameter, known)
                reading.fault(table.file, line, "parameter", found, "", near)
            continue
        if position and not known[parameter].of_flat:
            found = f"'{parameter}' of '{archetype}' is a parameter of the whole building"
            reading.fault(table.file, line, "position", found, "an empty position")
            continue
        key = (archetype, position, parameter)
        if key in rows:
            first = table.lines[rows[key]]
            found = f"'{parameter}' of '{archetype}' is there twice, first in line {first}"
            reading.fault(table.file, line, "parameter", found, "every parameter once")
            continue
        rows[key] = at
        _check_row(reading, table, at, known[parameter])
    return rows


def _without_slips(reading: Reading, table: Table, rows: _Rows) -> _Rows:
    """Return the rows without positions that have no share: those are slips of the pen.

    Their rows count for the position that they are near, so that one slip is one fault.
    """
    shares: dict[str, list[str]] = {}
    for name, position, key in rows:
        if position and key == "share":
            shares.setdefault(name, []).append(position)
    said, kept = set(), {}
    for (name, position, key), at in rows.items():
        right = shares.get(name, [])
        near = "" if position in ("", *right) else nearest(position, right)
        if near and (name, near, key) not in rows:
            if (name, position) not in said:
                said.add((name, position))
                found = f"'{position}' of '{name}' has no share"
                reading.fault(table.file, table.lines[at], "position", found, "", near)
            position = near
        kept[name, position, key] = at
    return kept


def _check_row(reading: Reading, table: Table, at: int, known: ArchetypeParameter) -> None:
    line, unit = table.lines[at], known.unit
    own = table.texts["unit"][at]
    if own and own != unit:
        found = f"unit '{own}' of '{table.texts['parameter'][at]}'"
        reading.fault(table.file, line, "unit", found, f"'{unit}'")
    low, central, high = (float(table.numbers[end][at]) for end in BAND)
    shown = "" if unit == "1" else f" {unit}"
    for end, value in zip(BAND, (low, central, high), strict=True):
        if value < known.minimum or value > known.maximum:
            found = f"{value:g}{shown} is out of range"
            expected = f"{known.minimum:g} to {known.maximum:g}{shown}"
            reading.fault(table.file, line, end, found, expected)
    if low > central or central > high:
        found = f"{low:g}, {central:g}, {high:g} are not in order"
        reading.fault(table.file, line, "central", found, "low <= central <= high")
    else:
        _check_meaning(reading, table, at, (low, central, high))


def _check_meaning(
    reading: Reading, table: Table, at: int, values: tuple[float, float, float]
) -> None:
    """Refuse pipes and insulation too thin to be given in mm."""
    low, central, high = values
    name, line = table.texts["parameter"][at], table.lines[at]
    shown = f"{low:g}, {central:g}, {high:g}"
    if name.endswith("_bore_mm") and 0 <= low < _LEAST_BORE_MM and high > 0:
        expected = f"{_LEAST_BORE_MM:g} mm or more, or 0 in all three for no such pipe"
        reading.fault(table.file, line, "low", f"{shown} mm of bore", expected)
    if name.endswith("_insulation_mm") and 0 < high < _LEAST_INSULATION_MM:
        expected = f"{_LEAST_INSULATION_MM:g} mm or more at the high end, or 0 for bare"
        reading.fault(table.file, line, "high", f"{shown} mm of insulation", expected)


def _check_shares(reading: Reading, table: Table, names: Names, flats: Flats) -> None:
    for at, line in enumerate(table.lines):
        if table.texts["parameter"][at] != "share":
            continue
        values = [float(table.numbers[end][at]) for end in BAND]
        if values[0] <= values[1] <= values[2] and values[0] < values[2]:
            found = f"share from {values[0]:g} to {values[2]:g}"
            reading.fault(table.file, line, "high", found, "the same in low, central and high")
        if not table.texts["position"][at] and values[1] != 1:
            found = f"a share of '{table.texts['archetype'][at]}' without a position"
            reading.fault(table.file, line, "position", found, "the position that it is of")
    for at, name in enumerate(names):
        total = float(flats.share[flats.archetype == at].sum())
        if np.isfinite(total) and abs(total - 1) > _SHARE_TOLERANCE:
            found = f"shares of the positions of '{name}' add to {total:g}"
            reading.fault(table.file, None, "share", found, "1")


def _check_envelopes(reading: Reading, table: Table, names: Names, flats: Flats) -> None:
    """Refuse walls that lose more than the mass behind them can take up: 5R1C has no answer."""
    worst = {key: values[0] for key, values in flats.parameter.items()}
    loses = worst["wall_m2_per_m2"] * worst["u_wall_w_per_m2k"] + worst["roof_and_ground_w_per_m2k"]
    takes_up = _MASS_UPTAKE * worst["mass_area_m2_per_m2"]
    for at in np.flatnonzero(loses >= takes_up).tolist():
        name = names[flats.archetype[at]]
        found = (
            f"walls, roof and ground of '{name}' in position '{flats.position[at]}' lose up to "
            f"{loses[at]:.3g} W/K per m2 of floor"
        )
        expected = f"less than the {takes_up[at]:.3g} that its mass can take up"
        reading.fault(table.file, None, "mass_area_m2_per_m2", found, expected)


def _labels(table: Table, names: Names) -> Names:
    labels = dict.fromkeys(names, "")
    for name, label in zip(table.texts["archetype"], table.texts["label"], strict=True):
        if name in labels and not labels[name]:
            labels[name] = label
    return tuple(label or name for name, label in labels.items())
