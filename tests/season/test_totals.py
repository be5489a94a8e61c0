"""Sums by region, and days on emergency cuts, from series that a single walk records."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from keepwarm.case.nouns import CARRIERS, Case, Floats
from keepwarm.season import Season, balanced_start, march, prepare
from keepwarm.season.batch import march_many
from keepwarm.season.drawn import Drawn
from keepwarm.season.totals import Totals
from keepwarm.solve.simplex import SimplexSolver
from tests.season.conftest import colder, with_settings

STEPS = 60


@pytest.fixture(scope="module")
def both(town: Case) -> tuple[Case, Season, Totals]:
    """One sample of the cold town, walked alone and in a batch; one bus in no region."""
    case = with_settings(colder(town, 8.0), rotation__most_queues=4.0)
    buses = case.network.buses
    region = buses.region.copy()
    region[buses.name.index("West heat")] = -1
    case = replace(case, network=replace(case.network, buses=replace(buses, region=region)))
    left = outages(case)
    corridor = prepare(case)
    template = corridor.template
    start = balanced_start(corridor, 0)
    [block] = march_many(
        corridor,
        lambda _: Drawn(iter(left[:, None])),
        samples=np.arange(1),
        first=0,
        steps=STEPS,
        state=start,
        solver=SimplexSolver(template.perturbed_cost, template.matrix),
        audited=frozenset(),
    )
    return case, march(corridor, left, first=0, state=start), block.totals


def outages(case: Case) -> Floats:
    draw = np.random.default_rng(71)
    assets = len(case.network.assets)
    begin, length = draw.integers(0, STEPS, assets), draw.integers(0, 30, assets)
    step = np.arange(STEPS)[:, None]
    out = (step >= begin) & (step < begin + length) & (draw.random(assets) < 0.6)
    return np.where(out, 0.0, 1.0)


def test_carriers_and_regions_are_those_of_buses_and_groups(
    both: tuple[Case, Season, Totals],
) -> None:
    case, season, totals = both
    needs, buses = season.template.needs, case.network.buses
    carrier = np.array([buses.carrier[b] for b in needs.bus.tolist()])
    places, groups = len(case.regions) + 1, case.buildings.region
    of_need = np.where(buses.region >= 0, buses.region, places - 1)[needs.bus]
    assert totals.unserved_mwh_by_place[0, CARRIERS.index("heat"), -1] > 0
    for c, name in enumerate(CARRIERS):
        for place in range(places):
            mine = (carrier == name) & (of_need == place)
            need, shed = (each[:, mine].sum(axis=1) for each in (season.need_mw, season.shed_mw))
            if name == "heat":
                closed = season.not_asked_mw[:, groups == place].sum(axis=1)
                need, shed = need + closed, shed + closed
            short = shed > 1e-6
            at = (0, c, place)
            assert totals.need_mwh_by_place[at] == pytest.approx(need.sum(), abs=1e-6)
            assert totals.unserved_mwh_by_place[at] == pytest.approx(shed.sum(), abs=1e-5)
            assert totals.short_hours_by_place[at] == short.sum()
            assert totals.short_spells_by_place[at] == np.sum(np.diff(short, prepend=False) & short)
    for whole, parts in (
        (totals.need_mwh, totals.need_mwh_by_place),
        (totals.unserved_mwh, totals.unserved_mwh_by_place),
        (totals.drained, totals.drained_by_place),
        (totals.frozen, totals.frozen_by_place),
        (totals.people_hours_below, totals.people_hours_below_by_place),
    ):
        assert parts.sum(axis=-1) == pytest.approx(whole)


def test_people_and_buildings_are_counted_where_they_are(
    both: tuple[Case, Season, Totals],
) -> None:
    case, season, totals = both
    of_home = case.buildings.region[season.homes.group]
    for r in range(len(case.regions)):
        here = of_home == r
        below = season.home_people[here] @ season.hours_below[1][here]
        assert totals.people_hours_below_by_place[0, :, r] == pytest.approx(below, rel=1e-9)
        mine = case.buildings.region == r
        drained = season.drained[:, mine].max(axis=0).sum()
        assert totals.drained_by_place[0, r] == pytest.approx(drained)
    assert totals.people_hours_below.max() > 0
    assert totals.drained.max() > 0


def test_days_on_emergency_cuts_by_hand(both: tuple[Case, Season, Totals]) -> None:
    """Four queues of six may be off, and nobody is exempt; the town's days begin at 22:00 UTC."""
    case, season, totals = both
    needs, buses = season.template.needs, case.network.buses
    household = [
        k
        for k, (b, tier) in enumerate(zip(needs.bus.tolist(), needs.tier.tolist(), strict=True))
        if buses.carrier[b] == "power" and tier == 2
    ]
    assert not case.rotation.exempt.any()
    shed = season.shed_mw[:, household].sum(axis=1)
    void = shed > season.need_mw[:, household].sum(axis=1) * 4 / 6 + 1e-6
    assert void.any()
    assert not void.all()
    assert case.time_zone == "Europe/Kyiv"
    days = (season.times + np.timedelta64(2, "h")).astype("datetime64[D]")
    assert totals.emergency_days[0] == len(np.unique(days[void]))
    assert len(np.unique(days[void])) < len(np.unique(days[shed > 1e-6]))
