"""Words of what is handed on, from the files in ``texts/``; counts as people read them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

#: Languages of alerts and calendars, in the order in which an alert has them.
LANGUAGES = ("en", "uk")


@cache
def wording(language: str) -> Mapping[str, str]:
    """Return the texts of a language; those of English where there are none in it."""
    code = language if language in LANGUAGES else "en"
    source = files("keepwarm.exchange") / "texts" / f"{code}.toml"
    return {key: str(text) for key, text in tomllib.loads(source.read_text("utf-8")).items()}


def count(value: float) -> str:
    """Return a count to three digits, thousands apart; what rounds to nothing is under 1.

    Examples
    --------
    >>> count(0.2), count(17.0)
    ('<1', '17')
    """
    if 0 < value < 0.5:
        return "<1"
    whole = f"{float(f'{value:.3g}') if value >= 1000 else value:,.0f}"
    return whole.replace(",", "\N{NO-BREAK SPACE}")
