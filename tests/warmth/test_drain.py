"""Drain or hold by hand: two moments of return, straight cold curves, both costs on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keepwarm.case.nouns import Floats
from keepwarm.warmth.cooldown import ColdCurve
from keepwarm.warmth.drain import Weighed, weigh
from keepwarm.warmth.restoration import Chances, Lognormal, Restoration


@dataclass(frozen=True)
class TwoMoments:
    """Heat is back at one hour or at a later one."""

    early: float
    late: float
    chance: float  # of the early one

    def probability(self, hours: Floats | float) -> Floats:
        hours = np.asarray(hours)
        return np.where(hours >= self.late, 1.0, np.where(hours >= self.early, self.chance, 0.0))

    def hours(self, probability: Floats | float) -> Floats:
        return np.where(np.asarray(probability) <= self.chance, self.early, self.late)


def one(hours: float) -> Chances:
    return Chances(np.array([hours]), np.array([1.0]))


def straight(cold_from: float = 5.0) -> ColdCurve:
    """Cold from an hour of the outage on, warm at once with heat: C(h) = max(0, h - cold_from)."""
    hours = np.array([0.0, cold_from, cold_from + 1])
    cold = np.maximum(hours - cold_from, 0.0).reshape(-1, 1, 1, 1)
    return ColdCurve(hours, np.broadcast_to(cold, (3, 3, 1, 1)))


def weighed(
    restoration: Restoration,
    *,
    plug: Floats | float = 9.0,
    due: float = 0.0,
    deadline: float = 9.0,
    delay: float = 20.0,
    repair: float = 336.0,
    cold: ColdCurve | None = None,
) -> Weighed:
    plugs = np.broadcast_to(np.asarray(plug, dtype=float).reshape(-1, 1, 1), (3, 1, 1))
    return weigh(
        restoration,
        cold or straight(),
        plug_hours=plugs,
        due_hours=np.array([due]),
        deadline_hours=np.array([deadline]),
        scenario_weight=np.ones(1),
        delay=one(delay),
        repair=one(repair),
    )


def test_two_moments_by_hand() -> None:
    """Back at 4 h: held 0, drained 4 + 20 - 5 = 19. At 30 h: held 30 + 336 - 5, drained 45."""
    found = weighed(TwoMoments(4.0, 30.0, 0.7))
    assert found.back_in_time.item() == pytest.approx(0.7)
    assert found.hold.item() == pytest.approx(0.3 * 361)
    assert found.drain.item() == pytest.approx(0.7 * 19 + 0.3 * 45)
    assert found.frozen.item() == pytest.approx(0.3)
    assert found.indifference.item() == pytest.approx(316 / (316 + 19))
    assert found.drains.item()


def test_both_cost_the_same_at_the_indifference_point() -> None:
    q = weighed(TwoMoments(4.0, 30.0, 0.5)).indifference.item()
    there = weighed(TwoMoments(4.0, 30.0, q))
    assert there.hold.item() == pytest.approx(there.drain.item(), rel=1e-9)
    assert weighed(TwoMoments(4.0, 30.0, q - 0.01)).drains.item()
    assert not weighed(TwoMoments(4.0, 30.0, q + 0.01)).drains.item()


@dataclass(frozen=True)
class Believed:
    """Another distribution with another probability of heat by an hour, alike on either side."""

    of: Lognormal
    by: float
    chance: float

    def probability(self, hours: Floats | float) -> Floats:
        at, was = self.of.probability(hours), self.of.probability(self.by)
        late = self.chance + (1 - self.chance) * (at - was) / (1 - was)
        return np.where(at <= was, at / was * self.chance, late)

    def hours(self, probability: Floats | float) -> Floats:
        share, was = np.asarray(probability), self.of.probability(self.by)
        early = self.of.hours(np.minimum(share / self.chance, 1.0) * was)
        late = was + (1 - was) * np.maximum(share - self.chance, 0) / (1 - self.chance)
        return np.where(share <= self.chance, early, self.of.hours(np.minimum(late, 1 - 1e-12)))


@given(st.floats(3, 100), st.floats(1.5, 6), st.floats(2, 30), st.floats(1, 60))
def test_the_indifference_point_of_any_lognormal(
    median: float, ratio: float, plug: float, delay: float
) -> None:
    """Whoever believes in q* by the deadline, and is else of the same mind, may do either."""
    of = Lognormal(median, median * ratio)
    assume(0.001 < of.probability(plug) < 0.999)
    plugs = plug * np.array([1.0, 1.5, 3.0])
    args = {"plug": plugs, "deadline": plug, "delay": delay}
    q = weighed(of, **args).indifference.item()
    there = weighed(Believed(of, plug, q), **args) if 0 < q < 1 else None
    if there:
        assert there.hold.item() == pytest.approx(there.drain.item(), rel=1e-6)


def test_a_lognormal_against_numbers_drawn() -> None:
    """Expected costs within three standard errors of 200,000 draws with numpy."""
    plugs, weight = np.array([7.0, 12.0, 25.0]), np.array([0.185, 0.63, 0.185])
    found = weighed(Lognormal(10.0, 40.0), plug=plugs, due=4.0, deadline=7.0)
    draws = np.random.default_rng(1)
    back = draws.lognormal(np.log(10.0), np.log(4) / 1.2815515655446, 400_000)
    back = back[back > 4.0]
    plug = draws.choice(plugs, back.size, p=weight)
    held = np.maximum(np.where(back <= plug, back, back + 336.0) - 5.0, 0.0)
    drained = np.maximum(back + 20.0 - 5.0, 0.0)
    for ours, costs in ((found.hold, held), (found.drain, drained)):
        error = 3 * costs.std() / np.sqrt(costs.size)
        assert ours.item() == pytest.approx(costs.mean(), abs=error + 0.02 * costs.mean())


def test_some_freeze_before_the_deadline() -> None:
    """Heat at 7 h for sure, deadline 9 h: the low end, 18.5 %, has frozen at 5 h."""
    found = weighed(TwoMoments(7.0, 30.0, 1.0), plug=np.array([5.0, 9.0, 20.0]))
    assert found.hold.item() == pytest.approx(0.185 * (7 + 336 - 5) + 0.815 * (7 - 5))
    assert found.drain.item() == pytest.approx(7 + 20 - 5)
    assert found.frozen.item() == pytest.approx(0.185)


def test_given_that_it_is_not_back_when_due() -> None:
    """Heat at 4 h or at 30 h, and 6 h have passed: it is 30 h, and holding freezes."""
    found = weighed(TwoMoments(4.0, 30.0, 0.9), due=6.0)
    assert found.back_in_time.item() == pytest.approx(0.0, abs=1e-9)
    assert found.hold.item() == pytest.approx(361)


def test_a_building_that_has_frozen_when_due_does_not_count() -> None:
    """The low band plugs at 6 h, when the decision is due; the others later than heat."""
    found = weighed(TwoMoments(4.0, 30.0, 0.9), plug=np.array([6.0, 90.0, 90.0]), due=6.0)
    assert found.hold.item() == pytest.approx(30 - 5)
    assert found.drain.item() == pytest.approx(30 + 20 - 5)
    assert found.frozen.item() == pytest.approx(0.0, abs=1e-9)


@given(st.floats(1, 80), st.floats(1.2, 8), st.floats(1, 40), st.floats(1, 100))
def test_properties(median: float, ratio: float, plug: float, delay: float) -> None:
    restoration = Lognormal(median, median * ratio)
    base = weighed(restoration, plug=plug, deadline=plug, delay=delay)
    faster = weighed(restoration, plug=plug, deadline=plug, delay=delay / 2)
    later_plug = weighed(restoration, plug=plug * 2, deadline=plug, delay=delay)
    quick_repair = weighed(restoration, plug=plug, deadline=plug, delay=delay, repair=168.0)
    assert 0.0 <= base.indifference.item() <= 1.0
    # The faster drained buildings are filled again, the surer one must be in order to hold.
    assert faster.indifference.item() >= base.indifference.item() - 1e-12
    assert quick_repair.indifference.item() <= base.indifference.item() + 1e-12
    # Drained pipes never burst: neither their plug nor its repair costs the drained anything.
    assert later_plug.drain.item() == pytest.approx(base.drain.item(), rel=0.02, abs=0.05)
    assert quick_repair.drain.item() == base.drain.item()
    assert later_plug.hold.item() <= base.hold.item() * 1.01 + 0.05
    assert faster.drain.item() <= base.drain.item() + 1e-9


def test_pipes_that_never_plug_are_held() -> None:
    found = weighed(Lognormal(10.0, 40.0), plug=np.inf, deadline=np.inf)
    assert not found.drains.item()
    assert found.frozen.item() == pytest.approx(0.0, abs=1e-9)


def test_a_frozen_building_mended_sooner_than_a_drained_one_filled_is_held() -> None:
    found = weighed(TwoMoments(4.0, 30.0, 0.0), repair=10.0, delay=50.0)
    assert found.indifference.item() == 0.0
    assert not found.drains.item()


def test_later_shifts_the_curve_by_chance() -> None:
    """Half of them 2 h later, half 4 h: C(10) = (7 + 9) / 2."""
    curve = replace(straight(), hours=np.array([0.0, 5.0, 6.0]))
    shifted = curve.later(np.array([2.0, 4.0]), np.array([0.5, 0.5]))
    assert shifted.at(np.full((3, 1, 1), 10.0)).ravel().tolist() == pytest.approx([8.0] * 3)
