"""The whole reader on the reports it was developed on; the unseen ones are scored in docs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.claims import vocabulary
from keepwarm.reports.reader import read_text
from keepwarm.validation.reading_scores import Score, read_gold, score

HERE = Path(__file__).parent
DEVELOPED = [HERE / "developed.jsonl", *sorted((HERE / "practice").glob("*.jsonl"))]


@pytest.mark.parametrize("path", DEVELOPED, ids=lambda path: path.stem)
def test_numbers_read_in_known_reports(path: Path) -> None:
    total = Score()
    for report in read_gold(path):
        total.add(score(report, read_text(report["text"]).claims)[1])
    assert total.precision is not None
    assert total.recall is not None
    # A guard against slips, not a goal: goals are for texts nobody tuned to.
    assert total.precision > 0.8
    assert total.recall > 0.6


@pytest.mark.parametrize("report", read_gold(HERE / "developed.jsonl"), ids=lambda one: one["id"])
def test_every_claim_stands_in_its_text(report: dict[str, str]) -> None:
    read = read_text(report["text"], name=report["id"])
    for claim in read.claims:
        quoted = read.text[claim.span_start : claim.span_start + len(claim.quote_span)]
        assert quoted == claim.quote_span
        if claim.source_surface:
            assert claim.source_start is not None
            assert read.text[claim.source_start :].startswith(claim.source_surface)
        assert claim.metric in vocabulary()["metric"]
        assert claim.qualifier in vocabulary()["qualifier"]
        assert claim.modality in vocabulary()["modality"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_an_answer(words: str) -> None:
    read = read_text(words)
    for claim in read.claims:
        assert claim.quote_span in read.text


@pytest.mark.parametrize(
    "words",
    [
        "12345 67890 2468",
        "Gas rose 3.4 percent to 31.20 euros.",
        "Ціна зросла на 12 відсотків, до 40 тис. грн.",
        "Die Speicher sind zu 83 Prozent gefüllt.",
        "天然气价格上涨3.4%。",
    ],
)
def test_numbers_out_of_scope_give_no_claim(words: str) -> None:
    assert read_text(words).claims == ()
