"""Small timetables to the optimum: one program with whole numbers, solved for one aim at a time.

Aims as in `keepwarm.recovery.rotation_board.Score`, in its order: what is left uncovered, rules
broken, unfairness. Columns: x (groups, slots), 1 where off; z (groups, slots, slots after a
return), the share of a surge that is drawn; u (slots), MW uncovered; o (groups, slots), 1 in a slot
beyond the longest block; s and q, begins of cuts that come too soon after the last; y (groups,
checks, slots), the hours off as a sum of steps whose cost rises.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.recovery.rotation_rules import Question
from keepwarm.solve.highs import solve_mip

#: Groups x slots up to which the optimum is looked for.
LARGEST = 48
#: Branch-and-bound nodes for each aim; what is not proven by then is left to the search.
NODES = 2000


def optimal_timetable(question: Question) -> Bools | None:
    """Return the best timetable, (groups, slots), or None where it is too large to be proven.

    Ties are broken by HiGHS, on one thread: the same question has the same answer.
    """
    if not 0 < question.load_mw.size <= LARGEST:
        return None
    program = _Program(question)
    best: Floats | None = None
    for aim in program.aims():
        found = program.minimise(aim, best)
        if found is None:
            return None
        best = found
    return None if best is None else best[program.x] > 0.5


@dataclass
class _Rows:
    """Rows of the program as they are put together: sum of value x column >= least."""

    entries: list[tuple[int, int, float]]
    least: list[float]

    def add(self, least: float, terms: list[tuple[int, float]]) -> None:
        row = len(self.least)
        self.entries += [(row, column, value) for column, value in terms]
        self.least.append(least)


class _Program:
    """Columns, rows and aims of one question."""

    def __init__(self, question: Question) -> None:
        self.question = question
        groups, slots = question.load_mw.shape
        rules = question.rules
        shapes = (
            (groups, slots),
            (groups, slots, rules.surge.size),
            (slots,),
            (groups, slots),
            (groups, slots),
            (groups, slots, max(rules.least_on - 1, 0)),
            (groups, question.checks.size, slots),
        )
        ends = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
        blocks = [
            np.arange(first, last).reshape(shape)
            for first, last, shape in zip(ends[:-1], ends[1:], shapes, strict=True)
        ]
        self.x, self.z, self.u, self.o, self.s, self.q, self.y = blocks
        self.columns = int(ends[-1])
        self.upper = np.ones(self.columns)
        self.upper[self.u] = np.inf
        self.upper[self.x[~question.may]] = 0.0
        self.rows = _Rows([], [])
        for slot in range(slots):
            self._cover(slot)
            for group in range(groups):
                self._surges(group, slot)
                self._rules(group, slot)
        self._hours()

    def aims(self) -> tuple[Floats, Floats, Floats]:
        """Return what each aim costs per column."""
        uncovered, breaches, unfair = np.zeros((3, self.columns))
        uncovered[self.u] = 1.0
        breaches[self.o], breaches[self.q] = 1.0, 1.0
        question = self.question
        steps = 2.0 * np.arange(question.slots) + 1.0
        rising = steps + 2.0 * question.carried[:, :, None]
        factor = question.size * question.weight / question.checks.size
        unfair[self.y] = rising * factor[:, None, None]
        unfair[self.x] = question.rules.price * question.size[:, None]
        return uncovered, breaches, unfair

    def minimise(self, aim: Floats, start: Floats | None) -> Floats | None:
        """Reach one aim and hold it; None where it was not proven."""
        least = np.array(self.rows.least)
        row, column, value = zip(*self.rows.entries, strict=True)
        shape = (least.size, self.columns)
        integer = np.zeros(self.columns, dtype=np.bool_)
        integer[self.x] = True
        found = solve_mip(
            aim,
            sp.csc_array(sp.coo_array((value, (row, column)), shape=shape)),
            lower=np.zeros(self.columns),
            upper=self.upper,
            row_lower=least,
            row_upper=np.full(least.size, np.inf),
            integer=integer,
            start=start,
            nodes=NODES,
        )
        if found.status == "interrupted":  # a rotation is a matter of seconds: nothing to keep
            raise KeyboardInterrupt
        if found.status != "optimal":
            return None
        spare = 1e-6 * max(1.0, abs(found.objective))
        costly = np.flatnonzero(aim).tolist()
        self.rows.add(-found.objective - spare, [(at, -float(aim[at])) for at in costly])
        return found.x

    def _was(self, group: int, slot: int) -> tuple[list[tuple[int, float]], float]:
        """Whether a group is off in a slot: a column, or what the past says."""
        if slot >= 0:
            return [(int(self.x[group, slot]), 1.0)], 0.0
        return [], float(self.question.past[group, slot])

    def _at_least(self, target: Ints, sums: list[tuple[int, int, float]], constant: float) -> None:
        """Add: target >= sum of factor x off(group, slot) + constant."""
        terms, known = [(int(target), 1.0)], constant
        for group, slot, factor in sums:
            column, past = self._was(group, slot)
            terms += [(at, -factor * value) for at, value in column]
            known += factor * past
        self.rows.add(known, terms)

    def _cover(self, slot: int) -> None:
        question = self.question
        if question.ask_mw[slot] == -np.inf:
            return
        terms = [(int(self.u[slot]), 1.0)]
        for group, load in enumerate(question.load_mw[:, slot].tolist()):
            terms.append((int(self.x[group, slot]), load))
            for k, share in enumerate(question.rules.surge.tolist()):
                terms.append((int(self.z[group, slot, k]), -share * load))
        self.rows.add(float(question.ask_mw[slot]), terms)

    def _surges(self, group: int, slot: int) -> None:
        for k in range(self.question.rules.surge.size):
            back = slot - k
            on_since = [(group, at, -1.0) for at in range(back, slot + 1)]
            self._at_least(self.z[group, slot, k], [(group, back - 1, 1.0), *on_since], 0.0)

    def _rules(self, group: int, slot: int) -> None:
        longest = self.question.rules.longest_block
        block = [(group, slot - j, 1.0) for j in range(longest + 1)]
        self._at_least(self.o[group, slot], block, -float(longest))
        begins = [(group, slot, 1.0), (group, slot - 1, -1.0)]
        self._at_least(self.s[group, slot], begins, 0.0)
        for j in range(self.q.shape[2]):
            for back in range(2, j + 3):
                column, past = self._was(group, slot - back)
                terms = [(int(self.q[group, slot, j]), 1.0), (int(self.s[group, slot]), -1.0)]
                terms += [(at, -value) for at, value in column]
                self.rows.add(past - 1.0, terms)

    def _hours(self) -> None:
        """Hours off up to a check, as steps that are taken in turn because each costs more."""
        for group, row in enumerate(self.x):
            for k, check in enumerate(self.question.checks.tolist()):
                terms = [(int(at), 1.0) for at in self.y[group, k]]
                self.rows.add(0.0, terms + [(int(at), -1.0) for at in row[:check]])
