"""A timetable under construction: what it covers, which rules it breaks, how fair it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats
from keepwarm.case.timetable import runs_of
from keepwarm.recovery.rotation_rules import Question

#: MW beyond which something counts as not covered.
SLACK_MW = 1e-6


@dataclass(frozen=True)
class Score:
    """How good a timetable is; compared in this order."""

    uncovered: float  # MW, summed over the slots
    breaches: int  # slots by which blocks are too long and breaks too short
    unfairness: float  # see `Board.unfairness`

    def beats(self, other: Score) -> bool:
        """Whether this one is better by more than rounding."""
        if abs(self.uncovered - other.uncovered) > SLACK_MW:
            return self.uncovered < other.uncovered
        if self.breaches != other.breaches:
            return self.breaches < other.breaches
        return self.unfairness < other.unfairness * (1 - 1e-9) - 1e-12


class Board:
    """Rows of a timetable and their sums, so that a change of two rows is judged quickly.

    Parameters
    ----------
    question
        What is asked.
    off
        Shape (groups, slots).
    """

    def __init__(self, question: Question, off: Bools) -> None:
        self.question = question
        self.off = off.copy()
        self._surge = question.rules.surge
        self._longest, self._least = question.rules.longest_block, question.rules.least_on
        count = len(off)
        self.pickup = np.array([self._pickup(g, off[g]) for g in range(count)]).reshape(off.shape)
        self.breaches = [self._breaches(g, off[g]) for g in range(count)]
        self.hours = np.array([self._hours(g, off[g]) for g in range(count)]).reshape(
            count, len(question.checks)
        )
        self.missing = (  # (slots,) MW: positive where not covered
            question.ask_mw
            + self.pickup.sum(axis=0)
            - np.where(self.off, question.load_mw, 0.0).sum(axis=0)
        )
        self.score = Score(
            float(np.maximum(self.missing, 0.0).sum()), sum(self.breaches), self.unfairness()
        )

    def unfairness(self) -> float:
        """Return the sum over groups of size x (weight x H squared + price x slots off).

        H are the slots off in the window, its square the mean over all checks. It falls when an
        hour off moves from a group that has many to one that has few, and with every hour less; a
        group of weight 2 ends with half the hours of one of weight 1, however large the two are.
        """
        question = self.question
        uneven = question.weight * (self.hours**2).mean(axis=1)
        return float(question.size @ (uneven + question.rules.price * self.off.sum(axis=1)))

    def consider(self, rows: dict[int, Bools]) -> bool:
        """Take new rows of some groups if the timetable gets better by it; return whether."""
        question = self.question
        missing, breaches, unfairness = self.missing, self.score.breaches, self.score.unfairness
        found: list[tuple[int, Bools, Floats, int, Floats]] = []
        for group, row in rows.items():
            over = self._breaches(group, row)
            breaches += over - self.breaches[group]
            hours = self._hours(group, row)
            uneven = question.weight[group] * (hours**2 - self.hours[group] ** 2).mean()
            more = int(row.sum()) - int(self.off[group].sum())
            unfairness += float(question.size[group] * (uneven + question.rules.price * more))
            found.append((group, row, self._pickup(group, row), over, hours))
        if breaches > self.score.breaches and self.score.uncovered <= SLACK_MW:
            return False
        for group, row, pickup, _, _ in found:
            change = row.astype(np.int8) - self.off[group]
            missing = missing + pickup - self.pickup[group] - question.load_mw[group] * change
        score = Score(float(np.maximum(missing, 0.0).sum()), breaches, unfairness)
        if not score.beats(self.score):
            return False
        for group, row, pickup, over, hours in found:
            self.off[group], self.pickup[group] = row, pickup
            self.breaches[group], self.hours[group] = over, hours
        self.missing, self.score = missing, score
        return True

    def _pickup(self, group: int, row: Bools) -> Floats:
        """MW that a group draws beyond its load after each return, (slots,)."""
        question = self.question
        whole = np.concatenate([question.past[group], row])
        extra, skipped = np.zeros(len(row)), question.past.shape[1]
        back = np.flatnonzero(whole[:-1] & ~whole[1:]) + 1
        for k, share in enumerate(self._surge):
            at = back + k
            back, at = back[at < whole.size], at[at < whole.size]
            still = ~whole[at]
            back, at = back[still], at[still]
            inside = at[at >= skipped] - skipped
            extra[inside] += share * question.load_mw[group, inside]
        return extra

    def _breaches(self, group: int, row: Bools) -> int:
        runs = runs_of(np.concatenate([self.question.past[group], row]))
        skipped = self.question.past.shape[1]
        over = np.maximum(runs[:, 1] - np.maximum(runs[:, 0] + self._longest, skipped), 0)
        short = self._least - (runs[1:, 0] - runs[:-1, 1])
        return int(over.sum() + np.maximum(short, 0)[runs[1:, 0] >= skipped].sum())

    def _hours(self, group: int, row: Bools) -> Floats:
        question = self.question
        so_far = np.concatenate([[0], np.cumsum(row)])
        window = round(question.rules.window_hours / question.rules.slot_hours)
        within = so_far[question.checks] - so_far[np.maximum(question.checks - window, 0)]
        return np.asarray(question.carried[group] + within)
