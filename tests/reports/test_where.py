"""Places of claims against ``where.csv``: texts and places written by hand before the rules.

``expected`` holds ``metric value @ place`` joined by `` + ``; ``-`` is no place or the country,
``|`` parts places that a careful reader may take, ``?`` is a claim without a number. Claims that
the reader does not find yet are left out.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

import pytest

from keepwarm.reports.reader import read_text
from keepwarm.reports.speaker_homes import home_of
from keepwarm.reports.speakers import known
from keepwarm.validation.reading_scores import same_place

_TABLE = Path(__file__).with_name("where.csv").read_text(encoding="utf-8").splitlines()
_CASES = [tuple(row.values()) for row in csv.DictReader(_TABLE)]


@pytest.mark.parametrize(("language", "words", "expected"), _CASES)
def test_place_of_each_claim(language: str, words: str, expected: str) -> None:
    read = read_text(words)
    assert read.language == language
    for claim in expected.split(" + "):
        what, _, wanted = claim.partition(" @ ")
        metric, value = what.split(" ")
        number = None if value == "?" else float(value)
        found = [one for one in read.claims if (one.metric, one.value) == (metric, number)]
        places = [None if place == "-" else place for place in wanted.split("|")]
        assert any(same_place(one.location, place) for one in found for place in places), claim


def test_every_speaker_with_a_home_is_known() -> None:
    assert home_of("Vitali Klitschko (via Ukrinform)") == "Kyiv"
    assert home_of("Ukrenergo") == ""
    written = (files("keepwarm.reports") / "speaker_homes.csv").read_text(encoding="utf-8")
    assert {row["name"] for row in csv.DictReader(written.splitlines())} <= set(known())
