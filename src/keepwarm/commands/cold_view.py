"""Cold homes on the terminal: people, circuits, kinds of buildings and flats, the night to come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from textwrap import fill
from typing import Any

import click

from keepwarm.briefing.cold import colder_flats
from keepwarm.briefing.tonight import nights
from keepwarm.commands.output import Cell, table

BANDS = ("low", "central", "high")

#: Letters of a line of prose.
LINE = 100

#: Rows of the table of warming points; the run folder holds all.
REGIONS_SHOWN = 10

#: Thresholds that say little once heating has stopped: passed at once.
SKIPPED_EVENTS = ("below_18_degc", "below_16_degc")

Answers = Mapping[str, Any]
Local = Callable[[str | None], str]


def print_cold(answers: Answers) -> None:
    """Print who gets cold, and in which buildings."""
    _people(answers)
    _circuits(answers["buildings"])
    _archetypes(answers["by_archetype"])


def _people(answers: Answers) -> None:
    """People below each threshold; hours count from the damage."""
    began, rows = _hours_to_damage(answers), list[Sequence[Cell]]()
    for row in answers["cold"]:
        if row["people"]["low"]["total"] == 0:
            continue
        key = f"{row['degc']:g}"
        hours = round(answers["people_hours_below_degc"][key])
        rows.append((f"below {key} °C", *_crossing(row["people"], began), hours))
    freezing = answers["freezing"]
    if freezing["low"]["total"] > 0:
        rows.append(("pipes plug, buildings", *_crossing(freezing, began), None))
    if not rows:
        click.echo("No home falls below any threshold.")
        return
    columns = ("", "people, ever in the run", "first, h", "half of them, h", "person-hours")
    since = "the damage" if answers["damage_from"] else "the start"
    table(f"Cold homes: central [soonest to latest], hours after {since}", columns, rows)
    _vulnerable(answers["vulnerable"])


def _vulnerable(found: Answers) -> None:
    """Print how many of those who suffer first from cold are in cold homes at once."""
    hours = found["people_hours_below_degc"]
    parts = [
        f"{_band(peak)} below {degc} °C ({hours[degc]:,.0f} person-hours)"
        for degc, peak in found["peak_below_degc"].items()
        if peak["low"] >= 0.5
    ]
    if parts:
        click.echo(fill(f"Vulnerable people, most at once: {'; '.join(parts)}.", LINE))


def _circuits(found: Answers) -> None:
    """Print how buildings fared, and the states of their circuits when the run ends."""
    line = (
        f"Buildings: {found['total']:,.0f}. Most without circulation at once "
        f"{found['without_heat_peak']:,.0f}, drained {found['drained']:,.0f}, "
        f"frozen before they were drained {_band(found['frozen_band'])}, "
        f"still without at the end {found['without_heat_end']:,.0f}."
    )
    click.echo(fill(line, LINE))
    at_end = [
        f"{states['end']:,.0f} {name}"
        for name, states in found["states"].items()
        if states["end"] >= 0.5
    ]
    click.echo(fill(f"Circuits at the end: {', '.join(at_end)}.", LINE) + "\n")


def _hours_to_damage(answers: Answers) -> float:
    began, start = answers["damage_from"] or answers["start"], answers["start"]
    moments = [datetime.fromisoformat(text) for text in (start, began)]
    return (moments[1] - moments[0]).total_seconds() / 3600


def _crossing(bands: Answers, began: float) -> tuple[str, ...]:
    return (
        _band({b: bands[b]["total"] for b in BANDS}),
        *(
            _band({b: _less(bands[b][key], began) for b in BANDS})
            for key in ("first_hour", "half_hour")
        ),
    )


def _less(value: float | None, offset: float) -> float | None:
    return None if value is None else value - offset


def _band(values: Mapping[str, float | None]) -> str:
    """Return "central [soonest to latest]", a dash for what never comes."""
    low, central, high = ("–" if v is None else f"{v:,.0f}" for v in (values[b] for b in BANDS))
    if low == central == high == "–":
        return "–"
    return f"{central} [{low} to {high}]"


def _archetypes(found: Sequence[Answers]) -> None:
    """Hours from the stop of circulation, by kind of building, and of flats that cool sooner."""
    if not found:
        return
    events = [
        name
        for name in found[0]["hours_after_stop"]
        if name not in SKIPPED_EVENTS and any(_comes(row, name) for row in found)
    ]
    headings = [
        "pipes plug" if name == "pipe_plugs" else name.split("_")[1] + " °C" for name in events
    ]
    rows: list[Sequence[Cell]] = []
    for row in found:
        rows.append((row["archetype"], round(row["buildings"]), *_hours(row, events)))
        rows += [
            (f"  flats: {flat['position']}", "", *_hours(flat, events))
            for flat in colder_flats(row, events)
        ]
    title = "Buildings whose circulation stopped: hours from the stop until half of the people are"
    table(f"{title} below", ("", "buildings", *headings), rows)


def _comes(row: Answers, event: str) -> bool:
    return any(hour is not None for hour in row["hours_after_stop"][event].values())


def _hours(row: Answers, events: Sequence[str]) -> tuple[str, ...]:
    """Return the bands of one row; a kind of flat has no pipes of its own."""
    hours = row["hours_after_stop"]
    return tuple(_band(hours[name]) if name in hours else "" for name in events)


def print_warming_points(answers: Answers, warming_degc: float, local: Local) -> None:
    """Print who needs a warming point in the first night with anybody; later nights in short.

    Vulnerable people and buildings are those of the central band.
    """
    found = nights(answers["warming_points"])
    if not found:
        return
    first, later = found[0], found[1:]
    rows = [
        (
            row["region"],
            _band(row["people"]),
            round(row["vulnerable"]["central"]),
            round(row["buildings"]["central"]),
        )
        for row in first.regions[:REGIONS_SHOWN]
    ]
    if len(first.regions) > REGIONS_SHOWN:
        rows.append((f"{len(first.regions) - REGIONS_SHOWN} more: table nights", "", "", ""))
    people, vulnerable, buildings = (
        dict(zip(BANDS, values, strict=True))
        for values in (first.people, first.vulnerable, first.buildings)
    )
    rows.append(("all", _band(people), round(vulnerable["central"]), round(buildings["central"])))
    table(
        f"Warming points, night from {local(first.begins)} to {local(first.ends)}: people below "
        f"{warming_degc:g} °C or with neither heat nor power",
        ("", "people, central [soonest to latest]", "vulnerable", "buildings"),
        rows,
    )
    if later:
        told = [
            f"{local(night.begins)[:-6]} {_band(dict(zip(BANDS, night.people, strict=True)))}"
            for night in later
        ]
        click.echo(fill(f"Nights after it, people: {'; '.join(told)}.", LINE) + "\n")
