"""A run, its answers and its folder."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from scipy.sparse import csc_array

import keepwarm as kw
from keepwarm.case.nouns import DamageRow, Floats
from keepwarm.commands.main import main
from keepwarm.errors import InputError
from keepwarm.runs.folder import free_folder, write_run
from keepwarm.runs.run import Run
from keepwarm.solve.highs import HighsSolver

BANDS = ("low", "central", "high")
DESIGN_FIELDS = {
    "case",
    "start",
    "hours",
    "unserved_mwh",
    "people_hours_without",
    "people_hours_below_degc",
    "peak_people_without",
    "buildings",
    "first_hour_below",
    "drain_deadlines",
    "audit",
}


@pytest.fixture(scope="module")
def town_run(examples: Path) -> Run:
    case = kw.read_case(examples / "town")
    file = examples / "town" / "damage.csv"
    damage = kw.read_damage(case, file)
    return kw.run(case, damage, from_state=False, hours=120, damage_file=file)


def same(one: pa.Table, other: pa.Table) -> bool:
    """Compare bit by bit; Arrow's own comparison holds NaN for unlike NaN."""
    return repr(one.to_pydict()) == repr(other.to_pydict())


def command(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


def test_answers_hold_the_fields_that_others_rely_on(town_run: Run) -> None:
    answers = town_run.answers
    assert set(answers) >= DESIGN_FIELDS
    assert set(answers["unserved_mwh"]) >= {"power", "heat", "gas", "fuel"}
    assert set(answers["people_hours_without"]) == {"power", "heat", "gas", "water"}
    assert set(answers["people_hours_below_degc"]) >= {"18", "16", "12", "8", "5"}
    assert set(answers["audit"]) >= {"steps_checked", "max_relative_gap", "max_shed_gap"}
    assert json.loads(json.dumps(answers)) == answers


def test_answers_agree_with_the_tables(town_run: Run) -> None:
    """Unserved energy and people-hours are sums over the step tables (steps of one hour)."""
    answers, steps = town_run.answers, town_run.tables["steps"].to_pylist()
    for carrier in ("power", "heat", "gas", "water"):
        mine = [row for row in steps if row["carrier"] == carrier]
        assert sum(r["shed_mw"] for r in mine) == pytest.approx(answers["unserved_mwh"][carrier])
        assert sum(r["people_without"] for r in mine) == pytest.approx(
            answers["people_hours_without"][carrier]
        )
        assert all(
            r["served_mw"] + r["shed_mw"] == pytest.approx(r["need_mw"], abs=1e-6) for r in mine
        )
    groups = town_run.tables["groups"].to_pylist()
    below = sum(g["hours_below_16_central"] * g["people"] for g in groups)
    assert below == pytest.approx(answers["people_hours_below_degc"]["16"])
    regions = town_run.tables["regions"].to_pylist()
    assert sum(r["people_without_heat"] for r in regions) == pytest.approx(
        answers["people_hours_without"]["heat"]
    )


def test_first_crossings_are_ordered_over_the_band(town_run: Run) -> None:
    for row in town_run.answers["first_hour_below"]:
        hours = [np.inf if row[b] is None else row[b] for b in BANDS]
        assert hours == sorted(hours)


def test_every_group_that_lost_its_heat_is_traced_to_the_damage(town_run: Run) -> None:
    causes = town_run.tables["causes"].to_pylist()
    assert {row["asset"] for row in causes if row["rank"] == 1} <= {
        "CHP unit",
        "CHP peak boiler",
        "CHP network water",
    }
    assert all(row["source"] == "example: invented" for row in causes if row["kind"] == "out")
    lost = {g["group"] for g in town_run.tables["groups"].to_pylist() if g["region"] == "West"}
    assert {row["group"] for row in causes} <= lost


def test_the_folder_opens_elsewhere_and_comes_back_the_same(town_run: Run, tmp_path: Path) -> None:
    out = write_run(town_run, tmp_path / "run").out
    assert out is not None
    back = kw.read_run(out)
    assert back.answers == town_run.answers
    for name, table in town_run.tables.items():
        assert same(back.tables[name], table), name
    [(people,)] = duckdb.sql(
        f"select sum(people_without) from '{out}/steps.parquet' where carrier = 'heat'"
    ).fetchall()
    assert people == pytest.approx(town_run.answers["people_hours_without"]["heat"])
    assert not list(tmp_path.glob(".*"))


def test_every_column_is_described(town_run: Run) -> None:
    import keepwarm.runs

    schema = Path(keepwarm.runs.__file__).parent / "schema" / "tables.csv"
    rows = list(csv.DictReader(schema.read_text(encoding="utf-8").splitlines()))
    assert all(row["meaning"] for row in rows)
    wild = {"service": "power|heat|gas|water", "degc": r"-?\d+(\.\d+)?", "band": "|".join(BANDS)}
    for name, table in town_run.tables.items():
        described = [row["column"] for row in rows if row["table"] == name]
        patterns = [
            re.sub(r"\{(\w+)\}", lambda m: f"({wild[m[1]]})", column) for column in described
        ]
        for column in table.column_names:
            assert any(re.fullmatch(p, column) for p in patterns), f"{name}.{column}"
        for pattern in patterns:
            assert any(re.fullmatch(pattern, c) for c in table.column_names), f"{name}: {pattern}"


def test_two_runs_are_bit_identical(examples: Path) -> None:
    case = kw.read_case(examples / "town")
    damage = kw.read_damage(case, examples / "town" / "damage.csv")
    first, second = (kw.run(case, damage, hours=60) for _ in range(2))
    assert first.answers == second.answers
    assert all(same(first.tables[name], second.tables[name]) for name in first.tables)


def test_a_folder_that_is_no_run_is_never_written_over(town_run: Run, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("dear")
    (mine / "manifest.json").write_text('{"name": "my extension"}')
    with pytest.raises(InputError, match="no run"):
        write_run(town_run, mine)
    assert (mine / "letter.txt").read_text() == "dear"
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


def test_a_run_may_replace_a_run(town_run: Run, tmp_path: Path) -> None:
    write_run(town_run, tmp_path / "run")
    (tmp_path / "run" / "stray.parquet").write_bytes(b"")
    write_run(town_run, tmp_path / "run")
    assert not (tmp_path / "run" / "stray.parquet").exists()
    assert free_folder(tmp_path, "run").name == "run-001"


@pytest.mark.parametrize(
    ("text", "match"),
    [("{", "no JSON"), ('{"kind": "other"}', "another kind"), ('{"kind": "run"}', "schema")],
)
def test_a_strange_manifest_is_refused(tmp_path: Path, text: str, match: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=match):
        kw.read_run(tmp_path)


def test_the_command_prints_json_and_tables(examples: Path, tmp_path: Path) -> None:
    town = str(examples / "town")
    damage = str(examples / "town" / "damage.csv")
    out = tmp_path / "out"
    done = command("run", town, "--damage", damage, "--hours", "48", "--out", str(out), "--json")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["schema"] == 1
    assert document["hours"] == 48
    assert document["out"] == str(out)
    told = command("run", town, "--damage", damage, "--hours", "48", "--out", str(out))
    assert told.exit_code == 0, told.output
    assert "people-hours" in told.stdout
    assert "CHP unit" in told.stdout


def test_damage_outside_the_run_and_people_that_nobody_counts(
    examples: Path, tmp_path: Path
) -> None:
    late = ["run", str(examples / "town"), "--damage", str(examples / "town" / "damage.csv")]
    result = CliRunner().invoke(main, [*late, "--hours", "3", "--out", str(tmp_path / "late")])
    assert "damage: damage.csv, none of it within the run" in result.stdout
    bare = tmp_path / "bare"
    shutil.copytree(examples / "town" / "network", bare)
    loads = (bare / "loads.csv").read_text(encoding="utf-8").splitlines()
    at = loads[0].split(",").index("people")
    rows = (line.split(",") for line in loads)
    cut = [",".join(c for k, c in enumerate(row) if k != at) for row in rows]
    (bare / "loads.csv").write_text("\n".join(cut) + "\n", encoding="utf-8")
    result = CliRunner().invoke(
        main, ["run", str(bare), "--hours", "3", "--out", str(tmp_path / "b")]
    )
    (row,) = (line for line in result.stdout.splitlines() if line.startswith(" power "))
    assert row.split()[2:] == ["–", "–", "–"]


def test_the_manifest_names_no_folder_of_the_user(examples: Path, tmp_path: Path) -> None:
    shutil.copytree(examples / "town", tmp_path / "secret-user" / "town")
    case = tmp_path / "secret-user" / "town"
    out = tmp_path / "out"
    done = command("run", str(case), "--damage", str(case / "damage.csv"), "--out", str(out))
    assert done.exit_code == 0, done.output
    text = (out / "manifest.json").read_text(encoding="utf-8")
    assert "secret-user" not in text
    assert "damage.csv" in json.loads(text)["inputs_sha256"]


@pytest.mark.parametrize("start", ["2025-01-01T00:00:00Z", "2027-01-01"])
def test_a_start_outside_the_snapshots_is_refused(examples: Path, start: str) -> None:
    done = command("run", str(examples / "town"), "--start", start)
    assert done.exit_code == 1
    assert "start" in done.stderr
    assert "2026-01" in done.stderr


def test_starting_from_observed_state(examples: Path) -> None:
    """The state.csv of the town corrects indoor temperature, tank level and a standing asset."""
    case = kw.read_case(examples / "town")
    assert case.state
    observed = kw.run(case, from_state=True, hours=4)
    balanced = kw.run(case, from_state=False, hours=4, start=max(r.time for r in case.state))
    assert observed.answers["start"] == balanced.answers["start"]
    seen = {row.subject: row.value for row in case.state if row.quantity == "indoor_degc"}
    first = {
        row["group"]: row["indoor_central_degc"]
        for row in reversed(observed.tables["group_hours"].to_pylist())
    }
    for group, value in seen.items():
        assert first[group] == pytest.approx(value, abs=2.5)


@pytest.mark.parametrize("hours", ["0.2", "100000"])
def test_hours_that_the_snapshots_do_not_hold_are_refused(examples: Path, hours: str) -> None:
    done = command("run", str(examples / "town"), "--hours", hours)
    assert done.exit_code == 1
    assert "hours" in done.stderr
    assert "240" in done.stderr


def test_the_state_table_restarts_a_season(examples: Path) -> None:
    from keepwarm.damage import availability
    from keepwarm.runs.tables import state_of
    from keepwarm.season import balanced_start, march, prepare

    case = kw.read_case(examples / "town")
    damage = kw.read_damage(case, examples / "town" / "damage.csv")
    half = kw.run(case, damage, from_state=False, hours=40)
    corridor = prepare(case)
    state = state_of(half.tables["state"], balanced_start(corridor, 0))
    left = availability(case, damage, case.network.snapshots[40], 20)
    rest = march(corridor, left, first=40, state=state)
    whole = kw.run(case, damage, from_state=False, hours=60).tables["group_hours"].to_pydict()
    indoor = np.array(whole["indoor_central_degc"]).reshape(60, -1)
    assert np.allclose(rest.operative_degc[:, 1], indoor[40:], atol=1e-9)


@pytest.mark.parametrize("hours", ["nan", "inf", "-5", "0"])
def test_hours_that_are_no_time_are_a_mistake_of_usage(examples: Path, hours: str) -> None:
    assert command("run", str(examples / "town"), "--hours", hours).exit_code == 2


@pytest.mark.parametrize(("option", "value"), [("--hours", "2.5"), ("--start", "2026-01-08T00:30")])
def test_what_falls_between_steps_is_refused(examples: Path, option: str, value: str) -> None:
    done = command("run", str(examples / "town"), option, value)
    assert done.exit_code == 1
    assert "1 h" in done.stderr


def test_a_full_disk_leaves_nothing(
    town_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.parquet as pq

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    before = write_run(town_run, tmp_path / "run")
    monkeypatch.setattr(pq, "write_table", full)
    with pytest.raises(InputError, match="No space left"):
        write_run(town_run, tmp_path / "run")
    assert [p.name for p in tmp_path.iterdir()] == ["run"]
    assert kw.read_run(tmp_path / "run").answers == before.answers


def test_an_interrupted_write_leaves_the_earlier_run(
    town_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted at its worst: the old run is moved aside, the new one not yet in its place."""
    write_run(town_run, tmp_path / "run")
    rename, calls = Path.rename, []

    def interrupted(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_run(town_run, tmp_path / "run")
    assert [p.name for p in tmp_path.iterdir()] == ["run"]
    assert kw.read_run(tmp_path / "run").answers == town_run.answers


def test_a_cut_or_missing_table_is_named(town_run: Run, tmp_path: Path) -> None:
    out = write_run(town_run, tmp_path / "run").out
    assert out is not None
    (out / "steps.parquet").write_bytes((out / "steps.parquet").read_bytes()[:200])
    with pytest.raises(InputError, match=r"steps\.parquet: cannot be read"):
        kw.read_run(out)
    (out / "steps.parquet").unlink()
    with pytest.raises(InputError, match=r"steps\.parquet: missing"):
        kw.read_run(out)


def test_tables_hold_nulls_and_no_nan(town_run: Run) -> None:
    nulls = 0
    for name, table in town_run.tables.items():
        for column in table.column_names:
            values = table.column(column).to_pylist()
            assert not any(isinstance(v, float) and np.isnan(v) for v in values), (name, column)
            nulls += table.column(column).null_count
    assert nulls > 0


def test_the_run_says_how_many_freeze_at_each_end_of_the_band(examples: Path) -> None:
    """Crews that drain nothing before the plug: the counts are those of the plugs themselves."""
    case = kw.read_case(examples / "town")
    values = {**case.settings.values, "draining.policy": "never"}
    held = replace(case, settings=replace(case.settings, values=values))
    names = ("CHP unit", "CHP peak boiler", "Boiler house", "CHP network water")
    damage = tuple(
        DamageRow(
            case.start, case.network.assets.name.index(n), 0.0, np.datetime64("NaT"), "test", ""
        )
        for n in names
    )
    run = kw.run(held, damage, from_state=False, hours=120)
    found = run.answers["buildings"]["frozen_band"]
    assert found["low"] >= found["central"] >= found["high"]
    assert found["low"] > 0
    assert found["central"] == run.answers["buildings"]["frozen"]
    assert run.manifest["options"]["damage"] == "4 rows given in Python"
    assert run.manifest["options"]["weather"] == "weather.csv"
    assert run.answers["damage_from"] == run.answers["start"]


def test_a_case_and_a_run_show_themselves_in_one_line(town_run: Run, examples: Path) -> None:
    assert len(repr(kw.read_case(examples / "town"))) < 120
    assert len(repr(town_run)) < 120


class Careless(HighsSolver):
    """Holds industry for dearer to cut than homes."""

    def __init__(self, cost: Floats, matrix: csc_array) -> None:
        super().__init__(np.where((cost > 900) & (cost < 1100), 9 * cost, cost), matrix)


def test_a_run_that_fails_its_audit_ends_with_4_and_leaves_nothing(
    examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("keepwarm.season.march"), "HighsSolver", Careless)
    out, damage = tmp_path / "run", tmp_path / "damage.csv"
    damage.write_text(
        "time,asset,available,source,confidence\n"
        "2026-01-08T00:00:00,CHP unit,0,test,certain\n"
        "2026-01-08T00:00:00,Grid import,0.3,test,certain\n"
    )
    words = ("run", str(examples / "town"), "--damage", str(damage), "--hours", "12")
    done = command(*words, "--out", str(out))
    assert done.exit_code == 4, done.output
    assert "audit failed: a step solved again differs by" in done.stderr
    assert "sheds" in done.stderr
    assert not out.exists()
    monkeypatch.undo()
    assert command(*words, "--out", str(out)).exit_code == 0
