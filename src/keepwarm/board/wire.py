"""What goes over the wire: JSON of unknown origin in, JSON documents out.

What comes in is bounded before it is read: so many bytes, so deep, of one content type.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from keepwarm.errors import Fault
from keepwarm.plain import plain
from keepwarm.said.sentence import known, with_told

#: Most bytes of a document that is posted, where an endpoint does not say otherwise.
MOST_BYTES = 64 * 1024

#: Objects and lists within each other; an edit has two.
DEEPEST = 12

_TYPE = "application/json; charset=utf-8"

#: Bytes below which packing is not worth it; and how hard to pack: half the time of gzip's own 6,
#: for six bytes in a hundred more.
_SMALL, _LEVEL = 1000, 4


class Refused(Exception):
    """An answer that is a refusal: a status, a sentence, and every fault."""

    def __init__(self, status: int, message: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.status, self.message, self.faults = status, message, tuple(faults)


def refusal(refused: Refused) -> Response:
    """Return a refusal as the document ``{message, faults}``."""
    faults = [fault_document(fault) for fault in refused.faults]
    response = Response(
        packed(with_told({"message": known(refused.message), "faults": faults}), pack=False),
        refused.status,
        media_type=_TYPE,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def fault_document(fault: Fault) -> dict[str, str]:
    """Return a fault as ``{where, found, expected, suggestion}``; of a file its name, no folder."""
    return {
        "where": fault.column or PurePath(fault.file).name,
        "found": known(fault.found),
        "expected": known(fault.expected),
        "suggestion": fault.suggestion,
    }


def packed(document: object, *, pack: bool = True) -> bytes:
    """Return a document as JSON in UTF-8, gzipped where ``pack``."""
    text = json.dumps(
        plain(document), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()
    return gzip.compress(text, _LEVEL, mtime=0) if pack else text


def answer(request: Request, document: Mapping[str, object], status: int = 200) -> Response:
    """Return a document, with what its sentences are made of, gzipped where that helps."""
    text = packed(with_told(document), pack=False)
    if len(text) < _SMALL:
        return _response(text, status)
    return packed_answer(request, gzip.compress(text, _LEVEL, mtime=0), status)


def packed_answer(request: Request, document: bytes, status: int = 200) -> Response:
    """Return JSON that is gzipped already, as it is or unpacked, as the other side can read it."""
    if not takes_gzip(request):
        return _response(gzip.decompress(document), status)
    response = _response(document, status)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def takes_gzip(request: Request) -> bool:
    """Return whether the other side can unpack."""
    return "gzip" in request.headers.get("accept-encoding", "")


def _response(body: bytes, status: int) -> Response:
    response = Response(body, status, media_type=_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


async def document_of(request: Request, *, most: int = MOST_BYTES) -> Mapping[str, Any]:
    """Return the JSON object that a request carries.

    Raises
    ------
    Refused
        415 where it is no JSON by its content type, 413 where it is longer than ``most`` bytes, 400
        where it is no JSON object, names a key twice, or is too deep.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(415, "application/json is expected")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Refused(413, f"at most {most} bytes are read")
    try:
        text = body.decode("utf-8")
        if _depth(text) > DEEPEST:
            raise Refused(400, f"objects and lists may be {DEEPEST} deep")
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        text.encode("utf-8")
        json.dumps(found, ensure_ascii=False).encode("utf-8")  # lone surrogates cannot be kept
    except ValueError as error:
        raise Refused(400, "a JSON object in UTF-8 is expected") from error
    if not isinstance(found, dict):
        raise Refused(400, "a JSON object is expected")
    return found


def _depth(text: str) -> int:
    """Return how deep objects and lists lie within each other; those in texts do not count."""
    deepest = depth = 0
    quoted = escaped = False
    for letter in text:
        if quoted:
            escaped, quoted = letter == "\\" and not escaped, letter != '"' or escaped
        elif letter == '"':
            quoted = True
        elif letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")
