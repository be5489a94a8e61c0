"""Endpoints of scenarios: what they are, and a new one by an edit."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from keepwarm.board.desk import desk_of
from keepwarm.board.shown import Shown, shown_of
from keepwarm.board.wire import Refused, answer, document_of


def scenario_document(shown: Shown, name: str) -> dict[str, Any]:
    """Return a scenario: its parent, its edit, and all edits from the root with their scenarios."""
    chain = shown.chain(name)
    last = chain[-1]
    return {
        "id": last.name,
        "parent": last.parent,
        "edit": last.edit,
        "title": shown.title() if last.edit is None else dict(last.edit),
        "edits": [{"id": one.name, **(one.edit or {})} for one in chain[1:]],
    }


async def scenario(request: Request) -> Response:
    """Answer with a scenario."""
    return answer(request, scenario_document(shown_of(request), request.path_params["name"]))


async def add_scenario(request: Request) -> Response:
    """Keep the scenario that an edit makes of another; the same as before where it was there."""
    document = await document_of(request)
    desk = desk_of(request)
    parent, edit = document.get("parent"), document.get("edit")
    if not isinstance(parent, str) or not isinstance(edit, dict) or len(document) != 2:
        raise Refused(400, "an object with parent (a scenario) and edit is expected")
    made = desk.add(parent, edit)
    return answer(request, scenario_document(desk, made.name), 201)


ROUTES = [Route("/api/scenarios", add_scenario, methods=["POST"])]

#: Also of a board that shows one run.
READING = [Route("/api/scenarios/{name}", scenario)]
