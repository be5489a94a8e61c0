"""Write the tables of examples/town that are too long to type, the same bytes every time.

Snapshots: 240 hours from 8 January 2026, 00:00 UTC. Weather: one day ten times (-8 degC from 08:00
to 15:59 UTC, -12 from 21:00 to 04:59, -10 between, mean -10, wind 3 m/s). Household power: 1.2 of
the table's value from 15:00 to 19:59 UTC (17 to 22 local), 0.8 from 21:00 to 03:59, 1.0 otherwise.
Archetypes: the rows of examples/archetypes/archetypes.csv that buildings.csv names.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
START = datetime(2026, 1, 8, tzinfo=UTC)
HOURS = 240


def outdoor_degc(hour: int) -> int:
    """Return the outdoor temperature at an hour of the UTC day."""
    if 8 <= hour < 16:
        return -8
    return -12 if hour >= 21 or hour < 5 else -10


def household_factor(hour: int) -> float:
    """Return household power at an hour of the UTC day over its mean-day value."""
    if 15 <= hour < 20:
        return 1.2
    return 0.8 if hour >= 21 or hour < 4 else 1.0


def write_rows(path: Path, header: list[str], rows: list[list[str]]) -> None:
    """Write one CSV table with Unix line ends."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def copy_archetypes(master: Path, buildings: Path, target: Path) -> None:
    """Copy the master rows of the archetypes that a buildings table names, in master order."""
    with buildings.open(encoding="utf-8", newline="") as lines:
        wanted = {row["archetype"] for row in csv.DictReader(lines)}
    with master.open(encoding="utf-8", newline="") as lines:
        header, *rows = list(csv.reader(lines))
    kept = [row for row in rows if row[0] in wanted]
    missing = wanted - {row[0] for row in kept}
    if missing:
        raise SystemExit(f"{master}: no rows for {', '.join(sorted(missing))}")
    write_rows(target, header, kept)


def write_town(folder: Path) -> None:
    """Write snapshots, weather, household series and archetypes into a town folder."""
    times = [START + timedelta(hours=step) for step in range(HOURS)]
    stamps = [f"{time:%Y-%m-%d %H:%M:%S}" for time in times]
    network = folder / "network"
    numbered = [[str(at), stamp] for at, stamp in enumerate(stamps)]
    write_rows(network / "snapshots.csv", ["", "snapshot"], numbered)
    weather = [[f"{t:%Y-%m-%dT%H:%M:%SZ}", "*", str(outdoor_degc(t.hour)), "3"] for t in times]
    write_rows(folder / "weather.csv", ["time", "region", "outdoor_degc", "wind_m_per_s"], weather)
    base = {"West homes": 4.0, "East homes": 2.5}
    series = [
        [s, *(f"{value * household_factor(t.hour):.1f}" for value in base.values())]
        for s, t in zip(stamps, times, strict=True)
    ]
    write_rows(network / "loads-p_set.csv", ["snapshot", *base], series)


if __name__ == "__main__":
    town = EXAMPLES / "town"
    write_town(town)
    copy_archetypes(
        EXAMPLES / "archetypes" / "archetypes.csv", town / "buildings.csv", town / "archetypes.csv"
    )
