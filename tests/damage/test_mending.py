"""Crews and spares through a season: by hand, against a slow clock, and against closed forms."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.nouns import DamageRow
from keepwarm.case.plan import NO_TIME, Plan, PlannedRepair
from keepwarm.case.read import read_case
from keepwarm.case.resources import Access, Crew, RepairNote, Spare
from keepwarm.damage.events import Hits
from keepwarm.damage.mending import after_plan, mended, menders_of
from keepwarm.damage.outages import available_by_step
from tests.damage.hazards import drawn, hazard_of, near, wave, without_crews

MAINS = ("Main CHP-West", "Main CHP-East", "Main Boiler-West", "Main Boiler-East")


@pytest.fixture(scope="module")
def town(examples):
    case = read_case(examples / "town")
    settings = dict(case.settings.values) | {"tasks.low_factor": 1.0, "tasks.high_factor": 1.0}
    assets = replace(
        case.network.assets,
        restart_hours=np.zeros(len(case.network.assets)),
        region=np.zeros(16, int),
    )
    return replace(
        case,
        resources=replace(case.resources, repairs={}, crews=()),
        settings=replace(case.settings, values=settings),
        network=replace(case.network, assets=assets),
    )


def crew(name="A", trade="heat", shift=(0.0, 24.0)):
    return Crew(name, trade, 0, *shift, NO_TIME, NO_TIME)


def note(hours, after=(), crews=1, partial=(np.nan, np.nan)):
    return RepairNote((np.nan, hours, np.nan), crews, after, *partial)


def with_(case, spare=None, **changed):
    if spare:
        names = tuple(spare.get(name, "") for name in case.network.assets.name)
        case = replace(
            case, network=replace(case.network, assets=replace(case.network.assets, spare=names))
        )
    return replace(case, resources=replace(case.resources, **changed))


def hits_of(case, *rows, sample=0):
    """Rows of hour, asset and, if something is, what is left."""
    index, rows = case.network.assets.name.index, sorted(rows, key=lambda row: row[0])
    none = np.zeros(len(rows), dtype=np.int64)
    return Hits(
        sample=none + sample,
        event=np.arange(len(rows)),
        asset=np.array([index(row[1]) for row in rows], dtype=np.int64),
        begin=np.array([float(row[0]) for row in rows]),
        left=np.array([row[2] if len(row) > 2 else 0.0 for row in rows]),
        hazard=none,
        severity=none,
        luck=np.full(len(rows), 0.5),
    )


def outages(case, hits, text=None, head="schema = 1\n", samples=1):
    hazard = hazard_of(case, text or wave(), head)
    return mended(menders_of(case, hazard, case.start), hazard, hits, samples=samples)


def ends(case, *rows, text=None, head="schema = 1\n"):
    """When each hit is mended, in the order of the rows, which must rise."""
    found = outages(case, hits_of(case, *rows), text, head)
    assert len(found) == len(rows)
    order = np.argsort(found.cause)
    return found.end[order].tolist()


def repairs(*hours):
    return {name: note(own) for name, own in zip(MAINS, hours, strict=False)}


def test_one_crew_takes_whoever_was_hit_first(town):
    case = with_(town, crews=(crew(),), repairs=repairs(10, 2, 3))
    rows = (1, MAINS[0]), (2, MAINS[1]), (3, MAINS[2]), (50, MAINS[1])
    assert ends(case, *rows) == [11, 13, 16, 52]


def test_or_the_shortest_of_those_who_wait(town):
    case = with_(town, crews=(crew(),), repairs=repairs(10, 5, 3))
    rows = (1, MAINS[0]), (2, MAINS[1]), (3, MAINS[2])
    head = 'schema = 1\n[repairs]\norder = "shortest"\n'
    assert ends(case, *rows, head=head) == [11, 19, 14]


def test_two_crews_and_the_way_between_places(town):
    region = np.array([1 if name == MAINS[1] else 0 for name in town.network.assets.name])
    case = replace(
        town, network=replace(town.network, assets=replace(town.network.assets, region=region))
    )
    travel = np.array([[0.0, 4.0], [4.0, 0.0]])
    case = with_(case, crews=(crew(), crew("B")), repairs=repairs(10, 2, 3), travel_hours=travel)
    rows = (0, MAINS[0]), (0, MAINS[1]), (0, MAINS[2])
    # B drives 4 h, works 2; is nearer the third task only by 10 when A is done there.
    assert ends(case, *rows) == [10, 6, 13]


def test_crews_work_in_their_shift(town):
    case = with_(town, crews=(crew(shift=(8.0, 18.0)),), repairs=repairs(12))
    clock = 2  # 00:00 UTC is 02:00 in Kyiv
    assert ends(case, (20 - clock, MAINS[0])) == [24 + 24 + 10 - clock]


def test_a_spare_that_is_used_is_gone_and_a_later_one_is_waited_for(town):
    spares = (Spare("valve", 1, NO_TIME), Spare("valve", 1, town.start + np.timedelta64(40, "h")))
    needs = dict.fromkeys(MAINS[:3], "valve")
    case = with_(town, needs, crews=(crew(),), repairs=repairs(5, 5, 5), spares=spares)
    rows = (0, MAINS[0]), (1, MAINS[1]), (2, MAINS[2])
    assert ends(case, *rows) == [5, 45, np.inf]


def test_who_waits_for_a_spare_keeps_no_crew_from_others(town):
    spares = (Spare("valve", 1, town.start + np.timedelta64(40, "h")),)
    case = with_(town, {MAINS[0]: "valve"}, crews=(crew(),), repairs=repairs(5, 7), spares=spares)
    assert ends(case, (0, MAINS[0]), (1, MAINS[1])) == [45, 8]


def test_without_spares_csv_there_are_enough(town):
    case = with_(town, {MAINS[0]: "valve"}, crews=(crew(),), repairs=repairs(5))
    assert ends(case, (0, MAINS[0])) == [5]


def test_hit_again_while_it_waits_is_one_repair(town):
    case = with_(town, crews=(crew(),), repairs=repairs(10, 4))
    rows = (0, MAINS[0]), (1, MAINS[1], 0.5), (2, MAINS[1], 0.0)
    assert ends(case, *rows) == [10, 14, 14]


def test_hit_again_while_it_is_worked_at_begins_anew_with_another_spare(town):
    spares = (Spare("valve", 2, NO_TIME),)
    case = with_(town, {MAINS[0]: "valve"}, crews=(crew(),), repairs=repairs(10), spares=spares)
    assert ends(case, (0, MAINS[0]), (6, MAINS[0])) == [16, 16]
    assert ends(case, (0, MAINS[0]), (6, MAINS[0]), (7, MAINS[0])) == [np.inf] * 3
    assert ends(case, (0, MAINS[0]), (10, MAINS[0])) == [10, 20]


def test_work_that_was_lost_frees_its_crew_for_whoever_was_hit_before(town):
    case = with_(town, crews=(crew(),), repairs=repairs(10, 4))
    rows = (0, MAINS[0]), (1, MAINS[1]), (6, MAINS[0])
    assert ends(case, *rows) == [20, 10, 20]


def test_crews_that_work_together(town):
    both = {MAINS[0]: note(10.0, crews=2), MAINS[1]: note(4.0)}
    case = with_(town, crews=(crew(), crew("B")), repairs=both)
    assert ends(case, (0, MAINS[1]), (1, MAINS[0]), (2, MAINS[2])) == [4, 48, 38]
    alone = with_(town, crews=(crew(),), repairs=both)
    assert ends(alone, (0, MAINS[0])) == [np.inf]


def test_what_must_be_back_first(town):
    order = {MAINS[0]: note(10.0), MAINS[1]: note(4.0, after=(MAINS[0],))}
    case = with_(town, crews=(crew(), crew("B")), repairs=order)
    assert ends(case, (0, MAINS[1]), (0, MAINS[0]), (30, MAINS[1])) == [14, 10, 34]


def test_a_closed_place_is_waited_for(town):
    access = (Access(0, NO_TIME, town.start + np.timedelta64(30, "h"), ""),)
    case = with_(town, crews=(crew(),), repairs=repairs(5), access=access)
    assert ends(case, (1, MAINS[0])) == [35]


def test_who_waits_for_a_place_to_open_keeps_no_crew_from_others(town):
    region = np.array([1 if name == MAINS[0] else 0 for name in town.network.assets.name])
    assets = replace(town.network.assets, region=region)
    access = (Access(1, NO_TIME, town.start + np.timedelta64(30, "h"), ""),)
    case = with_(
        replace(town, network=replace(town.network, assets=assets)),
        crews=(crew(),),
        repairs=repairs(5, 7),
        access=access,
        travel_hours=np.zeros((2, 2)),
    )
    assert ends(case, (1, MAINS[0]), (2, MAINS[1])) == [35, 9]


def test_hit_again_before_work_begins_keeps_its_spare(town):
    """Hit at 20:00 and at 23:00 of the night, work from 08:00 on: one spare is enough."""
    case = with_(
        town,
        {MAINS[0]: "valve"},
        crews=(crew(shift=(8.0, 18.0)),),
        repairs=repairs(3),
        spares=(Spare("valve", 1, NO_TIME),),
    )
    assert ends(case, (18, MAINS[0]), (21, MAINS[0])) == [33, 33]


def test_one_repair_for_two_hits_takes_the_longer_hours(town):
    case = with_(town, crews=(crew(),), repairs=repairs(10, 4))
    text = wave("one") + wave("two", hits="repair_scale = 3")
    hits = hits_of(case, (0, MAINS[0]), (1, MAINS[1]), (2, MAINS[1]))
    for which in ([0, 0, 1], [0, 1, 0]):
        found = outages(case, replace(hits, hazard=np.array(which)), text)
        assert sorted(found.end) == [10, 22, 22]


def test_a_part_is_back_earlier_and_a_plant_restarts(town):
    restart = np.where([name == MAINS[0] for name in town.network.assets.name], 3.0, 0.0)
    case = replace(
        town,
        network=replace(town.network, assets=replace(town.network.assets, restart_hours=restart)),
    )
    case = with_(case, crews=(crew(),), repairs={MAINS[0]: note(10.0, partial=(4.0, 0.6))})
    found = outages(case, hits_of(case, (1, MAINS[0], 0.2)))
    assert (found.begin.tolist(), found.end.tolist()) == ([1, 5], [5, 14])
    assert found.left.tolist() == [0.2, 0.6]
    found = outages(case, hits_of(case, (1, MAINS[0], 0.7)))
    assert (found.begin.tolist(), found.end.tolist()) == ([1], [14])


def test_what_comes_back_by_itself_needs_nobody(town):
    case = with_(town, crews=(crew(),), repairs=repairs(50))
    text = wave(classes="heat_main", hits='repair = "hours"\nhours = [6, 6, 6]')
    assert ends(case, (0, MAINS[0]), (1, MAINS[1]), (2, MAINS[1]), text=text) == [6, 7, 8]


def test_repairs_are_scaled(town):
    case = with_(town, crews=(crew(),), repairs=repairs(10))
    assert ends(case, (1, MAINS[0]), text=wave(hits="repair_scale = 1.5")) == [16]


def test_samples_do_not_share_crews(town):
    case = with_(town, crews=(crew(),), repairs=repairs(10, 2))
    first, second = hits_of(case, (1, MAINS[0])), hits_of(case, (2, MAINS[1]), sample=1)
    both = Hits(
        *(np.concatenate([getattr(one, name) for one in (first, second)]) for name in vars(first))
    )
    assert outages(case, both, samples=2).end.tolist() == [11, 4]


def test_a_plan_comes_first_and_its_crews_after(town):
    """A is at Main CHP-West until 10 and has used the valve; what is hit at 2 waits for it."""
    spares = (Spare("valve", 1, NO_TIME), Spare("valve", 1, town.start + np.timedelta64(60, "h")))
    needs = dict.fromkeys(MAINS[:3], "valve") | {MAINS[1]: ""}
    case = with_(town, needs, crews=(crew(),), repairs=repairs(10, 4, 5), spares=spares)
    index = case.network.assets.name.index
    damage = tuple(
        DamageRow(case.start, index(name), 0.0, NO_TIME, "", "") for name in (MAINS[0], MAINS[3])
    )
    entry = PlannedRepair(MAINS[0], ("A",), *[NO_TIME] * 4)
    plan = Plan("town", case.start, 240.0, "energy", repairs=(entry,))
    hazard = hazard_of(case, wave())
    rows, menders = after_plan(case, hazard, damage, plan, case.start)
    assert rows[0].until == case.start + np.timedelta64(10, "h")
    assert np.isnat(rows[1].until)  # the plan does not name it
    found = mended(menders, hazard, hits_of(case, (2, MAINS[1]), (3, MAINS[2])), samples=1)
    assert found.end[np.argsort(found.cause)].tolist() == [14, 65]


TASK = st.tuples(st.integers(0, 60), st.integers(0, 3))


def by_the_clock(rows, hours, spare, spares, crews, shortest, last=2000):
    """The same rules hour by hour; rows rise, and are of different assets while they are open."""
    waiting, at, done, used = [], {}, {}, dict.fromkeys(spares, 0)
    free = [0] * crews
    for now in range(last):
        for row, (hour, asset) in enumerate(rows):
            if hour != now:
                continue
            if asset in at:
                old, begun, member = at.pop(asset)
                if done[old] > now:
                    done[old], free[member] = row, now
                    assert begun <= now
            same = [one for one in waiting if rows[one][1] == asset]
            if same:
                done[row] = same[0]
            else:
                waiting.append(row)
        order = sorted(waiting, key=lambda one: hours[rows[one][1]]) if shortest else waiting
        for row in list(order):
            asset, idle = rows[row][1], [c for c in range(crews) if free[c] <= now]
            kind = spare[asset]
            there = kind is None or sum(one <= now for one in spares[kind]) > used[kind]
            if there and idle:
                waiting.remove(row)
                done[row] = float(now + hours[asset])
                free[idle[0]] = now + hours[asset]
                at[asset] = (row, now, idle[0])
                if kind is not None:
                    used[kind] += 1
    return done


@settings(max_examples=60)
@given(
    st.lists(TASK, min_size=1, max_size=14, unique_by=lambda row: row[0]),
    st.lists(st.integers(1, 12), min_size=4, max_size=4, unique=True),
    st.lists(st.integers(0, 90), max_size=5),
    st.lists(st.booleans(), min_size=4, max_size=4),
    st.integers(1, 3),
    st.booleans(),
)
def test_the_season_goes_as_by_the_clock(town, rows, hours, arrivals, needs, crews, shortest):
    rows = sorted(rows)
    spare = ["valve" if need else None for need in needs]
    stock = tuple(Spare("valve", 1, town.start + np.timedelta64(hour, "h")) for hour in arrivals)
    stock += (Spare("other", 1, NO_TIME),)
    case = with_(
        town,
        {name: kind for name, kind in zip(MAINS, spare, strict=True) if kind},
        crews=tuple(crew(f"crew {c}") for c in range(crews)),
        repairs=repairs(*hours),
        spares=stock,
    )
    head = f'schema = 1\n[repairs]\norder = "{"shortest" if shortest else "first_come"}"\n'
    found = ends(case, *((hour, MAINS[asset]) for hour, asset in rows), head=head)
    done = by_the_clock(rows, hours, spare, {"valve": arrivals}, crews, shortest)
    for row in range(len(rows)):
        end = row
        while isinstance(end, int):
            end = done.get(end, np.inf)
        assert found[row] == end


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 200), min_size=1, max_size=4, unique=True),
    st.lists(st.integers(1, 40), min_size=4, max_size=4),
    st.lists(st.integers(0, 300), max_size=4),
    st.integers(0, 300),
)
def test_one_more_spare_never_ends_a_repair_later(town, hits, hours, arrivals, one_more):
    """One crew, each asset hit once, all in need of the same kind of spare."""

    def found(stock):
        spares = tuple(Spare("valve", 1, town.start + np.timedelta64(h, "h")) for h in stock)
        case = with_(
            town,
            dict.fromkeys(MAINS, "valve"),
            crews=(crew(),),
            repairs=repairs(*hours),
            spares=(*spares, Spare("other", 1, NO_TIME)),
        )
        return np.array(ends(case, *zip(sorted(hits), MAINS, strict=False)))

    assert (found([*arrivals, one_more]) <= found(arrivals)).all()


def test_one_crew_is_at_one_place_at_a_time(town):
    case = with_(town, crews=(crew(trade="power"),), repairs={})
    hazard = hazard_of(case, wave(again=0.5, classes="line"))
    hits = drawn(case, hazard, np.arange(20), 240.0).hits
    found = mended(menders_of(case, hazard, case.start), hazard, hits, samples=20)
    for sample in range(20):
        finish = np.unique(found.end[found.sample == sample])
        assert all(later - sooner >= 24 - 1e-9 for sooner, later in pairwise(finish))


def test_a_share_of_the_time_is_out_as_a_queue_without_waiting_has_it(town):
    """Each asset alone: hits of a Poisson process, out for 36 h after the last of them.

    Out at hour 200 if it was hit in the 36 h before: 1 - exp(-36 rate).
    """
    own = 'distribution = "fixed"\nmean = 1\nthrough = 0.6'
    hazard = hazard_of(town, wave(per_day=4, classes="heat_main", objects=own))
    samples = np.arange(800)
    hits = drawn(town, hazard, samples, 201.0).hits
    found = mended(menders_of(town, hazard, town.start), hazard, hits, samples=800)
    out = ((found.begin <= 200) & (found.end > 200)).astype(float)
    rate = 4 / 24 * 0.6 / 4
    for name in MAINS:
        asset = town.network.assets.name.index(name)
        is_out = np.zeros(800)
        np.maximum.at(is_out, found.sample, out * (found.asset == asset))
        near(is_out, 1 - np.exp(-36 * rate))


def test_a_wave_over_two_assets_as_counted_out(town):
    """Two objects, each hits one of three lines with 0.5: every outcome by enumeration."""
    objects = 'distribution = "fixed"\nmean = 2\nthrough = 0.5'
    hazard = hazard_of(town, wave(per_day=0.2, classes="line", objects=objects))
    exact = {}
    for first, second in product(range(4), repeat=2):  # 0 to 2: a line, 3: neither
        chance = np.prod([0.5 if one == 3 else 0.5 / 3 for one in (first, second)])
        lines = frozenset({first, second} - {3})
        exact[lines] = exact.get(lines, 0.0) + chance
    samples = np.arange(3000)
    struck = drawn(town, hazard, samples, 48.0)
    outcomes = {
        (s, e): set() for s, e in zip(struck.events.sample, struck.events.number, strict=True)
    }
    lines = list(hazard.hazards[0].exposed.asset)
    hits = struck.hits
    for s, e, a in zip(hits.sample, hits.event, hits.asset, strict=True):
        outcomes[s, e].add(lines.index(a))
    for wanted, chance in exact.items():
        near([one == wanted for one in outcomes.values()], chance)


def test_nothing_is_hit_nothing_is_out(town):
    hazard = hazard_of(town, wave(per_day=0))
    struck = drawn(town, hazard, [0, 1], 240.0)
    found = mended(menders_of(town, hazard, town.start), hazard, struck.hits, samples=2)
    assert len(found) == 0
    [left] = available_by_step(found, samples=2, assets=16, steps=1, step_hours=1.0)
    assert (left == 1).all()


def test_drawn_hours_lie_in_their_triangle_and_likely_ones_do_not_vary(examples):
    case = without_crews(read_case(examples / "town"))
    hazard = hazard_of(case, wave(per_day=0.2, classes="line", objects="mean = 1\nthrough = 1"))
    hits = drawn(case, hazard, np.arange(200), 240.0).hits
    once = np.unique(np.stack([hits.sample, hits.asset]), axis=1, return_counts=True)
    alone = {
        tuple(pair) for pair, many in zip(once[0].T.tolist(), once[1], strict=True) if many == 1
    }
    menders = menders_of(case, hazard, case.start)

    def hours(drawn_):
        found = mended(menders, hazard, hits, samples=200, drawn=drawn_)
        pairs = zip(found.sample.tolist(), found.asset.tolist(), strict=True)
        return (found.end - found.begin)[[pair in alone for pair in pairs]]

    assert hours(False) == pytest.approx(24.0)
    low, high = 24 * 0.7, 24 * 1.8  # tasks.low_factor, tasks.high_factor
    assert low <= hours(True).min() < hours(True).max() <= high
    near(hours(True), (low + 24 + high) / 3)
