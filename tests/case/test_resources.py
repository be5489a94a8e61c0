"""crews.csv, spares.csv, repairs.csv, mobile.csv, access.csv, travel.csv: read, or said why not."""

import math

import numpy as np
import pytest

from keepwarm.case.read import check_case, inspect_case, read_case


def add(root, name, text):
    (root / name).write_text(text, encoding="utf-8")
    return root


def faults(root):
    return [str(fault) for fault in check_case(root)]


def test_the_capital_has_what_a_plan_needs(examples):
    case = read_case(examples / "capital")
    own = case.resources
    assert [crew.name for crew in own.crews] == [
        *("Lines 1", "Lines 2", "Plant 1", "Plant 2", "Mains 1", "Gas 1")
    ]
    assert own.crews[1].shift_to_hour == 20.0
    assert own.repairs["Birch CHP unit 1"].after == ("Transformer Birch 1",)
    assert own.repairs["Birch CHP unit 1"].hours == (30.0, 48.0, 96.0)
    assert [spare.count for spare in own.spares] == [1, 1]
    assert np.isnat(own.spares[0].available_from)
    lake, market = (case.regions.name.index(name) for name in ("Swan Lake", "Old Market"))
    assert own.travel_hours[lake, market] == own.travel_hours[market, lake] == 1.5
    assert math.isnan(own.travel_hours[market, case.regions.name.index("Heron Bank")])
    assert case.regions.name[own.access[0].region] == "Amber Shore"
    assert {unit.kind for unit in own.mobile} == {
        *("generator", "boiler", "warming_point", "tanker")
    }
    assert [unit.fuel_l_per_mwh for unit in own.mobile[:2]] == [110.0, 270.0]


def test_a_case_without_tables_has_nothing(small):
    own = read_case(small).resources
    assert (own.crews, own.spares, own.repairs, own.mobile, own.access) == ((), (), {}, (), ())


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "crews.csv",
            "crew,trade,base\nA,power,nort\n",
            ("crews.csv:2 base: 'nort' is no region of this case. Did you mean 'north'?"),
        ),
        (
            "crews.csv",
            "crew,trade,shift_from_hour,shift_to_hour\nA,power,8,8\n",
            (
                "crews.csv:2 shift_to_hour: a shift from 8 to 8 has no hours; "
                "expected 0 to 24 for all day"
            ),
        ),
        (
            "crews.csv",
            "crew,trade,available_from,until\nA,power,2026-01-02T00:00Z,2026-01-01T00:00Z\n",
            (
                "crews.csv:2 until: 2026-01-01T00:00Z is not after "
                "2026-01-02T00:00Z; expected a time after available_from"
            ),
        ),
        (
            "repairs.csv",
            "asset,hours\nchpp,3\n",
            ("repairs.csv:2 asset: 'chpp' is no asset of this case. Did you mean 'chp'?"),
        ),
        (
            "repairs.csv",
            "asset,hours_low,hours,hours_high\nchp,5,3,9\n",
            "repairs.csv:2 hours: 5, 3, 9 h; expected low, likely, high rising",
        ),
        (
            "repairs.csv",
            "asset,hours,after\nchp,3,boiler|tnak\n",
            ("repairs.csv:2 after: 'tnak' is no asset of this case. Did you mean 'tank'?"),
        ),
        (
            "mobile.csv",
            "unit,kind,capacity_mw\nB,boiler,0\n",
            ("mobile.csv:2 capacity_mw: a boiler without capacity_mw; expected more than 0"),
        ),
        (
            "access.csv",
            "place,until\nnorht,2026-01-01T00:00Z\n",
            ("access.csv:2 place: 'norht' is no region of this case. Did you mean 'north'?"),
        ),
    ],
)
def test_what_is_wrong_is_said(small, name, text, said):
    assert faults(add(small, name, text)) == [said]


def test_all_faults_at_once(small):
    add(small, "crews.csv", "crew,trade,base\nA,power,x\n")
    add(small, "spares.csv", "spare,count\npump,-1\n")
    assert len(faults(small)) == 2


def test_the_way_back_may_have_a_row_of_its_own(small):
    add(small, "travel.csv", "from,to,hours\nnorth,south,2\nsouth,north,3\n")
    assert read_case(small).resources.travel_hours.tolist() == [[0.0, 2.0], [3.0, 0.0]]


def test_none_of_the_tables_is_a_stray_file(small):
    add(small, "crews.csv", "crew,trade\nA,power\n")
    assert inspect_case(small).warnings == ()
