"""``keepwarm schedule FROM TO``: power cuts from a plan or a schedule file in another format."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepwarm.commands.inputs import refuse_zone
from keepwarm.commands.output import emit_json, table

if TYPE_CHECKING:
    from keepwarm.case.timetable import Timetable

#: As in `keepwarm.exchange.schedules`, which a verb does not import before it is called.
FORMS = ("csv", "outage-data-ua", "yasno", "ics")


@click.command()
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path))
@click.argument("target", metavar="TO", required=False, type=click.Path(path_type=Path))
@click.option(
    "--zone", default="Europe/Kyiv", show_default=True, help="Zone whose days are told, IANA name."
)
@click.option("--form", type=click.Choice(FORMS), help="Of TO; told by its ending if left.")
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First day, where FROM does not say one.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def schedule(
    source: Path,
    target: Path | None,
    zone: str,
    form: str | None,
    day: datetime | None,
    as_json: bool,
) -> None:
    """Show the power cuts of FROM by group, and write them to TO.

    FROM is a plan (.toml), a CSV grid, or JSON as of outage-data-ua or Yasno. TO is a .csv grid, a
    .json file, or a folder of calendars (.ics), one for each group.
    """
    from keepwarm.case.plan_file import read_plan
    from keepwarm.errors import Fault, InputError
    from keepwarm.exchange.local_days import padded_to_days
    from keepwarm.exchange.schedules import read_schedule, write_schedule

    refuse_zone(zone)
    if source.suffix.lower() == ".toml":
        found = read_plan(source).timetable
        if found is None:
            fault = Fault(str(source), None, "rotation", "no rotation", "a plan with one")
            raise InputError((fault,))
        cuts = padded_to_days(found, zone)
    else:
        first: date | None = None if day is None else day.date()
        cuts = read_schedule(source, zone, day=first)
    if target is not None:
        write_schedule(cuts, target, zone, form=form or _form_of(target))
    if as_json:
        emit_json({**_document(cuts), "to": None if target is None else str(target)})
    else:
        _print(cuts, zone, target)


def _form_of(target: Path) -> str:
    forms = {".csv": "csv", ".json": "outage-data-ua", "": "ics"}
    ending = target.suffix.lower()
    if ending not in forms:
        raise click.BadParameter(f"what is '{ending}'? --form says", param_hint="TO")
    return forms[ending]


def _document(cuts: Timetable) -> dict[str, object]:
    from keepwarm.case.timetable import hours_off, longest_block_hours

    off, longest = hours_off(cuts), longest_block_hours(cuts)
    return {
        "start": cuts.start,
        "slot_hours": cuts.slot_hours,
        "groups": [
            {
                "group": group,
                "hours_off": float(off[at]),
                "longest_block_hours": float(longest[at]),
                "emergency_hours": float(cuts.emergency[at].sum() * cuts.slot_hours),
                "off": "".join("1" if one else "0" for one in cuts.off[at].tolist()),
            }
            for at, group in enumerate(cuts.groups)
        ],
    }


def _print(cuts: Timetable, zone: str, target: Path | None) -> None:
    from keepwarm.briefing.words import local_text
    from keepwarm.case.times import format_time

    span = [local_text(format_time(moment), zone) for moment in (cuts.start, cuts.end)]
    rows = [
        [one["group"], one["hours_off"], one["longest_block_hours"], one["emergency_hours"]]
        for one in _document(cuts)["groups"]  # type: ignore[attr-defined]
    ]
    columns = ["group", "hours off", "longest, h", "without notice, h"]
    table(f"Power cuts, {span[0]} to {span[1]} ({zone})", columns, rows)
    if target is not None:
        click.echo(f"Written to {target}")
