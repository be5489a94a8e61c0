"""The words of a sentence that matter to who speaks, found once for all rules."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from keepwarm.reports.speakers import known, mentions
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

MARKS = frozenset('.,;:!?()[]—–-"«»“”„‘’。，；：！？（）「」『』、…')
_QUOTES = {"«": "»", "„": "“”", "“": "”", "「": "」", "『": "』", '"': '"'}


_SETTING, _SETTING_LONG = frozenset("时中上后里间"), 16
"""What ends, and characters of, a phrase that says where someone speaks: 在议会发言时."""

_NAME = 8
"""Characters of a Chinese rendering of a name."""


def _longest(found: Iterable[Cue]) -> list[Cue]:
    """Return the cues that no longer one overlaps, in order."""
    kept: list[Cue] = []
    taken: set[int] = set()
    for cue in sorted(found, key=lambda cue: (cue.first - cue.last, cue.first)):
        if taken.isdisjoint(range(cue.first, cue.last)):
            taken.update(range(cue.first, cue.last))
            kept.append(cue)
    return sorted(kept, key=lambda cue: cue.first)


class Grammar:
    """What surrounds the acts of saying of one sentence: its tokens, cues and mentions."""

    def __init__(self, sentence: Sentence) -> None:
        self.tokens = sentence.tokens
        self.language = sentence.language
        every = sentence.cues("sources")
        say = _longest(cue for cue in every if cue.table == "say" and cue.label != "about")
        self.about = [cue for cue in every if cue.label == "about"]
        self.say = [cue for cue in say if not self._is_name(cue)]
        verbs = ("strong", "weak", "left", "via")
        self._verbs = {cue.first for cue in self.say if cue.label in verbs}
        self.clause = [cue for cue in every if cue.table == "clause"]
        self.joins = [cue for cue in self.clause if cue.label in ("and", "new")]
        self.own = any(cue.table == "own" for cue in every)
        # German marks what others say by the mood of its verbs; elsewhere it is not needed.
        self.indirect = any(cue.table == "carry" and cue.label != "part" for cue in every)
        self.thus = any(cue.table == "carry" and cue.label == "thus" for cue in every)
        self.part = any(cue.table == "carry" and cue.label == "part" for cue in every)
        self._places: dict[str, dict[int, int]] = {
            "skip": {},
            "stop": {},
            "inside": {},
            "article": {},
        }
        self._ends: dict[int, int] = {}
        for cue in every:
            if cue.table == "np":
                places = self._places[cue.label]
                places[cue.first] = max(cue.last, places.get(cue.first, 0))
                if cue.label == "skip":
                    self._ends[cue.last] = min(cue.first, self._ends.get(cue.last, cue.first))
        self.mentions = mentions(sentence.tokens, sentence.language)
        self._skipped = {
            place for first, last in self._places["skip"].items() for place in range(first, last)
        }
        self._name = self._names() if sentence.language == "zh" else frozenset()
        self._core = {
            place
            for cue in self.mentions
            for place in range(cue.first, cue.last)
            if cue.table != "country"
        }

    def _names(self) -> frozenset[int]:
        """Return the tokens between a Chinese title and a verb of saying: 因 in 发言人侯赛因说."""
        places: set[int] = set()
        for cue in self.mentions:
            last = min((verb for verb in self._verbs if verb >= cue.last), default=0)
            between = self.tokens[cue.last : last]
            words = not any(token.key in MARKS or token.text.isdigit() for token in between)
            if cue.table == "title" and 0 < len(between) <= _NAME and words:
                places |= set(range(cue.last, last))
        return frozenset(places)

    def persons(self) -> frozenset[int]:
        """Return the tokens of Chinese names of persons."""
        found = {
            place
            for cue in self.mentions
            if cue.table == "speaker" and known()[cue.label].kind == "person"
            for place in range(cue.first, cue.last)
        }
        return frozenset(found)

    def clauses(self) -> list[tuple[int, int]]:
        """Return the parts of the sentence that a semicolon or ", while" sets apart."""
        starts = sorted({cue.first for cue in self.clause if cue.label == "new"} - {0})
        edges = [0, *starts, len(self.tokens)]
        return [(a, b) for a, b in pairwise(edges) if a < b]

    def _is_name(self, cue: Cue) -> bool:
        """Return whether a verb is written like a name ("Said Street"), not at a beginning."""
        if cue.label not in ("strong", "weak", "left") or not cue.first:
            return False
        before = self.tokens[cue.first - 1].key
        return self.tokens[cue.first].text[:1].isupper() and before not in MARKS

    def skip(self, place: int) -> int:
        """Return the token after the adverbs and times that begin at ``place``."""
        while place in self._places["skip"]:
            place = self._places["skip"][place]
        return place

    def skip_back(self, place: int) -> int:
        """Return the token where the adverbs and times that end before ``place`` begin."""
        while place > 0:
            first = min(self._ends.get(place, place), self._setting(place))
            # "в своём Telegram-канале" is no speaker, though a channel alone may be one.
            if first < place and (place - 1 not in self._core or first not in self._core):
                place = first
            elif place - 1 in self._core:
                break
            elif self.tokens[place - 1].text.isdigit() and self._dated(place):
                place -= 1
            else:
                break
        return place

    def _setting(self, place: int) -> int:
        """Return where 在议会发言时 begins that ends before ``place``, else ``place``."""
        if self.language != "zh" or self.tokens[place - 1].key not in _SETTING:
            return place
        for first in range(place - 3, max(place - _SETTING_LONG, 0) - 1, -1):
            if self.tokens[first].key in MARKS:
                break
            if self.tokens[first].key in "在于" and first not in self._core:
                return first
        return place

    def _dated(self, place: int) -> bool:
        """Return whether a number before ``place`` is a day ("26日")."""
        return place < len(self.tokens) and self.tokens[place].key in "日月时点分"

    def stops(self, place: int) -> bool:
        """Return whether no noun phrase goes on over this token."""
        if place in self._core or place in self._name:
            return False
        token = self.tokens[place]
        if token.key in MARKS or token.text.isdigit() or self.is_stop(place):
            return True
        return place in self._verbs

    def is_stop(self, place: int) -> bool:
        """Return whether the word is one that stands in no noun phrase of a speaker."""
        last = self._places["skip"].get(place, place)
        if last > place + 1:
            return True
        if place in self._places["inside"]:
            return False
        return last > place or place in self._places["stop"] or place in self._skipped

    def is_core(self, place: int) -> bool:
        """Return whether the word is part of what names a speaker."""
        return place in self._core

    def article(self, place: int) -> bool:
        """Return whether the word is an article or the preposition of "в ДТЕК"."""
        return place in self._places["article"]

    def inside(self, place: int) -> bool:
        """Return whether the word joins parts of a noun phrase ("of", "в")."""
        return place in self._places["inside"]

    def says_as(self, place: int) -> bool:
        """Return whether "as" (як, как, wie) stands before ``place``."""
        return place > 0 and any(
            cue.last == place for cue in (*self.say, *self.about) if cue.label in ("as", "about")
        )

    def content(self, first: int, last: int) -> bool:
        """Return whether anything but marks and adverbs stands in the range."""
        place = first
        while place < last:
            after = self.skip(place)
            if after > place:
                place = after
            elif self.tokens[place].key in MARKS:
                place += 1
            else:
                return True
        return False

    def quoted_from(self, place: int) -> int | None:
        """Return the token after a name in quotation marks that opens at ``place``."""
        shut = _QUOTES.get(self.tokens[place].text)
        if not shut:
            return None
        longest = 12 if self.language == "zh" else 6
        for end in range(place + 2, min(place + longest, len(self.tokens))):
            if self.tokens[end].text in shut:
                return end + 1
        return None

    def quoted_to(self, place: int) -> int | None:
        """Return where a name in quotation marks that closes before ``place`` opens."""
        longest = 13 if self.language == "zh" else 7
        for first in range(place - 3, max(place - longest, -1), -1):
            if self.quoted_from(first) == place:
                return first
        return None

    def closes_quote(self, place: int) -> bool:
        """Return whether a quotation closes just before ``place`` (a comma or dash aside)."""
        near = self.tokens[max(0, place - 3) : place]
        return any(token.text in '»”“」』"' for token in near)


@lru_cache(maxsize=256)
def grammar_of(sentence: Sentence) -> Grammar:
    """Return the grammar of a sentence, found once."""
    return Grammar(sentence)
