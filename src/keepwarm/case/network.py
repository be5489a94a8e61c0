"""The network of a case from its PyPSA CSV folder, with PyPSA's meaning of every column.

**Source**: PyPSA 1.4. Reactances are PyPSA's ``x_pu_eff`` (``calculate_dependent_values``), limits
and store levels those of its linear optimisation.

**Leaves out**: whatever ``schema/pypsa_columns.csv`` lists as refused (expansion, unit commitment,
ramps, cyclic stores, phase shifters, standard types and others); reactive power and losses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from keepwarm.case.derated import derated_states
from keepwarm.case.nouns import (
    TIERS,
    Assets,
    Bools,
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
from keepwarm.case.plausible import warn_about_gain
from keepwarm.case.pypsa_folder import Folder, read_folder
from keepwarm.case.reading import Reading
from keepwarm.case.schemas import carrier_names
from keepwarm.case.tables import Table
from keepwarm.errors import nearest

#: Tables whose rows can be damaged, in the order of ``Assets``, with the kind they have there.
ASSET_TABLES = {
    "generators": "generator",
    "lines": "line",
    "transformers": "transformer",
    "links": "link",
    "stores": "store",
    "storage_units": "storage_unit",
}


def read_network(reading: Reading, path: Path, regions: Names, *, own: bool = True) -> Network:
    """Read a PyPSA CSV folder.

    Parameters
    ----------
    reading : Reading
        Where faults go.
    path : Path
        The folder that holds ``buses.csv``.
    regions : tuple of str
        Names that the column ``region`` may hold.
    own : bool
        Whether the folder belongs to a case of ours. PyPSA only warns of a carrier that
        carriers.csv does not list, and so do we in a folder of its own.

    Returns
    -------
    Network
        With faults in ``reading`` it may hold NaN, index -1 or no snapshots, and is good for
        nothing but finding more faults.
    """
    builder = _Builder(reading, read_folder(reading, path), regions)
    builder.check_carriers(own=own)
    return builder.network()


class _Builder:
    """Turns tables into arrays; rows with ``active`` False are left out throughout."""

    def __init__(self, reading: Reading, folder: Folder, regions: Names) -> None:
        self.reading = reading
        self.folder = folder
        self.regions = {name: at for at, name in enumerate(regions)}
        buses = folder.tables["buses"]
        self.bus_names: Names = () if buses is None else buses.texts["name"]
        self.bus_at = {name: at for at, name in enumerate(self.bus_names)}
        self.raw_carrier: Names = () if buses is None else buses.texts["carrier"]

    def network(self) -> Network:
        buses = self._buses()
        network = Network(
            snapshots=self.folder.snapshots,
            step_hours=self.folder.step_hours,
            buses=buses,
            generators=self._generators(),
            loads=self._loads(buses),
            branches=self._branches(),
            links=self._links(),
            storages=self._storages(),
            assets=self._assets(buses),
            derated=derated_states(self.folder.tables),
        )
        self._check_asset_names()
        warn_about_gain(self.reading, self.folder.tables["links"], network)
        return network

    # -- columns ---------------------------------------------------------------------------

    def _keep(self, table: str) -> Bools:
        rows = self.folder.tables[table]
        return np.zeros(0, dtype=np.bool_) if rows is None else rows.flags["active"]

    def _text(self, table: str, column: str) -> Names:
        rows = self.folder.tables[table]
        if rows is None:
            return ()
        keep = self._keep(table)
        return tuple(text for text, there in zip(rows.texts[column], keep, strict=True) if there)

    def _number(self, table: str, column: str) -> Floats:
        rows = self.folder.tables[table]
        return np.zeros(0) if rows is None else rows.numbers[column][self._keep(table)]

    def _series(self, table: str, column: str) -> Floats:
        return self.folder.values(table, column)[:, self._keep(table)]

    def _bus(self, table: str, column: str, *, optional: bool = False) -> Ints:
        """Return the bus index of every active row; an unknown bus is a fault."""
        rows = self.folder.tables[table]
        if rows is None:
            return np.zeros(0, dtype=np.int64)
        found = np.full(len(rows), -1, dtype=np.int64)
        for at, name in enumerate(rows.texts[column]):
            if name in self.bus_at:
                found[at] = self.bus_at[name]
            elif name and self.bus_at and self.reading.whole("buses"):
                text = f"'{name}' is no bus of this network"
                near = nearest(name, self.bus_names)
                self.reading.fault(rows.file, rows.lines[at], column, text, "", near)
        return found[self._keep(table)]

    def _region(self, rows: Table) -> Ints:
        found = np.full(len(rows), -1, dtype=np.int64)
        for at, name in enumerate(rows.texts["region"]):
            if name in self.regions:
                found[at] = self.regions[name]
            elif name and self.regions and self.reading.whole("regions"):
                text = f"'{name}' is no region of this case"
                near = nearest(name, self.regions)
                self.reading.fault(rows.file, rows.lines[at], "region", text, "", near)
        return found

    # -- components ------------------------------------------------------------------------

    def _buses(self) -> Buses:
        rows = self.folder.tables["buses"]
        if rows is None:  # a fault already
            return Buses((), (), np.zeros(0, dtype=np.int64), np.zeros(0))
        carriers = carrier_names()
        for at, name in enumerate(self.raw_carrier):
            if name not in carriers:
                text = f"'{name}' is no carrier that keepwarm knows"
                expected = "one of " + ", ".join(carriers)
                near = nearest(name, carriers)
                self.reading.fault(rows.file, rows.lines[at], "carrier", text, expected, near)
        read_as = tuple(carriers.get(name, "power") for name in self.raw_carrier)
        return Buses(self.bus_names, read_as, self._region(rows), rows.numbers["v_nom"])

    def _generators(self) -> Generators:
        least, most = self._series("generators", "p_min_pu"), self._series("generators", "p_max_pu")
        self._check_order("generators", least, most, "p_min_pu")
        return Generators(
            name=self._text("generators", "name"),
            bus=self._bus("generators", "bus"),
            p_nom_mw=self._number("generators", "p_nom"),
            p_min_pu=least,
            p_max_pu=most,
            marginal_cost=self._number("generators", "marginal_cost"),
        )

    def _loads(self, buses: Buses) -> Loads:
        bus = self._bus("loads", "bus")
        tiers = []
        for name, at in zip(self._text("loads", "tier"), bus, strict=True):
            own = "heat_comfort" if at >= 0 and buses.carrier[at] == "heat" else "household"
            tiers.append(TIERS.index(name) if name in TIERS else TIERS.index(own))
        return Loads(
            name=self._text("loads", "name"),
            bus=bus,
            tier=np.array(tiers, dtype=np.int64),
            p_set_mw=self._series("loads", "p_set"),
            people=self._number("loads", "people"),
        )

    def _branches(self) -> Branches:
        bus0 = [self._branch_bus(table, "bus0") for table in ("lines", "transformers")]
        bus1 = [self._branch_bus(table, "bus1") for table in ("lines", "transformers")]
        buses = self.folder.tables["buses"]
        v_nom = np.zeros(0) if buses is None else buses.numbers["v_nom"]
        volt = v_nom[bus0[0]] if len(v_nom) else np.full(len(bus0[0]), np.nan)
        x_lines = self._number("lines", "x") / np.where(volt > 0, volt, np.nan) ** 2
        rated = self._number("transformers", "s_nom")
        x_trafos = (
            self._number("transformers", "x") / rated * self._number("transformers", "tap_ratio")
        )
        return Branches(
            name=self._text("lines", "name") + self._text("transformers", "name"),
            bus0=np.concatenate(bus0),
            bus1=np.concatenate(bus1),
            x_pu=np.concatenate([x_lines, x_trafos]),
            s_max_mw=np.concatenate(
                [
                    self._number("lines", "s_nom") * self._number("lines", "s_max_pu"),
                    rated * self._number("transformers", "s_max_pu"),
                ]
            ),
            is_transformer=np.repeat([False, True], [len(bus0[0]), len(bus0[1])]),
        )

    def _branch_bus(self, table: str, column: str) -> Ints:
        """PyPSA gives a line between buses of another carrier than AC no reactance."""
        rows = self.folder.tables[table]
        if rows is None:
            return np.zeros(0, dtype=np.int64)
        for at, name in enumerate(rows.texts[column]):
            carrier = self.raw_carrier[self.bus_at[name]] if name in self.bus_at else "AC"
            if carrier != "AC":
                text = f"'{name}' is a bus of carrier '{carrier}'; such {table} are not supported"
                self.reading.fault(rows.file, rows.lines[at], column, text, "a bus of carrier AC")
            if column == "bus1" and name and name == rows.texts["bus0"][at]:
                text = "both ends are the same bus"
                self.reading.fault(rows.file, rows.lines[at], column, text, "two buses")
        return self._bus(table, column)

    def _links(self) -> Links:
        rows = self.folder.tables["links"]
        ports = ["bus0", "bus1"]
        if rows is not None:
            more = {name for name in rows.given if name[:3] == "bus" and name[3:].isdecimal()}
            ports += sorted(more - set(ports), key=lambda name: int(name[3:]))
        bus = np.stack([self._bus("links", port) for port in ports], axis=1)
        efficiency = np.stack([self._efficiency(port) for port in ports[1:]], axis=1)
        least, most = self._series("links", "p_min_pu"), self._series("links", "p_max_pu")
        self._check_order("links", least, most, "p_min_pu")
        return Links(
            name=self._text("links", "name"),
            bus=bus,
            efficiency=np.where(bus[:, 1:] >= 0, efficiency, 0.0),
            p_nom_mw=self._number("links", "p_nom"),
            p_min_pu=least,
            p_max_pu=most,
            marginal_cost=self._number("links", "marginal_cost"),
        )

    def _efficiency(self, port: str) -> Floats:
        """Return the efficiency towards a port; PyPSA's default is 1 for every port."""
        column = "efficiency" if port == "bus1" else f"efficiency{port[3:]}"
        rows = self.folder.tables["links"]
        if rows is None or column in rows.numbers:
            return self._number("links", column)
        return np.ones(int(self._keep("links").sum()))

    def _storages(self) -> Storages:
        units, stores = "storage_units", "stores"
        count = len(self._text(stores, "name"))
        size = self._number(stores, "e_nom")
        power = self._number(units, "p_nom")
        both = np.concatenate
        storages = Storages(
            name=self._text(stores, "name") + self._text(units, "name"),
            bus=both([self._bus(stores, "bus"), self._bus(units, "bus")]),
            p_store_mw=both([np.full(count, np.inf), -self._number(units, "p_min_pu") * power]),
            p_dispatch_mw=both([np.full(count, np.inf), self._number(units, "p_max_pu") * power]),
            e_min_mwh=both([self._number(stores, "e_min_pu") * size, np.zeros(len(power))]),
            e_max_mwh=both(
                [self._number(stores, "e_max_pu") * size, self._number(units, "max_hours") * power]
            ),
            e_initial_mwh=both(
                [self._number(stores, "e_initial"), self._number(units, "state_of_charge_initial")]
            ),
            efficiency_store=both([np.ones(count), self._number(units, "efficiency_store")]),
            efficiency_dispatch=both([np.ones(count), self._number(units, "efficiency_dispatch")]),
            standing_loss=both(
                [self._number(stores, "standing_loss"), self._number(units, "standing_loss")]
            ),
            inflow_mw=np.concatenate(
                [np.zeros((len(self.folder.snapshots), count)), self._series(units, "inflow")],
                axis=1,
            ),
            marginal_cost=both(
                [self._number(stores, "marginal_cost"), self._number(units, "marginal_cost")]
            ),
            is_unit=np.repeat([False, True], [count, len(power)]),
        )
        self._check_levels(storages)
        return storages

    def _assets(self, buses: Buses) -> Assets:
        def texts(column: str) -> Names:
            return tuple(text for table in ASSET_TABLES for text in self._text(table, column))

        def numbers(column: str) -> Floats:
            return np.concatenate([self._number(table, column) for table in ASSET_TABLES])

        kinds = [[kind] * len(self._text(table, "name")) for table, kind in ASSET_TABLES.items()]
        return Assets(
            name=texts("name"),
            kind=tuple(kind for part in kinds for kind in part),
            region=np.concatenate([self._asset_region(table, buses) for table in ASSET_TABLES]),
            asset_class=texts("asset_class"),
            repair_hours=numbers("repair_hours"),
            restart_hours=numbers("restart_hours"),
            mttf_hours=numbers("mttf_hours"),
            mttr_hours=numbers("mttr_hours"),
            crew=texts("crew"),
            spare=texts("spare"),
        )

    def _asset_region(self, table: str, buses: Buses) -> Ints:
        rows = self.folder.tables[table]
        if rows is None:
            return np.zeros(0, dtype=np.int64)
        own = self._region(rows)[self._keep(table)]
        column = "bus" if "bus" in rows.texts else "bus0"
        at = np.array(
            [self.bus_at.get(name, -1) for name in self._text(table, column)], dtype=np.int64
        )
        of_bus = np.append(buses.region, -1)[at]  # index -1, no bus, has region -1
        return np.where(own >= 0, own, of_bus)

    # -- checks ----------------------------------------------------------------------------

    def check_carriers(self, *, own: bool) -> None:
        """In a folder with carriers.csv every carrier named elsewhere should be listed there."""
        listed = self.folder.tables["carriers"]
        if listed is None:
            return
        known = set(listed.texts["name"])
        for name, rows in self.folder.tables.items():
            if rows is None or name == "carriers" or "carrier" not in rows.given:
                continue
            for at, carrier in enumerate(rows.texts["carrier"]):
                if not carrier or carrier in known or carrier in carrier_names():
                    continue
                text = f"'{carrier}' is no carrier of this case"
                if own and name != "buses":
                    near = nearest(carrier, known)
                    self.reading.fault(rows.file, rows.lines[at], "carrier", text, "", near)
                elif not own:
                    self.reading.warn(rows.file, rows.lines[at], "carrier", text)

    def _check_order(self, table: str, least: Floats, most: Floats, column: str) -> None:
        rows = self.folder.tables[table]
        if rows is None:
            return
        places = np.flatnonzero(self._keep(table))
        for at in np.flatnonzero((least > most + 1e-12).any(axis=0)):
            text = f"the least output of '{self._text(table, 'name')[at]}' is above the largest"
            line = rows.lines[int(places[at])]
            self.reading.fault(rows.file, line, column, text, "p_min_pu up to p_max_pu")

    def _check_levels(self, storages: Storages) -> None:
        lines = self._storage_lines()
        for at, name in enumerate(storages.name):
            low, high = storages.e_min_mwh[at], storages.e_max_mwh[at]
            level = storages.e_initial_mwh[at]
            file, line, column = lines[at]
            if low > high:
                text = f"the least level of '{name}' is above the largest"
                self.reading.fault(file, line, "e_min_pu", text, "e_min_pu up to e_max_pu")
            elif level > high + 1e-9 or level < low - 1e-9:
                text = f"'{name}' begins with {level:g} MWh"
                self.reading.fault(file, line, column, text, f"{low:g} to {high:g} MWh")

    def _storage_lines(self) -> Sequence[tuple[str, int, str]]:
        found = []
        first: Mapping[str, str] = {
            "stores": "e_initial",
            "storage_units": "state_of_charge_initial",
        }
        for table, column in first.items():
            rows = self.folder.tables[table]
            if rows is not None:
                kept = np.flatnonzero(self._keep(table))
                found += [(rows.file, rows.lines[int(at)], column) for at in kept]
        return found

    def _check_asset_names(self) -> None:
        """Names must be unique over all tables, because a damage list knows names only."""
        first: dict[str, tuple[str, int]] = {}
        for table in ASSET_TABLES:
            rows = self.folder.tables[table]
            if rows is None:
                continue
            for at, name in enumerate(rows.texts["name"]):
                where = first.setdefault(name, (table, rows.lines[at]))
                if name and where[0] != table:
                    text = f"'{name}' is also in {where[0]}.csv:{where[1]}"
                    expected = "names unique over all assets"
                    self.reading.fault(rows.file, rows.lines[at], "name", text, expected)
