"""Endpoints about the case as a whole: what there is, how it is drawn, texts of the page."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from keepwarm import __version__
from keepwarm.board.shown import Shown, shown_of
from keepwarm.board.wire import Refused, answer, packed, packed_answer
from keepwarm.briefing.cells import WIDTH
from keepwarm.briefing.map import map_geojson
from keepwarm.said.sentence import texts_of

#: A map without anything on it.
_NOTHING: Mapping[str, Any] = {
    "type": "FeatureCollection",
    "width": WIDTH,
    "height": 0,
    "kind": "cells",
    "tiles": False,
    "features": [],
}


async def board(request: Request) -> Response:
    """Answer what this board shows, and what it has."""
    known = [{"code": code, "name": name} for code, name in languages().items()]
    return answer(
        request, {**shown_of(request).about(), "languages": known, "version": __version__}
    )


async def regions(request: Request) -> Response:
    """Answer with the regions as they are drawn."""
    language = request.query_params.get("lang", "en")[:12]
    known = languages()
    found = await map_of(shown_of(request), language if language in known else "en")
    return packed_answer(request, found)


async def map_of(shown: Shown, language: str) -> bytes:
    """Return the map that the brief of the root's run has, gzipped."""
    run = await shown.run(shown.root.name)
    return await shown.readings.document(
        ("map", language), lambda: map_geojson(run, language) or _NOTHING
    )


@cache
def languages() -> Mapping[str, str]:
    """Return the languages of the page: code -> what a language calls itself."""
    folder = files("keepwarm.board") / "texts"
    found = {
        item.name.removesuffix(".toml"): tomllib.loads(item.read_text(encoding="utf-8"))
        for item in folder.iterdir()
        if item.name.endswith(".toml")
    }
    order = sorted(found, key=lambda code: (code != "en", code))
    return {code: str(found[code].get("language", code)) for code in order}


def flat(document: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """Return texts in sections as one mapping.

    Examples
    --------
    >>> flat({"a": {"b": "c"}})
    {'a.b': 'c'}
    """
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
    return packed_answer(request, packed_texts(language))


@cache
def packed_texts(language: str) -> bytes:
    """Return the texts of one of `languages`, gzipped."""
    file = files("keepwarm.board") / "texts" / f"{language}.toml"
    said = {**texts_of("en"), **texts_of(language)}
    return packed({**said, **flat(tomllib.loads(file.read_text(encoding="utf-8")))})


ROUTES = [
    Route("/api/board", board),
    Route("/api/map", regions),
    Route("/api/texts/{language}", texts),
]
