"""Paragraphs of a text, and what of a page is furniture: menus, captions, licence lines.

The words are in ``words/<language>/furniture.toml``; those of all languages are looked for in every
paragraph, for the furniture of a page may be in another language than its text. A paragraph in
doubt is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from keepwarm.reports.words import LANGUAGES, Cue, Index, Token, table, tokens_of

_LINE = re.compile(r"^.*$", re.MULTILINE)
#: Longer paragraphs are text, whatever they begin with; their sentences are looked at alone.
_LONG = 320
#: Longer paragraphs with a telephone number say more than whom to call.
_HOTLINE = 120
#: Longest line of a menu, in characters.
_ITEM = 30
#: Wrapped lines are of this length, in characters.
_WRAPPED = range(40, 121)
_STOPS = ".!?。！？"
_HAN = re.compile("[\u3400-\u9fff]")
_PHONE = re.compile(r"(?<!\d)\+?\(?\d(?:[ ()-]{0,2}\d){6,14}(?!\d)")
_SEPARATOR = re.compile(r"\s*[|·•»>›/]\s*|\s{2,}")


def paragraph_spans(copy: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the copy with the lines of wrapped paragraphs joined, and where paragraphs are.

    A line is a paragraph. Only where a block of lines is broken at one width, as mail programs do,
    are they one: each line is so full that the next word had no room.
    """
    lines = [match.span() for match in _LINE.finditer(copy)]
    joined: list[list[tuple[int, int]]] = []
    for block in _blocks(copy, lines):
        joined += [block] if _is_wrapped(copy, block) else [[line] for line in block]
    letters = list(copy)
    for lines_of_one in joined:
        for _, end in lines_of_one[:-1]:
            letters[end] = " "
    return "".join(letters), [(lines_of_one[0][0], lines_of_one[-1][1]) for lines_of_one in joined]


