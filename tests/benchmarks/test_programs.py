"""The programs that are timed are the ones the documentation describes; nothing is timed here."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from benchmarks.angles import angle_form
from benchmarks.networks import HOURS, NETWORKS, country
from benchmarks.programs import HEAVY, record, walk_assets

from keepwarm.solve.highs import HighsSolver


@pytest.mark.parametrize(
    ("name", "buses", "branches"),
    [
        ("5 regions", 25, 0),
        ("25 regions, transport", 125, 0),
        ("25 regions, DC", 125, 46),
        ("IEEE 118", 118, 186),  # PGLib-OPF v23.07
    ],
)
def test_networks_have_the_size_of_the_goals(name, buses, branches):
    network = NETWORKS[name]().network
    assert (len(network.buses), len(network.branches)) == (buses, branches)
    assert len(network.snapshots) == HOURS


def test_angles_and_cycles_cost_the_same():
    cycles = record(country(9, dc=True), samples=1, hours=8, out=0.3)
    angles, grid = angle_form(cycles), cycles.template.network
    assert angles.matrix.shape[0] == len(grid.buses) + len(grid.branches)
    costs = []
    for programs in (cycles, angles):
        solver = HighsSolver(programs.cost, programs.matrix)
        costs.append(
            [
                programs.cost @ solver.solve(*bounds).x
                for bounds in zip(
                    programs.lower[:, 0], programs.upper[:, 0], programs.rhs[:, 0], strict=True
                )
            ]
        )
    assert np.any(cycles.upper[..., cycles.template.columns.flows] == 0)
    np.testing.assert_allclose(costs[0], costs[1], rtol=1e-9)


def test_assets_are_out_as_often_as_said_and_return():
    draw = np.random.default_rng(5)
    stands = np.array(list(islice(walk_assets(2000, HEAVY, draw), 200)))
    out = 1 - stands.mean(axis=1)
    # Three standard errors of 2,000 independent assets at any hour.
    assert np.all(np.abs(out - HEAVY) < 3 * np.sqrt(HEAVY * (1 - HEAVY) / 2000) + 0.01)
    returned = np.diff(stands.astype(int), axis=0) == 1
    hours_out = (~stands[:-1]).sum() / returned.sum()
    assert 24 < hours_out < 200


def test_a_sample_is_the_same_however_many_there_are():
    one, two = (record(country(5), samples=k, hours=3) for k in (1, 2))
    for table in ("lower", "upper", "rhs"):
        mine, theirs = getattr(one, table), getattr(two, table)
        np.testing.assert_array_equal(mine[:, 0], theirs[:, 0])
