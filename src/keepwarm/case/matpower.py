"""A MATPOWER file (.m, version 2) as a network of ours, in the DC form of PGLib-OPF."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import (
    TIERS,
    Assets,
    Branches,
    Buses,
    Floats,
    Generators,
    Ints,
    Links,
    Loads,
    Names,
    Network,
    Storages,
)
from keepwarm.errors import Fault, InputError

#: Fewest columns of each table, by MATPOWER's manual, appendix B.
_TABLES = {"bus": 13, "gen": 10, "branch": 11, "gencost": 4}
_ASSIGNMENT = re.compile(r"mpc\.(\w+)\s*=\s*(.*)")
_ISOLATED = 4
_POLYNOMIAL = 2


@dataclass(frozen=True)
class _Row:
    line: int
    values: tuple[float, ...]


@dataclass(frozen=True)
class _File:
    path: Path
    base_mva: float
    bus: tuple[_Row, ...]
    gen: tuple[_Row, ...]
    branch: tuple[_Row, ...]
    gencost: tuple[_Row, ...]
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, row: _Row, subject: str, found: str, expected: str = "") -> None:
        """Keep a fault with its line, to be raised with all others."""
        self.faults.append(Fault(self.path.name, row.line, subject, found, expected))


def read_matpower(path: str | Path) -> Network:
    """Read a MATPOWER case into a network of one snapshot.

    Parameters
    ----------
    path
        A ``.m`` file with ``mpc.bus``, ``mpc.gen``, ``mpc.branch`` and ``mpc.gencost``.

    Returns
    -------
    Network
        ``x_pu`` is per MW (base 1 MVA), as everywhere in keepwarm: a branch that carries p MW
        has ``x_pu * p`` radians between its ends. What is out of service is left away.

    Raises
    ------
    InputError
        All faults at once, with file and line: a broken table, an unknown bus, a quadratic cost, a
        reactance that is not positive, angle limits that are not symmetric, a negative demand.

    **Source**: the DC form of PGLib-OPF v23.07: b = x / (r^2 + x^2), bus shunts Gs counted as
    load, the thermal limit and the angle limit as limits on the flow. **Leaves out**: tap
    ratios, phase shifts, losses, reactive power, and the constant term of the costs, which
    `matpower_fixed_cost` returns.
    """
    file = _read(Path(path))
    ids = [int(row.values[0]) for row in file.bus if row.values[1] != _ISOLATED]
    place = {number: k for k, number in enumerate(ids)}
    known = {int(row.values[0]) for row in file.bus}
    generators = _generators(file, place, known)
    loads = _loads(file, place)
    most = float(generators.p_nom_mw.sum() + loads.p_set_mw.sum())
    branches = _branches(file, place, known, most)
    if file.faults:
        raise InputError(sorted(file.faults, key=lambda fault: fault.line or 0))
    return Network(
        snapshots=np.array(["2000-01-01T00:00:00"], dtype="datetime64[s]"),
        step_hours=1.0,
        buses=Buses(
            name=tuple(str(number) for number in ids),
            carrier=("power",) * len(ids),
            region=np.full(len(ids), -1),
            v_nom_kv=np.array([row.values[9] for row in file.bus if row.values[1] != _ISOLATED]),
        ),
        generators=generators,
        loads=loads,
        branches=branches,
        links=_no_links(),
        storages=_no_storages(),
        assets=_assets(generators, branches),
    )


def matpower_fixed_cost(path: str | Path) -> float:
    """Return the constant terms of the costs of the generators in service (currency per hour)."""
    file = _read(Path(path))
    fixed = sum(_cost(file, k)[1] for k, row in enumerate(file.gen) if row.values[7] > 0)
    if file.faults:
        raise InputError(file.faults)
    return fixed


def _read(path: Path) -> _File:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError([Fault(path.name, None, None, error.strerror or str(error))]) from error
    except UnicodeDecodeError as error:
        raise InputError([Fault(path.name, None, None, "this is no text file")]) from error
    faults: list[Fault] = []
    base, tables = _assignments(path, text, faults)
    missing = [f"mpc.{name}" for name in _TABLES if name not in tables]
    if base is None or not base > 0:
        missing.append("a positive mpc.baseMVA")
    if missing:
        found = f"{', '.join(missing)} missing"
        faults.append(Fault(path.name, None, None, found, "a MATPOWER case of version 2"))
    elif len(tables["gencost"]) < len(tables["gen"]):
        found = f"{len(tables['gencost'])} rows"
        expected = f"one for each of the {len(tables['gen'])} generators"
        faults.append(Fault(path.name, None, "mpc.gencost", found, expected))
    if faults or base is None:
        raise InputError(faults)
    return _File(path, base, tables["bus"], tables["gen"], tables["branch"], tables["gencost"])


def _assignments(
    path: Path, text: str, faults: list[Fault]
) -> tuple[float | None, dict[str, tuple[_Row, ...]]]:
    """Return ``mpc.baseMVA`` and the tables, each row with its line number."""
    base: float | None = None
    tables: dict[str, tuple[_Row, ...]] = {}
    rows: list[_Row] = []
    table = ""
    for number, full in enumerate(text.splitlines(), start=1):
        line = full.split("%", 1)[0].strip()
        if not table:
            match = _ASSIGNMENT.match(line)
            if match is None:
                continue
            name, line = match[1], match[2].strip()
            if name == "baseMVA":
                base = next(iter(_numbers(path, number, line.rstrip(";"), faults)), None)
            if name not in _TABLES or not line.startswith("["):
                continue
            table, rows, line = name, [], line[1:]
        body, end, _ = line.partition("]")
        rows.extend(_rows(path, number, table, body, faults))
        if end:
            tables[table], table = tuple(rows), ""
    if table:
        faults.append(Fault(path.name, None, f"mpc.{table}", "no closing bracket"))
    return base, tables


def _rows(path: Path, line: int, table: str, text: str, faults: list[Fault]) -> list[_Row]:
    rows = []
    for part in text.split(";"):
        before = len(faults)
        values = _numbers(path, line, part, faults)
        if len(faults) > before or not values:
            continue
        if len(values) < _TABLES[table]:
            expected = f"at least {_TABLES[table]}"
            faults.append(
                Fault(path.name, line, f"mpc.{table}", f"{len(values)} columns", expected)
            )
            continue
        rows.append(_Row(line, values))
    return rows


def _numbers(path: Path, line: int, text: str, faults: list[Fault]) -> tuple[float, ...]:
    values = []
    for word in text.replace(",", " ").split():
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if math.isnan(value):
            faults.append(Fault(path.name, line, None, f"{word!r} is not a number"))
        values.append(value)
    return tuple(values)


def _loads(file: _File, place: dict[int, int]) -> Loads:
    bus, need, names = [], [], []
    for row in file.bus:
        number, demand = int(row.values[0]), row.values[2] + row.values[4]
        if demand < 0:
            file.wrong(row, f"bus {number}", f"a demand of {demand:g} MW", "0 or more")
        if demand > 0 and number in place:
            bus.append(place[number])
            need.append(demand)
            names.append(f"load {number}")
    count = len(bus)
    return Loads(
        name=tuple(names),
        bus=np.array(bus, dtype=np.int64),
        tier=np.full(count, TIERS.index("household"), dtype=np.int64),
        p_set_mw=np.array(need, dtype=np.float64).reshape(1, count),
        people=np.full(count, np.nan),
    )


def _generators(file: _File, place: dict[int, int], known: set[int]) -> Generators:
    names: list[str] = []
    bus, top, bottom, cost = [], [], [], []
    for k, row in enumerate(file.gen):
        number, most, least = int(row.values[0]), row.values[8], row.values[9]
        if number not in known:
            file.wrong(row, f"generator {k + 1}", f"there is no bus {number}")
        if row.values[7] <= 0 or number not in place:
            continue
        if most < max(least, 0.0) or (most == 0 and least < 0):
            found = f"Pmin {least:g} and Pmax {most:g} MW"
            file.wrong(row, f"generator {k + 1}", found, "Pmax not below 0 or Pmin")
        names.append(f"generator {k + 1} at {number}")
        bus.append(place[number])
        top.append(most)
        bottom.append(least / most if most > 0 else 0.0)
        cost.append(_cost(file, k)[0])
    return Generators(
        name=tuple(names),
        bus=np.array(bus, dtype=np.int64),
        p_nom_mw=np.array(top, dtype=np.float64),
        p_min_pu=np.array(bottom, dtype=np.float64).reshape(1, len(bus)),
        p_max_pu=np.ones((1, len(bus))),
        marginal_cost=np.array(cost, dtype=np.float64),
    )


def _cost(file: _File, generator: int) -> tuple[float, float]:
    """Return the linear and the constant coefficient of one generator's cost."""
    row = file.gencost[generator]
    model, count = int(row.values[0]), int(row.values[3])
    coefficients = row.values[4 : 4 + count]
    subject = f"generator {generator + 1}"
    if model != _POLYNOMIAL:
        file.wrong(row, subject, f"a cost of model {model}", "a linear cost (model 2)")
    elif len(coefficients) < count:
        file.wrong(row, subject, f"{len(coefficients)} cost coefficients", f"{count}")
    elif any(coefficients[:-2]):
        file.wrong(row, subject, "a quadratic cost", "a linear one")
    padded = (0.0, 0.0, *coefficients)
    return padded[-2], padded[-1]


