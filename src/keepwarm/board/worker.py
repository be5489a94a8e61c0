"""The process that walks scenarios: it holds the case, and does one walk after the other.

It is told what to walk and what to stop through one pipe, and answers through the same.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from queue import SimpleQueue

import numpy as np

from keepwarm.board.frames import run_document
from keepwarm.board.situation import Winter
from keepwarm.board.wire import packed
from keepwarm.case.nouns import Case, Damage
from keepwarm.case.plan import Plan
from keepwarm.errors import AuditError, Fault, InputError, KeepwarmError
from keepwarm.runs.folder import rewrite_manifest, write_run
from keepwarm.runs.run import Run, checked
from keepwarm.runs.what_if import RECENT, WhatIf


@dataclass(frozen=True)
class Setting:
    """What all walks of a board have in common: as `keepwarm.run` takes them."""

    case: Case
    start: np.datetime64 | None
    hours: float | None
    steps: int
    damage_file: Path | None


@dataclass(frozen=True)
class Walk:
    """One scenario to be walked; its run goes to ``out``."""

    number: int
    name: str
    damage: Damage
    plan: Plan | None
    out: Path
    winter: Winter | None = None  # in place of damage and plan


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
class Checked:
    """Steps of a run were solved again: whether they held, and the page's document that says so."""

    name: str
    held: bool
    document: bytes


@dataclass(frozen=True)
class Failed:
    """A walk came to nothing, and why; no faults and no message where it was stopped."""

    number: int
    message: str
    faults: tuple[Fault, ...] = ()
    stopped: bool = False


class _Stopped(Exception):
    """Nobody waits for this walk any more."""


class _Later(Exception):
    """Somebody waits for something else."""


def end_with_parent(*, hears_interrupts: bool = False) -> None:
    """End this process when its parent ends, however that ends; Ctrl-C is the parent's affair.

    Parameters
    ----------
    hears_interrupts
        SIGINT is a KeyboardInterrupt here, too: the parent sends it.
    """
    hears = signal.default_int_handler if hears_interrupts else signal.SIG_IGN
    signal.signal(signal.SIGINT, hears)
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
    """What lies on the worker's desk, in the order in which it is done.

    First what somebody waits for; then runs are written down; then, when nothing else is to be
    done, their steps are solved again.
    """

    def __init__(self, pipe: Connection, setting: Setting) -> None:
        self._pipe, self._setting = pipe, setting
        self._todo: SimpleQueue[Walk | None] = SimpleQueue()
        self._stopped: set[int] = set()
        self._unwritten: deque[tuple[Walk, Run]] = deque()
        self._unchecked: deque[tuple[Walk, Run]] = deque(maxlen=RECENT)
        self._what_if: WhatIf | None = None

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
        """Do one thing after the other."""
        setting = self._setting
        self._what_if = WhatIf(setting.case, start=setting.start, hours=setting.hours)
        while True:
            idle = not (self._unwritten or self._unchecked)
            if idle or not self._todo.empty():
                walk = self._todo.get()
                if walk is None:
                    return
                self._carefully(walk, self._walk)
            elif self._unwritten:
                walk, done = self._unwritten.popleft()
                self._carefully(walk, partial(self._write, done))
            else:
                walk, done = self._unchecked.pop()
                self._carefully(walk, partial(self._check, done))

    def _carefully(self, walk: Walk, do: Callable[[Walk], None]) -> None:
        """Do something for a walk; say what went wrong."""
        try:
            do(walk)
        except _Stopped:
            self._send(Failed(walk.number, "", stopped=True))
        except KeepwarmError as error:
            faults = error.faults if isinstance(error, InputError) else ()
            said = "this cannot be walked" if faults else str(error)
            self._send(Failed(walk.number, said, faults))
        except Exception:  # noqa: BLE001 - a fault of keepwarm: the worker goes on
            traceback.print_exc()
            self._send(Failed(walk.number, "keepwarm failed; see where the board was started"))

    def _walk(self, walk: Walk) -> None:
        """Walk a scenario and send what the page waits for."""
        setting = self._setting

        def progress(done: int) -> None:
            if walk.number in self._stopped:
                raise _Stopped
            self._send(Advanced(walk.number, done, setting.steps))

        progress(0)
        if walk.winter is not None:  # walked as samples are, and checked as it goes
            # What draws samples takes a while to import, and few boards need it.
            from keepwarm.ensemble.folder import read_risk
            from keepwarm.ensemble.replay import replay

            risk = read_risk(walk.winter.folder)
            done = replay(setting.case, risk, walk.winter.sample, progress=progress)
        else:
            done = self._walker.run(
                walk.damage, damage_file=setting.damage_file, plan=walk.plan, progress=progress
            )
        sure = None if walk.winter is None else True
        self._send(Done(walk.number, packed(run_document(done, walk.name, checked=sure))))
        self._unwritten.append((walk, done))

    def _write(self, done: Run, walk: Walk) -> None:
        """Write a run down."""
        if not walk.out.is_dir():
            write_run(done, walk.out)
        self._send(Kept(walk.number))
        if walk.winter is None:
            self._unchecked.append((walk, done))

    def _check(self, done: Run, walk: Walk) -> None:
        """Solve steps of a run again, unless something else comes in between."""

        def progress(_: int) -> None:
            if not self._todo.empty():
                raise _Later

        try:
            audit = self._walker.check(walk.damage, plan=walk.plan, progress=progress)
            sure, held = checked(done, audit), True
        except _Later:
            self._unchecked.append((walk, done))
            return
        except AuditError as error:
            print(f"{walk.name}: {error}", file=sys.stderr)  # noqa: T201 - where the board runs
            sure, held = done, False
        rewrite_manifest(sure, walk.out)
        self._send(Checked(walk.name, held, packed(run_document(sure, walk.name, checked=held))))

    @property
    def _walker(self) -> WhatIf:
        if self._what_if is None:
            raise RuntimeError("not at work yet")
        return self._what_if

    def _send(self, told: object) -> None:
        self._pipe.send(told)
