"""Words, numbers and times as people read them, in one language.

Texts stand in ``texts/LANGUAGE.toml``. How a language groups digits, which plural forms it has and
what its months are called comes from the Unicode CLDR (Babel), so that a new language is a new file
of texts and nothing else.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from keepwarm.case.times import local_time
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.said.sentence import texts_of

if TYPE_CHECKING:
    from babel import Locale

ENGLISH = "en"

#: Plural categories in the order in which a text gives their forms (CLDR).
CATEGORIES = ("zero", "one", "two", "few", "many", "other")

#: A blank between a number and its unit, where no line may break.
_UNIT = re.compile(r"(?<=\}) (?=(?:MWh|MW|h|°C|%|МВт·год|МВт|год|л)(?![\w]))")

#: A value in a text: its name, and the forms of what it counts.
_VALUE = re.compile(r"\{(\w+)(?::([^{}]*))?\}")


#: How Python writes a number: English alone has such formats, and other languages pass them over.
_FORMAT = re.compile(r",?(\.\d+)?[fg]?")


class Figure(str):
    """A number as people read it, which knows the plural form of what it counts.

    In a text ``{count:row|rows}`` is the form that fits: one for each plural category of the
    language, in the order of `CATEGORIES`.
    """

    form: int

    def __new__(cls, text: str, form: int) -> Figure:
        """Keep the text and the place of its form among those of its language."""
        figure = super().__new__(cls, text)
        figure.form = form
        return figure

    def __format__(self, spec: str) -> str:
        """Return the number, or the form of a word that goes with it."""
        return str(self) if _FORMAT.fullmatch(spec) else form_of(spec, self.form)


def form_of(forms: str, place: int) -> str:
    """Return one of the forms ``a|b|c``; the last where there are fewer."""
    found = forms.split("|")
    return found[min(place, len(found) - 1)]


@dataclass(frozen=True)
class Words:
    """All texts of the page in one language, by dotted key, and its numbers and times."""

    language: str
    locale: Locale
    texts: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]

    def text(self, key: str) -> str:
        """Return one text."""
        return self.texts[key]

    def known(self, key: str, otherwise: str) -> str:
        """Return a text that not every language needs, such as what a setting means."""
        return self.texts.get(key, otherwise)

    def plural(self, key: str, count: float) -> str:
        """Return the form of a text that fits a count: of ``key.one``, ``key.other`` and so on."""
        category = categories(self.locale)[self.count(count).form]
        return self.texts.get(f"{key}.{category}") or self.texts[f"{key}.other"]

    def count(self, value: float) -> Figure:
        """Return a count in whole numbers, digits grouped; what rounds to nothing says so.

        Examples
        --------
        >>> words().count(11499.6), words().count(0.2), words("uk").count(0.0)
        ('11,500', 'under 1', '0')
        """
        if 0 < value < 0.5:
            return Figure(self.text("number.under_one"), self._form("1"))
        return self.written(f"{value:.0f}")

    def people(self, value: float) -> Figure:
        """Return people to three digits: more would promise a precision that nobody has.

        Examples
        --------
        >>> words().people(1406849.0), words().people(7697.5), words().people(12.0)
        ('1,410,000', '7,700', '12')
        """
        return self.count(value) if value < 1000 else self.written(f"{three_digits(value):.0f}")

    def amount(self, value: float) -> Figure:
        """Return a quantity to about three digits.

        Examples
        --------
        >>> [str(words().amount(v)) for v in (1234.5, 24.0, 0.29, 2.77, 0)]
        ['1,230', '24', '0.29', '2.8', '0']
        >>> words("uk").amount(2.77)
        '2,8'
        """
        size = abs(value)
        if size >= 100:
            return self.written(f"{three_digits(value):.0f}")
        text = f"{value:.1f}" if size >= 1 else f"{Decimal(f'{value:.2g}'):f}"
        return self.written(text.removesuffix(".0"))

    def degrees(self, value: float) -> Figure:
        """Return a temperature without its unit, with a true minus sign.

        Examples
        --------
        >>> words().degrees(-10.04), words("uk").degrees(18.0)
        ('−10.0', '18,0')
        """
        return self.written(f"{value:.1f}".replace("-0.0", "0.0"))

    def short(self, value: float) -> Figure:
        r"""Return a count as an axis shows it: millions as such.

        Examples
        --------
        >>> words().short(1500000), words("uk").short(1500.0)
        ('1.5 M', '1\xa0500')
        """
        if abs(value) < 1e6:
            return self.written(f"{value:.0f}")
        number = self.plain(value / 1e6)
        return Figure(self.text("number.million").format(number=number), number.form)

    def plain(self, value: float, digits: int = 6) -> Figure:
        """Return a number as it was given, to so many digits.

        Examples
        --------
        >>> words().plain(-3.0), words("uk").plain(0.05)
        ('−3', '0,05')
        """
        return self.written(f"{Decimal(f'{value:.{digits}g}'):f}")

    def share(self, value: float) -> Figure:
        """Return a share in whole percent, without the sign."""
        return self.written(f"{100 * value:.0f}")

    def written(self, text: str) -> Figure:
        """Return a number, in Python's digits, as this language writes it."""
        from babel.numbers import format_decimal

        if "nan" in text or "inf" in text:
            return Figure(self.text("page.none"), self._form("0"))
        number = Decimal(text)
        said = format_decimal(number, _pattern(text), self.locale, decimal_quantization=False)
        return Figure(said.replace("-", "\N{MINUS SIGN}"), self._form(text))

    def local(self, moment: str | datetime, zone: str) -> str:
        """Return a UTC time (ISO text, or naive datetime) as local text, e.g. "9 Jan 02:30".

        Examples
        --------
        >>> words("uk").local("2026-01-09T00:30:00Z", "Europe/Kyiv")
        '9 січня 02:30'
        """
        text = moment.isoformat() if isinstance(moment, datetime) else moment
        return self.said(local_time(np.datetime64(text.removesuffix("Z"), "s"), zone), "moment")

    def said(self, local: datetime, pattern: str) -> str:
        """Return a local time by one of the patterns of ``[number]``: moment, day or tick."""
        from babel.dates import format_datetime

        return format_datetime(local, self.text(f"number.{pattern}"), locale=self.locale)

    def _form(self, text: str) -> int:
        category = self.locale.plural_form(Decimal(text.removeprefix("-")))
        return categories(self.locale).index(category)


