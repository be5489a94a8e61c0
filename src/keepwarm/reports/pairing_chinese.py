"""What Chinese sentences leave to order and to small words when numbers meet predicates.

Other languages have case, articles or relative clauses for it: these rules answer no for them.
"""

from __future__ import annotations

from keepwarm.reports.findings import SUPPLY
from keepwarm.reports.heads import Head
from keepwarm.reports.pairing import Pairing
from keepwarm.reports.predicates import Predicate
from keepwarm.reports.quantities import Quantity

_BACK = 24
"""Characters before a number where its own predicate may stand."""


_FAR_SHARE, _FAR_SHARE_ZH = 34.0, 60.0
"""Words, and Chinese characters, between a share and what is said of it."""


class ChinesePairing(Pairing):
    """A pairing that knows what is said in Chinese only."""

    @property
    def _chinese(self) -> bool:
        return self.sentence.language == "zh"

    @property
    def farthest_share(self) -> float:
        """Return how far a share may stand from what is said of it, borders of clauses counted."""
        return _FAR_SHARE_ZH if self._chinese else _FAR_SHARE

    def is_day(self, number: Quantity) -> bool:
        """Say whether an ordinal counts days: 连续第二夜."""
        tokens = self.sentence.tokens
        return (
            self._chinese
            and number.last < len(tokens)
            and tokens[number.last].text in "夜天日晚周年个"
        )

    def share_of_before(self, number: Quantity, said: Predicate | None) -> Predicate | None:
        """Return what is said before 占用户总数的54.1%, where the same clause says nothing else."""
        if not self._chinese or said is None:
            return said
        tokens = self.sentence.tokens
        commas = [place for place, token in enumerate(tokens) if token.text in "，；"]
        first = max((place for place in commas if place < number.first), default=-1)
        last = min((place for place in commas if place >= number.last), default=len(tokens))
        share = any(token.text == "占" for token in tokens[first + 1 : number.first])
        own = any(first < one.first < last for one in self.said if one.state in SUPPLY)
        before = [one for one in self.said if one.last <= first + 1 and one.state in SUPPLY]
        return before[-1] if share and not own and before else said

    def listed(self, number: Quantity) -> bool:
        """Say whether a Chinese number and another group are listed: 29个区、数百个村庄."""
        if not self._chinese:
            return False
        end, tokens = self.noun_end(number), self.sentence.tokens
        return (end < len(tokens) and tokens[end].text in "、和及") or (
            number.first > 0 and tokens[number.first - 1].text in "、和及"
        )

    def counts_more(self, number: Quantity) -> bool:
        """Say whether the measure word 处 counts a thing that is named: 两处天然气处理厂."""
        if not self._chinese:
            return False
        end, tokens = self.noun_end(number), self.sentence.tokens
        measure = tokens[end - 1].text == "处"
        return measure and end < len(tokens) and "一" <= tokens[end].text <= "龥"

    def is_crew(self, number: Quantity, head: Head) -> bool:
        """Say whether Chinese sends people to work: 组织460人巡线."""
        return head.unit == "people" and any(
            cue.table == "crew" and 0 <= number.first - cue.last <= 3 for cue in self.cues
        )

    def in_earlier_clause(self, number: Quantity, head: Head) -> bool:
        """Say whether one Chinese firm or facility is told of before those without supply."""
        if not self._chinese or head.unit not in ("facilities", "businesses"):
            return False
        comma = next(
            (
                place
                for place in range(number.last, len(self.sentence.tokens))
                if self.sentence.tokens[place].text == "，"
            ),
            len(self.sentence.tokens),
        )
        own = any(
            said.first < comma and said.last > number.first - _BACK and said.state in SUPPLY
            for said in self.said
        )
        return number.value == 1 and not own

    def lost_before(self, number: Quantity, said: Predicate | None) -> Predicate | None:
        """Return the loss in 丧失合计1.9吉瓦可用容量: what is available there is gone."""
        if said is None or said.state != "capacity_available" or not self._chinese:
            return said
        tokens = self.sentence.tokens
        for one in self.said:
            between = tokens[one.last : number.first]
            whole = not any(token.text in "，；" for token in between)
            if one.state == "capacity_lost" and one.last <= number.first and whole:
                return one
        return said

    def opens_with_parts(self) -> bool:
        """Say whether a sentence gives parts of what was counted before: 其中甲市5万户."""
        latest = 1 if self._chinese else 0
        return any(cue.table == "anaphor" and cue.first <= latest for cue in self.cues)

    def still_out(self, number: Quantity, said: Predicate | None) -> bool:
        """Say whether a Chinese number is what is left to be restored: 剩余1900户预计22时前复电."""
        if said is None or not self._chinese:
            return False
        if not any(cue.table == "rest" and 0 <= number.first - cue.last <= 3 for cue in self.cues):
            return False
        if said.last <= number.first:
            return True  # 2.9万户恢复供电，其余1.3万户集中在山区
        return any(
            cue.table == "expect" and number.last <= cue.first < said.last for cue in self.cues
        )

    def part_of_told(self, number: Quantity, said: Predicate) -> bool:
        """Say whether a Chinese number is a part of which nothing else is said: 其中一名是婴儿."""
        if not self._chinese:
            return False
        apart = any(
            token.text in "，；" for token in self.sentence.tokens[number.last : said.first]
        )
        return any(
            cue.table == "anaphor"
            and (said.last < cue.first or apart)
            and 0 <= number.first - cue.last <= 4
            for cue in self.cues
        )
