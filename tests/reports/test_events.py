"""Outages without a number, schedules, promises, warnings: a table of sentences."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.claims import vocabulary
from keepwarm.reports.conditions import condition
from keepwarm.reports.events import events
from keepwarm.reports.facilities import facilities
from keepwarm.reports.metrics import Finding, Memory, findings
from keepwarm.reports.quantities import quantities
from keepwarm.reports.words import LANGUAGES, table
from tests.reports.one_language import text_in, written

with Path(__file__).with_name("events.csv").open(encoding="utf-8", newline="") as file:
    CASES = [(row["language"], row["sentence"], row["expected"]) for row in csv.DictReader(file)]


def read(language: str, words: str) -> list[Finding]:
    text = text_in(language, words)
    result: list[Finding] = []
    for sentence in text.sentences:
        numbers = quantities(text, sentence)
        counted = [*findings(sentence, numbers, Memory()), *facilities(sentence, numbers)]
        result += events(sentence, numbers, counted)
    return result


@pytest.mark.parametrize(("language", "words", "expected"), CASES)
def test_sentence(language: str, words: str, expected: str) -> None:
    assert "; ".join(map(written, read(language, words))) == expected


def test_every_language_has_enough_sentences_and_some_without_a_claim() -> None:
    for language in LANGUAGES:
        rows = [expected for tongue, _, expected in CASES if tongue == language]
        assert len(rows) >= 22
        assert rows.count("") >= 6


@pytest.mark.parametrize(
    ("language", "words", "quote", "note"),
    [
        (
            "en",
            "The grid will collapse if the plant is offline for more than three days, he said.",
            "The grid will collapse",
            "if the plant is offline for more than three days",
        ),
        (
            "ru",
            "При морозе ниже минус 20 систему придётся слить.",
            "систему придётся слить",
            "При морозе ниже минус 20",
        ),
        (
            "uk",
            "Якщо морози триватимуть, труби замерзнуть, сказав мер.",
            "труби замерзнуть",
            "Якщо морози триватимуть",
        ),
        (
            "de",
            "Falls das Werk ausfällt, müssten die Leitungen entleert werden.",
            "müssten die Leitungen entleert werden",
            "Falls das Werk ausfällt",
        ),
        ("zh", "如果严寒持续三天，管道将冻裂。", "管道将冻裂", "如果严寒持续三天"),
    ],
)
def test_a_warning_quotes_its_consequence_and_notes_its_condition(
    language: str, words: str, quote: str, note: str
) -> None:
    text = text_in(language, words)
    found = events(text.sentences[0], quantities(text, text.sentences[0]), [])
    assert [(text.copy[one.start : one.end], one.note) for one in found] == [(quote, note)]


def test_nothing_else_is_read_from_under_a_condition() -> None:
    words = "If the substation is hit, the city will be without water and power."
    assert [one.metric for one in read("en", words)] == ["conditional_warning"]
    text = text_in("en", words)
    assert facilities(text.sentences[0], []) == []


def test_what_would_have_been_is_no_condition() -> None:
    words = "If the crews had not come, the town would have lost heating."
    assert condition(text_in("en", words).sentences[0]) is None


def test_a_number_takes_the_outage_of_its_own_part_only() -> None:
    words = "In Odesa 40,000 customers are without power; Kherson is without power and water."
    assert [one.metric for one in read("en", words)] == ["power_outage", "water_outage"]
    assert read("en", "In Odesa 40,000 customers are without power.") == []


def test_each_kind_of_schedule_is_said_once() -> None:
    words = "Hourly outage schedules, rolling blackouts and emergency outages apply."
    assert [one.metric for one in read("en", words)] == ["outage_schedule"] * 2


WORDS = [
    word.strip("*()")
    for language in LANGUAGES
    for step in ("events", "conditions")
    for labels in table(language, step).values()
    for patterns in labels.values()
    for pattern in patterns
    for word in pattern.split()
]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(LANGUAGES),
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=25),
)
def test_any_words_are_read_without_an_exception(language: str, words: list[str]) -> None:
    text = text_in(language, " ".join(words))
    for sentence in text.sentences:
        for found in events(sentence, quantities(text, sentence), []):
            assert sentence.start <= found.start < found.end <= sentence.end
            assert found.metric in vocabulary()["metric"]
            assert found.qualifier in vocabulary()["qualifier"]
