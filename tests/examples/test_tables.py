"""The example cases as tables: sizes, sums, names, and what the damage lists add up to."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pypsa
import pytest

from keepwarm.case.read import read_case
from keepwarm.damage.listing import inspect_damage

EXAMPLES = Path(__file__).parents[2] / "examples"
CAPITAL = EXAMPLES / "capital"
CASES = ("town", "capital")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def network(table: str) -> list[dict[str, str]]:
    return rows(CAPITAL / "network" / f"{table}.csv")


@pytest.mark.parametrize("name", CASES)
def test_keepwarm_reads_the_case_and_its_damage(name: str) -> None:
    case = read_case(EXAMPLES / name)
    assert case.name == name
    for path in sorted((EXAMPLES / name).glob("*.csv")):
        if path.stem in ("damage", "three_days", "four_days"):
            checked = inspect_damage(case, path)
            assert checked.damage
            assert checked.faults == checked.warnings == ()


@pytest.mark.parametrize("name", CASES)
def test_pypsa_opens_the_network(name: str) -> None:
    opened = pypsa.Network(str(EXAMPLES / name / "network"))
    for table in ("buses", "links", "loads", "generators", "lines", "stores"):
        ours = rows(EXAMPLES / name / "network" / f"{table}.csv")
        assert list(getattr(opened, table).index) == [row["name"] for row in ours]
    assert opened.snapshots.dtype.kind == "M"
    assert not opened.loads_t.p_set.isna().to_numpy().any()


def test_the_town_is_small_enough_to_follow_by_hand() -> None:
    assert len(rows(EXAMPLES / "town" / "network" / "buses.csv")) <= 12
    assert len(rows(EXAMPLES / "town" / "buildings.csv")) <= 6


def test_the_capital_has_the_size_that_was_asked_for() -> None:
    groups = rows(CAPITAL / "buildings.csv")
    people = sum(int(group["people"]) for group in groups)
    buildings = sum(int(group["buildings"]) for group in groups)
    assert people == 2_950_000  # State Statistics 2022, as cited in README.md
    assert buildings == 11_500
    assert len(groups) >= 300
    assert len(rows(CAPITAL / "regions.csv")) >= 10
    assert len({group["power_bus"] for group in groups}) >= 40
    assert len({group["heat_bus"] for group in groups}) >= 20
    assert 12 <= sum(float(bus["v_nom"]) >= 110 for bus in network("buses")) <= 16


@pytest.mark.parametrize("name", CASES)
def test_people_of_regions_are_those_of_their_groups(name: str) -> None:
    lived_in: Counter[str] = Counter()
    for group in rows(EXAMPLES / name / "buildings.csv"):
        lived_in[group["region"]] += int(group["people"])
    told = {row["region"]: int(row["people"]) for row in rows(EXAMPLES / name / "regions.csv")}
    assert dict(lived_in) == told


def test_people_on_loads_are_those_of_the_groups() -> None:
    by_feeder: Counter[str] = Counter()
    for group in rows(CAPITAL / "buildings.csv"):
        by_feeder[group["power_bus"]] += int(group["people"])
    homes = {r["bus"]: int(r["people"]) for r in network("loads") if r["name"].endswith("homes")}
    assert homes == dict(by_feeder)
    for service in ("water", "cooking"):
        named = [r for r in network("loads") if r["name"].endswith(f" {service}") and r["people"]]
        assert sum(int(row["people"]) for row in named) == 2_950_000


def test_every_group_is_whole() -> None:
    """No empty group, and floor area per person as assumed (about 23 m2)."""
    for group in rows(CAPITAL / "buildings.csv"):
        assert int(group["buildings"]) >= 1
        assert 21 < int(group["floor_area_m2"]) / int(group["people"]) < 25
        assert 80 < int(group["people"]) / int(group["buildings"]) < 700


def test_rotation_leaves_a_quarter_of_people_out_and_has_even_halves() -> None:
    """Published practice: six queues of 12.5 % in two halves, 25 % exempt."""
    people: Counter[str] = Counter()
    for group in rows(CAPITAL / "buildings.csv"):
        people[group["rotation_group"]] += int(group["people"])
    everybody = sum(people.values())
    assert people.pop("") / everybody == pytest.approx(0.25, abs=0.01)
    assert sorted(people) == [f"{queue}.{half}" for queue in range(1, 7) for half in (1, 2)]
    assert all(count / everybody == pytest.approx(0.0625, abs=0.02) for count in people.values())


def test_power_need_peaks_near_1_7_gw() -> None:
    """Published: a need of 1,700 MW (mayor) and a peak of 1,500 MW (city): ours lies at both.

    Loads on power buses, plus 45 MW for water and heat pumps and the plants' own use.
    """
    power = {bus["name"] for bus in network("buses") if bus["carrier"] == "AC"}
    fixed = {load["name"]: load for load in network("loads") if load["bus"] in power}
    series = network("loads-p_set")
    varying = [name for name in series[0] if name in fixed]
    constant = sum(float(fixed[name]["p_set"]) for name in fixed.keys() - set(varying))
    hours = [row for row in series if "2026-01-08" <= row["snapshot"][:10] <= "2026-01-17"]
    need = [constant + 45 + sum(float(row[name]) for name in varying) for row in hours]
    assert len(need) == 240
    assert max(need) == pytest.approx(1700, abs=40)
    assert sum(need) / len(need) == pytest.approx(1500, abs=50)


def test_heat_sources_hold_what_the_readme_says() -> None:
    heat: Counter[str] = Counter()
    for link in network("links"):
        for port, efficiency in (("bus1", "efficiency"), ("bus2", "efficiency2")):
            if link[port].endswith(" heat") and link["asset_class"] != "heat_main":
                heat[link[port]] += float(link["p_nom"]) * float(link[efficiency])
    large = heat["Birch CHP heat"] + heat["Alder CHP heat"]
    assert large / sum(heat.values()) == pytest.approx(0.5, abs=0.05)
    assert 3700 < sum(heat.values()) < 4100


def own_words() -> Iterator[str]:
    for table in ("buses", "generators", "loads", "lines", "transformers", "links", "stores"):
        yield from (row["name"] for row in network(table))
    for row in rows(CAPITAL / "regions.csv"):
        yield from (row["name_en"], row["name_uk"])


#: Districts, plants and river of the city whose totals were scaled.
REAL = """
kyiv київ kiev тец tec- chp-5 chp-6 darnyts дарниц desnian деснян dnipro дніпр obolon оболон
pechersk печер podil поділ solomian солом sviatosh святош shevchenk шевченк holosi голос
trypil трипіл bilych билич lybid либід vyhurivsh troieshch троєщ
"""


def test_no_real_place_or_plant_is_named() -> None:
    found = {
        (name, real) for name in own_words() for real in REAL.split() if real in name.casefold()
    }
    assert found == set()


def test_places_lie_about_the_origin_of_the_map() -> None:
    for name in CASES:
        for row in rows(EXAMPLES / name / "regions.csv"):
            assert abs(float(row["lon"])) < 1
            assert abs(float(row["lat"])) < 1


def damaged(before: str) -> dict[str, dict[str, str]]:
    """Return the rows of assets that are still out at a time."""
    return {
        row["asset"]: row
        for row in rows(CAPITAL / "damage.csv")
        if row["available"] == "0" and row["time"] <= before < (row["until"] or "9999")
    }


def buildings_without_feed(at: str) -> int:
    """Return buildings whose every main is out or starts at a plant that is wholly out."""
    out = damaged(at)
    dead = set()
    for plant in ("Birch CHP", "Alder CHP"):
        makers = [r["name"] for r in network("links") if f"{plant} heat" in (r["bus1"], r["bus2"])]
        if all(name in out for name in makers):
            dead.add(f"{plant} heat")
    mains = [r for r in network("links") if r["name"].startswith("Main ")]
    alive = {r["bus1"] for r in mains if r["name"] not in out and r["bus0"] not in dead}
    groups = rows(CAPITAL / "buildings.csv")
    return sum(int(g["buildings"]) for g in groups if g["heat_bus"] not in alive)


@pytest.mark.parametrize(
    ("at", "published", "within"),
    [
        ("2026-01-09T06:00:00Z", 6000, 300),  # mayor, 9 January
        ("2026-01-10T06:00:00Z", 2000, 300),  # deputy PM: 4,000 of 6,000 started in a day
        ("2026-01-11T06:00:00Z", 1000, 150),  # mayor, 11 January
        ("2026-01-12T06:00:00Z", 800, 300),  # mayor, 12 January
        ("2026-01-13T06:00:00Z", 500, 200),  # mayor, 13 January
        ("2026-01-14T06:00:00Z", 435, 150),  # city: 400 and more than 470
    ],
)
def test_damage_follows_the_public_tallies(at: str, published: int, within: int) -> None:
    """Buildings without any feed of heat, from the tables alone."""
    assert buildings_without_feed(at) == pytest.approx(published, abs=within)


def test_feeders_out_hold_the_customers_that_were_without_power() -> None:
    """Published: 417,000 customers in the city; 2.3 people a customer is assumed."""
    out = damaged("2026-01-09T06:00:00Z")
    people = sum(
        int(group["people"])
        for group in rows(CAPITAL / "buildings.csv")
        if f"{group['power_bus']} supply" in out
    )
    assert people / 2.3 == pytest.approx(417_000, rel=0.05)


def test_three_days_stop_every_link_of_both_large_plants() -> None:
    named = {row["asset"] for row in rows(CAPITAL / "three_days.csv")}
    links = {
        row["name"] for row in network("links") if row["name"].split()[0] in ("Birch", "Alder")
    }
    assert named == links
    assert len(named) == 12
