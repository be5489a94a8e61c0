"""What a number is, by its form and the words next to it: a date, a time, a unit, a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from keepwarm.reports.numerals import Numeral
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue, table

_HYPHENS = frozenset("-–‑−")
_MAYBE_VERBS = frozenset({"may", "march", "mar"})
_OF_THE_UNIT = frozenset({"percent", "power"})
_SHORT = frozenset({"en", "de"})
_CURRENCY = frozenset("$€£₴₽¥")

_COUNTED = 10
"""Words between a word of counting and "at" with its number."""

_FORMS = (
    r"(?P<link>https?://[^\s]{1,300}|www\.[^\s]{1,300}|(?<![\w.])[\w.+-]{1,64}@[\w.-]{1,100}|[#@]\w+)"
    r"|(?P<date>(?<![\d.,])(?:\d{4}-\d{1,2}-\d{1,2}"
    r"|\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})|\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})"
    r"|(?:[0-2]?\d|3[01])\.(?:0?[1-9]|1[0-2])\.?(?=$|[\s),;:!?-])|(?:19|20)\d\d/\d\d)(?![\d]|[.,]\d))"
    r"|(?P<time>(?<![\d:.,])(?:\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}[时点]\d{1,2}分)(?![\d:]))"
    r"|(?P<phone>(?<![^\W\u3400-\u9fff]|[.,-])(?:\+\d{1,3}|\(0\d{1,4}\)|0\d{0,4}|\d-8\d\d)"
    r"(?:[ \-/()]{1,3}\d{1,7}){2,6}(?![\d,.]\d)"
    r"|(?<![\w.,-])\d{2,3}-\d{2}-\d{2}(?![\d-])|(?<!\d)\d{10,20}(?!\d))"
    r"|(?P<version>(?<![\d.,])\d+(?:\.\d{1,2}){2,5}(?![\d.]))"
    r"|(?P<other>(?<![\d/])\d{1,4}/\d{1,4}(?![\d/])|\d{1,3}:\d{1,3})"
)
_FORMATS = re.compile(rf"(?=[\d+(#hw])(?:{_FORMS})")
_FORMATS_WITH_MAIL = re.compile(_FORMS)
"""The same, tried at every letter: a mailbox begins with any."""


_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d(?=\s*[-–—|:]\s)")
"""The time that opens a line of a live report: "09.55 - Death toll rises"."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a number is, and the token after its unit where the unit belongs to the number."""

    name: str
    unit: str = ""
    last: int = 0
    factor: float = 1.0
    covered: int = 0
    """The token after all words of the unit: numbers in it ("unter null") are none."""


