"""Endpoints of a scenario's run: the page's document, places, assets, differences, hand-over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from keepwarm.board.difference_view import difference_document
from keepwarm.board.events import event_stream, told_while, while_connected
from keepwarm.board.hand_over import FORMS
from keepwarm.board.place_view import place_document
from keepwarm.board.plan_view import units_of
from keepwarm.board.shown import shown_of
from keepwarm.board.wire import Refused, answer, packed_answer

#: Of the brief, which brings its style with it and no script, and stands in a frame of the page.
BRIEF_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-same-origin allow-popups allow-modals"
)


def _named(request: Request) -> str:
    return str(request.path_params["name"])


async def run(request: Request) -> Response:
    """Answer with a scenario's run as the page draws it, walked now where it was not."""
    shown, name = shown_of(request), _named(request)
    return packed_answer(request, await while_connected(request, shown.document(name)))


async def checked(request: Request) -> Response:
    """Answer whether a run's steps were solved again and held; null while that is not known."""
    shown, name = shown_of(request), _named(request)
    return answer(request, {"checked": shown.checked(name)})


async def events(request: Request) -> Response:
    """Stream how far a scenario's walk is; then ``finished``."""
    shown, name = shown_of(request), _named(request)
    shown.chain(name)

    async def work(tell: Callable[[Mapping[str, Any]], None]) -> Mapping[str, Any]:
        def listen(done: int, total: int) -> None:
            tell({"done": done, "total": total})

        await shown.document(name, listen)
        return {"finished": True}

    return event_stream(told_while(work))


async def place(request: Request) -> Response:
    """Answer with what a run knows of one region."""
    shown, name = shown_of(request), _named(request)
    region = str(request.path_params["region"])
    run = await while_connected(request, shown.run(name))
    if region not in run.tables["places"]["region"].to_pylist():
        raise Refused(404, "there is no such region")
    key = ("place", name, region)
    found = await shown.readings.document(key, lambda: place_document(run, region))
    return packed_answer(request, found)


async def assets(request: Request) -> Response:
    """Answer with the assets of the case, as a scenario has them."""
    return packed_answer(request, await shown_of(request).assets(_named(request)))


async def units(request: Request) -> Response:
    """Answer with the mobile units of a scenario: where each works, from when, until when."""
    return answer(request, {"units": units_of(shown_of(request).plan(_named(request)))})


async def difference(request: Request) -> Response:
    """Answer with what another scenario has more of than this one."""
    shown, name, other = shown_of(request), _named(request), request.path_params["other"]
    shown.chain(other)
    one = await while_connected(request, shown.run(name))
    two = await while_connected(request, shown.run(other))
    key = ("difference", name, other)
    return packed_answer(
        request, await shown.readings.document(key, lambda: difference_document(one, two))
    )


async def brief(request: Request) -> Response:
    """Answer with the brief of a scenario's run, as a page of its own."""
    language = request.query_params.get("lang", "en")[:12]
    response = await _handed_over(request, "brief", language)
    response.headers["Content-Security-Policy"] = BRIEF_POLICY
    return response


async def export(request: Request) -> Response:
    """Answer with a scenario's run in another format, as a file to keep."""
    form = request.path_params["form"]
    if form not in FORMS:
        raise Refused(404, f"the formats are {', '.join(FORMS)}")
    language = request.query_params.get("lang", "en")[:12]
    response = await _handed_over(request, form, language)
    name = f"{_named(request)}.{FORMS[form].ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="keepwarm-{form}-{name}"'
    return response


async def _handed_over(request: Request, form: str, language: str) -> Response:
    shown, name = shown_of(request), _named(request)
    folder = await while_connected(request, shown.folder(name))
    content = await shown.scribe.written(folder, form, language)
    if content is None:
        raise Refused(404, "this run has nothing to say in this format")
    response = Response(content, media_type=FORMS[form].media)
    response.headers["Cache-Control"] = "no-store"
    return response


ROUTES = [
    Route("/api/scenarios/{name}/run", run),
    Route("/api/scenarios/{name}/checked", checked),
    Route("/api/scenarios/{name}/events", events),
    Route("/api/scenarios/{name}/places/{region:path}", place),
    Route("/api/scenarios/{name}/assets", assets),
    Route("/api/scenarios/{name}/units", units),
    Route("/api/scenarios/{name}/difference/{other}", difference),
    Route("/api/scenarios/{name}/brief", brief),
    Route("/api/scenarios/{name}/export/{form}", export),
]
