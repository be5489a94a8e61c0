"""What happened to people who are counted: killed, injured, as near as words allow."""

from __future__ import annotations

from keepwarm.reports.findings import HARM, SUPPLY
from keepwarm.reports.heads import elided
from keepwarm.reports.pairing import Pairing, words_between
from keepwarm.reports.predicates import Predicate
from keepwarm.reports.quantities import Quantity
from keepwarm.reports.recall import bare

_NEAR_HARM = 26.0
"""Words, borders of clauses counted, between people at work and what happened to them."""


class Harmed(Pairing):
    """Numbers of a sentence and the harm it tells of."""

    def is_former(self, number: Quantity) -> bool:
        """Say whether a number is what another has come from: "rose from 19 to 28"."""
        tokens = self.sentence.tokens
        place = number.last
        return (
            number.first > 0
            and tokens[number.first - 1].key == "from"
            and place < len(tokens)
            and tokens[place].key == "to"
        )

    def in_noun(self, number: Quantity) -> bool:
        """Say whether a number is a word of another number's noun."""
        return any(noun.start <= number.start < noun.end for noun in self.nouns.values())

    def one_of(self, number: Quantity) -> bool:
        """Say whether "of" follows a number."""
        return any(cue.table == "of" and cue.first == number.last for cue in self.cues)

    def near_harm(self, number: Quantity) -> Predicate | None:
        """Return what happened to "two energy workers": harm, and that near by."""
        said = self.nearest(number, HARM | {"other"})
        if said is None or self.cost(number, said) > _NEAR_HARM:
            return None
        if self.part_of_these(number) and self.joined(number.last, said.first):
            return None  # "26 residents, three of them minors, were hurt"
        first, last = min(number.last, said.last), max(number.first, said.first)
        alone = not any(
            other in self.nouns and first <= other.first < last for other in self.numbers
        )
        return said if alone or self.cost(number, said) <= _NEAR_HARM / 2 else None

    def adjacent_harm(self, number: Quantity) -> Predicate | None:
        """Return the harm right beside a number without a noun: "killing three", "2 injured"."""
        near = [
            said
            for said in self.said
            if said.state in HARM
            and len(self.between(number, said)) <= 2
            and self.open(number, said)
            and (said.first >= number.last or self._ends(number))
            and not (said.last <= number.first and self.part_of_these(number))
        ]
        if self.sentence.language == "zh":  # 3死7伤
            near.sort(key=lambda said: said.last <= number.first)
        english = self.sentence.language == "en"
        return min(
            near,
            key=lambda said: (
                english and said.last <= number.first and self.joined(said.last, number.first),
                len(self.between(number, said)),
            ),
            default=None,
        )

    def _ends(self, number: Quantity) -> bool:
        """Say whether no unknown noun follows a number: not "5,600 calls"."""
        return bare(self.sentence, number, self.cues) or any(
            cue.first == number.last for cue in self.cues
        )

    def shared_harm(self, number: Quantity) -> Predicate | None:
        """Return the harm of the number before: "killed ten in Britain, six in France"."""
        if not elided(self.sentence, number, self.cues, self.numbers):
            return None
        before = [other for other in self.numbers if other.last <= number.first]
        if not before or before[-1] in self.nouns or before[-1].kind != "count":
            return None
        supply = any(
            said.state in SUPPLY and words_between(number, said) <= 1 for said in self.said
        )
        if supply or not self.joined(before[-1].last, number.first):
            return None
        return self.adjacent_harm(before[-1]) or self.shared_harm(before[-1])
