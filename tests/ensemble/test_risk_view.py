"""A risk on the terminal: 80 columns, every number with its error, nothing needed that may lack."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from keepwarm.commands.risk_view import label, print_differences, print_risk
from keepwarm.ensemble.comparing import compared, read_back
from keepwarm.ensemble.estimates import exceedance
from keepwarm.ensemble.measure_answers import measure_answers, plain
from keepwarm.ensemble.measures import Boilers, Portfolio, Portfolios
from keepwarm.ensemble.quantities import REGION_TAILS, Samples, bounds, estimates
from keepwarm.ensemble.stopping import convergence
from keepwarm.errors import InputError

REGIONS = ("Slate Basin", "Larch Ridge", "A region with quite a long name")
NAMES = ("eue_mwh", "eue_heat_mwh", "people_hours_below_12")


def samples(less=1.0, scale=1.0, n=200):
    harm = np.exp(1.2 * np.random.default_rng(3).normal(size=n))
    harm *= np.random.default_rng(4).random(n) < 0.7
    columns = {
        "lolh_hours": np.ceil(harm * 300 * less),
        "lolf_events": np.ceil(harm * 20),
        "eue_mwh": harm * 8e5 * less * scale,
        "eue_heat_mwh": harm * 3e5 * less**2 * scale,
        "eue_gas_mwh": np.zeros(n),
        "need_mwh": np.full(n, 6e7),
        "need_heat_mwh": np.full(n, 3e7),
        "need_gas_mwh": np.full(n, 3e7),
        "people_hours_without_power": harm * 8e8 * scale,
        "people_hours_below_12": harm * 2e7 * less * scale,
        "people_hours_below_5": (harm > 5) * harm * 1e4,
        "buildings_frozen": np.floor(harm * 2),
        "emergency_days": np.ceil(harm),
    }
    by_region = {name: columns[name][:, None] * np.array([0.5, 0.3, 0.2]) for name in NAMES}
    return Samples(1, np.arange(n), columns, REGIONS, by_region, unsolved=2)


def document(scale=1.0):
    base = samples(scale=scale)
    portfolios = Portfolios(
        (
            Portfolio("Spares", (Boilers(3),), 60.0),
            Portfolio("A portfolio whose name says all that there is to it", (), 120.0),
            Portfolio("No cost", ()),
            Portfolio("Both", (Boilers(3),), 180.0, parts=("Spares", "No cost")),
        ),
        "million euro",
        ("Costs are assumed.",),
    )
    less = dict(
        zip((one.name for one in portfolios.portfolios), (0.9, 0.8, 0.95, 0.87), strict=True)
    )
    walked = {name: samples(by, scale) for name, by in less.items()}
    curves = {name: exceedance(base.columns[name], "") for name in NAMES}
    return {
        "case": "country",
        "start": "2025-10-15T00:00:00",
        "hours": 4320.0,
        "seed": 7,
        "samples": 202,
        "unsolved": 2,
        "seconds": 412.3,
        "estimates": {name: plain(one) for name, one in estimates(base.columns).items()},
        "by_region": {
            region: {
                name: plain(one)
                for name, one in estimates(base.of_region(region), REGION_TAILS).items()
            }
            for region in REGIONS
        },
        "exceedance": {
            name: [
                {"level": level, "share": share, "stderr": stderr}
                for level, share, stderr in zip(
                    one.level.tolist(), one.share.tolist(), one.stderr.tolist(), strict=True
                )
            ]
            for name, one in curves.items()
        },
        "convergence": {
            name: [plain(one) for one in convergence(base.columns, name)] for name in NAMES
        },
        "bounds": {name: list(bounds(base.columns, name, 2)) for name in NAMES},
        "worst": {name: [{"sample": 4711, "value": 3.2e7}] for name in NAMES},
        "measures": measure_answers(base, walked, portfolios, (*NAMES, "eue_fuel_mwh"))[0],
        "audit": {"steps_checked": 200, "max_relative_gap": 3e-12, "max_shed_gap": 1e-9},
        "out": "runs/country-risk-001",
    }


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e4])
def test_it_is_80_columns_wide(capsys, scale):
    print_risk(document(scale))
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    assert not [line for line in lines if line != line.rstrip()]


def test_every_number_has_its_error(capsys):
    answers = document()
    print_risk(answers)
    said = capsys.readouterr().out
    one = answers["estimates"]["eue_mwh"]
    row = next(line for line in said.splitlines() if line.startswith("power not served, GWh"))
    numbers = [float(text.replace(",", "")) for text in re.findall(r"[\d,.]*\d", row)]
    tail = answers["estimates"]["cvar95_eue_mwh"]
    some = answers["estimates"]["any_eue_mwh"]
    wanted = [one["value"] / 1e3, one["stderr"] / 1e3, tail["value"] / 1e3, tail["stderr"] / 1e3]
    assert numbers == pytest.approx([*wanted, 100 * some["value"], 100 * some["stderr"]], rel=0.06)
    for text in (
        "country: 202 winters of 180 days from 2025-10-15, seed 7",
        "2 of them could not be solved",
        "person-hours below 12 °C, million",
        "A region with quite a long name",
        "days on emergency cuts",
        "power not served, ppm of need",
        "--sample 4711 --of runs/country-risk-001",
        "Both: ",
        "together; its parts one by one, added up",
        "Costs are assumed.",
    ):
        assert text in " ".join(said.split()) or text in said, text
    assert "gas not served" not in said  # nothing to say of it
    assert "fuel" not in said


def test_measures_stand_in_the_order_of_the_file(capsys):
    print_risk(document())
    said = capsys.readouterr().out
    table = said[said.index("What measures take off: power") :]
    table = table[: table.index("What measures take off: heat")]
    places = [table.index(name) for name in ("Spares", "A portfolio", "No cost", "Both")]
    assert places == sorted(places)
    spares = next(line for line in table.splitlines() if line.startswith("Spares "))
    assert " 10.00 ± 0 " in spares  # percent: each winter has a tenth less
    assert " 60 " in spares


def test_the_bare_contract_is_enough(capsys):
    few = {"value": 0.0, "stderr": None, "n": 1, "unit": "MWh"}
    print_risk(
        {
            "case": "rts",
            "samples": 1,
            "unsolved": 0,
            "estimates": {"eue_mwh": few, "any_eue_mwh": few},
            "by_region": {},
        }
    )
    said = capsys.readouterr().out
    assert said.startswith("rts: 1 winter\n")
    assert "power not served, MWh" in said


def test_two_risks_side_by_side(capsys):
    found = compared(samples(), samples(0.9))
    assert {one.name for one in found} >= {"eue_mwh", "cvar95_eue_mwh", "neue_ppm", "lolf_events"}
    assert "eue_gas_mwh" not in {one.name for one in found}
    print_differences("A: one   B: two", found)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    power = next(line for line in lines if line.startswith("power not served, GWh "))
    one = next(one for one in found if one.name == "eue_mwh")
    shown = [float(text.replace(",", "")) for text in power.split("GWh")[1].split()]
    each = (one.a, one.b, one.difference)
    wanted = [number / 1e3 for two in each for number in (two.value, two.stderr)]
    assert shown == pytest.approx(wanted, rel=0.06)
    assert "paired over 200 samples of both." in " ".join(lines)
    assert "worst" not in " ".join(lines)
    print_differences("", compared(samples(), samples(0.9), "cvar95_eue_mwh"))
    assert "power not served, GWh" in capsys.readouterr().out
    with pytest.raises(InputError):
        compared(samples(), samples(0.9), "eue_fuel_mwh")
    assert [one.name for one in compared(samples(), samples(), "q90_eue_mwh")] == ["q90_eue_mwh"]


def test_the_last_digit_of_a_sum_is_no_difference(capsys):
    one = samples()
    last = one.columns["eue_mwh"] * (1 + 1e-16 * np.arange(200))
    print_differences("", compared(one, replace(one, columns={**one.columns, "eue_mwh": last})))
    rows = [line for line in capsys.readouterr().out.splitlines() if "not served, GWh" in line]
    assert rows[0].split()[-2:] == ["0", "0"]
    answers = document()
    first = answers["measures"]["portfolios"][0]["reductions"]["eue_mwh"]
    first["share"] = {"value": 4e-16, "stderr": 1e-16, "n": 200, "unit": "share"}
    print_risk(answers)
    assert "0 ± 0    60" in capsys.readouterr().out


def test_a_table_of_samples_is_read_back():
    one = samples()
    columns = {name: pa.array(values) for name, values in one.columns.items()}
    number = pa.array(one.number)
    base = pa.table({"portfolio": pa.array([""] * 200), "sample": number, **columns})
    other = pa.table({"portfolio": pa.array(["x"] * 200), "sample": number, **columns})
    table = pa.concat_tables([other.slice(3), base])
    assert len(read_back({"seed": 1, "unsolved": 2}, table, "x")) == 197
    again = read_back({"seed": 1, "unsolved": 2}, table)
    assert (again.seed, again.unsolved, again.number.tolist()) == (1, 2, one.number.tolist())
    assert {name: list(values) for name, values in again.columns.items()} == {
        name: list(values) for name, values in one.columns.items()
    }


def test_it_is_json():
    assert "NaN" not in json.dumps(document(), allow_nan=False)


def test_labels():
    assert label("lolh_heat_hours") == "hours short of heat"
    assert label("people_hours_without_power") == "person-hours without power"
    assert label("something_new") == "something new"
