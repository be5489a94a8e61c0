"""What a person may change, one thing at a time: read from JSON, checked against the case.

An asset is taken out singly, by its name: no edit names a list, a class or a region of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from keepwarm.board.scenarios import Document
from keepwarm.board.situation import (
    Claimed,
    Situation,
    Winter,
    brought_back,
    held_back,
    put_first,
    taken_out,
    with_unit,
)
from keepwarm.case.nouns import Case
from keepwarm.case.plan import NO_TIME, Plan
from keepwarm.case.times import format_time, parse_time
from keepwarm.damage.listing import WHOLE
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.said.sentence import said

#: Keys of every kind of edit; those of `_OPTIONAL` may be left out.
KINDS: Mapping[str, tuple[str, ...]] = {
    "back": ("asset", "at"),
    "out": ("asset", "at", "until", "available"),
    "unit": ("unit", "target", "mw", "from", "until"),
    "shift": ("asset", "not_before"),
    "first": ("asset",),
    "plan": ("plan",),
    "no_plan": (),
    "claims": ("ledger_mark",),
    "winter": ("risk", "sample"),
}
_OPTIONAL = ("until", "available")

#: Kinds of mobile units, and the carrier of the buses they feed.
UNITS = {"boiler": "heat", "generator": "power"}

#: Most that one mobile unit gives, MW: beyond what moves on a road.
_LARGEST_MW = 200.0

_Kept = TypeVar("_Kept")

#: Letters of a name that are looked at; none of a case is as long.
_LONGEST = 500


@dataclass(frozen=True)
class Surroundings:
    """What edits are checked against, beside the scenario that they change."""

    case: Case
    start: np.datetime64
    hours: float
    plan: Callable[[str], Plan | None]  # a stored plan by its name
    claimed: Callable[[str], Claimed | None]  # what the claims ticked by a mark mean
    #: A sample of a risk, by the name of the risk and its number.
    winter: Callable[[str, int], Winter | None] = lambda _, __: None

    @property
    def end(self) -> np.datetime64:
        """When the runs of this board end."""
        return self.start + np.timedelta64(round(self.hours * 3600), "s")


def read_edit(document: Mapping[str, object], now: Situation, around: Surroundings) -> Document:
    """Return an edit written in one way.

    Parameters
    ----------
    document
        As it was posted.
    now
        The scenario that it changes.
    around
        Case, span and what is stored.

    Raises
    ------
    InputError
        With every fault of it at once; ``column`` is the key.
    """
    return _Reading(document, now, around).read()


def applied(edit: Document, now: Situation, around: Surroundings) -> Situation:
    """Return what an edit that `read_edit` gave makes of a situation.

    Raises
    ------
    InputError
        When what it names is no longer stored.
    """
    case, kind = around.case, edit["kind"]

    def time(key: str) -> np.datetime64:
        found = edit.get(key)
        return NO_TIME if found is None else np.datetime64(str(found).removesuffix("Z"), "s")

    def asset() -> int:
        return case.network.assets.name.index(str(edit["asset"]))

    if kind == "back":
        return replace(now, damage=brought_back(now.damage, asset(), time("at")))
    if kind == "out":
        left = float(str(edit["available"]))
        rows = taken_out(now.damage, asset(), time("at"), time("until"), left)
        return replace(now, damage=rows)
    if kind == "unit":
        what, target, mw = str(edit["unit"]), str(edit["target"]), float(str(edit["mw"]))
        units = with_unit(case, now.units, what, target, mw, time("from"), time("until"))
        return replace(now, units=units)
    if kind == "shift" and now.plan is not None:
        return replace(now, plan=held_back(now.plan, str(edit["asset"]), time("not_before")))
    if kind == "first" and now.plan is not None:
        return replace(now, plan=put_first(now.plan, str(edit["asset"])))
    if kind == "plan":
        return replace(now, plan=_stored(around.plan(str(edit["plan"])), "plan"))
    if kind == "claims":
        claimed = _stored(around.claimed(str(edit["ledger_mark"])), "ledger_mark")
        return replace(now, damage=claimed.damage, closed=claimed.closed)
    if kind == "winter":
        sample = int(str(edit["sample"]))
        return Situation((), winter=_stored(around.winter(str(edit["risk"]), sample), "risk"))
    return replace(now, plan=None)


def _stored(found: _Kept | None, key: str) -> _Kept:
    if found is None:
        raise InputError((Fault("edit", None, key, "no longer kept", "one that is stored"),))
    return found


class _Reading:
    """One posted edit, and the faults found in it so far."""

    def __init__(
        self, document: Mapping[str, object], now: Situation, around: Surroundings
    ) -> None:
        self._given, self._now, self._around = document, now, around
        self._faults: list[Fault] = []

    def read(self) -> Document:
        kind = self._given.get("kind")
        if not isinstance(kind, str) or kind not in KINDS:
            near = nearest(kind, KINDS) if isinstance(kind, str) else ""
            self._fault("kind", _shown(kind), f"one of {', '.join(KINDS)}", near)
            raise InputError(self._faults)
        if self._now.winter is not None:
            self._fault("kind", "a winter of a risk is not changed", "a scenario of the case")
            raise InputError(self._faults)
        keys = KINDS[kind]
        for key in self._given:
            if key != "kind" and key not in keys:
                near = nearest(key[:_LONGEST], keys)
                self._fault(_shown(key), "an unknown key", f"of {', '.join(keys) or 'none'}", near)
        for key in keys:
            if key not in self._given and key not in _OPTIONAL:
                self._fault(key, "missing", "this key")
        found = getattr(self, f"_{kind}")()
        if self._faults:
            raise InputError(self._faults)
        return {"kind": kind, **found}

    def _back(self) -> Document:
        asset, at = self._asset(), self._time("at")
        if asset and at is not None:
            index = self._around.case.network.assets.name.index(asset)
            begun = [row.time for row in self._now.damage if row.asset == index]
            if not begun:
                self._fault("asset", said("fault.not_out", {"asset": asset}), "a damaged asset")
            elif at <= min(begun):
                expected = said("fault.after_damage", {"begin": format_time(min(begun))})
                self._fault("at", format_time(at), expected)
        return {"asset": asset, "at": _text(at)}

    def _out(self) -> Document:
        asset, at, until = self._asset(), self._time("at"), self._time("until")
        left = self._number("available", 0.0, least=0.0, most=1.0)
        if at is not None and until is not None and until <= at:
            self._fault("until", format_time(until), _after(at))
        if asset:
            index = self._around.case.network.assets.name.index(asset)
            kind = self._around.case.network.assets.kind[index]
            if kind in WHOLE and 0 < left < 1:
                self._fault(
                    "available", said("fault.part", {"share": left, "kind": kind}), "0 or 1"
                )
            elif left == 1:
                self._fault("available", "1: nothing is out", "less than 1")
            out = [row for row in self._now.damage if row.asset == index]
            if at is not None and any(_overlap(row.time, row.until, at, until) for row in out):
                found = said("fault.out_already", {"asset": asset})
                self._fault("asset", found, "an asset that stands")
        return {"asset": asset, "at": _text(at), "until": _text(until), "available": left}

    def _unit(self) -> Document:
        case, what, target = self._around.case, self._name("unit"), self._name("target")
        if what and what not in UNITS:
            self._fault("unit", _shown(what), "boiler or generator", nearest(what, UNITS))
        buses = case.network.buses
        fed = [b for b, c in zip(buses.name, buses.carrier, strict=True) if c == UNITS.get(what)]
        places = (*fed, *(case.buildings.group if what == "generator" else ()))
        if target and what in UNITS and target not in places:
            expected = "a power bus or a group" if what == "generator" else "a heat bus"
            self._fault("target", _shown(target), expected, nearest(target, places))
        mw = self._number("mw", math.nan, least=0.001, most=_LARGEST_MW)
        begin, end = self._time("from"), self._time("until")
        if begin is not None and end is not None and end <= begin:
            self._fault("until", format_time(end), _after(begin))
        found = {"unit": what, "target": target, "mw": mw}
        return {**found, "from": _text(begin), "until": _text(end)}

    def _shift(self) -> Document:
        asset, later = self._repair(), self._time("not_before")
        return {"asset": asset, "not_before": _text(later)}

    def _first(self) -> Document:
        return {"asset": self._repair()}

    def _plan(self) -> Document:
        name = self._name("plan")
        if name and self._around.plan(name) is None:
            self._fault("plan", _shown(name), "a stored plan")
        return {"plan": name}

    def _no_plan(self) -> Document:
        if self._now.plan is None:
            self._fault("kind", "there is no plan to leave", "a scenario with a plan")
        return {}

    def _claims(self) -> Document:
        mark = self._name("ledger_mark")
        if mark and self._around.claimed(mark) is None:
            self._fault("ledger_mark", _shown(mark), "the mark of the ledger as it is now")
        return {"ledger_mark": mark}

    def _winter(self) -> Document:
        risk, sample = self._name("risk"), self._given.get("sample")
        if isinstance(sample, bool) or not isinstance(sample, int):
            self._fault("sample", _shown(sample), "the number of a winter")
            return {}
        if risk and self._around.winter(risk, sample) is None:
            found = said("fault.no_winter", {"risk": _shown(risk), "sample": sample})
            self._fault("sample", found, "a winter of a risk that is shown")
        return {"risk": risk, "sample": sample}

    def _repair(self) -> str:
        """Return an asset that the plan repairs."""
        asset = self._asset()
        if self._now.plan is None:
            self._fault("kind", "no plan is carried out", "a scenario with a plan")
        elif asset and asset not in {one.asset for one in self._now.plan.repairs}:
            found = said("fault.no_repair", {"asset": asset})
            self._fault("asset", found, "one that is planned")
        return asset

    def _asset(self) -> str:
        name, names = self._name("asset"), self._around.case.network.assets.name
        if name and name not in names:
            found = said("fault.no_asset", {"asset": _shown(name)})
            self._fault("asset", found, "", nearest(name, names))
            return ""
        return name

    def _name(self, key: str) -> str:
        given = self._given.get(key)
        if key not in self._given:
            return ""
        if not isinstance(given, str) or not given or len(given) > _LONGEST:
            self._fault(key, _shown(given), "a name")
            return ""
        return given

    def _time(self, key: str) -> np.datetime64 | None:
        given = self._given.get(key)
        if given is None and (key in _OPTIONAL or key not in self._given):
            return None
        read = parse_time(given) if isinstance(given, str) and len(given) <= 40 else None
        if read is None:
            self._fault(key, _shown(given), "a time such as 2026-01-09T06:00:00Z")
            return None
        start, end = self._around.start, self._around.end
        if not start <= read.utc <= end and key != "until":
            span = {"begin": format_time(start), "end": format_time(end)}
            expected = said("fault.time_of_run", span)
            self._fault(key, format_time(read.utc), expected)
            return None
        return read.utc

    def _number(self, key: str, default: float, *, least: float, most: float) -> float:
        given = self._given.get(key, default)
        if given is None and key in _OPTIONAL:
            given = default
        if key not in self._given:
            return default
        fits = isinstance(given, int | float) and not isinstance(given, bool)
        if not fits or not least <= given <= most:  # type: ignore[operator]
            self._fault(key, _shown(given), said("fault.number", {"least": least, "most": most}))
            return default
        return float(given)  # type: ignore[arg-type]

    def _fault(self, key: str, found: str, expected: str, near: str = "") -> None:
        self._faults.append(Fault("edit", None, key, found, expected, near))


def _after(time: np.datetime64) -> str:
    return said("fault.after", {"begin": format_time(time)})


def _overlap(
    begin: np.datetime64, end: np.datetime64, at: np.datetime64, until: np.datetime64 | None
) -> bool:
    """Return whether two spells, each open where it has no end, have a moment in common."""
    return bool((np.isnat(end) or at < end) and (until is None or begin < until))


def _text(time: np.datetime64 | None) -> str | None:
    return None if time is None else f"{time.astype('datetime64[s]')}Z"


def _shown(value: object) -> str:
    """Return a value as a message may show it."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
