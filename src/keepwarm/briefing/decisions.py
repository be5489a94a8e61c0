"""Drain or hold, as people read it: rows, what they rest on, and one sentence of advice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from keepwarm.briefing.words import Words

Row = Mapping[str, Any]

#: Fewer buildings are none.
LATE = 0.5

#: A wait of less is no wait, h.
AT_ONCE_HOURS = 0.25

#: Changes whose hours left differ from those of the row.
OTHER_HOURS = ("colder", "milder", "insulated")


@dataclass(frozen=True)
class Line:
    """One group, or the groups of one region and kind of building that are decided alike."""

    name: str  # of the one group; empty where groups stand together
    region: str
    archetype: str
    groups: int
    buildings: float
    people: float
    stopped: str
    start_by: str
    drain_by: str
    from_stop: float  # hours to drain_by
    stop_degc: float | None  # outdoors at the stop, the lowest
    late: float  # buildings that crews cannot drain in time
    choice: str  # drain or hold
    sure_least: float  # in the groups of the line, as the next
    sure: float  # probability of heat in time from which on holding costs less
    sure_fast: float  # the same with filling twice as fast
    sure_slow: float
    hold_person_hours: float
    drain_person_hours: float


@dataclass(frozen=True)
class Decided:
    """All decisions of a run; lines in the order in which draining must begin."""

    lines: tuple[Line, ...]
    first: Row | None  # the most urgent row, with what would change it
    basis: Row
    drain: float  # buildings
    hold: float
    late: float
    first_start: str  # of all rows
    last_done: str
    grouped: bool  # whether a line may stand for several groups
    more: int  # lines that are left out


def decided(answers: Mapping[str, Any], most: int) -> Decided | None:
    """Return the decisions of a run in at most so many lines; None for a run that has none.

    Where there are more groups, those of one region and kind of building that are decided alike
    stand in one line; where that is not enough, those of one region.
    """
    rows: Sequence[Row] | None = answers.get("decisions")
    if rows is None:
        return None
    lines, grouped = [_line([row]) for row in rows], False
    for key in (("region", "archetype", "choice"), ("region", "choice")):
        if len(lines) > most:
            lines, grouped = _together(rows, key), True
    buildings = {
        way: sum(row["buildings"] for row in rows if row["choice"] == way)
        for way in ("drain", "hold")
    }
    return Decided(
        lines=tuple(lines[:most]),
        first=rows[0] if rows else None,
        basis=answers["decision_basis"],
        drain=buildings["drain"],
        hold=buildings["hold"],
        late=sum(_late(row) for row in rows),
        first_start=min((row["start_by"] for row in rows), default=""),
        last_done=max((row["drain_by"] for row in rows), default=""),
        grouped=grouped,
        more=len(lines) - len(lines[:most]),
    )


def _together(rows: Sequence[Row], key: Sequence[str]) -> list[Line]:
    alike: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        alike.setdefault(tuple(row[name] for name in key), []).append(row)
    lines = [replace(_line(members), name="") for members in alike.values()]
    return sorted(lines, key=lambda line: line.start_by)


def _line(rows: Sequence[Row]) -> Line:
    soonest = min(rows, key=lambda row: str(row["drain_by"]))
    kinds = {row["archetype"] for row in rows}
    cold = [row["stop_outdoor_degc"] for row in rows if row["stop_outdoor_degc"] is not None]
    return Line(
        name=soonest["group"] if len(rows) == 1 else "",
        region=soonest["region"],
        archetype=soonest["archetype"] if len(kinds) == 1 else "",
        groups=len(rows),
        buildings=sum(row["buildings"] for row in rows),
        people=sum(row["people"] for row in rows),
        stopped=min(row["stopped"] for row in rows),
        start_by=min(row["start_by"] for row in rows),
        drain_by=soonest["drain_by"],
        from_stop=_from_stop(soonest, soonest["hours_left"]["low"]),
        stop_degc=min(cold, default=None),
        late=sum(_late(row) for row in rows),
        choice=soonest["choice"],
        sure_least=min(row["indifference"] for row in rows),
        sure=max(row["indifference"] for row in rows),
        sure_fast=max(row["what_if"]["refill_fast"]["indifference"] for row in rows),
        sure_slow=max(row["what_if"]["refill_slow"]["indifference"] for row in rows),
        hold_person_hours=sum(row["cold_person_hours"]["hold"] for row in rows),
        drain_person_hours=sum(row["cold_person_hours"]["drain"] for row in rows),
    )


def _from_stop(row: Row, hours_left: float) -> float:
    """Count hours left from the stop, also where that was before the run."""
    return float(row["hours_stood"] + hours_left)


def _late(row: Row) -> float:
    return max(float(row["buildings"] - row["in_time"]), 0.0)


def sure_text(share: float) -> str:
    """Return a probability in whole percent, never 0 or 100: nobody is that sure.

    Examples
    --------
    >>> sure_text(0.8493), sure_text(0.9999), sure_text(0.001)
    ('85', '99', '1')
    """
    return f"{min(max(round(100 * share), 1), 99)}"


def sure_range(line: Line, texts: Words) -> str:
    """Return the probability of a line, or from which to which where it stands for several."""
    low, high = sure_text(line.sure_least), sure_text(line.sure)
    return high if low == high else texts.text("page.band").format(low=low, high=high)


def advice(row: Row, texts: Words, clock: Callable[[str], str]) -> str:
    """Return what to do about one row of ``decisions``, in a sentence.

    Parameters
    ----------
    row
        Of the answers.
    texts
        In which language.
    clock
        Turns UTC as ISO text into a local time.
    """
    values = {
        "sure": sure_text(row["indifference"]),
        "start": clock(row["start_by"]),
        "by": clock(row["drain_by"]),
        "hours": texts.amount(_from_stop(row, row["hours_left"]["low"])),
    }
    said = texts.text(f"decide.{_advice(row)}").format(**values)
    late = _late(row) if row["choice"] == "drain" else 0.0
    if late >= LATE:
        said += " " + texts.text("decide.late").format(late=texts.count(late))
    return said


def _advice(row: Row) -> str:
    if row["choice"] == "hold":
        return "hold_always" if row["indifference"] <= 0.0 else "hold"
    if row["indifference"] >= 1.0:
        return "drain_always"
    begin, stopped = (datetime.fromisoformat(row[name]) for name in ("start_by", "stopped"))
    waits = (begin - stopped).total_seconds() / 3600 - row["hours_stood"] > AT_ONCE_HOURS
    return "drain_wait" if waits else "drain_now"


def changes(row: Row, basis: Row, texts: Words) -> list[str]:
    """Return what would change the advice on a row, one clause each."""
    said = []
    values: dict[str, str] = {
        "kelvin": texts.amount(basis["kelvin"]),
        "days": texts.amount(basis["fast_repair_days"]),
        "mm": texts.amount(basis["insulation_mm"]),
    }
    for name, then in row["what_if"].items():
        hours = then["hours_left"]
        if hours is None and name in OTHER_HOURS:
            what = texts.text(f"decide.never_{name}").format(**values)
            said.append(texts.text("decide.if_never").format(what=what))
            continue
        within = texts.amount(_from_stop(row, hours or 0.0))
        values |= {"sure": sure_text(then["indifference"]), "hours": within}
        said.append(texts.text(f"decide.if_{name}").format(**values))
    return said


def basis_texts(found: Decided, texts: Words) -> list[str]:
    """Return in sentences what all decisions rest on."""
    basis = found.basis
    heat = {
        "median": texts.amount(basis["restoration_median_hours"]),
        "p90": texts.amount(basis["restoration_p90_hours"]),
        "places": ", ".join(basis["restoration_places"]),
    }
    rest = {
        "degc": texts.plain(basis["cold_below_degc"]),
        "refill": texts.amount(basis["refill_hours"]),
        "rate": texts.amount(basis["refilling_buildings_per_hour"]),
        "low": texts.amount(basis["frozen_days_low"]),
        "days": texts.amount(basis["frozen_days"]),
        "high": texts.amount(basis["frozen_days_high"]),
        "forecast": texts.amount(basis["forecast_hours"]),
    }
    known = "basis_listed" if basis["restoration_places"] else "basis_heat"
    return [
        texts.text(f"decide.{known}").format(**heat),
        texts.text("decide.basis").format(**rest),
    ]


def summary_texts(found: Decided, texts: Words, clock: Callable[[str], str]) -> list[str]:
    """Return how many buildings are drained or held, from when to when, and if crews manage.

    The last sentence says by which policy the run itself drained: the advice stands beside it.
    """
    basis, rate = found.basis, found.basis["draining_buildings_per_hour"]
    run = {
        "wait": texts.amount(basis["draining_wait_hours"]),
        "degc": texts.plain(basis["draining_outdoor_degc"]),
    }
    counts = {
        "drain": texts.count(found.drain),
        "hold": texts.count(found.hold),
        "first": clock(found.first_start),
        "last": clock(found.last_done),
    }
    crews = "no_crews" if rate <= 0 else "crews_few" if found.late >= LATE else "crews_all"
    return [
        texts.text("decide.summary").format(**counts),
        texts.text(f"decide.{crews}").format(rate=texts.count(rate), late=texts.count(found.late)),
        texts.text(f"decide.run_{basis['draining_policy']}").format(**run),
    ]


@dataclass(frozen=True)
class Sheet:
    """All decisions with what is said about them."""

    found: Decided
    advice: str
    changes: tuple[str, ...]
    summary: tuple[str, ...]
    basis: tuple[str, ...]


def sheet(
    answers: Mapping[str, Any], texts: Words, clock: Callable[[str], str], most: int
) -> Sheet | None:
    """Return the decisions of a run and their sentences; None where nothing has to be decided.

    Parameters
    ----------
    answers
        Of the run.
    texts, clock
        As in `advice`.
    most
        Lines at most.
    """
    found = decided(answers, most)
    if found is None or found.first is None:
        return None
    return Sheet(
        found=found,
        advice=advice(found.first, texts, clock),
        changes=tuple(changes(found.first, found.basis, texts)),
        summary=tuple(summary_texts(found, texts, clock)),
        basis=tuple(basis_texts(found, texts)),
    )
