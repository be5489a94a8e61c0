"""A plan as a file: TOML that a person can read and edit.

The order of ``[[repair]]`` is the order in which crews take their tasks; expected times follow from
it and are written for the reader only. ``[[begun]]`` is what an earlier plan had done, or begun, by
the time this one was made: its times are facts. A rotation is a row of 0 (off) and 1 (on) for each
group, one character for a slot.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from keepwarm.case.plan import Delivery, Deployment, NotPlanned, Plan, PlannedDrain, PlannedRepair
from keepwarm.case.times import NOT_A_TIME
from keepwarm.case.timetable import Timetable, timetable
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.said.sentence import knowing, told_in

SCHEMA = 1

_LISTS = {
    "repair": ("repairs", PlannedRepair),
    "begun": ("begun", PlannedRepair),
    "drain": ("drains", PlannedDrain),
    "deploy": ("deployments", Deployment),
    "deliver": ("deliveries", Delivery),
    "not_planned": ("not_planned", NotPlanned),
}
_TIMES = (
    *("begin", "end", "end_low", "end_high", "not_before"),
    *("freezes", "stopped", "decided", "leaves"),
)
_NEEDED = ("asset", "group", "unit", "what", "kind", "drain", "tanker")
_HEAD = (
    *("schema", "case", "made_at", "hours", "objective", "complete"),
    *("notes", "worth", "rotation", "says"),
)
#: How a slot is written: on, off, off perhaps, cut without notice.
_ON, _OFF, _MAYBE, _EMERGENCY = "1", "0", "?", "!"


def write_plan(plan: Plan, path: str | Path) -> None:
    """Write a plan; the file appears whole or not at all.

    Raises
    ------
    InputError
        When it cannot be written.
    """
    target = Path(path)
    try:
        handle, beside = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(plan_text(plan))
        Path(beside).chmod(0o644)
        Path(beside).replace(target)
    except OSError as error:
        found = error.strerror or str(error)
        raise InputError((Fault(str(target), None, None, found, "a place to write to"),)) from error


def plan_text(plan: Plan) -> str:
    """Return a plan as TOML."""
    lines = [
        "# A plan by keepwarm. Crews take their repairs in the order below: move a [[repair]],",
        "# give it another crew, or hold it back with not_before; begin and end follow when the",
        "# plan is carried out: keepwarm run CASE --damage FILE --plan THIS",
        f"schema = {SCHEMA}",
        f"case = {_text(plan.case)}",
        f"made_at = {_value(plan.made_at)}",
        f"hours = {plan.hours:g}",
        f"objective = {_text(plan.objective)}",
        f"complete = {_value(plan.complete)}",
        f"notes = {_value(plan.notes)}",
    ]
    if plan.worth:
        lines += ["", "[worth]"]
        lines += [f"{key} = {_value(float(value))}" for key, value in plan.worth.items()]
    for name, (attribute, _) in _LISTS.items():
        for entry in getattr(plan, attribute):
            lines += ["", f"[[{name}]]"]
            lines += [
                f"{one.name} = {_value(getattr(entry, one.name))}"
                for one in fields(entry)
                if not _empty(getattr(entry, one.name))
            ]
    if plan.timetable is not None:
        lines += ["", *_rotation_lines(plan.timetable)]
    lines += _says_lines(plan)
    return "\n".join(lines) + "\n"


def plan_document(plan: Plan) -> dict[str, object]:
    """Return a plan as plain mappings and lists, with the keys of its file."""
    document = tomllib.loads(plan_text(plan))
    return {**document, **{name: document.get(name, []) for name in _LISTS}}


def read_plan(path: str | Path) -> Plan:
    """Read a plan file.

    Raises
    ------
    InputError
        When it is no plan: no TOML, another schema, keys that are unknown or missing.
    """
    file = Path(path)
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _refusal(file, None, error.strerror or str(error), "a plan file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refusal(file, None, f"no TOML: {error}", "a plan file") from error
    return plan_of(document, file)


def plan_of(document: Mapping[str, Any], file: Path) -> Plan:
    """Return the plan that a TOML document holds; ``file`` is for messages only."""
    faults: list[Fault] = []
    document = knowing(document, document.get("says"))
    if document.get("schema") != SCHEMA:
        found = f"schema {document.get('schema')}"
        raise _refusal(file, "schema", found, f"schema {SCHEMA}: a plan of this version")
    for key in document:
        if key not in (*_HEAD, *_LISTS):
            near = nearest(key, (*_HEAD, *_LISTS))
            faults.append(Fault(str(file), None, key, "an unknown key", "", near))
    parts: dict[str, Any] = {}
    for name, (attribute, kind) in _LISTS.items():
        entries = document.get(name, [])
        if not isinstance(entries, list):
            faults.append(Fault(str(file), None, name, "no list", f"[[{name}]] for each"))
            entries = []
        parts[attribute] = tuple(
            _entry(faults, file, f"{name} {at}", entry, kind)
            for at, entry in enumerate(entries, start=1)
        )
    made_at = _time(faults, file, "made_at", document.get("made_at", ""))
    table = _rotation(faults, file, document.get("rotation"))
    head = {
        key: _typed(faults, file, key, document.get(key, default), kind)
        for key, default, kind in (
            ("case", "", "str"),
            ("hours", 0.0, "float"),
            ("objective", "", "str"),
            ("notes", [], "Names"),
        )
    }
    worth = document.get("worth", {})
    if not isinstance(worth, dict) or not all(isinstance(v, int | float) for v in worth.values()):
        faults.append(Fault(str(file), None, "worth", f"{worth!r}", "a table of numbers"))
    if faults:
        raise InputError(tuple(faults))
    return Plan(
        made_at=made_at,
        timetable=table,
        complete=document.get("complete") is not False,
        worth={key: float(value) for key, value in worth.items()},
        **head,
        **parts,
    )


def _entry(faults: list[Fault], file: Path, where: str, entry: object, kind: type) -> Any:
    """Return one entry as its noun; every key checked for its type."""
    if not isinstance(entry, dict):
        faults.append(Fault(str(file), None, where, "no table of keys", f"[[{where.split()[0]}]]"))
        return None
    known, values = {one.name: one for one in fields(kind)}, dict[str, Any]()
    for key, value in entry.items():
        if key not in known:
            near = nearest(key, known)
            faults.append(Fault(str(file), None, f"{where}: {key}", "an unknown key", "", near))
        elif key in _TIMES:
            values[key] = _time(faults, file, f"{where}: {key}", value)
        elif known[key].type in ("float", "int", "str", "bool", "Names"):
            values[key] = _typed(faults, file, f"{where}: {key}", value, str(known[key].type))
    for key, one in known.items():
        if key in values:
            continue
        if key in _TIMES:
            values[key] = NOT_A_TIME
        elif one.type == "Names":
            values[key] = ()
        elif one.default is MISSING and key in _NEEDED:
            faults.append(Fault(str(file), None, f"{where}: {key}", "missing", "this key"))
            values[key] = ""
        elif one.default is MISSING:
            values[key] = {"float": 0.0, "int": 1, "bool": False}.get(str(one.type), "")
    return kind(**values)


def _typed(faults: list[Fault], file: Path, where: str, value: object, kind: str) -> Any:
    if kind == "Names" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(value)
    if kind == "bool" and isinstance(value, bool):
        return value
    if kind == "str" and isinstance(value, str):
        return value
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind in ("float", "int") and number and 0 <= value < math.inf:  # type: ignore[operator]
        return float(value) if kind == "float" else int(value)  # type: ignore[arg-type, call-overload]
    wanted = {"Names": "a list of names", "bool": "true or false", "str": "a text in quotes"}
    expected = wanted.get(kind, "a number, not negative")
    faults.append(Fault(str(file), None, where, f"{value!r}", expected))
    return {"Names": (), "bool": False, "str": ""}.get(kind, 0)


def _time(faults: list[Fault], file: Path, where: str, value: object) -> np.datetime64:
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return np.datetime64(moment.replace(microsecond=0), "s")
    if isinstance(value, date):
        return np.datetime64(value, "s")
    faults.append(
        Fault(str(file), None, where, f"{value!r}", "a time such as 2026-01-09T06:00:00Z, unquoted")
    )
    return NOT_A_TIME


def _rotation_lines(table: Timetable) -> list[str]:
    lines = [
        "[rotation]",
        f"start = {_value(table.start)}",
        f"slot_hours = {table.slot_hours:g}",
        "",
        "[rotation.on]  # 1 on, 0 off, ? perhaps off, ! cut without notice",
    ]
    for at, group in enumerate(table.groups):
        row = np.where(table.off[at], _OFF, np.where(table.maybe[at], _MAYBE, _ON))
        row = np.where(table.emergency[at], _EMERGENCY, row)
        lines.append(f"{_text(group)} = {_text(''.join(row.tolist()))}")
    return lines


def _rotation(faults: list[Fault], file: Path, table: object) -> Timetable | None:
    if table is None:
        return None
    if not isinstance(table, dict) or not isinstance(table.get("on"), dict) or not table["on"]:
        found = "no [rotation.on] with a row for each group"
        faults.append(Fault(str(file), None, "rotation", found, "rows of 0 and 1"))
        return None
    start = _time(faults, file, "rotation: start", table.get("start", ""))
    slot = _typed(faults, file, "rotation: slot_hours", table.get("slot_hours", 0.5), "float")
    if not slot > 0:
        faults.append(Fault(str(file), None, "rotation: slot_hours", f"{slot}", "more than 0"))
    rows = {str(name): str(row) for name, row in table["on"].items()}
    length = max(len(row) for row in rows.values())
    allowed = _ON + _OFF + _MAYBE + _EMERGENCY
    for name, row in rows.items():
        wrong = sorted(set(row) - set(allowed))
        if wrong or len(row) != length or not row:
            found = f"{''.join(wrong)!r} in it" if wrong else f"{len(row)} slots"
            expected = f"{length} characters out of {allowed}"
            faults.append(Fault(str(file), None, f"rotation.on: {name}", found, expected))
    if faults:
        return None
    cells = np.array([list(row) for row in rows.values()])
    emergency = cells == _EMERGENCY
    off = (cells == _OFF) | emergency
    return timetable(
        list(rows), start, off, slot_hours=slot, maybe=cells == _MAYBE, emergency=emergency
    )


def _says_lines(plan: Plan) -> list[str]:
    """Return what the plan's sentences are made of, by their text; see `keepwarm.said`."""
    told = told_in([plan.notes, *(getattr(plan, name) for name, _ in _LISTS.values())])
    if not told:
        return []
    head = "# What the sentences above are made of, for pages in other languages."
    return ["", head, "[says]", *(f"{_text(text)} = {_inline(told[text])}" for text in told)]


def _inline(value: object) -> str:
    """Return clauses as TOML on one line."""
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_inline(one)}' for key, one in value.items())} }}"
    return _value(value)


def _empty(value: object) -> bool:
    if isinstance(value, np.datetime64):
        return bool(np.isnat(value))
    return value in ((), "") or (isinstance(value, float) and math.isnan(value))


def _value(value: object) -> str:
    if isinstance(value, np.datetime64):
        return f"{value.astype('datetime64[s]')}Z"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.10g}"
    if isinstance(value, tuple):
        return f"[{', '.join(_text(str(one)) for one in value)}]"
    return _text(str(value))


def _text(text: str) -> str:
    """Return a TOML string; JSON's escapes are TOML's, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _refusal(file: Path, where: str | None, found: str, expected: str) -> InputError:
    return InputError((Fault(str(file), None, where, found, expected),))
