"""What one board holds open: the case, its scenarios, and the process that walks them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from starlette.requests import Request

from keepwarm.board.asset_view import assets_document, units
from keepwarm.board.claimed import claimed_from
from keepwarm.board.edits import Surroundings, applied, read_edit
from keepwarm.board.hand_over import Scribe
from keepwarm.board.jobs import Jobs
from keepwarm.board.readings import Readings
from keepwarm.board.risks import winter_of
from keepwarm.board.scenarios import Scenario, child, root
from keepwarm.board.shown import case_document
from keepwarm.board.situation import Claimed, Situation, Winter
from keepwarm.board.store import DEEPEST, Store
from keepwarm.board.walker import Walker
from keepwarm.board.wire import Refused
from keepwarm.board.worker import Setting
from keepwarm.case.nouns import Case, Damage
from keepwarm.case.plan import Plan
from keepwarm.case.plan_file import plan_of, plan_text
from keepwarm.damage import AccessLimit
from keepwarm.errors import InputError
from keepwarm.runs.run import Run
from keepwarm.runs.span import span
from keepwarm.said.sentence import said


@dataclass(frozen=True)
class Given:
    """What a board is opened with; ``closed`` are places that crews cannot enter."""

    case: Case
    damage: Damage = ()
    plan: Plan | None = None
    closed: tuple[AccessLimit, ...] = ()
    damage_file: Path | None = None
    ledger: Path | None = None
    risk: Path | None = None
    start: np.datetime64 | None = None
    hours: float | None = None
    workspace: Path | None = None


@dataclass
class Desk:
    """The board's case with everything that its endpoints need."""

    given: Given
    workspace: Path
    store: Store
    root: Scenario
    around: Surroundings
    walker: Walker
    jobs: Jobs
    readings: Readings = field(default_factory=Readings)
    scribe: Scribe = field(default_factory=Scribe)
    _situations: dict[str, Situation] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """The case."""
        return self.given.case

    @cached_property
    def planned_start(self) -> str:
        """When runs begin, ISO in UTC."""
        return f"{self.around.start.astype('datetime64[s]')}Z"

    def scenario(self, name: str) -> Scenario:
        """Return a scenario of this case as it is now.

        Raises
        ------
        Refused
            404 where there is none, 410 where it was made of other inputs.
        """
        return self.chain(name)[-1]

    def chain(self, name: str) -> tuple[Scenario, ...]:
        """Return a scenario with all before it, the root first; raises as `scenario`."""
        found = self.store.chain(name)
        if not found:
            raise Refused(404, "there is no such scenario")
        if found[0].name != self.root.name:
            raise Refused(410, "made of this case when its files were others")
        return found

    def situation(self, name: str) -> Situation:
        """Return what a scenario means for a run; raises as `scenario`."""
        if name not in self._situations:
            now = Situation(self.given.damage, self.given.plan, closed=self.given.closed)
            for one in self.chain(name):
                known = self._situations.get(one.name)
                if known is None and one.edit is not None:
                    known = applied(one.edit, now, self.around)
                now = self._situations[one.name] = known or now
        return self._situations[name]

    def add(self, parent: str, document: Mapping[str, object]) -> Scenario:
        """Keep the scenario that an edit makes of another.

        Raises
        ------
        Refused
            As `scenario`; 422 with every fault of the edit, or where there are too many.
        """
        before = self.situation(parent)
        if len(self.chain(parent)) >= DEEPEST:
            raise Refused(422, said("refused.too_deep", {"count": DEEPEST}))
        try:
            made = child(parent, read_edit(document, before, self.around))
            now = applied(made.edit or {}, before, self.around)
        except InputError as error:
            raise Refused(422, "this cannot be changed so", error.faults) from error
        self.store.add(made)
        self._situations[made.name] = now
        return made

    def about(self) -> Mapping[str, Any]:
        """Return what this board shows, and what it has."""
        case, given = self.case, self.given
        has = {
            "warmth": bool(len(case.buildings)) and case.weather is not None,
            "ledger": True,  # the board makes one where none was given
            "plan": given.plan is not None,
            "risk": given.risk is not None,
            "rotation": bool(len(case.rotation)),
            "crews": bool(case.resources.crews),
            "units": units(case),
        }
        return {
            "case": case_document(vars(case)),
            "root": self.root.name,
            "start": self.planned_start,
            "hours": self.around.hours,
            "step_hours": case.network.step_hours,
            "has": has,
            "thresholds": list(case.settings.numbers("thresholds.degc")),
            "read_only": False,
        }

    def title(self) -> Mapping[str, Any]:
        """Return what the root is called, as data that a page can say in any language."""
        out = len({row.asset for row in self.given.damage})
        return {"kind": "root", "assets_out": out, "plan": self.given.plan is not None}

    async def document(
        self, name: str, listener: Callable[[int, int], None] | None = None
    ) -> bytes:
        """Return the page's document of a scenario, gzipped; raises as `folder`."""
        return await self.walker.document(name, self.situation(name), listener)

    def checked(self, name: str) -> bool | None:
        """Return whether a scenario's run was solved again and held; raises as `scenario`."""
        self.scenario(name)
        return self.walker.checked(name)

    async def assets(self, name: str) -> bytes:
        """Return the assets as a scenario has them, gzipped; raises as `scenario`."""
        now = self.situation(name)
        return await self.readings.document(
            ("assets", name), lambda: assets_document(self.case, now)
        )

    def plan(self, name: str) -> Plan | None:
        """Return the plan of a scenario with the units added by hand; raises as `scenario`."""
        return self.situation(name).planned(self.case)

    async def folder(self, name: str) -> Path:
        """Return the run folder of a scenario, walked now where it was not.

        Raises
        ------
        Refused
            As `scenario` and `keepwarm.board.walker.Walker.document`.
        """
        return await self.walker.folder(name, self.situation(name))

    async def run(self, name: str) -> Run:
        """Return the run of a scenario; raises as `folder`."""
        return await self.readings.run(await self.folder(name))

    def start(self) -> None:
        """Start the process that walks; from the event loop of the server."""
        self.walker.start()

    def close(self) -> None:
        """End what was started, and close what is open."""
        self.jobs.close()
        self.walker.close()
        self.scribe.close()
        self.store.close()


