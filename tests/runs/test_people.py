"""People in cold homes: by kind of flat, the vulnerable apart, night by night."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import keepwarm as kw
from keepwarm.case.nouns import Case, DamageRow
from keepwarm.commands.main import main
from keepwarm.runs.people import night_needs, people_answers
from keepwarm.runs.run import walk
from keepwarm.runs.tables import season_tables
from keepwarm.season import Season, prepare
from keepwarm.season.indoors import Indoors, IndoorsKeeper, Nights, night_of

BANDS = ("low", "central", "high")
SOURCES = ("CHP unit", "CHP peak boiler", "Boiler house", "CHP network water")


@pytest.fixture(scope="module")
def case(examples: Path) -> Case:
    return kw.read_case(examples / "town")


def all_out(case: Case, from_hour: int) -> tuple[DamageRow, ...]:
    begun, never = case.start + np.timedelta64(from_hour, "h"), np.datetime64("NaT")
    names = case.network.assets.name
    return tuple(DamageRow(begun, names.index(n), 0.0, never, "test", "") for n in SOURCES)


@pytest.fixture(scope="module")
def cold(case: Case) -> Season:
    """The town without any heat from hour 10 on, nothing drained: homes only get colder."""
    values = {**case.settings.values, "draining.policy": "never"}
    held = replace(case, settings=replace(case.settings, values=values))
    season, _ = walk(held, all_out(case, 10), from_state=False, hours=60)
    return season


def by_hand(season: Season) -> Season:
    """The same season with numbers that can be told by hand.

    One threshold crossed; the first group's flats at hours 4, 2 and 6 (central), one hour sooner
    and later at the ends of the band; nobody else.
    """
    homes, thresholds = len(season.homes.group), season.thresholds_degc.size
    first, hours = (np.full((3, homes, thresholds), fill) for fill in (np.nan, 0.0))
    degree = np.zeros_like(hours)
    for flat, hour in enumerate((4.0, 2.0, 6.0)):
        first[:, flat, 0] = hour + np.array([-1.0, 0.0, 1.0])
        hours[:, flat, 0] = 10.0 - first[:, flat, 0]
        degree[:, flat, 0] = 2.0 * hours[:, flat, 0]
    stopped = np.full(len(season.case.buildings), np.nan)
    stopped[0] = 1.0
    return replace(
        season,
        first_below_hour=first,
        hours_below=hours,
        degree_hours_below=degree,
        stopped_hour=stopped,
        plug_hour=np.full_like(season.plug_hour, np.nan),
    )


def shares(season: Season) -> list[float]:
    """Shares of the flats of the first group: nine storeys, three places."""
    found = season.homes.share[season.homes.group == 0].tolist()
    assert len(found) == 3
    assert sum(found) == pytest.approx(1.0)
    return [float(share) for share in found]


def test_person_hours_by_hand(cold: Season) -> None:
    """6,000 people live in West panel; their flats are cold for 6, 8 and 4 h."""
    one, two, three = shares(cold)
    found = people_answers(by_hand(cold))
    hours = 6000 * (6 * one + 8 * two + 4 * three)
    assert found["people_hours_below_degc"]["18"] == pytest.approx(hours)
    assert found["people_degree_hours_below_degc"]["18"] == pytest.approx(2 * hours)
    ends = {"low": hours + 6000, "central": hours, "high": hours - 6000}
    for band, value in ends.items():
        assert found["people_hours_below_degc_band"][band]["18"] == pytest.approx(value)
        degree = found["people_degree_hours_below_degc_band"][band]["18"]
        assert degree == pytest.approx(2 * value)
        # a fifth of the town's people are vulnerable
        vulnerable = found["vulnerable"]["people_hours_below_degc_band"][band]["18"]
        assert vulnerable == pytest.approx(0.2 * value)
    assert found["vulnerable"]["people"] == pytest.approx(0.2 * 20000)


def test_the_flats_that_are_cold_first_are_named(cold: Season) -> None:
    flats = cold.case.archetypes.flats
    (row,) = people_answers(by_hand(cold))["first_hour_below"]
    assert row["group"] == "West panel"
    assert row["position"] == flats.position[int(cold.homes.flat[1])]
    assert [row[band] for band in BANDS] == [1.0, 2.0, 3.0]


def test_the_flats_named_are_those_of_the_central_band(cold: Season) -> None:
    """At the soonest end the third flats come first; where no band but it crosses, they do."""
    season, names = by_hand(cold), cold.case.archetypes.flats.position
    first = season.first_below_hour.copy()
    first[0, 2, 0] = 0.5
    (row,) = people_answers(replace(season, first_below_hour=first))["first_hour_below"]
    assert (row["position"], row["low"]) == (names[int(cold.homes.flat[1])], 0.5)
    first[1:] = np.nan
    (row,) = people_answers(replace(season, first_below_hour=first))["first_hour_below"]
    assert row["position"] == names[int(cold.homes.flat[2])]


def test_each_kind_of_flat_has_its_hours_after_the_stop(cold: Season) -> None:
    """The stop is at hour 1; half of the people of a kind of flat cross all at once."""
    (row,) = people_answers(by_hand(cold))["by_archetype"]
    hours = {
        flat["position"]: [flat["hours_after_stop"]["below_18_degc"][band] for band in BANDS]
        for flat in row["positions"]
    }
    names = [cold.case.archetypes.flats.position[f] for f in cold.homes.flat[:3].tolist()]
    assert [hours[name] for name in names] == [[2.0, 3.0, 4.0], [0.0, 1.0, 2.0], [4.0, 5.0, 6.0]]
    assert row["buildings"] == 24.0
    assert sum(flat["people"] for flat in row["positions"]) == pytest.approx(6000.0)
    # 71 % live in the middle of the building, the first of the three
    assert row["hours_after_stop"]["below_18_degc"]["central"] == 3.0


def test_a_night_by_hand(cold: Season) -> None:
    """A third of West panel's first flats are cold; half of its homes have neither service."""
    homes, groups = len(cold.homes.group), len(cold.case.buildings)
    cold_share, both = np.zeros((1, 3, homes)), np.zeros((1, groups))
    cold_share[0, :, 0] = (0.9, 1 / 3, 0.0)
    both[0, 0] = 0.5
    nights = Nights((date(2026, 1, 9),), *_night_times(), cold_share, both)
    indoors = Indoors(cold.indoors.people_below, nights)
    season = replace(cold, indoors=indoors)
    one, two, three = shares(cold)
    expected = [6000 * (share * one + 0.5 * (two + three)) for share in (0.9, 0.5, 0.5)]
    needs = night_needs(season)
    west, east = (season.case.regions.name.index(name) for name in ("West", "East"))
    assert needs["people"][0, :, west] == pytest.approx(expected)
    assert needs["vulnerable"][0, :, west] == pytest.approx([0.2 * n for n in expected])
    assert needs["buildings"][0, :, west] == pytest.approx([n * 24 / 6000 for n in expected])
    assert needs["without_both"][0, west] == pytest.approx(3000.0)
    assert not needs["people"][0, :, east].any()
    (row,) = people_answers(season)["warming_points"]
    assert (row["night"], row["region"]) == ("2026-01-09", "West")
    assert (row["from"], row["until"]) == ("2026-01-09T16:00:00Z", "2026-01-10T06:00:00Z")
    assert [row["people"][band] for band in BANDS] == pytest.approx(expected)


