"""Independent cycles of a grid: around each, the angle differences add up to nothing."""

from __future__ import annotations

from collections import deque

import numpy as np
import scipy.sparse as sp

from keepwarm.case.nouns import Ints

#: Neighbours of every bus: (other bus, branch).
_Ways = list[list[tuple[int, int]]]


def independent_cycles(buses: int, bus0: Ints, bus1: Ints) -> tuple[sp.csr_array, Ints]:
    """Return a basis of short cycles.

    Branches are laid one by one: first those that connect (a breadth-first forest), then the
    others, shortest cycle first, each closed by the shortest way through what has been laid. Every
    cycle so has a branch that no cycle before it has, which makes the basis independent.

    Parameters
    ----------
    buses
        Their number.
    bus0, bus1
        Shape (branches,), the ends of each branch.

    Returns
    -------
    cycles : sparse array (cycles, branches)
        +1 where the cycle runs along the branch from bus0 to bus1, -1 against it.
    closing : array (cycles,)
        The branch that closes each cycle.

    **Source**: cycle formulation of the DC power flow (Horsch et al. 2018, "Linear optimal power
    flow using cycle flows"). **Leaves out**: a minimum basis, which takes much longer to find and
    is hardly shorter.
    """
    ends = list(zip(bus0.tolist(), bus1.tolist(), strict=True))
    laid, depth, open_branches = _forest(buses, ends)
    open_branches.sort(key=lambda branch: depth[ends[branch][0]] + depth[ends[branch][1]])
    rows: list[int] = []
    columns: list[int] = []
    signs: list[float] = []
    for row, branch in enumerate(open_branches):
        one, other = ends[branch]
        cycle = [(branch, 1.0), *_way(laid, ends, other, one)]
        rows += [row] * len(cycle)
        columns += [b for b, _ in cycle]
        signs += [sign for _, sign in cycle]
        _lay(laid, ends, branch)
    shape = (len(open_branches), len(ends))
    cycles = sp.csr_array(sp.coo_array((signs, (rows, columns)), shape=shape))
    return cycles, np.array(open_branches, dtype=np.int64)


def _forest(buses: int, ends: list[tuple[int, int]]) -> tuple[_Ways, list[int], list[int]]:
    """Return the ways of a breadth-first forest, the depth of each bus, and the other branches."""
    every: _Ways = [[] for _ in range(buses)]
    for branch in range(len(ends)):
        _lay(every, ends, branch)
    laid: _Ways = [[] for _ in range(buses)]
    depth, tree = [-1] * buses, set()
    for root in sorted(range(buses), key=lambda bus: -len(every[bus])):
        if depth[root] >= 0:
            continue
        depth[root], queue = 0, deque([root])
        while queue:
            here = queue.popleft()
            for there, branch in every[here]:
                if depth[there] < 0:
                    depth[there] = depth[here] + 1
                    tree.add(branch)
                    _lay(laid, ends, branch)
                    queue.append(there)
    return laid, depth, [branch for branch in range(len(ends)) if branch not in tree]


def _lay(ways: _Ways, ends: list[tuple[int, int]], branch: int) -> None:
    one, other = ends[branch]
    ways[one].append((other, branch))
    ways[other].append((one, branch))


def _way(
    laid: _Ways, ends: list[tuple[int, int]], start: int, goal: int
) -> list[tuple[int, float]]:
    """Return the branches of the shortest way and the direction in which it takes each."""
    came: dict[int, tuple[int, int]] = {start: (start, -1)}
    queue = deque([start])
    while goal not in came:
        here = queue.popleft()
        for there, branch in laid[here]:
            if there not in came:
                came[there] = (here, branch)
                queue.append(there)
    way, here = [], goal
    while here != start:
        before, branch = came[here]
        way.append((branch, 1.0 if ends[branch] == (before, here) else -1.0))
        here = before
    return way
