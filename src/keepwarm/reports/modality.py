"""How a claim is meant: claimed, denied, confirmed, alleged, forecast, planned or conditional.

Each cue of ``words/<language>/modality.toml`` covers a scope: a denial its complement only,
"reportedly" its clause, "if" the condition and what follows from it. What no scope covers is
claimed. `phase` says whether a figure is a first, highest, present or summed one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from keepwarm.reports.grammar import MARKS, Grammar, grammar_of
from keepwarm.reports.sayings import sayings
from keepwarm.reports.text import Sentence, Text
from keepwarm.reports.words import Cue, Token

_ORDER = ("denied", "conditional", "alleged", "planned", "forecast", "confirmed")
_STOPS = frozenset(",，.。!?")
_NEAR = 3
"""Words between "will" and "without power" over which the future still reaches."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a cue covers, in tokens of its sentence; ``cue_first`` and ``cue_last`` are its own."""

    kind: str
    first: int
    last: int
    cue_first: int
    cue_last: int
    note: str = ""


def modality(text: Text, sentence: Sentence, start: int, end: int) -> tuple[str, str]:
    """Return how what stands between two characters is meant, and on which condition.

    Parameters
    ----------
    text : Text
        The text.
    sentence : Sentence
        The sentence that holds the characters.
    start, end : int
        Characters of the reading copy.

    Returns
    -------
    tuple of str
        claimed, denied, confirmed, alleged, forecast, planned or conditional; and the words of
        the condition where it is conditional, else empty.
    """
    middle = (start + end) / 2
    scopes = [scope for scope in _scopes(sentence) if _covers(scope, sentence.tokens, middle)]
    for kind in _ORDER:
        for scope in scopes:
            if scope.kind == kind and not _is_past(scope, sentence, start, end):
                return kind, text.copy[slice(*map(int, scope.note.split()))] if scope.note else ""
    return "claimed", ""


def phase(text: Text, sentence: Sentence, start: int, end: int) -> tuple[str, str]:
    """Return initial, peak, current, cumulative or nothing, and the time words of the clause."""
    read = _reading(sentence)
    middle = (start + end) / 2
    place = _token_at(sentence.tokens, middle)
    near: list[Cue] = []
    for first, last in (read.between_commas(place), read.clause(place)):
        near = near or [cue for cue in read.of("phase") if first <= cue.first < last]
    stage = min(near, key=lambda cue: _distance(cue, start, end), default=None)
    left, right = read.hard(place)
    times = [cue for cue in read.of("time") if left <= cue.first < right]
    when = min(times, key=lambda cue: _distance(cue, start, end), default=None)
    return stage.label if stage else "", text.copy[when.start : when.end] if when else ""


def _distance(cue: Cue, start: int, end: int) -> int:
    return max(cue.start - end, start - cue.end, 0)


def _covers(scope: _Scope, tokens: Sequence[Token], middle: float) -> bool:
    if scope.first >= scope.last:
        return False
    return tokens[scope.first].start <= middle <= tokens[scope.last - 1].end


def _token_at(tokens: Sequence[Token], middle: float) -> int:
    return next((n for n, token in enumerate(tokens) if token.end > middle), len(tokens) - 1)


def _is_past(scope: _Scope, sentence: Sentence, start: int, end: int) -> bool:
    """Return whether what is done with the thing lies ahead, but the thing itself does not.

    "The 38 damaged pylons will be replaced": they are damaged already.
    """
    if scope.kind not in ("forecast", "planned"):
        return False
    if _told_apart(scope, sentence, (start + end) / 2):
        return True
    for cue in _reading(sentence).of("past"):
        inside = start <= cue.start and cue.end <= end
        far = scope.cue_last + _NEAR < cue.first or scope.cue_first > cue.last
        if inside and far:
            return True
    return False


def _told_apart(scope: _Scope, sentence: Sentence, middle: float) -> bool:
    """Return whether a claim has a verb of its own between commas, and the sign has not."""
    read = _reading(sentence)
    first, last = read.between_commas(_token_at(sentence.tokens, middle))
    return not first <= scope.cue_first < last and any(
        first <= cue.first < last for cue in read.of("done")
    )


