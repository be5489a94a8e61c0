"""case.toml: who the case is, when it begins, and its settings, checked against settings.csv."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from keepwarm.case.nouns import TIERS, Names, Settings
from keepwarm.case.reading import Reading, parse_number, range_fault
from keepwarm.case.schemas import Column, settings_schema
from keepwarm.case.times import parse_time
from keepwarm.errors import nearest

Value = float | str | tuple[float, ...]

_TOP = ("name", "title", "time_zone", "provenance", "start", "hours")
_ORDER = "sharing.order"
_PRICE_RATIO = 1e5
#: Pairs of settings of which the first must be below the second.
_BELOW = (
    ("set_points.safe_degc", "set_points.comfort_degc"),
    ("gains.heaters_all_below_degc", "gains.heaters_start_below_degc"),
    ("circuit.return_degc", "circuit.supply_degc"),
    ("circuit.design_outdoor_degc", "circuit.indoor_degc"),
    ("restoration.median_hours", "restoration.p90_hours"),
    ("decision.frozen_days_low", "decision.frozen_days"),
    ("decision.frozen_days", "decision.frozen_days_high"),
)


@dataclass(frozen=True)
class Header:
    """case.toml as read; ``start`` and ``hours`` are None where it does not say."""

    name: str
    title: str
    time_zone: str
    provenance: str
    start: np.datetime64 | None
    hours: int | None
    settings: Settings
    lines: Mapping[str, int]  # dotted key -> line


def default_settings() -> Settings:
    """Return every setting at the default of settings.csv."""
    values = {key: _from_text(column) for key, column in settings_schema().items()}
    return Settings(values=values)


def read_header(reading: Reading, path: Path) -> Header:
    """Read case.toml; a case without one has defaults throughout.

    Parameters
    ----------
    reading : Reading
        Where faults go.
    path : Path
        The file, which need not exist.

    Returns
    -------
    Header
        With defaults wherever there was a fault.
    """
    if not path.exists():
        return _header(reading, path, {}, {})
    text = reading.text_of(path)
    if text is None:
        return _header(reading, path, {}, {})
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(at[1]) if at else len(text.splitlines())
        found = re.sub(r" \(at .*\)", "", str(error))
        reading.fault(reading.name_of(path), line, None, f"no TOML: {found}")
        return _header(reading, path, {}, {})
    return _header(reading, path, document, key_lines(text))


def key_lines(text: str) -> dict[str, int]:
    r"""Return the line of every dotted key of a TOML text, as far as plain reading finds it.

    Examples
    --------
    >>> key_lines("name = 'x'\n[prices]\ncritical = 1")
    {'name': 1, 'prices': 2, 'prices.critical': 3}
    """
    lines: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        head = re.match(r"\s*\[\s*([^\[\]]+?)\s*\]", line)
        if head:
            section = head[1].replace('"', "").replace("'", "")
            lines.setdefault(section, number)
            continue
        key = re.match(r"""\s*(?:"([^"]+)"|'([^']+)'|([\w.-]+))\s*=""", line)
        if key:
            name = next(group for group in key.groups() if group)
            lines.setdefault(f"{section}.{name}" if section else name, number)
    return lines


