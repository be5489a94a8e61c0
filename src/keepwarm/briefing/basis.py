"""What the numbers rest on: settings, thermal parameters, the audit, versions and inputs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keepwarm.briefing.view import View
from keepwarm.briefing.words import Words
from keepwarm.case.schemas import schema_rows

#: Parameters of each kind of building that the short table shows; the long one has all.
LEADING = (
    "u_wall_w_per_m2k",
    "u_window_w_per_m2k",
    "ventilation_per_h",
    "heat_capacity_kj_per_m2k",
    "stairwell_pipe_bore_mm",
    "attic_pipe_insulation_mm",
)

#: Which of the case's own sources belong to which note, by the file or table they speak of.
SUBJECTS = {
    "energy": ("network", "links", "generators", "lines", "transformers", "loads", "stores"),
    "people": ("buildings", "regions", "people"),
    "weather": ("weather",),
    "rooms": ("archetypes",),
}

#: Position of flats that are not told apart.
WHOLE = "whole"

#: Characters of a hash that people compare.
SHORT = 12

Band = tuple[float, float, float]


@dataclass(frozen=True)
class Setting:
    """One setting; ``source`` is empty where nobody gave one: it is assumed."""

    key: str
    meaning: str
    value: str
    unit: str
    source: str


@dataclass(frozen=True)
class Parameter:
    """One parameter of one kind of building: cools soonest, central, cools latest."""

    name: str
    meaning: str
    unit: str
    band: Band
    source: str


@dataclass(frozen=True)
class Archetype:
    """One kind of building, or its flats in one place."""

    label: str
    position: str  # empty for the whole building
    parameters: Mapping[str, Parameter]  # its own
    building: Mapping[str, Parameter]  # those of the whole building

    def __getitem__(self, name: str) -> Parameter | None:
        """Return a parameter: its own, else that of the building."""
        return self.parameters.get(name) or self.building.get(name)


@dataclass(frozen=True)
class Basis:
    """Everything behind the page."""

    settings: tuple[Setting, ...]
    sources: tuple[tuple[str, str], ...]  # what the case says of its own numbers
    noted: Mapping[str, tuple[tuple[str, str], ...]]  # those that belong to a note
    other_sources: tuple[tuple[str, str], ...]
    leading: tuple[Parameter, ...]  # headings of the short table
    archetypes: tuple[Archetype, ...]
    short: tuple[Archetype, ...]  # rows of the short table: flats where they are told apart
    audit: Mapping[str, Any]
    versions: tuple[tuple[str, str], ...]
    hashes: tuple[tuple[str, str], ...]
    damage: str | None  # the name of the damage list
    damage_given: bool
    weather: str  # what the outdoor temperatures were read from
    lookahead_hours: float | None  # None step by step


def basis(view: View, words: Words) -> Basis:
    """Return what the numbers of a run rest on."""
    manifest = view.manifest
    solver = manifest["solver"]
    archetypes = _archetypes(view, words)
    settings = _settings(manifest["settings"], manifest["sources"], words, warm=view.warm)
    known = {row.key for row in settings}
    own = tuple((k, v) for k, v in manifest["sources"].items() if k not in known)
    damage = manifest["options"]["damage"]
    noted = _noted(own, damage)
    apart = {kind.label for kind in archetypes if kind.position}
    short = tuple(kind for kind in archetypes if kind.position or kind.label not in apart)
    heads = [short[0][name] for name in LEADING] if short else []
    return Basis(
        settings=settings,
        sources=own,
        noted=noted,
        other_sources=tuple(p for p in own if not any(p in pairs for pairs in noted.values())),
        leading=tuple(head for head in heads if head is not None),
        archetypes=archetypes,
        short=short,
        audit=manifest["audit"],
        versions=(
            ("keepwarm", str(manifest["keepwarm"])),
            (str(solver["name"]), str(solver["version"])),
            ("numpy", str(solver["numpy"])),
            ("scipy", str(solver["scipy"])),
        ),
        hashes=tuple((name, sha[:SHORT]) for name, sha in manifest["inputs_sha256"].items()),
        damage=damage,
        damage_given=bool(damage) or any(row["damage_source"] for row in view.rows("assets")),
        weather=manifest["options"].get("weather") or "weather.csv",
        lookahead_hours=manifest["options"].get("lookahead_hours"),
    )


def _noted(
    sources: tuple[tuple[str, str], ...], damage: str | None
) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return the case's own sources by the note that they belong to."""
    subjects = dict(SUBJECTS)
    if damage:
        subjects["damage"] = (damage.partition(".")[0],)
    first = {key: re.split(r"[./ ]", key)[0] for key, _ in sources}
    return {
        note: tuple((key, said) for key, said in sources if first[key] in names)
        for note, names in subjects.items()
    }


