"""The endpoints of the board, put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
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
from keepwarm.board.wire import Refused, refusal
from keepwarm.errors import InputError

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
        first = asyncio.create_task(_first_view(desk))
        yield
        first.cancel()
        desk.close()

    routes = [
        Route("/", page),
        Route("/page/{file}", page),
        *about.ROUTES,
        *scenario_routes.ROUTES,
        *run_routes.ROUTES,
        *job_routes.ROUTES,
        *plan_routes.ROUTES,
        *ledger_routes.ROUTES,
        *risk_routes.ROUTES,
    ]
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(Guard, door=door)],
        exception_handlers={
            Refused: _refused,
            InputError: _faulty,
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


async def _first_view(desk: Desk) -> None:
    """Walk the root before anybody asks, and make the map."""
    with suppress(Refused, InputError):
        await desk.walker.document(desk.root.name, desk.situation(desk.root.name))
        await about.map_of(desk, "en")
