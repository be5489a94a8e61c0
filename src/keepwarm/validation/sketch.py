"""A small network put together call by call, for validation cases and for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from keepwarm.case.archetypes import no_archetypes
from keepwarm.case.nouns import (
    CARRIERS,
    TIERS,
    Assets,
    Branches,
    Buses,
    Case,
    Floats,
    Generators,
    Links,
    Loads,
    Names,
    Network,
    Regions,
    Settings,
    Storages,
)
from keepwarm.case.places import no_buildings
from keepwarm.case.settings import default_settings

_NONE: Floats = np.zeros(0)


class Sketch:
    """Buses first, then what stands at them; every call returns the index of what it added.

    Parameters
    ----------
    hours
        Number of snapshots; every series is constant over them.
    step_hours
        Their spacing.
    """

    def __init__(self, hours: int = 1, step_hours: float = 1.0) -> None:
        self._hours, self._step_hours = hours, step_hours
        self._buses: list[str] = []
        self._carriers: list[str] = []
        self._generators: list[tuple[int, float, float, float, float]] = []
        self._loads: list[tuple[int, int, float]] = []
        self._lines: list[tuple[int, int, float, float]] = []
        self._links: list[tuple[Sequence[tuple[int, float]], float, float, float]] = []
        self._storages: list[tuple[int, tuple[float, ...]]] = []

    def bus(self, carrier: str = "power", name: str | None = None) -> int:
        """Add a bus."""
        if carrier not in CARRIERS:
            raise ValueError(f"{carrier} is no carrier")
        self._buses.append(name or f"{carrier} {len(self._buses)}")
        self._carriers.append(carrier)
        return len(self._buses) - 1

    def generator(
        self, bus: int, mw: float, *, cost: float = 0.0, least: float = 0.0, share: float = 1.0
    ) -> int:
        """Add a source of ``mw``; ``least`` and ``share`` are p_min_pu and p_max_pu."""
        self._generators.append((bus, mw, cost, least, share))
        return len(self._generators) - 1

    def load(self, bus: int, mw: float, *, tier: str = "household") -> int:
        """Add a need."""
        self._loads.append((bus, TIERS.index(tier), mw))
        return len(self._loads) - 1

    def line(self, bus0: int, bus1: int, *, x: float, mw: float) -> int:
        """Add a line with ``x`` radians per MW."""
        self._lines.append((bus0, bus1, x, mw))
        return len(self._lines) - 1

    def link(
        self,
        bus0: int,
        ports: Sequence[tuple[int, float]],
        mw: float,
        *,
        cost: float = 0.0,
        least: float = 0.0,
    ) -> int:
        """Add a link: ``ports`` are (bus, efficiency); ``least`` is p_min_pu."""
        self._links.append(([(bus0, -1.0), *ports], mw, cost, least))
        return len(self._links) - 1

    def storage(
        self,
        bus: int,
        *,
        mw: float,
        mwh: float,
        level: float,
        least_mwh: float = 0.0,
        efficiency: float = 1.0,
        loss: float = 0.0,
        inflow: float = 0.0,
        cost: float = 0.0,
    ) -> int:
        """Add a storage; ``efficiency`` holds each way, ``loss`` is a share per hour."""
        self._storages.append((bus, (mw, mwh, level, least_mwh, efficiency, loss, inflow, cost)))
        return len(self._storages) - 1

    def network(self) -> Network:
        """Return the network."""
        moments = np.arange(self._hours) * int(self._step_hours * 3600)
        return Network(
            snapshots=np.datetime64("2026-01-01T00:00:00", "s") + moments,
            step_hours=self._step_hours,
            buses=Buses(
                name=tuple(self._buses),
                carrier=tuple(self._carriers),
                region=np.full(len(self._buses), -1),
                v_nom_kv=np.ones(len(self._buses)),
            ),
            generators=self._generator_table(),
            loads=self._load_table(),
            branches=self._branch_table(),
            links=self._link_table(),
            storages=self._storage_table(),
            assets=self._assets(),
        )

    def case(self, settings: Mapping[str, float | str] | None = None) -> Case:
        """Return a case around the network; settings by key, the others at their defaults."""
        return bare_case(self.network(), settings or {})

    def _series(self, values: Sequence[float]) -> Floats:
        return np.tile(np.array(values, dtype=np.float64), (self._hours, 1))

    def _generator_table(self) -> Generators:
        bus, mw, cost, least, share = _columns(self._generators, 5)
        return Generators(
            name=tuple(f"generator {k}" for k in range(len(self._generators))),
            bus=bus.astype(np.int64),
            p_nom_mw=mw,
            p_min_pu=self._series(least.tolist()),
            p_max_pu=self._series(share.tolist()),
            marginal_cost=cost,
        )

    def _load_table(self) -> Loads:
        bus, tier, mw = _columns(self._loads, 3)
        return Loads(
            name=tuple(f"load {k}" for k in range(len(self._loads))),
            bus=bus.astype(np.int64),
            tier=tier.astype(np.int64),
            p_set_mw=self._series(mw.tolist()),
            people=np.full(len(self._loads), np.nan),
        )

    def _branch_table(self) -> Branches:
        bus0, bus1, x, mw = _columns(self._lines, 4)
        return Branches(
            name=tuple(f"line {k}" for k in range(len(self._lines))),
            bus0=bus0.astype(np.int64),
            bus1=bus1.astype(np.int64),
            x_pu=x,
            s_max_mw=mw,
            is_transformer=np.zeros(len(self._lines), dtype=np.bool_),
        )

    def _link_table(self) -> Links:
        ports = max((len(link[0]) for link in self._links), default=2)
        bus = np.full((len(self._links), ports), -1, dtype=np.int64)
        efficiency = np.zeros((len(self._links), ports - 1))
        for k, (ends, *_) in enumerate(self._links):
            bus[k, : len(ends)] = [b for b, _ in ends]
            efficiency[k, : len(ends) - 1] = [e for _, e in ends[1:]]
        return Links(
            name=tuple(f"link {k}" for k in range(len(self._links))),
            bus=bus,
            efficiency=efficiency,
            p_nom_mw=np.array([link[1] for link in self._links], dtype=np.float64),
            p_min_pu=self._series([link[3] for link in self._links]),
            p_max_pu=self._series([1.0] * len(self._links)),
            marginal_cost=np.array([link[2] for link in self._links], dtype=np.float64),
        )

    def _storage_table(self) -> Storages:
        mw, mwh, level, least, efficiency, loss, inflow, cost = _columns(
            [values for _, values in self._storages], 8
        )
        return Storages(
            name=tuple(f"storage {k}" for k in range(len(self._storages))),
            bus=np.array([bus for bus, _ in self._storages], dtype=np.int64),
            p_store_mw=mw,
            p_dispatch_mw=mw,
            e_min_mwh=least,
            e_max_mwh=mwh,
            e_initial_mwh=level,
            efficiency_store=efficiency,
            efficiency_dispatch=efficiency,
            standing_loss=loss,
            inflow_mw=self._series(inflow.tolist()),
            marginal_cost=cost,
            is_unit=np.ones(len(self._storages), dtype=np.bool_),
        )

    def _assets(self) -> Assets:
        kinds = (
            ("generator", len(self._generators)),
            ("line", len(self._lines)),
            ("link", len(self._links)),
            ("storage_unit", len(self._storages)),
        )
        kind: Names = tuple(kind for kind, count in kinds for _ in range(count))
        name = tuple(f"{kind.split('_')[0]} {k}" for kind, count in kinds for k in range(count))
        unknown, blank = np.full(len(kind), np.nan), ("",) * len(kind)
        return Assets(
            name=name,
            kind=kind,
            region=np.full(len(kind), -1),
            asset_class=blank,
            repair_hours=unknown,
            restart_hours=np.zeros(len(kind)),
            mttf_hours=unknown,
            mttr_hours=unknown,
            crew=blank,
            spare=blank,
        )


def _columns(rows: Sequence[Sequence[float]], width: int) -> tuple[Floats, ...]:
    table = np.array(rows, dtype=np.float64).reshape(len(rows), width)
    return tuple(table[:, k].copy() for k in range(width))


def bare_case(network: Network, settings: Mapping[str, float | str]) -> Case:
    """Return a case that is only a network: no regions, buildings or weather.

    Parameters
    ----------
    network
        The network.
    settings
        Settings that differ from the default, by dotted key.
    """
    default = default_settings().values
    unknown = settings.keys() - default.keys()
    if unknown:
        raise KeyError(f"no such setting: {', '.join(sorted(unknown))}")
    return Case(
        name="bare",
        title="bare",
        path=Path(),
        time_zone="UTC",
        provenance="",
        settings=Settings({**default, **settings}),
        network=network,
        regions=Regions((), (), _NONE, _NONE, _NONE, _NONE),
        buildings=no_buildings(),
        archetypes=no_archetypes(),
        weather=None,
        state=(),
        start=network.snapshots[0],
        hours=round(len(network.snapshots) * network.step_hours),
        input_hashes={},
    )