def _blocks(copy: str, lines: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Return runs of lines with an empty line between them."""
    blocks: list[list[tuple[int, int]]] = [[]]
    for start, end in lines:
        if copy[start:end].strip():
            blocks[-1].append((start, end))
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _is_wrapped(copy: str, block: Sequence[tuple[int, int]]) -> bool:
    width = max(end - start for start, end in block)
    if len(block) < 2 or width not in _WRAPPED:
        return False
    unfinished = 0
    for (start, end), (following, stop) in pairwise(block):
        first = tokens_of(copy, following, min(stop, following + width))
        if not first or end - start + 1 + len(first[0].text) <= width:
            return False
        goes_on = first[0].text[0].islower() or _HAN.match(first[0].text) is not None
        unfinished += goes_on and copy[end - 1] not in _STOPS
    return 4 * unfinished >= len(block) - 1


def without_furniture(copy: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the paragraphs that are text.

    Parameters
    ----------
    copy : str
        The reading copy.
    spans : sequence of (int, int)
        Its paragraphs.

    Returns
    -------
    list of (int, int)

    Notes
    -----
    **Leaves out** captions that no word marks as captions; they are read as text.
    """
    kept = []
    in_menu = _menus([copy[start:end] for start, end in spans])
    led = False
    for (start, end), is_menu in zip(spans, in_menu, strict=True):
        paragraph = copy[start:end].strip()
        was_led, led = led, False
        if is_menu or _only_addresses(paragraph):
            continue
        found = _cues_in(paragraph) if len(paragraph) <= _LONG else []
        led = any(cue.label == "leads" and _bare(paragraph, cue) for cue in found)
        if was_led and len(paragraph) < _LONG // 2 and paragraph[-1] not in _STOPS:
            continue
        if not _marked(paragraph, found):
            kept.append((start, end))
    return kept


def is_furniture(sentence: str, tokens: Sequence[Token]) -> bool:
    """Whether a sentence only belongs to the page: a caption or reading tip inside a paragraph."""
    if any(cue.label in {"begins", "leads"} and cue.first == 0 for cue in _found(tokens[:_HEAD])):
        return True
    return bool(_PHONE.search(sentence)) and _has(_found(tokens), "phone")


#: Furniture begins with its mark: no more tokens than this are looked at.
_HEAD = 8


def _cues_in(paragraph: str) -> list[Cue]:
    return _found(_after_opening(paragraph))


def _after_opening(paragraph: str) -> list[Token]:
    """Return the tokens of a paragraph without the brackets and signs it begins with."""
    tokens = list(tokens_of(paragraph))
    first = next((n for n, token in enumerate(tokens) if token.text[0].isalnum()), 0)
    marks = [token for token in tokens[:first] if token.text in "▲△©"]
    return marks + tokens[first:]


def _has(found: Sequence[Cue], label: str) -> bool:
    return any(cue.label == label for cue in found)


def _marked(paragraph: str, found: Sequence[Cue]) -> bool:
    """Whether the words of a paragraph mark it as furniture."""
    if paragraph.startswith("©") or ("©" in paragraph and len(paragraph) < _LONG // 2):
        return True
    if any(cue.label in {"begins", "leads"} and cue.first == 0 for cue in found):
        return True
    if _has(found, "contains"):
        return True
    # A paragraph that also says something else loses only the sentence with the number.
    longest = _HOTLINE // 3 if _HAN.search(paragraph) else _HOTLINE
    return _has(found, "phone") and bool(_PHONE.search(paragraph)) and len(paragraph) < longest


def _bare(paragraph: str, cue: Cue) -> bool:
    """Whether nothing follows a reading tip on its line."""
    return cue.first == 0 and not re.search(r"\w", paragraph[cue.end :])


def _only_addresses(paragraph: str) -> bool:
    """Whether little but addresses, handles and hashtags is left of a line."""
    words = paragraph.split()
    rest = [word for word in words if not _is_address(word)]
    return len(rest) < len(words) and sum(map(str.isalnum, "".join(rest))) < 12


def _is_address(word: str) -> bool:
    return word[0] in "#@" or "@" in word or "://" in word or word.startswith("www.")


def _menus(paragraphs: Sequence[str]) -> list[bool]:
    """Return which paragraphs are menus: rows of items, or items in a row of lines."""
    items = [_menu_share(paragraph) for paragraph in paragraphs]
    menus = [share >= 0.5 for share in items]
    place = 0
    while place < len(items):
        end = place
        while end < len(items) and items[end] >= 0:
            end += 1
        run = items[place:end]
        if len(run) >= 3 and sum(share > 0 for share in run) * 3 >= len(run):
            menus[place:end] = [True] * len(run)
        place = end + 1
    return menus


def _menu_share(paragraph: str) -> float:
    """Return the share of known items in what may be a menu, and -1 where it cannot be one."""
    pieces = [piece for piece in _SEPARATOR.split(paragraph[:_LONG].strip()) if piece]
    if len(paragraph) > _LONG or not pieces:
        return -1
    if any(len(piece) > _ITEM or piece[-1] in ".!?:;,。！？：" for piece in pieces):
        return -1
    if any(letter.isdigit() for letter in paragraph):
        return -1
    return sum(_is_item(piece) for piece in pieces) / len(pieces)


def _is_item(piece: str) -> bool:
    tokens = tokens_of(piece)
    last = len(tokens)
    return any(
        cue.label == "menu" and cue.first == 0 and cue.last == last for cue in _found(tokens)
    )


def _found(tokens: Sequence[Token]) -> list[Cue]:
    return _index().found(tokens)["furniture"]


@cache
def _index() -> Index:
    """Return the patterns of all languages together."""
    labels: dict[str, list[str]] = {}
    for language in LANGUAGES:
        for label, patterns in table(language, "furniture").get("furniture", {}).items():
            labels.setdefault(label, []).extend(patterns)
    return Index({"furniture": {"furniture": labels}})
