"""Server-sent events: how far something is, as it goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import StreamingResponse

from keepwarm.board.wire import Refused, packed
from keepwarm.said.sentence import with_told

#: Between two signs of life, s: proxies and browsers close what is silent.
_HEARTBEAT = 10.0

_Found = TypeVar("_Found")


def event_stream(events: AsyncIterator[Mapping[str, Any]]) -> StreamingResponse:
    """Answer with events, each a JSON document, until there are no more."""

    async def text() -> AsyncIterator[bytes]:
        coming = aiter(events)
        upcoming = asyncio.create_task(_next(coming))
        try:
            while True:
                done, _ = await asyncio.wait({upcoming}, timeout=_HEARTBEAT)
                if not done:
                    yield b": still here\n\n"
                    continue
                event = upcoming.result()
                if event is None:
                    return
                yield b"data: " + packed(with_told(event), pack=False) + b"\n\n"
                upcoming = asyncio.create_task(_next(coming))
        finally:
            upcoming.cancel()

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(text(), media_type="text/event-stream", headers=headers)


async def _next(coming: AsyncIterator[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    return await anext(coming, None)


async def while_connected(request: Request, work: Awaitable[_Found]) -> _Found:
    """Return what comes of a work; it is cancelled when the other side no longer waits.

    Raises
    ------
    Refused
        499 where the other side has left: nobody reads it.
    """
    doing: asyncio.Future[_Found] = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_gone(request))
    either: set[asyncio.Future[Any]] = {doing, leaving}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise Refused(499, "nobody waits for it")
        return doing.result()
    finally:
        doing.cancel()
        leaving.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def told_while(
    work: Callable[[Callable[[Mapping[str, Any]], None]], Awaitable[Mapping[str, Any]]],
) -> AsyncIterator[Mapping[str, Any]]:
    """Yield what a work tells on its way, then what it comes to.

    Parameters
    ----------
    work
        Called with the function to tell through; what it returns is the last event. A refusal
        becomes ``{failed, faults}``.
    """
    told: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
    doing = asyncio.ensure_future(work(told.put_nowait))
    try:
        while not doing.done() or not told.empty():
            hearing = asyncio.ensure_future(told.get())
            await asyncio.wait({doing, hearing}, return_when=asyncio.FIRST_COMPLETED)
            if hearing.done():
                yield hearing.result()
            hearing.cancel()
        try:
            yield doing.result()
        except Refused as refused:
            yield {"failed": refused.message, "faults": [str(fault) for fault in refused.faults]}
    finally:
        doing.cancel()