class _Reading:
    """The cues of one sentence, those swallowed by a longer one left out."""

    def __init__(self, sentence: Sentence) -> None:
        self.grammar: Grammar = grammar_of(sentence)
        self.tokens = sentence.tokens
        self.cues = _longest(sentence.longest("modality"))
        self._ends = [cue for cue in self.cues if cue.table == "end"]
        self._hard = self._edges(cue for cue in self._ends if cue.label == "complement")
        self._soft = self._edges(self._soft_ends())

    def of(self, table: str, *labels: str) -> list[Cue]:
        """Return the cues of a table, perhaps only those of some labels."""
        return [c for c in self.cues if c.table == table and (not labels or c.label in labels)]

    def hard(self, place: int) -> tuple[int, int]:
        """Return the part of the sentence around a token, up to ", but" or ", saying"."""
        return _part(self._hard, place)

    def clause(self, place: int) -> tuple[int, int]:
        """Return the clause around a token, up to ", and" or ", which"."""
        return _part(self._soft, place)

    def between_commas(self, place: int) -> tuple[int, int]:
        """Return the part of the clause around a token that no comma parts."""
        first, last = self.clause(place)
        commas = [n for n in range(first, last) if self.tokens[n].key in ",，"]
        return _part([first, *commas, last], place)

    def _soft_ends(self) -> Iterable[Cue]:
        """Yield the ends of clauses; "and" only where both sides have a verb of their own."""
        finite = self.of("end", "finite")
        for cue in self._ends:
            if cue.label in ("complement", "clause") or (
                cue.label == "and" and any(c.first < cue.first for c in finite)
            ):
                yield cue

    def _edges(self, found: Iterable[Cue]) -> list[int]:
        marks = [n for n, token in enumerate(self.tokens[:-1]) if token.key in _STOPS]
        stops = [n for n in marks if n and self._new_count(n)]
        stops += [n + 1 for n in marks if self._full_stop(n)]
        return sorted({0, len(self.tokens), *stops, *(cue.first for cue in found)})

    def _new_count(self, place: int) -> bool:
        """Return whether a comma begins a count with a verb of its own: ", 3.000 bleiben ohne"."""
        before, after = self.tokens[place - 1], self.tokens[place + 1]
        if self.tokens[place].key not in ",，" or not after.text.isdigit():
            return False
        apart = after.start > self.tokens[place].end or not before.text.isdigit()
        finite = [cue.first for cue in self.of("end", "finite") if cue.first > place]
        commas = [n for n in range(place + 1, len(self.tokens)) if self.tokens[n].key == ","]
        return apart and bool(finite) and (not commas or finite[0] < commas[0])

    def _full_stop(self, place: int) -> bool:
        """Return whether a sentence ends inside this one ("4:40 p.m. The minister ...")."""
        after = self.tokens[place + 1].text
        return self.tokens[place].key not in ",，" and after[:1].isupper()


def _part(edges: Sequence[int], place: int) -> tuple[int, int]:
    first = max(edge for edge in edges if edge <= place)
    last = min((edge for edge in edges if edge > place), default=edges[-1])
    return first, last


def _longest(found: Sequence[Cue]) -> list[Cue]:
    """Return the cues without those that a longer cue of another mood covers.

    "neither confirmed nor denied" is no denial.
    """
    moods = {*_ORDER, "none"}
    kept: list[Cue] = []
    for cue in sorted(found, key=lambda cue: (cue.first - cue.last, cue.first)):
        inside = [other for other in kept if other.first <= cue.first and cue.last <= other.last]
        if cue.table in moods and any(
            other.table in moods and other.last - other.first > cue.last - cue.first
            for other in inside
        ):
            continue
        kept.append(cue)
    return sorted(kept, key=lambda cue: cue.first)


@lru_cache(maxsize=256)
def _reading(sentence: Sentence) -> _Reading:
    return _Reading(sentence)


