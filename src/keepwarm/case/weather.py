"""Weather at every snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from keepwarm.case.epw import Epw, OnSnapshots, on_snapshots, read_epw
from keepwarm.case.nouns import (
    Bools,
    Case,
    Floats,
    Names,
    Network,
    Times,
    Weather,
)
from keepwarm.case.reading import Reading, missing_times
from keepwarm.case.times import format_time
from keepwarm.case.weather_table import EVERYWHERE, Given, read_weather_table
from keepwarm.errors import Fault, nearest


def read_weather(
    reading: Reading, folder: Path, network: Network, regions: Names
) -> Weather | None:
    """Read weather.csv, or weather.epw and weather/REGION.epw, for every snapshot and region.

    Parameters
    ----------
    reading : Reading
        Where faults go.
    folder : Path
        Where the files are.
    network : Network
        Whose snapshots, in UTC, the weather must cover.
    regions : tuple of str
        What is given for one region comes before what is given for all.

    Returns
    -------
    Weather or None
        Shape (hours, regions); None when the files cannot be used. Rows at other times than the
        snapshots are not used. A forecast that ends early is no fault here: `coverage_fault` is
        for a run that would go past its end.
    """
    table, files = folder / "weather.csv", _epw_files(reading, folder, regions)
    if files and table.exists():
        other = reading.name_of(next(iter(files.values())))
        found = f"{other} is there as well"
        reading.fault("weather.csv", None, None, found, "the weather in one of the two")
        return None
    if files:
        given = _from_epw(reading, files, network, regions)
    else:
        given = read_weather_table(reading, table, network.snapshots, regions)
    if given is None:
        return None
    known = _known(reading, given, network.snapshots, regions)
    fields = (given.outdoor, given.wind, given.low, given.high)
    outdoor, wind, low, high = (_held(each, given.seen, network.step_hours) for each in fields)
    return Weather(outdoor, wind, low, high, known, given.file, given.notes)


def has_weather(folder: Path) -> bool:
    """Whether a folder holds weather in any form."""
    return any((folder / name).exists() for name in ("weather.csv", "weather.epw")) or any(
        (folder / "weather").glob("*.epw")
    )


def coverage_fault(case: Case, start: np.datetime64, hours: float) -> Fault | None:
    """Return what is wrong where a run would go past the end of the weather.

    Parameters
    ----------
    case : Case
        Its weather may end before its snapshots do.
    start : datetime64
        First step, UTC.
    hours : float
        Length of the run, h.
    """
    weather, snapshots, step = case.weather, case.network.snapshots, case.network.step_hours
    if weather is None or weather.known >= len(snapshots):
        return None
    first = int(np.searchsorted(snapshots, start, side="right")) - 1
    left = (weather.known - first) * step
    if hours <= left + 1e-9:
        return None
    last = format_time(snapshots[weather.known - 1])
    found = f"ends with {last}; {hours:g} h from {format_time(start)} go past that"
    expected = f"weather up to the end, or --hours {left:g}" if left > 0 else "an earlier start"
    return Fault(weather.file, None, "time", found, expected)


def _epw_files(reading: Reading, folder: Path, regions: Names) -> dict[str, Path]:
    """Return the EPW files of a case by region, that for all regions (``*``) first."""
    files = {EVERYWHERE: folder / "weather.epw"} if (folder / "weather.epw").exists() else {}
    for path in sorted((folder / "weather").glob("*")):
        name = reading.name_of(path)
        if path.suffix.lower() != ".epw":
            reading.warn(name, None, None, "nothing reads this file")
        elif path.stem in regions:
            files[path.stem] = path
        elif regions and reading.whole("regions"):
            found = f"'{path.stem}' is no region of this case"
            reading.fault(name, None, None, found, "REGION.epw", nearest(path.stem, regions))
    return files


def _from_epw(
    reading: Reading, files: Mapping[str, Path], network: Network, regions: Names
) -> Given | None:
    shape = (len(network.snapshots), len(regions))
    outdoor, wind = np.full(shape, np.nan), np.full(shape, np.nan)
    seen = np.zeros(shape, dtype=np.bool_)
    notes = []
    for name, path in files.items():  # the file for all regions comes first
        epw = read_epw(reading, path)
        if epw is None or not shape[0]:
            return None
        put = on_snapshots(epw, network.snapshots, network.step_hours)
        _refuse_missing_values(reading, reading.name_of(path), epw, put)
        own = np.array([name in (EVERYWHERE, region) for region in regions], dtype=np.bool_)
        outdoor[:, own], wind[:, own] = put.outdoor_degc[:, None], put.wind_m_per_s[:, None]
        seen[:, own] = (put.row >= 0)[:, None]
        notes.append(f"{reading.name_of(path)}: {put.note}")
    file = reading.name_of(next(iter(files.values()))) if len(files) == 1 else "weather"
    return Given(file, tuple(notes), outdoor, wind, outdoor, outdoor, seen)


def _refuse_missing_values(reading: Reading, file: str, epw: Epw, put: OnSnapshots) -> None:
    """Refuse hours that the case needs and the file marks as missing."""
    for column, values in (("outdoor_degc", put.outdoor_degc), ("wind_m_per_s", put.wind_m_per_s)):
        lacking = np.flatnonzero(np.isnan(values) & (put.row >= 0))
        if len(lacking):
            found = f"missing for {len(lacking)} of {len(values)} snapshots, here the first"
            line = int(epw.lines[put.row[lacking[0]]])
            reading.fault(file, line, column, found, "a value for every hour of the case")


def _known(reading: Reading, given: Given, snapshots: Times, regions: Names) -> int:
    """Return how many snapshots are covered from the first; holes before the end are faults."""
    seen = given.seen
    ends = seen.sum(axis=0)
    early = (ends > 0) & (ends < len(snapshots)) & (np.cumprod(seen, axis=0).sum(axis=0) == ends)
    for at in np.flatnonzero(~early).tolist():
        absent = missing_times(snapshots, seen[:, at])
        if absent:
            found = f"region '{regions[at]}': {absent}"
            reading.fault(given.file, None, "time", found, "every snapshot")
            if not np.any(seen[~seen[:, at]]):
                break  # no region has these hours: saying it once is enough
    known = int(ends.min(initial=len(snapshots)))
    if early.any() and known:
        found = (
            f"ends with {format_time(snapshots[known - 1])}: "
            f"{known} of {len(snapshots)} snapshots are covered, no run goes past them"
        )
        reading.warn(given.file, None, "time", found)
    return known


def _held(values: Floats, seen: Bools, step_hours: float) -> Floats:
    """Return values with the mean of the last day covered where a forecast has ended."""
    out = values.copy()
    day = max(1, round(24.0 / step_hours))
    for at, end in enumerate(seen.sum(axis=0).tolist()):
        if 0 < end < len(values):
            out[end:, at] = values[max(0, end - day) : end, at].mean()
    return out
