"""Facilities damaged, stopped or aimed at: a table of sentences in five languages."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.claims import vocabulary
from keepwarm.reports.facilities import facilities
from keepwarm.reports.metrics import Finding
from keepwarm.reports.quantities import quantities
from keepwarm.reports.words import LANGUAGES, table
from tests.reports.one_language import text_in, written

with Path(__file__).with_name("facilities.csv").open(encoding="utf-8", newline="") as file:
    CASES = [(row["language"], row["sentence"], row["expected"]) for row in csv.DictReader(file)]


def read(language: str, words: str) -> list[Finding]:
    text = text_in(language, words)
    return [
        found
        for sentence in text.sentences
        for found in facilities(sentence, quantities(text, sentence))
    ]


@pytest.mark.parametrize(("language", "words", "expected"), CASES)
def test_sentence(language: str, words: str, expected: str) -> None:
    assert "; ".join(map(written, read(language, words))) == expected


def test_every_language_has_enough_sentences_and_some_without_a_claim() -> None:
    for language in LANGUAGES:
        rows = [expected for tongue, _, expected in CASES if tongue == language]
        assert len(rows) >= 25
        assert rows.count("") >= 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_noun_of_the_tables_is_a_facility_of_the_vocabulary(language: str) -> None:
    kinds = {label.removesuffix("_any") for label in table(language, "facilities")["noun"]}
    assert kinds == set(vocabulary()["facility_type"])


@pytest.mark.parametrize(
    ("language", "words", "quotes"),
    [
        (
            "uk",
            "Пошкоджено дві підстанції та котельню.",
            ["Пошкоджено дві підстанції", "котельню"],
        ),
        ("ru", "В Каменогорске повреждена подстанция.", ["повреждена подстанция"]),
        (
            "de",
            "Fünf Hochspannungs- und zehn Mittelspannungskabel wurden zerstört.",
            ["Fünf Hochspannungs-", "zehn Mittelspannungskabel wurden zerstört"],
        ),
        ("zh", "一座变电站和一座热电厂受损。", ["一座变电站", "一座热电厂受损"]),
        ("en", "The 38 damaged pylons will be replaced.", ["38 damaged pylons"]),
    ],
)
def test_a_quote_carries_noun_and_predicate_and_no_more(
    language: str, words: str, quotes: list[str]
) -> None:
    text = text_in(language, words)
    found = facilities(text.sentences[0], quantities(text, text.sentences[0]))
    assert [text.copy[one.start : one.end] for one in found] == quotes


def test_a_relative_clause_stands_aside() -> None:
    told = "Two lines, which feed the town, were torn down."
    assert written(read("en", told.replace("lines", "power lines"))[0]).endswith("line 2")
    aside = "The mayor, who visited the power plant, said the road was damaged."
    assert read("en", aside) == []


def test_an_attack_with_consequences_is_damage_without_them_an_aim() -> None:
    aim = read("en", "Drones attacked the oil depot.")
    harm = read("en", "Drones attacked the oil depot, and a fire broke out.")
    assert [one.metric for one in aim] == ["facility_targeted"]
    assert [one.metric for one in harm] == ["facility_damaged"]


WORDS = [
    word.strip("*()")
    for language in LANGUAGES
    for labels in table(language, "facilities").values()
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
        for found in facilities(sentence, quantities(text, sentence)):
            assert sentence.start <= found.start < found.end <= sentence.end
            assert found.facility_type in vocabulary()["facility_type"]
            assert found.metric in vocabulary()["metric"]
            assert found.qualifier in vocabulary()["qualifier"]
