"""Which services a sentence says are out or back: power, heat, water, gas, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

_BORDERS = frozenset(";；")

_JOINS = frozenset(("and", ",", "und", "і", "й", "та", "и"))

_LIST = 3
"""Words between the services of one list: "without power, heat and running water"."""

_NEAR = 8
"""Words between a service and a word of stopping."""


@dataclass(frozen=True)
class Services:
    """The words of one sentence for supply; what is found is (service, first, last) in tokens."""

    sentence: Sentence
    cues: Sequence[Cue]

    def direct(self) -> list[tuple[str, int, int]]:
        """Return outages whose words say all."""
        direct = [
            cue
            for cue in self.cues
            if cue.table == "outage"
            and not self._touches(cue, "schedule")
            and not self._begun_by_another(cue)
        ]
        listed = [
            (service.label, cue.first, cue.last)
            for cue in direct
            for service in self.cues
            if service.table == "service"
            and cue.first < service.first
            and service.last < cue.last
            and service.label != cue.label
            and any(
                self.sentence.tokens[place].key in _JOINS
                for place in (service.first - 1, service.last)
            )
        ]
        following = [
            (service.label, cue.first, service.last)
            for cue in direct
            for service in self._list_after(cue)
        ]
        return [(cue.label, cue.first, cue.last) for cue in direct] + listed + following

    def lacking(self) -> list[tuple[str, int, int]]:
        """Return the services after a word of lack, those of one list together."""
        result = []
        services = [cue for cue in self.cues if self._is_service(cue)]
        for cue in self.cues:
            if cue.table != "lack" or self._touches(cue, "schedule"):
                continue
            reach, marks = cue.last, ",.:;!?。；：()"
            for service in services:
                near = 0 <= service.first - reach <= _LIST
                if near and not self._bordered(reach, service.first, marks):
                    result.append((service.label, cue.first, service.last))
                    reach, marks = service.last, marks.lstrip(",")
        return result

    def stopped(self) -> list[tuple[str, int, int]]:
        """Return the services before a word of stopping: 自来水和电力供应也已中断."""
        result = []
        for cue in self.cues:
            if cue.table != "stops":
                continue
            begin, _ = self.segment(cue.first)
            services = [one for one in self.cues if begin <= one.first < cue.first]
            services = [one for one in services if one.table == "service"]
            if self.sentence.language != "zh":
                services = self._list_before(cue, services)
            if services and cue.first - services[-1].last <= _NEAR:
                result += [
                    (one.label, services[0].first, cue.last)
                    for one in services
                    if self._is_service(one)
                ]
        return result

    def named(self) -> list[tuple[str, int, int]]:
        """Return outages named by a noun, where a verb says that they took place."""
        result = []
        for noun in self.cues:
            if noun.table != "outage_noun" or self._touches(noun, "schedule"):
                continue
            for verb in self.cues:
                if verb.table != "occurs":
                    continue
                before = 0 <= noun.first - verb.last <= 4 and verb.label != "left"
                after = 0 <= verb.first - noun.last <= 6 and verb.label != "right"
                if before or after:
                    first, last = min(noun.first, verb.first), max(noun.last, verb.last)
                    result.append((noun.label, first, last))
        return result

    def returned(self) -> list[tuple[int, int]]:
        """Return services beside a word of return: "свет в городе вернули", "вернули свет"."""
        result: list[tuple[int, int]] = []
        for cue in self.cues:
            if cue.table != "back" or cue.label not in ("yes", "service"):
                continue
            if (self.sentence.language == "de") != (cue.label == "service"):
                continue  # "wieder" alone says little
            begin, _ = self.segment(cue.first)
            before = [one for one in self.cues if begin <= one.first < cue.first]
            before = self._list_before(cue, [one for one in before if one.table == "service"])
            after = [one for one in self.cues if one.table == "service" and one.first == cue.last]
            result += [
                (min(one.first, cue.first), max(one.last, cue.last))
                for one in (*before, *after)
                if self._is_service(one)
            ]
        return result

    def _list_after(self, cue: Cue) -> list[Cue]:
        """Return the services that go on where a word ends: "cut power, heating and water"."""
        kept: list[Cue] = []
        reach = cue.last
        for one in self.cues:
            gap = self.sentence.tokens[reach : one.first]
            if (
                self._is_service(one)
                and 0 < len(gap) <= _LIST - 1
                and all(token.key in _JOINS for token in gap)
            ):
                kept.append(one)
                reach = one.last
        return kept if any(_joined(self.sentence, one) for one in kept) else []

    def _list_before(self, stop: Cue, services: Sequence[Cue]) -> list[Cue]:
        """Return the services of the list right before a word: "heat and water are missing"."""
        kept: list[Cue] = []
        reach = stop.first
        for one in reversed(services):
            gap = range(one.last, reach)
            joined = all(self.sentence.tokens[place].key in _JOINS for place in gap)
            if not (joined if kept else self._leads_to(gap, one)):
                break
            kept.insert(0, one)
            reach = one.first
        return kept

    def _leads_to(self, gap: range, service: Cue) -> bool:
        """Say whether nothing between a service and a word of stopping has a say of its own."""
        follows = [cue for cue in self.cues if cue.table == "follows"]
        if any(
            cue.table in ("lack", "break", "back", "outage") and cue.first in gap
            for cue in self.cues
        ) or any(
            cue.table == "unstopped" and 0 <= service.first - cue.last <= 1 for cue in self.cues
        ):
            return False
        needed = self.sentence.language in ("en", "de")
        return not gap or not needed or any(cue.first == gap.start for cue in follows)

    def _is_service(self, cue: Cue) -> bool:
        """Say whether a word is a service, and no part of a facility's name."""
        return (
            cue.table == "service"
            and cue.label != "neutral"
            and not any(
                noun.table == "noun"
                and noun.last - noun.first > cue.last - cue.first
                and noun.first < cue.last
                and cue.first < noun.last
                for noun in self.sentence.longest("facilities")
            )
        )

    def segment(self, first: int) -> tuple[int, int]:
        """Return the part of the sentence between commas."""
        tokens = self.sentence.tokens
        marks = [
            n
            for n, token in enumerate(tokens)
            if token.text in "，；：,;" and not tokens[n - 1 : n + 2 : 2][-1].text.isdigit()
        ]
        begin = max((n for n in marks if n <= first), default=0)
        end = min((n for n in marks if n > first), default=len(self.sentence.tokens))
        return begin, end

    def part(self, first: int) -> tuple[int, int]:
        """Return the part of the sentence between semicolons and words like "but"."""
        begin, end = 0, len(self.sentence.tokens)
        borders = [
            place for place, token in enumerate(self.sentence.tokens) if token.text in _BORDERS
        ] + [cue.first for cue in self.cues if cue.table == "break"]
        for border in borders:
            if border <= first:
                begin = max(begin, border)
            else:
                end = min(end, border)
        return begin, end

    def _begun_by_another(self, cue: Cue) -> bool:
        """Say whether words begin inside a name that is no service: "(hot) water is out"."""
        return any(
            other.table == "service"
            and other.label == "neutral"
            and other.first < cue.first < other.last
            for other in self.cues
        )

    def _bordered(self, first: int, last: int, marks: str) -> bool:
        """Say whether a mark or a word that ends a list stands between two words."""
        return any(token.text in marks for token in self.sentence.tokens[first:last]) or any(
            cue.table == "verb" and first <= cue.first < last for cue in self.cues
        )

    def _touches(self, cue: Cue, table: str) -> bool:
        return any(
            other.table == table and other.first < cue.last and cue.first < other.last
            for other in self.cues
        )


def _joined(sentence: Sentence, cue: Cue) -> bool:
    """Say whether "and" stands before a word."""
    return sentence.tokens[cue.first - 1].key in _JOINS - {","}
