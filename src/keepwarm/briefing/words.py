"""Words and numbers as people read them, and the texts of the page in one language."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

import numpy as np

from keepwarm.case.times import local_time

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: A blank between a number and its unit, where no line may break.
_UNIT = re.compile(r"(?<=\}) (?=(?:MWh|MW|h|°C|%)(?![\w]))")


def local_text(moment: str | datetime, zone: str) -> str:
    """Return a UTC time (ISO text, or naive datetime) as local text, e.g. "9 Jan 02:30"."""
    text = moment.isoformat() if isinstance(moment, datetime) else moment
    local = local_time(np.datetime64(text.removesuffix("Z"), "s"), zone)
    return f"{local.day} {MONTHS[local.month - 1]} {local:%H:%M}"


def count_text(value: float) -> str:
    """Return a count in whole numbers, thousands grouped; what rounds to nothing says so.

    Examples
    --------
    >>> count_text(11499.6), count_text(0.2), count_text(0.0)
    ('11,500', 'under 1', '0')
    """
    if 0 < value < 0.5:
        return "under 1"
    return f"{value:,.0f}"


def people_text(value: float) -> str:
    """Return people to three digits: more would promise a precision that nobody has.

    Examples
    --------
    >>> people_text(1406849.0), people_text(7697.5), people_text(12.0)
    ('1,410,000', '7,700', '12')
    """
    if value < 1000:
        return count_text(value)
    return f"{three_digits(value):,.0f}"


def three_digits(value: float) -> float:
    """Return a number rounded to three significant digits."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, 2 - math.floor(math.log10(abs(value))))


def amount_text(value: float) -> str:
    """Return a quantity to about three digits.

    Examples
    --------
    >>> amount_text(1234.5), amount_text(24.0), amount_text(0.29), amount_text(2.77), amount_text(0)
    ('1,230', '24', '0.29', '2.8', '0')
    """
    size = abs(value)
    if size >= 100:
        return f"{three_digits(value):,.0f}"
    return (f"{value:.1f}" if size >= 1 else f"{value:.2g}").removesuffix(".0")


def degrees_text(value: float) -> str:
    """Return a temperature without its unit, with a true minus sign.

    Examples
    --------
    >>> degrees_text(-10.04), degrees_text(18.0)
    ('−10.0', '18.0')
    """
    return f"{value:.1f}".replace("-0.0", "0.0").replace("-", "−")


@dataclass(frozen=True)
class Words:
    """All texts of the page in one language, by dotted key."""

    language: str
    texts: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]

    def text(self, key: str) -> str:
        """Return one text."""
        return self.texts[key]

    def plural(self, key: str, count: float) -> str:
        """Return the form of a text that fits a count, "one" or "other" in English."""
        return self.texts[f"{key}.{'one' if count_text(count) == '1' else 'other'}"]


@cache
def words(language: str = "en") -> Words:
    """Return the texts of one language from ``texts/LANGUAGE.toml``."""
    source = files("keepwarm.briefing") / "texts" / f"{language}.toml"
    texts: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    _flatten(tomllib.loads(source.read_text(encoding="utf-8")), "", texts, lists)
    return Words(language, texts, lists)


def _flatten(
    node: Mapping[str, object],
    prefix: str,
    texts: dict[str, str],
    lists: dict[str, tuple[str, ...]],
) -> None:
    for key, value in node.items():
        if isinstance(value, Mapping):
            _flatten(value, f"{prefix}{key}.", texts, lists)
        elif isinstance(value, list):
            lists[prefix + key] = tuple(str(item) for item in value)
        else:
            texts[prefix + key] = _UNIT.sub("\N{NO-BREAK SPACE}", str(value))
