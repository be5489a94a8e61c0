"""MATPOWER files: units by hand, what is dropped, and every fault with its line."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from keepwarm.case.matpower import matpower_fixed_cost, read_matpower
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
    assert network.assets.kind == ("generator", "generator", "line", "transformer", "line")


def test_the_angle_limit_binds_where_it_is_tighter(file: Path) -> None:
    file.write_text(CASE.replace("1 -30 30", "1 -3 3"), encoding="utf-8")
    assert read_matpower(file).branches.s_max_mw[0] == pytest.approx(math.radians(3) / 0.00125)


def test_constant_costs_stand_apart(file: Path) -> None:
    assert matpower_fixed_cost(file) == 11.0  # 7 + 4; the third is out of service


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0 12.5 7", "0.1 12.5 7", "small.m:16 generator 1: a quadratic cost"),
        ("2 0 0 2 3 4", "1 0 0 2 0 0 10 30", "small.m:18 generator 3: a cost of model 1"),
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