class SetAside:
    """What the words around numbers say about them, in one sentence.

    Parameters
    ----------
    copy : str
        The reading copy its tokens point into.
    sentence : Sentence
    """

    def __init__(self, copy: str, sentence: Sentence) -> None:
        self._tokens = tokens = sentence.tokens
        self._language = sentence.language
        self._after: dict[tuple[str, int], Cue] = {}
        self._before: dict[tuple[str, int], Cue] = {}
        for cue in sentence.cues("set_aside"):
            name = cue.table if cue.table in {"after", "before", "month"} else ""
            name = name or f"{cue.table} {cue.label}"
            for places, place in ((self._before, cue.last), (self._after, cue.first)):
                known = places.get((name, place))
                if known is None or known.last - known.first < cue.last - cue.first:
                    places[name, place] = cue
        self.apart = self._find_apart()
        self.formats = self._find_formats(copy) if tokens else {}

    def _find_apart(self) -> set[int]:
        """Return the tokens of digits that stand on their own: a day, the number of a unit."""
        after_month = self._language == "en"
        return {
            place
            for (name, place), cue in self._before.items()
            if (name == "month" and after_month) or (name == "before" and cue.label == "name")
        }

    def next_year(self, year: float | None, short: float | None) -> bool:
        """Return whether two numbers are a year and the next, as in "2021-22"."""
        if year is None or short is None or not 1900 <= year <= 2099:
            return False
        return short == (year + 1) % 100

    def _find_formats(self, copy: str) -> dict[int, tuple[int, str]]:
        """Return, by first token, where a date, time, phone ... in digits ends, and its kind."""
        tokens, found, place = self._tokens, {}, 0
        start, end = tokens[0].start, tokens[-1].end
        formats = _FORMATS if copy.find("@", start, end) < 0 else _FORMATS_WITH_MAIL
        for match in formats.finditer(copy, start, end):
            while place < len(tokens) and tokens[place].end <= match.start():
                place += 1
            first = place
            while place < len(tokens) and tokens[place].start < match.end():
                place += 1
            kind = match.lastgroup or "other"
            if kind == "date" and self._is_decimal(match.group(), place):
                continue
            if first < place:
                found[first] = (place, "other" if kind in {"link"} else kind)
        if _CLOCK.match(copy, tokens[0].start):
            found[0] = (3, "time")
        return found

    def _is_decimal(self, form: str, last: int) -> bool:
        """Return whether "9.05" is a number after all: a unit or scale follows."""
        short = form.rstrip(".").count(".") == 1
        if not short:
            return False
        if self._language in {"en", "zh"}:
            return True
        month = form.split(".")[1]
        bare = len(month) == 1 and not (self._language == "de" and form.endswith("."))
        cue = self._after.get(("after", last))
        unit = cue is not None and cue.label.partition(" ")[0] not in {"time", "date", "age"}
        return bare or unit or self._key(last) in _scales(self._language)

    def kind(self, number: Numeral, qualified: bool) -> Kind:
        """Return what a number is."""
        if number.form.startswith("period"):
            return Kind("duration", number.form.partition(" ")[2])
        if number.form == "share" and self._language == "zh":
            return Kind("percent", "percent")  # 六成天然气: no six days
        return (
            self._month_day(number)
            or self._glued(number)
            or self._year(number, qualified)
            or self._by_words(number)
            or Kind(_BY_FORM.get(number.form, "count"), "percent" * (number.form == "share"))
        )

    def _key(self, place: int) -> str:
        return self._tokens[place].key if 0 <= place < len(self._tokens) else ""

    def _is_word(self, place: int) -> bool:
        return self._key(place)[:1].isalpha()

    def _is_han(self, place: int) -> bool:
        """Return whether a token is Chinese: no letter of another script, no ASCII."""
        key = self._key(place)
        return not key.isascii() and not (key.isalpha() and not "\u3400" <= key[0] <= "\u9fff")

    def _touching(self, place: int) -> bool:
        """Return whether a token touches the one before it."""
        return (
            0 < place < len(self._tokens)
            and self._tokens[place - 1].end == self._tokens[place].start
        )

    def _glued(self, number: Numeral) -> Kind | None:
        """Return what letters or a hyphen that touch the digits make of them."""
        first, last = number.first, number.last
        digits = self._tokens[first].text.isdecimal()
        if not digits or (self._language == "zh" and self._is_han(first - 1)):
            return None
        if self._touching(first) and self._key(first - 1) in _HYPHENS:
            if not self._touching(first - 1) or not self._key(first - 2)[-1:].isalnum():
                return self._negative(number)
            return Kind("name")
        if self._language == "de" and self._ordinal_stop(last):
            return Kind("ordinal", last=last + 1)
        if self._touching(first) and (self._is_word(first - 1) or self._key(first - 1) in "_/."):
            return Kind("name")
        if ("after", last) in self._after:
            return None
        if self._touching(last) and self._is_word(last) and number.scale == 1:
            if self._language == "zh" and self._is_han(last):
                return None
            ordinal = ("ordinal suffix", last) in self._after
            return Kind("ordinal" if ordinal else "name", last=last + ordinal)
        if self._touching(last) and self._key(last) in _HYPHENS and self._touching(last + 1):
            return self._hyphenated(last + 1)
        return None

    def _ordinal_stop(self, place: int) -> bool:
        """Return whether a full stop makes an ordinal ("der 9. Angriff"): it ends no sentence."""
        inside = self._key(place) == "." and place + 1 < len(self._tokens)
        return inside and self._touching(place)

    def _negative(self, number: Numeral) -> Kind:
        cue = self._after.get(("after", number.last))
        kind = cue.label.split()[0] if cue else "other"
        return Kind(kind if kind == "temperature" else "other", "", 0, -1.0)

    def _hyphenated(self, place: int) -> Kind | None:
        """Return what a word after a hyphen makes of the digits: "9-та", "5-storey"."""
        if not self._is_word(place):
            return None
        ordinal = ("ordinal suffix", place) in self._after
        return Kind("ordinal", last=place + 1) if ordinal else Kind("other")

    def _month_day(self, number: Numeral) -> Kind | None:
        """Return a date where a month stands next to the number."""
        value, last = number.value, number.last
        if value is None or value % 1 or number.scale > 1 or self._language == "zh":
            return None
        if value <= 31:
            place = last
            while place < last + 3 and (
                self._key(place) in {".", "of", "-"} or ("ordinal suffix", place) in self._after
            ):
                place += 1
            if self._month(self._after.get(("month", place))):
                return Kind("date")
            before = number.first - (self._key(number.first - 1) == "the")
            if self._language == "en" and self._month(self._before.get(("month", before))):
                return Kind("date")
        return None

    def _month(self, cue: Cue | None) -> bool:
        if cue is None:
            return False
        token = self._tokens[cue.first]
        return token.key not in _MAYBE_VERBS or token.text[:1].isupper()

    def _year(self, number: Numeral, qualified: bool) -> Kind | None:
        """Return a date where four digits are a year."""
        value, first, last = number.value, number.first, number.last
        if value is None or not number.plain or not 1900 <= value <= 2099:
            return None
        if len(self._tokens[first].text) != 4:
            return None
        if ("year after", last) in self._after or ("month", first) in self._before:
            return Kind("date")
        if self._key(first - 1) == "(" and self._key(last) == ")":
            return Kind("date")
        if qualified or ("after", last) in self._after:
            return None
        ends = not self._is_word(last)
        if self._language == "de":
            noun = not ends and self._tokens[last].text[:1].isupper()
            return None if noun else Kind("date")
        if self._language == "en" and ("year before", first) in self._before:
            return Kind("date") if value % 100 or ends else None
        return Kind("date") if ends and value % 100 else None

    def _by_words(self, number: Numeral) -> Kind | None:
        """Return what the tables say of the words after and before the number."""
        after = self._after.get(("after", number.last))
        before = self._before.get(("before", number.first))
        if after is not None and not self._is_unit(after):
            after = None
        if before is not None and before.label == "temperature":
            bare = after is None and self._minus(before)
            if bare or (after and after.label.startswith(("temperature", "energy"))):
                return Kind("temperature", "degC", factor=-1.0 if self._minus(before) else 1.0)
            return self._of(after, number)
        if before is not None and before.label in {"money", "phone", "age", "version", "other"}:
            return Kind(before.label)
        if number.form == "ordinal":
            time = self._of(after, number)
            return time if time and time.name == "time" else None
        if after is not None:
            return self._of(after, number)
        if before is not None and number.form == "digits":
            return Kind(before.label)
        clock = ("clock before", number.first) in self._before and not self._stands(number)
        small = number.value is not None and number.value <= 24 and number.form == "digits"
        if clock and small and self._language != "zh" and not self._is_word(number.last):
            return Kind("time")
        return None

    def _stands(self, number: Numeral) -> bool:
        """Return whether a count stands "at" a number: "put the number of injured at 17"."""
        near = range(max(number.first - _COUNTED, 0), number.first)
        return any(("clock_not yes", place) in self._after for place in near)

    def _minus(self, cue: Cue) -> bool:
        return self._tokens[cue.first].key not in {"plus", "плюс", "上"} and self._tokens[
            cue.last - 1
        ].key not in {"上"}

    def _is_unit(self, cue: Cue) -> bool:
        """Return whether a unit of one letter is one: it touches its number or is a capital."""
        token = self._tokens[cue.first]
        if token.key in _CURRENCY and self._key(cue.last).isdecimal():
            return False
        if cue.last - cue.first > 1 or len(token.text) > 1 or self._language not in _SHORT:
            return True
        return not token.text.isalpha() or self._touching(cue.first) or self._language == "de"

    def _of(self, cue: Cue | None, number: Numeral) -> Kind | None:
        if cue is None:
            return None
        name, _, unit = cue.label.partition(" ")
        hours = unit in {"hours", "weeks"} and self._language in {"uk", "ru"}
        clock = ("clock before", number.first) in self._before
        if hours and clock and number.value is not None and number.value <= 24:
            return Kind("time")
        if number.form == "unsure" and name == "power" and unit != "GW":
            return Kind("other")  # "1.200 MW" may be either; no one writes 1234 GW or 99 999 %
        if name == "power":
            return Kind("power", "MW", cue.last, {"MW": 1.0, "GW": 1000.0, "kW": 0.001}[unit])
        if name == "percent":
            return Kind("percent", "percent", cue.last)
        return Kind(name, unit, covered=cue.last)


@cache
def _scales(language: str) -> frozenset[str]:
    """Return the first words of scales."""
    scales = table(language, "numbers").get("scale", {})
    return frozenset(word.rstrip(".") for words in scales.values() for word in words)


_BY_FORM = {
    "ordinal": "ordinal",
    "article": "article",
    "share": "percent",
    "unsure": "other",
}
