"""The template: one constant sparse matrix for every step, sample and damage state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise

import numpy as np
import scipy.sparse as sp

from keepwarm.case.nouns import TIERS, Branches, Case, Floats, Ints, Names, Network, Settings
from keepwarm.network.around import Around, around_buses
from keepwarm.network.cycles import independent_cycles
from keepwarm.network.reserve import CRITICAL, reserve_price

#: Size of the fixed cost perturbation that breaks ties: absolute for sources and links (currency
#: per MWh), relative for shedding. Far above the solver's dual tolerance, far below any price step.
PERTURBATION = 1e-4
SHED_PERTURBATION = 1e-6


@dataclass(frozen=True)
class Needs:
    """Places where something is needed: one row per (bus, tier), shape (needs,)."""

    bus: Ints
    tier: Ints

    def __len__(self) -> int:
        return len(self.bus)


@dataclass(frozen=True)
class Columns:
    """Where each block of columns begins and ends."""

    generators: slice
    links: slice
    flows: slice
    releases: slice
    charge: slice
    discharge: slice
    reserve: slice
    spill: slice
    shed: slice


@dataclass(frozen=True)
class Template:
    """The constant part of every step's linear program.

    Columns, in order: generator output (MW); link flow at bus0; branch flow; release of each
    branch that is part of a loop; storage charge; discharge; discharge out of the reserve; bus
    spill; shed per need and price step (need-major). Rows: balance per bus (equal to the need
    there); loop law per independent cycle, the sum of ``x * flow + release`` around it is zero.

    **Source**: DC power flow in cycle form. The release is the angle between the ends of a branch
    that is out: it stands in every cycle of the branch, so that exactly the loops without the
    branch remain bound, and the matrix never changes. **Leaves out**: losses in lines, voltage,
    reactive power, phase shifters, unit commitment.
    """

    network: Network
    needs: Needs
    matrix: sp.csc_array
    columns: Columns
    cost: Floats  # as reported
    perturbed_cost: Floats  # as solved
    price: Floats  # (needs, steps)
    looped: Ints  # branches that are part of a loop, one for each release column
    release_box: float
    spill_box: Floats
    reserve_mwh: Floats  # (storages,), kept back for critical needs
    closing: Ints  # (cycles,): the branch after which each loop row is named

    @cached_property
    def around(self) -> tuple[Around, ...]:
        """What stands around each bus."""
        return around_buses(self.network)

    @property
    def steps(self) -> int:
        """Number of price steps per need."""
        return int(self.price.shape[1])

    @property
    def price_span(self) -> float:
        """How much dearer the last price step of a need is than its first."""
        return float((self.price[:, -1] / self.price[:, 0]).max(initial=1.0))

    def column_names(self) -> Names:
        """Return the name of every column, e.g. ``shed:Feeder 01:household:0``."""
        return _column_names(self.network, self.needs, self.looped, self.steps)

    def row_names(self) -> Names:
        """Return the name of every row, e.g. ``balance:Feeder 01``."""
        n = self.network
        return (
            *(f"balance:{name}" for name in n.buses.name),
            *(f"loop:{n.branches.name[b]}" for b in self.closing.tolist()),
        )


def _column_names(n: Network, needs: Needs, looped: Ints, steps: int) -> Names:
    buses = n.buses.name
    shed = [
        f"shed:{buses[b]}:{TIERS[t]}:{k}"
        for b, t in zip(needs.bus, needs.tier, strict=True)
        for k in range(steps)
    ]
    blocks: list[tuple[str, Sequence[str]]] = [
        ("generator", n.generators.name),
        ("link", n.links.name),
        ("flow", n.branches.name),
        ("release", [n.branches.name[b] for b in looped.tolist()]),
        ("charge", n.storages.name),
        ("discharge", n.storages.name),
        ("reserve", n.storages.name),
        ("spill", buses),
    ]
    return (*(f"{kind}:{name}" for kind, names in blocks for name in names), *shed)


def needs_of(case: Case) -> Needs:
    """Return every (bus, tier) at which the case can need something, in a fixed order."""
    loads, buildings = case.network.loads, case.buildings
    pairs = set(zip(loads.bus.tolist(), loads.tier.tolist(), strict=True))
    for name in ("heat_safe", "heat_comfort"):
        pairs |= {(b, TIERS.index(name)) for b in buildings.heat_bus.tolist() if b >= 0}
    pairs |= {(b, TIERS.index("household")) for b in buildings.power_bus.tolist() if b >= 0}
    ordered = sorted(pairs)
    bus = np.array([b for b, _ in ordered], dtype=np.int64)
    tier = np.array([t for _, t in ordered], dtype=np.int64)
    return Needs(bus, tier)


def compile_template(case: Case) -> Template:
    """Compile a case into its template.

    Parameters
    ----------
    case
        The case; only its network, the buses of its building groups and its settings matter.

    Returns
    -------
    Template
        Matrix, costs and boxes; see there for the order of rows and columns.
    """
    network, needs = case.network, needs_of(case)
    branches = network.branches
    cycles, closing = independent_cycles(len(network.buses), branches.bus0, branches.bus1)
    looped = np.unique(cycles.indices).astype(np.int64)
    columns = _columns(network, needs, looped.size, int(case.settings.number("prices.steps")))
    price = _prices(needs, case.settings)
    reserve, useful = reserve_price(network, _bids(network, needs, price))
    cost = _costs(network, columns, price, reserve, case.settings)
    names = _column_names(network, needs, looped, price.shape[1])
    x = branches.x_pu / _angle_scale(branches)
    return Template(
        network=network,
        needs=needs,
        matrix=_matrix(network, needs, columns, x, cycles[:, looped], looped),
        columns=columns,
        cost=cost,
        perturbed_cost=_perturbed(cost, network, columns, names),
        price=price,
        looped=looped,
        # No island's angles can spread further than every branch at its limit, end to end.
        release_box=1.0 + float(np.sum(x * branches.s_max_mw)),
        spill_box=_incoming(network),
        reserve_mwh=_reserve(network, case.settings) * useful,
        closing=closing,
    )


def _reserve(network: Network, settings: Settings) -> Floats:
    share = settings.number("storage.reserve_share")
    keep = settings.text("storage.policy") == "reserve"
    return network.storages.e_max_mwh * (share if keep else 0.0)


def _columns(network: Network, needs: Needs, n_looped: int, steps: int) -> Columns:
    n_bus, n_branch, n_store = len(network.buses), len(network.branches), len(network.storages)
    sizes = (
        len(network.generators),
        len(network.links),
        n_branch,
        n_looped,
        n_store,
        n_store,
        n_store,
        n_bus,
        len(needs) * steps,
    )
    ends = np.cumsum((0, *sizes)).tolist()
    return Columns(*(slice(a, b) for a, b in pairwise(ends)))


def _angle_scale(branches: Branches) -> float:
    return float(np.median(branches.x_pu)) if len(branches) else 1.0


def _matrix(
    network: Network,
    needs: Needs,
    columns: Columns,
    x: Floats,
    cycles: sp.csr_array,
    looped: Ints,
) -> sp.csc_array:
    """Put the blocks together; ``cycles`` has a column for each branch in ``looped``."""
    rows: list[Ints] = []
    cols: list[Ints] = []
    values: list[Floats] = []

    def put(block: slice, row: Ints, value: Floats | float) -> None:
        keep = row >= 0
        rows.append(row[keep])
        cols.append(np.arange(block.start, block.stop)[keep])
        values.append(np.broadcast_to(np.asarray(value, dtype=np.float64), row.shape)[keep])

    buses, branches, links = network.buses, network.branches, network.links
    around = sp.coo_array(cycles)
    put(columns.generators, network.generators.bus, 1.0)
    put(columns.links, links.bus[:, 0], -1.0)
    for port in range(1, links.bus.shape[1]):
        put(columns.links, links.bus[:, port], links.efficiency[:, port - 1])
    put(columns.flows, branches.bus0, -1.0)
    put(columns.flows, branches.bus1, 1.0)
    for first, weight in (
        (columns.flows.start + looped[around.col], x[looped[around.col]]),
        (columns.releases.start + around.col, 1.0),
    ):
        rows.append(len(buses) + around.row.astype(np.int64))
        cols.append(first)
        values.append(around.data * weight)
    put(columns.charge, network.storages.bus, -1.0)
    put(columns.discharge, network.storages.bus, 1.0)
    put(columns.reserve, network.storages.bus, 1.0)
    put(columns.spill, np.arange(len(buses)), -1.0)
    put(columns.shed, np.repeat(needs.bus, _steps(columns, needs)), 1.0)
    shape = (len(buses) + cycles.shape[0], columns.shed.stop)
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(cols)))
    matrix = sp.csc_array(sp.coo_array(entries, shape=shape))
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix


def _steps(columns: Columns, needs: Needs) -> int:
    return (columns.shed.stop - columns.shed.start) // len(needs) if len(needs) else 0


def _prices(needs: Needs, settings: Settings) -> Floats:
    """Price of each step, rising a little so that equals share a shortage."""
    base = np.array([settings.number(f"prices.{tier}") for tier in TIERS])
    steps = np.arange(int(settings.number("prices.steps")))
    rise = 1 + settings.number("prices.step_rise") * steps
    return np.asarray(base[needs.tier][:, None] * rise)


def _bids(network: Network, needs: Needs, price: Floats) -> Floats:
    """Return the dearest price of each tier at each bus, (tiers, buses)."""
    bids = np.zeros((len(TIERS), len(network.buses)))
    bids[needs.tier, needs.bus] = price.max(axis=1)
    # Shedding of critical needs begins at its lowest step.
    critical = needs.tier == CRITICAL
    bids[CRITICAL, needs.bus[critical]] = price[critical].min(axis=1)
    return bids


def _costs(
    network: Network, columns: Columns, price: Floats, reserve: Floats, settings: Settings
) -> Floats:
    cost = np.zeros(columns.shed.stop)
    value = settings.number("prices.stored_energy")
    storages = network.storages
    cost[columns.generators] = network.generators.marginal_cost
    cost[columns.links] = network.links.marginal_cost
    cost[columns.charge] = -value * storages.efficiency_store
    cost[columns.discharge] = value / storages.efficiency_dispatch + storages.marginal_cost
    cost[columns.reserve] = reserve
    cost[columns.spill] = settings.number("prices.spill")
    cost[columns.shed] = price.ravel()
    return cost


def _perturbed(cost: Floats, network: Network, columns: Columns, names: Names) -> Floats:
    """Break ties by name, so that they fall alike whatever else the case holds."""
    digests = (blake2b(name.encode(), digest_size=6).digest() for name in names)
    draw = 0.5 + 0.5 * np.array([int.from_bytes(digest) for digest in digests]) / 2**48
    perturbed = cost.copy()
    one_way = network.links.p_min_pu.min(axis=0, initial=0.0) >= 0
    perturbed[columns.links] += PERTURBATION * draw[columns.links] * one_way
    for block in (columns.generators, columns.charge, columns.discharge, columns.reserve):
        perturbed[block] += PERTURBATION * draw[block]
    perturbed[columns.shed] *= 1 + SHED_PERTURBATION * draw[columns.shed]
    return perturbed


def _incoming(network: Network) -> Floats:
    """Return the most that can flow into each bus, so that spill has a finite box."""
    most = np.ones(len(network.buses))
    generators, links = network.generators, network.links
    branches, storages = network.branches, network.storages
    top = generators.p_nom_mw * generators.p_max_pu.max(axis=0, initial=0.0)
    np.add.at(most, generators.bus, top)
    span = np.maximum(np.abs(links.p_min_pu), np.abs(links.p_max_pu)).max(axis=0, initial=0.0)
    for port in range(links.bus.shape[1]):
        gain = 1.0 if port == 0 else np.abs(links.efficiency[:, port - 1])
        used = links.bus[:, port] >= 0
        np.add.at(most, links.bus[used, port], (links.p_nom_mw * span * gain)[used])
    np.add.at(most, branches.bus0, branches.s_max_mw)
    np.add.at(most, branches.bus1, branches.s_max_mw)
    level = storages.e_max_mwh / network.step_hours + storages.inflow_mw.max(axis=0, initial=0.0)
    np.add.at(most, storages.bus, np.minimum(storages.p_dispatch_mw, level))
    return most