def _branches(file: _File, place: dict[int, int], known: set[int], most: float) -> Branches:
    names: list[str] = []
    ends, x_pu, limit, ratio = [], [], [], []
    for k, row in enumerate(file.branch):
        one, other, r, x = int(row.values[0]), int(row.values[1]), row.values[2], row.values[3]
        for number in (one, other):
            if number not in known:
                file.wrong(row, f"branch {k + 1}", f"there is no bus {number}")
        if row.values[10] <= 0 or one not in place or other not in place:
            continue
        if x <= 0:
            file.wrong(row, f"branch {k + 1}", f"a reactance of {x:g}", "more than 0")
            continue
        names.append(f"branch {k + 1} {one}-{other}")
        ends.append((place[one], place[other]))
        x_pu.append((r * r + x * x) / x / file.base_mva)
        thermal = row.values[5] if row.values[5] > 0 else most
        limit.append(min(thermal, _angle_limit(file, k) / x_pu[-1]))
        ratio.append(row.values[8])
    bus = np.array(ends, dtype=np.int64).reshape(len(ends), 2)
    return Branches(
        name=tuple(names),
        bus0=bus[:, 0],
        bus1=bus[:, 1],
        x_pu=np.array(x_pu, dtype=np.float64),
        s_max_mw=np.array(limit, dtype=np.float64),
        is_transformer=np.array(ratio, dtype=np.float64) != 0,
    )


