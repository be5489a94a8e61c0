"""Endpoints of the risk: the folder that was given or walked last, by case and by region."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from keepwarm.board.desk import desk_of
from keepwarm.board.risk_view import drawn, region_curves, risk_view
from keepwarm.board.risks import Known, files_beside, known_risks
from keepwarm.board.wire import Refused, answer
from keepwarm.ensemble.folder import MANIFEST, RiskRun, read_json, read_risk
from keepwarm.ensemble.varied import check_failures
from keepwarm.errors import InputError


async def risk(request: Request) -> Response:
    """Answer with a risk, the one walked last where none is named, and what could be walked."""
    desk = desk_of(request)
    risks = await asyncio.to_thread(known_risks, desk.workspace, desk.given.risk)
    beside = await asyncio.to_thread(files_beside, desk.case.path)
    wanted = request.query_params.get("name")
    shown = next((one for one in risks if wanted in (None, one.name)), None)
    if wanted is not None and shown is None:
        raise Refused(404, "there is no such risk")
    found = None if shown is None else await _read(shown)
    return answer(
        request,
        {
            "risks": await asyncio.to_thread(lambda: [_told(one) for one in risks]),
            "name": None if shown is None else shown.name,
            "can": {
                "hazard": beside.hazard is not None,
                "measures": beside.measures is not None,
                "random_failures": not check_failures(desk.case),
            },
            "risk": None if found is None else risk_view(found, desk.case),
        },
    )


async def curves(request: Request) -> Response:
    """Answer with the curves of one region of a risk."""
    desk, asked = desk_of(request), request.query_params
    risks = await asyncio.to_thread(known_risks, desk.workspace, desk.given.risk)
    shown = next((one for one in risks if one.name == asked.get("name")), None)
    if shown is None:
        raise Refused(404, "there is no such risk")
    found, name = await _read(shown), asked.get("region", "")
    try:
        return answer(request, {"region": name, "exceedance": region_curves(found, name)})
    except InputError as error:
        raise Refused(404, "there is no such region", error.faults) from error


def _told(known: Known) -> dict[str, object]:
    """Return what tells a risk from others: its winters, what varies, when it was walked."""
    file = known.folder / MANIFEST
    try:
        manifest = read_json(file, "a finished risk")
    except InputError:  # it says so itself when it is looked at
        manifest = {}
    answers = manifest.get("answers")
    return {
        "name": known.name,
        "samples": answers.get("samples") if isinstance(answers, dict) else None,
        "exact": isinstance(answers, dict) and bool(answers.get("exact")),
        "drawn": drawn(manifest),
        "walked": datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds"),
    }


async def _read(known: Known) -> RiskRun:
    try:
        return await asyncio.to_thread(read_risk, known.folder)
    except InputError as error:
        raise Refused(422, "the folder cannot be read", error.faults) from error


ROUTES = [
    Route("/api/risk", risk),
    Route("/api/risk/curves", curves),
]
