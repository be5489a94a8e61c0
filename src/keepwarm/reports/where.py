"""Which place a claim is about: the one beside its number, else its sentence's, else the last.

Reports name places in one order within a sentence: before each figure ("in Lviv 17, in Volyn
nine") or after it ("60,000 in Donetsk region, 51,000 in Odesa region"). What stands first tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from keepwarm.reports.place_groups import Group, announced, listed, specific
from keepwarm.reports.places import Place
from keepwarm.reports.sources import UNATTRIBUTED
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Token, table

_BESIDE = 2
"""Words (a preposition, a dash) that may stand between a figure and a place beside it."""

_OWN = 4
"""Words that may stand between a figure with its noun and the place behind them."""

_JOINS = frozenset(("and", "und", "та", "й", "і", "и", "和", "及"))
"""Words behind which the next figure, or the next place, begins."""

_FROM = frozenset(("з", "із", "зі", "из", "со"))
"""Prepositions before the place a missile was launched from, or help came from."""

BREAKS = frozenset(",;:，；：—–")

LEVELS_OF = {
    "region": ("region",),
    "city": ("city", "settlement"),
    "district": ("district", "settlement"),
    "country": ("country",),
    "sum": (),
    "here": (),
}
"""Levels of places that a word for a whole may mean."""


@dataclass
class Where:
    """The places of the sentence being read, and the last place of its paragraph."""

    _sentence: Sentence | None = None
    _groups: list[Group] = field(default_factory=list)
    _figures: list[tuple[int, int]] = field(default_factory=list)
    _last: str | None = None
    _topic: str | None = None
    _all: set[str] = field(default_factory=set)
    _lead: Place | None = None
    """The first place of the text."""
    _dateline: Place | None = None
    _rivals: bool = False
    """Whether the text names another place that is as wide as the first."""
    _told: list[Place] = field(default_factory=list)
    """Places of the sentence being read, those that only say who speaks included."""
    _given: set[str] = field(default_factory=set)
    """The places that the figures of a Chinese sentence were given."""
    _recent: str | None = None
    """The last place that a Chinese figure was given, of whatever paragraph."""
    _levels: dict[str, str] = field(default_factory=dict)
    """The last place of each level before it: what "the whole province" means."""
    _tellers: dict[str, set[str]] = field(default_factory=dict)
    """Who named each place so far, the writer's own voice included."""
    _inside: dict[str, str] = field(default_factory=dict)
    """What contains each place named so far."""
    _speaker: str = UNATTRIBUTED
    """Who says the claim whose place is asked for."""
    _site: str | None = None
    """The named plant or station of the sentence being read: where that alone is, no more."""
    _line: str | None = None
    """The power line or pipeline that the paragraph named last."""
    _home: str = ""
    """The place that this speaker speaks for."""
    _follows: bool = False
    """Whether the claim goes on with what was told, in the writer's own voice."""

    def new_paragraph(self) -> None:
        """Forget what the paragraph before was about; a text with one place is about that."""
        self._pass_on()
        self._groups = []
        self._line = None
        self._last = self._topic = self._of_text()

    def _of_text(self) -> str | None:
        """Return what a text is about: its only place, or the first if it names none beside it."""
        if len(self._all) == 1:
            return next(iter(self._all))
        lead = self._lead
        return lead.name if lead is not None and not self._rivals else None

    def _rival(self, place: Place) -> bool:
        """Say whether a place is as wide as the first one, and another: not a part of it."""
        lead = self._lead
        if lead is None or place.name in (lead.name, lead.inside) or place.inside == lead.name:
            return False
        narrow = ("district", "hromada", "settlement", "part", "line")
        return lead.level in narrow or place.level not in narrow

    def _pass_on(self) -> None:
        """Keep what the sentence read before was about: its only place, else the topic."""
        around = [p.inside for p in self._told if p.inside.endswith(("Oblast", "Krai"))]
        self._levels |= {"region": around[-1]} if around else {}
        self._levels |= {p.level: p.name for p in self._told if p.level != "country"}
        for place in self._told:  # whose organ speaks says what "the whole country" is
            if place.level == "country" and (place.role == "who" or "country" not in self._levels):
                self._levels["country"] = place.name
        self._told = []
        places = [place for group in self._groups for place in specific(group.places)]
        places = [place for place in places if place.level != "line"]  # its own, not carried
        if len(places) > 1 and places[0].level != "country":
            places = [place for place in places if place.level != "country"] or places
        self._lead = self._lead or (places[0] if places else None)
        self._rivals = self._rivals or any(self._rival(place) for place in places)
        names = {place.inside if place.level == "part" else place.name for place in places}
        self._all |= names
        if self._sentence is not None and self._sentence.language == "zh":
            names -= {place.inside for place in places}  # 某州首府某市
        if len(names) == 1:
            self._last = next(iter(names))
            wide = all(place.level == "country" for place in places)
            if not (wide and self._sentence is not None and self._sentence.language == "zh"):
                self._topic = self._topic or self._last
        elif names:
            self._last = self._topic or _only(self._given)  # a list is not carried
        else:
            self._last = _only(self._given) or self._last
        self._given = set()

    def new_sentence(
        self,
        sentence: Sentence,
        named: Sequence[Place],
        figures: Sequence[tuple[int, int]],
        tellers: Sequence[str] = (),
    ) -> None:
        """Take the places of the next sentence, who names each, and where its figures stand."""
        self._pass_on()
        self._line = next((p.name for p in named if p.level == "line"), self._line)
        sites = [place.name for place in named if place.level == "site"]
        self._site = sites[0] if len(sites) == 1 else None
        named = [place for place in named if place.level != "site"]
        self._inside |= {place.name: place.inside for place in named if place.inside}
        for place, teller in zip(named, tellers, strict=False):
            for name in (place.name, place.inside) if place.level == "part" else (place.name,):
                self._tellers.setdefault(name, set()).add(teller)
        self._sentence = sentence
        self._figures = sorted({tokens_between(sentence, *figure) for figure in figures})
        # "09:12. Kharkiv. ..." in a live report
        alone = len(named) == 1 and len(sentence.tokens) <= named[0].last + 1
        aside = ("nation",) if alone else ("dateline", "nation")
        usable = [place for place in named if place.role not in aside]
        self._dateline = next((p for p in named if p.role == "dateline"), self._dateline)
        usable = [place for place in usable if not self._owner(place, usable)]
        usable = [place for place in usable if not self._origin(place)]
        self._told = usable
        named = [place for place in usable if not self._seat(place, usable)]
        groups = listed(sentence, named)
        placed = [
            group
            for group in groups
            if sentence.language == "zh"
            or any(place.role == "where" or self._beside_figure(place) for place in group.places)
        ]
        if sentence.language == "de":  # "Kiew bestreitet das": a state speaks
            seats = table("de", "places").get("capitals", {})
            usable = [place for place in usable if place.role != "who" or place.name not in seats]
        self._groups = placed or groups or listed(sentence, usable)

    def said_by(self, speaker: str, home: str, *, own: bool = False) -> None:
        """Take who says the claim that is asked for next.

        Parameters
        ----------
        speaker, home : str
            The source, and the place it speaks for, where known.
        own : bool
            Whether the claim holds for the speaker's own system: what is to come, its power.
        """
        self._speaker, self._home = speaker, home
        self._follows = speaker == UNATTRIBUTED and not own

    def _suits(self, name: str | None) -> str | None:
        """Return a place of an earlier sentence, or the speaker's own where only another named it.

        What the writer's own voice says, or more than one speaker, is what the text is about.
        """
        told = [self._tellers.get(one, set()) for one in (name or "").split("; ")]
        tellers = set().union(*told)
        shared = len(tellers) != 1 or UNATTRIBUTED in tellers or self._speaker in tellers
        at_home = self._home in (name, self._inside.get(name or ""))
        return name if name and (shared or self._follows or at_home) else self._home or None

    def of(self, start: int, end: int, *, carry: bool = True) -> str | None:
        """Return the place of a claim whose quote stands between two characters of the copy.

        A single place is carried to later sentences of the paragraph that name none; after a
        row of figures they go back to what the paragraph began with. Without ``carry`` only
        places of the sentence count.
        """
        if self._sentence is None:
            return self._suits(self._last)
        if not self._groups:
            return self._pointed()
        first, last = tokens_between(self._sentence, start, end)
        group = self._choose(first, last)
        if group is None:
            return self._suits(self._last) if carry else None
        behind = [place for place in group.places if place.first >= last]
        within = group.first < first and behind  # "in Tarske and three villages of the region"
        places = specific(within or group.places)
        return "; ".join(dict.fromkeys(place.name for place in places))

    def _pointed(self) -> str | None:
        """Return what "the region" or "nationwide" means here, else the last place."""
        if self._sentence is None:
            return self._suits(self._last)
        back = False
        for cue in self._sentence.longest("places"):
            if cue.table == "whole":
                levels = LEVELS_OF[cue.label]
                here = [place.name for place in self._told if place.level in levels]
                meant: list[str | None] = [*here] or [self._levels.get(level) for level in levels]
                if not any(meant) and self._dateline is not None:
                    meant = [
                        self._dateline.inside if cue.label == "region" else self._dateline.name
                    ]
                name = next(filter(None, meant), None)
                if cue.label == "country":
                    return name
                if name and self._last not in meant:
                    self._last = name
            back = back or cue.table in ("whole", "here")
        return self._last if back else self._suits(self._last)

    def line(self) -> str | None:
        """Return the line named last, for "the line" in a sentence that names no place."""
        return self._line if not self._groups else None

    def site(self) -> str | None:
        """Return the named plant or station of a sentence that names no other place."""
        return self._site if not self._groups else None

    def topic(self) -> str | None:
        """Return what the paragraph began with, if it is no town; for sums of a whole system."""
        wide = self._topic in (self._levels.get("country"), self._levels.get("region"))
        english = self._sentence is not None and self._sentence.language == "en"
        return self._suits(self._topic) if not self._groups and (wide or not english) else None

    def named(self) -> bool:
        """Say whether the sentence being read names a place, or points back to one."""
        if self._groups or self._sentence is None:
            return bool(self._groups)
        found = self._sentence.longest("places")
        return any(cue.table == "here" for cue in found)

    def _choose(self, first: int, last: int) -> Group | None:
        groups = [group for group in self._groups if not self._of_a_part(group, first, last)]
        inside = [group for group in groups if first <= group.first < last]
        if inside or not groups:
            return inside[0] if inside else None
        before = [group for group in groups if group.last <= first]
        after = [group for group in groups if group.first >= last]
        left, right = (before[-1] if before else None), (after[0] if after else None)
        if left is None and right is not None and self._of_another(last, right):
            return None
        if left is None or right is None:
            return left or right or groups[0]
        free_left = not self._figure_between(left.last, first) or self._shared(left, first)
        free_right = not self._figure_between(last, right.first)
        if free_left != free_right:
            return left if free_left else right
        beside_left = free_left and self._close(left.last, first)
        beside_right = free_right and self._close(last, right.first)
        if beside_left != beside_right:
            return left if beside_left else right
        if free_left and not self._alternates():
            return min(left, right, key=lambda group: self._distance(group, first, last))
        return left if self._places_first() else right

    def _of_another(self, last: int, group: Group) -> bool:
        """Say whether a place is another figure's: "50 missiles, leaving 600 homes in Lviv ..."."""
        if self._sentence is None or self._sentence.language != "en":
            return False
        between = self._sentence.tokens[last : group.first]
        nearer = [figure for figure in self._figures if last <= figure[0] < group.first]
        apart = any(token.text in ",;" and token.end < group.places[0].start for token in between)
        return bool(nearer) and apart and group.first - nearer[-1][1] <= _OWN

    def _close(self, first: int, last: int) -> bool:
        """Say whether at most a preposition or dash stands between a figure and a place."""
        tokens = self._sentence.tokens[first:last] if self._sentence else ()
        return 0 <= last - first <= _BESIDE and not any(
            (token.text in BREAKS and token.text not in ":：—–") or token.key in _JOINS
            for token in tokens
        )

    def _owner(self, place: Place, named: Sequence[Place]) -> bool:
        """Say whether a place only owns the next one: "Berlin's Treptow-Köpenick district"."""
        tokens = self._sentence.tokens if self._sentence else ()
        owns = bool(tokens) and tokens[place.last - 1].key.endswith("'s")
        behind = place.last
        while owns and behind < len(tokens) and tokens[behind].text.islower():
            behind += 1  # "Ukraine's northeastern city of Kharkiv"
        return owns and any(place.last <= other.first <= behind for other in named)

    def _origin(self, place: Place) -> bool:
        """Say whether a place only tells where something came from: "з Воронезької області"."""
        tokens = self._sentence.tokens if self._sentence else ()
        before = tokens[place.first - 1].key if place.first else ""
        return place.role == "bare" and before in _FROM

    def _seat(self, place: Place, named: Sequence[Place]) -> bool:
        """Say whether a place only tells whose speaker it is: 俄罗斯别尔哥罗德州州长."""
        return place.role == "who" or any(
            other.role == "who" and other.start == place.end for other in named
        )

    def _beside_figure(self, place: Place) -> bool:
        return any(
            self._close(place.last, first)
            or self._close(last, place.first)
            or first <= place.first < last  # "the Ryazan refinery and a depot in Feodosia"
            for first, last in self._figures
        )

    def _of_a_part(self, group: Group, first: int, last: int) -> bool:
        """Say whether a place belongs to a part of a figure: "60,000: 25,000 in Lviv, ..."."""
        if self._sentence is None or group.first - last <= _BESIDE:
            return False
        parts = [
            figure for figure in self._figures if last <= figure[0] and figure != (first, last)
        ]
        beside = any(
            0 <= group.first - part[1] <= _BESIDE or 0 <= part[0] - group.last <= _BESIDE
            for part in parts
        )
        tokens = self._sentence.tokens
        told = (*tokens[last : parts[0][0]], *self._behind_part(parts)) if parts else ()
        if parts and parts[0][1] <= group.first and announced(told):
            return True  # "112: 47 over Bryansk, the rest over the Black Sea"
        own = [part for part in parts if 0 <= group.first - part[1] <= _BESIDE] or parts
        begins = min(own[0][0], group.first) if parts else last
        between = tokens[last:begins]
        if begins == group.first and parts:
            after = tokens[group.last : parts[0][0]]
            beside = beside and not any(token.text == "," for token in after)  # "53 here, 34 ..."
        return beside and announced((*between, *self._behind_part(parts)))

    def _behind_part(self, parts: Sequence[tuple[int, int]]) -> Sequence[Token]:
        """Return the word behind the first part: "elf davon über der Region Saratow"."""
        if self._sentence is None or self._sentence.language != "de" or not parts:
            return ()
        return self._sentence.tokens[parts[0][1] : parts[0][1] + 1]

    def _shared(self, group: Group, first: int) -> bool:
        """Say whether a place stands before two figures: "in Lyman 2 dead and 6 injured"."""
        between = self._sentence.tokens[group.last : first] if self._sentence else ()
        near = any(self._close(group.last, figure[0]) for figure in self._figures)
        one = sum(group.last <= figure[0] < first for figure in self._figures) == 1
        joined = any(token.key in _JOINS for token in between)
        return near and one and joined and not any(token.text in ",;" for token in between)

    def _figure_between(self, first: int, last: int) -> bool:
        return any(first <= figure[0] < last for figure in self._figures)

    def _places_first(self) -> bool:
        return self._groups[0].first < self._figures[0][0]

    def _alternates(self) -> bool:
        """Say whether the sentence has a row of figures each with a place."""
        return len(self._groups) > 1 and len(self._figures) > 1

    def _distance(self, group: Group, first: int, last: int) -> int:
        """Return words between, a break counted as six."""
        low, high = (group.last, first) if group.last <= first else (last, group.first)
        tokens = self._sentence.tokens[low:high] if self._sentence else ()
        return len(tokens) + 5 * sum(token.text in BREAKS for token in tokens)


def _only(names: set[str]) -> str | None:
    return next(iter(names)) if len(names) == 1 else None


def tokens_between(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """Return the tokens between two characters, as first and last (exclusive)."""
    tokens: Sequence[Token] = sentence.tokens
    inside = [number for number, token in enumerate(tokens) if start <= token.start < end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)
