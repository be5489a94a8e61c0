"""Which word of damage, halt or aim belongs to which facility of a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from keepwarm.reports.facility_nouns import STATES, Mention
from keepwarm.reports.findings import Finding
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue, Token

_FARTHEST = 10.0
"""Words beyond which nothing is paired (characters in Chinese: twice as many)."""

_VERB_LAST = 14.0
"""The same in German, where the verb may come last."""

_COMMA, _CLAUSE = 3.0, 20.0
"""What it costs a pairing to cross a comma, or the border of a clause, in words."""

_COMMA_ZH = 12.0
"""The same of a comma in Chinese, where characters are counted; twice that behind a predicate."""

_ADJECTIVES, _STRETCH = 2, 12
"""Words between a preposition and its noun; how many words cost one where a preposition tells."""

_CLOSE = 4
"""Words between a facility and its predicate that a quote may carry."""


@dataclass(frozen=True, slots=True)
class Match:
    """A predicate for a facility, and how far it stands."""

    cost: float
    said: Cue
    shared: bool = False


def _rank(match: Match) -> tuple[float, bool, int]:
    """Return what the best predicate has least of: the nearest, then the longest."""
    return match.cost, match.said.table == "other", match.said.first - match.said.last


@dataclass(frozen=True)
class Pairing:
    """Everything known of a sentence when its facilities meet its predicates."""

    sentence: Sentence
    cues: Sequence[Cue]
    named: Sequence[Mention]
    asides: Sequence[range]

    def matches(self) -> list[Match | None]:
        """Return the predicate of each facility; those of a list share the nearest."""
        best = [self._own(mention) for mention in self.named]
        pairs = list(pairwise(range(len(self.named))))
        for one, other in (*pairs, *((later, former) for former, later in reversed(pairs))):
            given = best[one]
            if given is None or not self._listed(*sorted((one, other))):
                continue
            own = best[other]
            if own is None or (
                own.cost > max(given.cost, 1.0) and not self._own_clause(other, own, given)
            ):
                best[other] = Match(given.cost, given.said, shared=True)
        return [
            None if self._only_inside(place, best) else match for place, match in enumerate(best)
        ]

    def _own_clause(self, place: int, own: Match, given: Match) -> bool:
        """Say whether a comma ends a clause, no list: "two lines failed, a substation burns"."""
        first, last = self.named[place].last, own.said.first
        before = self.named[place].first
        tokens = self.sentence.tokens
        return (
            given.said.last <= before <= first <= last
            and tokens[before - 1].text == ","
            and not any(token.text in ",;:" for token in tokens[first:last])
            and not any(cue.table == "and" and first <= cue.first < last for cue in self.cues)
        )

    def _only_inside(self, place: int, best: Sequence[Match | None]) -> bool:
        """Say whether a facility is where another one was hit: "in the port a terminal was hit"."""
        match, first = best[place], self.named[place].first
        tokens = self.sentence.tokens
        return (
            match is not None
            and any(
                cue.table == "inside"
                and first - 2 <= cue.last <= first
                and not any(one.text[:1].isupper() for one in tokens[cue.last : first])
                for cue in self.cues
            )
            and not match.said.first < first <= match.said.last
            and any(
                other is not None and other.said == match.said and not other.shared
                for number, other in enumerate(best)
                if number != place
            )
        )

    def _own(self, mention: Mention) -> Match | None:
        """Return the nearest predicate a facility can belong to by itself."""
        if any(
            cue.table == "prevented" and 0 <= mention.first - cue.last <= _CLOSE
            for cue in self.cues
        ):
            return None
        far = {"zh": 2 * _FARTHEST, "de": _VERB_LAST}.get(self.sentence.language, _FARTHEST)
        found = [
            Match(cost, cue)
            for cue in self.cues
            if cue.table in STATES and (cost := self._cost(mention, cue)) <= far
        ]
        return min(found, key=_rank, default=None)

    def _cost(self, mention: Mention, said: Cue) -> float:
        """Return how far a predicate stands, or infinity where it cannot be this facility's."""
        for aside in self.asides:
            inside = said.first in aside
            if inside != (mention.noun_first in aside) and (not inside or said.table == "other"):
                return float("inf")
        if mention.first <= said.first and said.last <= mention.last:
            return 0.0
        chinese = self.sentence.language == "zh"
        if chinese and said.first < mention.noun_first < said.last < mention.last:
            return float("inf")  # 断电 in 吹断电杆
        if said.last <= mention.first or said.first < mention.noun_first <= said.last:
            if said.label == "left" or self._repaired(mention, said):
                return float("inf")
            if said.label == "at":
                return self._struck(mention, said)
            return self._words(said.last, mention.first, "right")
        if said.first >= mention.last:
            if said.label in ("right", "at") or self._told_of_another(mention, said):
                return float("inf")
            return self._words(mention.last, said.first, "left")
        return float("inf")

    def _struck(self, mention: Mention, said: Cue) -> float:
        """Return how far "нанесён удар ... по" stands: its preposition shows the object."""
        gap = range(said.last, mention.noun_first)
        shown = any(
            cue.table == "at" and cue.first in gap and mention.noun_first - cue.last <= _ADJECTIVES
            for cue in self.cues
        )
        if not shown or any(self.sentence.tokens[place].text in ";:." for place in gap):
            return float("inf")
        return 1.0 + len(gap) / _STRETCH

    def _repaired(self, mention: Mention, said: Cue) -> bool:
        """Say whether Chinese tells of damage only to say that it is repaired: 受损线路已修复."""
        return (
            self.sentence.language == "zh"
            and mention.number is None
            and said.last == mention.first
            and any(
                cue.table == "other" and 0 <= cue.first - mention.last <= _CLOSE
                for cue in self.cues
            )
        )

    def _told_of_another(self, mention: Mention, said: Cue) -> bool:
        """Say whether a Chinese predicate in a later clause has a facility of its own there."""
        if self.sentence.language != "zh":
            return False
        commas = [
            place
            for place in range(mention.last, said.first)
            if self.sentence.tokens[place].text == "，"
        ]
        return bool(commas) and any(
            commas[0] < other.first and other.last <= said.first for other in self.named
        )

    def _words(self, first: int, last: int, side: str) -> float:
        skipped = {
            place
            for aside in self.asides
            if first <= aside.start and aside.stop <= last
            for place in aside
        }
        if side == "left":
            skipped |= self._apposition(first, last)
        within = [place for place in range(first, last) if place not in skipped]
        comma = _COMMA
        if self.sentence.language == "zh":
            comma = _COMMA_ZH if side == "left" else 2 * _COMMA_ZH
        cost = float(len(within))
        for place in within:
            token = self.sentence.tokens[place]
            if token.text in ",，、()（）":
                cost += comma if token.text != "、" else 0.0
            elif token.text in ";:；：":
                cost += _CLAUSE
        for cue in self.cues:
            if cue.first in within:
                ends = cue.table == "break" or (cue.table == "blocks" and cue.label == side)
                if ends or self._apart(first, last, cue, side):
                    cost += _CLAUSE
        return cost

    def _apposition(self, first: int, last: int) -> set[int]:
        """Return what stands between two commas right behind a facility: ", hit in May, ..."."""
        tokens = self.sentence.tokens
        if self.sentence.language != "en" or first >= last or tokens[first].text != ",":
            return set()
        for place in range(first + 1, last):
            if is_pause(tokens, place):
                return set(range(first, place))
        return set()

    def _apart(self, first: int, last: int, cue: Cue, side: str) -> bool:
        """Say whether a house or car between takes the predicate: no list joins it."""
        if cue.table != "apart" or cue.label not in ("yes", side):
            return False
        between = range(cue.last, last) if side == "right" else range(first, cue.first)
        return not any(other.table == "and" and other.first in between for other in self.cues)

    def _listed(self, one: int, other: int) -> bool:
        """Say whether two neighbours stand in one list."""
        first, last = self.named[one].last, self.named[other].first
        limit = 12 if self.sentence.language == "zh" else 6
        if not 0 < last - first <= limit or any(
            (first - 1 in aside) != (last in aside) for aside in self.asides
        ):
            return False
        within = range(first, last)
        joined = any(cue.table == "and" and cue.first in within for cue in self.cues)
        apart = any(
            cue.table in STATES or cue.table == "break" for cue in self.cues if cue.first in within
        )
        return joined and not apart

    def finding(self, mention: Mention, match: Match) -> Finding:
        """Return the finding of a facility and its predicate."""
        tokens = self.sentence.tokens
        start, end = tokens[mention.first].start, tokens[mention.last - 1].end
        if mention.number is not None:
            start = min(start, mention.number.whole_start)
            end = max(end, mention.number.whole_end)
        said = match.said
        gap = max(said.first - mention.last, mention.first - said.last)
        if not match.shared and gap <= _CLOSE:
            start, end = min(start, said.start), max(end, said.end)
        value = mention.value
        if mention.number is None and self._kinds_aimed_at(said):
            value = None
        maximum = mention.number.value_max if mention.number else None
        return Finding(
            f"facility_{self._state(mention, said)}",
            mention.number,
            value,
            maximum,
            mention.qualifier,
            start,
            end,
            facility_type=mention.kind,
            unit="" if value is None else "facilities",
        )

    def _kinds_aimed_at(self, said: Cue) -> bool:
        """Say whether Chinese tells of aims, never counted: 主要目标是发电设施和变电站."""
        return self.sentence.language == "zh" and said.table == "targeted"

    def _state(self, mention: Mention, said: Cue) -> str:
        """Return the state; an attack with consequences in the same sentence is damage.

        One that was repelled is none: "an attack on the depot was beaten off".
        """
        if said.table == "damaged" and said.label in ("right", "at"):
            attack = any(cue.table == "attack" and cue.first == said.first for cue in self.cues)
            beaten = any(
                cue.table == "repelled" and 0 <= cue.first - mention.last <= _CLOSE
                for cue in self.cues
            )
            return "targeted" if attack and beaten else said.table
        if said.table != "attacked":
            return said.table
        told = any(
            cue.table in ("damaged", "offline", "consequence") and cue.label != "at"
            for cue in self.cues
        )
        return "damaged" if told else "targeted"


def is_pause(tokens: Sequence[Token], place: int) -> bool:
    """Say whether a comma stands there that is no part of a number like 340,000."""
    inside = place + 1 < len(tokens) and tokens[place].end == tokens[place + 1].start
    return tokens[place].text == "," and not (inside and tokens[place + 1].text.isdigit())
