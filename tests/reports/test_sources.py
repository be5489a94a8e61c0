"""Who speaks, against sentences whose speakers were written down by hand (``sources.csv``)."""

from __future__ import annotations

import csv
from bisect import bisect_left
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.reports.names import nominative, romanised
from keepwarm.reports.sources import Attribution, attributions
from keepwarm.reports.speakers import known, phrase
from keepwarm.reports.text import prepare

with (Path(__file__).parent / "sources.csv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table))


def said(words: str, piece: str) -> Attribution:
    text = prepare(words)
    place = bisect_left(text.offsets, text.original.index(piece))
    return next(one for one in attributions(text) if one.start <= place < one.end)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['language']}: {row['words']}")
def test_each_piece_has_its_speaker(row: dict[str, str]) -> None:
    assert said(row["text"], row["words"]).source == row["source"]


@pytest.mark.parametrize("language", ["en", "uk", "ru", "de", "zh"])
def test_a_table_of_each_language(language: str) -> None:
    assert sum(row["language"] == language for row in ROWS) >= 25


def test_words_that_name_the_source() -> None:
    words = "Обленерго звітує: 27 тис. споживачів без світла. Пізніше мер Олег Бойко заперечив це."
    text = prepare(words)
    first, *_, last = attributions(text)
    assert text.span(first.surface_start, first.surface_end)[0] == "Обленерго"
    assert text.span(last.surface_start, last.surface_end)[0] == "мер Олег Бойко"


def test_a_pronoun_keeps_the_words_of_the_name() -> None:
    one = said("Mayor Ihor Terekhov said two died. He added that 90 houses are cold.", "90 houses")
    assert one.carry_over
    assert (one.surface_start, one.surface_end) == (0, len("Mayor Ihor Terekhov"))


def test_two_speakers_so_far_leave_a_sentence_to_the_writer() -> None:
    words = "DTEK said 9 homes are dark. Naftogaz said 8 wells stopped. Some 70 towns are cold."
    assert said(words, "70 towns").source == "unattributed"


def test_whose_organ_a_source_is() -> None:
    words = "The Russian Defence Ministry said Ukraine had lost 40 drones."
    assert said(words, "40 drones").about == "Russia"


def test_known_names_differ() -> None:
    assert phrase("Kyivteploenergo", "en") != phrase("Kyivvodokanal", "en")
    assert known()["Ukrenergo"].country == "Ukraine"


# Examples of the national system of 2010 (resolution 55) and of press usage.
@pytest.mark.parametrize(
    ("name", "language", "english"),
    [
        ("Згурський", "uk", "Zghurskyi"),
        ("Юрій", "uk", "Yurii"),
        ("Знам'янка", "uk", "Znamianka"),
        ("Щербухи", "uk", "Shcherbukhy"),
        ("Їжакевич", "uk", "Yizhakevych"),
        ("Дмитрий Медведев", "ru", "Dmitry Medvedev"),
        ("Евгений Примаков", "ru", "Yevgeny Primakov"),
        ("Хрущёв", "ru", "Khrushchov"),
    ],
)
def test_names_in_latin_letters(name: str, language: str, english: str) -> None:
    assert romanised(name, language) == english


@pytest.mark.parametrize(
    ("words", "language", "base"),
    [
        ("Льва Тугарина", "ru", "Лев Тугарин"),
        ("Мария Иванова", "ru", "Мария Иванова"),
        ("Сергея Левицкого", "ru", "Сергей Левицкий"),
        ("Андрія Павленка", "uk", "Андрій Павленко"),
        ("Ірина Петренко", "uk", "Ірина Петренко"),
    ],
)
def test_names_in_the_nominative(words: str, language: str, base: str) -> None:
    assert " ".join(nominative(tuple(words.split()), language)) == base


# fmt: off
LETTERS = st.sampled_from([
    "«", "»", "“", "”", "„", '"', "「", "」", ":", ";", ",", ".", "—", "(",
    ")", "[", "]", "said", "DTEK", "he", "citing", "as", "while", "Reuters",
    "12", "сказав", "он", "и", "голова", "ОВА", "мер", "Кличко", "laut",
    "zufolge", "sagte", "据", "消息", "他", "说", "空军", "如果", "\n\n",
    "according to", "за даними", "по словам", "das Unternehmen",
])
# fmt: on


@settings(max_examples=150, deadline=None)
@given(st.lists(LETTERS, max_size=25).map(" ".join) | st.text(max_size=60))
def test_stretches_cover_each_sentence_once(words: str) -> None:
    text = prepare(words)
    found = attributions(text)
    for sentence in text.sentences:
        parts = [one for one in found if sentence.start <= one.start < sentence.end]
        assert parts[0].start == sentence.start
        assert parts[-1].end == sentence.end
        assert all(a.end == b.start for a, b in pairwise(parts))
    assert all(one.surface_start <= one.surface_end <= len(text.copy) for one in found)
