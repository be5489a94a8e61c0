"""Making a timetable better, change by change; every change taken improves its score.

Two kinds of change: a block loses slots at its ends, or is dropped; two groups swap what they have
within a span, so that hours move from one that has many to one that has few. Spans begin and end
where one of the two rows changes, or next to it. The order of trials is fixed, and so is their
number: the same question has the same answer on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from keepwarm.case.nouns import Bools, Ints
from keepwarm.case.timetable import runs_of
from keepwarm.recovery.rotation_board import Board

#: Spans tried for each pair of groups.
_SPANS = 24
#: Groups at each end of the order of burdens that are paired with all others.
_ENDS = 6


def improve(board: Board, *, trials: int) -> int:
    """Improve a timetable in place until nothing helps or the trials are used up.

    Parameters
    ----------
    trials
        How many changes may be considered.

    Returns
    -------
    int
        Trials left.
    """
    while trials > 0:
        before = board.score
        trials = _trim(board, trials)
        trials = _even_out(board, trials)
        if not board.score.beats(before):
            break
    return trials


def _trim(board: Board, trials: int) -> int:
    """Take slots off the ends of blocks wherever they are not needed."""
    for group in _by_burden(board)[::-1].tolist():
        if not board.question.may[group]:
            continue
        for begin, end in runs_of(board.off[group]).tolist():
            for first, last in ((begin, end), (begin, begin + 1), (end - 1, end)):
                if trials <= 0:
                    return 0
                trials -= 1
                row = board.off[group].copy()
                row[first:last] = False
                if board.consider({group: row}) and (first, last) == (begin, end):
                    break
    return trials


def _even_out(board: Board, trials: int) -> int:
    """Swap spans between groups with many hours and groups with few, until no swap helps."""
    failed: set[tuple[int, int]] = set()
    while trials > 0:
        for many, few in _pairs(board):
            if (many, few) in failed:
                continue
            trials, better = _swap(board, many, few, trials)
            if better:
                failed = {pair for pair in failed if not {many, few} & set(pair)}
                break
            failed.add((many, few))
            if trials <= 0:
                break
        else:
            break
    return trials


def _pairs(board: Board) -> Iterator[tuple[int, int]]:
    """Pairs worth trying: those furthest apart first, and all that hold a broken rule."""
    order = _by_burden(board)
    broken = [group for group in order[::-1].tolist() if board.breaches[group]]
    for many in broken[:_ENDS]:
        yield from ((many, few) for few in order.tolist() if few != many)
    fewest, most = order[:_ENDS].tolist(), order[::-1][:_ENDS].tolist()
    for distance in range(len(order) + _ENDS):
        for k, many in enumerate(most):
            at = distance - k
            if 0 <= at < len(order) and order[at] != many:
                yield many, int(order[at])
        for k, few in enumerate(fewest[_ENDS:]):
            yield int(order[-1 - k]), few


def _swap(board: Board, many: int, few: int, trials: int) -> tuple[int, bool]:
    """Swap a span between two groups if that helps; return the trials left and whether it did."""
    one, other = board.off[many], board.off[few]
    cumulated = np.concatenate([[0], np.cumsum(one.astype(np.int64) - other)])
    points = _points(one, other)
    begins, ends = np.triu_indices(points.size, 1)
    begins, ends = points[begins], points[ends]
    moved = cumulated[ends] - cumulated[begins]
    wanted = _wanted(board, many, few)
    differs = np.flatnonzero(moved != 0) if board.breaches[many] else np.flatnonzero(moved > 0)
    order = np.lexsort((begins[differs], (ends - begins)[differs], np.abs(moved - wanted)[differs]))
    for k in differs[order[:_SPANS]].tolist():
        trials -= 1
        begin, end = int(begins[k]), int(ends[k])
        mine, theirs = one.copy(), other.copy()
        mine[begin:end], theirs[begin:end] = other[begin:end], one[begin:end]
        if board.consider({many: mine, few: theirs}):
            return trials, True
        if trials <= 0:
            break
    return trials, False


def _points(one: Bools, other: Bools) -> Ints:
    """Slots at which a span may begin or end: where a row changes, and the slots beside it."""
    changes = np.flatnonzero((one[1:] != one[:-1]) | (other[1:] != other[:-1])) + 1
    near = np.concatenate([changes - 1, changes, changes + 1, [0, one.size]])
    return np.unique(np.clip(near, 0, one.size))


def _wanted(board: Board, many: int, few: int) -> float:
    """Slots to move until the two are even, by weight."""
    weight, hours = board.question.weight, board.hours[:, -1]
    apart = weight[many] * hours[many] - weight[few] * hours[few]
    return float(max(apart / (weight[many] + weight[few]), 1.0))


def _by_burden(board: Board) -> Ints:
    """Return groups that may be cut, by weight x hours, the least burdened first."""
    question = board.question
    burden = question.weight * board.hours.mean(axis=1)
    groups = np.flatnonzero(question.may)
    return groups[np.lexsort((groups, burden[groups]))]
