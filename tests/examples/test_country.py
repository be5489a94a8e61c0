"""The country against the published figures that it is scaled to, intact and damaged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypsa
import pytest

import keepwarm as kw
from keepwarm.damage.listing import inspect_damage
from tests.examples.by_hand import loss_mw_per_kelvin, rows

ROOT = Path(__file__).parents[2]
COUNTRY = ROOT / "examples" / "country"
TABLES = ROOT / "scripts" / "country"
#: The coldest week; its coldest day is 15 January.
START, HOURS = "2026-01-12T00:00:00", 168
#: Lower heating value that README.md assumes.
KWH_PER_M3 = 9.5
#: Heat of a person at home, appliances and stove, W (settings.csv: 80 x 0.7 + 60 + 30).
GAINS_W_PER_PERSON = 146.0
WIND_M_PER_S = 4.0


def network(table: str) -> list[dict[str, str]]:
    return rows(COUNTRY / "network" / f"{table}.csv")


@pytest.fixture(scope="module")
def case() -> kw.Case:
    return kw.read_case(COUNTRY)


@dataclass(frozen=True)
class Week:
    """A run, and what left the power and gas buses, hour by hour."""

    run: kw.Run
    power_need_mw: np.ndarray  # loads, and what links ask of power buses
    power_met: np.ndarray  # share of it
    gas_mw: np.ndarray  # burnt by loads and links


def week(case: kw.Case, damage: kw.Damage = ()) -> Week:
    """Walk the coldest week and add up power and gas from the tables and links.csv."""
    run = kw.run(case, damage, start=START, hours=HOURS)
    asset_hours = run.tables["asset_hours"].to_pandas()
    flows = asset_hours.pivot_table(index="time", columns="asset", values="mw")
    steps = run.tables["steps"].to_pandas().pivot_table(index="time", columns="carrier")
    carrier = {bus["name"]: bus["carrier"] for bus in network("buses")}
    power, gas = (np.zeros(HOURS) for _ in range(2))
    for link in network("links"):
        mw = flows[link["name"]].to_numpy()
        ports = [(link["bus0"], -1.0), (link["bus1"], float(link["efficiency"]))]
        if link["bus2"]:
            ports.append((link["bus2"], float(link["efficiency2"])))
        power += sum(-gain * mw for bus, gain in ports if carrier[bus] == "AC" and gain < 0)
        if all(carrier[bus] != "gas" for bus, _ in ports[1:]):
            gas += sum(-gain * mw for bus, gain in ports if carrier[bus] == "gas")
    need = steps["need_mw"]["power"].to_numpy() + power
    shed = steps["shed_mw"]["power"].to_numpy()
    return Week(run, need, 1 - shed / need, gas + steps["served_mw"]["gas"].to_numpy())


@pytest.fixture(scope="module")
def intact(case: kw.Case) -> Week:
    return week(case)


def test_keepwarm_reads_the_case_and_its_damage(case: kw.Case) -> None:
    assert case.name == "country"
    checked = inspect_damage(case, COUNTRY / "damage.csv")
    assert len(checked.damage) == len(rows(COUNTRY / "damage.csv"))
    assert checked.faults == checked.warnings == ()


def test_pypsa_opens_the_network() -> None:
    opened = pypsa.Network(str(COUNTRY / "network"))
    tables = ("buses", "links", "loads", "generators", "lines", "stores", "storage_units")
    for table in tables:
        assert list(getattr(opened, table).index) == [row["name"] for row in network(table)]
    assert len(opened.snapshots) == 180 * 24
    assert not opened.loads_t.p_set.isna().to_numpy().any()


def test_it_is_as_large_as_was_asked_for() -> None:
    buses, lines = network("buses"), network("lines")
    grid = [bus for bus in buses if bus["carrier"] == "AC"]
    assert len(rows(COUNTRY / "regions.csv")) == len(grid) == 25
    assert 40 <= len(lines) <= 50
    loops = len(lines) - (len(grid) - 1)
    assert len(buses) + loops <= 200  # rows of a step's linear program
    assert 150 <= len(rows(COUNTRY / "buildings.csv")) <= 200
    assert sum(file.stat().st_size for file in COUNTRY.rglob("*.*")) < 8e6


def test_people_sum_to_the_published_population() -> None:
    """State Statistics, January 2022: 24 regions and the capital city, region by region."""
    published = sorted(int(row["population_2022_01"]) for row in rows(TABLES / "population.csv"))
    assert len(published) == 25
    told = {row["region"]: int(row["people"]) for row in rows(COUNTRY / "regions.csv")}
    assert sorted(told.values()) == published
    lived_in: Counter[str] = Counter()
    for group in rows(COUNTRY / "buildings.csv"):
        lived_in[group["region"]] += int(group["people"])
    assert dict(lived_in) == told
    homes = [load for load in network("loads") if load["name"].endswith(" homes")]
    assert sorted(int(load["people"]) for load in homes) == published


def test_power_need_peaks_at_18_gw(intact: Week) -> None:
    """Published: 18 GW on 15 January 2026."""
    assert intact.power_need_mw.max() == pytest.approx(18_000, rel=0.03)
    peak = np.datetime64(START) + np.timedelta64(int(intact.power_need_mw.argmax()), "h")
    assert str(peak).startswith("2026-01-15")


def test_imports_of_power_are_2_3_gw() -> None:
    """Published: up to 2.3 GW in January 2026."""
    imports = [row for row in network("generators") if row["asset_class"] == "power_import"]
    assert sum(float(row["p_nom"]) for row in imports) == pytest.approx(2300)


def test_gas_use_reaches_130_million_m3_a_day(intact: Week) -> None:
    """Published: up to 130 million m3 a day in winter."""
    daily = intact.gas_mw.reshape(-1, 24).sum(axis=1) / KWH_PER_M3 / 1000
    assert daily.max() == pytest.approx(130, rel=0.05)


def test_depots_hold_20_days_of_fuel() -> None:
    """Published: stocks of 20 days."""
    need = sum(float(row["p_set"]) for row in network("loads") if row["carrier"] == "fuel")
    stock = sum(float(row["e_initial"]) for row in network("stores") if row["carrier"] == "fuel")
    assert stock / need / 24 == pytest.approx(20, rel=0.05)


def test_the_intact_country_serves_its_coldest_week(intact: Week) -> None:
    unserved = intact.run.answers["unserved_mwh"]
    assert all(mwh < 1e-3 for mwh in unserved.values())
    assert min(intact.run.tables["groups"]["coldest_central_degc"].to_pylist()) >= 18.0


def test_plants_and_imports_exceed_the_peak_by_5_to_10_percent(intact: Week) -> None:
    carrier = {bus["name"]: bus["carrier"] for bus in network("buses")}
    own = sum(
        float(row["p_nom"])
        for table in ("generators", "storage_units")
        for row in network(table)
        if carrier[row["bus"]] == "AC"
    )
    made = sum(
        float(row["p_nom"]) * float(row["efficiency"])
        for row in network("links")
        if row["asset_class"] in ("chp_unit", "gas_unit")
    )
    assert 1.05 < (own + made) / intact.power_need_mw.max() < 1.10


def test_damage_leaves_about_60_percent_of_power(case: kw.Case) -> None:
    """Published: 11 GW of 18 GW on 15 January 2026, 61 %."""
    damaged = week(case, kw.read_damage(case, COUNTRY / "damage.csv"))
    assert 0.55 < damaged.power_met.min() < 0.65
    struck = 46  # hours from the start
    assert damaged.power_met[:struck].min() == pytest.approx(1.0)


@pytest.mark.parametrize("kind", ["district", "gas", "electric"])
def test_heat_sources_are_as_large_as_the_coldest_hour_asks_for(kind: str) -> None:
    """By hand: steady loss of all flats by their share, and 1.5 times the mean of hot water.

    Home boilers and heaters may be 15 % larger; sizes are rounded up to 5 or 10 MW.
    """
    coldest: dict[str, float] = {}
    for row in rows(COUNTRY / "weather.csv"):
        degc = float(row["outdoor_degc"])
        coldest[row["region"]] = min(degc, coldest.get(row["region"], degc))
    most: Counter[str] = Counter()
    for link in network("links"):
        for bus, gain in (("bus1", "efficiency"), ("bus2", "efficiency2")):
            if link[bus].endswith(f" {kind} heat") and link["asset_class"] != "electric_boiler":
                most[link[bus]] += float(link["p_nom"]) * float(link[gain])
    hot_water = {row["bus"]: float(row["p_set"]) for row in network("loads")}
    for bus, loss in loss_mw_per_kelvin(COUNTRY, WIND_M_PER_S).items():
        if bus in most:
            region = bus.removesuffix(f" {kind} heat")
            need = loss * (20 - coldest[region]) + 1.5 * hot_water.get(bus, 0.0)
            assert need * 0.99 < most[bus] < need * 1.15 + 10, bus
    assert len(most) == 25


def test_only_homes_with_radiators_have_a_water_circuit() -> None:
    for group in rows(COUNTRY / "buildings.csv"):
        by_water = group["heat_bus"].endswith((" district heat", " gas heat"))
        assert group["water_circuit"] == str(by_water).lower(), group["group"]


def test_pypsa_too_serves_the_coldest_hours_without_stores() -> None:
    """Heat need by hand: steady loss at 20 degC indoors, less what people and appliances give."""
    import pandas as pd

    times = pd.DatetimeIndex(["2026-01-15 05:00", "2026-01-15 16:00"])
    n = pypsa.Network(str(COUNTRY / "network"))
    n.set_snapshots(times)
    outdoor = {
        (row["time"], row["region"]): float(row["outdoor_degc"])
        for row in rows(COUNTRY / "weather.csv")
        if row["time"].startswith("2026-01-15")
    }
    people: Counter[str] = Counter()
    for group in rows(COUNTRY / "buildings.csv"):
        people[group["heat_bus"]] += int(group["people"])
    for bus, loss in loss_mw_per_kelvin(COUNTRY, WIND_M_PER_S).items():
        if not bus:
            continue  # stoves
        frost = [20 - outdoor[f"{t:%Y-%m-%dT%H:%MZ}", n.buses.region[bus]] for t in times]
        gains = people[bus] * GAINS_W_PER_PERSON / 1e6
        n.add("Load", f"{bus} rooms", bus=bus, p_set=[loss * k - gains for k in frost])
    for bus in n.buses.index:
        n.add("Generator", f"{bus} shed", bus=bus, p_nom=1e5, marginal_cost=1e4)
        n.add("Generator", f"{bus} spill", bus=bus, p_nom=1e5, p_min_pu=-1, p_max_pu=0)
    n.stores[["e_nom", "e_initial"]] = 0.0
    status = n.optimize(
        solver_name="highs",
        output_flag=False,
        log_to_console=False,
        include_objective_constant=False,
    )
    assert tuple(status) == ("ok", "optimal")
    shed = n.generators_t.p.filter(regex=" shed$").max()
    assert shed[shed > 1e-3].to_dict() == {}


def test_months_have_their_normals_and_january_the_departure_of_2026() -> None:
    """UkrHMC normals; January 2026 in the capital: -7.6 degC against a normal of -4.7."""
    normal = {row["station"]: row for row in rows(TABLES / "climate.csv")}
    station = {row["name_en"]: row["climate_of"] for row in rows(TABLES / "regions.csv")}
    sums: dict[tuple[str, str], list[float]] = {}
    for row in rows(COUNTRY / "weather.csv"):
        sums.setdefault((row["region"], row["time"][5:7]), []).append(float(row["outdoor_degc"]))
    for (region, month), values in sums.items():
        if month not in ("10", "04"):
            below = 2.9 if month == "01" else 0.0
            wanted = float(normal[station[region]][f"t{month}_degc"]) - below
            assert sum(values) / len(values) == pytest.approx(wanted, abs=0.1)


def test_no_real_region_is_named() -> None:
    published, regions = rows(TABLES / "population.csv"), rows(COUNTRY / "regions.csv")
    real = [row["oblast_en"].split()[0].casefold() for row in published]
    real += [row["oblast_uk"].removesuffix("ська").casefold() for row in published]
    words = [text for row in regions for text in (row["name_en"], row["name_uk"])]
    for table in ("buses", "generators", "loads", "lines", "links", "stores", "storage_units"):
        words += [row["name"] for row in network(table)]
    assert {(word, name) for word in words for name in real if name in word.casefold()} == set()
    for row in regions:
        assert abs(float(row["lon"])) < 6
        assert abs(float(row["lat"])) < 4


def test_pipelines_and_fuel_routes_that_run_both_ways_close_no_loop() -> None:
    """Round such a loop a circulation would cost nothing, and no solver would settle it."""
    for kind in ("pipeline", "fuel_route"):
        part = {row["region"]: row["region"] for row in rows(COUNTRY / "regions.csv")}

        def root(region: str, part: dict[str, str] = part) -> str:
            return region if part[region] == region else root(part[region], part)

        for link in network("links"):
            if link["asset_class"] == kind:
                one, other = (root(link[end].rsplit(" ", 1)[0]) for end in ("bus0", "bus1"))
                assert one != other, link["name"]
                part[one] = other
