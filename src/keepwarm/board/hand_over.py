"""A scenario's run as others read it: the brief, and files in other people's formats.

Making them takes seconds, so that a process of its own makes them: who reads meanwhile never waits.
"""

from __future__ import annotations

import asyncio
import io
import json
import multiprocessing
import tempfile
import zipfile
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from keepwarm.board.worker import end_with_parent
from keepwarm.runs.folder import read_run
from keepwarm.runs.run import Run


@dataclass(frozen=True)
class Form:
    """One format: what its file ends with, and how browsers call it."""

    ending: str
    media: str


FORMS: Mapping[str, Form] = {
    "brief": Form("html", "text/html; charset=utf-8"),
    "geojson": Form("geojson", "application/geo+json"),
    "hxl": Form("csv", "text/csv; charset=utf-8"),
    "cap": Form("zip", "application/zip"),
    "xlsx": Form("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ics": Form("zip", "application/zip"),
    "parquet": Form("zip", "application/zip"),
    "json": Form("json", "application/json; charset=utf-8"),
}


class Scribe:
    """The process that writes, started when first needed."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def written(self, folder: Path, form: str, language: str) -> bytes | None:
        """Return a run in a format; None where it has nothing to say in it.

        Raises
        ------
        InputError
            Where the run cannot be read or written so.
        """
        loop = asyncio.get_running_loop()
        for _ in range(2):
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(1, context, initializer=end_with_parent)
            try:
                return await loop.run_in_executor(self._pool, written, folder, form, language)
            except BrokenProcessPool:
                self._pool = None
        raise RuntimeError("the process that writes ended twice")

    def close(self) -> None:
        """End the process."""
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):
                process.terminate()
            self._pool.shutdown(wait=False, cancel_futures=True)


def written(folder: Path, form: str, language: str) -> bytes | None:
    """Return a kept run in one of `FORMS`; None where it has nothing to say in it."""
    if form == "parquet":
        return zipped({file.name: file.read_bytes() for file in sorted(folder.iterdir())})
    run = read_run(folder)
    if form == "brief":
        from keepwarm.briefing import brief
        from keepwarm.briefing.words import languages

        # A name of a language from the wire must never be taken for a file.
        return brief(run, language=language if language in languages() else "en").html.encode()
    if form == "json":
        return json.dumps(run.answers, ensure_ascii=False, indent=1).encode()
    with tempfile.TemporaryDirectory() as place:
        return _by_file(run, form, Path(place) / f"out.{FORMS[form].ending}")


def _by_file(run: Run, form: str, target: Path) -> bytes | None:
    """Let a writer of `keepwarm.exchange` write its file or folder, and return it."""
    if form == "cap":
        from keepwarm.exchange.alerts import alerts_of

        alerts = alerts_of(run)
        return zipped(alerts) if alerts else None
    if form == "ics":
        return _calendars(run)
    if form == "geojson":
        from keepwarm.exchange.geojson import write_geojson as write
    elif form == "hxl":
        from keepwarm.exchange.hxl import write_hxl as write
    else:
        from keepwarm.exchange.workbook import write_workbook as write
    write(run, target)
    return target.read_bytes()


def _calendars(run: Run) -> bytes | None:
    """Return the calendars of the plan's rotation, one per group; None without a rotation."""
    import tomllib

    from keepwarm.case.plan_file import plan_of
    from keepwarm.exchange.calendars import write_calendars

    text = run.manifest.get("plan")
    table = plan_of(tomllib.loads(str(text)), Path("plan")).timetable if text else None
    if table is None:
        return None
    with tempfile.TemporaryDirectory() as place:
        files = write_calendars(table, Path(place))
        return zipped({file.name: file.read_bytes() for file in files})


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files in one archive, the same bytes for the same files."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content)
    return found.getvalue()
