"""Words that qualify a number: about, almost, at least, up to, and what makes two a range."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from keepwarm.reports.numerals import Numeral
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

_HYPHENS = frozenset("-–—~～")
_CLAUSE = frozenset(".,;:!?()。，；：！？、")
_TO = frozenset({"до"})
_DURATION = frozenset(
    {"内", "within", "упродовж", "протягом", "в течение", "innerhalb von", "binnen"}
)
_FAR = 10
"""How many tokens back a verb of change is looked for."""


_DAY = 24
"""Hours of a day."""


class Qualifiers:
    """The qualifying words of a sentence."""

    def __init__(self, sentence: Sentence) -> None:
        self._tokens = sentence.tokens
        self._language = sentence.language
        self._ending: dict[tuple[str, int], Cue] = {}
        self._starting: dict[tuple[str, int], Cue] = {}
        self._changes: set[int] = set()
        self.qualified: set[int] = set()
        for cue in sentence.cues("qualifiers"):
            name = f"{cue.table} {cue.label}" if cue.table == "range" else cue.table
            for places, place in ((self._ending, cue.last), (self._starting, cue.first)):
                known = places.get((name, place))
                if known is None or known.last - known.first < cue.last - cue.first:
                    places[name, place] = cue
            if cue.table == "change":
                self._changes.add(cue.first)
            if cue.table == "before":
                self.qualified.add(cue.last)

    def before(self, first: int, kind: str) -> Cue | None:
        """Return the qualifier before a number, with at most three other words between."""
        place = first
        for _ in range(4):
            cue = self._ending.get(("before", place))
            if cue is not None:
                return cue if self._fits(cue, kind) else None
            skip = self._ending.get(("between", place))
            if skip is None or (skip.label == "share" and kind != "percent"):
                return None
            place = skip.first
        return None

    def after(self, last: int, kind: str, starts: Container[int] = ()) -> Cue | None:
        """Return the qualifier after a number or after what it counts.

        ``starts`` are the tokens that numbers begin at: words right before another number ("45
        homes and more than 20 shops") say nothing about this one.
        """
        cue = self._starting.get(("after", last))
        if cue is not None and [token.text for token in self._tokens[last : last + 2]] == [
            "+",
            "+",
        ]:
            return None  # "+++" ends a line of a live report
        if cue is not None:
            return cue if self._fits(cue, kind) and not self._goes_on(cue, starts) else None
        for place in (last + 1, last + 2) if self._language == "zh" else (last + 1,):
            cue = self._starting.get(("after", place))
            if cue is None or self._tokens[place - 1].key in _CLAUSE:
                continue
            wide = cue.last - cue.first > 1 or self._words(cue) == "内"
            if wide and self._fits(cue, kind) and not self._goes_on(cue, starts):
                return cue
        return None

    def _goes_on(self, cue: Cue, starts: Container[int]) -> bool:
        """Return whether the words qualify what follows them."""
        return cue.last in starts or any(
            cue.first < other.first < cue.last < other.last
            for place in range(cue.first + 1, cue.last)
            if (other := self._starting.get(("before", place)))
        )

    def _words(self, cue: Cue) -> str:
        gap = "" if self._language == "zh" else " "
        return gap.join(token.key for token in self._tokens[cue.first : cue.last])

    def _fits(self, cue: Cue, kind: str) -> bool:
        words = self._words(cue)
        if cue.label == "exact":
            return False
        if words in _TO:
            return not self.changes_before(cue.first) and not self._from_before(cue.first)
        return kind == "duration" if words in _DURATION else True

    def changes_before(self, place: int) -> bool:
        """Return whether a verb of change stands shortly before, in the same clause."""
        for back in range(place - 1, max(place - _FAR, 0) - 1, -1):
            if self._tokens[back].key in {".", ";", "。", "；"}:
                return False
            if back in self._changes:
                return True
        return False

    def _from_before(self, place: int) -> bool:
        """Return whether "from" and a number stand shortly before: "from 40 in May to 60"."""
        near = range(max(place - 6, 0), place)
        return any(
            ("range from", back) in self._starting
            and any(token.text.isdecimal() for token in self._tokens[back + 1 : back + 3])
            for back in near
        )

    def joined(self, left: Numeral, middle: int, right: Numeral) -> Numeral | None:
        """Return the range of two numbers, None where they are two numbers.

        ``middle`` is the token after the left number and its unit.
        """
        if left.value is None or right.value is None or left.maximum is not None:
            return None
        if not self._linked(left, middle, right):
            return None
        low, own = left.value, right.value / right.scale
        if left.scale == 1 and right.scale > 1 and low < own:
            low *= right.scale
        high = right.maximum or right.value
        if low >= high:
            return None
        form = "digits" if "digits" in {left.form, right.form} else right.form
        return replace(
            right, first=left.first, value=low, maximum=high, form=form, plain=left.plain
        )

    def _linked(self, left: Numeral, middle: int, right: Numeral) -> bool:
        if self.hyphen(middle, right):
            return True
        if self._is("to", middle, right):
            if self._language in {"uk", "ru"}:
                start = self._ending.get(("range from", left.first))
                if start is None or self._words(start) in {"с", "со", "з", "із"}:
                    return False
            return not self.changes_before(left.first)
        if self._is("and", middle, right):
            return ("range between", left.first) in self._ending
        near = left.value and right.value and right.value == left.value + 1 <= 20
        return bool(near) and self._is("or", middle, right)

    def hyphen(self, middle: int, right: Numeral) -> bool:
        """Return whether only a hyphen that touches both stands between two numbers."""
        if right.first != middle + 1 or self._tokens[middle].text not in _HYPHENS:
            return False
        before, mark, after = self._tokens[middle - 1 : middle + 2]
        return before.end == mark.start and mark.end == after.start

    def _is(self, label: str, middle: int, right: Numeral) -> bool:
        cue = self._starting.get((f"range {label}", middle))
        hyphen = self._tokens[middle].text in _HYPHENS and self._language != "zh"
        return cue is not None and cue.last == right.first and not hyphen

    def hours(self, whole: Numeral) -> bool:
        """Return whether a range can only be hours: "from 9 to 17;" in English, no noun behind."""
        cue = self._ending.get(("range from", whole.first))
        if self._language != "en" or cue is None or self._words(cue) != "from":
            return False
        after = self._tokens[whole.last].text if whole.last < len(self._tokens) else "."
        return whole.form == "digits" and (whole.maximum or 99) <= _DAY and after in ",;.)"

    def opening(self, first: int) -> Cue | None:
        """Return the word that opens a range: from, between."""
        return self._ending.get(("range between", first)) or self._ending.get(("range from", first))
