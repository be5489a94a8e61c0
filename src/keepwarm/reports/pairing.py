"""How numbers and predicates of a sentence find each other: nearness, parts and wholes."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from keepwarm.reports.asides import passed
from keepwarm.reports.findings import GROUPS, HARM, SUPPLY
from keepwarm.reports.heads import Head
from keepwarm.reports.predicates import Predicate
from keepwarm.reports.quantities import Quantity
from keepwarm.reports.recall import Memory
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

_JOINED, _COMMA, _CLAUSE = 2.0, 6.0, 8.0
"""What it costs a pairing to cross an "and", a comma, or the border of a clause, in words."""

_COMMA_ZH, _LISTED = 20.0, 3.0
"""The same of a comma and a 、 in Chinese, where characters are counted."""

_AND = frozenset(("and", "und", "та", "і", "й", "и", "sowie", "和", "及"))

_RELATIVE = frozenset(("that", "which", "who"))

_TO_COME = frozenset(("will", "to", "should", "expected", "would"))

_TAKEN = 20.0
"""What it costs to reach back to a predicate that another number is the subject of."""

_OWN = 3
"""Words between a number and a predicate that is its own: "73,000 subscribers disconnected"."""

_WHICH = frozenset(("which", "whom", "которых", "яких", "denen"))
"""Words of "of which" that open a clause."""

_AGO = 10
"""Words after "a year ago" that are of that year."""

_LINE = 24
"""Words and marks of the longest line of a table."""

_SUBJECT = 6
"""Words that may stand between a number and the predicate it is the subject of."""

_FARTHEST_ZH = 160.0
_FARTHEST = 40.0
"""Words beyond which nothing is paired."""


@dataclass(frozen=True)
class Pairing:
    """Everything known of a sentence when its numbers meet its predicates."""

    sentence: Sentence
    numbers: Sequence[Quantity]
    nouns: dict[Quantity, Head]
    said: Sequence[Predicate]
    cues: Sequence[Cue]
    memory: Memory

    def nearest(self, number: Quantity, states: Set[str]) -> Predicate | None:
        """Return the nearest predicate of these states; None where two differ and are as near."""
        relative = self.relative(number)
        choice = sorted(
            (self.cost(number, said), place)
            for place, said in enumerate(self.said)
            if said.state in states and not (relative and said.first < number.last)
        )
        one = len({self.said[place].state for _, place in choice}) == 1
        far = _FARTHEST_ZH if self.sentence.language == "zh" else _FARTHEST
        head = self.nouns.get(number)
        listed = one and head is not None and head.inherited
        if not choice or (choice[0][0] > far * (2 if one else 1) and not listed):
            return None
        best = self.said[choice[0][1]]
        for cost, place in choice[1:]:
            if cost - choice[0][0] < 0.5 and self.said[place].state != best.state:
                return None
        return best

    def cost(self, number: Quantity, said: Predicate) -> float:
        """Return how far a predicate stands from a number, borders of clauses counted."""
        if said.first <= number.first and number.last <= said.last:
            return 0.0
        first, last = min(number.last, said.last), max(number.first, said.first)
        if self.sentence.language == "zh" and said.first >= number.last:
            first = min(self.noun_end(number), last)
        cost = float(last - first)
        if first < last:
            cost = self._crossed[last] - self._crossed[first]
        for place in self._breaks:
            more = place + 1 == number.first and said.last == place  # "вернули свет ещё 54 тысячам"
            if first <= place < last and place != number.last and not more:
                cost += _CLAUSE
        taken = self.has_subject(said, number) or self._by_another(said, number)
        return cost + (_TAKEN if taken else 0.0)

    @cached_property
    def _crossed(self) -> list[float]:
        """What it costs to come from the beginning of the sentence to each token."""
        costs = [0.0]
        for place, token in enumerate(self.sentence.tokens):
            cost = 1.0
            if place in self.passing:
                costs.append(costs[-1])
                continue
            inside = token.text == "," and self._in_a_number(place)
            if token.text in ",，、()（）" and not inside:
                cost += self._mark(token.text)
            elif token.text in ";:；：—–" and not self._in_a_time(place):
                chinese = token.text in ";；" and self.sentence.language == "zh"
                cost += 2 * _COMMA_ZH if chinese else _CLAUSE * (2 if token.text == ";" else 1)
            elif token.key in _AND:
                cost += _JOINED
            costs.append(costs[-1] + cost)
        return costs

    @cached_property
    def passing(self) -> frozenset[int]:
        """The tokens of asides."""
        return passed(self.sentence, self.cues)

    @cached_property
    def _breaks(self) -> list[int]:
        """The tokens at which a clause begins."""
        return [cue.first for cue in self.cues if cue.table == "clause" and cue.label == "break"]

    def _in_a_number(self, place: int) -> bool:
        """Say whether a comma is part of a number: "4,100"."""
        return any(number.first < place < number.last for number in self.numbers)

    def _mark(self, mark: str) -> float:
        """Return what it costs to cross a comma or bracket."""
        chinese = self.sentence.language == "zh"
        if mark == "、":
            return _LISTED if chinese else 1.0
        return _COMMA_ZH if chinese and mark in ",，" else _COMMA

    def noun_end(self, number: Quantity) -> int:
        """Return the token after a number and the noun behind it."""
        head, place, tokens = self.nouns.get(number), number.last, self.sentence.tokens
        while head and not head.inherited and place < len(tokens):
            if tokens[place].start >= head.end:
                break
            place += 1
        return place

    def _in_a_time(self, place: int) -> bool:
        """Say whether a colon stands between digits: 22:00."""
        near = self.sentence.tokens[place - 1 : place + 2 : 2]
        return len(near) == 2 and all(token.text.isdigit() for token in near)

    def _by_another(self, said: Predicate, number: Quantity) -> bool:
        """Say whether what follows is no object: "a driver was killed by a tree and 16 people"."""
        tokens = self.sentence.tokens
        agent = [token.key for token in tokens[said.last - 1 : said.last + 1]]
        passive = said.state in HARM and said.last < number.first and "by" in agent
        return passive and self.sentence.language == "en" and self.joined(said.last, number.first)

    def has_subject(self, said: Predicate, number: Quantity) -> bool:
        """Say whether "two women were killed" stands before "and seven people ..."."""
        if said.last > number.first or self.sentence.language != "en":
            return False
        tokens = self.sentence.tokens
        if not self.joined(said.last, number.first):
            return False
        dashes = [t for t in tokens[said.last : number.first] if t.text in "—–:"]
        if len(dashes) == 1:
            return False  # "342 were shot down — 315 drones and 27 missiles — ..."
        own = self.nouns.get(number)
        return any(
            other.last <= said.first
            and not (own and own.inherited and own.start == self.nouns[other].start)
            and said.first - other.last <= _SUBJECT
            and not any(token.text in ",;:" for token in tokens[other.last : said.first])
            for other in self.nouns
        )

    def open(self, number: Quantity, said: Predicate) -> bool:
        """Say whether no other number and no mark stands between a number and a predicate."""
        places = self.between(number, said)
        return not any(
            other is not number and other.first in places for other in self.numbers
        ) and not any(self.sentence.tokens[place].text in ".,;:!?。，；" for place in places)

    def between(self, number: Quantity, said: Predicate) -> list[int]:
        """Return the tokens between a number and a predicate, asides left out."""
        first, last = min(number.last, said.last), max(number.first, said.first)
        return [place for place in range(first, last) if place not in self.passing]

    def joined(self, first: int, last: int) -> bool:
        """Say whether an "and" or a comma stands between two tokens."""
        return any(
            token.key in _AND or (token.text in ",;，；" and not self._in_a_number(place))
            for place, token in enumerate(self.sentence.tokens[first:last], start=first)
        )

    def compared(self, number: Quantity) -> Quantity:
        """Return the number that "down from 412,000" is compared with: the same is said of it."""
        ends = {cue.last for cue in self.cues if cue.table == "compared"}
        before = [other for other in self.numbers if other.last <= number.first]
        beside = ends & {number.first, number.first - 1, number.first - 2}
        earlier = before[-1] if before else number
        head = self.nouns.get(number)
        shared = head is not None and head.inherited and earlier in self.nouns
        return earlier if beside and shared else number

    def other_groups(self, number: Quantity) -> bool:
        """Say whether other numbers of the sentence count people, homes or the like."""
        return any(
            other is not number and noun.unit in GROUPS and noun.unit != "regions"
            for other, noun in self.nouns.items()
        )

    def of_whole(self, number: Quantity) -> bool:
        """Say whether a number is all there is: "11 of the city's 32 pumping stations"."""
        for cue in self.cues:
            if cue.table != "of" or not cue.last <= number.first <= cue.last + 1:
                continue
            owner = self.sentence.tokens[number.first - 1].key
            owned = owner.endswith("'s") or owner in ("its", "their", "our")
            if any(
                other.kind == "percent" and 0 <= other.last - cue.first <= 1
                for other in self.numbers
            ):
                return True  # "a third of our 43,000 connections"
            parts = [other for other in self.numbers if other is not number and other in self.nouns]
            near = self.nearest(number, SUPPLY)
            own = near is not None and self._own_clause(number, near)
            opening = (
                not own
                and cue.first == 0
                and any(
                    self.nouns[other].inherited and other.first > number.last for other in parts
                )
            )
            if opening or (owned and any(0 <= cue.first - other.last <= 2 for other in parts)):
                return True
        return False

    def _own_clause(self, number: Quantity, said: Predicate) -> bool:
        """Say whether a predicate is a number's own: right behind it, or after "that" or "who"."""
        if 0 <= said.first - number.last <= _OWN:
            return True
        between = self.sentence.tokens[number.last : said.first]
        relative = any(token.key in _RELATIVE for token in between[-3:])
        return relative and not any(token.text in ",;:" for token in between)

    def second_of(self, number: Quantity) -> bool:
        """Say whether a number is the whole in "12 of 15 drones"."""
        if self.sentence.language == "zh":
            return self._divided(number)
        for cue in self.cues:
            if cue.table == "of" and self.anaphor_at(cue.first):
                continue
            if cue.table == "of" and cue.last <= number.first <= cue.last + self._gap():
                return any(
                    other in self.nouns and 0 <= cue.first - other.last <= self._gap()
                    for other in self.numbers
                )
        return False

    def _divided(self, number: Quantity) -> bool:
        """Say whether a Chinese number is the whole: 650万户中已有620万户, 12架无人机中的9架."""
        place = self.noun_end(number)
        return any(cue.table == "of" and cue.first == place for cue in self.cues)

    def _gap(self) -> int:
        """Return how many words may stand beside "of"; "der" is more often an article."""
        return 1 if self.sentence.language == "de" else 2

    def share_of(self, number: Quantity) -> str:
        """Return what a percentage is a share of."""
        near = [
            cue
            for cue in self.cues
            if cue.table == "share_of" and 0 <= cue.first - number.last <= 6
        ] or [
            cue
            for cue in self.cues
            if cue.table == "share_of" and 0 <= number.first - cue.last <= 6
        ]
        return near[0].label if near else ""

    def whole_of(self, number: Quantity, head: Head, said: Predicate) -> bool:
        """Say whether a number is the whole in "five missiles, only two intercepted"."""
        return said.first >= number.last and any(
            number.last < other.first
            and (other.last <= said.first or not self.joined(said.last, other.first))
            and (noun := self.nouns.get(other)) is not None
            and (noun.inherited or noun.end - noun.start == 1)
            and noun.unit == head.unit
            and not self.second_of(other)
            and words_between(other, said) <= (2 if other.last <= said.first else 1)
            for other in self.numbers
        )

    def restored_before(self, number: Quantity) -> bool:
        """Say whether something is back before this number is named."""
        return any(said.state == "restored" and said.last <= number.first for said in self.said)

    def part_between(self, number: Quantity, said: Predicate) -> bool:
        """Say whether "of them" and another number stand between a number and a predicate."""
        return any(
            cue.table == "anaphor" and number.last <= cue.first and cue.last <= other.first
            for cue in self.cues
            if cue.first not in self.passing
            for other in self.numbers
            if number.last < other.first and other.last <= said.first
        )

    def excepted(self, number: Quantity) -> bool:
        """Say whether a number is what is not back: "all but 8,000", "leaving 1,200"."""
        return any(cue.table == "except" and 0 <= number.first - cue.last <= 2 for cue in self.cues)

    def long_ago(self, number: Quantity) -> bool:
        """Say whether a number is of "a year ago", and only compared with."""
        ends = (cue.last for cue in self.cues if cue.table == "long_ago")
        return any(last <= number.first <= last + _AGO for last in ends)

    def relative(self, number: Quantity) -> bool:
        """Say whether "24 of which" opens a clause of its own: what is said of it follows."""
        pointing = (cue for cue in self.cues if cue.table == "anaphor" and cue.first == number.last)
        return any(said.first >= number.last for said in self.said) and any(
            token.key in _WHICH
            for cue in pointing
            for token in self.sentence.tokens[cue.first : cue.last]
        )

    def anaphor_at(self, place: int) -> bool:
        """Say whether the word belongs to "of which" or the like."""
        return any(cue.table == "anaphor" and cue.first <= place < cue.last for cue in self.cues)

    def part_of_these(self, number: Quantity) -> bool:
        """Say whether a number is part of one before: "three of them", "among them two"."""
        return any(
            cue.table == "anaphor" and (cue.last == number.first or _follows(cue, number))
            for cue in self.cues
        )

    def part_of_them(self, number: Quantity) -> bool:
        """Say whether "of them" or "of whom" follows a number: not "of those affected"."""
        tokens = self.sentence.tokens
        return any(
            cue.table == "anaphor"
            and _follows(cue, number)
            and tokens[cue.last - 1].key in ("them", "which", "whom")
            for cue in self.cues
        )

    def joined_before(self, number: Quantity) -> bool:
        """Say whether no predicate of harm follows a number up to the next mark."""
        for place in range(number.last, len(self.sentence.tokens)):
            if self.sentence.tokens[place].text in ",;.":
                return True
            if any(said.state in HARM and said.first == place for said in self.said):
                return False
        return True

    def rest_apart(self, number: Quantity, said: Predicate) -> bool:
        """Say whether a number is what is left, and a comma parts it from what came before."""
        if self.sentence.language not in ("uk", "ru"):
            return False
        between = self.sentence.tokens[said.last : number.first]
        return self.says_rest(number) and any(token.text == "," for token in between)

    def rest_to_come(self, number: Quantity, said: Predicate | None) -> bool:
        """Say whether the rest is only to come back: "the remaining 25,500 are to have power"."""
        if said is None or said.first < number.last or not self.says_rest(number):
            return False
        between = self.sentence.tokens[number.last : said.first]
        return self.sentence.language == "en" and any(token.key in _TO_COME for token in between)

    def says_rest(self, number: Quantity) -> bool:
        """Say whether a number is what is left: "the remaining 2,300"."""
        return any(cue.table == "rest" and 0 <= number.first - cue.last <= 1 for cue in self.cues)

    def is_line(self, number: Quantity) -> bool:
        """Say whether the sentence is a line of a table: "Lozova town - 2,140 customers"."""
        tokens = self.sentence.tokens
        opening = min(self.numbers, key=lambda other: other.first, default=number)
        marked = any(
            one.first > 0 and tokens[one.first - 1].text in "-–—:;(|" for one in (number, opening)
        )
        total = any(cue.table == "total" and cue.first == 0 for cue in self.cues)
        return (marked or total) and len(tokens) <= _LINE


def _follows(cue: Cue, number: Quantity) -> bool:
    """Say whether "of them" stands behind a number, which may have its "of": "a quarter of"."""
    return cue.last > number.last and 0 <= number.last - cue.first <= 1


def words_between(number: Quantity, said: Predicate) -> int:
    """Return how many words stand between a number and a predicate."""
    return max(said.first - number.last, number.first - said.last, 0)
