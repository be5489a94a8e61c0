"""Jobs: searches for a plan and risks, each in a process of its own, with progress and an end.

A plan is kept in the store the moment it is found; the winters of a risk as they are walked.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import secrets
import signal
import threading
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from keepwarm.board.job_work import Ended, PlanWork, do
from keepwarm.board.store import Store
from keepwarm.board.winters import RiskWork
from keepwarm.board.wire import Refused, fault_document
from keepwarm.said.sentence import known, said

#: Jobs under way at once; each takes a processor, a risk several.
AT_ONCE = 2

#: Finished jobs that are still told of.
_REMEMBERED = 50

#: How long jobs may take to end with the best so far when the board ends, s.
_PATIENCE = 1.0


@dataclass
class Job:
    """One job: what was asked for, and how far it is."""

    name: str
    kind: str
    scenario: str
    process: SpawnProcess
    last: Mapping[str, Any] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    stopping: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return bool(self.last.get("finished") or "failed" in self.last)

    def document(self) -> dict[str, Any]:
        """Return the job as the page lists it."""
        return {"job": self.name, "kind": self.kind, "scenario": self.scenario, **self.last}


class Jobs:
    """The jobs of a board; everything here happens in the event loop but for `_listen`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._jobs: dict[str, Job] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def all(self) -> list[Job]:
        """Return the jobs that are told of, the latest first."""
        return list(reversed(self._jobs.values()))

    def find(self, name: str) -> Job:
        """Return a job.

        Raises
        ------
        Refused
            404 where there is none.
        """
        if name not in self._jobs:
            raise Refused(404, "there is no such job")
        return self._jobs[name]

    def start(self, kind: str, scenario: str, work: PlanWork | RiskWork) -> Job:
        """Start a job.

        Raises
        ------
        Refused
            409 where enough are under way.
        """
        if sum(not job.over for job in self._jobs.values()) >= AT_ONCE:
            raise Refused(409, said("refused.busy", {"count": AT_ONCE}))
        self._loop = asyncio.get_running_loop()
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe(duplex=False)
        # Not a daemon: a risk has workers of its own.
        process = context.Process(target=do, args=(there, work))
        # Stopped while it still loads, it hears of it once it can answer: see `do`.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        there.close()
        job = Job(secrets.token_hex(8), kind, scenario, process, {"begun": time.time()})
        self._jobs[job.name] = job
        threading.Thread(target=self._listen, args=(job, here), daemon=True).start()
        self._forget()
        return job

    def stop(self, job: Job) -> None:
        """Stop a job; of a plan the best so far comes all the same."""
        if job.over or job.process.pid is None:
            return
        if job.stopping:  # asked for twice: at once
            job.process.kill()
        job.stopping = True
        with suppress(ProcessLookupError):
            os.kill(job.process.pid, signal.SIGINT)

    async def events(self, job: Job) -> AsyncIterator[Mapping[str, Any]]:
        """Yield how far a job is, again and again, until it is over."""
        while True:
            told, over = job.last, job.over
            yield told
            if over:
                return
            while job.last is told:
                await job.changed.wait()

    def close(self) -> None:
        """End all jobs; a plan that is nearly found is waited for a moment."""
        begun = [job for job in self._jobs.values() if not job.over]
        for job in begun:
            job.stopping = False
            self.stop(job)
        until = time.monotonic() + _PATIENCE
        for job in begun:
            job.process.join(max(0.0, until - time.monotonic()))
            if job.process.is_alive():
                job.process.kill()
                job.process.join()

    def _forget(self) -> None:
        over = [job.name for job in self._jobs.values() if job.over]
        for name in over[:-_REMEMBERED]:
            del self._jobs[name]

    def _listen(self, job: Job, pipe: Connection) -> None:
        """Take what a job says; in a thread, so that a plan is kept whatever the loop does."""
        ended = False
        with suppress(EOFError, OSError):
            while True:
                told = pipe.recv()
                ended = ended or isinstance(told, Ended)
                self._tell(job, self._kept(job, told) if isinstance(told, Ended) else told)
        if not ended:
            self._tell(job, {"failed": known("stopped" if job.stopping else "the job ended early")})
        job.process.join()

    def _kept(self, job: Job, ended: Ended) -> Mapping[str, Any]:
        """Keep what came of a job, and return the last event about it."""
        if ended.plan is not None:
            name = self._store.keep("plan", ended.plan)
            result = {"plan": name, "edit": {"kind": "plan", "plan": name}}
        elif ended.risk is not None:
            result = {"risk": ended.risk}
        else:
            faults = [fault_document(fault) for fault in ended.faults]
            return {"failed": known(ended.message), "faults": faults}
        return {"finished": True, "cancelled": not ended.complete, "result": result}

    def _tell(self, job: Job, event: Mapping[str, Any]) -> None:
        def change() -> None:
            job.last = event
            job.changed.set()
            job.changed = asyncio.Event()

        with suppress(RuntimeError):  # the board has ended
            if self._loop is not None:
                self._loop.call_soon_threadsafe(change)
