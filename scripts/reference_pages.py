"""Write the reference pages that follow from the package: its tables, and its verbs.

With --check, only say whether they are up to date.
"""

from __future__ import annotations

import csv
import sys
from importlib.resources import files
from itertools import groupby
from pathlib import Path

import click

from keepwarm.commands.main import VERBS, main

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
#: Schemas of a case folder, in the order in which a case is made: the file, and what it holds.
CASE_TABLES = {
    "settings": ("`case.toml`", "Settings; a key `a.b` is `b` under `[a]`."),
    "buses": ("`network/buses.csv`", "Places where a carrier balances."),
    "snapshots": ("`network/snapshots.csv`", "Times, evenly spaced."),
    "carriers": ("`network/carriers.csv`", "Optional."),
    "generators": ("`network/generators.csv`", "Plants and imports."),
    "loads": ("`network/loads.csv`", "Needs; heat of homes follows from buildings instead."),
    "lines": ("`network/lines.csv`", "Branches of the grid."),
    "transformers": ("`network/transformers.csv`", "Branches between voltages."),
    "links": ("`network/links.csv`", "Plants, mains, pumps: from one carrier to others."),
    "stores": ("`network/stores.csv`", "Tanks, network water, line pack."),
    "storage_units": ("`network/storage_units.csv`", "Stores with a power of their own."),
    "regions": ("`regions.csv`", "Districts or regions with their people."),
    "buildings": ("`buildings.csv`", "Groups of like buildings."),
    "archetypes": ("`archetypes.csv`", "Kinds of houses, low, central, high."),
    "archetype_parameters": ("`archetypes.csv`, column `parameter`", "What a row may say."),
    "weather": ("`weather.csv`", "Outdoor temperature and wind."),
    "weather_years": ("`weather_years.csv`", "Winters of other years, for samples."),
    "normals": ("`normals.csv`", "Climate by month, for samples."),
    "state": ("`state.csv`", "What was observed now."),
    "damage": ("`damage.csv`", "What is out, from when, until when."),
    "restoration": ("`restoration.csv`", "How likely heat is back by when."),
    "rotation": ("`rotation.csv`", "Groups that are cut in turn."),
    "crews": ("`crews.csv`", "Who mends."),
    "repairs": ("`repairs.csv`", "How long mending takes."),
    "spares": ("`spares.csv`", "Spare parts."),
    "mobile": ("`mobile.csv`", "Mobile units."),
    "access": ("`access.csv`", "Closed places."),
    "travel": ("`travel.csv`", "Hours on the way."),
    "hazard": ("`hazard.toml`", "What may happen in a season."),
    "vocabulary": ("claims", "What a claim of a report says."),
}
#: Schemas that list what of PyPSA is read or refused: a page of the case tells it.
NOT_SHOWN = {"carrier_names", "pypsa_columns", "pypsa_files"}
HEAD = "<!-- generated: scripts/reference_pages.py -->\n"
FORMATS = """\
# Formats

Made from the tables that the loader itself reads. How they hang together:
[the case](../rooms/case.md), [runs](../rooms/runs.md), [hazards](../rooms/hazard.md),
[units and times](../units.md).

## A case folder

CSV with commas, UTF-8, one header row. *needed* columns must be there; others have a default.
Columns of PyPSA keep PyPSA's names and units.
"""
RUNS = """\
## A run folder

`manifest.json` (schema, version, hashes of the inputs, options, audit, answers) and one Parquet
file for each table. `{band}` stands for low, central, high; `{degc}` for a threshold; `{service}`
for power, heat, gas, water.
"""
COMMANDS = """\
# Commands

A calm table goes to standard output, progress to standard error; `--json` prints one document with
`"schema": 1` instead. `python -m keepwarm` is the same as `keepwarm`.

| exit code | means |
| --- | --- |
| 0 | done |
| 1 | the input is wrong: every fault is listed |
| 2 | usage: an option or a path that cannot be |
| 3 | computed, but some steps or samples unsolved |
| 4 | an audit or a validation failed |
| 130 | interrupted; what was done is kept |
"""


def cell(text: str) -> str:
    """Return a text as a cell of a table."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").strip()


def table(columns: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def read(path: str) -> list[dict[str, str]]:
    """Return the rows of a table that ships with the package."""
    place = files("keepwarm").joinpath(path)
    return list(csv.DictReader(place.read_text(encoding="utf-8").splitlines()))


def allowed(row: dict[str, str]) -> str:
    """Return what a cell may hold: its choices, or its range."""
    if row.get("choices"):
        return ", ".join(f"`{choice}`" for choice in row["choices"].split("|"))
    low, high = row.get("minimum", ""), row.get("maximum", "")
    return (
        f"{low} to {high}"
        if low and high
        else (f"from {low}" if low else (f"to {high}" if high else ""))
    )


def schema(name: str) -> str:
    """Return the table of one schema of a case folder."""
    rows = read(f"case/schema/{name}.csv")
    key = next(iter(rows[0]))
    if "type" not in rows[0] and "minimum" not in rows[0]:
        return table(list(rows[0]), [[cell(text or "") for text in row.values()] for row in rows])
    shown = [
        [
            f"`{row[key]}`",
            cell(row.get("type", "")),
            cell(row.get("unit", "")),
            "needed" if row.get("required") == "yes" else cell(row.get("default", "") or ""),
            allowed(row),
            cell(row.get("meaning", "")),
        ]
        for row in rows
    ]
    return table([key, "type", "unit", "default", "may be", "meaning"], shown)


def formats() -> str:
    """Return the page of formats."""
    listed = {
        path.name.removesuffix(".csv")
        for path in files("keepwarm.case").joinpath("schema").iterdir()
    }
    unknown = listed - set(CASE_TABLES) - NOT_SHOWN
    if unknown:
        raise SystemExit(f"scripts/reference_pages.py does not place: {', '.join(sorted(unknown))}")
    parts = [HEAD, FORMATS]
    for name, (file, what) in CASE_TABLES.items():
        parts += [f"### {name}", f"{file}. {what}", schema(name)]
    parts.append(RUNS)
    for name, rows in groupby(read("runs/schema/tables.csv"), lambda row: row["table"]):
        shown = [
            [f"`{row['column']}`", row["type"], cell(row["unit"]), cell(row["meaning"])]
            for row in rows
        ]
        parts += [f"### {name}.parquet", table(["column", "type", "unit", "meaning"], shown)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def commands() -> str:
    """Return the page of commands."""
    parts = [HEAD, COMMANDS]
    context = click.Context(
        main, info_name="keepwarm", max_content_width=96, help_option_names=["-h", "--help"]
    )
    for verb, (_, line) in VERBS.items():
        command = main.get_command(context, verb)
        if command is None:
            raise SystemExit(f"{verb} is no command")
        inner = click.Context(command, info_name=verb, parent=context, terminal_width=96)
        parts += [f"## {verb}", line, f"```\n{command.get_help(inner)}\n```"]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def write(*, check: bool) -> int:
    """Write the pages, or say which are not up to date."""
    stale = 0
    for name, text in (("formats.md", formats()), ("commands.md", commands())):
        page = FOLDER / name
        if page.exists() and page.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if check:
            print(f"{page.name} is not what the package says: run scripts/reference_pages.py")
        else:
            page.write_text(text, encoding="utf-8")
    return stale if check else 0


if __name__ == "__main__":
    sys.exit(write(check="--check" in sys.argv))
