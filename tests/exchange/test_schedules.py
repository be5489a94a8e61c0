"""Schedule formats: hand-made files read to what they say, every state, every kind of bad input."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from keepwarm.case.timetable import Timetable, hours_off, longest_block_hours, timetable
from keepwarm.errors import InputError
from keepwarm.exchange.local_days import local_day, padded_to_days
from keepwarm.exchange.schedules import FORMATS, read_schedule, write_schedule

KYIV = "Europe/Kyiv"
#: 10 December 2025 began in Kyiv at 22:00 UTC of the 9th.
MIDNIGHT = 1765317600
START = np.datetime64("2025-12-09T22:00:00")
DAY = date(2025, 12, 10)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # days of 23 and 25 hours


def fact(tmp_path: Path, hours: dict[str, str], *, stamp: int = MIDNIGHT, **fields: object) -> Path:
    path = tmp_path / "kyiv.json"
    document = {"regionId": "kyiv", "fact": {"data": {str(stamp): {"GPV1.1": hours}}}} | fields
    path.write_text(json.dumps(document))
    return path


def hours(count: int = 24, **states: str) -> dict[str, str]:
    told = {str(hour): "yes" for hour in range(1, count + 1)}
    return told | {name[1:]: state for name, state in states.items()}


def planned(tmp_path: Path, *slots: tuple[object, object, str], **day: object) -> Path:
    path = tmp_path / "yasno.json"
    told = [{"start": begin, "end": end, "type": kind} for begin, end, kind in slots]
    today = {"slots": told, "date": "2025-12-10T00:00:00+02:00", "status": "ScheduleApplies"} | day
    path.write_text(json.dumps({"1.1": {"today": today, "updatedOn": "2025-12-09T11:57:32+00:00"}}))
    return path


def slots_of(table: Timetable) -> list[int]:
    return np.flatnonzero(table.off[0]).tolist()


def faults_of(path: Path, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        read_schedule(path, **({"zone": KYIV} | options))  # type: ignore[arg-type]
    return str(caught.value)


def test_every_state_of_an_hour_is_read(tmp_path):
    told = hours(h1="no", h2="first", h3="second", h4="maybe", h5="mfirst", h6="msecond")
    table = read_schedule(fact(tmp_path, told), KYIV)
    assert table.groups == ("1.1",)
    assert table.start == START
    assert slots_of(table) == [0, 1, 2, 5]
    assert np.flatnonzero(table.maybe[0]).tolist() == [6, 7, 8, 11]


def test_an_hour_of_the_clock_that_comes_twice_stands_for_both(tmp_path):
    stamp = int(local_day(AUTUMN, KYIV).begin.astype(np.int64))
    table = read_schedule(fact(tmp_path, hours(h4="no"), stamp=stamp), KYIV)
    assert len(table) == 50
    assert slots_of(table) == [6, 7, 8, 9]  # 03:00 to 04:00, in summer time and again in winter


def test_an_hour_of_the_clock_that_does_not_come_is_passed_over(tmp_path):
    stamp = int(local_day(SPRING, KYIV).begin.astype(np.int64))
    table = read_schedule(fact(tmp_path, hours(h4="no", h5="first"), stamp=stamp), KYIV)
    assert len(table) == 46
    assert slots_of(table) == [6]  # 04:00 follows 02:59


@pytest.mark.parametrize(("day", "count"), [(SPRING, 23), (AUTUMN, 25)])
def test_a_file_may_count_the_hours_that_the_day_has(tmp_path, day, count):
    stamp = int(local_day(day, KYIV).begin.astype(np.int64))
    last = {f"h{count}": "no"}
    table = read_schedule(fact(tmp_path, hours(count, **last), stamp=stamp), KYIV)
    assert slots_of(table) == [2 * count - 2, 2 * count - 1]


@pytest.mark.parametrize("nothing", [[], {}])
def test_nothing_announced_is_no_slot(tmp_path, nothing):
    path = tmp_path / "dnipro.json"
    preset = {"sch_names": {"GPV1.1": "Черга 1.1"}}
    path.write_text(json.dumps({"fact": {"data": nothing, "today": MIDNIGHT}, "preset": preset}))
    table = read_schedule(path, KYIV)
    assert (len(table), table.groups, table.start) == (0, ("1.1",), START)


def test_the_weekly_pattern_counts_weekdays_from_monday(tmp_path):
    week = {str(day): hours(h1="maybe") if day == 3 else hours() for day in range(1, 8)}
    path = tmp_path / "week.json"
    path.write_text(json.dumps({"preset": {"data": {"GPV1.1": week}}}))
    table = read_schedule(path, KYIV, day=DAY, days=8)  # 10 December 2025 was a Wednesday
    assert np.flatnonzero(table.maybe[0]).tolist() == [0, 1, 336, 337]
    assert "a first day to put it on" in faults_of(path)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (hours(h3="nope"), 'GPV1.1.3: "nope" is no state; expected one of yes, no'),
        (hours(h3="msecnd"), "Did you mean 'msecond'?"),
        (hours(23), "hours 24 are missing; expected hours 1 to 24"),
        (hours(25), "no hour '25'"),
        ([], "[]; expected an object"),
    ],
)
def test_hours_that_are_wrong_are_named(tmp_path, told, said):
    assert said in faults_of(fact(tmp_path, told))


def test_a_file_of_another_zone_is_refused(tmp_path):
    said = faults_of(fact(tmp_path, hours()), zone="Europe/Berlin")
    assert "2025-12-09T22:00Z is not midnight in Europe/Berlin" in said
    said = faults_of(planned(tmp_path, (0, 1440, "NotPlanned")), zone="Europe/Berlin")
    assert "is not midnight in Europe/Berlin" in said


def test_a_day_in_between_may_not_be_missing(tmp_path):
    path = fact(tmp_path, hours())
    document = json.loads(path.read_text())
    document["fact"]["data"][str(MIDNIGHT + 2 * 86400)] = {"GPV1.1": hours()}
    path.write_text(json.dumps(document))
    assert "there is no 2025-12-11; expected days that follow each other" in faults_of(path)


def test_groups_are_held_against_those_of_the_case(tmp_path):
    path = fact(tmp_path, hours())
    assert read_schedule(path, KYIV, groups=("1.1",)).groups == ("1.1",)
    said = faults_of(path, groups=("1.2", "2.2"))
    assert "1.1: is no rotation group of this case. Did you mean '1.2'?" in said
    assert "2.2: nothing is said of 2025-12-10" in said


def test_minutes_are_read(tmp_path):
    path = planned(
        tmp_path, (0, 840, "NotPlanned"), (840, 1080, "Definite"), (1080, 1440, "NotPlanned")
    )
    table = read_schedule(path, KYIV)
    assert table.start == START
    assert slots_of(table) == list(range(28, 36))
    assert not table.emergency.any()


def test_an_emergency_makes_the_day_void(tmp_path):
    path = planned(
        tmp_path, (0, 60, "Definite"), (60, 1440, "NotPlanned"), status="EmergencyShutdowns"
    )
    table = read_schedule(path, KYIV)
    assert table.emergency.all()
    assert slots_of(table) == [0, 1]


def test_a_day_that_waits_for_its_schedule_is_left_out_and_one_without_cuts_is_not(tmp_path):
    assert len(read_schedule(planned(tmp_path, status="WaitingForSchedule"), KYIV)) == 0
    table = read_schedule(planned(tmp_path, status="NoOutages"), KYIV)
    assert (len(table), table.off.any()) == (48, False)


def test_probable_cuts_count_weekdays_from_zero_and_promise_nothing(tmp_path):
    off = [
        {"start": 0, "end": 60, "type": "Definite"},
        {"start": 60, "end": 1440, "type": "NotPlanned"},
    ]
    on = [{"start": 0, "end": 1440, "type": "NotPlanned"}]
    week = {str(day): off if day == 2 else on for day in range(7)}
    path = tmp_path / "probable.json"
    wrapped = {"25": {"dsos": {"902": {"groups": {"1.1": {"slots": week}}}}}}
    for document in (wrapped, {"1.1": {"slots": week}}):
        path.write_text(json.dumps(document))
        table = read_schedule(path, KYIV, day=DAY, days=2)
        assert np.flatnonzero(table.maybe[0]).tolist() == [0, 1]
        assert not table.off.any()


@pytest.mark.parametrize(
    ("slots", "day", "said"),
    [
        ([(0, 90, "Definite"), (60, 1440, "NotPlanned")], {}, "minute 60 is in two slots"),
        ([(0, 90, "Definite"), (120, 1440, "NotPlanned")], {}, "minute 90 is in no slot"),
        ([(0, 1430, "Definite")], {}, "from 0 to 1430; expected minutes of the day, in whole half"),
        ([(0, 1410, "Definite")], {}, "the last slot ends at minute 1410; expected 1440"),
        ([(0, "x", "Definite")], {}, 'from 0 to "x"'),
        ([(0, 1440, "Definit")], {}, "Did you mean 'Definite'?"),
        ([(0, 1440, "Definite")], {"status": "Schedule"}, "expected one of ScheduleApplies"),
        ([(0, 1440, "Definite")], {"date": "tomorrow"}, '"tomorrow" is no date'),
        ([(0, 1440, "Definite")], {"date": "2025-12-10T00:00:00+03:00"}, "is not midnight in"),
    ],
)
def test_slots_that_are_wrong_are_named(tmp_path, slots, day, said):
    assert said in faults_of(planned(tmp_path, *slots, **day))


def test_a_grid_is_read_with_the_day_of_its_name(tmp_path):
    columns = ",".join(f"{k // 2:02d}{30 * (k % 2):02d}" for k in range(48))
    row = "0,0,1,m,e" + ",1" * 43
    path = tmp_path / "outage_schedule_2025-12-10.csv"
    path.write_text(f"group,{columns},hours_off\n1.1,{row},1\n")
    table = read_schedule(path, KYIV)
    assert table.start == START
    assert slots_of(table) == [0, 1]
    assert np.flatnonzero(table.maybe[0]).tolist() == [3]
    assert np.flatnonzero(table.emergency[0]).tolist() == [4]
    nameless = tmp_path / "schedule.csv"
    nameless.write_text(path.read_text())
    assert "does not say which day" in faults_of(nameless)
    assert read_schedule(nameless, KYIV, day=DAY).start == START


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("group,0000\n", "47 columns are missing, the first '0030'"),
        ("{header}\n1.1,2{rest}\n", "no state; expected one of 1, 0, m, e"),
        ("{header}\n1.1,1{rest}\n1.1,1{rest}\n", ":3 group: '1.1' is there twice"),
        ("{header}\n1.1,1\n", "2 cells in this row; expected 49"),
        ("{header},grup\n", "grup: no column of a schedule. Did you mean 'group'?"),
        ("date,{header}\n10.12.2025,1.1,1{rest}\n", "'10.12.2025' is no date"),
    ],
)
def test_a_grid_that_is_wrong_is_named(tmp_path, text, said):
    columns = ",".join(f"{k // 2:02d}{30 * (k % 2):02d}" for k in range(48))
    path = tmp_path / "grid.csv"
    path.write_text(text.format(header=f"group,{columns}", rest=",1" * 47))
    assert said in faults_of(path, day=DAY)


@pytest.mark.parametrize("text", ["", "{", "{}", "[1]", "null", "\xff"])
def test_a_file_that_is_no_schedule_is_refused(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("latin-1"))
    assert "x.json" in faults_of(path)
    assert "cannot be read" in faults_of(tmp_path / "absent.json")


def random_table(seed: int, day: date, days: int, *, maybe: bool) -> Timetable:
    random = np.random.default_rng(seed)
    begin = local_day(day, KYIV).begin
    slots = sum(len(local_day(date.fromordinal(day.toordinal() + k), KYIV)) for k in range(days))
    kinds = np.repeat(random.integers(0, 3 if maybe else 2, (3, slots // 2)), 2, axis=1)
    return timetable(("1.1", "1.2", "2.1"), begin, kinds == 1, maybe=kinds == 2)


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "ics"])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_read_again(tmp_path, form, seed):
    table = random_table(seed, DAY, 2, maybe=form != "yasno")
    path = tmp_path / ("x.csv" if form == "csv" else "x.json")
    write_schedule(table, path, KYIV, form=form)
    again = read_schedule(path, KYIV)
    assert (again.start, again.groups) == (table.start, table.groups)
    assert (again.off == table.off).all()
    assert (again.maybe == table.maybe).all()


@pytest.mark.parametrize("form", ["outage-data-ua", "yasno", "csv"])
@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_days_of_23_and_25_hours_are_written_and_read(tmp_path, form, day):
    slots = len(local_day(day, KYIV))
    off = np.zeros((1, slots), dtype=np.bool_)
    off[0, slots - 4 :] = True  # the last two hours of the evening
    path = tmp_path / ("x.csv" if form == "csv" else "x.json")
    write_schedule(timetable(("1.1",), local_day(day, KYIV).begin, off), path, KYIV, form=form)
    assert (read_schedule(path, KYIV).off == off).all()


@pytest.mark.parametrize("form", ["outage-data-ua", "yasno", "csv"])
def test_an_hour_that_comes_twice_and_differs_is_refused(tmp_path, form):
    off = np.zeros((1, 50), dtype=np.bool_)
    off[0, 6:8] = True  # 03:00 to 04:00 in summer time, but not again in winter time
    table = timetable(("1.1",), local_day(AUTUMN, KYIV).begin, off)
    with pytest.raises(InputError, match=r"03:00 comes twice on 2026-10-25, once on and once off"):
        write_schedule(table, tmp_path / "x", KYIV, form=form)


def test_what_a_format_cannot_say_is_refused(tmp_path):
    path = tmp_path / "x.json"
    table = random_table(0, DAY, 3, maybe=True)
    with pytest.raises(InputError, match="3 days; expected one or two days"):
        write_schedule(table, path, KYIV, form="yasno")
    with pytest.raises(InputError, match="possible cuts"):
        write_schedule(random_table(0, DAY, 1, maybe=True), path, KYIV, form="yasno")
    with pytest.raises(InputError, match="Did you mean 'yasno'"):
        write_schedule(table, path, KYIV, form="yasn")
    with pytest.raises(InputError, match="not at midnight in Europe/Berlin"):
        write_schedule(table, path, "Europe/Berlin", form="csv")
    mixed = timetable(("1.1",), START, np.arange(48)[None] == 0, maybe=np.arange(48)[None] == 1)
    with pytest.raises(InputError, match="a promised and a possible cut within hour 1"):
        write_schedule(mixed, path, KYIV, form="outage-data-ua")


def test_an_emergency_regime_is_written_as_each_format_can_say_it(tmp_path):
    slots = np.arange(48)[None]
    table = timetable(("1.1",), START, slots < 4, emergency=slots >= 2)
    told = {}
    for form in ("outage-data-ua", "yasno", "csv"):
        path = tmp_path / ("x.csv" if form == "csv" else f"{form}.json")
        write_schedule(table, path, KYIV, form=form)
        told[form] = read_schedule(path, KYIV)
    assert slots_of(told["outage-data-ua"]) == [0, 1]
    assert (told["outage-data-ua"].maybe == (slots >= 2)).all()  # no word for it: possible cuts
    assert told["yasno"].emergency.all()  # a status is about a whole day
    assert slots_of(told["yasno"]) == [0, 1, 2, 3]
    assert (told["csv"].emergency == (slots >= 2)).all()


def test_a_timetable_is_padded_to_whole_days(tmp_path):
    table = timetable(("1.1",), START + np.timedelta64(6, "h"), np.ones((1, 4), dtype=np.bool_))
    whole = padded_to_days(table, KYIV)
    assert (whole.start, len(whole), slots_of(whole)) == (START, 48, [12, 13, 14, 15])


def test_the_published_day_adds_up_to_its_own_sums(repository):
    case = repository / "src/keepwarm/validation/cases/ukraine_rotation_2025"
    path = case / "outage_schedule_2025-12-09.csv"
    table = read_schedule(path, KYIV)
    sums = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=(49, 50))
    assert hours_off(table).tolist() == sums[:, 0].tolist()
    assert longest_block_hours(table).tolist() == sums[:, 1].tolist()
