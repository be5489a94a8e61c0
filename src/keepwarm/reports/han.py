"""Chinese numbers: characters, digits and both mixed ("两百一十三", "5万3千", "三分之一")."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from keepwarm.reports.numerals import Numeral, digits_at
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_MORE = frozenset("多余")
_TO = frozenset("至到-~～—–")
_METRIC = frozenset("瓦米克伏卡帕赫")
_NOT_TENTHS = frozenset("功为员立果就本绩长分")


@dataclass(slots=True)
class _Reading:
    """Where the reading of a number stands."""

    place: int
    value: float = 0.0
    value_max: float | None = None
    scale: float = 1.0
    qualifier: str = ""
    han: bool = False


class HanNumbers:
    """The numbers of a Chinese sentence."""

    def __init__(self, sentence: Sentence, qualified: Container[int] = ()) -> None:
        self._tokens = sentence.tokens
        self._qualified = qualified
        self._at: dict[int, dict[str, Cue]] = {}
        for cue in sentence.cues("numbers"):
            here = self._at.setdefault(cue.first, {})
            if cue.table not in here or here[cue.table].last < cue.last:
                here[cue.table] = cue

    def at(self, place: int) -> Numeral | None:
        """Return the number that begins at a token, or None."""
        here = self._at.get(place, {})
        if not here and not self._begins(place) and self._key(place) not in "半第":
            return None
        if "not" in here:
            return None
        if "share" in here:
            cue = here["share"]
            return Numeral(place, cue.last, float(cue.label), "share")
        key = self._key(place)
        if (
            key == "半"
            and place in self._qualified
            and "half_unit" not in self._at.get(place + 1, {})
        ):
            return Numeral(place, place + 1, 50.0, "share")
        if key == "第":
            return self._ordinal(place)
        if key == "百" and self._key(place + 1) == "分":
            return self._percent(place)
        if key.isdecimal():
            digits = digits_at(self._tokens, place, "zh")
            if digits.form == "unsure" and self._key(digits.last) not in _MYRIADS:
                return digits
        number = self._number(place)
        if number and self._key(number.place) == "个" and self._key(number.place + 1) == "半":
            return Numeral(place, number.place + 2, number.value + 0.5, "words")
        vague = here.get("vague")
        if vague and (number is None or vague.last > number.place):
            # The 多 of "160多支" belongs to the number before it.
            counted = key in _MORE and self._ends_number(place)
            return None if counted else Numeral(place, vague.last, None, "vague")
        return None if number is None else self._counted(place, number)

    def skip(self, place: int) -> int:
        """Return where to go on after a token at which no number begins."""
        cue = self._at.get(place, {}).get("not")
        if cue:
            return cue.last
        number = self._number(place)
        return max(number.place, place + 1) if number else place + 1

    def _key(self, place: int) -> str:
        return self._tokens[place].key if 0 <= place < len(self._tokens) else ""

    def _begins(self, place: int) -> bool:
        """Return whether a number can begin at a token: at a digit or ten, not at a myriad."""
        key = self._key(place)
        return key in _DIGITS or key in _TENS or key.isdecimal()

    def _numeral(self, first: int, number: _Reading, form: str) -> Numeral:
        digits = self._tokens[first].text.isdecimal()
        plain = digits and number.place == first + 1
        return Numeral(
            first,
            number.place,
            number.value,
            form,
            number.scale,
            plain,
            number.qualifier,
            number.value_max,
        )

    def _ends_number(self, place: int) -> bool:
        before = self._key(place - 1)
        return before.isdecimal() or before in _DIGITS or before in _TENS or before in _MYRIADS

    def _counted(self, place: int, number: _Reading) -> Numeral | None:
        """Return digits, and characters where something counted follows, or a fraction."""
        last = number.place
        if self._key(last) == "分" and self._key(last + 1) == "之":
            above = self._number(last + 2)
            if above and number.value:
                share = round(100 * above.value / number.value, 2)
                return Numeral(place, above.place, share, "share")
            return None
        if self._key(last) == "成" and self._key(last + 1) not in _NOT_TENTHS:
            return self._tenths(place, number)
        if not number.han:
            return self._numeral(place, number, "digits")
        counted = "counted" in self._at.get(last, {}) or (
            self._key(last) in _MORE and "counted" in self._at.get(last + 1, {})
        )
        ranged = self._key(last) in _TO and self._number(last + 1) is not None
        if counted or ranged or last - place > 1 or number.scale > 1:
            return self._numeral(place, number, "words")
        return None

    def _tenths(self, place: int, number: _Reading) -> Numeral | None:
        """Return "八成" and "八成五" in percent."""
        if number.value > 10:
            return None
        last, value = number.place + 1, number.value * 10
        if (unit := _DIGITS.get(self._key(last))) and "counted" not in self._at.get(last + 1, {}):
            last, value = last + 1, value + unit
        return Numeral(place, last, value, "share")

    def _ordinal(self, place: int) -> Numeral | None:
        number = self._number(place + 1)
        return None if number is None else Numeral(place, number.place, number.value, "ordinal")

    def _percent(self, place: int) -> Numeral | None:
        """Return "百分之六十"."""
        if self._key(place + 2) != "之":
            return None
        number = self._number(place + 3)
        return None if number is None else Numeral(place, number.place, number.value, "share")

    def _number(self, place: int) -> _Reading | None:
        """Read a number from a token on, whatever it counts."""
        if not self._begins(place):
            return None
        total, scale, qualifier, limit = 0.0, 1.0, "", float("inf")
        maximum: float | None = None
        han, here = False, place
        while here < len(self._tokens):
            section = self._section(here)
            if section is None or (here > place and section.value >= limit):
                break
            han = han or section.han
            here, value = section.place, section.value
            if self._key(here) in _MORE and self._key(here + 1) in _MYRIADS:
                qualifier, here = "lower_bound", here + 1
            factor = _MYRIADS.get(self._key(here), 1)
            if factor >= limit:
                break
            here += factor > 1
            scale = max(factor, section.scale) if factor > 1 or not total else scale
            if section.value_max is not None:
                maximum = total + section.value_max * factor
            total, limit = total + value * factor, factor
            if factor == 1 or qualifier:
                break
            if self._key(here) in "零〇" and self._key(here + 1).isdecimal():
                here += 1  # 18万零600
        if here == place:
            return None
        return _Reading(here, total, maximum, scale, qualifier, han)

    def _section(self, place: int) -> _Reading | None:
        """Read what stands before a 万 or 亿: digits, or characters up to the thousands."""
        if self._key(place).isdecimal():
            digits = digits_at(self._tokens, place, "zh")
            if digits.form == "unsure" and self._key(digits.last) not in _MYRIADS:
                return None
            scaled = digits.form == "digits" and not self._metric(digits.last)
            unit = _TENS.get(self._key(digits.last), 1) if scaled else 1
            reading = _Reading(digits.last + (unit > 1), (digits.value or 0) * unit, scale=unit)
            if unit > 1 and (rest := self._characters(reading.place)) and rest.value < unit:
                reading.place, reading.value = rest.place, reading.value + rest.value
            return reading
        return self._characters(place)

    def _metric(self, place: int) -> bool:
        """Return whether 千 is the kilo of a unit."""
        return self._key(place) == "千" and self._key(place + 1) in _METRIC

    def _characters(self, place: int) -> _Reading | None:
        """Read characters up to the thousands, decimals ("三点五") or neighbours ("三四百")."""
        if (run := self._run(place)) is not None:
            return run
        total, digit, limit, here = 0.0, None, 10_000.0, place
        neighbour: float | None = None
        while True:
            key = self._key(here)
            if key in _DIGITS:
                value = float(_DIGITS[key])
                if digit is None or (digit == 0 and value):
                    digit = value
                elif neighbour is None and digit and value == digit + 1:
                    neighbour = value
                else:
                    break
            elif key in _TENS and _TENS[key] < limit and not self._metric(here):
                limit = _TENS[key]
                if neighbour is not None:
                    after = total + neighbour * limit
                    return _Reading(here + 1, total + (digit or 0) * limit, after, limit, han=True)
                total += (1.0 if digit is None else digit) * limit
                digit = None
            else:
                break
            here += 1
        if here == place:
            return None
        if self._key(here) == "点" and self._key(here + 1) in _DIGITS and digit is not None:
            return self._decimals(here + 1, total + digit)
        if digit and 100 <= limit < 10_000 and neighbour is None and self._key(here - 2) in _TENS:
            digit *= limit / 10  # 两百五 is 250; 205 is 两百零五
        top = None if neighbour is None else total + neighbour
        return _Reading(here, total + (digit or 0.0), top, han=True)

    def _run(self, place: int) -> _Reading | None:
        """Read three digits or more one by one, as years are written ("二〇二五")."""
        here = place
        while self._key(here) in _DIGITS:
            here += 1
        if here - place < 3 or self._key(here) in _TENS:
            return None
        digits = "".join(str(_DIGITS[self._key(number)]) for number in range(place, here))
        return _Reading(here, float(digits), han=True)

    def _decimals(self, place: int, whole: float) -> _Reading:
        digits = ""
        while self._key(place) in _DIGITS and len(digits) < 9:
            digits += str(_DIGITS[self._key(place)])
            place += 1
        return _Reading(place, whole + float(f"0.{digits}"), han=True)
