"""The server's side of the process that walks scenarios: who waits for what, and what is kept.

Everything here happens in the event loop; a thread only takes what comes through the pipe.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from keepwarm.board.situation import Situation
from keepwarm.board.wire import Refused
from keepwarm.board.worker import Advanced, Checked, Done, Failed, Kept, Setting, Stop, Walk, serve

#: Documents held in memory, bytes.
_IN_MEMORY = 64_000_000

#: Runs kept in the workspace; the one that was not looked at for longest goes first.
_RUNS = 40

#: How long the process is waited for when the board ends, s.
_PATIENCE = 1.0


@dataclass
class _Pending:
    """One walk under way or queued, and who waits for it."""

    walk: Walk
    document: asyncio.Future[bytes]
    kept: asyncio.Future[None]
    waiting: int = 0
    listeners: set[Callable[[int, int], None]] = field(default_factory=set)


class Walker:
    """Walks scenarios in a process of its own and keeps what comes of it."""

    def __init__(self, setting: Setting, folder: Path) -> None:
        """Get ready to walk; the process starts with `start`.

        Parameters
        ----------
        setting
            What all walks have in common.
        folder
            Of the runs and documents of this board.
        """
        self._setting, self._folder = setting, folder
        self._documents: OrderedDict[str, bytes] = OrderedDict()
        self._checked: dict[str, bool] = {}
        self._pending: dict[int, _Pending] = {}
        self._by_name: dict[str, int] = {}
        self._number = 0
        self._pipe: Connection | None = None
        self._process: SpawnProcess | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Start the process; from the event loop that answers requests."""
        self._loop = asyncio.get_running_loop()
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=serve, args=(there, self._setting), daemon=True)
        process.start()
        there.close()
        self._pipe, self._process = here, process
        threading.Thread(target=self._listen, args=(here,), daemon=True).start()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.terminate()
            self._process.join(_PATIENCE)
            if self._process.is_alive():
                self._process.kill()
        self._process = None

    def run_folder(self, name: str) -> Path:
        """Return where the run of a scenario is kept."""
        return self._folder / "runs" / name

    async def document(
        self,
        name: str,
        situation: Situation,
        listener: Callable[[int, int], None] | None = None,
    ) -> bytes:
        """Return the page's document of a scenario, gzipped: kept, or walked now.

        Whoever no longer waits cancels this; a walk that nobody waits for is called off.

        Parameters
        ----------
        name, situation
            Of the scenario.
        listener
            Told of steps done and in all.

        Raises
        ------
        Refused
            422 with faults, 500 where a walk failed.
        """
        kept = await self._kept_document(name)
        if kept is not None:
            return kept
        pending = self._pending_of(name, situation)
        await self._waited(pending, pending.document, listener)
        return pending.document.result()

    async def folder(self, name: str, situation: Situation) -> Path:
        """Return the folder of a scenario's run, which stands there whole; raises as `document`."""
        folder = self.run_folder(name)
        if name not in self._by_name and folder.is_dir():
            os.utime(folder)
            return folder
        pending = self._pending_of(name, situation)
        await self._waited(pending, pending.kept, None)
        return folder

    def knows(self, name: str) -> bool:
        """Return whether a scenario's document is at hand, so that nothing need be walked."""
        return name in self._documents or self.run_folder(name).is_dir()

    def checked(self, name: str) -> bool | None:
        """Return whether a run's steps were solved again and held; None while nobody knows."""
        if name in self._documents or name in self._checked:
            return self._checked.get(name)
        # Only documents of runs that were looked at again are on the disk.
        return True if self._kept_file(name).is_file() else None

    async def _waited(
        self,
        pending: _Pending,
        part: asyncio.Future[Any],
        listener: Callable[[int, int], None] | None,
    ) -> None:
        """Wait for a part of a walk; call it off where nobody waits for it any more."""
        pending.waiting += 1
        if listener is not None:
            pending.listeners.add(listener)
        try:
            await asyncio.shield(part)
        finally:
            pending.waiting -= 1
            if listener is not None:
                pending.listeners.discard(listener)
            if not pending.waiting and not pending.document.done() and self._pipe is not None:
                with suppress(OSError):  # the process is gone: nothing is left to be called off
                    self._pipe.send(Stop(pending.walk.number))
                if self._by_name.get(pending.walk.name) == pending.walk.number:
                    del self._by_name[pending.walk.name]  # asked for again, it is a new walk

    def _kept_file(self, name: str) -> Path:
        return self._folder / "documents" / f"{name}.json.gz"

    async def _kept_document(self, name: str) -> bytes | None:
        if name in self._documents:
            self._documents.move_to_end(name)
            return self._documents[name]
        file = self._kept_file(name)
        if not self.run_folder(name).is_dir() or not file.is_file():
            return None
        found = await asyncio.to_thread(file.read_bytes)
        self._remember(name, found)
        return found

    def _pending_of(self, name: str, situation: Situation) -> _Pending:
        """Return the walk of a scenario, queued now where it was not."""
        pending = self._pending.get(self._by_name.get(name, -1))
        if pending is None:
            if self._pipe is None or self._loop is None:
                raise Refused(503, "the board is ending")
            self._number += 1
            setting = self._setting
            plan = situation.planned(setting.case)
            out = self.run_folder(name)
            walk = Walk(self._number, name, situation.damage, plan, out, situation.winter)
            pending = _Pending(walk, self._loop.create_future(), self._loop.create_future())
            for future in (pending.document, pending.kept):
                future.add_done_callback(_looked_at)
            self._pending[self._number] = pending
            self._by_name[name] = self._number
            self._pipe.send(walk)
        return pending

    def _listen(self, pipe: Connection) -> None:
        """Take what the process says; in a thread."""
        loop = self._loop
        with suppress(EOFError, OSError, RuntimeError):
            while loop is not None:
                loop.call_soon_threadsafe(self._hear, pipe.recv())
        with suppress(RuntimeError):
            if loop is not None:
                loop.call_soon_threadsafe(self._lost)

    def _hear(self, told: object) -> None:
        if isinstance(told, Checked):
            self._checked[told.name] = told.held
            self._remember(told.name, told.document)
            if told.held:
                _keep(self._kept_file(told.name), told.document)
            return
        pending = self._pending.get(getattr(told, "number", -1))
        if pending is None:
            return
        if isinstance(told, Advanced):
            for listener in tuple(pending.listeners):
                listener(told.done, told.total)
        elif isinstance(told, Done) and not pending.document.done():
            self._remember(pending.walk.name, told.document)
            pending.document.set_result(told.document)
        elif isinstance(told, Kept):
            self._forget(told.number)
            if not pending.kept.done():
                pending.kept.set_result(None)
            self._prune()
        elif isinstance(told, Failed):
            self._forget(told.number)
            _fail(pending, told)

    def _forget(self, number: int) -> None:
        name = self._pending.pop(number).walk.name
        if self._by_name.get(name) == number:
            del self._by_name[name]

    def _lost(self) -> None:
        """Answer all who wait when the process is gone, and start another."""
        waiting, self._pending = list(self._pending.values()), {}
        self._by_name.clear()
        for pending in waiting:
            _fail(pending, Failed(pending.walk.number, "the walk ended early; ask again"))
        if self._process is not None:
            self._process.join(_PATIENCE)
            self.start()

    def _remember(self, name: str, document: bytes) -> None:
        self._documents[name] = document
        self._documents.move_to_end(name)
        while sum(map(len, self._documents.values())) > _IN_MEMORY and len(self._documents) > 1:
            self._documents.popitem(last=False)

    def _prune(self) -> None:
        """Remove the runs that were not looked at for longest; they can be walked again."""
        runs = sorted((self._folder / "runs").iterdir(), key=lambda one: -one.stat().st_mtime)
        for old in runs[_RUNS:]:
            if old.name not in self._by_name:
                shutil.rmtree(old, ignore_errors=True)
                self._kept_file(old.name).unlink(missing_ok=True)


def _fail(pending: _Pending, told: Failed) -> None:
    refused = Refused(500, told.message)
    if told.stopped:
        refused = Refused(409, "called off: nobody waited for it")
    elif told.faults:
        refused = Refused(422, "it cannot be walked", told.faults)
    for future in (pending.document, pending.kept):
        if not future.done():
            future.set_exception(refused)


def _looked_at(future: asyncio.Future[Any]) -> None:
    """Take notice of a failure nobody waits for, so that nothing complains about it."""
    if not future.cancelled():
        future.exception()


def _keep(file: Path, document: bytes) -> None:
    """Write a document beside its place and rename it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}-{os.getpid()}")
    beside.write_bytes(document)
    beside.replace(file)