def _angle_limit(file: _File, branch: int) -> float:
    """Return the largest angle between a branch's ends in radians, inf where there is none."""
    row = file.branch[branch]
    least, most = row.values[11:13] if len(row.values) > 12 else (0.0, 0.0)
    if (least == 0 and most == 0) or (least <= -360 and most >= 360):
        return math.inf
    if least != -most:
        found = f"angle limits {least:g} and {most:g} degrees"
        file.wrong(row, f"branch {branch + 1}", found, "the same angle both ways")
    return math.radians(most)


def _assets(generators: Generators, branches: Branches) -> Assets:
    lines = tuple("transformer" if t else "line" for t in branches.is_transformer)
    kind: Names = ("generator",) * len(generators) + lines
    count = len(kind)
    unknown: Floats = np.full(count, np.nan)
    region: Ints = np.full(count, -1)
    return Assets(
        name=generators.name + branches.name,
        kind=kind,
        region=region,
        asset_class=("",) * count,
        repair_hours=unknown,
        restart_hours=np.zeros(count),
        mttf_hours=unknown,
        mttr_hours=unknown,
        crew=("",) * count,
        spare=("",) * count,
    )


def _no_links() -> Links:
    none, series = np.zeros(0), np.zeros((1, 0))
    return Links(
        name=(),
        bus=np.zeros((0, 2), dtype=np.int64),
        efficiency=np.zeros((0, 1)),
        p_nom_mw=none,
        p_min_pu=series,
        p_max_pu=series,
        marginal_cost=none,
    )


def _no_storages() -> Storages:
    none = np.zeros(0)
    return Storages(
        name=(),
        bus=np.zeros(0, dtype=np.int64),
        p_store_mw=none,
        p_dispatch_mw=none,
        e_min_mwh=none,
        e_max_mwh=none,
        e_initial_mwh=none,
        efficiency_store=none,
        efficiency_dispatch=none,
        standing_loss=none,
        inflow_mw=np.zeros((1, 0)),
        marginal_cost=none,
        is_unit=np.zeros(0, dtype=np.bool_),
    )
