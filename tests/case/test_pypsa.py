"""Our reading of a PyPSA folder against PyPSA's own."""

import csv
import logging
import warnings
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pypsa
import pytest

from keepwarm.case.network import ASSET_TABLES
from keepwarm.case.read import check_case, inspect_case, read_case
from keepwarm.case.schemas import NETWORK_TABLES, schema, unread_column

COMPONENTS = ("Generator", "Load", "Line", "Transformer", "Link", "Store", "StorageUnit")


@pytest.fixture(autouse=True)
def quiet():
    logging.getLogger("pypsa").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def drawn(hours=6):
    """A network with every component that both know, drawn from a fixed seed."""
    rng = np.random.default_rng(7)
    n = pypsa.Network()
    n.set_snapshots(pd.date_range("2026-01-01", periods=hours, freq="h"))
    for carrier in ("AC", "heat", "gas", "wind"):
        n.add("Carrier", carrier)
    for name, volt in (("a", 110.0), ("b", 110.0), ("c", 330.0)):
        n.add("Bus", name, v_nom=volt, carrier="AC")
    n.add("Bus", "h", carrier="heat")
    n.add("Bus", "g", carrier="gas")
    n.add("Generator", "wind", bus="a", carrier="wind", p_nom=30, p_max_pu=rng.random(hours))
    n.add("Generator", "plant", bus="c", p_nom=80, p_min_pu=0.1, marginal_cost=35.5)
    n.add("Generator", "mine", bus="g", p_nom=200, marginal_cost=20)
    n.add("Load", "city", bus="b", p_set=rng.uniform(20, 60, hours))
    n.add("Load", "flat", bus="h", p_set=12.5)
    n.add("Line", "ab", bus0="a", bus1="b", x=11.3, r=1.1, s_nom=55, s_max_pu=0.7)
    n.add("Line", "ab2", bus0="a", bus1="b", x=23, s_nom=40)
    n.add("Transformer", "t", bus0="c", bus1="b", x=0.12, s_nom=150, tap_ratio=1.05)
    n.add("Link", "chp", bus0="g", bus1="b", bus2="h", efficiency=0.35, efficiency2=0.45,
          p_nom=60, marginal_cost=2)  # fmt: skip
    n.add("Link", "boiler", bus0="g", bus1="h", efficiency=0.9, p_nom=20, p_min_pu=-0.2)
    n.add("Link", "cable", bus0="a", bus1="c", p_nom=15, p_min_pu=-1, p_max_pu=rng.random(hours))
    n.add("Store", "tank", bus="h", e_nom=90, e_initial=40, e_min_pu=0.1, standing_loss=0.005)
    n.add("StorageUnit", "dam", bus="a", p_nom=25, max_hours=6, state_of_charge_initial=50,
          efficiency_store=0.88, efficiency_dispatch=0.91, inflow=rng.random(hours))  # fmt: skip
    n.add("Generator", "old", bus="a", p_nom=99, active=False)
    return n


@pytest.fixture
def folder(tmp_path):
    drawn().export_to_csv_folder(str(tmp_path / "net"))
    return tmp_path / "net"


def compare(ours, n):
    """Assert that a Network of ours holds PyPSA's numbers, component by component."""
    n.calculate_dependent_values()
    live = {name: n.static(name)[n.static(name).active] for name in COMPONENTS}

    def static(component, attribute):
        return live[component][attribute].to_numpy(dtype=float)

    def series(component, attribute):
        table = n.get_switchable_as_dense(component, attribute)
        return table[live[component].index].to_numpy(dtype=float)

    def at(component, column):
        return [ours.buses.name.index(bus) for bus in live[component][column]]

    assert list(ours.snapshots.astype("datetime64[ns]")) == list(n.snapshots.to_numpy())
    assert list(ours.buses.name) == list(n.buses.index)
    np.testing.assert_allclose(ours.buses.v_nom_kv, n.buses.v_nom)
    generators, loads, links = ours.generators, ours.loads, ours.links
    assert list(generators.name) == list(live["Generator"].index)
    assert generators.bus.tolist() == at("Generator", "bus")
    np.testing.assert_allclose(generators.p_nom_mw, static("Generator", "p_nom"))
    np.testing.assert_allclose(generators.p_max_pu, series("Generator", "p_max_pu"))
    np.testing.assert_allclose(generators.p_min_pu, series("Generator", "p_min_pu"))
    np.testing.assert_allclose(generators.marginal_cost, static("Generator", "marginal_cost"))
    assert loads.bus.tolist() == at("Load", "bus")
    np.testing.assert_allclose(loads.p_set_mw, series("Load", "p_set"))
    branches = ours.branches
    assert list(branches.name) == [*live["Line"].index, *live["Transformer"].index]
    assert branches.bus0.tolist() == at("Line", "bus0") + at("Transformer", "bus0")
    assert branches.bus1.tolist() == at("Line", "bus1") + at("Transformer", "bus1")
    reactance = [*static("Line", "x_pu_eff"), *static("Transformer", "x_pu_eff")]
    np.testing.assert_allclose(branches.x_pu, reactance, rtol=1e-12)
    limit = [*(static("Line", "s_nom") * static("Line", "s_max_pu")),
             *(static("Transformer", "s_nom") * static("Transformer", "s_max_pu"))]  # fmt: skip
    np.testing.assert_allclose(branches.s_max_mw, limit)
    np.testing.assert_allclose(links.p_nom_mw, static("Link", "p_nom"))
    np.testing.assert_allclose(links.p_max_pu, series("Link", "p_max_pu"))
    np.testing.assert_allclose(links.p_min_pu, series("Link", "p_min_pu"))
    np.testing.assert_allclose(links.marginal_cost, static("Link", "marginal_cost"))
    compare_ports(ours, live["Link"])
    compare_storages(ours, n, static, series)


