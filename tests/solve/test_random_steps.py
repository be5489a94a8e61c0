"""A thousand random damaged steps of each network: the simplex against HiGHS and PyPSA."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypsa
import pytest

from keepwarm.case.matpower import read_matpower
from keepwarm.case.netcdf import quiet
from keepwarm.case.nouns import Floats
from keepwarm.case.read import read_case
from keepwarm.case.write_network import write_tables
from keepwarm.network import Template, compile_template, read_dispatch
from keepwarm.season import prepare
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.simplex import SimplexSolver
from keepwarm.validation.against_pypsa import (
    GAP,
    SHED_GAP,
    Solved,
    Steps,
    gaps,
    solve_with_pypsa,
)
from keepwarm.validation.folders import case_folder
from keepwarm.validation.one_step import need_of_loads
from keepwarm.validation.sketch import bare_case
from tests.solve.programs import RandomStep, damaged_steps

COUNT = 1000
ANEW = 20  # steps after which HiGHS starts from scratch
SEGMENTS = 5  # of each quadratic cost
BALANCE_MW = 1e-6

#: PGLib-OPF's names of IEEE 118 and RTS-96.
GRIDS = {"118": "pglib_case118_ieee", "RTS-96": "pglib_case73_ieee_rts"}


@dataclass(frozen=True)
class Subject:
    template: Template
    need_mw: Floats  # (hours, needs)
    folder: Path  # the network as PyPSA reads it


@pytest.fixture(scope="module", params=["country", "capital", *GRIDS])
def subject(
    request: pytest.FixtureRequest, examples: Path, tmp_path_factory: pytest.TempPathFactory
) -> Subject:
    name = str(request.param)
    if name not in GRIDS:
        corridor = prepare(read_case(examples / name))
        return Subject(corridor.template, corridor.base_need_mw, examples / name / "network")
    (path,) = case_folder(GRIDS[name]).glob("*.m")
    network = read_matpower(path, linearize=SEGMENTS)
    case, folder = bare_case(network, {}), tmp_path_factory.mktemp("network")
    write_tables(network, folder)
    template = compile_template(case)
    return Subject(template, need_of_loads(case, template.needs, 0)[None], folder)


def solved(template: Template, steps: list[RandomStep], x: Floats) -> Solved:
    columns = template.columns
    shed = x[:, columns.shed].reshape(len(steps), -1, template.steps).sum(axis=-1)
    return Solved(x @ template.perturbed_cost, shed)


def told(template: Template, steps: list[RandomStep], x: Floats) -> Steps:
    dispatch = read_dispatch(template, x, np.zeros((len(x), template.matrix.shape[0])))
    return Steps(
        need_mw=np.array([step.need_mw for step in steps]),
        available=np.array([step.available for step in steps]),
        charge_mw=dispatch.charge_mw,
        discharge_mw=dispatch.discharge_mw,
    )


def test_a_thousand_damaged_steps_equal_highs(subject: Subject) -> None:
    template = subject.template
    solver = SimplexSolver(template.perturbed_cost, template.matrix)
    highs = HighsSolver(template.perturbed_cost, template.matrix)
    steps = list(damaged_steps(template, subject.need_mw, count=COUNT, seed=3))
    mine, theirs = np.zeros((2, COUNT, template.cost.size))
    for k, step in enumerate(steps):
        bounds = step.bounds
        if k % ANEW == 0:
            highs.restart()
        answer = solver.solve(bounds.lower, bounds.upper, bounds.rhs)
        other = highs.solve(bounds.lower, bounds.upper, bounds.rhs)
        assert (answer.status, other.status) == ("optimal", "optimal")
        assert np.abs(template.matrix @ answer.x - bounds.rhs).max() < BALANCE_MW
        mine[k], theirs[k] = answer.x, other.x
    found, expected = (solved(template, steps, x) for x in (mine, theirs))
    gap = gaps(template, told(template, steps, mine), found, expected)
    assert gap.objective < GAP
    assert gap.shed < SHED_GAP
    assert np.mean(found.shed_mw.sum(axis=1) > 1.0) > 0.5  # or the comparison would say little
    assert solver.fallbacks < COUNT / 100  # it was the simplex that answered


def test_damaged_steps_equal_pypsa(subject: Subject) -> None:
    template = subject.template
    steps = list(damaged_steps(template, subject.need_mw, count=40, seed=4, hold=20))
    solver = SimplexSolver(template.perturbed_cost, template.matrix)
    bounds = [step.bounds for step in steps]
    x = np.array([solver.solve(b.lower, b.upper, b.rhs).x for b in bounds])
    columns = template.columns
    stores = slice(columns.charge.start, columns.reserve.stop)
    fixed = x[:, stores] @ template.cost[stores]  # PyPSA is told the stores' power
    mine = Solved(x @ template.cost - fixed, solved(template, steps, x).shed_mw)
    asked = told(template, steps, x)
    theirs = solve_with_pypsa(template, asked, as_pypsa(subject, steps))
    gap = gaps(template, asked, mine, theirs)
    assert gap.objective < GAP
    assert gap.shed < SHED_GAP


def as_pypsa(subject: Subject, steps: list[RandomStep]) -> pypsa.Network:
    """The network's own folder, the hours of its series in the order of the steps."""
    with quiet():
        n = pypsa.Network(str(subject.folder))
        hours = [step.hour for step in steps]
        series = {
            (component, attribute): n.components[component].dynamic[attribute].iloc[hours]
            for component in ("Generator", "Link")
            for attribute in ("p_max_pu", "p_min_pu")
        }
        n.set_snapshots(range(len(steps)))
        for (component, attribute), table in series.items():
            n.components[component].dynamic[attribute] = table.set_axis(n.snapshots)
    return n