def _pattern(text: str) -> str:
    """Return the CLDR pattern of a number with as many decimals as its text has."""
    decimals = len(text.partition(".")[2])
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def three_digits(value: float) -> float:
    """Return a number rounded to three significant digits."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, 2 - math.floor(math.log10(abs(value))))


def categories(locale: Locale) -> tuple[str, ...]:
    """Return the plural categories of a language in their order.

    Examples
    --------
    >>> categories(words("uk").locale)
    ('one', 'few', 'many', 'other')
    """
    tags = {*locale.plural_form.tags, "other"}
    return tuple(name for name in CATEGORIES if name in tags)


def local_text(moment: str | datetime, zone: str) -> str:
    """Return a UTC time as local text in English; see `Words.local`."""
    return words().local(moment, zone)


def people_text(value: float) -> str:
    """Return people to three digits in English; see `Words.people`."""
    return words().people(value)


def languages() -> Mapping[str, str]:
    """Return the languages that keepwarm ships, by code, each in its own name.

    Examples
    --------
    >>> languages()["uk"]
    'Українська'
    """
    found = sorted(item.name.removesuffix(".toml") for item in _folder() if _is_language(item.name))
    return {code: words(code).text("language") for code in sorted(found, key=_english_first)}


def _english_first(code: str) -> tuple[bool, str]:
    return code != ENGLISH, code


def _is_language(name: str) -> bool:
    return re.fullmatch(r"[a-z]{2,3}\.toml", name) is not None


def _folder() -> Iterator[Path]:
    folder = files("keepwarm.briefing") / "texts"
    return (Path(str(item)) for item in folder.iterdir())


@cache
def words(language: str | Path = ENGLISH) -> Words:
    """Return the texts of one language.

    Parameters
    ----------
    language
        A code of `languages`, or the file of a language of one's own, called by its code
        (``pl.toml``); what it lacks is said in English.

    Raises
    ------
    InputError
        When there is no such language, or a text names values that the English one does not.
    """
    from babel import Locale, UnknownLocaleError

    own = isinstance(language, Path)
    file = language if isinstance(language, Path) else _shipped(language)
    code = file.name.removesuffix(".toml")
    texts, lists = _read(file)
    if not own:
        said = {**texts_of(ENGLISH), **texts_of(code)}
        texts |= {key: _unbroken(text) for key, text in said.items()}
    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError) as error:
        raise _refusal(
            file, f"'{code}'", "a file named by its language, such as pl.toml"
        ) from error
    if own:
        base = words()
        wrong = faults(str(file), texts, base.texts, locale)
        if wrong:
            raise InputError(tuple(wrong))
        texts, lists = {**base.texts, **texts}, {**base.lists, **lists}
    return Words(code, locale, texts, lists)


def _shipped(code: str) -> Path:
    found = {item.name.removesuffix(".toml"): item for item in _folder() if _is_language(item.name)}
    if code not in found:
        known = ", ".join(sorted(found, key=_english_first))
        fault = Fault("language", None, None, f"'{code}'", f"one of {known}", nearest(code, found))
        raise InputError((fault,))
    return found[code]


def _refusal(file: Path, found: str, expected: str) -> InputError:
    return InputError((Fault(str(file), None, None, found, expected),))


def _read(file: Path) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    texts: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise _refusal(file, error.strerror or str(error), "a file of texts") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refusal(file, str(error), "TOML, in UTF-8") from error
    _flatten(document, "", texts, lists)
    return texts, lists


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
            texts[prefix + key] = _unbroken(str(value))


def _unbroken(text: str) -> str:
    return _UNIT.sub("\N{NO-BREAK SPACE}", text)


def faults(
    file: str, texts: Mapping[str, str], base: Mapping[str, str], locale: Locale
) -> Sequence[Fault]:
    """Return what a language's texts have wrong: values the English lacks, forms too few.

    Parameters
    ----------
    file
        Where they stand.
    texts, base
        The language's and the English ones, by key.
    locale
        Of the language.
    """
    forms, stems, found = len(categories(locale)), {_stem(key) for key in base}, []
    for key, text in texts.items():
        stem = _stem(key)
        known = {n for name, said in base.items() if _stem(name) == stem for n in _values(said)}
        if {"{", "}"} & set(_VALUE.sub("", text)):
            found.append(Fault(file, None, key, f"'{text}'", "values as {name} or {name:a|b}"))
        for name, given in _VALUE.findall(text):
            if name not in known and (known or stem in stems):
                expected = ", ".join(sorted(known)) or "no value"
                found.append(Fault(file, None, key, f"{{{name}}}", expected))
            elif given and not _FORMAT.fullmatch(given) and len(given.split("|")) != forms:
                expected = f"{forms} forms: {', '.join(categories(locale))}"
                found.append(Fault(file, None, key, f"{{{name}:{given}}}", expected))
    return found


def _stem(key: str) -> str:
    """Return a key without its plural category."""
    head, _, tail = key.rpartition(".")
    return head if tail in CATEGORIES else key


def _values(text: str) -> set[str]:
    return {name for name, _ in _VALUE.findall(text)}