def compare_ports(ours, links):
    for row, name in enumerate(ours.links.name):
        for port in range(ours.links.bus.shape[1]):
            theirs = links.at[name, f"bus{port}"]
            bus = ours.links.bus[row, port]
            assert (ours.buses.name[bus] if bus >= 0 else "") == theirs
            if port and theirs:
                column = "efficiency" if port == 1 else f"efficiency{port}"
                assert ours.links.efficiency[row, port - 1] == links.at[name, column]
            elif port:
                assert ours.links.efficiency[row, port - 1] == 0


def compare_storages(ours, n, static, series):
    storages = ours.storages
    stores = int((~storages.is_unit).sum())
    first, second = slice(None, stores), slice(stores, None)
    size, power = static("Store", "e_nom"), static("StorageUnit", "p_nom")
    np.testing.assert_allclose(storages.e_max_mwh[first], size * static("Store", "e_max_pu"))
    np.testing.assert_allclose(storages.e_min_mwh[first], size * static("Store", "e_min_pu"))
    np.testing.assert_allclose(storages.e_initial_mwh[first], static("Store", "e_initial"))
    np.testing.assert_allclose(storages.standing_loss[first], static("Store", "standing_loss"))
    hours = static("StorageUnit", "max_hours")
    np.testing.assert_allclose(storages.e_max_mwh[second], power * hours)
    initial = static("StorageUnit", "state_of_charge_initial")
    np.testing.assert_allclose(storages.e_initial_mwh[second], initial)
    np.testing.assert_allclose(storages.inflow_mw[:, second], series("StorageUnit", "inflow"))
    for attribute in ("efficiency_store", "efficiency_dispatch", "standing_loss", "marginal_cost"):
        ours_of = getattr(storages, attribute)[second]
        np.testing.assert_allclose(ours_of, static("StorageUnit", attribute))
    np.testing.assert_allclose(
        storages.p_dispatch_mw[second], power * static("StorageUnit", "p_max_pu")
    )
    np.testing.assert_allclose(
        storages.p_store_mw[second], -power * static("StorageUnit", "p_min_pu")
    )


def test_a_folder_written_by_pypsa_reads_as_pypsa_reads_it(folder):
    compare(read_case(folder).network, pypsa.Network(str(folder)))


@pytest.mark.parametrize("name", ["town", "capital"])
def test_the_examples_read_as_pypsa_reads_them(examples: Path, name):
    path = examples / name / "network"
    compare(read_case(examples / name).network, pypsa.Network(str(path)))


def test_a_solved_network_reads_the_same(tmp_path):
    n = drawn(2)
    before = tmp_path / "before"
    n.export_to_csv_folder(str(before))
    n.generators_t.p = pd.DataFrame(1.0, n.snapshots, n.generators.index)
    n.buses_t.marginal_price = pd.DataFrame(5.0, n.snapshots, n.buses.index)
    n.generators["p_nom_opt"] = n.generators.p_nom
    after = tmp_path / "after"
    n.export_to_csv_folder(str(after))
    assert (after / "generators-p.csv").exists()
    assert check_case(after) == []
    compare(read_case(after).network, pypsa.Network(str(before)))


def test_every_column_that_pypsa_knows_is_read_refused_or_ignored_on_purpose():
    attributes = files("pypsa") / "data" / "component_attrs"
    for table in set(NETWORK_TABLES) - {"snapshots"}:
        rows = csv.DictReader((attributes / f"{table}.csv").read_text().splitlines())
        for row in rows:
            name = row["attribute"]
            known = schema(table).column(name) or unread_column(table, name)
            assert known is not None, f"{table}.{name}"


def test_our_defaults_are_pypsas():
    attributes = files("pypsa") / "data" / "component_attrs"
    for table in set(NETWORK_TABLES) - {"snapshots", "carriers"}:
        rows = csv.DictReader((attributes / f"{table}.csv").read_text().splitlines())
        theirs = {row["attribute"]: row["default"] for row in rows}
        for name, column in schema(table).columns.items():
            if column.type == "number" and name in theirs and not column.required:
                assert float(column.default) == float(theirs[name]), f"{table}.{name}"


