"""MATPOWER files: units by hand, what is dropped, and every fault with its line."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.case.matpower import matpower_fixed_cost, read_matpower, read_matpower_case
from keepwarm.case.matpower_costs import cost_of
from keepwarm.case.matpower_file import MatpowerFile, Row
from keepwarm.errors import InputError

CASE = """\
function mpc = small
mpc.version = '2';
mpc.baseMVA = 50.0;
mpc.areas = [ 1 4; ];
mpc.bus = [ % id type Pd Qd Gs Bs area Vm Va baseKV zone Vmax Vmin
    10 3 20.0 0 2.5 0 1 1 0 110 1 1.1 0.9;
    20 1 0.0 0 0.0 0 1 1 0 110 1 1.1 0.9;
    30 4 99.0 0 0.0 0 1 1 0 10 1 1.1 0.9; % isolated
];
mpc.gen = [
    10 0 0 0 0 1 100 1 80 20;
    20 0 0 0 0 1 100 0 70 0; % out of service
    20 0 0 0 0 1 100 1 0 0; % synchronous condenser
];
mpc.gencost = [
    2 0 0 3 0 12.5 7;
    2 0 0 3 0.5 1 1000;
    2 0 0 2 3 4;
];
mpc.branch = [
    10 20 0.03 0.04 0 60 0 0 0 0 1 -30 30;
    10 20 0.0 0.04 0 0 0 0 0.98 0 1 -30 30;
    10 20 0.0 0.04 0 0 0 0 0 0 1 0 0;
    10 20 0.0 0.04 0 60 0 0 0 0 0 -30 30;
    10 30 0.0 0.04 0 60 0 0 0 0 1 -30 30;
];
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.m"
    path.write_text(CASE, encoding="utf-8")
    return path


def test_a_small_file_by_hand(file: Path) -> None:
    network = read_matpower(file)
    assert network.buses.name == ("10", "20")
    assert network.loads.p_set_mw.tolist() == [[22.5]]  # Pd + Gs
    assert network.generators.name == ("generator 1 at 10", "generator 3 at 20")
    assert network.generators.p_nom_mw.tolist() == [80.0, 0.0]
    assert network.generators.p_min_pu.tolist() == [[0.25, 0.0]]
    assert network.generators.marginal_cost.tolist() == [12.5, 3.0]
    # x' = (0.03^2 + 0.04^2) / 0.04 = 0.0625 on 50 MVA: 0.00125 rad per MW.
    assert network.branches.x_pu.tolist() == pytest.approx([0.00125, 0.0008, 0.0008])
    angle = math.pi / 6
    # The thermal limit; the angle limit; and where there is none, all there is.
    assert network.branches.s_max_mw.tolist() == pytest.approx(
        [60.0, min(102.5, angle / 0.0008), 102.5]
    )
    assert network.branches.is_transformer.tolist() == [False, False, True]
    assert network.assets.kind == ("generator", "generator", "line", "line", "transformer")


def test_the_angle_limit_binds_where_it_is_tighter(file: Path) -> None:
    file.write_text(CASE.replace("1 -30 30", "1 -3 3"), encoding="utf-8")
    assert read_matpower(file).branches.s_max_mw[0] == pytest.approx(math.radians(3) / 0.00125)


