"""What a plan writes of itself in English, said again in the language of the page."""

from __future__ import annotations

import re
from functools import cache

from keepwarm.briefing.words import ENGLISH, Words, words

#: Values of these texts that are numbers, and those that are carriers.
NUMBERS = ("hours", "mw", "people", "in_time", "sure", "drained", "held", "needed", "there")
CARRIERS = ("carrier", "service")

_VALUE = re.compile(r"\{(\w+)\}")


def retold(text: str, texts: Words) -> str | None:
    """Return what a plan says, clause by clause, in a language; None where it is not known.

    Parameters
    ----------
    text
        Such as a repair's ``why``.
    texts
        In which language; an English text is returned as it is.
    """
    if texts.language == ENGLISH or not text:
        return text
    said = [_clause(clause, texts) for clause in text.split("; ")]
    return None if None in said else "; ".join(clause for clause in said if clause)


def _clause(clause: str, texts: Words) -> str | None:
    for key, pattern in _patterns():
        found = pattern.fullmatch(clause)
        if found:
            values = {name: _value(name, value, texts) for name, value in found.groupdict().items()}
            return texts.text(key).format(**values)
    return None


def _value(name: str, value: str, texts: Words) -> str:
    if name in NUMBERS:
        return texts.written(value.replace(",", ""))
    if name in CARRIERS:
        return texts.known(f"word.{value}", value)
    return value


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the English texts as patterns that find their values."""
    texts = words().texts
    return tuple((key, _pattern(texts[key])) for key in texts if key.startswith("says."))


def _pattern(text: str) -> re.Pattern[str]:
    parts = _VALUE.split(text.replace("\N{NO-BREAK SPACE}", " "))
    number = r"-?[\d,]*\.?\d+"
    return re.compile(
        "".join(
            f"(?P<{part}>{number if part in NUMBERS else '.+?'})" if at % 2 else re.escape(part)
            for at, part in enumerate(parts)
        )
    )
