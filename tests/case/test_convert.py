"""Networks written as PyPSA folders: read back by us, opened and solved by PyPSA."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pypsa
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings

from keepwarm.case import conversion, netcdf
from keepwarm.case.matpower import read_matpower, read_matpower_case
from keepwarm.case.nouns import Network
from keepwarm.case.read import inspect_case, read_case
from keepwarm.case.write_network import write_tables
from keepwarm.commands.main import main
from keepwarm.validation.folders import CASES
from keepwarm.validation.sketch import Sketch
from tests.case.networks import REGIONS, assert_same, networks
from tests.case.test_pypsa import REFUSED, compare, drawn


@pytest.fixture(autouse=True)
def quiet():
    logging.getLogger("pypsa").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def convert(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["convert", *map(str, arguments)])


def converted(*arguments: object) -> dict[str, object]:
    """What --json says of a conversion that works."""
    done = convert(*arguments, "--json")
    assert done.exit_code == 0, done.output
    said: dict[str, object] = json.loads(done.stdout)
    assert said["schema"] == 1
    return said


def refused(*arguments: object) -> str:
    """The message of a conversion that is refused; nothing may have been written."""
    target = Path(str(arguments[1]))
    before = sorted(target.parent.rglob("*")) if target.parent.exists() else []
    done = convert(*arguments)
    assert done.exit_code == 1, done.output
    assert not isinstance(done.exception, Exception) or isinstance(done.exception, SystemExit)
    assert done.stdout == ""
    after = sorted(target.parent.rglob("*")) if target.parent.exists() else []
    assert after == before
    return done.stderr


def pglib(name: str) -> Path:
    return CASES / f"pglib_{name}" / f"pglib_opf_{name}.m"


def pypsa_optimum(folder: Path) -> float:
    n = pypsa.Network(folder)
    status, condition = n.optimize(solver_name="highs", log_to_console=False)
    assert (status, condition) == ("ok", "optimal")
    return float(n.objective)


def parts_of(network: Network) -> dict[str, object]:
    """Everything but the numbers of regions, whose order a folder does not keep."""
    links = network.links
    ports = max(2, int((links.bus >= 0).any(axis=0).sum()))  # town has a column for one more
    return {
        "generators": network.generators,
        "loads": network.loads,
        "branches": network.branches,
        "links": replace(
            links, bus=links.bus[:, :ports], efficiency=links.efficiency[:, : ports - 1]
        ),
        "storages": network.storages,
    }


# -- written and read back -----------------------------------------------------------------


@given(networks())
@settings(max_examples=60)
def test_what_is_written_reads_back_the_same(network: Network) -> None:
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_tables(network, folder, regions=REGIONS)
        checked = inspect_case(folder)
        assert checked.case is not None, checked.faults
        again = checked.case.network
        own = [REGIONS.index(name) for name in checked.case.regions.name] + [-1]
    for name, part in parts_of(network).items():
        assert_same(part, parts_of(again)[name], name)
    assert again.step_hours == network.step_hours
    np.testing.assert_array_equal(again.snapshots, network.snapshots)
    assert again.buses.name == network.buses.name
    assert again.buses.carrier == network.buses.carrier
    np.testing.assert_array_equal(again.buses.v_nom_kv, network.buses.v_nom_kv)
    assert [own[at] for at in again.buses.region] == network.buses.region.tolist()
    assert [own[at] for at in again.assets.region] == network.assets.region.tolist()
    for name in ("name", "kind", "asset_class", "crew", "spare", "repair_hours", "mttf_hours"):
        assert_same(getattr(network.assets, name), getattr(again.assets, name), name)
    assert_same(network.derated, again.derated, "derated")


def test_pypsa_opens_what_is_written_and_sees_the_same(tmp_path: Path) -> None:
    drawn().export_to_csv_folder(str(tmp_path / "theirs"))
    converted(tmp_path / "theirs", tmp_path / "ours")
    n, again = pypsa.Network(tmp_path / "theirs"), pypsa.Network(tmp_path / "ours")
    compare(read_case(tmp_path / "ours").network, again)
    n.calculate_dependent_values()
    again.calculate_dependent_values()
    for table in ("lines", "transformers"):  # PyPSA's own numbers, before and after
        before, after = getattr(n, table).x_pu_eff, getattr(again, table).x_pu_eff
        np.testing.assert_allclose(after, before, rtol=1e-15)


@pytest.mark.parametrize("name", ["town", "capital"])
def test_an_example_keeps_its_network_through_a_folder_and_netcdf(
    tmp_path: Path, examples: Path, name: str
) -> None:
    said = converted(examples / name, tmp_path / "folder")
    converted(examples / name, tmp_path / "file.nc")
    converted(tmp_path / "file.nc", tmp_path / "again")
    before = read_case(examples / name)
    for folder in ("folder", "again"):
        after = read_case(tmp_path / folder)
        for part, values in parts_of(before.network).items():
            assert_same(values, parts_of(after.network)[part], part)
        ours = [(*before.regions.name, "")[at] for at in before.network.assets.region]
        assert [(*after.regions.name, "")[at] for at in after.network.assets.region] == ours
        assert_same(before.network.assets.repair_hours, after.network.assets.repair_hours)
    left_out = [(one["where"], one["what"]) for one in said["left_out"]]
    assert ("buildings.csv", "only network/ is converted") in left_out
    assert said["counts"]["buses"] == len(before.network.buses)


def test_a_region_without_a_bus_is_left_out_and_said(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    drawn(2).export_to_csv_folder(str(tmp_path / "case" / "network"))
    (tmp_path / "case" / "regions.csv").write_text("region,people\nHill,5\nValley,6\n")
    for table, row in (("buses", "a,"), ("stores", "tank,")):
        file = tmp_path / "case" / "network" / f"{table}.csv"
        head, *rows = file.read_text().splitlines()
        region = "Hill" if table == "buses" else "Valley"
        rows = [f"{text},{region if text.startswith(row) else ''}" for text in rows]
        file.write_text("\n".join([f"{head},region", *rows]))
    said = converted(tmp_path / "case", tmp_path / "net")
    what = "assets in region 'Valley', which no bus is in: 1"
    assert {"where": "network", "what": what} in said["left_out"]
    assert {"where": "regions.csv", "what": "only network/ is converted"} in said["left_out"]
    assert read_case(tmp_path / "net").regions.name == ("Hill",)


def test_what_has_no_effect_is_listed(tmp_path: Path) -> None:
    n = drawn(2)
    n.buses.loc["h", "x"] = 30.5
    n.buses.loc["g", "carrier"] = "oil"
    n.add("Carrier", "oil")
    n.generators["owner"] = "somebody"
    n.generators_t.p = pd.DataFrame(1.0, n.snapshots, n.generators.index)
    n.meta = {"made": "by hand"}
    n.export_to_csv_folder(str(tmp_path / "net"))
    said = converted(tmp_path / "net", tmp_path / "out")
    assert [(one["where"], one["what"]) for one in said["left_out"]] == [
        ("buses.csv", "column x (without effect on keepwarm's dispatch)"),
        ("buses.csv", "carrier 'oil' becomes 'fuel'"),
        ("generators.csv", "column carrier (technology, without effect)"),
        ("generators.csv", "column owner (nothing reads it)"),
        ("generators.csv", "'old', which is not active"),
        ("lines.csv", "column r (without effect on keepwarm's dispatch)"),
        ("generators-p.csv", "a series without effect"),
        ("meta.json", "free text"),
    ]


def test_half_hours_and_one_snapshot_of_two_hours_keep_their_spacing(tmp_path: Path) -> None:
    for hours, step in ((4, 0.5), (1, 2.0)):
        sketch = Sketch(hours, step)
        sketch.load(sketch.bus(), 1.0)
        folder = tmp_path / f"{step}"
        folder.mkdir()
        write_tables(sketch.network(), folder)
        checked = inspect_case(folder)
        assert checked.case is not None
        assert checked.case.network.step_hours == step
        weights = pypsa.Network(folder).snapshot_weightings
        assert (weights == step).all(axis=None)


def test_what_pypsa_has_no_column_for_is_refused(tmp_path: Path) -> None:
    sketch = Sketch()
    sketch.storage(sketch.bus(), mw=1.0, mwh=5.0, level=2.0, least_mwh=1.0)
    with pytest.raises(ValueError, match="'storage 0' has a least level"):
        write_tables(sketch.network(), tmp_path)


# -- MATPOWER ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "published"),
    # PGLib-OPF v23.07, the DC form recomputed with HiGHS to more digits than BASELINE.md has.
    [("case5_pjm", 17479.8969), ("case14_ieee", 2051.52631), ("case118_ieee", 93100.7299)],
)
def test_pypsa_finds_the_published_optimum_in_the_folder(
    tmp_path: Path, name: str, published: float
) -> None:
    said = converted(pglib(name), tmp_path / "net")
    found = pypsa_optimum(tmp_path / "net") + said["fixed_cost"]
    assert found == pytest.approx(published, abs=1e-4)
    assert_same(read_matpower(pglib(name)), read_case(tmp_path / "net").network)


@pytest.mark.parametrize(
    ("name", "published", "segments"),
    # Quadratic optima: PGLib-OPF v23.07, recomputed independently.
    [("case24_ieee_rts", 61001.2403, 200), ("case73_ieee_rts", 183003.721, 8)],
)
def test_segments_lie_above_the_published_optimum_by_no_more_than_the_bound(
    tmp_path: Path, name: str, published: float, segments: int
) -> None:
    said = converted(pglib(name), tmp_path / "net", "--linearize", segments)
    bound = said["linearized"]["largest_overestimate"]
    assert 0 < bound < 0.001 * published
    found = pypsa_optimum(tmp_path / "net") + said["fixed_cost"]
    assert published - 1e-3 <= found <= published + bound + 1e-3
    quadratic = [row for row in re.findall(r"^\s+2\s.*;", _gencost(name), re.M) if _c2(row)]
    assert said["linearized"]["generators"] == len(quadratic)


def _gencost(name: str) -> str:
    return pglib(name).read_text().split("mpc.gencost = [")[1].split("];")[0]


def _c2(row: str) -> bool:
    return float(row.split()[4]) != 0


def test_a_table_says_what_was_converted_and_what_was_not(tmp_path: Path) -> None:
    done = convert(pglib("case24_ieee_rts"), tmp_path / "net", "--linearize", 4)
    fixed = read_matpower_case(pglib("case24_ieee_rts"), linearize=4).fixed_cost
    assert re.search(r"^ buses +24$", done.stdout, re.M)
    assert re.search(r"^ transformers +5$", done.stdout, re.M)
    assert "tap ratios" in done.stdout
    assert "Quadratic costs of 22 generators became 4 segments each" in done.stdout
    assert f"A fixed cost of {fixed:,.10g} currency/h has no place" in done.stdout


def test_a_quadratic_cost_is_refused_by_name_and_line(tmp_path: Path) -> None:
    message = refused(pglib("case24_ieee_rts"), tmp_path / "net")
    assert "pglib_opf_case24_ieee_rts.m:115 to 145 generator 3: a quadratic cost" in message
    assert "--linearize N" in message


def test_numbers_out_of_range_are_told_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "big.m"
    file.write_text(pglib("case5_pjm").read_text().replace("40.000000", "4e7"))
    message = refused(file, tmp_path / "net")
    assert "big.m generators 'generator 4 at 4' marginal_cost: 40000000 currency/MWh" in message


# -- netCDF --------------------------------------------------------------------------------


@pytest.mark.parametrize("feature", REFUSED)
def test_what_is_not_supported_is_refused_by_the_name_of_the_file(
    tmp_path: Path, feature: str
) -> None:
    n = drawn(2)
    component, name, changed = REFUSED[feature]
    kept = {
        key: value
        for key, value in n.static(component).loc[name].to_dict().items()
        if key in {"bus", "bus0", "bus1", "p_nom", "e_nom", "s_nom", "x", "carrier"}
    }
    n.remove(component, name)
    n.add(component, name, **(kept | changed))
    n.export_to_netcdf(tmp_path / "net.nc")
    lines = refused(tmp_path / "net.nc", tmp_path / "out").splitlines()
    assert len(lines) == 1
    assert re.match(r"net\.nc (generators|lines|transformers|links|stor)", lines[0])
    assert "not supported" in lines[0]
    assert feature.removesuffix(" of units") in lines[0]
    if "changes over time" not in feature:
        assert f"'{name}'" in lines[0]


def test_scenarios_and_investment_periods_are_refused(tmp_path: Path) -> None:
    n = drawn(2)
    n.set_scenarios({"cold": 0.5, "mild": 0.5})
    n.export_to_netcdf(tmp_path / "net.nc")
    message = refused(tmp_path / "net.nc", tmp_path / "out")
    assert message.startswith("net.nc: stochastic scenarios are not supported")
    n = drawn(2)
    n.set_investment_periods([2026, 2030])
    n.export_to_netcdf(tmp_path / "two.nc")
    assert "investment periods are not supported" in refused(tmp_path / "two.nc", tmp_path / "out")


def test_names_that_pypsa_does_not_keep_are_refused_in_netcdf_only(tmp_path: Path) -> None:
    n = pypsa.Network()
    n.set_snapshots(pd.date_range("2026-01-01", periods=2, freq="h"))
    n.add("Bus", "007")
    n.add("Load", "town", bus="007", p_set=1.0)
    n.export_to_netcdf(tmp_path / "net.nc")
    converted(tmp_path / "net.nc", tmp_path / "net")
    assert read_case(tmp_path / "net").network.buses.name == ("007",)
    assert "does not keep every name" in refused(tmp_path / "net.nc", tmp_path / "out.nc")


def test_without_pypsa_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn(2).export_to_netcdf(tmp_path / "net.nc")
    monkeypatch.setattr(netcdf, "find_spec", lambda name: None)
    for source, target in (("net.nc", "out"), (pglib("case5_pjm"), "out.nc")):
        message = refused(tmp_path / source, tmp_path / target)
        assert "which is not installed; expected pip install 'keepwarm[pypsa]'" in message


# -- bad input -----------------------------------------------------------------------------


def test_sources_that_are_no_network(tmp_path: Path) -> None:
    drawn(2).export_to_netcdf(tmp_path / "whole.nc")
    pypsa.Network().export_to_netcdf(tmp_path / "no_buses.nc")
    content = (tmp_path / "whole.nc").read_bytes()
    for name, text, message in (
        ("text.nc", b"hello", "text.nc: this is no netCDF file"),
        ("empty.nc", b"", "empty.nc: the file is empty"),
        ("half.nc", content[: len(content) // 3], "half.nc: PyPSA cannot read it"),
        ("net.h5", content, "net.h5: cannot be converted; expected a MATPOWER file (.m), a PyPSA"),
        ("text.m", b"hello", "text.m: mpc.bus, mpc.gen"),
    ):
        (tmp_path / name).write_bytes(text)
        assert message in refused(tmp_path / name, tmp_path / "out")
    message = refused(tmp_path / "no_buses.nc", tmp_path / "out")
    assert message.startswith("no_buses.nc: PyPSA finds no buses in it")
    os.mkfifo(tmp_path / "pipe.nc")  # opening one would wait for ever
    assert "pipe.nc: cannot be converted" in refused(tmp_path / "pipe.nc", tmp_path / "out")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "table.csv").write_text("a,b\n")
    assert "no case here" in refused(tmp_path / "folder", tmp_path / "out")
    assert "absent.nc: no such file" in refused(tmp_path / "absent.nc", tmp_path / "out")


def test_a_target_that_is_taken_is_told_with_the_faults_of_the_source(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("mine")
    (tmp_path / "file.nc").write_text("mine")
    message = refused(pglib("case24_ieee_rts"), tmp_path / "taken")
    assert "a quadratic cost" in message
    assert "taken: this folder is not empty" in message
    assert "already" in refused(pglib("case5_pjm"), tmp_path / "file.nc")
    assert (tmp_path / "file.nc").read_text() == "mine"
    assert "Not a directory" in refused(pglib("case5_pjm"), tmp_path / "file.nc" / "net")


def test_an_empty_folder_is_filled_and_folders_above_are_made(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for target in (tmp_path / "empty", tmp_path / "new" / "deep" / "net"):
        converted(pglib("case5_pjm"), target)
        assert (target / "buses.csv").exists()
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"empty", "new"}


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError(28, "No space left")])
def test_what_is_interrupted_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interruption: BaseException
) -> None:
    def stop(path: Path) -> None:
        assert (path / "buses.csv").exists()
        raise interruption

    monkeypatch.setattr(conversion, "inspect_case", stop)
    done = convert(pglib("case5_pjm"), tmp_path / "deep" / "net")
    assert done.exit_code == (130 if interruption is KeyboardInterrupt else 1)
    assert list(tmp_path.iterdir()) == []


def test_linearize_is_for_matpower_files(tmp_path: Path, examples: Path) -> None:
    for arguments in ((examples / "town", 5), (pglib("case5_pjm"), 0)):
        source, segments = arguments
        done = convert(source, tmp_path / "net", "--linearize", segments)
        assert done.exit_code == 2
        assert "--linearize" in done.stderr


def test_a_line_at_a_bus_of_0_kv_is_a_fault(tmp_path: Path) -> None:
    drawn(2).export_to_csv_folder(str(tmp_path / "net"))
    buses = tmp_path / "net" / "buses.csv"
    buses.write_text(buses.read_text().replace("a,110.0", "a,0"))
    message = refused(tmp_path / "net", tmp_path / "out")
    assert "lines.csv:2 bus0: bus 'a' has a v_nom of 0 kV; expected more than 0 kV" in message


def test_the_help_does_not_import_what_converts() -> None:
    # The rest of the start-up is looked after in tests/house.
    code = (
        "import sys, keepwarm.commands.convert\n"
        "print([m for m in ('numpy', 'pypsa', 'keepwarm.case.conversion') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"
