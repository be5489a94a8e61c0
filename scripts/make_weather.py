"""Rebuild hourly outdoor temperatures of January and February 2026 from the published facts.

Method, in order:

1. Two nodes a day, in local winter time (Europe/Kyiv is UTC+2 from January to February): the
   night's lowest at 07:00 local (05:00 UTC) and the day's highest at 14:00 local (12:00 UTC).
2. scripts/weather_anchors.csv gives every node a first value. A row with weight 0 is held: it is a
   published value or is fixed by an assumption written beside it. Other rows are guesses that
   follow the published spell of cold, and their weight says how far they may move.
3. Hours between nodes follow half a cosine. Every hour is then linear in the nodes, so one shift
   lambda x weight of the free nodes of a span gives its published mean exactly: January to the
   station's -7.6 degC, 8 to 28 February to the February normal of -3.6 degC.
4. Values are rounded to 0.1 degC. The generator stops unless January's mean is within 0.05 degC,
   its lowest hour is -16.5 on the 18th and its highest 1.1 on the 4th, each only there.

Wind is assumed: 3.5 + 1.5 sin(2 pi hour / 31) m/s, between 2 and 5.

The months are the 744 and 672 UTC hours; the dates of nodes are local dates, which are also their
UTC dates.
"""

from __future__ import annotations

import csv
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ANCHORS = Path(__file__).resolve().parent / "weather_anchors.csv"
TARGET = ROOT / "examples" / "capital" / "weather.csv"
START = datetime(2026, 1, 1, tzinfo=UTC)
HOURS = 59 * 24
UTC_HOUR = {"night": 5, "day": 12}
#: (first hour, hour after the last, mean in degC)
SPANS = ((0, 31 * 24, -7.6), (38 * 24, 59 * 24, -3.6))


def read_nodes(path: Path) -> tuple[list[int], list[float], list[float]]:
    """Return the nodes' hours since START, first values (degC) and weights, in order of time."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    hours, values, weights = [], [], []
    for row in rows:
        at = datetime.fromisoformat(f"{row['date']}T00:00Z") + timedelta(
            hours=UTC_HOUR[row["part"]]
        )
        hours.append(int((at - START).total_seconds()) // 3600)
        values.append(float(row["degc"]))
        weights.append(float(row["weight"]))
    if hours != sorted(hours):
        raise SystemExit(f"{path}: nodes are not in order of time")
    return hours, values, weights


def shares(hour: int, nodes: list[int]) -> tuple[int, float]:
    """Return (i, s): the hour's value is (1 - s) x node i + s x node i + 1."""
    if hour <= nodes[0]:
        return 0, 0.0
    if hour >= nodes[-1]:
        return len(nodes) - 2, 1.0
    i = max(k for k in range(len(nodes) - 1) if nodes[k] <= hour)
    part = (hour - nodes[i]) / (nodes[i + 1] - nodes[i])
    return i, 0.5 - 0.5 * math.cos(math.pi * part)


def blend(hours: range, nodes: list[int], values: list[float]) -> list[float]:
    """Return the hourly values between the nodes."""
    out = []
    for hour in hours:
        i, s = shares(hour, nodes)
        out.append((1 - s) * values[i] + s * values[i + 1])
    return out


def shift_to_mean(
    span: tuple[int, int, float], nodes: list[int], values: list[float], weights: list[float]
) -> list[float]:
    """Return node values shifted by lambda x weight inside a span so that its mean is exact."""
    first, last, mean = span
    free = [w if first <= n < last else 0.0 for n, w in zip(nodes, weights, strict=True)]
    hours = range(first, last)
    now = sum(blend(hours, nodes, values)) / len(hours)
    reach = sum(blend(hours, nodes, free)) / len(hours)
    step = (mean - now) / reach
    return [value + step * w for value, w in zip(values, free, strict=True)]


def outdoor_degc(anchors: Path) -> list[float]:
    """Return the temperature of every hour of the two months, rounded to 0.1 degC."""
    nodes, values, weights = read_nodes(anchors)
    for span in SPANS:
        values = shift_to_mean(span, nodes, values, weights)
    return [round(value, 1) + 0.0 for value in blend(range(HOURS), nodes, values)]


def check_january(degc: list[float]) -> None:
    """Stop unless the station's facts of January 2026 hold in the series."""
    january = degc[: 31 * 24]
    mean = sum(january) / len(january)
    coldest = {hour // 24 + 1 for hour, value in enumerate(january) if value == min(january)}
    warmest = {hour // 24 + 1 for hour, value in enumerate(january) if value == max(january)}
    found = (min(january), coldest, max(january), warmest)
    if abs(mean + 7.6) > 0.05 or found != (-16.5, {18}, 1.1, {4}):
        raise SystemExit(f"January: mean {mean:.3f}, lowest and highest {found}")


def write_weather(target: Path) -> None:
    """Write weather.csv with one row an hour for every region (*)."""
    degc = outdoor_degc(ANCHORS)
    check_january(degc)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["time", "region", "outdoor_degc", "wind_m_per_s"])
        for hour, value in enumerate(degc):
            time = START + timedelta(hours=hour)
            wind = 3.5 + 1.5 * math.sin(2 * math.pi * hour / 31)
            writer.writerow([f"{time:%Y-%m-%dT%H:%M:%SZ}", "*", f"{value:.1f}", f"{wind:.1f}"])


if __name__ == "__main__":
    write_weather(TARGET)
