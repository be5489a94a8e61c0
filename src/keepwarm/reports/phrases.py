"""The noun phrases beside a verb or preposition of saying, and the speakers they name."""

from __future__ import annotations

from dataclasses import dataclass

from keepwarm.reports.gazetteer import gazetteer
from keepwarm.reports.grammar import MARKS, Grammar
from keepwarm.reports.names import romanised
from keepwarm.reports.speakers import Speaker, speaker, tokens_inside, unknown_chinese
from keepwarm.reports.words import table

LONGEST = 18
"""Tokens of the longest noun phrase looked for; twice that many characters in Chinese."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One act of saying in a sentence; all places count tokens of the sentence.

    Attributes
    ----------
    first, last : int
        Noun phrase of the speaker.
    begin, end : int
        All words of the act: noun phrase, verb, "on Telegram".
    speaker : Speaker
        Who it is, perhaps only "he".
    before, after : bool
        Whether what is said stands before the act, after it, or both.
    via : Speaker or None
        Whom the speaker cites.
    verb : int
        Token of the verb or preposition, -1 for a name before a colon.
    """

    first: int
    last: int
    begin: int
    end: int
    speaker: Speaker
    before: bool
    after: bool
    via: Speaker | None = None
    verb: int = -1


def phrase_after(grammar: Grammar, place: int, limit: int | None = None) -> tuple[int, int] | None:
    """Return the noun phrase that begins after a verb or preposition, as a range of tokens."""
    for first in dict.fromkeys((grammar.skip(place), place)):
        last = first
        end = len(grammar.tokens) if limit is None else limit
        while last < min(end, first + LONGEST):
            close = grammar.quoted_from(last)
            if close:
                last = close
            elif limit is None and (grammar.stops(last) or _german_verb(grammar, first, last)):
                break
            else:
                last += 1
        while last > first and grammar.inside(last - 1) and not grammar.is_core(last - 1):
            last -= 1
        if last > first and grammar.language == "de" and _is_pronoun(grammar, first):
            return first, first + 1  # "sagte er im Parlament"
        if last > first:
            return first, _with_name(grammar, first, last)
    return None


def _is_pronoun(grammar: Grammar, place: int) -> bool:
    return any(cue.table == "pronoun" and cue.first == place for cue in grammar.mentions)


def _german_verb(grammar: Grammar, first: int, place: int) -> bool:
    """Return whether a word in lower case ends a German noun phrase: "der Behörden starben"."""
    if grammar.language != "de" or place == first or grammar.inside(place):
        return False
    before, word = grammar.tokens[place - 1].text, grammar.tokens[place].text
    if place + 1 < len(grammar.tokens) and grammar.is_core(place + 1):
        return False  # "der von Moskau eingesetzte Gouverneur"
    return before[:1].isupper() and word[:1].islower() and not grammar.is_core(place)


def _with_name(grammar: Grammar, first: int, last: int) -> int:
    """Go on over ", Oleh Syniehubov" after an office."""
    tokens = grammar.tokens
    if grammar.language == "zh" or last >= len(tokens) or tokens[last].key != ",":
        return last
    place = last + 1
    while place < len(tokens) and tokens[place].text[:1].isupper():
        place += 1
    named = place - last - 1 in (2, 3) and (place == len(tokens) or tokens[place].key in MARKS)
    title = any(cue.table == "title" and first <= cue.first < last for cue in grammar.mentions)
    return place if named and title else last


def phrase_before(grammar: Grammar, place: int) -> tuple[int, int] | None:
    """Return the noun phrase that ends before a verb."""
    last = grammar.skip_back(place)
    if last == 0:
        return None
    last = before_bracket(grammar, last)
    if grammar.tokens[last - 1].key == "," and grammar.language != "zh":
        return _set_apart(grammar, last - 1)
    first = phrase_start(grammar, last)
    return (first, last) if first < last else None


def before_bracket(grammar: Grammar, last: int) -> int:
    """Return the token before "(IAEA)", where such stands before ``last``."""
    if grammar.tokens[last - 1].key != ")":
        return last
    opens = [place for place in range(1, last) if grammar.tokens[place].key == "("]
    return opens[-1] if opens and last - opens[-1] < LONGEST else last


