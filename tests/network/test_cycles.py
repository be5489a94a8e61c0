"""Cycles: as many as the grid has, independent, each closed."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.network.cycles import independent_cycles


@st.composite
def grids(draw: st.DrawFn) -> tuple[int, np.ndarray, np.ndarray]:
    buses = draw(st.integers(2, 9))
    bus = st.integers(0, buses - 1)
    ends = draw(st.lists(st.tuples(bus, bus).filter(lambda e: e[0] != e[1]), max_size=16))
    pairs = np.array(ends, dtype=np.int64).reshape(len(ends), 2)
    return buses, pairs[:, 0], pairs[:, 1]


def incidence(buses: int, bus0: np.ndarray, bus1: np.ndarray) -> np.ndarray:
    table = np.zeros((buses, len(bus0)))
    table[bus0, np.arange(len(bus0))] -= 1
    table[bus1, np.arange(len(bus0))] += 1
    return table


@given(grids())
def test_cycles_are_closed_and_independent_and_all_there(grid: tuple) -> None:
    buses, bus0, bus1 = grid
    cycles, closing = independent_cycles(buses, bus0, bus1)
    graph = nx.MultiGraph(zip(bus0.tolist(), bus1.tolist(), strict=True))
    graph.add_nodes_from(range(buses))
    many = len(bus0) - buses + nx.number_connected_components(graph)
    table = cycles.toarray()
    assert table.shape == (many, len(bus0))
    assert np.all(incidence(buses, bus0, bus1) @ table.T == 0)
    assert many == 0 or np.linalg.matrix_rank(table) == many
    assert np.all(np.abs(table[np.arange(many), closing]) == 1)


def test_a_square_grid_has_its_meshes() -> None:
    # 4 x 4 buses: 9 meshes of four branches each; no basis is shorter.
    graph = nx.convert_node_labels_to_integers(nx.grid_2d_graph(4, 4))
    ends = np.array(graph.edges, dtype=np.int64)
    cycles, _ = independent_cycles(16, ends[:, 0], ends[:, 1])
    assert cycles.nnz == 9 * 4


def test_parallel_branches_make_a_cycle_of_two() -> None:
    cycles, _ = independent_cycles(2, np.array([0, 1]), np.array([1, 0]))
    assert np.abs(cycles.toarray()).tolist() == [[1, 1]]
    assert cycles.toarray().prod() == 1  # both along, or both against: one runs back
