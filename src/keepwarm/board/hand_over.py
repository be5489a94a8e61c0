"""A scenario's run as others read it: the brief, and files in other people's formats.

Making them takes seconds, so that a process of its own makes them: who reads meanwhile never waits.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from keepwarm.board.worker import end_with_parent
from keepwarm.exchange.hand_over import FORMATS, SCHEDULES, handed_over, zipped
from keepwarm.exchange.run_calendar import rotation_of
from keepwarm.runs.folder import read_run


@dataclass(frozen=True)
class Form:
    """One format: what its file ends with, and how browsers call it."""

    ending: str
    media: str


FORMS: Mapping[str, Form] = {
    "brief": Form("html", "text/html; charset=utf-8"),
    "json": Form("json", "application/json; charset=utf-8"),
    **{
        name: Form("zip" if form.pattern else form.name.rpartition(".")[2], form.media)
        for name, form in FORMATS.items()
    },
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
    run = read_run(folder)
    if form == "brief":
        from keepwarm.briefing import brief
        from keepwarm.briefing.words import languages

        # A name of a language from the wire must never be taken for a file.
        return brief(run, language=language if language in languages() else "en").html.encode()
    if form == "json":
        return json.dumps(run.answers, ensure_ascii=False, indent=1).encode()
    if form in SCHEDULES and rotation_of(run) is None:
        return None
    files = handed_over(run, form, language)
    if FORMATS[form].pattern:
        return zipped(files) if files else None
    return next(iter(files.values()))
