"""A file of portfolios: TOML that a person can read and write.

::

    schema = 1
    currency = "million euro"
    notes = ["all costs assumed"]

    [[portfolio]]
    name = "spares and boilers"
    cost = 90
    source = "assumed"
    spares = [{ spare = "autotransformer_330", count = 12 }]
    boilers = [{ region = "Slate Basin", mw = 3, count = 20 }]

    [[portfolio]]
    name = "all"
    includes = ["spares and boilers", "insulation"]

A portfolio holds lists of measures by kind (`keepwarm.ensemble.measures.KINDS`), or includes
others.
Budgets go by class and region: an asset by name is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from keepwarm.case.nouns import Case
from keepwarm.case.toml_lines import key_lines, toml_document
from keepwarm.ensemble.applying import changed
from keepwarm.ensemble.measures import (
    FEWEST_OF_A_CLASS,
    KINDS,
    Chp,
    Crews,
    Insulation,
    Interconnector,
    Measure,
    Portfolio,
    Portfolios,
    Protection,
    Spares,
    Storage,
    protectable,
)
from keepwarm.ensemble.places import Unplaceable, region_index
from keepwarm.errors import Fault, InputError, nearest

SCHEMA = 1

_HEAD = ("schema", "currency", "notes", "portfolio")
_OWN = ("name", "cost", "source", "includes")

#: Keys that would point at one asset.
_NAMING = (
    "asset",
    "assets",
    "name",
    "names",
    "unit",
    "bus",
    "buses",
    "at",
    "link",
    "line",
    "target",
)

POLICY = (
    "a budget by class and region: measures never name an asset that stands, and keepwarm does not "
    "say which of them matters most"
)

#: Keys with a share, above 0 and at most 1; other numbers are above 0.
_SHARES = ("share", "available", "efficiency", "efficiency_power", "efficiency_heat")
_FROM_ZERO = ("shift_from_hour", "shift_to_hour")


def read_measures(path: str | Path, case: Case) -> Portfolios:
    """Read a file of portfolios and check it against a case.

    Parameters
    ----------
    path
        Of the TOML file.
    case
        Whose regions, classes, archetypes, spares and trades may be named.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _refusal(file, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise _refusal(file, f"no UTF-8 text: {error.reason}") from error
    return portfolios_of(text, case, str(file))


def _refusal(file: Path, found: str) -> InputError:
    return InputError((Fault(str(file), None, None, found, "a file of measures"),))


def portfolios_of(text: str, case: Case, file: str) -> Portfolios:
    """Return the portfolios of a TOML text; ``file`` is for messages only.

    Raises
    ------
    InputError
        As `read_measures`.
    """
    document, check = toml_document(text, file), _Check(case, file, key_lines(text))
    if document.get("schema") != SCHEMA:
        check.fault("schema", f"{document.get('schema')!r}", f"{SCHEMA}")
    for key in document:
        if key not in _HEAD:
            check.fault(key, "an unknown key", "", nearest(key, _HEAD))
    entries = document.get("portfolio", [])
    if not isinstance(entries, list) or not entries:
        check.fault("portfolio", "no portfolio", "[[portfolio]] for each")
        entries = []
    read = [check.portfolio(entry, at) for at, entry in enumerate(entries, start=1)]
    names = [one.name for one in read]
    for check.now, name in enumerate(names, start=1):
        if name not in names[: check.now - 1]:
            continue
        check.fault("portfolio", f"two are called '{name}'", "a name for each")
    whole = tuple(check.joined(one, read, at) for at, one in enumerate(read, start=1))
    currency = check.typed("currency", document.get("currency", ""), "str")
    notes = check.typed("notes", document.get("notes", []), "Names")
    if check.faults:
        raise InputError(check.faults)
    return Portfolios(whole, currency, notes)


@dataclass
class _Check:
    """Reads entries and collects what is wrong with them."""

    case: Case
    file: str
    lines: Mapping[str, int]
    now: int = 0  # the portfolio that is looked at, from 1
    faults: list[Fault] = field(default_factory=list)

    def fault(self, where: str, found: str, expected: str = "", near: str = "") -> None:
        line = self.line(where)
        self.faults.append(Fault(self.file, line, where, found, expected, near))

    def line(self, where: str) -> int | None:
        """Return where that stands: its own line, or that of the list or portfolio it is in."""
        if not where.startswith("portfolio"):
            return self.lines.get(where)
        keys = [f"portfolio {self.now}", *where.split(": ")[1:]]
        while keys:
            place = ".".join(keys)
            for key in (place, re.sub(r" \d+$", "", place)):
                if key in self.lines:
                    return self.lines[key]
            keys.pop()
        return None

    def portfolio(self, entry: object, at: int) -> Portfolio:
        """Read one portfolio, without what it includes."""
        where, self.now = f"portfolio {at}", at
        if not isinstance(entry, dict):
            self.fault(where, "no table of keys", "[[portfolio]]")
            return Portfolio("", ())
        name = self.typed(f"{where}: name", entry.get("name", ""), "str")
        if not name.strip():
            self.fault(where, "no name", "name = a text in quotes")
        where = f"portfolio '{name}'" if name else where
        measures: list[Measure] = []
        for key, rows in entry.items():
            if key in KINDS:
                measures += self.measures(where, key, rows)
            elif key not in _OWN:
                self.fault(f"{where}: {key}", "an unknown key", "", nearest(key, (*_OWN, *KINDS)))
        parts = self.typed(f"{where}: includes", entry.get("includes", []), "Names")
        if not parts and not any(key in KINDS for key in entry):
            self.fault(where, "no measure", f"a list of {', '.join(KINDS)}, or includes")
        cost = math.nan
        if "cost" in entry:
            cost = self.typed(f"{where}: cost", entry["cost"], "float")
        source = self.typed(f"{where}: source", entry.get("source", ""), "str")
        return Portfolio(name, tuple(measures), cost, source, parts)

    def joined(self, one: Portfolio, read: Sequence[Portfolio], at: int) -> Portfolio:
        """Return a portfolio with the measures and costs of those it includes."""
        self.now = at
        by_name, parts = {other.name: other for other in read}, []
        for name in one.parts:
            where, part = f"portfolio '{one.name}': includes", by_name.get(name)
            if part is None:
                others = [other for other in by_name if other != one.name]
                self.fault(where, f"'{name}' is no portfolio here", "", nearest(name, others))
            elif part is one or part.parts:
                self.fault(where, f"'{name}' includes others", "portfolios of measures only")
            else:
                parts.append(part)
        if len(set(one.parts)) < len(one.parts):
            self.fault(f"portfolio '{one.name}': includes", "one twice", "each once")
        measures = [*one.measures, *(measure for part in parts for measure in part.measures)]
        cost = one.cost
        if parts and math.isnan(cost) and not one.measures:
            cost = sum(part.cost for part in parts)
        whole = replace(one, measures=tuple(measures), cost=cost)
        if not self.faults:
            self.place(f"portfolio '{one.name}'", whole)
        return whole

    def measures(self, where: str, kind: str, rows: object) -> list[Measure]:
        """Read the measures of one kind."""
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or not rows:
            self.fault(f"{where}: {kind}", "no list of tables", f"{kind} = [{{ ... }}]")
            return []
        found = []
        for at, row in enumerate(rows, start=1):
            here, before = f"{where}: {kind} {at}", len(self.faults)
            values = self.values(here, KINDS[kind], row)
            if len(self.faults) == before:
                measure = KINDS[kind](**values)
                self.sense(here, measure)
                found.append(measure)
        return found

    def values(self, where: str, noun: type[Measure], row: Mapping[str, object]) -> dict[str, Any]:
        """Check the keys of a measure, their types, and the names in them."""
        known, values = {one.name: one for one in fields(noun)}, dict[str, Any]()
        for key, value in row.items():
            here = f"{where}: {key}"
            if key in known:
                values[key] = self.typed(here, value, str(known[key].type), key)
                self.names(here, key, values[key])
            elif key in _NAMING:
                self.fault(here, f"{value!r}", POLICY)
            else:
                self.fault(here, "an unknown key", "", nearest(key, known))
        for key, one in known.items():
            if key not in row and one.default is MISSING:
                self.fault(f"{where}: {key}", "missing", "this key")
        return values

    def names(self, where: str, key: str, value: object) -> None:
        """Check that names are names of the case."""
        assets, regions = self.case.network.assets, self.case.regions.name
        allowed, noun = {
            "region": (regions, "region"),
            "between": (regions, "region"),
            "asset_class": (assets.asset_class, "asset class"),
            "spare": (assets.spare, "kind of spare"),
            "trade": ((*assets.crew, *(crew.trade for crew in self.case.resources.crews)), "trade"),
            "archetypes": (self.case.archetypes.name, "archetype"),
            "to": (self.case.archetypes.name, "archetype"),
            "carrier": (("power", "heat", "gas"), "carrier that a measure is for"),
        }.get(key, ((), ""))
        known = sorted({*allowed} - {""})
        names = value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
        for name in names:
            if not noun or name in known or (key == "region" and not name):
                continue
            if name in assets.name:
                self.fault(where, f"'{name}' is an asset", POLICY)
            else:
                near = nearest(name, known)
                self.fault(where, f"'{name}' is no {noun} of this case", "", near)

    def sense(self, where: str, measure: Measure) -> None:
        """Check that a measure has its place in the case."""
        if isinstance(measure, Interconnector) and len(set(measure.between)) != 2:
            self.fault(f"{where}: between", f"{list(measure.between)}", "two regions")
            return
        if isinstance(measure, Protection):
            self.crowd(where, measure)
            return
        if isinstance(measure, Insulation) and measure.to in measure.archetypes:
            self.fault(f"{where}: archetypes", f"'{measure.to}' too", "those that are to change")
        elif isinstance(measure, Spares) and not self.case.resources.spares:
            found = "this case counts no spares, so that more of them would change nothing"
            self.fault(where, found, "spares.csv, with those that there are")
        elif isinstance(measure, Crews) and not any(
            crew.trade == measure.trade for crew in self.case.resources.crews
        ):
            found = f"no crew of trade '{measure.trade}': its repairs wait for nobody as it is"
            self.fault(where, found, "crews.csv, with those that there are")
        elif isinstance(measure, Storage) and measure.carrier == "gas":
            self.fault(f"{where}: carrier", "'gas'", "power or heat")
        elif isinstance(measure, Crews) and measure.shift_from_hour == measure.shift_to_hour:
            self.fault(f"{where}: shift_to_hour", "a shift without hours", "0 to 24 for all day")
        elif isinstance(measure, Chp) and measure.efficiency_power + measure.efficiency_heat > 1.1:
            found = f"{measure.efficiency_power + measure.efficiency_heat:g} MWh out of one of gas"
            self.fault(f"{where}: efficiency_heat", found, "at most 1.1 with power and heat")
        else:
            self.place(where, Portfolio("", (measure,)))

    def place(self, where: str, portfolio: Portfolio) -> None:
        """Check that measures have their places, one after the other."""
        try:
            changed(self.case, portfolio)
        except Unplaceable as reason:
            self.fault(where, str(reason), "a place for it in the case")

    def crowd(self, where: str, measure: Protection) -> None:
        """Refuse a class so small that a share of it is as good as a name."""
        region = region_index(self.case, measure.region)
        count = len(protectable(self.case.network.assets, measure, region))
        if count < FEWEST_OF_A_CLASS:
            there = f" in region '{measure.region}'" if measure.region else ""
            found = f"{count} of class '{measure.asset_class}'{there}"
            few = f"at least {FEWEST_OF_A_CLASS}, so that a share of them names none"
            self.fault(where, found, f"{few}: a larger region, or no region" if there else few)

    def typed(self, where: str, value: object, kind: str, key: str = "") -> Any:
        """Return a value as its type; a fault and something harmless where it is none."""
        if kind == "Names" and isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        if kind == "str" and isinstance(value, str):
            return value
        if kind == "np.datetime64" and isinstance(value, date):
            return _moment(value)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and kind in ("int", "float") and _within(key, float(value), kind):  # type: ignore[arg-type]
            return float(value) if kind == "float" else int(value)  # type: ignore[arg-type,call-overload]
        self.fault(where, f"{value!r}", _expected(key, kind))
        return {"Names": (), "str": ""}.get(kind, 1)


def _within(key: str, value: float, kind: str) -> bool:
    if not math.isfinite(value):
        return False
    if kind == "int":
        return 1 <= value <= 100_000 and value == int(value)
    if key in _SHARES:
        return 0 < value <= 1
    if key in _FROM_ZERO:
        return 0 <= value <= 24
    return value > 0 if key else value >= 0


def _expected(key: str, kind: str) -> str:
    if kind == "float":
        if key in _SHARES:
            return "a share above 0, at most 1"
        if key in _FROM_ZERO:
            return "an hour of the day, 0 to 24"
        return "a number above 0" if key else "a number, not negative"
    return {
        "int": "a whole number from 1 to 100000",
        "str": "a text in quotes",
        "Names": "a list of names",
        "np.datetime64": "a time such as 2026-01-09T06:00:00Z, unquoted",
    }[kind]


def _moment(value: date) -> np.datetime64:
    if isinstance(value, datetime):
        naive = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return np.datetime64(naive.replace(microsecond=0), "s")
    return np.datetime64(value, "s")