def _settings(
    values: Mapping[str, Any], sources: Mapping[str, str], words: Words, *, warm: bool
) -> tuple[Setting, ...]:
    """One row per setting of the schema; a value that is not the default needs its own source."""
    rows = []
    for column in schema_rows("settings"):
        key = column["key"]
        section = key.split(".")[0]
        if key not in values or (not warm and section not in ("prices", "storage", "pickup")):
            continue
        value = _value_text(values[key], words)
        default = value == _value_text(_parsed(column["default"]), words)
        source = sources.get(key) or (column["source"] if default else "")
        meaning = words.known(f"meaning.{key}", column["meaning"])
        rows.append(Setting(key, meaning, value, _unit(column["unit"], words), source))
    return tuple(rows)


def _parsed(text: str) -> object:
    """Read a default of the schema: a number, numbers with blanks between, or a text."""
    try:
        numbers = [float(part) for part in text.split()]
    except ValueError:
        return text
    return numbers[0] if len(numbers) == 1 else numbers


def _unit(unit: str, words: Words) -> str:
    if unit == "1":
        return ""
    return words.known(f"units.{unit}", unit.replace("degC", "°C"))


def _value_text(value: object, words: Words) -> str:
    if isinstance(value, bool):
        return words.text(f"basis.{'yes' if value else 'no'}")
    if isinstance(value, int | float):
        return words.plain(value, 10)
    if isinstance(value, list | tuple):
        return "; ".join(_value_text(item, words) for item in value)
    return words.known(f"choice.{value}", str(value))


def _archetypes(view: View, words: Words) -> tuple[Archetype, ...]:
    meaning = {row["parameter"]: row for row in schema_rows("archetype_parameters")}
    zone = ""
    for name, row in meaning.items():  # "the same in the attic" says nothing on its own
        if row["meaning"].startswith("the same") or row["meaning"].startswith("its "):
            zone = name.split("_")[0]
            row["meaning"] = f"{zone}: {name.removeprefix(zone + '_').replace('_', ' ')}"
    found: dict[tuple[str, str], dict[str, Parameter]] = {}
    labels: dict[str, str] = {}
    for given in view.rows("archetypes"):
        column = meaning[given["parameter"]]
        name, unit = given["parameter"], _unit(column["unit"], words)
        band = (given["low"], given["central"], given["high"])
        means = words.known(f"parameter.{name}", column["meaning"])
        parameter = Parameter(name, means, unit, band, given["source"] or "")
        position = given.get("position") or ""
        place = "" if position == WHOLE else words.known(f"position.{position}", position)
        found.setdefault((given["archetype"], place), {})[given["parameter"]] = parameter
        labels[given["archetype"]] = given["label"] or given["archetype"]
    # The whole building first, then its flats.
    ordered = sorted(found, key=lambda key: (list(labels).index(key[0]), bool(key[1])))
    return tuple(
        Archetype(labels[name], place, found[name, place], found.get((name, ""), {}))
        for name, place in ordered
    )
