"""What a run is handed on as: one door to every format, for the command line and for the board."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from keepwarm.case.timetable import window
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.exchange.alerts import alerts_of
from keepwarm.exchange.geojson import geojson_of
from keepwarm.exchange.hxl import hxl_of
from keepwarm.exchange.local_days import days_of, padded_to_days
from keepwarm.exchange.run_calendar import calendars_of, rotation_of
from keepwarm.exchange.schedules import write_schedule
from keepwarm.exchange.whole import write_bytes_whole, write_folder_whole
from keepwarm.exchange.workbook import workbook_of
from keepwarm.runs.run import Run


@dataclass(frozen=True)
class Format:
    """One format: a file, or a folder of files whose names match ``pattern``."""

    name: str  # of the file or folder where nobody names it
    media: str  # of the file; of a zip of the folder
    make: Callable[[Run, str], Mapping[str, bytes]]
    pattern: str = ""  # a folder is written over only where it holds nothing else


def handed_over(run: Run, form: str, language: str = "en") -> Mapping[str, bytes]:
    """Return a run in a format: name of each file -> its content.

    Parameters
    ----------
    run
        From `keepwarm.runs.folder.read_run` or `keepwarm.run`.
    form
        One of `FORMATS`.
    language
        Of calendars: ``en`` or ``uk``. Other formats have names in every language of the case.

    Raises
    ------
    InputError
        Where there is no such format, or it has no way to say this run; schedules of power cuts
        need a plan with a rotation.
    """
    if form not in FORMATS:
        found, expected = f"there is no format '{form}'", "one of " + ", ".join(FORMATS)
        raise InputError([Fault("format", None, None, found, expected, nearest(form, FORMATS))])
    return FORMATS[form].make(run, language)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files in one archive, the same bytes for the same files."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content)
    return found.getvalue()


def write_hand_over(run: Run, form: str, target: Path, language: str = "en") -> int:
    """Write a run in a format, whole or not at all, and return how many files that are.

    Parameters
    ----------
    run, form, language
        As in `handed_over`.
    target
        The file; for alerts and calendars a folder, whose earlier ones are replaced.

    Raises
    ------
    InputError
        As in `handed_over`; or where it cannot be written.
    """
    files = handed_over(run, form, language)
    if FORMATS[form].pattern:
        write_folder_whole(target, files, FORMATS[form].pattern)
    else:
        write_bytes_whole(target, next(iter(files.values())))
    return len(files)


def _tables(run: Run) -> Mapping[str, bytes]:
    """Return the run folder in one archive: manifest and Parquet tables."""
    files = {"manifest.json": json.dumps(run.manifest, ensure_ascii=False, indent=1).encode()}
    for name, table in run.tables.items():
        found = io.BytesIO()
        pq.write_table(table, found, compression="zstd")
        files[f"{name}.parquet"] = found.getvalue()
    return {"tables.zip": zipped(files)}


def _schedule(form: str, name: str, days: int = 0) -> Callable[[Run, str], Mapping[str, bytes]]:
    """Return what makes a schedule of power cuts: whole days of the case's zone, 0 for all."""

    def make(run: Run, language: str) -> Mapping[str, bytes]:
        table, case = rotation_of(run), run.manifest["case"]
        if table is None:
            found, expected = "this run has no rotation", "a run of a plan that cuts in turn"
            raise InputError([Fault(str(run.answers["case"]), None, "plan", found, expected)])
        zone = str(case["time_zone"]) if isinstance(case, dict) else "UTC"
        table = padded_to_days(table, zone)
        if days:
            last, _ = days_of(table, zone, name)[:days][-1]
            table = window(table, table.start, last.begin + len(last) * table.slot)
        with tempfile.TemporaryDirectory() as place:
            try:
                write_schedule(table, Path(place) / name, zone, form=form)
            except InputError as error:  # where it stood for a moment is nobody's business
                raise InputError(replace(fault, file=name) for fault in error.faults) from error
            return {name: (Path(place) / name).read_bytes()}

    return make


def _alone(name: str, make: Callable[[Run], bytes]) -> Callable[[Run, str], Mapping[str, bytes]]:
    return lambda run, language: {name: make(run)}


_JSON = "application/json; charset=utf-8"
_ZIP = "application/zip"
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Formats of power cuts, which a run without a rotation has not.
SCHEDULES = ("outage-data-ua", "yasno", "csv")

#: Every format, by the name that the command line and the board give it.
FORMATS: Mapping[str, Format] = {
    "geojson": Format(
        "regions.geojson",
        "application/geo+json",
        _alone("regions.geojson", lambda run: geojson_of(run).encode()),
    ),
    "hxl": Format(
        "regions_hxl.csv",
        "text/csv; charset=utf-8",
        _alone("regions_hxl.csv", lambda run: hxl_of(run).encode("utf-8-sig")),
    ),
    "cap": Format("alerts", _ZIP, lambda run, language: alerts_of(run), "alert-*.xml"),
    "xlsx": Format(
        "tables.xlsx", _SHEETS, lambda run, language: {"tables.xlsx": workbook_of(run, language)}
    ),
    "parquet": Format("tables.zip", _ZIP, lambda run, language: _tables(run)),
    "ics": Format("calendars", _ZIP, calendars_of, "*.ics"),
    "outage-data-ua": Format("cuts.json", _JSON, _schedule("outage-data-ua", "cuts.json")),
    "yasno": Format("cuts_yasno.json", _JSON, _schedule("yasno", "cuts_yasno.json", days=2)),
    "csv": Format("cuts.csv", "text/csv; charset=utf-8", _schedule("csv", "cuts.csv")),
}
