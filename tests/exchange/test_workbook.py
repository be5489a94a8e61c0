"""The workbook, read again by openpyxl: every table, units, dates, and never a formula."""

from __future__ import annotations

import csv
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

import keepwarm
from keepwarm.briefing.words import languages
from keepwarm.errors import InputError
from keepwarm.exchange.workbook import write_workbook
from keepwarm.said.sentence import texts_of
from tests.exchange.handed import TRICKS, handed

SCHEMA = Path(keepwarm.__file__).parent / "runs" / "schema" / "tables.csv"


def opened(run, tmp_path):
    """The workbook of a run, as a spreadsheet has it."""
    write_workbook(run, tmp_path / "out.xlsx")
    return openpyxl.load_workbook(tmp_path / "out.xlsx")


def test_the_answers_and_then_a_sheet_per_table(tmp_path):
    run = handed()
    book = opened(run, tmp_path)
    assert book.sheetnames == ["answers", *run.tables]
    assert {sheet.freeze_panes for sheet in book} == {"A3"}
    answers = {row[0]: row[1] for row in book["answers"].iter_rows(min_row=3, values_only=True)}
    assert answers["people"] == 3000
    assert answers["start"] == datetime.fromisoformat("2026-01-08T00:00:00")
    assert answers["unserved_mwh.heat"] == 200
    assert answers["drain_deadlines[1].by.high"] is None


def test_columns_have_their_units_and_dates_are_dates(tmp_path):
    sheet = opened(handed(), tmp_path)["regions"]
    names, units, first = list(sheet.iter_rows(max_row=3, values_only=True))
    unit = dict(zip(names, units, strict=True))
    assert unit["time"] == "UTC"
    assert unit["people_without_heat"] == unit["people_below_16_low"] == "people"
    assert unit["outdoor_degc"] == "degC"
    assert first[names.index("time")] == datetime.fromisoformat("2026-01-08T00:00:00")
    assert sheet.cell(3, names.index("time") + 1).is_date
    assert first[names.index("outdoor_degc")] == -10
    assert sheet.max_row == 2 + 2 * 48


def test_a_workbook_in_ukrainian_has_names_units_and_its_own_names(tmp_path):
    run = handed()
    write_workbook(run, tmp_path / "uk.xlsx", "uk")
    book = openpyxl.load_workbook(tmp_path / "uk.xlsx")
    assert book.sheetnames[:3] == ["відповіді", "кроки", "райони"]
    assert len(set(book.sheetnames)) == len(book.sheetnames)
    assert {sheet.freeze_panes for sheet in book} == {"A4"}
    told = {}
    for sheet, name in zip(book, ["answers", *run.tables], strict=True):
        head = sheet.iter_rows(max_row=3, values_only=True)
        names, units, own = ([str(one or "") for one in row] for row in head)
        assert len(set(names)) == len(names), name
        english = [one for one in (*names, *units) if re.search("[A-Za-z]{2}", one)]
        assert set(english) <= {"UTC"}, name
        told |= dict(zip(((name, one) for one in own), names, strict=True))
    assert told["regions", "people_without_heat"] == "люди без тепла"
    assert told["regions", "people_below_16_low"] == "люди нижче 16 °C, якщо холоне швидше"
    assert [own for table, own in told if table == "steps"] == run.tables["steps"].column_names
    # below, the same cells
    english = opened(run, tmp_path)["steps"].iter_rows(min_row=3, values_only=True)
    assert list(book["кроки"].iter_rows(min_row=4, values_only=True)) == list(english)


def test_every_column_of_the_tables_has_a_name_in_every_language():
    columns = {row["column"] for row in csv.DictReader(SCHEMA.read_text("utf-8").splitlines())}
    for code in languages():
        texts = texts_of(code)
        for column in columns:
            key = "says.column." + re.sub("[{}]", "", column)
            assert set(re.findall(r"{\w+}", texts[key])) == set(re.findall(r"{\w+}", column)), key


def test_maps_and_lists_are_texts(tmp_path):
    book = opened(handed(), tmp_path)
    assert "power: 10.0; heat: 24.0" in [cell.value for row in book["assets"] for cell in row]
    assert "Zone one > Plant main" in [cell.value for row in book["causes"] for cell in row]


def test_no_cell_is_a_formula_or_an_error(tmp_path):
    book = opened(handed(*TRICKS), tmp_path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in "snd", (sheet.title, cell.coordinate, cell.value)
                if isinstance(cell.value, str) and cell.value[:1] in ("=", "+", "-", "@"):
                    assert cell.quotePrefix
    names = [cell.value for cell in book["places"]["A"]][2:]
    assert names[2] == TRICKS[2]  # the text itself, and text it stays
    assert names[6] == "=1+1"
    assert names[-1] == "\N{REPLACEMENT CHARACTER}bell"


def test_the_file_itself_holds_no_formula(tmp_path):
    write_workbook(handed(*TRICKS), tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as packed:
        sheets = [packed.read(name) for name in packed.namelist() if "worksheets/" in name]
    assert len(sheets) == 1 + len(handed().tables)
    assert not any(re.search(rb"<f[ >/]", sheet) for sheet in sheets)


def test_nights_are_dates(tmp_path):
    nights = pa.table({"night": ["2026-01-08"], "people_low": [float("inf")]})
    run = handed()
    book = opened(replace(run, tables={**run.tables, "nights": nights}), tmp_path)
    assert book["nights"]["A3"].value == datetime.fromisoformat("2026-01-08")
    assert book["nights"]["B3"].value is None


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr("keepwarm.exchange.sheets.ROWS", 60)
    book = opened(handed(), tmp_path)
    sheets = [book[name] for name in book.sheetnames if name.startswith("regions")]
    assert [sheet.title for sheet in sheets] == ["regions", "regions 2"]
    assert [sheet.max_row for sheet in sheets] == [60, 2 + 96 - 58]
    assert [sheet["A1"].value for sheet in sheets] == ["time", "time"]


def test_texts_longer_than_a_cell_are_cut(tmp_path):
    run = handed("x" * 40_000)
    text = opened(run, tmp_path)["places"]["A3"].value
    assert len(text) == 32_767
    assert text.endswith("…")


def test_a_place_that_cannot_be_written_is_a_calm_fault(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        write_workbook(handed(), tmp_path / "none" / "out.xlsx")
