"""The same steps solved by PyPSA: needs, damage and storages as ours, everything else its own.

PyPSA reads the network folder itself, so that reader, template, bounds and solver are checked at
once. PyPSA is an optional extra (``pip install keepwarm[pypsa]``) and is imported late.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from keepwarm.case.netcdf import quiet
from keepwarm.case.nouns import CARRIERS, TIERS, Bools, Case, Damage, Floats, Names
from keepwarm.errors import SolveError
from keepwarm.network import Template
from keepwarm.season import Season
from keepwarm.validation.folders import Row

if TYPE_CHECKING:
    import pandas as pd
    import pypsa

HOURS = 48
GAP = 1e-6  # of the objective, relative
SHED_GAP = 1e-4  # of the need of a tier and carrier
_TOWN = Path("examples/town")
_OURS = "keepwarm "  # begins the name of every component that is added


@dataclass(frozen=True)
class Steps:
    """What both sides are told: one row per step."""

    need_mw: Floats  # (steps, needs)
    available: Floats  # (steps, assets)
    charge_mw: Floats  # (steps, storages)
    discharge_mw: Floats  # (steps, storages)

    def __len__(self) -> int:
        return len(self.need_mw)


@dataclass(frozen=True)
class Solved:
    """What a side answers: the cost without the value of stored energy, and who is shed."""

    objective: Floats  # (steps,), currency per hour
    shed_mw: Floats  # (steps, needs)


@dataclass(frozen=True)
class Gaps:
    """How far two answers are apart, at their worst step."""

    objective: float  # relative
    shed: float  # of the need of a tier and carrier


def steps_of(season: Season) -> Steps:
    """Return what a season put to the network, step by step."""
    return Steps(season.need_mw, season.available, season.charge_mw, season.discharge_mw)


def ours(season: Season) -> Solved:
    """Return what a season found, the value of stored energy taken out of the objective.

    Raises
    ------
    ValueError
        Under the reserve policy, whose discharge has two prices.
    """
    template, columns = season.template, season.template.columns
    if np.any(template.reserve_mwh > 0):
        raise ValueError("only seasons with greedy stores can be compared with PyPSA")
    stored = (
        season.charge_mw @ template.cost[columns.charge]
        + season.discharge_mw @ template.cost[columns.discharge]
    )
    return Solved(season.objective - stored, season.shed_mw)


def gaps(template: Template, steps: Steps, one: Solved, other: Solved) -> Gaps:
    """Compare two answers.

    Parameters
    ----------
    template
        Whose needs say which tier and carrier a shed belongs to.
    steps
        What both sides were told.
    one, other
        The answers.
    """
    scale = np.maximum(np.abs(other.objective), 1.0)
    need, first, second = (
        by_tier_and_carrier(template, values)
        for values in (steps.need_mw, one.shed_mw, other.shed_mw)
    )
    apart = np.abs(first - second) / np.maximum(need, 1e-2)
    return Gaps(
        objective=float(np.max(np.abs(one.objective - other.objective) / scale, initial=0.0)),
        shed=float(np.max(apart, initial=0.0)),
    )


def by_tier_and_carrier(template: Template, values: Floats) -> Floats:
    """Sum values of needs, shape (steps, needs), to (steps, tiers * carriers)."""
    buses = template.network.buses
    carrier = np.array([CARRIERS.index(name) for name in buses.carrier])
    group = template.needs.tier * len(CARRIERS) + carrier[template.needs.bus]
    total = np.zeros((len(values), len(TIERS) * len(CARRIERS)))
    np.add.at(total.T, group, values.T)
    return total


def solve_with_pypsa(template: Template, steps: Steps, network: pypsa.Network) -> Solved:
    """Solve all steps with PyPSA, one model per set of standing branches.

    Parameters
    ----------
    template
        Names, needs and prices; nothing of its matrix is used.
    steps
        Need, availability and storage powers.
    network
        The case as PyPSA reads it, its snapshots those of the steps. It is not changed.

    Raises
    ------
    SolveError
        If PyPSA finds no optimum.

    **Source**: PyPSA's linear optimal power flow, HiGHS. **Leaves out**: storage, whose power is
    put in as a fixed load, and so everything that links one step to the next.
    """
    sets = branches_out(template, steps)
    objective, shed = np.zeros(len(steps)), np.zeros(steps.need_mw.shape)
    for out in np.unique(sets, axis=0):
        rows = np.flatnonzero((sets == out).all(axis=1))
        part = Steps(**{name: table[rows] for name, table in vars(steps).items()})
        with quiet():
            solved = _solve_part(template, part, network.copy(), network.snapshots[rows], out)
        objective[rows], shed[rows] = solved.objective, solved.shed_mw
    return Solved(objective, shed)


def branches_out(template: Template, steps: Steps) -> Bools:
    """Mark the branches that are out in each step."""
    first = len(template.network.generators)
    branches = slice(first, first + len(template.network.branches))
    return np.asarray(steps.available[:, branches] < 1.0)


def _solve_part(
    template: Template, steps: Steps, n: pypsa.Network, snapshots: pd.Index, out: Bools
) -> Solved:
    n.set_snapshots(snapshots)
    n.snapshot_weightings.loc[:, :] = 1.0
    for component in ("Line", "Transformer"):
        there = set(n.components[component].static.index)
        gone = [b for b, o in zip(template.network.branches.name, out, strict=True) if o]
        n.remove(component, [name for name in gone if name in there])
    derate(template, steps, n)
    _replace_storages(template, steps, n)
    shed_names = replace_needs(template, steps, n)
    add_spill(template, n)
    status, condition = n.optimize(
        solver_name="highs",
        progress=False,
        solver_options={"output_flag": False, "threads": 1},
    )
    if status != "ok":
        raise SolveError(f"PyPSA ended with '{status}: {condition}'")
    power = n.generators_t.p
    objective = power @ n.generators.marginal_cost.reindex(power.columns)
    if len(n.links):
        objective = objective + n.links_t.p0 @ n.links.marginal_cost.reindex(n.links_t.p0.columns)
    shed = power[list(shed_names)].to_numpy()
    return Solved(
        np.asarray(objective, dtype=np.float64),
        shed.reshape(len(steps), len(template.needs), template.steps).sum(axis=2),
    )


def derate(template: Template, steps: Steps, n: pypsa.Network) -> None:
    """Scale the limits of generators and links by what damage leaves of them."""
    place = {name: k for k, name in enumerate(template.network.assets.name)}
    for component, names in (
        ("Generator", template.network.generators.name),
        ("Link", template.network.links.name),
    ):
        share = steps.available[:, [place[name] for name in names]]
        for attribute in ("p_max_pu", "p_min_pu"):
            table = n.get_switchable_as_dense(component, attribute)[list(names)] * share
            n.components[component].dynamic[attribute] = table


def _replace_storages(template: Template, steps: Steps, n: pypsa.Network) -> None:
    n.remove("Store", n.stores.index)
    n.remove("StorageUnit", n.storage_units.index)
    storages = template.network.storages
    net = steps.charge_mw - steps.discharge_mw
    _add(
        n,
        "Load",
        [f"{_OURS}{name}" for name in storages.name],
        _buses(template, storages.bus),
        {"p_set": net},
        {},
    )


def replace_needs(template: Template, steps: Steps, n: pypsa.Network) -> Names:
    """Put our needs in place of the loads, each with the price steps of its shed."""
    n.remove("Load", [name for name in n.loads.index if not name.startswith(_OURS)])
    needs = template.needs
    buses = _buses(template, needs.bus)
    names = [f"{_OURS}{b} {TIERS[t]}" for b, t in zip(buses, needs.tier, strict=True)]
    _add(n, "Load", names, buses, {"p_set": steps.need_mw}, {})
    shed = tuple(f"{name} {k}" for name in names for k in range(template.steps))
    each = np.repeat(steps.need_mw / template.steps, template.steps, axis=1)
    _add(
        n,
        "Generator",
        shed,
        np.repeat(buses, template.steps).tolist(),
        {"p_max_pu": each},
        {"p_nom": 1.0, "marginal_cost": template.price.ravel()},
    )
    return shed


def add_spill(template: Template, n: pypsa.Network) -> None:
    """Let every bus of PyPSA's network spill, at our price."""
    buses = template.network.buses.name
    _add(
        n,
        "Generator",
        [f"{_OURS}spill {name}" for name in buses],
        list(buses),
        {},
        {
            "p_nom": template.spill_box + 1e4,
            "p_min_pu": -1.0,
            "p_max_pu": 0.0,
            "marginal_cost": -template.cost[template.columns.spill],
        },
    )


