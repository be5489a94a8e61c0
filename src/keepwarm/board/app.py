"""The endpoints of the board, put together."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from keepwarm import __version__
from keepwarm.board.desk import Desk, desk_of, tab_of
from keepwarm.board.map_view import map_document
from keepwarm.board.scenarios import Scenario
from keepwarm.board.security import Door, Guard
from keepwarm.board.wire import Refused, answer, document_of, packed_answer, refusal

#: What the page is made of: file ending -> content type.
_TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
}


def make_app(desk: Desk, door: Door) -> Starlette:
    """Return the board as an ASGI application.

    Parameters
    ----------
    desk
        From `open_desk`; closed when the application ends.
    door
        Where it is bound.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        desk.walker.start()
        yield
        desk.close()

    routes = [
        Route("/", page),
        Route("/page/{file}", page),
        Route("/api/board", board),
        Route("/api/map", regions),
        Route("/api/texts/{language}", texts),
        Route("/api/scenarios", add_scenario, methods=["POST"]),
        Route("/api/scenarios/{name}", scenario),
        Route("/api/scenarios/{name}/run", run),
    ]
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(Guard, door=door)],
        exception_handlers={
            Refused: _refused,
            HTTPException: _http_refused,
            Exception: _failed,
        },
    )
    app.router.redirect_slashes = False
    app.state.desk, app.state.door = desk, door
    app.state.files = page_files()
    return app


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - as registered
    return refusal(error)


async def _http_refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    says = {404: "there is nothing here", 405: "not in this way"}
    response = refusal(Refused(status, says.get(status, "it cannot be answered")))
    if isinstance(error, HTTPException):
        response.headers.update(error.headers or {})
    return response


async def _failed(request: Request, error: Exception) -> Response:
    return refusal(Refused(500, "keepwarm failed; see where it was started"))


def page_files() -> Mapping[str, tuple[str, bytes]]:
    """Return the built page, file name -> (content type, bytes); nothing else is ever served."""
    folder = files("keepwarm.board") / "page"
    return {
        item.name: (_TYPES[item.name.rpartition(".")[2]], item.read_bytes())
        for item in folder.iterdir()
        if item.is_file() and item.name.rpartition(".")[2] in _TYPES
    }


async def page(request: Request) -> Response:
    """Answer with the page, or with one of its files."""
    name = request.path_params.get("file", "index.html")
    found = request.app.state.files.get(name)
    if found is None:
        raise HTTPException(404)
    response = Response(found[1], media_type=found[0])
    response.headers["Cache-Control"] = "no-cache"
    return response


async def board(request: Request) -> Response:
    """Answer what this board shows, and what it has."""
    desk = desk_of(request)
    case, given = desk.case, desk.given
    return answer(
        request,
        {
            "case": {
                "name": case.name,
                "title": case.title,
                "time_zone": case.time_zone,
                "provenance": case.provenance,
            },
            "root": desk.root.name,
            "start": desk.planned_start,
            "hours": desk.around.hours,
            "step_hours": case.network.step_hours,
            "languages": [{"code": code, "name": name} for code, name in languages().items()],
            "has": {
                "warmth": bool(len(case.buildings)) and case.weather is not None,
                "ledger": given.ledger is not None,
                "plan": given.plan is not None,
                "risk": given.risk is not None,
                "rotation": bool(len(case.rotation)),
                "crews": bool(case.resources.crews),
                "units": [
                    {"unit": one.name, "kind": one.kind, "count": one.count, "mw": one.capacity_mw}
                    for one in case.resources.mobile
                ],
            },
            "thresholds": list(case.settings.numbers("thresholds.degc")),
            "version": __version__,
            "read_only": False,
        },
    )


async def regions(request: Request) -> Response:
    """Answer with the regions as they are drawn."""
    return answer(request, map_document(desk_of(request).case))


def languages() -> Mapping[str, str]:
    """Return the languages of the page: code -> what a language calls itself."""
    folder = files("keepwarm.board") / "texts"
    if not folder.is_dir():
        return {}
    found = {
        item.name.removesuffix(".toml"): item
        for item in folder.iterdir()
        if item.name.endswith(".toml")
    }
    read = {code: tomllib.loads(item.read_text(encoding="utf-8")) for code, item in found.items()}
    order = sorted(read, key=lambda code: (code != "en", code))
    return {code: str(read[code].get("language", code)) for code in order}


def flat(document: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """Return texts in sections as one mapping: ``[a] b = "c"`` becomes ``a.b``."""
    found: dict[str, str] = {}
    for key, value in document.items():
        if isinstance(value, Mapping):
            found.update(flat(value, f"{before}{key}."))
        else:
            found[f"{before}{key}"] = str(value)
    return found


async def texts(request: Request) -> Response:
    """Answer with the page's texts in one language."""
    language = request.path_params["language"]
    if language not in languages():
        raise Refused(404, "there are no texts in this language")
    file = files("keepwarm.board") / "texts" / f"{language}.toml"
    return answer(request, flat(tomllib.loads(file.read_text(encoding="utf-8"))))


def scenario_document(desk: Desk, name: str) -> dict[str, Any]:
    """Return a scenario with all edits from the root."""
    chain = desk.chain(name)

    def told(one: Scenario) -> dict[str, Any]:
        return {"id": one.name, "edit": one.edit, "title": title(desk, one)}

    last = chain[-1]
    return {**told(last), "parent": last.parent, "edits": [told(one) for one in chain[1:]]}


def title(desk: Desk, one: Scenario) -> dict[str, Any]:
    """Return what a scenario is called, as data that a page can say in any language."""
    if one.edit is None:
        return {
            "kind": "root",
            "assets_out": len({row.asset for row in desk.given.damage}),
            "plan": desk.given.plan is not None,
        }
    return dict(one.edit)


async def scenario(request: Request) -> Response:
    """Answer with a scenario."""
    return answer(request, scenario_document(desk_of(request), request.path_params["name"]))


async def add_scenario(request: Request) -> Response:
    """Keep the scenario that an edit makes of another; the same as before where it was there."""
    document = await document_of(request)
    desk = desk_of(request)
    parent, edit = document.get("parent"), document.get("edit")
    if not isinstance(parent, str) or not isinstance(edit, dict) or len(document) != 2:
        raise Refused(400, "an object with parent (a scenario) and edit is expected")
    made = desk.add(parent, edit)
    return answer(request, scenario_document(desk, made.name), 201)


async def run(request: Request) -> Response:
    """Answer with a scenario's run as the page draws it, walked now where it was not."""
    desk, name = desk_of(request), request.path_params["name"]
    situation = desk.situation(name)
    return packed_answer(request, await desk.walker.document(name, situation, tab_of(request)))
