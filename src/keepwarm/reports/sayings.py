"""Where a sentence says that someone says something: verb or preposition, and the noun phrase."""

from __future__ import annotations

from keepwarm.reports.grammar import MARKS, Grammar
from keepwarm.reports.labels import after_dash, before_colon, in_brackets, signature
from keepwarm.reports.phrases import (
    LONGEST,
    Saying,
    phrase_after,
    phrase_before,
    phrase_start,
    who_of,
)
from keepwarm.reports.speakers import Speaker
from keepwarm.reports.words import Cue

_NEAR = 3
_NEWS = 9
"""Words and marks of the longest "Kiew/Moskau (dpa) -"."""


def sayings(grammar: Grammar) -> list[Saying]:
    """Return the acts of saying of a sentence, in order."""
    found: list[Saying] = []
    label = before_colon(grammar)
    if label:
        found.append(label)
    found += after_dash(grammar) or in_brackets(grammar)
    order = {"by_person": 0, "by_organ": 0, "by_self": 0, "via": 1, "before": 2, "after": 2}
    order |= {"compound": 2, "strong": 3, "weak": 3, "left": 3, "done": 4}
    heads = [cue for cue in grammar.say if cue.label in order]
    for cue in sorted(heads, key=lambda cue: (order[cue.label], cue.first)):
        if any(act.begin <= cue.first < act.end for act in found):
            continue
        act = _act(grammar, cue)
        if act and not any(act.first < other.last and other.first < act.last for other in found):
            found.append(act)
    found.sort(key=lambda act: act.begin)
    return _citing(grammar, found or signature(grammar))


def origin(grammar: Grammar, cue: Cue) -> Saying | None:
    """Read "Quelle: Stromnetz Berlin", which names the source of a whole paragraph."""
    span = phrase_after(grammar, cue.last)
    who = who_of(grammar, span, strong=True)
    return Saying(*span, cue.first, span[1], who, True, False) if span and who else None


def _act(grammar: Grammar, cue: Cue) -> Saying | None:
    if cue.label == "by_self":
        return _own_words(grammar, cue)
    if cue.label in ("by_person", "by_organ"):
        kind = cue.label.removeprefix("by_")
        return _around(grammar, (cue.first, cue.last), cue, Speaker("", kind, refers=kind))
    if cue.label == "via":
        return _reporter(grammar, cue)
    if cue.label == "before":
        return _said_by(grammar, cue)
    if cue.label == "compound":
        return _compound(grammar, cue)
    if cue.label == "done":
        return _perfect(grammar, cue)
    if cue.label == "after":
        span = phrase_before(grammar, cue.first)
        who = who_of(grammar, span, strong=True)
        return _around(grammar, span, cue, who) if span and who else None
    if grammar.language == "de" and not grammar.content(cue.last, len(grammar.tokens)):
        perfect = _perfect(grammar, cue)  # "hat das Militär berichtet"
        if perfect:
            return perfect
    apart = _opens_apart(grammar, cue)
    if apart:
        return apart
    inverted = _inverted(grammar, cue)
    strong = cue.label in ("strong", "left")
    for right in (inverted, not inverted) if cue.label != "left" else (False,):
        span = phrase_after(grammar, cue.last) if right else phrase_before(grammar, cue.first)
        clear = grammar.language == "de" or inverted or not right
        who = who_of(grammar, span, strong and clear)
        if span and who and not (right and grammar.language == "zh"):
            if not right and _in_place(grammar, span):
                continue
            if right and grammar.language == "en" and not _closes(grammar, span[1]):
                continue
            return _verbal(grammar, span, cue, who, right)
    return _verb_last(grammar, cue)


def _compound(grammar: Grammar, cue: Cue) -> Saying | None:
    """Read "nach Polizeiangaben", "nach ukrainischen Angaben"."""
    span = (cue.first + 1, cue.last)
    who = who_of(grammar, span, strong=False)
    return _around(grammar, span, cue, who) if who else None


