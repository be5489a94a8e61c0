"""The endpoints of the board, put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from keepwarm.board import (
    about,
    job_routes,
    ledger_routes,
    plan_routes,
    risk_routes,
    run_routes,
    scenario_routes,
)
from keepwarm.board.desk import Desk
from keepwarm.board.security import Door, Guard
from keepwarm.board.shown import Shown
from keepwarm.board.wire import Refused, refusal
from keepwarm.errors import InputError

#: What the page is made of: file ending -> content type.
_TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
}


def make_app(shown: Shown, door: Door) -> Guard:
    """Return the board as an ASGI application.

    Parameters
    ----------
    shown
        From `open_desk`, or an `OpenRun`; closed when the application ends.
    door
        Where it is bound.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        shown.start()
        first = asyncio.create_task(_first_view(shown))
        yield
        first.cancel()
        shown.close()

    app = Starlette(
        routes=[*READING, *(CHANGING if isinstance(shown, Desk) else UNCHANGING)],
        lifespan=lifespan,
        exception_handlers={
            Refused: _refused,
            InputError: _faulty,
            HTTPException: _http_refused,
            Exception: _failed,
        },
    )
    app.router.redirect_slashes = False
    app.state.shown, app.state.files = shown, page_files()
    # Around everything, so that what goes wrong leaves with its headers, too.
    return Guard(app, door)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - as registered
    return refusal(error)


async def _faulty(request: Request, error: Exception) -> Response:
    faults = error.faults if isinstance(error, InputError) else ()
    return refusal(Refused(422, "this is not right", faults))


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


async def _first_view(shown: Shown) -> None:
    """Walk the root before anybody asks, and make the map."""
    with suppress(Refused, InputError):
        await shown.document(shown.root.name)
        await about.map_of(shown, "en")


async def read_only(request: Request) -> Response:
    """Refuse: this board shows a run, and nothing can be changed or asked of a case."""
    raise Refused(403, "this board shows one run: open its case to change something")


READING = [
    Route("/", page),
    Route("/page/{file}", page),
    *about.ROUTES,
    *scenario_routes.READING,
    *run_routes.ROUTES,
]
CHANGING = [
    *scenario_routes.ROUTES,
    *job_routes.ROUTES,
    *plan_routes.ROUTES,
    *ledger_routes.ROUTES,
    *risk_routes.ROUTES,
]
UNCHANGING = [Route("/api/{anything:path}", read_only, methods=["GET", "POST", "DELETE"])]