def _add(
    n: pypsa.Network,
    component: str,
    names: Sequence[str],
    buses: Sequence[str],
    series: dict[str, Floats],
    static: dict[str, float | Floats],
) -> None:
    import pandas as pd

    if not names:
        return
    columns: dict[str, Any] = {"bus": list(buses), **static}
    columns |= {
        key: pd.DataFrame(table, index=n.snapshots, columns=list(names))
        for key, table in series.items()
    }
    n.add(component, list(names), **columns)


def _buses(template: Template, bus: np.typing.NDArray[np.int64]) -> list[str]:
    return [template.network.buses.name[b] for b in bus]


def compare_case(
    case: Case, damage: Damage = (), *, hours: int = HOURS
) -> tuple[Season, Steps, Solved, Solved]:
    """Walk a case and let PyPSA solve the same steps from the case's own network folder.

    Parameters
    ----------
    case
        A case folder or a bare PyPSA folder, read.
    damage
        As for `keepwarm.run`.
    hours
        How long, from the case's start.

    Returns
    -------
    season, steps, ours, theirs
    """
    from keepwarm.runs.run import walk

    season, _ = walk(case, damage, hours=hours, from_state=False)
    steps = steps_of(season)
    return season, steps, ours(season), solve_with_pypsa(season.template, steps, pypsa_of(season))


