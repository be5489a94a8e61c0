"""Numbers in words, by the tables ``words/<language>/numbers.toml``, and digits with their scale.

A row of words is added up as all four languages do: hundreds, tens and units into a group, a scale
word multiplies the group, and a smaller group may follow.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from keepwarm.reports.compounds import compound, singles
from keepwarm.reports.numerals import FRACTIONS, Numeral, digits_at
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue, Token

_NO_CUE = Cue("", "", 0, 0, 0, 0)


@dataclass(slots=True)
class _Sum:
    """A number being added up: ``total`` of closed groups, ``group`` still open."""

    total: float = 0.0
    group: float | None = None
    room: float = 1000.0
    """What is added to the group must be below."""
    limit: float = float("inf")
    """The next scale must be below."""
    scale: float = 1.0
    wider: float = 0.0
    """The upper end of a range over its lower end."""

    def value(self) -> float:
        return self.total + (self.group or 0.0)

    def add(self, value: float) -> bool:
        """Take a cardinal below a thousand; False where it begins another number."""
        if self.group is None:
            if value >= min(self.limit, 1000.0):
                return False
            self.group, self.room = value, _room(value)
            return True
        if value == 0 or value >= self.room:
            return False
        self.group += value
        self.room = _room(value)
        return True

    def multiply(self, scale: float) -> bool:
        """Take a scale word; False where it cannot belong here."""
        if scale >= self.limit or (self.group is None and self.total):
            return False
        group = 1.0 if self.group is None else self.group
        if scale < 1000:
            if group >= 100:
                return False
            self.group, self.room = group * scale, scale if scale == 100 else 0.0
        else:
            self.total, self.group, self.limit = self.total + group * scale, None, scale
        self.scale = scale
        return True


def _room(value: float) -> float:
    """Return what can still follow a cardinal: 20 leaves room for units, 200 for tens."""
    if value >= 100 and value % 100 == 0:
        return 100.0
    return 10.0 if value >= 20 and value % 10 == 0 else 0.0


class WordNumbers:
    """The numbers of a sentence in a language written in words or digits.

    Parameters
    ----------
    sentence : Sentence
        In English, Ukrainian, Russian or German.
    qualified : container of int
        Tokens that a qualifier stands before: "тысячи" there means one thousand.
    apart : container of int
        Tokens of digits that no further group follows ("January 15 300 homes").
    """

    def __init__(
        self,
        sentence: Sentence,
        qualified: Container[int] = (),
        apart: Container[int] = (),
    ) -> None:
        self._tokens = sentence.tokens
        self._language = sentence.language
        self._qualified = qualified
        self._apart = apart
        self._at: dict[int, dict[str, Cue]] = {}
        for cue in sentence.cues("numbers"):
            here = self._at.setdefault(cue.first, {})
            if cue.table not in here or here[cue.table].last < cue.last:
                here[cue.table] = cue
        self._blocked = {
            token
            for here in self._at.values()
            if "not_share" in here
            for token in range(here["not_share"].first, here["not_share"].last)
        }

    def at(self, place: int) -> Numeral | None:
        """Return the number that begins at a token, or None."""
        token = self._tokens[place]
        here = self._at.get(place)
        if here is None:
            if not self._begins(token):
                return None
            here = {}
        if "not" in here or here.get("not_share", _NO_CUE).label == "none":
            return None
        found = self._share(place, here) or self._sum(place)
        if found is None and token.text in FRACTIONS:
            found = Numeral(place, place + 1, FRACTIONS[token.text], "digits")
        if found is None and "period" in here and place in self._qualified:
            found = Numeral(place, place + 1, 1.0, f"period {here['period'].label}")
        vague = here.get("vague")
        if vague and (found is None or found.form == "vague" or vague.last > found.last):
            return Numeral(place, self._vague_end(vague.last), None, "vague")
        if found is None and "article" in here:
            return Numeral(place, place + 1, 1.0, "article")
        return found

    def _begins(self, token: Token) -> bool:
        """Return whether a word of no table may begin a number: digits, and compounds."""
        if token.text.isdecimal() or token.text in FRACTIONS or "-" in token.key:
            return True
        return compound(token.key, self._language)[0] is not None

    def skip(self, place: int) -> int:
        """Return where to go on after a token at which no number begins."""
        here = self._at.get(place, {})
        cue = here.get("not") or here.get("not_share")
        return cue.last if cue and cue.label == "none" else place + 1

    def _share(self, place: int, here: Mapping[str, Cue]) -> Numeral | None:
        cue = here.get("share")
        if cue is None or not self._blocked.isdisjoint(range(cue.first, cue.last)):
            return None
        if "half" in here and self._scale_follows(cue.last):  # half a million
            return None
        return Numeral(place, cue.last, float(cue.label), "share")

    def _scale_follows(self, place: int) -> bool:
        place += "article" in self._at.get(place, {})
        return "scale" in self._at.get(place, {})

    def _vague_end(self, last: int) -> int:
        """Return the end of a vague number with the scales after it ("several dozen")."""
        while "scale" in self._at.get(last, {}):
            last = self._at[last]["scale"].last
        return last

    def _sum(self, first: int) -> Numeral | None:
        """Add up the number that begins at a token."""
        opened = self._opening(first)
        if opened is None:
            return None
        number, place, form = opened
        if form in {"vague", "ordinal", "unsure"} or place == first:
            return Numeral(first, place, None if form == "vague" else number.value(), form)
        last = place
        while place < len(self._tokens):
            place = self._next(number, place, form)
            if place == last:
                break
            last = place
            if number.room < 0:
                return Numeral(first, last, number.value(), "ordinal")
        plain = form == "plain" and last == first + 1
        form = "digits" if form in {"plain", "digits"} else "words"
        maximum = round(number.value() * number.wider, 6) if number.wider else None
        return Numeral(
            first, last, number.value(), form, scale=number.scale, plain=plain, maximum=maximum
        )

    def _opening(self, first: int) -> tuple[_Sum, int, str] | None:
        """Return the sum begun by the first token, the token after it, and its form."""
        token = self._tokens[first]
        number = _Sum()
        if token.text.isdecimal():
            digits = digits_at(self._tokens, first, self._language, self._apart)
            number.group, number.room = digits.value, 0.0
            if digits.form == "unsure" and "scale" not in self._at.get(digits.last, {}):
                return number, digits.last, "unsure"
            return number, digits.last, "plain" if digits.plain else "digits"
        here = self._at.get(first, {})
        if "ordinal" in here:
            number.group = float(here["ordinal"].label)
            return number, here["ordinal"].last, "ordinal"
        if "half" in here:
            return self._half(number, here["half"])
        if "article" in here:
            return self._after_article(number, here["article"])
        place = self._next(number, first, "words")
        if place == first:
            return self._scale_alone(number, here.get("scale"))
        if number.room < 0:
            return number, place, "ordinal"
        return number, place, "words"

    def _half(self, number: _Sum, cue: Cue) -> tuple[_Sum, int, str] | None:
        """Return half or one and a half of what follows: a scale ("half a million") or a unit."""
        place = cue.last
        if "article" in self._at.get(place, {}):
            place += 1
        number.group, number.room = float(cue.label), 0.0
        if "scale" not in self._at.get(place, {}) and cue.last != place:
            return number, place, "words"
        return number, place, "words"

    def _after_article(self, number: _Sum, cue: Cue) -> tuple[_Sum, int, str] | None:
        """Return one of a scale ("a dozen", "eine Million"); an article alone is no number."""
        after = self._at.get(cue.last, {})
        if "whole" in after:  # eine Viertelmillion
            number.group, number.room = float(after["whole"].label), 0.0
            return number, after["whole"].last, "words"
        if "scale" not in after or "plural" in after:
            return None
        number.group, number.room = 1.0, 0.0
        return number, cue.last, "words"

    def _scale_alone(self, number: _Sum, cue: Cue | None) -> tuple[_Sum, int, str] | None:
        """Return a scale without a number before it: one of it, or vague in the plural."""
        if cue is None:
            return None
        here = self._at[cue.first]
        if "alone" in here or ("genitive" in here and cue.first in self._qualified):
            number.multiply(float(cue.label))
            return number, cue.last, "words"
        if "plural" in here:
            return number, self._vague_end(cue.last), "vague"
        return None

    def _next(self, number: _Sum, place: int, form: str) -> int:
        """Take the next word into the sum; return the token after it, or the same place."""
        here = self._at.get(place, {})
        token = self._tokens[place]
        if "scale" in here and number.group is not None:
            cue = here["scale"]
            if not self._is_letter(place) and number.multiply(float(cue.label)):
                return cue.last
            return place
        if "and_half" in here and number.group is not None:
            number.group += 0.5
            return here["and_half"].last
        if "cardinal" in here and number.add(float(here["cardinal"].label)):
            return here["cardinal"].last
        if "whole" in here and number.group is None and not number.total:
            number.group, number.room = float(here["whole"].label), 0.0
            return here["whole"].last
        if "ordinal" in here and form == "words" and _takes(number, here["ordinal"]):
            number.group = (number.group or 0.0) + float(here["ordinal"].label)
            number.room = -1.0
            return here["ordinal"].last
        if self._language in {"uk", "ru"} and "-" in token.key:
            return self._paired(number, place)
        open_ended = number.group is None or number.room > 0
        if "and" in here and number.scale > 1 and open_ended:
            after = self._next(number, here["and"].last, form) if self._more(place) else place
            return after if after > here["and"].last else place
        if token.text.isdecimal() and number.group is None and number.total:
            return self._digits_after_scale(number, place)
        return self._compound(number, place)

    def _is_letter(self, place: int) -> bool:
        """Return whether a scale of one letter is none: apart from its digits, or metres."""
        if len(self._tokens[place].text) > 1:
            return False
        if self._tokens[place - 1].end != self._tokens[place].start:
            return True
        here = self._at.get(place + 1, {})
        word = place + 1 < len(self._tokens) and self._tokens[place + 1].text.isalpha()
        return self._tokens[place].key == "m" and (not word or "metres" in here)

    def _paired(self, number: _Sum, place: int) -> int:
        """Take "два-три" into an empty sum: a range in one word."""
        words = singles(self._language)
        low, _, high = self._tokens[place].key.partition("-")
        if number.total or number.group is not None or not words.get(low, 9e9) < words.get(high, 0):
            return place
        number.group, number.room, number.wider = words[low], 0.0, words[high] / (words[low] or 1)
        return place + 1

    def _more(self, place: int) -> bool:
        return place + 1 < len(self._tokens) and not self._tokens[place + 1].text.isdecimal()

    def _digits_after_scale(self, number: _Sum, place: int) -> int:
        """Return "1 тис. 200" and "2 млн 300 тыс." as one number."""
        digits = digits_at(self._tokens, place, self._language)
        scaled = "scale" in self._at.get(digits.last, {})
        if digits.form != "digits" or digits.value is None or digits.value >= number.limit:
            return place
        if not scaled and (number.limit != 1000 or digits.value % 1):
            return place
        number.group, number.room = digits.value, 0.0
        return digits.last

    def _compound(self, number: _Sum, place: int) -> int:
        """Take a word made of number words ("twenty-seven", "zweihundertfünfzig")."""
        value, ordinal = compound(self._tokens[place].key, self._language)
        if value is None:
            return place
        if ordinal:
            if number.group is not None and value >= number.room:
                return place
            number.group, number.room = (number.group or 0.0) + value, -1.0
            return place + 1
        if number.group is None and value < number.limit:
            number.group, number.room = value, _room(value) if value < 1000 else 0.0
            return place + 1
        return place + 1 if number.add(value) else place


def _takes(number: _Sum, cue: Cue) -> bool:
    return number.group is None or float(cue.label) < number.room
