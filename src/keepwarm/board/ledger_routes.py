"""Endpoints of the reports: documents, claims, ticks, and what ticked claims come to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from keepwarm.board.claimed import claimed_text
from keepwarm.board.desk import Desk, desk_of
from keepwarm.board.ledger_view import claimed_view, document_view, ledger_view, tick_view
from keepwarm.board.reading import MOST_BYTES, Handed, read_apart
from keepwarm.board.ticks import LONGEST_NAME, Overtaken, note_tick, read_tick
from keepwarm.board.wire import Refused, answer, document_of
from keepwarm.errors import InputError
from keepwarm.reports.ledger import Ledger, open_ledger
from keepwarm.runs.claims import damage_from_claims
from keepwarm.said.sentence import said

#: Of the board's own ledger, where none was given.
FILE = "reports.ledger"

#: Texts that are read at once; others are told to come again.
_AT_ONCE = 2

_Found = TypeVar("_Found")

_reading = threading.BoundedSemaphore(_AT_ONCE)


def ledger_file(desk: Desk) -> Path:
    """Return where the ledger is: the one given, or one in the board's workspace."""
    return desk.given.ledger or desk.workspace / FILE


async def in_ledger(desk: Desk, do: Callable[[Ledger], _Found], *, create: bool = False) -> _Found:
    """Do something with the ledger, in a thread; each opens the file for itself.

    Raises
    ------
    Refused
        422 with every fault that the ledger finds.
    """

    def done() -> _Found:
        with closing(open_ledger(ledger_file(desk), create=create)) as ledger:
            return do(ledger)

    return await unless_wrong(done)


async def unless_wrong(do: Callable[[], _Found], message: str = "it cannot be done") -> _Found:
    """Do something in a thread; faults of what was given become a refusal (422)."""
    try:
        return await asyncio.to_thread(do)
    except InputError as error:
        raise Refused(422, message, error.faults) from error


async def ledger(request: Request) -> Response:
    """Answer with what the ledger holds, without the texts; nothing where there is none yet."""
    desk = desk_of(request)
    if not ledger_file(desk).exists():
        return answer(request, {"documents": [], "claims": [], "pairs": [], "series": []})
    return answer(request, await in_ledger(desk, ledger_view))


async def document(request: Request) -> Response:
    """Answer with one document, its text in pieces."""
    name = request.path_params["name"]
    if not ledger_file(desk_of(request)).exists():
        raise Refused(404, "there is no such document")

    def view(opened: Ledger) -> dict[str, object] | None:
        known = any(one.name == name for one in opened.documents())
        return document_view(opened, name) if known else None

    found = await in_ledger(desk_of(request), view)
    if found is None:
        raise Refused(404, "there is no such document")
    return answer(request, found)


async def add_document(request: Request) -> Response:
    """Read the text that is posted, and keep it with its claims."""
    asked = request.query_params
    content = await _body(request)
    handed = Handed(
        content,
        **{key: asked.get(key, "").strip() for key in ("name", "title", "url", "published")},
    )
    if not _reading.acquire(blocking=False):
        raise Refused(503, "other texts are being read; try again in a moment")
    try:
        read = await unless_wrong(lambda: read_apart(handed), "this cannot be read")
    finally:
        _reading.release()
    who = asked.get("who", "").strip()[:LONGEST_NAME]
    desk = desk_of(request)
    added = await in_ledger(desk, lambda opened: opened.add(read, person=who), create=True)
    return answer(request, {"document": added.name, "what": added.what}, 201)


async def _body(request: Request) -> bytes:
    """Return a posted text, bounded before it is read."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise Refused(413, said("refused.too_long", {"bytes": MOST_BYTES}))
    return bytes(body)


async def tick(request: Request) -> Response:
    """Note a decision about claims; 409 where somebody else has decided since it was looked at."""
    given = await document_of(request)
    try:
        posted = read_tick(given)
        noted = await in_ledger(desk_of(request), lambda opened: note_tick(opened, posted))
    except InputError as error:
        raise Refused(422, "this is no decision", error.faults) from error
    except Overtaken as overtaken:
        now = {name: tick_view(one) for name, one in overtaken.now.items()}
        return answer(request, {"message": str(overtaken), "faults": [], "now": now}, 409)
    return answer(request, {"tick": tick_view(noted), "claims": posted.claims}, 201)


async def history(request: Request) -> Response:
    """Answer with every decision about one claim."""
    name = request.query_params.get("claim", "")
    found = await in_ledger(desk_of(request), lambda opened: opened.history(name))
    return answer(request, {"claim": name, "ticks": [tick_view(one) for one in found]})


async def claimed(request: Request) -> Response:
    """Keep the damage that the accepted claims mean now, under the mark that an edit names.

    What cannot be mapped is said, with the reason.
    """
    await document_of(request)
    desk = desk_of(request)
    if not ledger_file(desk).exists():
        raise Refused(404, "there is no ledger yet")
    found = await unless_wrong(lambda: damage_from_claims(desk.case, ledger_file(desk)))
    mark = desk.store.keep("damage", claimed_text(desk.case, found.damage, found.access))
    return answer(request, {"mark": mark, **claimed_view(desk.case, found)}, 201)


ROUTES = [
    Route("/api/ledger", ledger),
    Route("/api/ledger/documents", add_document, methods=["POST"]),
    Route("/api/ledger/documents/{name:path}", document),
    Route("/api/ledger/ticks", tick, methods=["POST"]),
    Route("/api/ledger/history", history),
    Route("/api/ledger/damage", claimed, methods=["POST"]),
]
