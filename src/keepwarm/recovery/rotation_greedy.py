"""A first timetable, slot by slot: who comes back, and who is cut in their place.

Groups that reached the longest block come back; others come back before, spread out, so that no
two hours see many returns with their cold-load pickup at once. Who is cut next is who had the
fewest hours off, counted by weight. Where the shortage cannot be covered so, rules give way in
this order: the longest block, then the least time on.
"""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.recovery.rotation_board import SLACK_MW
from keepwarm.recovery.rotation_rules import Question

_LONG_AGO = 1 << 30


def first_timetable(question: Question, *, hopeful: bool) -> Bools:
    """Return who is off in which slot, (groups, slots).

    Parameters
    ----------
    hopeful
        Count on returns when less is short later, and rotate less until then: fewer cuts where the
        shortage soon ends, broken rules where it only dips.
    """
    walk = _Walk(question, hopeful)
    off = np.zeros(question.load_mw.shape, dtype=np.bool_)
    for slot in range(question.slots):
        off[:, slot] = walk.step(slot)
    return off


class _Walk:
    """What the walk carries from slot to slot."""

    def __init__(self, question: Question, hopeful: bool) -> None:
        self.question, rules = question, question.rules
        self.hopeful = hopeful
        self.longest, self.least, self.surge = rules.longest_block, rules.least_on, rules.surge
        self.run, self.rest = _last_runs(question.past)
        self.off = question.past[:, -1] & question.may
        self.hours = np.zeros(len(question.may))  # slots off so far in this timetable

    def step(self, slot: int) -> Bools:
        """Decide one slot."""
        question = self.question
        self.slot, self.load = slot, question.load_mw[:, slot]
        check = int(np.searchsorted(question.checks, slot, side="right"))
        carried = question.carried[:, min(check, question.carried.shape[1] - 1)]
        self.burden = question.weight * (carried + self.hours)
        on = ~self.off
        tail = np.zeros_like(self.load)
        late = on & (self.rest < self.surge.size)
        tail[late] = self.surge[self.rest[late]] * self.load[late]
        self.need = float(question.ask_mw[slot] + tail.sum())
        now = np.zeros_like(self.off) if self.need == -np.inf else self._decide()
        self.run = np.where(now, self.run + 1, 0)
        self.rest = np.where(now, 0, np.minimum(self.rest + 1, _LONG_AGO))
        self.hours += now
        self.off = now
        return now

    def _decide(self) -> Bools:
        must = self.off & (self.run >= self.longest)
        back = must | self._spread_out(must)
        ready = ~self.off & self.question.may & (self.rest >= self.least)
        cut = self._enough(back, ready)
        if self._missing(back, cut) > SLACK_MW:
            back = self._kept_off(back, cut, must)
            cut = self._pruned(back, cut)
        if self._missing(back, cut) > SLACK_MW:
            hasty = ~self.off & self.question.may & ~cut
            for group in _ordered(hasty, -self.rest, self.burden):
                cut[group] = True
                if self._missing(back, cut) <= SLACK_MW:
                    break
        if not cut.any():
            back = self._released(back)
        return (self.off & ~back) | cut

    def _missing(self, back: Bools, cut: Bools) -> float:
        """MW short of what is needed."""
        first = self.surge[0] if self.surge.size else 0.0
        pickup = first * self.load[back].sum()
        return float(self.need + pickup - self.load[self.off & ~back].sum() - self.load[cut].sum())

    def _spread_out(self, must: Bools) -> Bools:
        """Mark groups that come back early, so that those cut together do not return together."""
        chosen = np.zeros_like(must)
        left = self.longest - self.run
        soon = self.off & ~must
        deadlines = np.sort(left[soon])
        pace = max(int(self.off.sum()), 1) / self.longest
        ahead = np.arange(1, deadlines.size + 1) - pace * deadlines - self._spared(deadlines)
        count = int(ahead.max(initial=0.0) + 1e-9) - int(must.sum())
        if count > 0:
            chosen[_ordered(soon, left, -self.burden)[:count]] = True
        return chosen

    def _spared(self, deadlines: Ints) -> Floats:
        """How many may come back by each deadline because less is short by then."""
        if not deadlines.size:
            return np.zeros(0)
        ahead = self.question.ask_mw[self.slot : self.slot + self.longest + 1]
        lowest = np.minimum.accumulate(ahead)[np.minimum(deadlines, ahead.size - 1)]
        if not self.hopeful:
            return np.where(lowest <= 0, np.inf, 0.0)
        cut = self.load[self.off]
        first = self.surge[0] if self.surge.size else 0.0
        each = (1.0 + first) * max(float(cut.mean()), 1e-9)  # a dead feeder has no load
        return np.asarray(np.maximum(cut.sum() - lowest, 0.0) / each)

    def _enough(self, back: Bools, ready: Bools) -> Bools:
        """Cut those who had least, until the need is met, and nobody too many."""
        cut = np.zeros_like(ready)
        missing = self._missing(back, cut)
        for group in _ordered(ready, self.burden, -self.rest):
            if missing <= SLACK_MW:
                break
            cut[group] = True
            missing -= self.load[group]
        return self._pruned(back, cut)

    def _pruned(self, back: Bools, cut: Bools) -> Bools:
        missing = self._missing(back, cut)
        for group in _ordered(cut, -self.burden, self.rest):
            if missing + self.load[group] <= SLACK_MW:
                cut[group] = False
                missing += self.load[group]
        return cut

    def _kept_off(self, back: Bools, cut: Bools, must: Bools) -> Bools:
        """Leave off some who should come back: early returns first, then those with least."""
        back = back.copy()
        for group in _ordered(back, must.astype(np.int64), self.burden):
            back[group] = False
            if self._missing(back, cut) <= SLACK_MW:
                break
        return back

    def _released(self, back: Bools) -> Bools:
        """Let back whoever is not needed, the most burdened first.

        Groups that had much less than others stay off: small ones would otherwise come back each
        time, because their pickup always fits.
        """
        back, none = back.copy(), np.zeros_like(back)
        mean = self.burden @ self.question.may / max(int(self.question.may.sum()), 1)
        enough = self.burden >= mean - self.question.rules.price / 4
        for group in _ordered(self.off & ~back & enough, -self.burden, -self.run):
            back[group] = True
            if self._missing(back, none) > SLACK_MW:
                back[group] = False
        return back


def _ordered(which: Bools, first: Floats | Ints, then: Floats | Ints) -> Ints:
    """Return marked groups by the first key, then the second, then their place in the table."""
    groups = np.flatnonzero(which)
    return groups[np.lexsort((groups, then[groups], first[groups]))]


def _last_runs(past: Bools) -> tuple[Ints, Ints]:
    """Slots that each group has been off, or on, at the end of the past."""
    slots = past.shape[1]
    run, rest = np.zeros(len(past), dtype=np.int64), np.zeros(len(past), dtype=np.int64)
    for group, row in enumerate(past):
        on, off = np.flatnonzero(~row), np.flatnonzero(row)
        run[group] = slots - 1 - on[-1] if on.size else slots
        rest[group] = slots - 1 - off[-1] if off.size else _LONG_AGO
    return run, rest