def desk_of(request: Request) -> Desk:
    """Return the desk of a board that can be changed."""
    found: Desk = request.app.state.shown
    return found


def open_desk(given: Given) -> Desk:
    """Open a board on a case.

    Raises
    ------
    InputError
        When the start or the length lies outside the case, or the workspace cannot be written.
    """
    case = given.case
    first, steps, observed = span(case, given.start, given.hours)
    hours = steps * case.network.step_hours
    begin = case.network.snapshots[first]
    store_folder = given.workspace or workspace_of(case.path)
    store = Store(store_folder / "board.sqlite")

    def stored_plan(name: str) -> Plan | None:
        text = store.text("plan", name)
        return None if text is None else plan_from(text)

    def claimed(name: str) -> Claimed | None:
        text = store.text("damage", name)
        return None if text is None else claimed_from(case, text)

    def winter(name: str, sample: int) -> Winter | None:
        return winter_of(case, store_folder, given.risk, name, sample)

    around = Surroundings(case, begin, hours, stored_plan, claimed, winter)
    start = f"{begin.astype('datetime64[s]')}Z"
    asked = Situation(given.damage, given.plan, closed=given.closed)
    top = root(case, asked, start=start, hours=hours, observed=observed)
    store.add(top)
    if given.plan is not None:
        store.keep("plan", plan_text(given.plan))
    setting = Setting(case, given.start, given.hours, steps, given.damage_file)
    # What earlier code made of the same scenario is not shown as this code's.
    walker = Walker(setting, store_folder / "kept" / code_stamp())
    return Desk(given, store_folder, store, top, around, walker, Jobs(store))


def workspace_of(case: Path) -> Path:
    """Return where a board keeps what belongs to a case: outside of it, as it may be read-only.

    ``$XDG_STATE_HOME/keepwarm/board/NAME-HASH``, by default under ``~/.local/state``; the hash is
    of where the case folder is.
    """
    home = os.environ.get("XDG_STATE_HOME")
    base = Path(home) if home else Path.home() / ".local" / "state"
    place = case.resolve()
    digest = hashlib.sha256(str(place).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return base / "keepwarm" / "board" / f"{place.name}-{digest}"


def code_stamp() -> str:
    """Return a name for the code that is running: another one after any change of it."""
    from importlib.resources import files

    package = Path(str(files("keepwarm")))
    told = [
        f"{file.relative_to(package)} {file.stat().st_size} {file.stat().st_mtime_ns}"
        for file in sorted(package.rglob("*.py"))
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]


def plan_from(text: str) -> Plan:
    """Return a plan from the text that was kept of it."""
    import tomllib

    return plan_of(tomllib.loads(text), Path("plan"))
