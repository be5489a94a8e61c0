"""What is walked in every sample: everything that decides what a sample comes to but its number."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TypeVar

import numpy as np

from keepwarm.case.nouns import Case, Damage, DamageRow
from keepwarm.case.plan import NO_TIME, Plan
from keepwarm.case.plan_file import plan_of
from keepwarm.damage.hazard import Hazard
from keepwarm.damage.hazard_file import hazard_of
from keepwarm.ensemble.measures import Portfolios
from keepwarm.ensemble.measures_file import portfolios_of
from keepwarm.ensemble.varied import check_failures, check_weather
from keepwarm.errors import Fault, InputError
from keepwarm.runs.span import span
from keepwarm.season.audit import audited_steps

Read = TypeVar("Read")

#: A damage list as JSON knows it.
Rows = tuple[Mapping[str, object], ...]


@dataclass(frozen=True, kw_only=True)
class RiskOptions:
    """What a risk was asked for, as it is kept in its folder: texts in place of files."""

    samples: int
    seed: int = 0
    start: str | None = None  # ISO, UTC
    hours: float | None = None
    from_state: bool | None = None
    damage: Rows = ()
    plan: str | None = None  # TOML
    hazard: str | None = None  # TOML
    measures: str | None = None  # TOML
    random_failures: bool = False
    weather: str = "case"  # or years, or generated
    weather_block_days: int = 0
    parameters: bool = False
    repair_times: bool = False
    exact: bool = False
    until_percent: float | None = None
    until_measure: str = "eue_mwh"

    def document(self) -> dict[str, object]:
        """Return them as JSON knows them."""
        return {**asdict(self), "damage": [dict(row) for row in self.damage]}


def options_of(document: Mapping[str, object]) -> RiskOptions:
    """Return the options that `RiskOptions.document` gave.

    Raises
    ------
    ValueError
        When they are those of another version.
    """
    names = {one.name for one in fields(RiskOptions)}
    if set(document) != names:
        raise ValueError(f"options {sorted(set(document) ^ names)}")
    rows = document["damage"]
    known = {**document, "damage": tuple(rows) if isinstance(rows, list | tuple) else ()}
    return RiskOptions(**known)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Study:
    """A case, what varies, and what is done about it. Sent whole to every worker."""

    case: Case
    options: RiskOptions
    first: int  # row of the case's snapshots where the season starts
    steps: int
    from_state: bool
    damage: Damage  # of every sample
    plan: Plan | None
    hazard: Hazard | None
    measures: Portfolios
    audited: frozenset[tuple[int, int]] = field(repr=False)  # (sample, step)

    @property
    def seed(self) -> int:
        """Of all streams."""
        return self.options.seed

    @property
    def portfolios(self) -> int:
        """How many ways every sample is walked: without measures, and with each portfolio."""
        return 1 + len(self.measures.portfolios)

    @property
    def hours(self) -> float:
        """Length of the season, h."""
        return self.steps * self.case.network.step_hours

    @property
    def start(self) -> np.datetime64:
        """Start of the season, UTC."""
        found: np.datetime64 = self.case.network.snapshots[self.first]
        return found


def study_of(case: Case, options: RiskOptions) -> Study:
    """Return what a case and options make.

    Raises
    ------
    InputError
        With every fault of the options, the hazard, the measures and the plan.
    """
    faults = _faults(options)
    faults += check_failures(case) if options.random_failures else ()
    faults += check_weather(case, options.weather, options.weather_block_days)
    hazard = _read(faults, lambda: _hazard(case, options))
    measures = _read(faults, lambda: _measures(case, options))
    if faults or measures is None:
        raise InputError(tuple(faults))
    first, steps, from_state = span(case, options.start, options.hours, options.from_state)
    plan = options.plan
    return Study(
        case=case,
        options=options,
        first=first,
        steps=steps,
        from_state=from_state,
        damage=damage_of_rows(case, options.damage),
        plan=None if plan is None else plan_of(tomllib.loads(plan), Path("plan")),
        hazard=hazard,
        measures=measures,
        audited=audited_steps(np.arange(options.samples), steps, seed=options.seed),
    )


def _hazard(case: Case, options: RiskOptions) -> Hazard | None:
    return None if options.hazard is None else hazard_of(case, options.hazard, "hazard")


def _measures(case: Case, options: RiskOptions) -> Portfolios:
    """Return the portfolios, each tried on the case."""
    if options.measures is None:
        return Portfolios(())
    return portfolios_of(options.measures, case, "measures")


def _read(faults: list[Fault], read: Callable[[], Read]) -> Read | None:
    """Return what is read; where it cannot be, its faults join the others."""
    try:
        return read()
    except InputError as error:
        faults += error.faults
        return None


def _faults(options: RiskOptions) -> list[Fault]:
    faults: list[Fault] = []
    if options.samples < 1:
        faults.append(Fault("samples", None, None, f"{options.samples}", "one or more"))
    if options.seed < 0:
        faults.append(Fault("seed", None, None, f"{options.seed}", "0 or more"))
    varied = (
        (options.hazard, "hazard"),
        (options.measures, "measures"),
        (options.plan, "plan"),
        (options.weather != "case", "weather"),
        (options.parameters, "parameters"),
        (options.until_percent, "until"),
    )
    faults += [
        Fault(f"--{name}", None, None, "given with --exact", "random failures alone")
        for given, name in varied
        if options.exact and given
    ]
    percent = options.until_percent
    if percent is not None and not 0 < percent < 100:
        faults.append(Fault("until", None, None, f"{percent:g}", "above 0 and below 100 %"))
    return faults


def rows_of_damage(case: Case, damage: Damage) -> Rows:
    """Return a damage list as JSON knows it."""
    names = case.network.assets.name
    return tuple(
        {
            "time": str(row.time),
            "asset": names[row.asset],
            "available": row.available,
            "until": None if np.isnat(row.until) else str(row.until),
            "source": row.source,
            "confidence": row.confidence,
        }
        for row in damage
    )


def damage_of_rows(case: Case, rows: Rows) -> Damage:
    """Return the damage list that `rows_of_damage` gave.

    Raises
    ------
    InputError
        When the case no longer has an asset of it.
    """
    index = {name: at for at, name in enumerate(case.network.assets.name)}
    gone = [str(row["asset"]) for row in rows if row["asset"] not in index]
    if gone:
        found = f"'{gone[0]}' is no asset of this case"
        raise InputError((Fault("damage", None, "asset", found, "the case it was made for"),))
    return tuple(
        DamageRow(
            time=np.datetime64(str(row["time"]), "s"),
            asset=index[str(row["asset"])],
            available=float(str(row["available"])),
            until=NO_TIME if row["until"] is None else np.datetime64(str(row["until"]), "s"),
            source=str(row["source"]),
            confidence=str(row["confidence"]),
        )
        for row in rows
    )


def steps_of(case: Case, options: RiskOptions) -> int:
    """Return how many steps a risk walks in all, every sample under every portfolio.

    Raises
    ------
    InputError
        As `study_of`.
    """
    study = study_of(case, options)
    return study.steps * options.samples * study.portfolios
