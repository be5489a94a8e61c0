"""Random networks with everything that a folder can hold, for writing and reading back."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace

import numpy as np
from hypothesis import strategies as st

from keepwarm.case.nouns import Derated, Network, Storages
from tests.network.builders import drafts

REGIONS = ("North", "Süd, with a comma")
HOURS = 3


def networks() -> st.SearchStrategy[Network]:
    return st.builds(_dressed, drafts(), st.integers(0, 2**32 - 1))


def _dressed(draft, seed: int) -> Network:
    """Give a sketch what it lacks: series, voltages, transformers, stores, regions, repairs."""
    rng = np.random.default_rng(seed)
    plain = draft.sketch(hours=HOURS).network()
    buses, branches, assets = plain.buses, plain.branches, plain.assets
    transformers = int(rng.integers(0, len(branches) + 1))
    is_transformer = np.arange(len(branches)) >= len(branches) - transformers
    storages = _storages(plain.storages, rng)
    kind = np.array(assets.kind, dtype=object)
    kind[kind == "line"] = np.where(is_transformer, "transformer", "line")
    kind[kind == "storage_unit"] = np.where(storages.is_unit, "storage_unit", "store")
    count = len(assets)
    region = rng.integers(-1, 2, len(buses))
    return replace(
        plain,
        buses=replace(
            buses,
            v_nom_kv=rng.choice([0.4, 1.0, 110.0, 333.3], len(buses)),
            region=region,
        ),
        generators=replace(plain.generators, p_max_pu=rng.uniform(0.4, 1, (HOURS, count))[
            :, : len(plain.generators)
        ]),
        loads=replace(
            plain.loads,
            p_set_mw=plain.loads.p_set_mw * rng.choice([1.0, 0.7, 1 / 3], (HOURS, 1)),
            people=np.where(rng.random(len(plain.loads)) < 0.5, np.nan, 1234.5),
        ),
        branches=replace(
            branches,
            is_transformer=is_transformer,
            s_max_mw=branches.s_max_mw * rng.choice([0.0, 1.0, 30_000.0], len(branches)),
        ),
        links=replace(
            plain.links, p_min_pu=-rng.choice([0.0, 0.1], (HOURS, len(plain.links))) + 0.0
        ),
        storages=storages,
        assets=replace(
            assets,
            kind=tuple(kind),
            region=np.full(count, region.max()),  # one that a bus is in, too
            asset_class=tuple(rng.choice(["", "line, old", 'a "big" one'], count)),
            repair_hours=rng.choice([np.nan, 36.5], count),
            restart_hours=rng.choice([0.0, 4.0], count),
            mttf_hours=rng.choice([np.nan, 1e4 / 3], count),
            crew=tuple(rng.choice(["", "heat"], count)),
        ),
        derated=Derated(
            plain.generators.name[:1], np.array([1 / 3]), np.array([1e3 / 7]), np.array([12.5])
        ),
    )  # fmt: skip


def _storages(units: Storages, rng: np.random.Generator) -> Storages:
    """Make the first of them a store; PyPSA's units have no least level."""
    is_unit = np.arange(len(units)) > 0
    infinite = np.full(len(units), np.inf)
    return replace(
        units,
        is_unit=is_unit,
        e_min_mwh=np.where(is_unit, 0.0, units.e_min_mwh),
        e_initial_mwh=np.maximum(units.e_initial_mwh, units.e_min_mwh),
        p_store_mw=np.where(is_unit, units.p_store_mw * 0.3, infinite),
        p_dispatch_mw=np.where(is_unit, units.p_dispatch_mw, infinite),
        efficiency_store=np.where(is_unit, units.efficiency_store, 1.0),
        efficiency_dispatch=np.where(is_unit, 0.9, 1.0),
        inflow_mw=np.where(is_unit, rng.random((HOURS, len(units))), 0.0),
    )


def assert_same(one: object, other: object, where: str = "") -> None:
    """Compare two networks field by field; numbers to the last digits of a double."""
    if is_dataclass(one):
        assert type(one) is type(other)
        for field in fields(one):
            name = f"{where}.{field.name}"
            assert_same(getattr(one, field.name), getattr(other, field.name), name)
    elif isinstance(one, np.ndarray) and one.dtype.kind == "f":
        np.testing.assert_allclose(other, one, rtol=1e-15, atol=0, err_msg=where)
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(other, one, err_msg=where)
    else:
        assert one == other, where
