"""Works done by the workers of a Dask scheduler, on this machine or others.

Whoever can reach a scheduler can run code on its workers, which unpickle what they are sent: only
in a trusted network, or with TLS (``tls://``, certificates by Dask's own configuration).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from keepwarm.ensemble.chunks import to_bytes
from keepwarm.ensemble.study import Study
from keepwarm.ensemble.walking import Walker
from keepwarm.ensemble.workers import Progress, Results
from keepwarm.ensemble.works import Work
from keepwarm.errors import Fault, InputError, KeepwarmError

if TYPE_CHECKING:
    from distributed import Client

#: Seconds to wait for the scheduler, and for a first worker.
PATIENCE_SECONDS = 20.0

#: Tries to bring a study to workers, some of which may be dying.
TRIES = 5

#: Seconds between two looks at whether the scheduler is there.
GLANCE_SECONDS = 2.0

#: Works handed out for each thread of the cluster, so that none waits.
AHEAD = 3


class ClusterLost(KeepwarmError):
    """The scheduler, or its last worker, went away; what was done until then is kept."""


def on_cluster(study: Study, todo: Iterable[Work], progress: Progress, *, address: str) -> Results:
    """Do works on a cluster, in whatever order they are done.

    A worker that dies takes its work with it; the scheduler gives the work to another.

    Parameters
    ----------
    study
        What is walked; sent once to each worker.
    todo
        The works.
    progress
        Told of a work's steps when the work is done.
    address
        Of the scheduler: ``tcp://host:port``.

    Raises
    ------
    InputError
        When there is no scheduler at the address, no worker comes, or a worker has another
        version of keepwarm.
    ClusterLost
        When the scheduler goes away on the way, or workers die again and again.
    """
    client = _connected(address)
    try:
        _check_workers(client, address)
        yield from _results(client, study, iter(todo), progress)
    except _lost() as error:
        text = "the cluster went away; what was done before is kept, --resume goes on"
        raise ClusterLost(f"{address}: {text}") from error
    finally:
        client.close(timeout=PATIENCE_SECONDS)


def _results(
    client: Client, study: Study, todo: Iterator[Work], progress: Progress
) -> Iterator[tuple[Work, bytes]]:
    name = f"keepwarm-{uuid4().hex}"
    _tell_workers(client, name, study)
    running: dict[Any, Work] = {}

    def hand_out() -> None:
        room = AHEAD * max(1, sum(client.nthreads().values()))
        while len(running) < room and (work := next(todo, None)) is not None:
            running[client.submit(_walk, name, work, pure=False)] = work

    try:
        hand_out()
        while running:
            for future in _first(client, list(running)):
                work = running.pop(future)
                chunk: bytes = future.result()
                progress(work.count * study.steps)
                yield work, chunk
            hand_out()
    finally:
        with contextlib.suppress(*_lost()):
            if client.status == "running":
                client.unregister_worker_plugin(name)


def _first(client: Client, futures: list[Any]) -> set[Any]:
    """Wait for some of the futures to be done; a client does not tell that its scheduler is gone.

    Raises
    ------
    CommClosedError
        When the scheduler has been away for too long.
    """
    from distributed import wait
    from distributed.comm import CommClosedError

    away = 0.0
    while away < PATIENCE_SECONDS:
        try:
            with client.as_current():
                found = wait(futures, timeout=GLANCE_SECONDS, return_when="FIRST_COMPLETED")
        except TimeoutError:
            away = 0.0 if client.status == "running" else away + GLANCE_SECONDS
        else:
            done: set[Any] = found.done
            return done
    raise CommClosedError("the scheduler does not answer")


def _tell_workers(client: Client, name: str, study: Study) -> None:
    """Bring a study to all workers; a plugin reaches those that join later, too."""
    from distributed.comm import CommClosedError

    for left in reversed(range(TRIES)):
        try:
            client.register_plugin(_carrier(study), name=name)
            return
        except CommClosedError:  # a worker died while it was told; or the scheduler did
            if not left:
                raise


def _carrier(study: Study) -> Any:
    """Return what brings a study to every worker of now and later."""
    from distributed import WorkerPlugin

    class Carrier(WorkerPlugin):  # type: ignore[misc]
        """Holds a study; each thread of its worker makes a walker of it."""

        def __init__(self) -> None:
            self.study = study

        def setup(self, worker: object) -> None:
            """Begin with no walker."""
            self.walkers = threading.local()

        def walker(self) -> Walker:
            """Return the walker of this thread."""
            if not hasattr(self.walkers, "own"):
                self.walkers.own = Walker(self.study)
            found: Walker = self.walkers.own
            return found

    return Carrier()


def _walk(name: str, work: Work) -> bytes:
    """Walk a work in a thread of a worker."""
    from distributed import get_worker

    walker: Walker = get_worker().plugins[name].walker()
    return to_bytes(walker.walk(work))


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        expected = "pip install 'keepwarm[cluster]'"
        fault = Fault("cluster", None, None, "Dask's distributed is not installed", expected)
        raise InputError((fault,)) from error
    try:
        return Client(address, timeout=PATIENCE_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        expected = "a Dask scheduler: tcp://host:8786"
        fault = Fault("cluster", None, None, f"nothing answers at {address}", expected)
        raise InputError((fault,)) from error


def _check_workers(client: Client, address: str) -> None:
    """Refuse a cluster without workers, or with a worker that would come to other numbers."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
    except TimeoutError as error:
        fault = Fault("cluster", None, None, f"{address} has no workers", "dask worker ADDRESS")
        raise InputError((fault,)) from error
    own = _versions()
    for worker, theirs in client.run(_versions).items():
        if theirs != own:
            fault = Fault("cluster", None, worker, f"has {theirs}", f"{own}, as here")
            raise InputError((fault,))


def _versions() -> str:
    import numba
    import numpy as np

    from keepwarm import __version__

    return f"keepwarm {__version__}, numpy {np.__version__}, numba {numba.__version__}"


def _lost() -> tuple[type[BaseException], ...]:
    from concurrent.futures import CancelledError

    from distributed.comm import CommClosedError
    from distributed.scheduler import KilledWorker

    # OSError: a connection that nobody takes, timeouts among them.
    return CancelledError, CommClosedError, KilledWorker, OSError