@lru_cache(maxsize=256)
def _scopes(sentence: Sentence) -> tuple[_Scope, ...]:
    read = _reading(sentence)
    found = [scope for cue in read.cues if cue.table in _ORDER for scope in _scope(read, cue)]
    return tuple(found)


def _scope(read: _Reading, cue: Cue) -> list[_Scope]:
    """Return what a cue covers; nothing where it is only part of another sign."""
    if cue.table == "conditional":
        return _condition(read, cue)
    kind, (first, last) = cue.table, read.hard(cue.first)
    match cue.label:
        case "wide":
            pass
        case "complement":
            first, last = _complement(read, cue)
        case "predicate":
            first, last = _told_of(read, cue, first, last)
        case "before":
            first, last = _object(read, cue, first), cue.last
        case "after":
            first, last = cue.first, read.clause(cue.first)[1]
        case "shall":
            if any(first <= other.first < last for other in read.of("perfect")):
                kind = "alleged"
            else:
                first, last = read.clause(cue.first)
        case "clause":
            first, last = read.clause(cue.first)
            if last == cue.last + 1 < len(read.tokens) and read.grammar.language == "zh":
                last = read.clause(cue.last + 1)[1]  # 他预计，……
        case _:
            return []
    return [_Scope(kind, first, last, cue.first, cue.last)]


def _complement(read: _Reading, cue: Cue) -> tuple[int, int]:
    """Return what is denied or confirmed: what follows the verb, else what came before it."""
    first, last = read.hard(cue.first)
    after = cue.last
    for act in sayings(read.grammar):
        if cue.first <= act.verb < cue.last and act.first >= cue.last:
            after = max(after, act.last)
    if read.grammar.content(after, last):
        return cue.first, last
    split = read.grammar.language != "zh" and cue.last - cue.first > _NEAR
    if split:  # "wies Berichte über ... zurück" holds it all.
        return cue.first, cue.last
    return _object(read, cue, first), cue.last


def _told_of(read: _Reading, cue: Cue, first: int, last: int) -> tuple[int, int]:
    """Return what is called false: what follows "false that", else what came before."""
    if any(other.first in (cue.last, cue.last + 1) for other in read.of("denied", "that")):
        return cue.first, last
    return _object(read, cue, first), cue.last


def _object(read: _Reading, cue: Cue, first: int) -> int:
    """Return where "reports of ..." begins before a cue, else the start of the clause."""
    objects = [
        other.first for other in read.of("denied", "object") if first <= other.first < cue.first
    ]
    return objects[-1] if objects else first


def _condition(read: _Reading, cue: Cue) -> list[_Scope]:
    """Return the scope of "if": the condition, and the consequence on whichever side it is."""
    left, right = read.hard(cue.first)
    if cue.label == "alone":
        first, last = read.between_commas(cue.first)
        return [_Scope("conditional", first, last, cue.first, cue.last)]
    then = [
        other for other in read.of("conditional", "then", "alone") if left <= other.first < right
    ]
    then = [other for other in then if other.first >= cue.last or other.last <= cue.first]
    if cue.label == "then" or (cue.label == "if_weak" and not then):
        return []
    stop = _condition_end(read, cue, right)
    earlier = [other for other in then if other.last <= cue.first]
    first = read.clause(earlier[0].first)[0] if earlier else cue.first
    note = f"{cue.start} {read.tokens[stop - 1].end}"
    return [_Scope("conditional", first, right, cue.first, cue.last, note)]


def _condition_end(read: _Reading, cue: Cue, right: int) -> int:
    """Return the token after the condition: at a comma, "then", or the end of its clause."""
    thens = {other.first for other in read.of("conditional", "then", "alone")}
    for place in range(cue.last, right):
        key = read.tokens[place].key
        decimal = key == "," and read.tokens[place - 1].text.isdigit() and place + 1 < right
        if place in thens and place > cue.last + 1:
            return place
        if (
            key in MARKS
            and key not in "-–—"
            and not (decimal and read.tokens[place + 1].text.isdigit())
        ):
            return place
    return right
