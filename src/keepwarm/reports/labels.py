"""Speakers set apart from what they say: before a colon, after a dash, in brackets, below."""

from __future__ import annotations

from keepwarm.reports.grammar import Grammar
from keepwarm.reports.phrases import LONGEST, Saying, before_bracket, names_place, who_of
from keepwarm.reports.words import table

_PAST = ("ли", "лись", "ла", "лась", "ло", "лось", "ился", "ився")
"""Ends of Slavic verbs in the past."""


def before_colon(grammar: Grammar) -> Saying | None:
    """Read a name before a colon that opens a sentence: "Міненерго: …"."""
    tokens = grammar.tokens
    for place, token in enumerate(tokens[: 2 * LONGEST]):
        if token.key in (":", "："):
            begin = _after_clock(grammar)
            if place < begin:
                continue  # the colon of "13:05 Air force: ..."
            span = (begin, before_bracket(grammar, grammar.skip_back(place)))
            if place == 0 or any(cue.first < place for cue in grammar.say):
                return None
            if any(t.text.isdigit() for t in tokens[begin:place]) or tokens[0].key == "(":
                return None
            if _is_clause(grammar, *span) or _has_verb(grammar, *span):
                return None
            if _is_title(grammar, *span):
                return None
            who = who_of(grammar, span, strong=begin > 0) if begin < span[1] else None
            if grammar.language == "de" and grammar.article(begin) and not _known(grammar, span):
                return None  # "Die Folge: ..."
            heading = names_place(grammar, span) or not _shown(grammar, *span)
            if who and not who.refers and not heading and _mostly_named(grammar, *span):
                return Saying(*span, begin, place + 1, who, False, True)
            return None
        if token.key in ".;!?。；！？":
            return None
    return None


def _known(grammar: Grammar, span: tuple[int, int]) -> bool:
    """Say whether a range holds the name or the office of a speaker."""
    return any(span[0] <= cue.first < span[1] for cue in grammar.mentions)


def _is_clause(grammar: Grammar, first: int, last: int) -> bool:
    """Return whether a long range names no known speaker: no name, though quotes stand in it."""
    named = any(first <= cue.first < last for cue in grammar.mentions)
    return not named and any(token.key == "," for token in grammar.tokens[first:last])


def _is_title(grammar: Grammar, first: int, last: int) -> bool:
    """Return whether a title opens: "UKRAINE: impact of attacks", "Storm Darragh: homes ..."."""
    country = any(
        cue.first == first and (cue.table == "country" or cue.label.startswith("Government of"))
        for cue in grammar.mentions
    )
    storms = table(grammar.language, "sources").get("storm", {}).get("words", [])
    storm = any(token.key in storms for token in grammar.tokens[first:last])
    return storm or (country and last - first == 1 and grammar.tokens[first].text.isupper())


def _has_verb(grammar: Grammar, first: int, last: int) -> bool:
    """Return whether a range tells something: "жители перекрыли трассу: ..."."""
    return grammar.language in ("uk", "ru") and any(
        token.text.islower() and len(token.text) > 4 and token.key.endswith(_PAST)
        for place, token in enumerate(grammar.tokens[first:last], start=first)
        if not grammar.is_core(place)
    )


def _after_clock(grammar: Grammar) -> int:
    """Return the token after the time that opens a line of a live report, 0 where none does."""
    tokens = grammar.tokens
    clock = len(tokens) > 3 and tokens[0].text.isdigit() and tokens[1].text in ":."
    if not clock or not tokens[2].text.isdigit() or tokens[1].end != tokens[2].start:
        return 0
    return 4 if tokens[3].text in "-–—:|" else 3


def after_dash(grammar: Grammar) -> list[Saying]:
    """Read a name after a dash that closes a sentence: "… — ДСНС."."""
    tokens = grammar.tokens
    end = len(tokens) - 1 if tokens and tokens[-1].key == "." else len(tokens)
    dashes = [place for place in range(end) if tokens[place].key in "–—-"]
    apart = [place for place in dashes if place and tokens[place - 1].key in "。！？”"]
    alone = grammar.language == "zh" and bool(apart)  # ……。——南方空军司令部
    if (grammar.language not in ("uk", "ru", "en") and not alone) or not dashes:
        return []
    first = dashes[-1] + 1
    who = who_of(grammar, (first, end), strong=False) if first < end else None
    if not who or not who.name or not _mostly_named(grammar, first, end):
        return []
    if any(cue.first >= first for cue in grammar.say) or not _shown(grammar, first, end):
        return []
    if tokens[end - 1].text[0].islower() and not grammar.is_core(end - 1):
        return []  # "... — Lvivgaz cut the supply"
    return [Saying(first, end, first, len(tokens), who, True, False)]


def signature(grammar: Grammar) -> list[Saying]:
    """Read a line that only names a speaker: "Viacheslav Chaus, head of the administration"."""
    tokens = grammar.tokens
    end = len(tokens) - (bool(tokens) and tokens[-1].key == ".")
    if grammar.language not in ("en", "uk", "ru") or not 4 < end <= LONGEST:
        return []
    name = next((place for place in range(end) if tokens[place].key == ","), 0)
    title = any(cue.table == "title" and cue.first == name + 1 for cue in grammar.mentions)
    capitals = all(token.text[:1].isupper() for token in tokens[:name])
    who = who_of(grammar, (0, end), strong=False) if title and 2 <= name <= 3 and capitals else None
    if not who or not who.name or not _mostly_named(grammar, 0, end):
        return []
    return [Saying(0, end, 0, len(tokens), who, True, False)]


def in_brackets(grammar: Grammar) -> list[Saying]:
    """Read a speaker in brackets that close a line: "5.300 Abnehmer ohne Strom (DTEK)"."""
    tokens = grammar.tokens
    end = len(tokens) - (1 if tokens and tokens[-1].key in (".", ";") else 0)
    if grammar.language not in ("de", "uk", "ru") or end < 3 or tokens[end - 1].key != ")":
        return []
    opens = [place for place in range(1, end) if tokens[place].key == "("]
    if not opens:
        return []
    first, last = opens[-1] + 1, end - 1
    who = who_of(grammar, (first, last), strong=False) if first < last else None
    if not who or not who.name or who.kind == "media" or not _known(grammar, (first, last)):
        return []
    if any(cue.first < first for cue in grammar.say) or not _mostly_named(grammar, first, last):
        return []
    return [Saying(first, last, first - 1, len(tokens), who, True, False)]


def _mostly_named(grammar: Grammar, first: int, last: int) -> bool:
    """Return whether nothing in a range is foreign to a speaker's name."""
    return last - first <= LONGEST and not any(
        grammar.is_stop(place) or grammar.tokens[place].text.isdigit()
        for place in range(first, last)
    )


def _shown(grammar: Grammar, first: int, last: int) -> bool:
    """Return whether a range is a speaker's office, or a name and nothing else.

    "A storm named «Éowyn» in Ireland: ..." holds a name, but nobody speaks.
    """
    known = any(
        cue.table != "country" and first <= cue.first and cue.last <= last
        for cue in grammar.mentions
    )
    words = [token.text for token in grammar.tokens[first:last] if token.text[0].isalpha()]
    return known or grammar.language == "zh" or all(word[0].isupper() for word in words)
