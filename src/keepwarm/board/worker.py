"""The process that walks scenarios: it holds the case, and does one walk after the other.

It is told what to walk and what to stop through one pipe, and answers through the same.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from queue import SimpleQueue

import numpy as np

from keepwarm.board.frames import run_document
from keepwarm.board.wire import packed
from keepwarm.case.nouns import Case, Damage
from keepwarm.case.plan import Plan
from keepwarm.errors import Fault, InputError, KeepwarmError
from keepwarm.runs.folder import write_run
from keepwarm.runs.run import Run, run


@dataclass(frozen=True)
class Setting:
    """What all walks of a board have in common."""

    case: Case
    start: np.datetime64
    hours: float
    observed: bool
    damage_file: Path | None


@dataclass(frozen=True)
class Walk:
    """One scenario to be walked; its run goes to ``out``."""

    number: int
    name: str
    damage: Damage
    plan: Plan | None
    out: Path


@dataclass(frozen=True)
class Stop:
    """A walk that nobody waits for any more."""

    number: int


@dataclass(frozen=True)
class Advanced:
    """How far a walk is."""

    number: int
    done: int
    total: int


@dataclass(frozen=True)
class Done:
    """A walk is done: the page's document, gzipped."""

    number: int
    document: bytes


@dataclass(frozen=True)
class Kept:
    """The run of a walk stands in its folder."""

    number: int


@dataclass(frozen=True)
class Failed:
    """A walk came to nothing, and why; no faults and no message where it was stopped."""

    number: int
    message: str
    faults: tuple[Fault, ...] = ()
    stopped: bool = False


class _Stopped(Exception):
    """Nobody waits for this walk any more."""


def end_with_parent() -> None:
    """End this process when its parent ends, however that ends; Ctrl-C is the parent's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def serve(pipe: Connection, setting: Setting) -> None:
    """Walk what comes through a pipe until it is closed; the target of the process."""
    end_with_parent()
    desk = _Desk(pipe, setting)
    threading.Thread(target=desk.listen, daemon=True).start()
    desk.work()


class _Desk:
    """What lies on the worker's desk: walks to be done, and those that were called off."""

    def __init__(self, pipe: Connection, setting: Setting) -> None:
        self._pipe, self._setting = pipe, setting
        self._todo: SimpleQueue[Walk | None] = SimpleQueue()
        self._stopped: set[int] = set()
        self._sending = threading.Lock()

    def listen(self) -> None:
        """Take what comes in, while a walk is under way, too."""
        try:
            while True:
                told = self._pipe.recv()
                if isinstance(told, Stop):
                    self._stopped.add(told.number)
                else:
                    self._todo.put(told)
        except (EOFError, OSError):
            self._todo.put(None)

    def work(self) -> None:
        """Do one walk after the other."""
        while (walk := self._todo.get()) is not None:
            try:
                self._do(walk)
            except _Stopped:
                self._send(Failed(walk.number, "", stopped=True))
            except KeepwarmError as error:
                faults = error.faults if isinstance(error, InputError) else ()
                self._send(Failed(walk.number, str(error), faults))
            except Exception:  # noqa: BLE001 - a fault of keepwarm: the worker goes on
                traceback.print_exc()
                self._send(Failed(walk.number, "keepwarm failed; see where it was started"))

    def _do(self, walk: Walk) -> None:
        setting = self._setting
        total = round(setting.hours / setting.case.network.step_hours)

        def progress(done: int) -> None:
            if walk.number in self._stopped:
                raise _Stopped
            self._send(Advanced(walk.number, done, total))

        progress(0)
        done = run(
            setting.case,
            walk.damage,
            start=setting.start,
            hours=setting.hours,
            from_state=setting.observed,
            damage_file=setting.damage_file,
            plan=walk.plan,
            progress=progress,
        )
        self._send(Done(walk.number, packed(run_document(done, walk.name, checked=True))))
        self._keep(walk, done)

    def _keep(self, walk: Walk, done: Run) -> None:
        """Write the run down; what the page waits for has left already."""
        try:
            write_run(done, walk.out)
        except InputError as error:
            self._send(Failed(walk.number, str(error), error.faults))
        else:
            self._send(Kept(walk.number))

    def _send(self, told: object) -> None:
        with self._sending:
            self._pipe.send(told)