def phrase_start(grammar: Grammar, last: int) -> int:
    """Return where the noun phrase that ends before a token begins."""
    first = last
    longest = LONGEST * (2 if grammar.language == "zh" else 1)
    while first > 0 and last - first < longest:
        opening = grammar.quoted_to(first)
        if opening is not None:
            first = opening
        elif grammar.stops(first - 1):
            break
        else:
            first -= 1
    while (
        first < last
        and grammar.inside(first)
        and not (grammar.article(first) or grammar.is_core(first))
    ):
        first += 1
    return first


def _set_apart(grammar: Grammar, comma: int) -> tuple[int, int] | None:
    """Read "ERCOT, which runs the grid, said" and "Klitschko, the mayor, said"."""
    for earlier in range(comma - 1, max(0, comma - LONGEST), -1):
        if grammar.tokens[earlier].key in (".", ";", ":"):
            return None
        if grammar.tokens[earlier].key == ",":
            first = phrase_start(grammar, earlier)
            named = grammar.language == "en" and _is_full_name(grammar, first, earlier)
            if first < earlier and who_of(grammar, (first, earlier), strong=named):
                relative = grammar.is_stop(earlier + 1) or (
                    named and not who_of(grammar, (first, comma), strong=False)
                )
                return first, earlier if relative else comma
    return None


def _is_full_name(grammar: Grammar, first: int, last: int) -> bool:
    """Return whether a range is a first name and a surname, and no more."""
    return last - first in (2, 3) and all(
        token.text[:1].isupper() and token.text[1:].islower()
        for token in grammar.tokens[first:last]
    )


def who_of(grammar: Grammar, span: tuple[int, int] | None, strong: bool) -> Speaker | None:
    """Return the speaker a noun phrase names.

    A verb that can only mean saying also takes a subject that no table knows.
    """
    if not span:
        return None
    first, last = span
    tokens = grammar.tokens[first:last]
    named = tokens_inside(grammar.mentions, first, last)
    if not named and names_place(grammar, span):
        return None
    found = speaker(tokens, named, grammar.language)
    if not found and strong and grammar.language == "zh" and _opens(grammar, first):
        return unknown_chinese(tokens)
    if found or not strong or grammar.language == "zh" or len(tokens) > 6:
        return found
    capital = [token.text for token in tokens if token.text[:1].isupper() and token.text.isalpha()]
    if not capital or (grammar.language == "de" and not _proper(grammar, span, capital)):
        return None
    firms = table(grammar.language, "sources").get("firm", {}).get("words", [])
    firm = capital[-1].lower() in firms
    kind = "company" if firm else "person" if len(capital) > 1 else "unknown"
    return Speaker(romanised(" ".join(capital), grammar.language), kind)


def _proper(grammar: Grammar, span: tuple[int, int], capital: list[str]) -> bool:
    """Say whether German capitals are a name: two of them, or one without an article."""
    common = table("de", "sources").get("common", {}).get("words", [])
    if any(word.lower() in common for word in capital):
        return False
    return len(capital) > 1 or not grammar.article(span[0]) or span[1] - span[0] == 2


def _opens(grammar: Grammar, place: int) -> bool:
    """Say whether a clause begins at a token."""
    return grammar.skip_back(place) == 0 or grammar.tokens[place - 1].key in MARKS


def names_place(grammar: Grammar, span: tuple[int, int]) -> bool:
    """Say whether a phrase is a unit and its name, a heading: "Gebiet Charkiw"."""
    first, last = span
    units = table(grammar.language, "places").get("unit_before", {})
    words = {word for known in units.values() for word in known}
    while first < last and not grammar.tokens[first].text[0].isalnum():
        first += 1  # the mark of a list
    place = first
    while place < last and grammar.tokens[place].key in words:
        place += 1
    if place in (first, last):
        return False
    single = last == place + 1 and grammar.language == "de"
    if single and grammar.tokens[place].text[:1].isupper():
        return True  # "Bezirk Krems-Land"
    hit = gazetteer(grammar.language).longest(grammar.tokens, place)
    return hit is not None and hit.last >= last
