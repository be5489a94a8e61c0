"""One run folder as a board shows it: to look at and to hand on, with nothing to change."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from keepwarm.board.frames import assets_out, run_document
from keepwarm.board.hand_over import Scribe
from keepwarm.board.readings import Readings
from keepwarm.board.scenarios import Scenario, name_of
from keepwarm.board.shown import case_document, nothing_else
from keepwarm.board.wire import Refused
from keepwarm.briefing.view import View
from keepwarm.case.plan import Plan
from keepwarm.case.plan_file import plan_of
from keepwarm.runs.run import Run


class OpenRun:
    """A run that is shown; there is one scenario, the run itself."""

    def __init__(self, run: Run) -> None:
        """Open a run.

        Parameters
        ----------
        run
            From `read_run`.
        """
        if run.out is None:
            raise ValueError("a run in a folder is expected")
        self._run, self._out = run, run.out
        self.root = Scenario(name_of({"run": run.manifest}), None, None)
        self.readings, self.scribe = Readings(), Scribe()

    def about(self) -> Mapping[str, Any]:
        """Return what there is: a run, and its warmth where it has buildings."""
        view = View(self._run)
        plan = self._run.manifest.get("plan") is not None
        return {
            "case": case_document(view.manifest["case"]),
            "root": self.root.name,
            "start": view.moment(0.0),
            "hours": view.answers["hours"],
            "step_hours": view.step_hours,
            "has": {**nothing_else(), "warmth": view.warm, "plan": plan},
            "thresholds": list(view.thresholds),
            "read_only": True,
        }

    def chain(self, name: str) -> tuple[Scenario, ...]:
        """Return the only scenario."""
        if name != self.root.name:
            raise Refused(404, "this board shows one run; there is no such scenario")
        return (self.root,)

    def title(self) -> Mapping[str, Any]:
        """Return what the run is called, as data."""
        out = len(set(self._run.tables["damage"]["asset"].to_pylist()))
        plan = self._run.manifest.get("plan") is not None
        return {"kind": "root", "assets_out": out, "plan": plan}

    async def document(
        self, name: str, listener: Callable[[int, int], None] | None = None
    ) -> bytes:
        """Return the page's document, gzipped; a run in a folder passed its audit."""
        self.chain(name)
        return await self.readings.document(
            ("run", name), lambda: run_document(self._run, name, checked=True)
        )

    def checked(self, name: str) -> bool | None:
        """Return that it was."""
        self.chain(name)
        return True

    async def folder(self, name: str) -> Path:
        """Return the folder that was given."""
        self.chain(name)
        return self._out

    async def run(self, name: str) -> Run:
        """Return the run."""
        self.chain(name)
        return self._run

    async def assets(self, name: str) -> bytes:
        """Return the assets that are out; nothing can be changed."""
        self.chain(name)
        return await self.readings.document(("assets", name), lambda: _assets(self._run))

    def plan(self, name: str) -> Plan | None:
        """Return the plan that the run carried out."""
        self.chain(name)
        text = self._run.manifest.get("plan")
        return None if text is None else plan_of(tomllib.loads(str(text)), self._out)

    def start(self) -> None:
        """Start nothing: all is there."""

    def close(self) -> None:
        """End the process that writes."""
        self.scribe.close()


def _assets(run: Run) -> list[dict[str, Any]]:
    view = View(run)
    out = {row["asset"]: row for row in assets_out(view)}
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in view.rows("damage"):
        spell = {"from": row["time"], "until": row["until"], "available": row["available"]}
        said = {"source": row["source"], "confidence": row["confidence"]}
        rows.setdefault(row["asset"], []).append({**spell, **said})
    return [
        {
            "asset": row["asset"],
            "kind": row["kind"],
            "class": row["asset_class"],
            "region": row["region"],
            "carrier": next(iter(out.get(row["asset"], {}).get("missing_mw", {})), None),
            "mw": None,
            "out": rows.get(row["asset"], []),
            "planned": None,
            "can": [],
        }
        for row in view.rows("assets")
    ]