def _opens_apart(grammar: Grammar, cue: Cue) -> Saying | None:
    """Read "Ihor Terechow, Charkiws Stadtoberhaupt, warf ...": the subject opens the sentence."""
    if grammar.language != "de" or grammar.tokens[cue.first - 1].key != ",":
        return None
    span = phrase_before(grammar, cue.first)
    who = who_of(grammar, span, strong=False) if span and span[0] == 0 else None
    return _verbal(grammar, span, cue, who, right=False) if span and who else None


def _own_words(grammar: Grammar, cue: Cue) -> Saying | None:
    """Read "Die Luftabwehr holte nach eigenen Angaben 27 Drohnen vom Himmel": the subject."""
    dashes = [n for n, token in enumerate(grammar.tokens[:_NEWS]) if token.key in "-–—"]
    span = phrase_after(grammar, dashes[-1] + 1 if dashes else 0)
    who = who_of(grammar, span, strong=False)
    if not span or not who or span[1] > cue.first:
        return None
    return Saying(*span, span[0], span[1], who, False, True, verb=cue.first)


def _perfect(grammar: Grammar, cue: Cue) -> Saying | None:
    """Read "Der Kreml hat Berichte zurückgewiesen" and "wie das Militär mitgeteilt hat"."""
    helpers = [c for c in grammar.say if c.label == "helper"]
    if any(helper.first == cue.last for helper in helpers):
        span = phrase_before(grammar, cue.first)
        who = who_of(grammar, span, strong=True)
        return _verbal(grammar, span, cue, who, right=False) if span and who else None
    earlier = [helper for helper in helpers if helper.last <= cue.first]
    if not earlier:
        return None
    helper = earlier[-1]
    if any(token.key in ".;:" for token in grammar.tokens[helper.last : cue.first]):
        return None
    for span in (phrase_before(grammar, helper.first), phrase_after(grammar, helper.last)):
        who = who_of(grammar, span, strong=True)
        if span and who and not _in_place(grammar, span):
            before = grammar.content(0, min(span[0], helper.first))
            return Saying(*span, span[0], span[1], who, before, True, verb=cue.first)
    return None


def _in_place(grammar: Grammar, span: tuple[int, int]) -> bool:
    """Say whether a German phrase only says where: "In Tschechien meldete der Konzern ..."."""
    return grammar.language == "de" and grammar.tokens[span[0]].key in ("in", "im", "aus", "auf")


def _verb_last(grammar: Grammar, cue: Cue) -> Saying | None:
    """Read "während das Krankenhaus von drei Toten sprach": the subject opens the clause."""
    openers = [c for c in grammar.say if c.label == "subordinate" and c.last <= cue.first]
    if not openers or grammar.content(cue.last, len(grammar.tokens)):
        return None
    span = phrase_after(grammar, openers[-1].last)
    who = who_of(grammar, span, strong=False)
    if not span or not who or span[1] > cue.first:
        return None
    return Saying(*span, span[0], span[1], who, False, True, verb=cue.first)


def _reporter(grammar: Grammar, cue: Cue) -> Saying | None:
    """Read "Reuters, citing the air force, reported": who reports, and whom it cites."""
    cited = phrase_after(grammar, cue.last, _report_noun(grammar, cue))
    who = who_of(grammar, cited, strong=False)
    last = cue.first - 1 if grammar.tokens[cue.first - 1].key == "," else cue.first
    first = phrase_start(grammar, last) if last > 0 else last
    by = who_of(grammar, (first, last), strong=False) if first < last else None
    if not cited or not who or not by:
        return None
    after = [c for c in grammar.say if c.label in ("strong", "weak") and c.first >= cited[1]]
    end = after[0].last if after and after[0].first - cited[1] <= _NEAR else cited[1]
    left, rest = grammar.content(0, first), grammar.content(end, len(grammar.tokens))
    return Saying(first, last, first, end, by, left and not rest, rest, who, cue.first)


