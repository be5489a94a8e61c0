"""Sentences of a known language, for tests of the steps after language identification."""

from keepwarm.reports.metrics import Finding
from keepwarm.reports.reading_copy import reading_copy
from keepwarm.reports.sentences import sentence_spans
from keepwarm.reports.text import Sentence, Text
from keepwarm.reports.words import tokens_of


def text_in(language: str, words: str) -> Text:
    """Return a text of one paragraph, read in the language given."""
    copy, offsets = reading_copy(words)
    spans = sentence_spans(copy, 0, len(copy), language)
    sentences = [Sentence(*span, language, 0, tokens_of(copy, *span)) for span in spans]
    return Text(words, copy, offsets, tuple(sentences), language)


def written(found: Finding) -> str:
    """Write a finding as the tables do: metric, facility, value, unit, qualifier unless exact."""
    value = "" if found.value is None else f"{found.value:g}"
    if found.value_max is not None:
        value += f"..{found.value_max:g}"
    if found.facility_type:
        return " ".join(
            filter(None, (found.metric, found.facility_type, value or "-", _unless_exact(found)))
        )
    return " ".join(filter(None, (found.metric, value, found.unit, _unless_exact(found))))


def _unless_exact(found: Finding) -> str:
    return "" if found.qualifier == "exact" else found.qualifier