def test_constant_costs_stand_apart(file: Path) -> None:
    assert matpower_fixed_cost(file) == 11.0  # 7 + 4; the third is out of service


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0 12.5 7", "0.1 12.5 7", "small.m:16 generator 1: a quadratic cost"),
        ("0 12.5 7", "0.1 12.5 7", "a linear one, or --linearize N"),
        ("2 0 0 2 3 4", "3 0 0 2 3 4", "small.m:18 generator 3: a cost of model 3"),
        ("3 0 12.5 7", "4 1 0 12.5 7", "small.m:16 generator 1: a cost of degree 3"),
        ("3 0 12.5 7", "3 0 Inf 7", "small.m:16 generator 1: a cost without end"),
        (
            "2 0 0 2 3 4",
            "1 0 0 2 0 0 0 30",
            "small.m:18 generator 3: a piecewise cost whose points",
        ),
        (
            "2 0 0 2 3 4",
            "1 0 0 3 0 0 5 50 9 60",
            "small.m:18 generator 3: a piecewise cost whose slope",
        ),
        ("2 0 0 2 3 4", "1 0 0 3 0 0 5 50", "small.m:18 generator 3: 4 cost coefficients"),
        (
            "60 0 0 0 0 1 -30 30;\n    10 20 0.0",
            "60 0 0 0 7 1 -30 30;\n    10 20 0.0",
            "small.m:21 branch 1: a phase shift of 7 degrees is not supported",
        ),
        ("10 20 0.03 0.04", "10 10 0.03 0.04", "small.m:21 branch 1: both ends are bus 10"),
        (
            "mpc.areas = [ 1 4; ];",
            "mpc.dcline = [ 10 20 1; ];",
            "small.m:4 mpc.dcline: DC lines are not",
        ),
        (
            "mpc.areas = [ 1 4; ];",
            "mpc.if.map = [ 1 2; ];",
            "small.m:4 mpc.if: limits of interfaces",
        ),
        (
            "mpc.areas = [ 1 4; ];",
            "mpc.bus(1, 3) = 7;",
            "small.m:4: a calculation is not supported",
        ),
        (
            "mpc.areas = [ 1 4; ];",
            "mpc = loadcase('x');",
            "small.m:4: a calculation is not supported",
        ),
        ("20 1 0.0", "10 1 0.0", "small.m:7 bus 10: is there twice, first in line 6"),
        ("20 1 0.0", "20.5 1 0.0", "small.m:7 mpc.bus: 20.5; expected a whole number"),
        ("20 1 0.0", "Inf 1 0.0", "small.m:7 mpc.bus: inf; expected a whole number"),
        ("'2'", "'1'", "small.m:2 mpc.version: '1'; expected '2'"),
        ("1 80 20", "1 Inf 20", "small.m:11 generator 1: Pmin 20 and Pmax inf"),
        ("0.03 0.04", "0.03 Inf", "small.m:21 branch 1: a reactance of inf"),
        ("2 0 0 3 0 12.5 7", "2 0 0 3 0 12.5", "small.m:16 generator 1: 2 cost coefficients"),
        ("10 20 0.03 0.04", "10 21 0.03 0.04", "small.m:21 branch 1: there is no bus 21"),
        ("10 0 0 0 0 1 100 1 80", "11 0 0 0 0 1 100 1 80", "small.m:11 generator 1: there is no"),
        ("0.03 0.04", "0.03 0.0", "small.m:21 branch 1: a reactance of 0"),
        ("60 0 0 0 0 1 -30 30;\n    10 20 0.0", "60 0 0 0 0 1 -9 30;\n    10 20 0.0", "small.m:21"),
        ("10 3 20.0", "10 3 -20.0", "small.m:6 bus 10: a demand of -17.5 MW"),
        ("10 3 20.0", "10 3 zwanzig", "small.m:6: 'zwanzig' is not a number"),
        ("10 3 20.0", "10 3 NaN", "small.m:6: 'NaN' is not a number"),
        ("10 0 0 0 0 1 100 1 80 20", "10 0 0 0 0 1 100 1 80", "small.m:11 mpc.gen: 9 columns"),
        ("1 80 20", "1 80 90", "small.m:11 generator 1: Pmin 90 and Pmax 80"),
        ("mpc.baseMVA = 50.0;", "", "baseMVA"),
        ("mpc.gencost = [", "mpc.costs = [", "mpc.gencost missing"),
        ("    2 0 0 2 3 4;\n", "", "mpc.gencost: 2 rows; expected one for each of the 3"),
    ],
)
def test_faults_name_file_and_line(file: Path, old: str, new: str, message: str) -> None:
    assert old in CASE
    file.write_text(CASE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_matpower(file)
    assert message in str(caught.value)


def test_all_faults_come_at_once(file: Path) -> None:
    broken = CASE.replace("0 12.5 7", "0.1 12.5 7").replace("0.03 0.04", "0.03 0.0")
    file.write_text(broken, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_matpower(file)
    assert [fault.line for fault in caught.value.faults] == [16, 21]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"mpc.bus = [ 1 2"])
