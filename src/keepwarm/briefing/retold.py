"""What plans, claims and measures say, said again in the language of the page."""

from __future__ import annotations

import re

from keepwarm.briefing.words import ENGLISH, Words
from keepwarm.said.sentence import BETWEEN, Clause, Said, Value

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z")


def retold(text: str, texts: Words, zone: str = "UTC") -> str | None:
    """Return a sentence, clause by clause, in a language; None where nobody knows what it says.

    Parameters
    ----------
    text
        Such as a repair's ``why``.
    texts
        In which language; an English text is returned as it is.
    zone
        In which times are told.
    """
    if texts.language == ENGLISH or not text:
        return text
    if not isinstance(text, Said):
        return None
    return BETWEEN.join(_clause(clause, texts, zone) for clause in text.clauses)


def _clause(clause: Clause, texts: Words, zone: str) -> str:
    values = {name: _value(name, value, texts, zone) for name, value in clause.values.items()}
    return texts.text(f"says.{clause.key}").format(**values)


def _value(name: str, value: Value, texts: Words, zone: str) -> str:
    if isinstance(value, Said):
        return str(retold(value, texts, zone))
    if not isinstance(value, str):
        return texts.plain(value, 12)
    if _TIME.fullmatch(value):
        return texts.local(value, zone)
    return texts.known(f"says.{name}.{value.replace(' ', '_')}", value)
