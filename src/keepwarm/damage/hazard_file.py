"""A hazard file: TOML, every key of which stands in ``case/schema/hazard.csv``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from keepwarm.case.nouns import Case, Floats, Names
from keepwarm.case.reading import Reading, parse_number, range_fault
from keepwarm.case.schemas import Column, schema
from keepwarm.case.toml_lines import key_lines, toml_document
from keepwarm.damage.hazard import (
    COLD,
    STORM,
    WAVE,
    Arrivals,
    Cold,
    Exposed,
    Hazard,
    Objects,
    OneHazard,
    Severity,
    Storm,
)
from keepwarm.damage.listing import WHOLE
from keepwarm.damage.tasks import asset_places
from keepwarm.errors import InputError, nearest

EVERY = "*"
#: Beyond these a file is a slip, and its draws would not fit into memory.
_MOST_HITS, _WIDEST = 1000, 3.0
#: Tables of a hazard; those of which there may be several are lists.
_TABLES: dict[str, type] = {
    "regions": dict,
    "arrivals": dict,
    "objects": list,
    "storm": dict,
    "cold": dict,
    "hits": list,
}
_NEEDED: dict[str, Names] = {
    WAVE: ("arrivals", "objects", "hits"),
    STORM: ("arrivals", "storm", "hits"),
    COLD: ("cold", "hits"),
}


def read_hazard(case: Case, path: str | PathLike[str]) -> Hazard:
    """Read a hazard file.

    Parameters
    ----------
    case : Case
        Whose asset classes and regions the file speaks of.
    path : path-like
        TOML with the keys of ``case/schema/hazard.csv``: one ``[[hazard]]`` after the other.

    Raises
    ------
    InputError
        With every fault of the file: unknown keys, kinds, classes and regions, numbers out of
        range, spreads that no share can have, what a kind needs and does not have.
    """
    reading = Reading(case.path)
    text = reading.text_of(Path(path))
    if text is None:
        raise InputError(reading.faults)
    return hazard_of(case, text, reading.name_of(Path(path)))


def hazard_of(case: Case, text: str, file: str) -> Hazard:
    """Return the hazard that the text of a file holds; ``file`` is for messages.

    Raises
    ------
    InputError
        As `read_hazard`.
    """
    reading, document = Reading(case.path), toml_document(text, file)
    hazard = _File(reading, file, case, key_lines(text)).hazard(document)
    if reading.faults:
        raise InputError(reading.faults)
    return hazard


@dataclass
class _File:
    """One reading of a hazard file; faults are noted where they stand."""

    reading: Reading
    file: str
    case: Case
    lines: Mapping[str, int]

    def fault(self, where: str, found: str, expected: str = "", near: str = "") -> None:
        # A key of an inline table has the line of the table, one that is not there its section's.
        place = where
        while place and place not in self.lines:
            place = place.rpartition(".")[0]
        self.reading.fault(self.file, self.lines.get(place), where, found, expected, near)

    def hazard(self, document: dict[str, Any]) -> Hazard:
        top = self.table("", {k: v for k, v in document.items() if k not in ("repairs", "hazard")})
        repairs = document.get("repairs", {})
        if not isinstance(repairs, dict):
            self.fault("repairs", "no table", "[repairs]")
            repairs = {}
        rule = self.table("repairs", repairs)
        entries = document.get("hazard", [])
        if not isinstance(entries, list) or not entries:
            self.fault("hazard", "there is none", "[[hazard]] for each hazard")
            entries = []
        hazards = [self.one(f"hazard {at}", entry) for at, entry in enumerate(entries, start=1)]
        self.names([one.name for one in hazards], "hazard")
        kinds = self.case.network.assets.kind
        return Hazard(
            title=top["title"],
            hazards=tuple(hazards),
            order=rule["order"],
            whole=np.array([kind in WHOLE for kind in kinds], dtype=np.bool_),
            source=top["source"],
        )

    def one(self, where: str, entry: object) -> OneHazard:
        given = entry if isinstance(entry, dict) else {}
        own = self.table(where, {k: v for k, v in given.items() if k not in _TABLES})
        tables = {name: self.tables(where, name, given) for name in _TABLES}
        kind = own["kind"]
        for name in _NEEDED.get(kind, ()):
            if name not in given:
                head = f"[[hazard.{name}]]" if _TABLES[name] is list else f"[hazard.{name}]"
                self.fault(where, f"a {kind} has no {name}", head)
        for name in set(given) & {"arrivals", "objects", "storm", "cold"}:
            if kind in _NEEDED and name not in _NEEDED[kind]:
                self.fault(f"{where}.{name}", f"is not of a {kind}", ", ".join(_NEEDED[kind]))
        objects = tuple(self.objects(*one) for one in tables["objects"])
        self.names([one.name for one in objects], f"{where}.objects")
        regions = self.regions(where, given.get("regions", {}))
        severities = tuple(self.severity(*one) for one in tables["hits"])
        return OneHazard(
            name=own["name"],
            kind=kind,
            on=own["on"],
            duration_hours=own["duration_hours"],
            again=own["again"],
            region_weight=regions,
            arrivals=next((Arrivals(**one) for _, one in tables["arrivals"]), None),
            objects=objects,
            storm=next((self.storm(*one) for one in tables["storm"]), None),
            cold=next((Cold(**one) for _, one in tables["cold"]), None),
            severities=severities,
            exposed=self.exposed(where, severities, regions),
            source=own["source"],
        )

    def tables(
        self, where: str, name: str, given: Mapping[str, Any]
    ) -> list[tuple[str, dict[str, Any]]]:
        """Return the tables of one name with where they stand, every key at hand."""
        if name not in given or name == "regions":
            return []
        value, several = given[name], _TABLES[name] is list
        entries = value if isinstance(value, list) else [value]
        if several != isinstance(value, list) or not all(isinstance(one, dict) for one in entries):
            head = f"[[hazard.{name}]]" if several else f"[hazard.{name}]"
            self.fault(f"{where}.{name}", f"{value!r}", head)
            return []
        if not several:
            return [(f"{where}.{name}", self.table(f"{where}.{name}", entries[0]))]
        places = [f"{where}.{name} {at}" for at in range(1, len(entries) + 1)]
        return [(at, self.table(at, one)) for at, one in zip(places, entries, strict=True)]

    def table(self, where: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return every key of a table, its default where it is not given or wrong."""
        stem = re.sub(r" \d+", "", where)
        columns = {
            name.rpartition(".")[2]: column
            for name, column in schema("hazard").columns.items()
            if name.rpartition(".")[0] == stem and column.type != "weights"
        }
        for key in given:
            if key not in columns:
                near = nearest(key, (*columns, *(_TABLES if stem == "hazard" else ())))
                known = "" if near else "one of " + ", ".join(columns)
                self.fault(f"{where}.{key}".lstrip("."), "an unknown key", known, near)
        values: dict[str, Any] = {}
        for key, column in columns.items():
            default = _default(column)
            if key not in given:
                if column.required:
                    self.fault(f"{where}.{key}".lstrip("."), "missing", column.meaning)
                values[key] = default
                continue
            read = self.value(f"{where}.{key}".lstrip("."), column, given[key])
            values[key] = default if read is None else read
        return values

    def value(self, where: str, column: Column, value: object) -> Any:
        """Return a value as its column wants it; None, with a fault, where it is not so."""
        needed = column.required
        if column.type == "flag" and isinstance(value, bool):
            return value
        if isinstance(value, str) and column.type in ("name", "text") and (value or not needed):
            if column.choices and value not in column.choices:
                choices = "one of " + ", ".join(column.choices)
                self.fault(where, f"'{value}'", choices, nearest(value, column.choices))
                return None
            return value
        if column.type == "names" and isinstance(value, list) and value:
            if all(isinstance(one, str) for one in value):
                return tuple(value)
        elif column.type == "numbers" and isinstance(value, list):
            wanted = len(column.default.split())
            numbers = [self.number(where, column, one) for one in value]
            if len(numbers) != wanted:
                self.fault(where, f"{len(numbers)} numbers", f"{wanted}: {column.meaning}")
                return None
            return None if None in numbers else np.array(numbers, dtype=float)
        elif column.type == "number":
            return self.number(where, column, value)
        expected = {"flag": "true or false", "names": "a list of names", "numbers": "a list"}
        self.fault(where, f"{value!r}", expected.get(column.type, "a text in quotes"))
        return None

    def number(self, where: str, column: Column, value: object) -> float | None:
        if not isinstance(value, int | float) or isinstance(value, bool):
            self.fault(where, f"{value!r} is not a number", "a number without quotes")
            return None
        number = parse_number(str(value))
        wrong = range_fault(column, float("inf") if number is None else number, str(value))
        if wrong:
            self.fault(where, *wrong)
            return None
        return number

    def names(self, names: Sequence[str], where: str) -> None:
        for at, name in enumerate(names, start=1):
            if name and name in names[: at - 1]:
                self.fault(f"{where} {at}.name", f"'{name}' is there twice", "each name once")

    def objects(self, where: str, values: dict[str, Any]) -> Objects:
        self.spread(where, "through", values["through"], values["through_sd"])
        sigma, hits = values["dispersion"], values["mean"] * values["through"] * values["at_assets"]
        if values["distribution"] == "lognormal" and sigma > _WIDEST:
            found = f"{sigma:g} is too wide a lognormal distribution"
            self.fault(f"{where}.dispersion", found, f"sigma of {_WIDEST:g} at most")
        if hits > _MOST_HITS:
            found = f"{hits:g} hits an event (mean x through x at_assets)"
            self.fault(f"{where}.mean", found, f"{_MOST_HITS} at most")
        return Objects(**values)

    def storm(self, where: str, values: dict[str, Any]) -> Storm:
        self.spread(where, "share", values["share"], values["share_sd"])
        return Storm(**values)

    def spread(self, where: str, key: str, mean: float, sd: float) -> None:
        most = float(np.sqrt(mean * (1 - mean)))
        if 0 < mean < 1 and sd >= most:  # a mean out of range is told already
            found = f"{sd:g} is more than any share of mean {mean:g} can spread"
            self.fault(f"{where}.{key}_sd", found, f"less than {most:.3g}")

    def severity(self, where: str, values: dict[str, Any]) -> Severity:
        if values["left_low"] > values["left_high"]:
            found = f"{values['left_low']:g} is more than left_high ({values['left_high']:g})"
            self.fault(f"{where}.left_low", found)
        if not (np.diff(values["hours"]) >= 0).all():
            self.fault(f"{where}.hours", f"{values['hours'].tolist()}", "low, likely, high: rising")
        known = {name for name in self.case.network.assets.asset_class if name}
        for name in values["classes"]:
            if name != EVERY and name not in known:
                found, near = f"'{name}' is no asset_class of this case", nearest(name, known)
                expected = "" if near else "one of " + ", ".join(sorted(known))
                self.fault(f"{where}.classes", found, expected, near)
        crewed = values.pop("repair") == "task"
        return Severity(**values, crewed=crewed)

    def regions(self, where: str, given: object) -> Floats:
        names = self.case.regions.name
        weight = np.ones(len(names) + 1)
        if not isinstance(given, dict):
            self.fault(f"{where}.regions", f"{given!r}", "[hazard.regions]: region = weight")
            return weight
        for name, value in given.items():
            place = f"{where}.regions.{name}"
            if name not in names:
                near = nearest(name, names)
                self.fault(place, f"'{name}' is no region of this case", "", near)
                continue
            number = self.number(place, schema("hazard").columns["hazard.regions"], value)
            weight[names.index(name)] = 1.0 if number is None else number
        return weight

    def exposed(self, where: str, severities: Sequence[Severity], regions: Floats) -> Exposed:
        """Return the assets that rows of ``hits`` mean: the first row that names a class counts."""
        assets, place = self.case.network.assets, asset_places(self.case)
        named = _first_naming(severities)
        rows, found = list[int](), list[int]()
        for at, kind in enumerate(assets.asset_class):
            row = named.get(kind, named.get(EVERY, -1) if assets.repair_hours[at] > 0 else -1)
            if row >= 0 and severities[row].weight * regions[place[at]] > 0:
                found.append(at)
                rows.append(row)
        if severities and not found and not self.reading.faults:
            expected = "weights above 0; for * assets whose repair_hours the network knows"
            self.fault(where, "hits nothing", expected)
        own, row_of = np.array(found, dtype=np.int64), np.array(rows, dtype=np.int64)
        weights = np.array([severities[row].weight for row in rows]) * regions[place[own]]
        return Exposed(own, place[own], weights, row_of)


def _first_naming(severities: Sequence[Severity]) -> dict[str, int]:
    named: dict[str, int] = {}
    for at, row in enumerate(severities):
        for name in row.classes:
            named.setdefault(name, at)
    return named


def _default(column: Column) -> Any:
    """Return what a key means that is not given."""
    if column.type == "flag":
        return column.default == "True"
    if column.type == "numbers":
        return np.array([float(one) for one in column.default.split()])
    if column.type == "number":
        return float(column.default) if column.default else max(0.0, column.minimum)
    if column.type == "names":
        return Names()
    return column.default