def _report_noun(grammar: Grammar, cue: Cue) -> int | None:
    """Return where "消息" or "报道" closes the phrase that a Chinese preposition opens."""
    if grammar.language != "zh":
        return None
    closing = [c for c in grammar.say if c.label == "report" and c.first > cue.last]
    return closing[0].first if closing and closing[0].first - cue.last <= 2 * LONGEST else None


def _said_by(grammar: Grammar, cue: Cue) -> Saying | None:
    """Read "according to X", "за даними X", "据X报道"."""
    limit = _report_noun(grammar, cue)
    span = phrase_after(grammar, cue.last, limit)
    who = who_of(grammar, span, strong=grammar.language in ("en", "ru", "de"))
    if not span or not who:
        return None
    if limit:
        noun = next(c for c in grammar.say if c.label == "report" and c.first == limit)
        cue = cue._replace(last=noun.last, end=noun.end)
    return _around(grammar, span, cue, who)


def _inverted(grammar: Grammar, cue: Cue) -> bool:
    """Return whether the verb comes before its subject: ``…», — сказав мер``."""
    if grammar.language == "zh":
        return False
    place = grammar.skip_back(cue.first)
    return place == 0 or grammar.tokens[place - 1].key in MARKS or grammar.says_as(place)


def _closes(grammar: Grammar, place: int) -> bool:
    """Return whether the clause ends here, so that "said X" is an inversion in English."""
    place = grammar.skip(place)
    return place >= len(grammar.tokens) or grammar.tokens[place].key in MARKS | {
        "in",
        "on",
        "of",
        "at",
    }


def _verbal(grammar: Grammar, span: tuple[int, int], cue: Cue, who: Speaker, right: bool) -> Saying:
    begin = grammar.skip_back(min(span[0], cue.first))
    end = grammar.skip(max(span[1], cue.last))
    if grammar.says_as(begin):
        return _around(grammar, span, cue, who)
    tokens = grammar.tokens
    left, rest = grammar.content(0, begin), grammar.content(end, len(tokens))
    comma_before = begin > 0 and tokens[begin - 1].key in MARKS
    comma_after = end < len(tokens) and tokens[end].key in (",", "，")
    if right:
        before = left and comma_before
        after = rest and (comma_after or not before)
    else:
        chinese = grammar.language == "zh"
        before = left and comma_before and (not rest or (comma_after and not chinese))
        before = before or (left and grammar.closes_quote(begin))
        after = rest
    return Saying(*span, begin, end, who, before, after, verb=cue.first)


def _around(grammar: Grammar, span: tuple[int, int], cue: Cue, who: Speaker) -> Saying:
    """Return an act whose words stand on either side of it: "…, according to X, …"."""
    begin, end = min(span[0], cue.first), grammar.skip(max(span[1], cue.last))
    left, rest = grammar.content(0, begin), grammar.content(end, len(grammar.tokens))
    return Saying(*span, begin, end, who, left, rest, verb=cue.first)


def _citing(grammar: Grammar, acts: list[Saying]) -> list[Saying]:
    """Join "A, citing B": B speaks, via A is kept with A's words."""
    for cue in [cue for cue in grammar.say if cue.label == "via"]:
        span = phrase_after(grammar, cue.last)
        who = who_of(grammar, span, strong=False)
        if not span or not who or any(act.verb == cue.first for act in acts):
            continue
        # The one cited may itself have been taken for a speaker ("citing B said").
        acts = [act for act in acts if not (span[0] <= act.first < span[1])]
        near = min(acts, key=lambda act: abs(act.begin - cue.first), default=None)
        if near is None:
            continue
        begin, end = min(near.begin, cue.first), near.end
        joined = Saying(
            near.first, near.last, begin, end, near.speaker, near.before, near.after, who, near.verb
        )
        acts = [joined if act is near else act for act in acts]
    return acts