def _night_times() -> tuple[np.ndarray, np.ndarray]:
    found = ("2026-01-09T16:00:00", "2026-01-10T06:00:00")
    begins, ends = (np.array([time], "datetime64[s]") for time in found)
    return begins, ends


def test_homes_that_only_get_colder_are_cold_in_every_night_after(cold: Season) -> None:
    """With no heat to come, who has been below 16 degC before dawn is cold in that night."""
    level = cold.thresholds_degc.tolist().index(16.0)
    first, needs = cold.first_below_hour[:, :, level], night_needs(cold)["people"].sum(axis=2)
    nights = cold.indoors.nights
    for n, ends in enumerate(nights.ends):
        dawn = min((ends - cold.times[0]) / np.timedelta64(1, "h"), 60.0)
        crossed = np.where(first <= dawn, cold.home_people, 0.0).sum(axis=1)
        assert needs[n] == pytest.approx(crossed)
    assert needs[-1, 0] > needs[0, 0]


def test_people_below_are_counted_home_by_home(cold: Season) -> None:
    """Where homes only get colder, those below at a step's end are those that have crossed."""
    ends = np.arange(1, 61) * cold.step_hours
    for k in range(cold.thresholds_degc.size):
        first = cold.first_below_hour[:, :, k]
        crossed = (first[None] < ends[:, None, None]) @ cold.home_people
        counted = cold.indoors.people_below[..., k].sum(axis=2)
        assert counted[12:] == pytest.approx(crossed[12:])


