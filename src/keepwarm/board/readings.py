"""Documents made of a run that is kept: made once, gzipped once, read by any number of viewers."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from keepwarm.board.wire import packed
from keepwarm.runs.folder import read_run
from keepwarm.runs.run import Run

#: Documents held in memory, bytes.
_IN_MEMORY = 48_000_000

#: Runs held in memory; tables of a country are some tens of megabytes.
_RUNS = 4


class Readings:
    """What was read of runs lately; everything here happens in the event loop or in its threads."""

    def __init__(self) -> None:
        self._documents: OrderedDict[tuple[str, ...], asyncio.Task[bytes]] = OrderedDict()
        self._runs: OrderedDict[Path, asyncio.Task[Run]] = OrderedDict()

    async def run(self, folder: Path) -> Run:
        """Return a run that stands in a folder."""
        if folder not in self._runs:
            self._runs[folder] = asyncio.create_task(asyncio.to_thread(read_run, folder))
            while len(self._runs) > _RUNS:
                self._runs.popitem(last=False)
        self._runs.move_to_end(folder)
        try:
            return await asyncio.shield(self._runs[folder])
        except Exception:
            self._runs.pop(folder, None)
            raise

    async def document(self, key: tuple[str, ...], make: Callable[[], object]) -> bytes:
        """Return a document, gzipped; ``make`` makes it in a thread where it is not at hand.

        Whoever asks for the same while it is made waits for the same.
        """
        task = self._documents.get(key)
        if task is None:
            task = asyncio.create_task(asyncio.to_thread(lambda: packed(make())))
            self._documents[key] = task
        self._documents.move_to_end(key)
        try:
            found = await asyncio.shield(task)
        except Exception:
            self._documents.pop(key, None)
            raise
        self._prune()
        return found

    def _prune(self) -> None:
        done = {key: task for key, task in self._documents.items() if task.done()}
        size = sum(len(task.result()) for task in done.values() if not task.exception())
        for key, task in done.items():
            if size <= _IN_MEMORY:
                return
            size -= len(task.result()) if not task.exception() else 0
            del self._documents[key]
