"""PGLib's cases against programs built here from the .m files alone, in angles, not in cycles."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from keepwarm.case.matpower import read_matpower_case
from keepwarm.validation import validate
from keepwarm.validation.folders import CASES, case_folder, read_validation_case
from keepwarm.validation.of_limits import dcopf_strict, strict_status

Array = np.ndarray
QUADRATIC = ("pglib_case24_ieee_rts", "pglib_case73_ieee_rts")
LIMITS = case_folder("pglib_case_limits")
with (LIMITS / "expected.csv").open(encoding="utf-8", newline="") as lines:
    ROWS = list(csv.DictReader(lines))


@dataclass(frozen=True)
class File:
    base: float
    bus: Array
    gen: Array
    branch: Array
    cost: Array


def read(path: Path) -> File:
    text = re.sub(r"%.*", "", path.read_text(encoding="utf-8"))

    def table(name: str) -> Array:
        match = re.search(rf"mpc\.{name}\s*=\s*\[(.*?)\]", text, re.DOTALL)
        assert match is not None
        rows = [row.split() for row in match[1].split(";") if row.strip()]
        return np.array(rows, dtype=np.float64)

    base = re.search(r"mpc\.baseMVA\s*=\s*([\d.]+)", text)
    assert base is not None
    gen = table("gen")
    live = gen[:, 7] > 0
    return File(float(base[1]), table("bus"), gen[live], table("branch"), table("gencost")[live])


@dataclass(frozen=True)
class Program:
    """Rows A x = b and G x <= h; columns are generator output (MW), then bus angles (rad)."""

    balance: sp.csr_array
    need: Array
    limits: sp.csr_array
    most: Array
    bounds: list[tuple[float, float]]


def program(file: File, without: tuple[int, ...] = ()) -> Program:
    """The published DC form; ``without`` are branches by number from 1."""
    place = {int(number): k for k, number in enumerate(file.bus[:, 0])}
    n_gen, n_bus = len(file.gen), len(file.bus)
    keep = [row for k, row in enumerate(file.branch, 1) if row[10] > 0 and k not in without]
    flow = sp.lil_array((len(keep), n_bus))
    angle = sp.lil_array((len(keep), n_bus))
    rate, widest = [], []
    inject = sp.lil_array((n_bus, n_bus))
    for k, row in enumerate(keep):
        i, j, r, x = place[int(row[0])], place[int(row[1])], row[2], row[3]
        b = x / (r * r + x * x) * file.base
        for end, sign in ((i, 1.0), (j, -1.0)):
            flow[k, end], angle[k, end] = sign * b, sign
            inject[i, end] += sign * b
            inject[j, end] -= sign * b
        rate.append(row[5])
        widest.append(math.radians(row[12]))
    at = sp.lil_array((n_bus, n_gen))
    for k, row in enumerate(file.gen):
        at[place[int(row[0])], k] = 1.0
    none = sp.csr_array((len(keep), n_gen))
    sides = [sp.hstack([none, sign * m]) for m in (flow, angle) for sign in (1, -1)]
    return Program(
        balance=sp.csr_array(sp.hstack([at, -inject])),
        need=file.bus[:, 2] + file.bus[:, 4],
        limits=sp.csr_array(sp.vstack(sides)),
        most=np.concatenate([rate, rate, widest, widest]),
        bounds=[(row[9], row[8]) for row in file.gen] + [(-np.inf, np.inf)] * n_bus,
    )


def largest_scale(p: Program, *, least: bool = False) -> float:
    """The largest (or least) multiple of all loads that can be served exactly."""
    wider = sp.hstack([p.balance, -p.need[:, None]])
    padded = sp.hstack([p.limits, np.zeros((len(p.most), 1))])
    cost = np.zeros(wider.shape[1])
    cost[-1] = 1.0 if least else -1.0
    zero = np.zeros(len(p.need))
    found = linprog(cost, padded, p.most, wider, zero, [*p.bounds, (0, None)], method="highs")
    return float(found.x[-1]) if found.status == 0 else math.nan


def can_serve(p: Program, scale: float) -> bool:
    """Whether a multiple lies between the two ends: what can be served is convex."""
    return largest_scale(p, least=True) <= scale <= largest_scale(p)


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(word) for word in text.split())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["quantity"])
def test_limits_hold_or_cannot_as_an_independent_program_says(row: dict[str, str]) -> None:
    file = read(LIMITS / row["network"])
    serves = can_serve(program(file, numbers(row["without"])), float(row["load_scale"]))
    assert serves == (row["published"] == "1")


def test_the_limits_are_tested_from_both_sides() -> None:
    seen = {(Path(row["network"]).stem, row["published"]) for row in ROWS}
    assert len(seen) == 2 * 5


def test_what_cannot_be_is_called_infeasible() -> None:
    case = read_validation_case(LIMITS)
    ours = dcopf_strict(case)
    for row in case.expected:
        status = strict_status(
            case.folder / row.inputs["network"],
            scale=row.number("load_scale"),
            without=numbers(row.inputs["without"]),
        )
        assert status == ("optimal" if row.value else "infeasible"), row.quantity
        assert ours[row.quantity] == row.value


def test_the_same_program_with_shed_and_spill_always_has_an_answer() -> None:
    for row in ROWS:
        status = strict_status(
            LIMITS / row["network"],
            scale=float(row["load_scale"]),
            without=numbers(row["without"]),
            strict=False,
        )
        assert status == "optimal"


def segments(file: File, count: int) -> tuple[Array, Array, Array, float]:
    """Cost by equal segments, as extra columns: owner, width and slope of each; fixed cost."""
    owner, width, slope, fixed = [], [], [], 0.0
    for k, (gen, cost) in enumerate(zip(file.gen, file.cost, strict=True)):
        assert (cost[0], cost[3]) == (2, 3)
        c2, c1, c0 = cost[4:7]
        least, most = gen[9], gen[8]
        fixed += c2 * least**2 + c1 * least + c0
        for part in range(count):
            low = least + (most - least) * part / count
            high = least + (most - least) * (part + 1) / count
            owner.append(k)
            width.append(high - low)
            slope.append(c2 * (high + low) + c1)
    return np.array(owner), np.array(width), np.array(slope), fixed


def linear_optimum(file: File, count: int) -> float:
    """The optimum with every cost in equal segments above Pmin."""
    p = program(file)
    owner, width, slope, fixed = segments(file, count)
    n_gen, n_bus, n_part = len(file.gen), len(file.bus), len(owner)
    # A generator's output is Pmin and what its segments give.
    parts = sp.coo_array((-np.ones(n_part), (owner, np.arange(n_part))), (n_gen, n_part))
    own = sp.hstack([sp.eye_array(n_gen), sp.csr_array((n_gen, n_bus)), parts])
    balance = sp.hstack([p.balance, sp.csr_array((n_bus, n_part))])
    limits = sp.hstack([p.limits, sp.csr_array((len(p.most), n_part))])
    cost = np.concatenate([np.zeros(n_gen + n_bus), slope])
    found = linprog(
        cost,
        sp.csr_array(limits),
        p.most,
        sp.csr_array(sp.vstack([balance, own])),
        np.concatenate([p.need, file.gen[:, 9]]),
        [*p.bounds, *((0.0, w) for w in width)],
        method="highs",
    )
    assert found.status == 0
    return float(found.fun) + fixed


def overestimate(file: File, count: int) -> float:
    """Chords of a parabola over width w lie at most c2 w^2 / 4 above it."""
    width = (file.gen[:, 8] - file.gen[:, 9]) / count
    return float((file.cost[:, 4] * width**2 / 4).sum())


@pytest.mark.parametrize("name", QUADRATIC)
def test_a_linearized_optimum_is_that_of_the_same_segments(name: str) -> None:
    facts = read_validation_case(CASES / name).facts
    file = read(CASES / name / facts["input"])
    ours = {row.quantity: row.ours for row in validate(name)}
    theirs = linear_optimum(file, facts["linearize"])
    assert ours["objective"] == pytest.approx(theirs, rel=1e-6)


@pytest.mark.parametrize("name", QUADRATIC)
def test_the_tolerance_is_the_closed_form_of_the_overestimate(name: str) -> None:
    case = read_validation_case(CASES / name)
    file, count = read(case.folder / case.facts["input"]), case.facts["linearize"]
    bound = overestimate(file, count)
    read_ours = read_matpower_case(case.folder / case.facts["input"], linearize=count)
    assert read_ours.overestimate == pytest.approx(bound, rel=1e-9)
    tolerance = {row.quantity: row.tolerance for row in case.expected}
    assert tolerance["objective, recomputed"] == pytest.approx(bound, rel=0.05)
    assert tolerance["objective, recomputed"] >= bound


@pytest.mark.parametrize("name", QUADRATIC)
def test_the_quadratic_optimum_is_the_published_one(name: str) -> None:
    """Ever finer segments close in on it from above: 1.00 of the bound at most."""
    case = read_validation_case(CASES / name)
    file = read(case.folder / case.facts["input"])
    published = {row.quantity: row.value for row in case.expected}["objective, recomputed"]
    for count in (10, 40):
        above = linear_optimum(file, count) - published
        assert -2e-3 <= above <= overestimate(file, count)
