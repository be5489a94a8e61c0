"""Sentences and the claims that they make, whole: no more and no fewer."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from keepwarm.reports.reader import read_text

ROWS = list(csv.DictReader((Path(__file__).parent / "sentences.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:40])
def test_a_sentence_makes_these_claims(row: dict[str, str]) -> None:
    read = [
        one.metric if one.value is None else f"{one.metric}={one.value:g}"
        for one in read_text(row["text"]).claims
    ]
    expected = [claim for claim in row["claims"].split("; ") if claim]
    assert sorted(read) == sorted(f"{one:s}" for one in map(_plain, expected))


def _plain(claim: str) -> str:
    """Write a number as the test prints it."""
    metric, _, value = claim.partition("=")
    return f"{metric}={float(value):g}" if value else metric


def test_who_signs_a_post_says_all_of_it() -> None:
    words = (
        "Без світла 31 200 абонентів.\n\nЗаживили 12 400 споживачів.\n\n"
        "В'ячеслав Чаус, начальник Чернігівської ОВА"
    )
    assert [one.source for one in read_text(words).claims] == ["Viacheslav Chaus"] * 2


def test_a_title_in_capitals_speaks_for_nobody() -> None:
    words = "UKRAINE: Humanitarian impact of attacks\n\n6 civilians killed, 34 injured"
    assert {one.source for one in read_text(words).claims} == {"unattributed"}


def test_a_time_may_stand_before_who_speaks() -> None:
    read = read_text("07:00 — обленерго: знеструмлено 96 тисяч абонентів.")
    assert "oblenergo" in read.claims[0].source


def test_a_quotation_is_of_who_is_named_behind_it() -> None:
    read = read_text("“约3万户停电。”玉环市供电公司副经理陈立军说。")
    assert read.claims[0].source_surface.endswith("陈立军")


def test_where_an_organ_sits_is_no_place_of_what_it_counts() -> None:
    read = read_text("268 Drohnen seien abgefangen worden, teilte die Luftwaffe in Kiew mit.")
    assert read.claims[0].location != "Kyiv"


def test_a_town_in_a_list_of_regions_stays_a_town() -> None:
    words = "У Харкові, Київській та Сумській областях діють графіки аварійних відключень."
    assert read_text(words).claims[0].location == "Kharkiv; Kyiv Oblast; Sumy Oblast"


def test_what_a_title_says_of_a_plant_is_told_once() -> None:
    words = (
        "Umspannwerk getroffen\n\nDer Konzern DTEK meldete schwere Schäden an einem Umspannwerk.\n"
    )
    read = read_text(words)
    assert [(one.metric, one.source) for one in read.claims] == [("facility_damaged", "DTEK")]


def test_the_capital_is_no_part_of_another_town() -> None:
    assert read_text("德国首都柏林约4.5万户停电。").claims[0].location == "Berlin"


def test_a_speaker_may_stand_in_brackets_behind_what_is_said() -> None:
    read = read_text("▪️ погибли 4 человека, 25 ранены (мэр Кличко);")
    assert {one.source for one in read.claims} == {"Vitali Klitschko"}
