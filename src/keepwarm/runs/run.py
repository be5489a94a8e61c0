"""One run: a case walked through its damage, with answers and tables."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from keepwarm.case.deployed import with_deployments
from keepwarm.case.nouns import Case, Damage, DamageRow, Floats
from keepwarm.case.plan import Plan
from keepwarm.case.plan_file import plan_text
from keepwarm.damage import ClaimedDamage, availability
from keepwarm.damage.outages import damage_rows, left_of_sample, renamed
from keepwarm.damage.planned import carried_out
from keepwarm.errors import AuditError, Fault, InputError
from keepwarm.runs.answers import answers, audit_answers
from keepwarm.runs.claims import claims_block
from keepwarm.runs.decision_answers import decisions_table
from keepwarm.runs.foresight import bought
from keepwarm.runs.plan_tables import damage_table, plan_table
from keepwarm.runs.sampled import Sampled
from keepwarm.runs.span import span
from keepwarm.runs.tables import season_tables
from keepwarm.season import (
    Audit,
    Corridor,
    Foresight,
    Season,
    State,
    balanced_start,
    look_ahead,
    march,
    observed_start,
    orders_of,
    prepare,
)
from keepwarm.solve.highs import HighsSolver, highs_version

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA = 1

#: A window of more hours is a program of millions of columns, and a forecast of little worth.
LONGEST_LOOKAHEAD = 168.0


@dataclass(frozen=True, repr=False)
class Run:
    """What a run leaves: a manifest (with its answers) and tables.

    ``out`` is the folder it stands in, None while it is only in memory.
    """

    manifest: Mapping[str, object]
    tables: Mapping[str, pa.Table]
    out: Path | None = None

    @property
    def answers(self) -> Mapping[str, object]:
        """The answers, as `keepwarm run --json` prints them."""
        found = self.manifest["answers"]
        if not isinstance(found, Mapping):
            raise TypeError("the manifest's answers are no mapping")
        return found

    def __repr__(self) -> str:
        """Say in one line what was run."""
        found = self.answers
        return f"<run of {found['case']} from {found['start']} over {found['hours']:g} h>"


def run(
    case: Case,
    damage: Damage | ClaimedDamage = (),
    *,
    start: np.datetime64 | str | None = None,
    hours: float | None = None,
    from_state: bool | None = None,
    lookahead: float | None = None,
    damage_file: str | Path | None = None,
    plan: Plan | None = None,
    sampled: Sampled | None = None,
    progress: Callable[[int], None] | None = None,
) -> Run:
    """Walk a case through its damage.

    Parameters
    ----------
    case
        From `read_case`.
    damage
        From `read_damage` or `damage_from_claims`; none by default.
    start
        First step, UTC, on a snapshot; the case's own start by default, "now" of state.csv when
        starting from state.
    hours
        Length of the run in hours; by default the case's own, or up to its last snapshot.
    from_state
        Start from state.csv. By default when the case has one.
    lookahead
        Look so many hours ahead, plan again every 6 h, and answer what that buys over the step
        rule; step by step where None.
    damage_file
        Where the damage list or the ledger came from; the manifest keeps its name and hash.
    plan
        Carried out: its repairs with their likely hours, its drains, units and timetable.
    sampled
        One sample of a risk: what it suffers beside the damage, and what its homes are made of.
    progress
        Called with the number of steps done.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        When the start or the length lies outside the case's snapshots, the hours looked ahead
        are none, or the plan names what the case does not have.
    SolveError
        When a step has no optimum.
    AuditError
        When a step solved again differs, or a balance does not close.
    """
    event = event_of(case, damage, plan)
    season, observed = walk(
        event.case,
        event.damage,
        start=start,
        hours=hours,
        from_state=from_state,
        lookahead=lookahead,
        plan=plan,
        sampled=sampled,
        progress=progress,
    )
    refuse_failed_audit(season.audit)
    if sampled is not None:
        event = event.suffered(sampled, season.times[0])
    more: dict[str, object] = {}
    if lookahead is not None:
        by_rule, _ = walk(case, event.given, start=start, hours=hours, from_state=from_state)
        began, _ = start_of(prepare(case), season.first_row, observed)
        more["foresight"] = bought(by_rule, season, Foresight(hours=lookahead), began.level_mwh)
    return told(
        season,
        event,
        observed=observed,
        damage_file=damage_file,
        lookahead=lookahead,
        sampled=sampled,
        more=more,
    )


@dataclass(frozen=True)
class Event:
    """What a run walks through: the damage as it was given, and as a plan leaves it."""

    asked: Case
    given: Damage
    claimed: ClaimedDamage | None  # where the damage came from claims
    plan: Plan | None
    case: Case  # with the plan's units at its buses
    damage: Damage  # of ``case``, with the ends that the plan's repairs come to

    def suffered(self, sampled: Sampled, begin: np.datetime64) -> Event:
        """Return the event with what one sample of a risk suffers beside the damage."""
        own, events = sampled.outages(self.case), sampled.events
        of_asked = renamed(own, self.case, self.asked)
        return replace(
            self,
            damage=self.damage + damage_rows(self.case, own, begin, events),
            given=self.given + damage_rows(self.asked, of_asked, begin, events),
        )


def event_of(case: Case, damage: Damage | ClaimedDamage, plan: Plan | None) -> Event:
    """Return what a run of a case walks through under a plan; see `run`."""
    claimed = damage if isinstance(damage, ClaimedDamage) else None
    given = damage.damage if isinstance(damage, ClaimedDamage) else damage
    if plan is None:
        return Event(case, given, claimed, None, case, given)
    mended = carried_out(case, given, plan)
    return Event(case, given, claimed, plan, *with_deployments(case, mended, plan))


def told(
    season: Season,
    event: Event,
    *,
    observed: bool,
    damage_file: str | Path | None = None,
    lookahead: float | None = None,
    sampled: Sampled | None = None,
    more: Mapping[str, object] | None = None,
    solver: str = HighsSolver.name,
) -> Run:
    """Return the answers and tables of a season that was walked.

    Parameters
    ----------
    season
        Of ``event.case``.
    observed
        Whether it started from state.csv.
    damage_file, lookahead, sampled
        As given to `run`.
    more
        Answers beside those of the season.
    solver
        What solved the steps.
    """
    manifest = _manifest(season, event.damage, damage_file, observed, lookahead)
    manifest["solver"] = {"name": solver, **manifest["solver"]}
    manifest["options"]["sample"] = sampled and {"number": sampled.number, "of": sampled.of}
    if sampled and damage_file is None and event.damage:
        drawn = f"{len(event.damage)} rows drawn for sample {sampled.number}"
        manifest["options"]["damage"] = drawn
    manifest["plan"] = None if event.plan is None else plan_text(event.plan)
    found = {**manifest["answers"]}
    if event.claimed is not None:
        found["claims"] = claims_block(event.case, event.claimed)
    found |= {} if more is None else more
    if event.plan is not None:
        found["plan"] = _plan_block(event, event.plan)
    tables = {
        **season_tables(season, event.damage),
        "decisions": decisions_table(found["decisions"]),
        "damage": damage_table(event.asked, event.given),
        "plan": plan_table(event.plan),
    }
    return Run({**manifest, "answers": found}, tables)


def checked(run: Run, audit: Audit) -> Run:
    """Return a run with what an audit found afterwards.

    Raises
    ------
    AuditError
        When a step solved again differs, or a balance does not close.
    """
    refuse_failed_audit(audit)
    found = audit_answers(audit)
    answered = {**run.answers, "audit": found}
    return replace(run, manifest={**run.manifest, "audit": found, "answers": answered})


def _plan_block(event: Event, plan: Plan) -> dict[str, object]:
    """Return how much of a plan there is, what of it is passed over, and what it leaves unmended.

    Passed over is what was not out without an end when it was made.
    """
    names, asked = event.case.network.assets.name, event.asked.network.assets.name
    out = {asked[row.asset] for row in _open_ended(event.given, plan)}
    return {
        "repairs": len(plan.repairs),
        "passed_over": [one.asset for one in plan.repairs if one.asset not in out],
        "unmended": list(dict.fromkeys(names[r.asset] for r in _open_ended(event.damage, plan))),
    }


def _open_ended(damage: Damage, plan: Plan) -> list[DamageRow]:
    """Return the damage without an end that a plan can know of."""
    return [row for row in damage if np.isnat(row.until) and row.time <= plan.made_at]


def refuse_failed_audit(audit: Audit) -> None:
    """Raise where the steps do not hold what they promise (exit 4)."""
    failures = audit.failures()
    if failures:
        raise AuditError(f"audit failed: {'; '.join(failures)}")


def walk(
    case: Case,
    damage: Damage = (),
    *,
    start: np.datetime64 | str | None = None,
    hours: float | None = None,
    from_state: bool | None = None,
    lookahead: float | None = None,
    plan: Plan | None = None,
    sampled: Sampled | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[Season, bool]:
    """Return the season behind a run, and whether it started from state.csv; see `run`.

    Of a plan only what is no damage counts: its drains, generators at groups, and timetable.
    """
    first, steps, observed = span(case, start, hours, from_state)
    corridor = prepare(case)
    if sampled is not None:
        corridor = sampled.fabric(corridor)
    state, seen = start_of(corridor, first, observed, sampled)
    if lookahead is not None:
        _refuse_lookahead(case, lookahead)
        if plan is not None:
            found = "a plan and a lookahead at once"
            raise InputError((Fault("plan", None, None, found, "one of them"),))
        season = look_ahead(
            corridor,
            damage,
            first=first,
            steps=steps,
            state=state,
            foresight=Foresight(hours=lookahead),
            standing=seen,
            progress=progress,
        )
        return season, observed
    left = availability(case, damage, case.network.snapshots[first], steps)
    if sampled is not None:
        own = left_of_sample(sampled.outages(case), left.shape, case.network.step_hours)
        left = np.minimum(left, own)
    orders = None if plan is None else orders_of(corridor, plan, first, steps)
    season = march(
        corridor, left * seen, first=first, state=state, orders=orders, progress=progress
    )
    return season, observed


def _refuse_lookahead(case: Case, hours: float) -> None:
    dt = case.network.step_hours
    if not dt <= hours <= LONGEST_LOOKAHEAD:
        expected = f"{dt:g} to {LONGEST_LOOKAHEAD:g} h; 24 to 72 are usual"
        raise InputError((Fault("lookahead", None, None, f"{hours:g}", expected),))


def start_of(
    corridor: Corridor, first: int, observed: bool, sampled: Sampled | None = None
) -> tuple[State, Floats]:
    """Return the state in which a run begins, and what was observed to stand, (assets,)."""
    state = balanced_start(corridor, first) if sampled is None else sampled.start(corridor)
    if observed:
        return observed_start(corridor, first, state)
    return state, np.ones(len(corridor.case.network.assets))


def _manifest(
    season: Season,
    damage: Damage,
    damage_file: str | Path | None,
    observed: bool,
    lookahead: float | None,
) -> dict[str, Any]:
    import scipy

    from keepwarm import __version__

    case, found = season.case, answers(season, damage)
    hashes, file = dict(case.input_hashes), Path(damage_file) if damage_file else None
    named = f"{len(damage)} rows given in Python" if damage else None
    if file is not None:
        named, hashes[file.name] = file.name, hashlib.sha256(file.read_bytes()).hexdigest()
    return {
        "schema": SCHEMA,
        "kind": "run",
        "keepwarm": __version__,
        "case": {
            "name": case.name,
            "title": case.title,
            "time_zone": case.time_zone,
            "provenance": case.provenance,
        },
        "inputs_sha256": hashes,
        "options": {
            "start": found["start"],
            "hours": found["hours"],
            "damage": named,
            "weather": None if case.weather is None else case.weather.file,
            "from_state": observed,
            "lookahead_hours": lookahead,
        },
        "settings": dict(case.settings.values),
        "sources": dict(case.settings.sources),
        "solver": {
            "version": highs_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
        },
        "audit": found["audit"],
        "answers": found,
    }