def test_no_case_at_all(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "none.m"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"none\.m"):
        read_matpower(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.m"):
        read_matpower(tmp_path / "absent.m")


def test_lines_stand_before_transformers(file: Path) -> None:
    branches = read_matpower(file).branches
    assert branches.name == ("branch 1 10-20", "branch 3 10-20", "branch 2 10-20")


def test_what_the_network_lacks_is_listed(file: Path) -> None:
    file.write_text(CASE + "mpc.bus_name = { 'a' };\n", encoding="utf-8")
    assert [(one.where, one.what) for one in read_matpower_case(file).left_out] == [
        ("mpc.bus", "isolated buses: 1"),
        ("mpc.gen", "out of service: 1"),
        ("mpc.branch", "out of service: 2"),
        ("mpc.branch", "tap ratios (PGLib's DC form has none): 1"),
        ("mpc.bus_name", "nothing reads it"),
    ]


def test_an_empty_table_of_what_is_refused_is_nothing(file: Path) -> None:
    file.write_text(CASE.replace("areas = [ 1 4; ]", "dcline = [ ]"), encoding="utf-8")
    assert len(read_matpower(file).buses) == 2


def test_a_quadratic_cost_in_three_chords_by_hand(file: Path) -> None:
    # 0.1 p^2 + 12 p + 7 from 20 to 80 MW.
    file.write_text(CASE.replace("3 0 12.5 7", "3 0.1 12 7"), encoding="utf-8")
    read = read_matpower_case(file, linearize=3)
    generators = read.network.generators
    assert generators.name[:3] == tuple(f"generator 1 at 10 {k}/3" for k in (1, 2, 3))
    assert generators.p_nom_mw[:3].tolist() == pytest.approx([40, 20, 20])
    assert generators.p_min_pu[0, :3].tolist() == pytest.approx([0.5, 0, 0])
    curve = [0.1 * p * p + 12 * p + 7 for p in (20, 40, 60, 80)]
    slopes = [(b - a) / 20 for a, b in pairwise(curve)]
    assert generators.marginal_cost[:3].tolist() == pytest.approx(slopes)
    # At 20 MW the first chord is paid from 0; the other generator's constant is 4.
    assert read.fixed_cost == pytest.approx(curve[0] - 20 * slopes[0] + 4)
    assert read.overestimate == pytest.approx(0.1 * 20**2 / 4)
    assert read.linearized == 1


@given(
    c2=st.floats(1e-4, 1.0),
    c1=st.floats(-20, 50),
    limits=st.tuples(st.floats(0, 100), st.floats(0, 100)).map(sorted),
    segments=st.integers(1, 30),
    share=st.floats(0, 1),
)
def test_chords_lie_above_the_curve_by_no_more_than_the_bound(
    c2: float, c1: float, limits: list[float], segments: int, share: float
) -> None:
    least, most = limits
    row = Row(1, (1, *(0.0,) * 6, 1, most, least))
    price = Row(2, (2, 0, 0, 3, c2, c1, 5.0))
    file = MatpowerFile("x.m", 1.0, (), (row,), (), (price,))
    cost = cost_of(file, 0, segments)
    assert file.faults == []
    output = least + share * (most - least)
    ends = np.array(cost.ends_mw)
    within = np.clip(output, ends[:-1], ends[1:]) - ends[:-1]
    within[0] += least
    paid = cost.fixed + float(within @ np.array(cost.slopes))
    true = c2 * output**2 + c1 * output + 5.0
    assert true - 1e-7 <= paid <= true + cost.overestimate + 1e-7
    assert list(cost.slopes) == sorted(cost.slopes)


def test_one_output_has_one_price(file: Path) -> None:
    text = CASE.replace("3 0 12.5 7", "3 0.1 12 7").replace("1 80 20", "1 80 80")
    file.write_text(text, encoding="utf-8")
    read = read_matpower_case(file, linearize=9)
    assert read.network.generators.name == ("generator 1 at 10", "generator 3 at 20")
    at_80 = 80 * read.network.generators.marginal_cost[0] + read.fixed_cost - 4
    assert at_80 == pytest.approx(0.1 * 80**2 + 12 * 80 + 7)
    assert read.overestimate == 0


@pytest.mark.parametrize(
    ("cost", "limits", "message"),
    [
        ("3 -0.1 12 7", "1 80 20", "small.m:16 generator 1: a quadratic cost that falls ever"),
        ("3 0.1 12 7", "1 80 -20", "small.m:11 generator 1: Pmin -20 MW and a cost in 3 segments"),
        ("4 1 0.1 12 7", "1 80 20", "small.m:16 generator 1: a cost of degree 3"),
    ],
)
def test_what_cannot_be_linearized_is_refused(
    file: Path, cost: str, limits: str, message: str
) -> None:
    text = CASE.replace("3 0 12.5 7", cost).replace("1 80 20", limits)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_matpower(file, linearize=3)
    assert message in str(caught.value)


def test_many_faults_alike_are_one(file: Path) -> None:
    rows = "    20 0 0 0 0 1 100 1 70 0;\n" * 40
    costs = "    2 0 0 3 0.5 1 0;\n" * 40
    text = CASE.replace("mpc.gen = [\n", f"mpc.gen = [\n{rows}")
    file.write_text(text.replace("mpc.gencost = [\n", f"mpc.gencost = [\n{costs}"), "utf-8")
    with pytest.raises(InputError) as caught:
        read_matpower(file)
    (fault,) = caught.value.faults
    assert str(fault).startswith(
        "small.m:56 to 95 generator 1: a quadratic cost, and 39 more rows like it; expected"
    )


def test_a_piecewise_cost_is_exact(file: Path) -> None:
    # 0 at 0, 10/MWh to 30 MW, 20/MWh to 50 MW, 40/MWh to 100 MW; the unit runs from 20 to 80.
    text = CASE.replace("2 0 0 3 0 12.5 7", "1 0 0 4 0 0 30 300 50 700 100 2700")
    file.write_text(text, encoding="utf-8")
    read = read_matpower_case(file)
    generators = read.network.generators
    assert generators.p_nom_mw[:3].tolist() == pytest.approx([30, 20, 30])
    assert generators.p_min_pu[0, :3].tolist() == pytest.approx([2 / 3, 0, 0])
    assert generators.marginal_cost[:3].tolist() == pytest.approx([10, 20, 40])
    assert (read.fixed_cost, read.overestimate, read.linearized) == (4.0, 0.0, 0)


def test_outer_segments_of_a_piecewise_cost_go_on(file: Path) -> None:
    # Points at 30, 40 and 60 MW only; the unit runs from 20 to 80 (MATPOWER's manual, 6.1).
    text = CASE.replace("2 0 0 3 0 12.5 7", "1 0 0 3 30 400 40 600 60 1200")
    file.write_text(text, encoding="utf-8")
    read = read_matpower_case(file)
    generators = read.network.generators
    assert generators.p_nom_mw[:2].tolist() == pytest.approx([40, 40])
    assert generators.marginal_cost[:2].tolist() == pytest.approx([20, 30])
    assert read.fixed_cost == pytest.approx(400 - 30 * 20 + 4)


def test_all_of_the_output_may_lie_in_one_segment(file: Path) -> None:
    text = CASE.replace("2 0 0 3 0 12.5 7", "1 0 0 4 0 0 10 100 15 200 90 1850")
    file.write_text(text, encoding="utf-8")
    read = read_matpower_case(file)
    assert read.network.generators.name[0] == "generator 1 at 10"
    assert read.network.generators.marginal_cost[0] == pytest.approx(1650 / 75)
    assert read.fixed_cost == pytest.approx(200 - 15 * 22 + 4)


def test_a_pmin_far_below_zero_sets_the_size(file: Path) -> None:
    file.write_text(CASE.replace("1 80 20", "1 80 -160"), encoding="utf-8")
    generators = read_matpower(file).generators
    assert generators.p_nom_mw[0] == 160
    assert (generators.p_min_pu[0, 0], generators.p_max_pu[0, 0]) == (-1.0, 0.5)


def test_a_voltage_that_nobody_said_is_pypsas_default(file: Path) -> None:
    file.write_text(CASE.replace("1 1 0 110", "1 1 0 0"), encoding="utf-8")
    assert read_matpower(file).buses.v_nom_kv.tolist() == [1.0, 1.0]


def test_a_comment_in_another_encoding_does_no_harm(file: Path) -> None:
    file.write_bytes(CASE.replace("% isolated", "% Gr\xf6\xdfe").encode("latin-1"))
    assert len(read_matpower(file).buses) == 2
