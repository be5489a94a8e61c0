"""Who speaks: attribution of each stretch of a text to the source it names.

A source is looked for in the clause, then the sentence and its quotation, and is then carried
over: by a pronoun or "the company" to the last speaker of that kind, and to the sentences that
follow in the paragraph as long as it has named one speaker only.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from keepwarm.reports.grammar import Grammar, grammar_of
from keepwarm.reports.phrases import Saying
from keepwarm.reports.quotes import quotations
from keepwarm.reports.sayings import origin, sayings
from keepwarm.reports.speakers import Speaker, known, speaker
from keepwarm.reports.text import Sentence, Text

UNATTRIBUTED = "unattributed"
_OPENING = 3
_KEPT = 100
"""Speakers that are remembered for "he" and "the company"."""

_HEADING = 12
"""Words and marks of the longest heading."""

_ANY_OFFICE = ("official", "head")
"""Offices that may be any other: "the official" is the governor who spoke before."""


@dataclass(frozen=True)
class Attribution:
    """A stretch of the reading copy and who says what stands in it.

    Attributes
    ----------
    start, end : int
        The stretch, in characters of the reading copy. Stretches of one text do not overlap
        and together cover its sentences.
    source : str
        Canonical English name ("Ukrenergo", "Vitali Klitschko", "mayor's office"), or
        ``unattributed``; "A, citing B" is "B (via A)".
    surface_start, surface_end : int
        The words that name the source, in the reading copy; both -1 when unattributed.
    carry_over : bool
        Carried over from an earlier clause (he added, 他还说).
    about : str
        Country whose organ the source is, where known ("Ukraine" for its air force), else empty.
    """

    start: int
    end: int
    source: str
    surface_start: int
    surface_end: int
    carry_over: bool
    about: str = ""


@dataclass(frozen=True, slots=True)
class _Source:
    """A speaker with the words that name it and the paragraph they stand in."""

    name: str
    kind: str
    title: str
    about: str
    start: int
    end: int
    paragraph: int
    carried: bool = False


def attributions(text: Text) -> list[Attribution]:
    """Return who says what, in the order of the text."""
    told = _Telling(text)
    found = [told.read(sentence) for sentence in text.sentences]
    for place, sentence in enumerate(text.sentences):
        # Who speaks may be said only after a quotation, or in "this was reported by ...".
        owner = told.quoting(sentence)
        if found[place][0].surface_start < 0:
            owner = owner or told.behind.get(sentence.end)
            owner = owner or told.origins.get(sentence.paragraph) or told.signed
        if owner and len(found[place]) == 1:
            found[place] = [_stretch(sentence, 0, len(sentence.tokens), owner)]
    return [stretch for stretches in found for stretch in stretches]


class _Telling:
    """What has been said so far, and by whom: the memory that pronouns and carrying need."""

    def __init__(self, text: Text) -> None:
        self._quotes = quotations(text)
        self._opened = [start for start, _ in self._quotes]
        self._quoting: dict[int, _Source] = {}
        self._spoken: deque[_Source] = deque(maxlen=_KEPT)
        self._named: deque[_Source] = deque(maxlen=_KEPT)
        self._post: _Source | None = None
        self._told = -1
        """The paragraph that tells what somebody says after a colon."""
        self._heading: _Source | None = None
        self._opening = _heading(text)
        self._silent: list[Sentence] = []
        """Sentences of the paragraph since somebody spoke."""
        self.behind: dict[int, _Source] = {}
        """Who is named only in the next sentence, by the end of the sentence."""
        self._last = text.sentences[-1] if text.sentences else None
        self.signed: _Source | None = None
        """Who signs the whole text, in its last line."""
        self.origins: dict[int, _Source] = {}
        """Who is named as the source of a whole paragraph, by its number."""

    def read(self, sentence: Sentence) -> list[Attribution]:
        """Return the stretches of one sentence."""
        grammar = grammar_of(sentence)
        self._find_origin(grammar, sentence)
        acts = [act for act in sayings(grammar) if not self._inside(act, grammar)]
        apart = self._silent and self._silent[-1].paragraph != sentence.paragraph
        if apart and not (acts and acts[0].end - acts[0].begin == len(sentence.tokens)):
            self._silent = []
        self._name_all(grammar, sentence)
        carried = self._carried(grammar, sentence)
        pairs: list[tuple[Saying, _Source | None]] = []
        for act in acts:
            source = self._resolve(act, sentence)
            pairs.append((act, source))
            if source:
                self._spoken.append(source)
        if not pairs:
            self._silent.append(sentence)
            if sentence is self._opening:
                self._heading = self._alone(grammar, sentence)
            return [_stretch(sentence, 0, len(sentence.tokens), carried)]
        labels = _scopes(grammar, pairs)
        if labels[0] is None and not pairs[0][0].before:
            first = next((n for n, label in enumerate(labels) if label), len(labels))
            labels = [carried] * first + labels[first:]
        self._remember(grammar, sentence, pairs)
        return _stretches(sentence, labels)

    def _find_origin(self, grammar: Grammar, sentence: Sentence) -> None:
        """Keep who is named in "Quelle: X", as the source of the paragraph."""
        origins = [cue for cue in grammar.say if cue.label == "origin"]
        who = origin(grammar, origins[0]) if origins else None
        if who is not None and who.speaker.name:
            found = self._resolve(who, sentence)
            if found:
                self.origins[sentence.paragraph] = found

    def quoting(self, sentence: Sentence) -> _Source | None:
        """Return who is quoted where a whole sentence stands in a quotation."""
        last = bisect_right(self._opened, sentence.start)
        for number in range(max(last - 2, 0), last):
            if sentence.end <= self._quotes[number][1] + 2:
                return self._quoting.get(number)
        return None

    def _remember(
        self, grammar: Grammar, sentence: Sentence, pairs: list[tuple[Saying, _Source | None]]
    ) -> None:
        source = pairs[-1][1]
        if sentence.tokens[-1].key in (":", "："):
            self._post = source
        ends = [act.end for act, _ in pairs]
        if any(t.key == ":" for end in ends for t in grammar.tokens[end - 1 : end + 1]):
            self._told = sentence.paragraph
        if sentence is self._opening:
            self._heading = source
        about = any(cue.first < _OPENING for cue in grammar.about)
        act = pairs[-1][0]
        signs = act.verb < 0 and act.before and act.end == len(grammar.tokens)
        if signs and source and act.begin == 0 and sentence is self._last:
            self.signed = source
        if (about or signs) and source:
            self.behind |= {silent.end: source for silent in self._silent}
        self._silent = []
        first = max(bisect_right(self._opened, sentence.start) - 1, 0)
        closes = 0 if act.after else 1  # “……。”陈立军说。
        for number in range(first, bisect_left(self._opened, sentence.end)):
            if source and sentence.start < self._quotes[number][1] + closes:
                self._quoting.setdefault(number, source)

    def _inside(self, act: Saying, grammar: Grammar) -> bool:
        """Return whether someone else's words are quoted here: the speaker stands outside."""
        before = [token.key for token in grammar.tokens[max(0, act.begin - 2) : act.begin]]
        if len(before) == 2 and before[0] in ",?!…" and before[1] in "—–":
            return False  # «За ночь подняли 19 линий, — рассказал директор. — Работает ...»
        start, end = grammar.tokens[act.begin].start, grammar.tokens[act.end - 1].end
        quote = bisect_right(self._opened, start) - 1
        return quote >= 0 and end <= self._quotes[quote][1]

    def _name_all(self, grammar: Grammar, sentence: Sentence) -> None:
        """Keep the firms and offices that are named, for "the company" later."""
        for cue in grammar.mentions:
            if cue.table == "speaker":
                row = known()[cue.label]
                named = _Source(
                    row.name, row.kind, "", row.country, cue.start, cue.end, sentence.paragraph
                )
                self._named.append(named)

    def _resolve(self, act: Saying, sentence: Sentence) -> _Source | None:
        who = act.speaker
        start, end = sentence.tokens[act.first].start, sentence.tokens[act.last - 1].end
        if who.refers:
            found = self._referred(who, start, sentence.paragraph)
            if found:
                return found
        if not who.name:
            return None
        name = f"{act.via.name} (via {who.name})" if act.via and act.via.name else who.name
        return _Source(name, who.kind, who.title, who.about, start, end, sentence.paragraph)

    def _referred(self, who: Speaker, place: int, paragraph: int) -> _Source | None:
        """Return the last speaker, or firm named, that "he" or "the company" can stand for."""
        fits = {
            "person": ("person", "witness", "unknown"),
            "company": ("company", "unknown"),
            "organ": ("organ", "government", "company", "unknown"),
        }[who.refers]
        near = [
            source
            for source in self._spoken
            if source.kind in fits and paragraph - source.paragraph <= 1
        ]
        if who.refers == "person" and who.title not in ("", *_ANY_OFFICE):
            near = [source for source in near if source.title in (who.title, "", *_ANY_OFFICE)]
        named = [
            source
            for source in self._named
            if source.kind == who.refers
            and source.paragraph == paragraph
            and source.end <= place
            and ("ministry" in source.name.lower() or "ministry" not in who.name)
        ]
        if "ministry" in who.name:
            near = [source for source in near if "ministry" in source.name.lower()]
        alone = who.refers != "person" or len({source.name for source in named}) == 1
        found = near[-1:] or (named[-1:] if alone else [])
        if who.refers == "company" and named and near and named[-1].start > near[-1].start:
            found = named[-1:]
        return replace(found[0], carried=True) if found else None

    def _carried(self, grammar: Grammar, sentence: Sentence) -> _Source | None:
        """Return who goes on speaking in a sentence that names nobody."""
        here = [source for source in self._spoken if source.paragraph == sentence.paragraph]
        if grammar.own and not self._heading:
            return None
        alone = len({source.name for source in here}) == 1
        goes_on = (
            self._told == sentence.paragraph
            or grammar.indirect
            or grammar.part
            or self._post in here
            or self._in_quotation(sentence)
        )
        if alone and (goes_on or grammar.language != "de"):
            return replace(here[-1], carried=True)
        if here and grammar.indirect:
            return replace(here[-1], carried=True)
        opening = grammar.mentions[0] if grammar.mentions else None
        if here and opening and opening.table in ("pronoun", "definite") and opening.first == 0:
            who = Speaker("", opening.label, refers=opening.label)
            return self._referred(who, opening.start, sentence.paragraph)
        if grammar.thus and not here and self._spoken:
            last = self._spoken[-1]
            if last.paragraph == sentence.paragraph - 1:
                self._spoken.append(replace(last, paragraph=sentence.paragraph))
                return replace(last, carried=True)
        if self._heading and all(source.name == self._heading.name for source in self._spoken):
            return replace(self._heading, carried=True)
        return replace(self._post, carried=True) if self._post and not here else None

    def _in_quotation(self, sentence: Sentence) -> bool:
        """Say whether a sentence is another's words, in quotation marks."""
        last = bisect_right(self._opened, sentence.start + 1)
        return any(sentence.end <= end + 2 for _, end in self._quotes[max(last - 2, 0) : last])

    def _alone(self, grammar: Grammar, sentence: Sentence) -> _Source | None:
        """Return the firm or office that is all a heading says: "Prykarpattiaoblenergo."."""
        last = len(sentence.tokens) - (sentence.tokens[-1].key in ".:")
        cues = [cue for cue in grammar.mentions if cue.last <= last]
        whole = any(cue.first == 0 and cue.last == last for cue in cues)
        who = speaker(sentence.tokens[:last], cues, sentence.language) if whole else None
        if not who or who.refers or who.kind not in ("company", "organ"):
            return None
        end = sentence.tokens[last - 1].end
        return _Source(
            who.name, who.kind, who.title, who.about, sentence.start, end, sentence.paragraph
        )


