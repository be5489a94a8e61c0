"""The recorded programs in the form that most tools hand to a solver: an angle at every bus."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from benchmarks.programs import Programs

from keepwarm.case.nouns import Bools, Branches, Floats, Network


def angle_form(programs: Programs) -> Programs:
    """Return the same programs in angle form: a loop law per branch, an angle per bus.

    It has more rows for the same answer. Columns in the order of the template without its releases,
    then angles, then a release per branch.
    """
    columns, network = programs.template.columns, programs.template.network
    branches, buses = network.branches, len(network.buses)
    n, x = len(branches), branches.x_pu / np.median(branches.x_pu)
    kept = np.r_[0 : columns.releases.start, columns.releases.stop : columns.shed.stop]
    box = 1.0 + float(np.sum(x * branches.s_max_mw))
    out = np.where(programs.upper[..., columns.flows] > 0, 0.0, 3 * box)
    angle = np.broadcast_to(np.where(_references(network), 0.0, box), (*out.shape[:2], buses))
    more = np.concatenate([angle, out], axis=2)
    return Programs(
        template=programs.template,
        cost=np.concatenate([programs.cost[kept], np.zeros(buses + n)]),
        matrix=_matrix(programs.matrix[:buses][:, kept], columns.flows.start, branches, x),
        lower=np.concatenate([programs.lower[..., kept], -more], axis=2),
        upper=np.concatenate([programs.upper[..., kept], more], axis=2),
        rhs=np.concatenate([programs.rhs[..., :buses], np.zeros(out.shape)], axis=2),
    )


def _matrix(balance: sp.csc_array, first: int, branches: Branches, x: Floats) -> sp.csc_array:
    """Put ``x * flow - angle0 + angle1 + release`` of each branch under the balances."""
    (buses, width), n = balance.shape, len(branches)
    at = np.arange(n)
    flows = sp.csc_array((x, (at, first + at)), shape=(n, width))
    ends = (np.tile(at, 2), np.r_[branches.bus0, branches.bus1])
    angles = sp.coo_array((np.repeat((-1.0, 1.0), n), ends), shape=(n, buses))
    loops = sp.hstack([flows, angles, sp.eye_array(n)])
    above = sp.hstack([balance, sp.csc_array((buses, buses + n))])
    return sp.csc_array(sp.vstack([above, loops]))


def _references(network: Network) -> Bools:
    """Mark one bus of each part of the grid, whose angle is zero."""
    branches, buses = network.branches, len(network.buses)
    ends = (np.ones(len(branches)), (branches.bus0, branches.bus1))
    grid = sp.coo_array(ends, shape=(buses, buses))
    _, part = sp.csgraph.connected_components(grid, directed=False)
    reference = np.zeros(buses, dtype=np.bool_)
    reference[np.unique(part, return_index=True)[1]] = True
    return reference
