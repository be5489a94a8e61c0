"""Who may ask: the gate that every request passes before anything else looks at it.

A page of another site that is open in the same browser can send requests to this machine. It cannot
choose the ``Host`` it sends (which gives a rebound name away), nor hide its ``Origin``.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import socket
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from keepwarm.board.wire import Refused, refusal

#: Nothing from elsewhere, nothing inline, in no other page's frame.
POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "object-src 'none'"
)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

_READING = ("GET", "HEAD")

#: How long a browser keeps the cookie of a token, s.
_TWELVE_HOURS = 12 * 3600


@dataclass(frozen=True)
class Door:
    """Where a board is bound, and what opens it."""

    host: str
    port: int
    token: str | None = None

    @property
    def session(self) -> str | None:
        """What the cookie holds: made of the token, and not the token itself."""
        if self.token is None:
            return None
        return hmac.new(self.token.encode(), b"keepwarm board", hashlib.sha256).hexdigest()

    @property
    def cookie(self) -> str:
        """The cookie's name: cookies do not tell ports apart, so that it has to."""
        return f"keepwarm_{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.host)

    def knows(self, host: str) -> bool:
        """Return whether a ``Host`` header names this board: by address, or by a name it has."""
        name, port = _split(host)
        if port != self.port:
            return False
        if name in ("localhost", self.host.lower()):
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return not self.loopback and name in _own_names()
        # An address is not looked up, so that nobody can have it point here.
        return address.is_loopback or not self.loopback


@cache
def _own_names() -> frozenset[str]:
    return frozenset({socket.gethostname().lower(), socket.getfqdn().lower()})


def is_loopback(host: str) -> bool:
    """Return whether a host to bind to is this machine alone.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(host: str) -> tuple[str, int]:
    """Return name and port of a ``Host`` header; -1 for a port that is none."""
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        name, port = host, "80"
    if not port.isascii() or not port.isdigit() or len(port) > 5:
        return "", -1
    return name.strip("[]").lower(), int(port)


class Guard:
    """The gate; ``app`` sees what it lets through, and every answer leaves with its headers."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app, self._door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", POLICY)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        headers = Headers(scope=scope)
        try:
            _refuse_strangers(scope, headers, self._door)
            entered = self._let_in(scope, headers)
        except Refused as refused:
            await refusal(refused)(scope, receive, send_guarded)
            return
        await (entered or self._app)(scope, receive, send_guarded)

    def _let_in(self, scope: Scope, headers: Headers) -> Response | None:
        """Return the answer that brings the cookie where the token is in the address."""
        session, token = self._door.session, self._door.token
        if session is None or token is None:
            return None
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        bearer = bearer.strip().encode("latin-1").decode("utf-8", "replace")
        if kind.lower() == "bearer" and same(bearer, token):
            return None
        cookies = cookie_parser(headers.get("cookie", ""))
        if same(cookies.get(self._door.cookie, ""), session):
            return None
        asked = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=20)
        if scope["path"] == "/" and same(asked.get("token", [""])[0], token):
            return _with_cookie(self._door, session)
        raise Refused(401, "the token is missing or wrong: open the address that was printed")


def _with_cookie(door: Door, session: str) -> Response:
    """Return a page that goes on to the board, the token no longer in the address.

    A page and not a redirect: a browser that came from elsewhere sends a strict cookie only where a
    page of this board asks.
    """
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>keepwarm</title>'
        '<meta http-equiv="refresh" content="0; url=/"></head>'
        '<body><a href="/">keepwarm</a></body></html>'
    )
    response = Response(page, media_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.set_cookie(
        door.cookie, session, max_age=_TWELVE_HOURS, httponly=True, samesite="strict"
    )
    return response


def same(given: str, right: str) -> bool:
    """Return whether two secrets are the same, in a time that says nothing of where they differ."""
    return hmac.compare_digest(
        hashlib.sha256(given.encode("utf-8", "surrogatepass")).digest(),
        hashlib.sha256(right.encode("utf-8", "surrogatepass")).digest(),
    )


def _refuse_strangers(scope: Scope, headers: Headers, door: Door) -> None:
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not door.knows(hosts[0]):
        raise Refused(421, "this board goes by another address")
    writing = scope["method"] not in _READING
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{hosts[0]}":
        raise Refused(403, "only the board's own page may ask")
    site = headers.get("sec-fetch-site")
    page = scope["path"] == "/" and not writing
    # A link from elsewhere may open the page; only the page may ask for more.
    allowed = ("same-origin",) if writing else ("same-origin", "none")
    if site is not None and site not in allowed and not page:
        raise Refused(403, "only the board's own page may ask")


def opening(door: Door) -> str:
    """Return the address that opens a board."""
    host = f"[{door.host}]" if ":" in door.host else door.host
    if host in ("0.0.0.0", "[::]"):
        host = socket.gethostname()
    return f"http://{host}:{door.port}/" + (f"?token={quote(door.token)}" if door.token else "")