def _heading(text: Text) -> Sentence | None:
    """Return the first sentence where it stands alone, or is too short to be more than a name."""
    if len(text.sentences) < 2:
        return None
    first, second = text.sentences[:2]
    short = len(first.tokens) <= _HEADING
    apart = first.paragraph != second.paragraph and first.tokens[-1].key not in ".!?"
    return first if short and (apart or len(first.tokens) <= 3) else None


def _scopes(
    grammar: Grammar, pairs: Sequence[tuple[Saying, _Source | None]]
) -> list[_Source | None]:
    """Return the source of each token of a sentence."""
    count = len(grammar.tokens)
    labels: list[_Source | None] = [None] * count
    settled = [False] * count
    for first, last in grammar.clauses():
        here = [(act, source) for act, source in pairs if first <= act.begin < last]
        if not here:
            continue
        cuts = [_lead_end(grammar, first, here[0][0])]
        cuts += [_between(grammar, a[0], b[0]) for a, b in pairwise(here)]
        for (_, source), start, end in zip(here, cuts, [*cuts[1:], last], strict=True):
            for place in range(start, end):
                labels[place], settled[place] = source, True
    return _fill(labels, settled, pairs)


def _fill(
    labels: list[_Source | None],
    settled: list[bool],
    pairs: Sequence[tuple[Saying, _Source | None]],
) -> list[_Source | None]:
    """Give clauses without an act the source to their left, or one that closes the sentence."""
    closing = next((source for act, source in pairs if act.before), None)
    begun = False
    carried: _Source | None = None
    for place, done in enumerate(settled):
        if done:
            begun, carried = True, labels[place]
        elif begun:
            labels[place] = carried
        else:
            labels[place] = closing if closing and pairs[0][0].before else None
    return labels


