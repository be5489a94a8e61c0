"""Which place a claim of a Chinese sentence is about.

Places stand before their figures, wide ones before narrow ones; 全省 and 合计 go back to the whole.
"""

from __future__ import annotations

from collections.abc import Sequence

from keepwarm.reports.place_groups import Group, specific
from keepwarm.reports.where import BREAKS, LEVELS_OF, Where, tokens_between

_IN = 4
"""Characters that may stand between a Chinese figure and the place behind it: 架在."""


class AnyWhere(Where):
    """The places of the sentence being read, in any language."""

    def of(self, start: int, end: int, *, carry: bool = True) -> str | None:
        """Return the place of a claim whose quote stands between two characters of the copy."""
        if self._sentence is None or self._sentence.language != "zh":
            return super().of(start, end, carry=carry)
        return self._in_chinese(*tokens_between(self._sentence, start, end))

    def _in_chinese(self, first: int, last: int) -> str | None:
        """Return the place before a figure; there it always stands, and a whole after its parts."""
        groups = [group for group in self._groups if not self._of_a_part(group, first, last)]
        inside = [group for group in groups if first <= group.first < last]
        before = inside[:1] or [group for group in groups if group.last <= first]
        whole = self._whole(before[-1].last if before else 0, first)
        if whole is not None:
            return whole or None
        near = [
            one for one in groups if last <= one.first and not self._break_between(last, one.first)
        ]
        behind = [one for one in near if one.first - last <= _IN and one.places[0].role == "where"]
        listed = self._sentence is not None and self._sentence.tokens[first - 1].text == "、"
        if behind and before and (listed or self._break_between(before[-1].last, first)):
            before = behind  # 26架在克里米亚上空被击落
        before = before or near[:1]
        if not before:
            whose = [place.name for place in self._told if place.last <= first]
            one = whose[-1] if whose and groups else self._carried() or _first_of(groups)
            self._given |= {one} if one else set()
            return one
        one = self._in_order(before[-1], first)
        one = one or "; ".join(dict.fromkeys(place.name for place in specific(before[-1].places)))
        self._given.add(one)
        self._recent = one
        return one

    def _carried(self) -> str | None:
        """Return the place of an earlier sentence, that a word points to or the speaker named."""
        found = self._sentence.longest("places") if self._sentence else ()
        back = any(cue.table in ("whole", "here") for cue in found)
        return self._last if back else self._suits(self._last)

    def _whole(self, first: int, last: int) -> str | None:
        """Return what "the whole province" between two tokens means; empty for an unnamed whole."""
        if self._sentence is None:
            return None
        found = self._sentence.longest("places")
        said = [cue for cue in found if cue.table == "whole" and first <= cue.first < last]
        parts = len({g.places[0].name for g in self._groups if g.last <= first}) > 1
        for cue in reversed(said):
            if cue.label == "here":
                return self._last or self._recent
            if cue.label == "sum" and cue.first - first <= _IN:
                continue  # 甲县、乙县共计23个乡镇
            if cue.label == "sum" and (parts or (not self._groups and len(self._all) > 1)):
                return self._topic or ""
            here = {p.level: p.name for p in self._told if p.last <= cue.first}
            for known in (here, self._levels):
                level = next((one for one in LEVELS_OF[cue.label] if one in known), "")
                if level:
                    return known[level]
            if cue.label == "country":
                return ""
        return None

    def _in_order(self, group: Group, first: int) -> str | None:
        """Return the place of a figure in "A and B: 8 and 5 respectively"."""
        if self._sentence is None or len(group.places) < 2:
            return None
        found = self._sentence.longest("places")
        order = any(cue.table == "order" and group.last <= cue.first <= first for cue in found)
        number = sum(group.last <= figure[0] < first for figure in self._figures)
        return group.places[number].name if order and number < len(group.places) else None

    def _break_between(self, first: int, last: int) -> bool:
        tokens = self._sentence.tokens[first:last] if self._sentence else ()
        return any(token.text in BREAKS for token in tokens)


def _first_of(groups: Sequence[Group]) -> str | None:
    names = [place.name for group in groups[:1] for place in specific(group.places)]
    return "; ".join(dict.fromkeys(names)) or None
