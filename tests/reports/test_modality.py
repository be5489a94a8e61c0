"""How claims are meant, against sentences read by hand (``modality.csv``)."""

from __future__ import annotations

import csv
from bisect import bisect_left
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.claims import vocabulary
from keepwarm.reports.modality import modality, phase
from keepwarm.reports.text import Sentence, Text, prepare

with (Path(__file__).parent / "modality.csv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table))


def found(words: str, piece: str) -> tuple[Text, Sentence, int, int]:
    text = prepare(words)
    begin = text.original.index(piece)
    start, end = (bisect_left(text.offsets, place) for place in (begin, begin + len(piece)))
    sentence = next(one for one in text.sentences if one.start <= start < one.end)
    return text, sentence, start, end


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['language']}: {row['words']}")
def test_each_piece_is_meant_so(row: dict[str, str]) -> None:
    assert modality(*found(row["text"], row["words"]))[0] == row["modality"]


@pytest.mark.parametrize(
    ("words", "piece", "condition"),
    [
        (
            "Some 400 buildings would freeze if the plant is off three days below -10 C.",
            "400 buildings",
            "if the plant is off three days below -10 C",
        ),
        ("Доведеться злити 90 будинків, якщо мороз триватиме.", "90", "якщо мороз триватиме"),
        ("Если мороз усилится, сольют воду из 40 домов.", "40", "Если мороз усилится"),
        ("Falls der Frost bleibt, müssten 40 Häuser warten.", "40", "Falls der Frost bleibt"),
        ("如果气温低于零下15度，400栋楼将受冻。", "400", "如果气温低于零下15度"),
    ],
)
def test_the_words_of_a_condition(words: str, piece: str, condition: str) -> None:
    assert modality(*found(words, piece)) == ("conditional", condition)


@pytest.mark.parametrize(
    ("words", "piece", "stage"),
    [
        ("Initially 45,000 homes were dark, but 9,000 are still waiting.", "45,000", "initial"),
        ("Initially 45,000 homes were dark, but 9,000 are still waiting.", "9,000", "current"),
        ("Outages peaked at 70,000 homes.", "70,000", "peak"),
        ("Спочатку знеструмлено 40 сіл, наразі лишається 12.", "40 сіл", "initial"),
        ("На пике без света были 40 тысяч домов.", "40 тысяч", "peak"),
        ("Zunächst waren 45.000 Haushalte betroffen.", "45.000", "initial"),
        ("全市一度有12万户停电，目前仍有3万户停电。", "12万户", "peak"),
        ("全市一度有12万户停电，目前仍有3万户停电。", "3万户", "current"),
        ("Since the start of the winter 90 substations were hit.", "90", "cumulative"),
        ("Some 300 homes lost heat.", "300", ""),
    ],
)
def test_phases(words: str, piece: str, stage: str) -> None:
    assert phase(*found(words, piece))[0] == stage


def test_time_words() -> None:
    assert phase(*found("Some 300 homes lost heat on Tuesday.", "300"))[1] == "on Tuesday"


# fmt: off
WORDS = st.sampled_from([
    "denied", "that", "if", "would", "will", "and", ",", ".", ";", "not",
    "reportedly", "confirmed", "заперечив", "якщо", "если", "опровергли",
    "falls", "sollen", "dementierte", "如果", "否认", "不实", "预计", "，", "。",
    "12", "DTEK", "said", "were", "damaged", "worden sein", ", but",
])
# fmt: on


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=20).map(" ".join) | st.text(max_size=60), st.integers(0, 80))
def test_any_piece_has_a_modality_of_the_vocabulary(words: str, place: int) -> None:
    text = prepare(words)
    for sentence in text.sentences:
        start = min(sentence.start + place, sentence.end - 1)
        assert modality(text, sentence, start, start + 1)[0] in vocabulary()["modality"]
        assert phase(text, sentence, start, start + 1)[0] in {"", *vocabulary()["phase"]}