class _Header:
    """One reading of case.toml."""

    def __init__(self, reading: Reading, file: str, lines: Mapping[str, int]) -> None:
        self.reading = reading
        self.file = file
        self.lines = lines

    def fault(self, key: str, found: str, expected: str = "", suggestion: str = "") -> None:
        self.reading.fault(self.file, self.lines.get(key), key, found, expected, suggestion)

    def text(self, document: Mapping[str, object], key: str, default: str) -> str:
        value = document.get(key, default)
        if isinstance(value, str):
            return value
        self.fault(key, f"{value!r} is not a text", "a text in quotes")
        return default

    def texts(self, section: str, value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            self.fault(section, "is not a section", f"[{section}]")
            return {}
        wrong = [key for key, text in value.items() if not isinstance(text, str)]
        for key in wrong:
            self.fault(f"{section}.{key}", f"{value[key]!r} is not a text", "a text in quotes")
        return {key: text for key, text in value.items() if isinstance(text, str)}

    def order(self, value: object) -> dict[str, Names]:
        if not isinstance(value, dict):
            self.fault(_ORDER, "is not a section", f"[{_ORDER}]")
            return {}
        read = {}
        for bus, groups in value.items():
            if isinstance(groups, list) and all(isinstance(group, str) for group in groups):
                read[bus] = tuple(groups)
            else:
                self.fault(f"{_ORDER}.{bus}", f"{groups!r} is no list of groups", '["a", "b"]')
        return read

    def zone(self, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            found = f"'{name}' is no time zone"
            self.fault("time_zone", found, "an IANA name such as Europe/Kyiv", _near_zone(name))
            return "UTC"
        return name

    def start(self, value: object) -> np.datetime64 | None:
        if value is None:
            return None
        text = value.isoformat() if isinstance(value, date) else value
        read = parse_time(text) if isinstance(text, str) else None
        if read is None:
            self.fault("start", f"{value!r} is not a time", "for example 2026-01-15T06:00Z")
            return None
        return read.utc

    def hours(self, value: object) -> int | None:
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
            return value
        self.fault("hours", f"{value!r} is no number of hours", "a whole number, 1 or more")
        return None

    def value(self, column: Column, value: object) -> Value | None:
        """Return one setting, or None with a fault."""
        if column.type == "text":
            if isinstance(value, str) and value in column.choices:
                return value
            near = nearest(str(value), column.choices)
            self.fault(column.name, f"{value!r}", "one of " + ", ".join(column.choices), near)
            return None
        if column.type == "numbers":
            if not isinstance(value, list) or not value:
                self.fault(column.name, f"{value!r} is no list of numbers", "[18, 16, 12]")
                return None
            read = [self.number(column, item) for item in value]
            return None if None in read else tuple(x for x in read if x is not None)
        return self.number(column, value)

    def number(self, column: Column, value: object) -> float | None:
        if not isinstance(value, int | float) or isinstance(value, bool):
            self.fault(column.name, f"{value!r} is not a number", "a number without quotes")
            return None
        number = parse_number(str(value))  # a whole number may be too large for a float
        wrong = range_fault(column, math.inf if number is None else number, str(value))
        if wrong:
            self.fault(column.name, *wrong)
            return None
        return number


def _header(
    reading: Reading, path: Path, document: Mapping[str, object], lines: Mapping[str, int]
) -> Header:
    read = _Header(reading, reading.name_of(path), lines)
    values = dict(default_settings().values)
    order: dict[str, Names] = {}
    sources: dict[str, str] = {}
    for key, value in _flat(document):
        if key == _ORDER:
            order = read.order(value)
        elif key == "sources":
            sources = read.texts("sources", value)
        elif key in settings_schema():
            setting = read.value(settings_schema()[key], value)
            values[key] = values[key] if setting is None else setting
        elif key not in _TOP:
            _unknown(read, key)
    _check_prices(read, values)
    _check_pairs(read, values)
    name = path.parent.resolve().name
    return Header(
        name=read.text(document, "name", name) or name,
        title=read.text(document, "title", ""),
        time_zone=read.zone(read.text(document, "time_zone", "UTC")),
        provenance=read.text(document, "provenance", ""),
        start=read.start(document.get("start")),
        hours=read.hours(document.get("hours")),
        settings=Settings(values=values, heat_order=order, sources=sources),
        lines=dict(lines),
    )


def _flat(document: Mapping[str, object]) -> list[tuple[str, object]]:
    """Return the entries of case.toml with dotted keys, as deep as settings.csv goes."""
    flat: list[tuple[str, object]] = []
    for key, value in document.items():
        if isinstance(value, dict) and key != "sources":
            flat += [(f"{key}.{inner}", item) for inner, item in value.items()]
        else:
            flat.append((key, value))
    return flat


def _unknown(read: _Header, key: str) -> None:
    known = [*_TOP, *settings_schema(), _ORDER, "sources"]
    section, _, name = key.rpartition(".")
    sections = {other.partition(".")[0] for other in known if "." in other}
    if section and section not in sections:
        found = f"no section [{section}] in case.toml"
        read.fault(key if key in read.lines else section, found, "", nearest(section, sections))
        return
    in_section = [
        other.rpartition(".")[2] for other in known if other.rpartition(".")[0] == section
    ]
    found = f"no setting '{name}'" + (f" in [{section}]" if section else "")
    near = nearest(name, in_section)
    read.fault(key, found, "" if near else "one of " + ", ".join(in_section), near)


def _check_prices(read: _Header, values: Mapping[str, object]) -> None:
    prices = [(tier, values[f"prices.{tier}"]) for tier in TIERS]
    for (dear, high), (cheap, low) in pairwise(prices):
        if isinstance(high, float) and isinstance(low, float) and high <= low:
            found = f"{dear} ({high:g}) must cost more than {cheap} ({low:g})"
            read.fault(f"prices.{cheap}", found, "prices falling in the order " + ", ".join(TIERS))
    first, last = prices[0][1], prices[-1][1]
    if isinstance(first, float) and isinstance(last, float) and first > last * _PRICE_RATIO:
        found = f"prices from {last:g} to {first:g} are too far apart"
        read.fault("prices.industry", found, "no more than 100000 between the dearest and cheapest")


def _check_pairs(read: _Header, values: Mapping[str, object]) -> None:
    for low, high in _BELOW:
        below, above = values[low], values[high]
        if isinstance(below, float) and isinstance(above, float) and below >= above:
            key = low if low in read.lines else high
            read.fault(key, f"{low} ({below:g}) is not below {high} ({above:g})")


def _from_text(column: Column) -> Value:
    if column.type == "text":
        return column.default
    numbers = [parse_number(text) for text in column.default.split()]
    read = tuple(number for number in numbers if number is not None)
    return read if column.type == "numbers" else read[0]


def _near_zone(name: str) -> str:
    from zoneinfo import available_timezones  # slow: walks the zone files, only for a message

    return nearest(name, available_timezones())
