"""Step by step against PyPSA: random networks, the town and the capital."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import numpy as np
import pypsa
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import keepwarm as kw
from keepwarm.commands.main import main
from keepwarm.validation import against_pypsa
from keepwarm.validation.against_pypsa import (
    GAP,
    SHED_GAP,
    Solved,
    Steps,
    compare_case,
    gaps,
    solve_with_pypsa,
)
from keepwarm.validation.one_step import Step, solve_step
from tests.network.builders import Draft, damaged, drafts

pytestmark = pytest.mark.filterwarnings("ignore")  # what PyPSA and pandas say to each other


def as_pypsa(draft: Draft, steps: int) -> pypsa.Network:
    """The draft put into PyPSA by PyPSA's own calls."""
    logging.disable(logging.WARNING)
    n = pypsa.Network()
    n.set_snapshots(np.datetime64("2026-01-01T00", "s") + 3600 * np.arange(steps))
    names = draft.sketch().network().buses.name
    for name, carrier in zip(names, draft.carriers, strict=True):
        n.add("Bus", name, v_nom=1.0, carrier="AC" if carrier == "power" else carrier)
    for k, (bus, mw, cost, least) in enumerate(draft.generators):
        p = {"p_nom": mw, "marginal_cost": cost, "p_min_pu": least}
        n.add("Generator", f"generator {k}", bus=names[bus], **p)
    for k, (one, other, x, mw) in enumerate(draft.lines):
        n.add("Line", f"line {k}", bus0=names[one], bus1=names[other], x=x, s_nom=mw)
    for k, (bus, ports, mw) in enumerate(draft.links):
        ends = {f"bus{port}": names[b] for port, (b, _) in enumerate(ports, start=1)}
        gains = {
            "efficiency" if port == 1 else f"efficiency{port}": e
            for port, (_, e) in enumerate(ports, start=1)
        }
        n.add("Link", f"link {k}", bus0=names[bus], p_nom=mw, **ends, **gains)
    return n


def ours(found: list[Step]) -> tuple[Steps, Solved]:
    template = found[0].template
    columns = template.columns
    charge = np.array([step.dispatch.charge_mw for step in found])
    discharge = np.array([step.dispatch.discharge_mw for step in found])
    stored = charge @ template.cost[columns.charge] + discharge @ template.cost[columns.discharge]
    objective = np.array([step.dispatch.objective for step in found]) - stored
    shed = np.array([step.dispatch.shed_mw for step in found])
    need = np.array([step.need_mw for step in found])
    return Steps(need, np.zeros(0), charge, discharge), Solved(objective, shed)


@settings(max_examples=4)
@given(st.data(), drafts())
def test_random_networks(data: st.DataObject, draft: Draft) -> None:
    case = draft.case()
    available = np.array([data.draw(damaged(case)) for _ in range(2)])
    told, mine = ours([solve_step(case, available=row) for row in available])
    steps = Steps(told.need_mw, available, told.charge_mw, told.discharge_mw)
    template = solve_step(case).template
    theirs = solve_with_pypsa(template, steps, as_pypsa(draft, len(steps)))
    gap = gaps(template, steps, mine, theirs)
    assert gap.objective < GAP
    assert gap.shed < SHED_GAP


@pytest.mark.parametrize("example", ["town", "capital"])
@pytest.mark.parametrize("damaged", [False, True])
def test_examples_for_48_hours(examples: Path, example: str, damaged: bool) -> None:
    case = kw.read_case(examples / example)
    damage = kw.read_damage(case, examples / example / "damage.csv") if damaged else ()
    season, steps, mine, theirs = compare_case(case, damage)
    assert len(steps) == 48
    if damaged:
        assert mine.shed_mw.sum() > 1.0  # or the comparison would say little
    gap = gaps(season.template, steps, mine, theirs)
    assert gap.objective < GAP
    assert gap.shed < SHED_GAP
    assert mine.shed_mw.sum() == pytest.approx(theirs.shed_mw.sum(), rel=1e-6)


def test_a_wrong_answer_would_be_seen(examples: Path) -> None:
    case = kw.read_case(examples / "town")
    damage = kw.read_damage(case, examples / "town" / "damage.csv")
    season, steps, mine, theirs = compare_case(case, damage)
    shifted = Solved(mine.objective, np.roll(mine.shed_mw, 1, axis=1))
    assert gaps(season.template, steps, shifted, theirs).shed > SHED_GAP
    dearer = Solved(mine.objective * (1 + 1e-5), mine.shed_mw)
    assert gaps(season.template, steps, dearer, theirs).objective > GAP


def test_the_verb_compares_the_town(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    result = CliRunner().invoke(main, ["validate", "pypsa", "--json"])
    assert result.exit_code == 0
    rows = json.loads(result.stdout)["rows"]
    assert all(row["ok"] for row in rows)
    assert any("unserved energy" in row["quantity"] and row["ours"] > 1 for row in rows)


def test_without_pypsa_one_row_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(against_pypsa, "find_spec", lambda name: None)
    result = CliRunner().invoke(main, ["validate", "pypsa"])
    assert result.exit_code == 4
    assert "not run: pip install keepwarm[pypsa]" in result.stdout
    assert "yes" not in result.stdout
    assert "0 of 0 quantities within their tolerance, 1 not run" in result.stdout
    assert result.stderr == "not run: pypsa\n"
    rows = json.loads(CliRunner().invoke(main, ["validate", "pypsa", "--json"]).stdout)["rows"]
    assert [(row["ran"], row["ok"]) for row in rows] == [(False, False)]


def test_without_the_town_one_row_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["validate", "pypsa"])
    assert result.exit_code == 4
    assert "not run" in result.stdout
