from dataclasses import FrozenInstanceError
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from keepwarm.case.read import check_case, inspect_case, read_case
from keepwarm.case.schemas import NETWORK_TABLES, schema


def test_a_case_reads_as_its_tables_say(small):
    case = read_case(small)
    assert (case.name, case.time_zone, case.hours) == ("small", "Europe/Kyiv", 3)
    assert case.settings.number("prices.critical") == 40000
    assert case.settings.heat_order == {"h": ("g1", "g2")}
    assert case.regions.labels[1] == {"en": "South", "uk": "Південь"}
    assert case.buildings.substation_needs_power.tolist() == [True, False]
    assert case.buildings.power_bus.tolist() == [0, 1]
    network = case.network
    assert network.loads.p_set_mw[:, 0].tolist() == [4, 6, 8]
    assert network.loads.p_set_mw[:, 1].tolist() == [1, 1, 1]
    assert network.generators.p_max_pu.tolist() == [[1, 1], [0.5, 1], [0, 1]]
    assert network.links.bus.tolist() == [[3, 0, 2], [3, 2, -1]]
    assert network.links.efficiency.tolist() == [[0.3, 0.5], [0.9, 0.0]]
    assert network.branches.x_pu[0] == pytest.approx(0.001)  # 12.1 Ohm at 110 kV
    assert network.branches.s_max_mw[0] == pytest.approx(7.0)
    assert network.storages.e_initial_mwh.tolist() == [10]


def test_tiers_follow_the_bus_where_the_table_is_silent(small):
    loads = read_case(small).network.loads
    assert loads.tier.tolist() == [2, 0, 3]  # household, critical, heat_comfort
    assert np.isnan(loads.people[1])


def test_assets_stand_in_order_with_their_region_from_the_bus(small):
    assets = read_case(small).network.assets
    assert assets.name == ("import", "well", "ab", "chp", "boiler", "tank")
    assert assets.kind == ("generator", "generator", "line", "link", "link", "store")
    assert assets.region.tolist() == [0, -1, 0, -1, -1, 0]
    assert assets.restart_hours.tolist() == [0, 2, 0, 0, 0, 0]
    assert np.isnan(assets.repair_hours[1])
    assert assets.mttf_hours[1] == 900


def test_a_regions_own_weather_comes_before_the_star(small):
    weather = read_case(small).weather
    assert weather.outdoor_degc.tolist() == [[-5, -5], [-6, -9], [-7, -7]]
    assert weather.wind_m_per_s.tolist() == [[3, 3], [0, 8], [4, 4]]


def test_low_is_the_end_that_cools_sooner(small):
    parameter = read_case(small).archetypes.flats.parameter
    u_window = parameter["u_window_w_per_m2k"][:, 0]
    assert u_window[0] > u_window[1] > u_window[2]  # a higher transmittance cools sooner
    capacity = parameter["heat_capacity_kj_per_m2k"][:, 0]
    assert capacity[0] < capacity[1] < capacity[2]


def test_every_file_read_has_its_hash(small):
    hashes = read_case(small).input_hashes
    files = {path.relative_to(small).as_posix() for path in small.rglob("*") if path.is_file()}
    assert set(hashes) == files
    content = (small / "weather.csv").read_bytes()
    assert hashes["weather.csv"] == sha256(content).hexdigest()


def test_a_case_is_frozen_and_reads_the_same_twice(small):
    first, second = read_case(small), read_case(small)
    with pytest.raises(FrozenInstanceError):
        first.name = "other"
    assert first.input_hashes == second.input_hashes
    np.testing.assert_array_equal(first.network.loads.p_set_mw, second.network.loads.p_set_mw)


def test_people_of_region_and_buildings_that_differ_are_a_warning(change):
    checked = inspect_case(change("regions.csv", "600", "900"))
    assert checked.faults == ()
    assert len(checked.warnings) == 1
    assert "region 'north' has 900 people, its buildings hold 600" in str(checked.warnings[0])


def test_a_network_folder_alone_is_a_case_with_defaults(small):
    case = read_case(small / "network")
    assert case.weather is None
    assert len(case.buildings) == 0
    assert case.regions.name == ("north", "south")
    assert case.start == np.datetime64("2026-01-01T00:00:00")
    assert case.hours == 3
    assert case.settings.numbers("thresholds.degc") == (18, 16, 12, 8, 5, 0)


def test_network_without_case_toml_is_a_case_too(small):
    (small / "case.toml").unlink()
    case = read_case(small)
    assert case.name == "small"
    assert case.weather is not None


def test_a_byte_order_mark_and_windows_line_ends_are_read(small):
    path = small / "regions.csv"
    text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert check_case(small) == []


def test_rows_with_active_false_are_absent(change):
    change("network/lines.csv", "s_max_pu", "active")
    root = change("network/lines.csv", "10,0.7", "10,False")
    network = read_case(root).network
    assert len(network.branches) == 0
    assert "ab" not in network.assets.name


def test_half_hour_snapshots(small):
    times = ["2026-01-01 00:00:00", "2026-01-01 00:30:00", "2026-01-01 01:00:00"]
    rows = [f"{at},{time},0.5,0.5,0.5" for at, time in enumerate(times)]
    header = ",snapshot,objective,stores,generators"
    (small / "network" / "snapshots.csv").write_text("\n".join([header, *rows]) + "\n")
    (small / "network" / "generators-p_max_pu.csv").unlink()
    case = read_case(small / "network")
    assert case.network.step_hours == 0.5
    assert case.hours == 1


@pytest.mark.parametrize("name", ["town", "capital"])
def test_the_examples_have_no_fault(examples: Path, name):
    assert [str(fault) for fault in check_case(examples / name)] == []


@pytest.mark.parametrize(
    "table",
    [*NETWORK_TABLES, "regions", "buildings", "archetypes", "weather", "state", "damage"],
)
def test_every_schema_is_complete(table):
    for column in schema(table).columns.values():
        assert column.type in {"name", "text", "number", "flag", "time"}
        assert column.meaning
        assert column.source
        assert column.minimum <= column.maximum