def pypsa_of(season: Season) -> pypsa.Network:
    """Return the season's case as PyPSA reads it, its snapshots those of the season."""
    import pandas as pd
    import pypsa

    folder = season.case.path / "network"
    with quiet():
        network = pypsa.Network(str(folder if folder.is_dir() else season.case.path))
    network.set_snapshots(pd.DatetimeIndex(season.times))
    return network


def town_rows() -> tuple[Row, ...]:
    """Compare the example town, whole and damaged, over 48 h with PyPSA.

    Returns
    -------
    tuple of Row
        One row that was not ``ran`` and says why, where PyPSA is not installed or the working
        folder has no ``examples/town``.
    """
    if find_spec("pypsa") is None:
        return (_not_run("pip install keepwarm[pypsa]"),)
    if not (_TOWN / "case.toml").is_file():
        return (_not_run(f"there is no {_TOWN} here"),)
    from keepwarm.case.read import read_case
    from keepwarm.damage import read_damage
    from keepwarm.validation.against_pypsa_horizon import compare_horizon, horizon_rows

    case = read_case(_TOWN)
    rows = []
    for label, damage in (("whole", ()), ("damaged", read_damage(case, _TOWN / "damage.csv"))):
        rows += _rows(label, *compare_case(case, damage))
        rows += horizon_rows(f"town, {label}", *compare_horizon(case, damage))
    return tuple(rows)


def _rows(label: str, season: Season, steps: Steps, mine: Solved, theirs: Solved) -> list[Row]:
    from pypsa import __version__

    gap = gaps(season.template, steps, mine, theirs)
    cost, shed = theirs.objective.sum(), theirs.shed_mw.sum() * season.step_hours
    own = mine.shed_mw.sum() * season.step_hours
    source = f"PyPSA {__version__} on the same steps, stores fixed to ours (computed)"
    values = (
        ("objective", mine.objective.sum(), cost, "currency", GAP * abs(cost)),
        ("unserved energy", own, shed, "MWh", SHED_GAP * max(shed, 1.0)),
        ("worst step: objective apart", gap.objective, 0.0, "1", GAP),
        ("worst step: shed of a tier and carrier apart", gap.shed, 0.0, "1", SHED_GAP),
    )
    title = f"town, {label}, {len(steps)} h"
    return [
        row_of(f"{title}: {quantity}", float(found), float(expected), unit, float(apart), source)
        for quantity, found, expected, unit, apart in values
    ]


def row_of(
    quantity: str, found: float, expected: float, unit: str, tolerance: float, source: str
) -> Row:
    """Return one row of the comparison."""
    return Row(
        case="pypsa",
        quantity=quantity,
        ours=found,
        published=expected,
        unit=unit,
        tolerance=tolerance,
        ok=bool(abs(found - expected) <= tolerance),
        source=source,
    )


def _not_run(why: str) -> Row:
    return Row(
        "pypsa", f"not run: {why}", math.nan, math.nan, "", math.nan, False, "PyPSA", ran=False
    )
