"""The board as a process that serves: bound, announced, and ended within a second or two."""

from __future__ import annotations

import errno
import logging
import socket
from collections.abc import Callable

import uvicorn

from keepwarm.board.app import make_app
from keepwarm.board.security import Door
from keepwarm.board.shown import Shown
from keepwarm.errors import Fault, InputError

#: Requests that are still being answered are waited for so long when the board ends, s.
_PATIENCE = 1


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; port 0 takes any that is free.

    Raises
    ------
    InputError
        When the port is taken, or the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
    except (OSError, OverflowError) as error:
        found.close()
        raise InputError((_fault(host, port, error),)) from error
    return found


def _fault(host: str, port: int, error: Exception) -> Fault:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return Fault("board", None, "port", f"{port} is taken", "a free port; 0 takes any")
    if number == errno.EACCES:
        return Fault("board", None, "port", f"{port} is not for every user", "1024 or higher")
    reason = getattr(error, "strerror", None) or str(error)
    return Fault("board", None, "host", f"{host}: {reason}", "an address of this machine")


def serve(shown: Shown, door: Door, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve a board until Ctrl-C, or until the process is told to end.

    Parameters
    ----------
    shown
        Closed at the end.
    door
        Where ``listening`` is bound.
    listening
        From `bound`.
    ready
        Called once requests are answered.
    """
    config = uvicorn.Config(
        make_app(shown, door),
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        http="h11",
        timeout_graceful_shutdown=_PATIENCE,
    )
    server = _Server(config, ready)
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # that is how a board ends
    finally:
        listening.close()


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Whoever still waits for a walk is cut off; that is no fault to be told of.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()
