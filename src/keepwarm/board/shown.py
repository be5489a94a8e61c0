"""What a board shows: a case that can be changed (`desk`), or one run to read (`open_run`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from starlette.requests import Request

from keepwarm.board.hand_over import Scribe
from keepwarm.board.readings import Readings
from keepwarm.board.scenarios import Scenario
from keepwarm.case.plan import Plan
from keepwarm.runs.run import Run


class Shown(Protocol):
    """What the endpoints that only read need. Everything raises `Refused` for an unknown name."""

    root: Scenario
    readings: Readings
    scribe: Scribe

    def about(self) -> Mapping[str, Any]:
        """Return the document of the board, but for languages and version."""
        ...

    def chain(self, name: str) -> tuple[Scenario, ...]:
        """Return a scenario with all before it, the root first."""
        ...

    def title(self) -> Mapping[str, Any]:
        """Return what the root is called, as data."""
        ...

    async def document(
        self, name: str, listener: Callable[[int, int], None] | None = None
    ) -> bytes:
        """Return the page's document of a scenario, gzipped."""
        ...

    def checked(self, name: str) -> bool | None:
        """Return whether a scenario's run was solved again and held; None while nobody knows."""
        ...

    async def folder(self, name: str) -> Path:
        """Return the folder of a scenario's run."""
        ...

    async def run(self, name: str) -> Run:
        """Return a scenario's run."""
        ...

    async def assets(self, name: str) -> bytes:
        """Return the list of assets of a scenario, gzipped."""
        ...

    def plan(self, name: str) -> Plan | None:
        """Return the plan that a scenario carries out, with the units added by hand."""
        ...

    def start(self) -> None:
        """Start what works beside the server; from its event loop."""
        ...

    def close(self) -> None:
        """End what was started, and close what is open."""
        ...


def shown_of(request: Request) -> Shown:
    """Return what the board shows."""
    found: Shown = request.app.state.shown
    return found


def case_document(case: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a board says of its case."""
    return {key: case[key] for key in ("name", "title", "time_zone", "provenance")}


def nothing_else() -> dict[str, Any]:
    """Return what a board has that shows nothing but a run."""
    flags: Sequence[str] = ("warmth", "ledger", "plan", "risk", "rotation", "crews")
    return {**dict.fromkeys(flags, False), "units": []}