REFUSED = {
    "unit commitment": ("Generator", "plant", {"committable": True}),
    "ramp limits": ("Generator", "plant", {"ramp_limit_up": 0.3}),
    "expansion of capacity": ("Generator", "plant", {"p_nom_extendable": True}),
    "quadratic cost": ("Generator", "plant", {"marginal_cost_quadratic": 0.1}),
    "energy budgets over the horizon": ("Generator", "plant", {"e_sum_max": 100.0}),
    "fixed dispatch": ("Generator", "plant", {"p_set": 3.0}),
    "phase shifters": ("Transformer", "t", {"phase_shift": 5.0}),
    "limits of the voltage angle": ("Line", "ab", {"v_ang_max": 30.0}),
    "standard types of lines and transformers": (
        "Line", "ab", {"type": "149-AL1/24-ST1A 110.0"}
    ),
    "cyclic stores": ("Store", "tank", {"e_cyclic": True}),
    "cyclic stores of units": ("StorageUnit", "dam", {"cyclic_state_of_charge": True}),
    "cost of storing over time": ("Store", "tank", {"marginal_cost_storage": 1.0}),
    "cost of spilled inflow": ("StorageUnit", "dam", {"spill_cost": 1.0}),
    "delayed links": ("Link", "boiler", {"delay": 2}),
    "reversed signs": ("Generator", "plant", {"sign": -1.0}),
    "efficiency that changes over time": ("Link", "boiler", {"efficiency": [0.8, 0.9]}),
    "marginal_cost that changes over time": ("Generator", "plant", {"marginal_cost": [1, 2.0]}),
    "e_max_pu that changes over time": ("Store", "tank", {"e_max_pu": [1.0, 0.5]}),
}  # fmt: skip


@pytest.mark.parametrize("feature", REFUSED)
def test_what_is_not_supported_is_refused_by_name(tmp_path, feature):
    n = drawn(2)
    component, name, changed = REFUSED[feature]
    kept = {
        key: value
        for key, value in n.static(component).loc[name].to_dict().items()
        if key in {"bus", "bus0", "bus1", "p_nom", "e_nom", "s_nom", "x", "carrier"}
    }
    n.remove(component, name)
    n.add(component, name, **(kept | changed))
    n.export_to_csv_folder(str(tmp_path / "net"))
    lines = [str(fault) for fault in check_case(tmp_path / "net")]
    assert len(lines) == 1, lines
    assert "not supported" in lines[0]
    assert feature.removesuffix(" of units") in lines[0]


def test_a_carrier_that_pypsa_only_warns_of_is_a_warning_in_its_folder(tmp_path):
    n = drawn(2)
    n.generators.loc["plant", "carrier"] = "coal"
    n.export_to_csv_folder(str(tmp_path / "net"))
    checked = inspect_case(tmp_path / "net")
    assert checked.faults == ()
    assert "'coal' is no carrier of this case" in str(checked.warnings[0])


def test_a_refused_series_is_not_asked_for_as_a_value(tmp_path):
    n = drawn(2)
    n.generators_t.p_set["plant"] = [1.0, 2.0]
    n.export_to_csv_folder(str(tmp_path / "net"))
    (fault,) = check_case(tmp_path / "net")
    assert str(fault).endswith("generators-p_set.csv: not supported (fixed dispatch); "
                               "expected no such file")  # fmt: skip


def test_global_constraints_and_shunts_are_refused(tmp_path):
    n = drawn(2)
    n.add("GlobalConstraint", "co2", sense="<=", constant=5)
    n.add("ShuntImpedance", "shunt", bus="a", b=0.1)
    n.export_to_csv_folder(str(tmp_path / "net"))
    lines = [str(fault) for fault in check_case(tmp_path / "net")]
    assert lines == [
        "global_constraints.csv: global constraints are not supported",
        "shunt_impedances.csv: shunt impedances are not supported",
    ]


def test_a_line_between_dc_buses_is_refused(tmp_path):
    n = drawn(2)
    n.add("Carrier", "DC")
    n.add("Bus", ["d", "e"], carrier="DC")
    n.add("Line", "de", bus0="d", bus1="e", x=1, r=1, s_nom=5)
    n.export_to_csv_folder(str(tmp_path / "net"))
    lines = [str(fault) for fault in check_case(tmp_path / "net")]
    assert len(lines) == 2
    assert "a bus of carrier 'DC'; such lines are not supported" in lines[0]


def test_weights_other_than_the_spacing_are_refused(tmp_path):
    n = drawn(2)
    n.snapshot_weightings.loc[:, "objective"] = 4.0
    n.export_to_csv_folder(str(tmp_path / "net"))
    lines = [str(fault) for fault in check_case(tmp_path / "net")]
    assert lines == [
        (
            "snapshots.csv:2 objective: a weight of 4 is not supported; "
            "expected the spacing of the snapshots, 1 h"
        )
    ]


def test_pypsa_keeps_our_columns(small):
    n = pypsa.Network(str(small / "network"))
    assert n.loads.at["ward", "tier"] == "critical"
    assert n.buses.at["b", "region"] == "south"
    assert set(ASSET_TABLES) == {
        "generators", "lines", "transformers", "links", "stores", "storage_units"
    }  # fmt: skip
