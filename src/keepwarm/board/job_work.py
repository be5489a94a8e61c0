"""What a job does in its process: look for a plan, or walk many winters."""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from keepwarm.board.winters import RiskWork
from keepwarm.board.worker import end_with_parent
from keepwarm.case.nouns import Case, Damage
from keepwarm.case.plan import Plan
from keepwarm.case.plan_file import plan_text
from keepwarm.errors import Fault, InputError, KeepwarmError

#: Between two messages, s.
_EVERY = 0.25

Tell = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True)
class PlanWork:
    """A search for a plan."""

    case: Case
    damage: Damage
    hours: float
    at: np.datetime64
    objective: str
    seconds: float
    begun_with: Plan | None


@dataclass(frozen=True)
class Ended:
    """What came of a job: a plan's text, the name of a risk's folder, or why nothing."""

    plan: str | None = None
    risk: str | None = None
    complete: bool = True
    message: str = ""
    faults: tuple[Fault, ...] = ()


def do(pipe: Connection, work: PlanWork | RiskWork) -> None:
    """Do a job and say how far it is; the target of its process, which SIGINT stops."""
    os.setsid()  # Ctrl-C in the terminal is the server's affair, which tells its jobs
    end_with_parent(hears_interrupts=True)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        tell = _Teller(pipe).tell
        pipe.send(_planned(work, tell) if isinstance(work, PlanWork) else _risked(work, tell))
    except KeyboardInterrupt:
        pipe.send(Ended(complete=False, message="stopped"))
    except KeepwarmError as error:
        faults = error.faults if isinstance(error, InputError) else ()
        pipe.send(Ended(message="it cannot be done" if faults else str(error), faults=faults))
    except Exception:  # noqa: BLE001 - a fault of keepwarm, said where the board was started
        traceback.print_exc()
        pipe.send(Ended(message="keepwarm failed; see where the board was started"))


class _Teller:
    """Sends how far a job is, not more often than anybody can read."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._last = pipe, -_EVERY

    def tell(self, event: Mapping[str, Any]) -> None:
        if time.monotonic() - self._last >= _EVERY:
            self._last = time.monotonic()
            # Not interrupted while a message is half sent.
            before = signal.signal(signal.SIGINT, signal.SIG_IGN)
            self._pipe.send(dict(event))
            signal.signal(signal.SIGINT, before)


def _planned(work: PlanWork, tell: Tell) -> Ended:
    from keepwarm.recovery.planning import Progress
    from keepwarm.recovery.planning import plan as plan_case

    def told(at: Progress) -> None:
        tell(
            {
                "done": min(at.seconds, work.seconds),
                "total": work.seconds,
                "left_seconds": max(0.0, work.seconds - at.seconds),
                "message": at.stage,
                "weighed": at.weighed,
                "best": at.cold_hours,
            }
        )

    found = plan_case(
        work.case,
        work.damage,
        at=work.at,
        hours=work.hours,
        objective=work.objective,
        seconds=work.seconds,
        start=work.begun_with,
        progress=told,
    )
    return Ended(plan=plan_text(found), complete=found.complete)


def _risked(work: RiskWork, tell: Tell) -> Ended:
    from keepwarm.board.winters import so_far, walk_winters
    from keepwarm.ensemble.study import steps_of

    total = steps_of(work.case, work.options)
    begun, done = time.monotonic(), 0

    def told(steps: int) -> None:
        nonlocal done
        done = min(done + steps, total)
        left = (time.monotonic() - begun) / max(done, 1) * (total - done)
        tell({"done": done, "total": total, "left_seconds": left, "message": "walking"})

    try:
        walk_winters(work, told)
    except KeyboardInterrupt:
        found = so_far(work)
        return Ended(risk=found.out.name if found else None, complete=False, message="stopped")
    return Ended(risk=work.out.name)
