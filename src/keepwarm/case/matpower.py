"""A MATPOWER file (.m, version 2) as a network of ours, in the DC form of PGLib-OPF."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keepwarm.case.left_out import LeftOut
from keepwarm.case.matpower_costs import Cost, cost_of
from keepwarm.case.matpower_file import MatpowerFile, Row, read_matpower_file
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

_ISOLATED = 4


@dataclass(frozen=True)
class MatpowerCase:
    """A MATPOWER case as a network of ours, and what the network cannot say."""

    network: Network
    fixed_cost: float  # currency/h, to be added to every objective
    linearized: int  # generators whose quadratic cost became segments
    overestimate: float  # currency/h: how far above the quadratic costs the segments are at most
    left_out: tuple[LeftOut, ...]


def read_matpower(path: str | Path, *, linearize: int | None = None) -> Network:
    """Read a MATPOWER case into a network of one snapshot; see `read_matpower_case`."""
    return read_matpower_case(path, linearize=linearize).network


def matpower_fixed_cost(path: str | Path, *, linearize: int | None = None) -> float:
    """Return the costs that no output changes (currency per hour); see `read_matpower_case`."""
    return read_matpower_case(path, linearize=linearize).fixed_cost


def read_matpower_case(path: str | Path, *, linearize: int | None = None) -> MatpowerCase:
    """Read a MATPOWER case into a network of one snapshot and what stands beside it.

    Parameters
    ----------
    path
        A ``.m`` file with ``mpc.bus``, ``mpc.gen``, ``mpc.branch`` and ``mpc.gencost``.
    linearize
        Segments of equal width for each quadratic cost, 1 or more; None refuses such costs.

    Returns
    -------
    MatpowerCase
        ``x_pu`` is per MW (base 1 MVA), as everywhere in keepwarm: a branch that carries p MW
        has ``x_pu * p`` radians between its ends. What is out of service is left away. A
        generator whose cost has N segments is N generators, ``... 1/N`` with its least output.

    Raises
    ------
    InputError
        All faults at once, with file and line: a broken table, an unknown bus, a quadratic cost
        without ``linearize``, a cost that is not convex, a phase shifter, a reactance that is not
        positive, angle limits that are not symmetric, a negative demand.

    **Source**: the DC form of PGLib-OPF v23.07: b = x / (r^2 + x^2), bus shunts Gs counted as
    load, the thermal limit and the angle limit as limits on the flow. **Leaves out**: tap
    ratios, losses, reactive power.
    """
    if linearize is not None and linearize < 1:
        raise ValueError(f"{linearize} segments")
    file = read_matpower_file(Path(path))
    live = [row for row in file.bus if row.values[1] != _ISOLATED]
    ids = [int(row.values[0]) for row in live]
    place = {number: k for k, number in enumerate(ids)}
    known = {int(row.values[0]) for row in file.bus}
    costs = [
        cost_of(file, k, linearize) if _in_service(row, place) else None
        for k, row in enumerate(file.gen)
    ]
    generators = _generators(file, place, known, costs)
    loads = _loads(file, place)
    most = float(generators.p_nom_mw.sum() + loads.p_set_mw.sum())
    branches = _branches(file, place, known, most)
    file.raise_faults()
    network = Network(
        snapshots=np.array(["2000-01-01T00:00:00"], dtype="datetime64[s]"),
        step_hours=1.0,
        buses=Buses(
            name=tuple(str(number) for number in ids),
            carrier=("power",) * len(ids),
            region=np.full(len(ids), -1),
            # A base of 0 kV means that nobody said; 1 is what PyPSA takes then.
            v_nom_kv=np.array([row.values[9] if row.values[9] > 0 else 1.0 for row in live]),
        ),
        generators=generators,
        loads=loads,
        branches=branches,
        links=_no_links(),
        storages=_no_storages(),
        assets=_assets(generators, branches),
    )
    used = [cost for cost in costs if cost is not None]
    return MatpowerCase(
        network,
        fixed_cost=math.fsum(cost.fixed for cost in used),
        linearized=sum(cost.linearized for cost in used),
        overestimate=math.fsum(cost.overestimate for cost in used),
        left_out=_left_out(file, place),
    )


def _in_service(row: Row, place: dict[int, int]) -> bool:
    return row.values[7] > 0 and int(row.values[0]) in place


def _left_out(file: MatpowerFile, place: dict[int, int]) -> tuple[LeftOut, ...]:
    """Say what the file holds that the network does not."""
    lines = [
        row
        for row in file.branch
        if row.values[10] > 0 and int(row.values[0]) in place and int(row.values[1]) in place
    ]
    used = [cost for row, cost in zip(file.gen, file.gencost, strict=False) if row.values[7] > 0]
    counts = (
        ("mpc.bus", "isolated buses", len(file.bus) - len(place)),
        ("mpc.gen", "out of service", sum(not _in_service(row, place) for row in file.gen)),
        ("mpc.gencost", "costs of starting, stopping", sum(any(row.values[1:3]) for row in used)),
        ("mpc.gencost", "costs of reactive power", len(file.gencost) - len(file.gen)),
        ("mpc.branch", "out of service", len(file.branch) - len(lines)),
        (
            "mpc.branch",
            "tap ratios (PGLib's DC form has none)",
            sum(row.values[8] not in (0, 1) for row in lines),
        ),
    )
    said = [LeftOut(where, f"{what}: {count}") for where, what, count in counts if count]
    return (*said, *(LeftOut(field, "nothing reads it") for field in file.unread))


def _loads(file: MatpowerFile, place: dict[int, int]) -> Loads:
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


def _generators(
    file: MatpowerFile, place: dict[int, int], known: set[int], costs: list[Cost | None]
) -> Generators:
    names: list[str] = []
    bus, size, bottom, top, slopes = [], [], [], [], []
    for k, (row, cost) in enumerate(zip(file.gen, costs, strict=True)):
        number, most, least = int(row.values[0]), row.values[8], row.values[9]
        if number not in known:
            file.wrong(row, f"generator {k + 1}", f"there is no bus {number}")
        if cost is None:
            continue
        ordered = -math.inf < least <= most < math.inf
        if not ordered or most < 0 or (most == 0 and least < 0):
            found = f"Pmin {least:g} and Pmax {most:g} MW"
            file.wrong(row, f"generator {k + 1}", found, "Pmax not below 0 or Pmin, both finite")
        count = len(cost.slopes)
        for part, slope in enumerate(cost.slopes):
            of = f" {part + 1}/{count}" if count > 1 else ""
            names.append(f"generator {k + 1} at {number}{of}")
            low = cost.ends_mw[0] if part == 0 else 0.0
            high = cost.ends_mw[part + 1] - (cost.ends_mw[part] if part else 0.0)
            size.append(max(high, -low))
            bottom.append(low / size[-1] if size[-1] > 0 else 0.0)
            top.append(high / size[-1] if size[-1] > 0 else 1.0)
            bus.append(place[number])
            slopes.append(slope)
    return Generators(
        name=tuple(names),
        bus=np.array(bus, dtype=np.int64),
        p_nom_mw=np.array(size, dtype=np.float64),
        p_min_pu=np.array(bottom, dtype=np.float64).reshape(1, len(bus)),
        p_max_pu=np.array(top, dtype=np.float64).reshape(1, len(bus)),
        marginal_cost=np.array(slopes, dtype=np.float64),
    )


def _branches(file: MatpowerFile, place: dict[int, int], known: set[int], most: float) -> Branches:
    """Return lines, then transformers; a branch with a tap ratio is a transformer."""
    names: list[str] = []
    ends, x_pu, limit, ratio = [], [], [], []
    for k, row in sorted(enumerate(file.branch), key=lambda pair: pair[1].values[8] != 0):
        one, other, r, x = int(row.values[0]), int(row.values[1]), row.values[2], row.values[3]
        for number in (one, other):
            if number not in known:
                file.wrong(row, f"branch {k + 1}", f"there is no bus {number}")
        if row.values[10] <= 0 or one not in place or other not in place:
            continue
        if not 0 < x < math.inf or math.isinf(r):
            found = f"a reactance of {x:g} and a resistance of {r:g}"
            file.wrong(row, f"branch {k + 1}", found, "more than 0, and finite ones")
            continue
        if row.values[9] != 0:
            found = f"a phase shift of {row.values[9]:g} degrees is not supported"
            file.wrong(row, f"branch {k + 1}", found, "0")
        if one == other:
            file.wrong(row, f"branch {k + 1}", f"both ends are bus {one}", "two buses")
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


def _angle_limit(file: MatpowerFile, branch: int) -> float:
    """Return the largest angle between a branch's ends in radians, inf where there is none."""
    row = file.branch[branch]
    least, most = row.values[11:13] if len(row.values) > 12 else (0.0, 0.0)
    if (least == 0 and most == 0) or (least <= -360 and most >= 360):
        return math.inf
    if least != -most or most < 0:
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
