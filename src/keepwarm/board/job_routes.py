"""Endpoints of jobs, and of the plans that they found."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Mapping
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from keepwarm.board.desk import Desk, desk_of
from keepwarm.board.events import event_stream
from keepwarm.board.job_work import PlanWork
from keepwarm.board.risk_view import risk_options
from keepwarm.board.risks import files_beside
from keepwarm.board.winters import RiskWork
from keepwarm.board.wire import Refused, answer, document_of
from keepwarm.case.plan_file import plan_text
from keepwarm.ensemble.study import RiskOptions, rows_of_damage, study_of
from keepwarm.errors import Fault, InputError
from keepwarm.recovery.access import with_claimed_access
from keepwarm.recovery.outlook import time_of_plan
from keepwarm.said.sentence import said

OBJECTIVES = ("people_cold", "energy")

#: Longest search that is started from the page, s.
_LONGEST = 3600.0

_PLAN_KEYS = ("kind", "scenario", "objective", "seconds")


async def add_job(request: Request) -> Response:
    """Start a search for a plan, or a risk."""
    document = await document_of(request)
    desk, kind = desk_of(request), document.get("kind")
    scenario = document.get("scenario", desk.root.name)
    if not isinstance(scenario, str):
        raise Refused(400, "scenario has to be the name of one")
    work: PlanWork | RiskWork
    if kind == "plan":
        work = plan_work(desk, scenario, document)
    elif kind == "risk":
        work = await asyncio.to_thread(risk_work, desk, scenario, document)
    else:
        raise Refused(400, "kind has to be plan or risk")
    return answer(request, desk.jobs.start(kind, scenario, work).document(), 201)


def risk_work(desk: Desk, scenario: str, document: Mapping[str, Any]) -> RiskWork:
    """Return the winters that were asked for.

    Raises
    ------
    Refused
        As `keepwarm.board.desk.Desk.scenario`.
    InputError
        With every fault of what was asked.
    """
    now, case = desk.situation(scenario), desk.case
    plan = now.planned(case)
    base = RiskOptions(
        samples=1,
        start=None if desk.given.start is None else str(desk.given.start),
        hours=desk.around.hours,
        damage=rows_of_damage(case, now.damage),
        plan=None if plan is None else plan_text(plan),
    )
    wish = {key: value for key, value in document.items() if key not in ("kind", "scenario")}
    options = risk_options(wish, files_beside(case.path), base)
    study_of(case, options)  # says what is wrong before a process is started
    return RiskWork(case, options, desk.workspace, max(1, (os.cpu_count() or 1) - 1))


def plan_work(desk: Desk, scenario: str, document: Mapping[str, Any]) -> PlanWork:
    """Return the search that was asked for.

    Raises
    ------
    Refused
        422 with every fault of what was asked.
    """
    now, case = desk.situation(scenario), desk.case
    faults = [
        Fault("job", None, str(key)[:60], "an unknown key", ", ".join(_PLAN_KEYS))
        for key in document
        if key not in _PLAN_KEYS
    ]
    objective = document.get("objective", OBJECTIVES[0])
    if objective not in OBJECTIVES:
        found = f"{objective!r}"[:60]
        faults.append(Fault("job", None, "objective", found, " or ".join(OBJECTIVES)))
    seconds = document.get("seconds", 60.0)
    number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not number or not (math.isfinite(seconds) and 1.0 <= seconds <= _LONGEST):
        found = f"{seconds!r}"[:60]
        expected = said("fault.number", {"least": 1, "most": _LONGEST})
        faults.append(Fault("job", None, "seconds", found, expected))
    if faults:
        raise Refused(422, "no plan can be looked for so", faults)
    try:
        at = max(time_of_plan(case, now.damage), desk.around.start)
    except InputError as error:
        raise Refused(422, "no plan can be looked for so", error.faults) from error
    hours = float((desk.around.end - at) / np.timedelta64(3600, "s"))
    case = with_claimed_access(case, now.closed)
    return PlanWork(case, now.damage, hours, at, str(objective), float(seconds), now.plan)


async def jobs(request: Request) -> Response:
    """Answer with the jobs of this board since it began, the latest first."""
    return answer(request, {"jobs": [job.document() for job in desk_of(request).jobs.all()]})


async def job(request: Request) -> Response:
    """Answer how far a job is; DELETE stops it."""
    desk = desk_of(request)
    found = desk.jobs.find(request.path_params["name"])
    if request.method == "DELETE":
        desk.jobs.stop(found)
        return answer(request, found.document(), 202)
    return answer(request, found.document())


async def events(request: Request) -> Response:
    """Stream how far a job is; then ``finished`` with a result, or ``failed``."""
    desk = desk_of(request)
    return event_stream(desk.jobs.events(desk.jobs.find(request.path_params["name"])))


async def plans(request: Request) -> Response:
    """Answer with the plans that were found or given, the latest first."""
    desk = desk_of(request)
    found = []
    for name, made in desk.store.names("plan"):
        plan = desk.around.plan(name)
        if plan is not None and plan.case in ("", desk.case.name):
            found.append(
                {
                    "plan": name,
                    "kept": made,
                    "made_at": f"{plan.made_at}Z",
                    "objective": plan.objective,
                    "complete": plan.complete,
                    "repairs": len(plan.repairs),
                    "worth": dict(plan.worth),
                }
            )
    return answer(request, {"plans": found})


ROUTES = [
    Route("/api/jobs", add_job, methods=["POST"]),
    Route("/api/jobs", jobs),
    Route("/api/jobs/{name}", job, methods=["GET", "DELETE"]),
    Route("/api/jobs/{name}/events", events),
    Route("/api/plans", plans),
]
