"""A network as a PyPSA CSV folder, which PyPSA opens and keepwarm reads back to the same network.

**Source**: PyPSA 1.4, ``pypsa.network.io`` and ``component_attrs``: the reverse of
`keepwarm.case.network`, its formulas solved for the columns.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from keepwarm.case.derated import DERATED_TABLES, derated_columns
from keepwarm.case.left_out import bus_carrier
from keepwarm.case.nouns import TIERS, Floats, Ints, Names, Network
from keepwarm.case.schemas import schema

#: Names of components to columns of cells, in the order of the table.
_Cells = dict[str, list[str]]

#: Flows beyond this are written as a share of a smaller rating; a power of two, so exactly.
_LARGEST_MVA, _SHARE = 1e6, 8.0


def write_tables(network: Network, folder: Path, *, regions: Names = ()) -> None:
    """Write a network into an empty folder as PyPSA's CSV tables.

    Parameters
    ----------
    network : Network
        What was read, or a sketch. Times are written as naive UTC.
    folder : Path
        Where the tables go.
    regions : tuple of str
        Names behind the region numbers of buses and assets.

    Raises
    ------
    ValueError
        For what PyPSA has no column for: a storage unit with a least level, a store with a limit
        of power, losses or an inflow, a reactance that is not known.

    **Leaves out**: the region of an asset where no bus is in it; ports that no link uses. Columns
    that are PyPSA's default throughout are not written, and a series that never changes becomes
    one value.
    """
    _refuse(network, len(regions))
    writer = _Writer(network, folder, (*regions, ""))
    writer.snapshots()
    writer.buses()
    writer.generators()
    writer.loads()
    writer.branches()
    writer.links()
    writer.storages()


def _refuse(network: Network, regions: int) -> None:
    if max((*network.buses.region, *network.assets.region), default=-1) >= regions:
        raise ValueError("a region has no name")
    storages = network.storages
    plain = (
        np.isinf(storages.p_store_mw)
        & np.isinf(storages.p_dispatch_mw)
        & (storages.efficiency_store == 1)
        & (storages.efficiency_dispatch == 1)
        & (storages.inflow_mw == 0).all(axis=0)
    )
    for what, wrong, names in (
        ("a least level", storages.is_unit & (storages.e_min_mwh != 0), storages.name),
        ("limits that no store of PyPSA has", ~storages.is_unit & ~plain, storages.name),
        ("no reactance", ~(network.branches.x_pu > 0), network.branches.name),
    ):
        for at in np.flatnonzero(wrong).tolist():
            raise ValueError(f"'{names[at]}' has {what}")


class _Writer:
    def __init__(self, network: Network, folder: Path, regions: Names) -> None:
        self.network = network
        self.folder = folder
        self.regions = regions  # the last one, region -1, has no name
        # Without regions.csv the regions of a folder are those of its buses.
        self.known = set(network.buses.region.tolist())
        self.assets = 0  # how many assets are written

    def snapshots(self) -> None:
        network = self.network
        times = [str(time).replace("T", " ") for time in network.snapshots.astype("M8[s]")]
        weights = [_number(network.step_hours)] * 3
        rows = [[str(at), time, *weights] for at, time in enumerate(times)]
        # PyPSA takes the first column as a number; times there would stay text.
        self._rows("snapshots", [["", "snapshot", "objective", "stores", "generators"], *rows])

    def buses(self) -> None:
        buses = self.network.buses
        carriers = [bus_carrier(name) for name in buses.carrier]
        cells = {
            "name": list(buses.name),
            "carrier": carriers,
            "v_nom": _numbers(buses.v_nom_kv),
            "region": self._region(buses.region),
        }
        self._write("buses", cells)
        self._write("carriers", {"name": list(dict.fromkeys(carriers))})

    def generators(self) -> None:
        table = self.network.generators
        cells = {
            "name": list(table.name),
            "bus": self._bus(table.bus),
            "p_nom": _numbers(table.p_nom_mw),
            "marginal_cost": _numbers(table.marginal_cost),
        }
        series = {"p_min_pu": table.p_min_pu, "p_max_pu": table.p_max_pu}
        self._component("generators", cells, series)

    def loads(self) -> None:
        table = self.network.loads
        cells = {
            "name": list(table.name),
            "bus": self._bus(table.bus),
            "tier": [TIERS[at] for at in table.tier],
            "people": _numbers(table.people),
        }
        self._write("loads", cells | self._series("loads", table.name, {"p_set": table.p_set_mw}))

    def branches(self) -> None:
        table, buses = self.network.branches, self.network.buses
        share = np.where(table.s_max_mw > _LARGEST_MVA, _SHARE, 1.0)
        rated = table.s_max_mw / share
        # A transformer's rating is the base of its reactance and cannot be 0.
        share = np.where(table.is_transformer & (rated == 0), 0.0, share)
        rated = np.where(table.is_transformer & (rated == 0), 1.0, rated)
        squared = buses.v_nom_kv[table.bus0] ** 2
        x = _inverse(lambda x: x / squared, table.x_pu, table.x_pu * squared)
        x_trafo = _inverse(lambda x: x / rated, table.x_pu, table.x_pu * rated)
        x = np.where(table.is_transformer, x_trafo, x)
        columns = {
            "name": list(table.name),
            "bus0": self._bus(table.bus0),
            "bus1": self._bus(table.bus1),
            "x": _numbers(x),
            "s_nom": _numbers(rated),
            "s_max_pu": _numbers(share),
        }
        for name, kind in (("lines", False), ("transformers", True)):
            here = np.flatnonzero(table.is_transformer == kind).tolist()
            self._component(
                name, {key: [cells[at] for at in here] for key, cells in columns.items()}
            )

    def links(self) -> None:
        table = self.network.links
        cells = {"name": list(table.name)}
        cells |= {f"bus{port}": self._bus(table.bus[:, port]) for port in range(table.bus.shape[1])}
        for port in range(1, table.bus.shape[1]):
            gain = np.where(table.bus[:, port] >= 0, table.efficiency[:, port - 1], 1.0)
            cells["efficiency" if port == 1 else f"efficiency{port}"] = _numbers(gain)
        cells |= {
            "p_nom": _numbers(table.p_nom_mw),
            "marginal_cost": _numbers(table.marginal_cost),
        }
        series = {"p_min_pu": table.p_min_pu, "p_max_pu": table.p_max_pu}
        self._component("links", cells, series)

    def storages(self) -> None:
        """Write stores, then units: the order in which storages and their assets stand."""
        table = self.network.storages
        here = np.flatnonzero(~table.is_unit)
        size = table.e_max_mwh[here]
        stores = {
            "e_nom": _numbers(size),
            "e_min_pu": _numbers(_share(table.e_min_mwh[here], size, 0.0)),
            "e_initial": _numbers(table.e_initial_mwh[here]),
        }
        self._component("stores", self._any_storage(here) | stores)
        here = np.flatnonzero(table.is_unit)
        size, charge, discharge = (
            values[here] for values in (table.e_max_mwh, table.p_store_mw, table.p_dispatch_mw)
        )
        power = np.maximum(charge, discharge)
        power = np.where((power == 0) & (size > 0), 1.0, power)  # so that hours can say its size
        units = {
            "p_nom": _numbers(power),
            "p_min_pu": _numbers(0.0 - _share(charge, power, 1.0)),
            "p_max_pu": _numbers(_share(discharge, power, 1.0)),
            "max_hours": _numbers(_share(size, power, 1.0)),
            "state_of_charge_initial": _numbers(table.e_initial_mwh[here]),
            "efficiency_store": _numbers(table.efficiency_store[here]),
            "efficiency_dispatch": _numbers(table.efficiency_dispatch[here]),
        }
        series = {"inflow": table.inflow_mw[:, here]}
        self._component("storage_units", self._any_storage(here) | units, series)

    def _any_storage(self, here: Ints) -> _Cells:
        table = self.network.storages
        return {
            "name": [table.name[at] for at in here.tolist()],
            "bus": self._bus(table.bus[here]),
            "standing_loss": _numbers(table.standing_loss[here]),
            "marginal_cost": _numbers(table.marginal_cost[here]),
        }

    # -- cells -----------------------------------------------------------------------------

    def _bus(self, index: Ints) -> list[str]:
        names = (*self.network.buses.name, "")
        return [names[at] for at in index]

    def _region(self, index: Ints) -> list[str]:
        return [self.regions[at] if at in self.known else "" for at in index.tolist()]

    def _component(
        self, table: str, cells: _Cells, series: Mapping[str, Floats] | None = None
    ) -> None:
        """Write a table of things that can be damaged, with the columns that all of these have."""
        names = tuple(cells["name"])
        here = slice(self.assets, self.assets + len(names))
        self.assets += len(names)
        assets = self.network.assets
        if assets.name[here] != names:
            raise ValueError(f"the assets are not in the order of the tables: {table}")
        more = {
            "region": self._region(assets.region[here]),
            "asset_class": list(assets.asset_class[here]),
            "mttf_hours": _numbers(assets.mttf_hours[here]),
            "mttr_hours": _numbers(assets.mttr_hours[here]),
            "repair_hours": _numbers(assets.repair_hours[here]),
            "restart_hours": _numbers(assets.restart_hours[here]),
            "crew": list(assets.crew[here]),
            "spare": list(assets.spare[here]),
        }
        if table in DERATED_TABLES:
            part = derated_columns(self.network.derated, names)
            more |= {name: _numbers(values) for name, values in part.items()}
        self._write(table, cells | self._series(table, names, series or {}) | more)

    def _series(self, table: str, names: Names, series: Mapping[str, Floats]) -> _Cells:
        """Write what changes over time into files of their own; return the rest as columns."""
        columns: _Cells = {}
        for attribute, values in series.items():
            default = float(schema(table).columns[attribute].default)
            moving = (values != values[:1]).any(axis=0)
            columns[attribute] = _numbers(np.where(moving, default, values[0]))
            if moving.any():
                which = np.flatnonzero(moving).tolist()
                rows = [[str(at), *_numbers(row[which])] for at, row in enumerate(values)]
                head = ["", *(names[at] for at in which)]
                self._rows(f"{table}-{attribute}", [head, *rows])
        return columns

    def _write(self, table: str, cells: _Cells) -> None:
        """Write a table without rows not at all, and of the others no column of defaults."""
        first, *others = cells
        if not cells[first]:
            return
        known = schema(table)
        kept = [first]
        for name in others:
            column = known.column(name)
            default = "" if column is None else column.default
            if (column is not None and column.required) or set(cells[name]) - {default, ""}:
                kept.append(name)
        columns = [cells[name] for name in kept]
        self._rows(table, [kept, *map(list, zip(*columns, strict=True))])

    def _rows(self, stem: str, rows: Sequence[Sequence[str]]) -> None:
        with (self.folder / f"{stem}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


def _number(value: float) -> str:
    """Return a number as the shortest text that reads back to it; what is unknown is empty."""
    return "" if np.isnan(value) else repr(float(value)).removesuffix(".0")


def _numbers(values: Floats) -> list[str]:
    return [_number(value) for value in values.tolist()]


def _share(part: Floats, whole: Floats, default: float) -> Floats:
    """Return part / whole so that the product gives the part again, the default of nothing."""
    divisor = np.where(whole > 0, whole, 1.0)
    share = _inverse(lambda share: share * divisor, part, part / divisor)
    return np.where(whole > 0, share, default)


def _inverse(forward: Callable[[Floats], Floats], wanted: Floats, guess: Floats) -> Floats:
    """Return the number next to a guess that a rounded formula takes nearest to what is wanted."""
    best, gap = guess, np.abs(forward(guess) - wanted)
    for towards in (-np.inf, np.inf):
        other = np.nextafter(guess, towards)
        less = np.abs(forward(other) - wanted)
        best, gap = np.where(less < gap, other, best), np.minimum(less, gap)
    return best
