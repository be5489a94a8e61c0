"""Works done side by side: in this process, or in a pool of processes on this machine."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event

from keepwarm.ensemble.chunks import to_bytes
from keepwarm.ensemble.study import Study
from keepwarm.ensemble.walking import Walker
from keepwarm.ensemble.works import Work
from keepwarm.errors import KeepwarmError

#: Called with the number of steps that were walked since the last call, all samples together.
Progress = Callable[[int], None]

#: Each work with its chunk, see `keepwarm.ensemble.chunks`; closed where no more are wanted.
Results = Generator[tuple[Work, bytes], None, None]

#: Pools that may break one after the other without a single work done in between.
PATIENCE = 3

#: Seconds between two looks at how far the workers are.
GLANCE_SECONDS = 0.5

#: Works handed to the pool for each worker, so that none waits.
AHEAD = 2


class WorkersLost(KeepwarmError):
    """Workers died again and again; what was done until then is kept."""


def alone(study: Study, todo: Iterable[Work], progress: Progress) -> Results:
    """Do works one after the other in this process.

    Parameters
    ----------
    study
        What is walked.
    todo
        The works.
    progress
        Told of steps as they are done.

    Yields
    ------
    (Work, bytes)
        Each work with its chunk, see `keepwarm.ensemble.chunks`.
    """
    walker = Walker(study)
    for work in todo:
        yield work, to_bytes(walker.walk(work, progress))


def side_by_side(
    study: Study, todo: Iterable[Work], progress: Progress, *, workers: int
) -> Results:
    """Do works in a pool of processes, in whatever order they are done.

    A worker that dies takes its work with it; the work is done again by another. Workers end when
    their parent does, however it ends.

    Parameters
    ----------
    study, todo, progress
        As for `alone`.
    workers
        Processes.

    Raises
    ------
    WorkersLost
        When workers die again and again and nothing gets done.
    """
    waiting, broken = deque[Work](), 0
    source = iter(todo)
    while True:
        pool = _Pool(study, workers)
        try:
            for work, chunk in pool.results(waiting, source, progress):
                broken = 0
                yield work, chunk
            return
        except BrokenProcessPool as error:
            broken += 1
            if broken == PATIENCE:
                raise WorkersLost(
                    f"workers died {PATIENCE} times without finishing anything (out of memory?); "
                    "what was done before is kept, --resume goes on"
                ) from error
        finally:
            pool.close()


class _Pool:
    """Some processes, each with a walker of its own."""

    def __init__(self, study: Study, workers: int) -> None:
        # A fork would inherit threads and locks of whoever called.
        context = multiprocessing.get_context("spawn")
        self._stop, self._steps = context.Event(), context.Value("q", 0)
        self._seen, self._room = 0, AHEAD * workers
        self._pool = ProcessPoolExecutor(
            workers, context, initializer=_begin, initargs=(study, self._stop, self._steps)
        )

    def results(
        self, waiting: deque[Work], source: Iterator[Work], progress: Progress
    ) -> Iterator[tuple[Work, bytes]]:
        """Yield works as they are done; ``waiting`` holds at any time those handed out and not."""
        running: dict[Future[bytes], Work] = {}
        for work in list(waiting):
            running[self._pool.submit(_walk, work)] = work
        while True:
            while len(running) < self._room:
                new = next(source, None)
                if new is None:
                    break
                waiting.append(new)
                running[self._pool.submit(_walk, new)] = new
            if not running:
                return
            done, _ = wait(running, timeout=GLANCE_SECONDS, return_when=FIRST_COMPLETED)
            self._tell(progress)
            for future in sorted(done, key=running.__getitem__):
                chunk, work = future.result(), running.pop(future)
                waiting.remove(work)
                yield work, chunk

    def _tell(self, progress: Progress) -> None:
        now = self._steps.value
        progress(now - self._seen)
        self._seen = now

    def close(self) -> None:
        """End the processes at their next step."""
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)


@dataclass
class _Own:
    """What a worker process keeps between works."""

    walker: Walker
    stop: Event
    steps: Synchronized[int]


_own: list[_Own] = []


class _Stopped(Exception):
    """The parent wants no more."""


def _begin(study: Study, stop: Event, steps: Synchronized[int]) -> None:
    """Make a process a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent tells when to stop
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _own[:] = [_Own(Walker(study), stop, steps)]


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _walk(work: Work) -> bytes:
    [own] = _own

    def progress(steps: int) -> None:
        if own.stop.is_set():
            raise _Stopped
        with own.steps.get_lock():
            own.steps.value += steps

    return to_bytes(own.walker.walk(work, progress))