def test_the_most_vulnerable_at_once(cold: Season) -> None:
    peaks = people_answers(cold)["vulnerable"]["peak_below_degc"]
    assert set(peaks) == {"16", "12"}
    for degc, peak in peaks.items():
        level = cold.thresholds_degc.tolist().index(float(degc))
        for b, band in enumerate(BANDS):
            ever = np.isfinite(cold.first_below_hour[b, :, level])
            assert peak[band] == pytest.approx(0.2 * cold.home_people[ever].sum())


def test_every_building_is_in_one_state(case: Case) -> None:
    """Circuits of the town after a frost: the peaks and ends are those of the table."""
    season, _ = walk(case, all_out(case, 10), from_state=False, hours=60)
    run = kw.run(case, all_out(case, 10), from_state=False, hours=60)
    states = run.answers["buildings"]["states"]
    hours = season_tables(season, ())["group_hours"].to_pandas()
    total = hours.groupby("time")[list(states)].sum()
    assert total.sum(axis=1).to_numpy() == pytest.approx(np.full(60, 104.0))
    for name, found in states.items():
        assert found == {"peak": total[name].max(), "end": total[name].iloc[-1]}
    assert states["drained"]["peak"] > 0


@pytest.mark.parametrize(
    ("moment", "evening"),
    [
        ("2026-03-28T15:59:00", None),  # 17:59 in Kyiv
        ("2026-03-28T16:00:00", date(2026, 3, 28)),
        ("2026-03-29T04:59:00", date(2026, 3, 28)),  # 07:59, an hour sooner than the day before
        ("2026-03-29T05:00:00", None),
        ("2026-03-29T15:00:00", date(2026, 3, 29)),
    ],
)
def test_nights_follow_the_clock_through_the_change_of_time(
    moment: str, evening: date | None
) -> None:
    assert night_of(np.datetime64(moment), "Europe/Kyiv") == evening


def test_the_night_of_the_change_of_time_is_an_hour_shorter(case: Case) -> None:
    first = np.datetime64("2026-03-28T10:00:00")
    snapshots = first + np.arange(24) * np.timedelta64(1, "h")
    spring = replace(case, network=replace(case.network, snapshots=snapshots))
    corridor = replace(prepare(case), case=spring)
    nights = IndoorsKeeper(corridor, 0, 24).indoors.nights
    assert nights.evening == (date(2026, 3, 28),)
    assert str(nights.begins[0]) == "2026-03-28T16:00:00"
    assert str(nights.ends[0]) == "2026-03-29T05:00:00"


def test_the_terminal_tells_circuits_flats_and_the_night(case: Case, tmp_path: Path) -> None:
    rows = "".join(f"2026-01-08T10:00:00Z,{name},0,,test,high\n" for name in SOURCES)
    (tmp_path / "damage.csv").write_text("time,asset,available,until,source,confidence\n" + rows)
    town = Path(kw.__file__).parents[2] / "examples" / "town"
    words = ["run", str(town), "--damage", str(tmp_path / "damage.csv"), "--hours", "60"]
    done = CliRunner().invoke(main, [*words, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    answers = kw.read_run(tmp_path / "out").answers
    (line,) = (x for x in done.stdout.splitlines() if x.startswith("Circuits at the end: "))
    told = dict(reversed(part.split(" ", 1)) for part in line[21:-1].split(", "))
    ends = {name: state["end"] for name, state in answers["buildings"]["states"].items()}
    assert told == {name: f"{end:,.0f}" for name, end in ends.items() if end >= 0.5}
    assert sum(ends.values()) == pytest.approx(104)
    first = min(row["night"] for row in answers["warming_points"])
    mine = [row for row in answers["warming_points"] if row["night"] == first]
    total = sum(row["people"]["central"] for row in mine)
    assert "Warming points, night from 8 Jan 18:00 to 9 Jan 08:00" in done.stdout
    (line,) = (x for x in done.stdout.splitlines() if x.startswith(" all "))
    assert line.split()[1] == f"{total:,.0f}"
    assert "flats: top" in done.stdout
    assert "Vulnerable people, most at once: 4,000" in done.stdout