def _lead_end(grammar: Grammar, first: int, act: Saying) -> int:
    """Return where the scope of the first act of a clause begins."""
    if act.before or act.begin == first:
        return first
    if grammar.tokens[act.begin - 1].key == ".":
        return act.begin
    joined = any(
        cue.last in (act.begin, act.begin - 1) and cue.first >= first for cue in grammar.joins
    )
    return act.begin if joined or grammar.says_as(act.begin) else first


def _between(grammar: Grammar, left: Saying, right: Saying) -> int:
    """Return the token where the scope of one act ends and that of the next begins."""
    if not left.after:
        return left.end
    joins = [cue for cue in grammar.joins if left.end <= cue.first and cue.last <= right.begin]
    if joins:
        return joins[-1].first
    marks = [p for p in range(left.end, right.begin) if grammar.tokens[p].key in ",，;；"]
    if right.before and marks:
        return marks[0] if len(marks) > 1 else right.begin
    return marks[-1] if marks and not right.before else right.begin


def _stretches(sentence: Sentence, labels: Sequence[_Source | None]) -> list[Attribution]:
    found = []
    first = 0
    for place in range(1, len(labels) + 1):
        if place == len(labels) or labels[place] is not labels[first]:
            found.append(_stretch(sentence, first, place, labels[first]))
            first = place
    return found


def _stretch(sentence: Sentence, first: int, last: int, source: _Source | None) -> Attribution:
    """Return a stretch of tokens; the outermost reach to the ends of the sentence."""
    tokens = sentence.tokens
    start = sentence.start if first == 0 else tokens[first].start
    end = sentence.end if last >= len(tokens) else tokens[last].start
    if source is None:
        return Attribution(start, end, UNATTRIBUTED, -1, -1, False)
    return Attribution(
        start, end, source.name, source.start, source.end, source.carried, source.about
    )
