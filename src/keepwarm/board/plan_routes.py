"""Endpoints of the plan: what a scenario carries out, and its power cuts as files."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from keepwarm.board.desk import desk_of
from keepwarm.board.plan_view import plan_view
from keepwarm.board.timetable_view import timetable_file
from keepwarm.board.wire import Refused, answer
from keepwarm.errors import InputError


async def plan(request: Request) -> Response:
    """Answer with the plan that a scenario carries out; null where it carries out none."""
    desk, name = desk_of(request), request.path_params["name"]
    given, chosen = desk.situation(name), desk.plan(name)
    if chosen is None:
        return answer(request, {"plan": None})
    found = await asyncio.to_thread(plan_view, desk.case, given.damage, chosen)
    return answer(request, {"plan": found})


async def timetable(request: Request) -> Response:
    """Answer with the power cuts of a scenario's plan as a file that others read."""
    desk, form = desk_of(request), request.path_params["form"]
    chosen = desk.plan(request.path_params["name"])
    if chosen is None or chosen.timetable is None:
        raise Refused(404, "no power cuts are planned here")
    try:
        name, media, content = await asyncio.to_thread(
            timetable_file, chosen.timetable, desk.case.time_zone, form
        )
    except InputError as error:
        raise Refused(422, "this format cannot say it", error.faults) from error
    response = Response(content, media_type=media)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


ROUTES = [
    Route("/api/scenarios/{name}/plan", plan),
    Route("/api/scenarios/{name}/timetable/{form}", timetable),
]
