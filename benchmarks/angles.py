"""The recorded programs in the form that most tools hand to a solver: an angle at every bus."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from benchmarks.programs import Programs


def angle_form(programs: Programs) -> Programs:
    """Return the same programs in angle form: a loop law per branch, an angle per bus.

    It has more rows for the same answer. Columns in the order of the template without its releases,
    then angles, then a release per branch.
    """
    template, columns = programs.template, programs.template.columns
    network = template.network
    branches, buses = network.branches, len(network.buses)
    n, x = len(branches), branches.x_pu / np.median(branches.x_pu)
    kept = np.r_[0 : columns.releases.start, columns.releases.stop : columns.shed.stop]
    flows = sp.csc_array((x, (np.arange(n), np.arange(n) + columns.flows.start)), (n, kept.size))
    at, ends = np.tile(np.arange(n), 2), np.r_[branches.bus0, branches.bus1]
    signs = np.repeat((-1.0, 1.0), n)
    angles, releases = sp.coo_array((signs, (at, ends)), shape=(n, buses)), sp.eye_array(n)
    balance = template.matrix[:buses][:, kept]
    matrix = sp.csc_array(sp.block_array([[balance, None, None], [flows, angles, releases]]))
    matrix.sum_duplicates()
    box = 1.0 + float(np.sum(x * branches.s_max_mw))
    free = np.full(buses, box)
    grid = sp.coo_array((np.ones(n), (branches.bus0, branches.bus1)), shape=(buses, buses))
    _, part = sp.csgraph.connected_components(grid, directed=False)
    free[np.unique(part, return_index=True)[1]] = 0.0  # one reference per part of the grid
    out = np.where(programs.upper[..., columns.flows] > 0, 0.0, 3 * box)
    more = np.concatenate([np.broadcast_to(free, (*out.shape[:2], buses)), out], axis=2)
    return Programs(
        template=template,
        cost=np.concatenate([programs.cost[kept], np.zeros(buses + n)]),
        matrix=matrix,
        lower=np.concatenate([programs.lower[..., kept], -more], axis=2),
        upper=np.concatenate([programs.upper[..., kept], more], axis=2),
        rhs=np.concatenate([programs.rhs[..., :buses], np.zeros(out.shape)], axis=2),
    )
