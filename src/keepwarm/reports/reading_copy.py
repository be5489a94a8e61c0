"""The reading copy: the text without what cannot be seen, in one kind of space, digit and letter.

Each character of the copy keeps its place in the original. A number that a reader could see
otherwise than it stands in the file (turned around, struck out, with a lost character) is made
unreadable, and so are numbers in addresses: the digits become U+FFFD, and no rule reads them.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache
from importlib.resources import files

UNREADABLE = "\ufffd"
"""Stands for a digit that cannot be told for sure, and for a character that was lost."""

_UNSEEN = (
    "\\r\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_CYRILLIC = "\u0400-\u052f"
_SPECIAL = re.compile(
    # Digits under a direction override show in the reverse order.
    rf"(?P<turned>[\u202d\u202e][^\u202c\n]*)"
    rf"|(?P<keycap>[0-9#*]\ufe0f?\u20e3)"
    rf"|(?P<unseen>[{_UNSEEN}]+)"
    rf"|(?P<stress>(?<=[{_CYRILLIC}])[\u0300\u0301]+)"
    r"|(?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});)"
    r"|(?P<ligature>[\ufb00-\ufb06])"
)
_UNSEEN_ONE = re.compile(rf"[{_UNSEEN}]")
_DIGIT = re.compile(r"\d")
_HAN = re.compile("[\u3400-\u9fff]")


def reading_copy(original: str) -> tuple[str, tuple[int, ...]]:
    """Return the reading copy of a text, and the place of each of its characters in the original.

    Parameters
    ----------
    original : str
        Text in NFC.

    Returns
    -------
    copy : str
    offsets : tuple of int
        One for each character of the copy, never falling, and the length of the original.
    """
    copy, offsets = _visible(original)
    copy = copy.translate(_PLAIN)
    if _HAN.search(copy):
        copy = copy.translate(_simplified())
    copy = _WIDE_GROUP.sub(",", copy)
    copy = _WIDE_COLON.sub(":", copy)
    copy = _LETTER_IN_NUMBER.sub(_unread, copy)
    if _DOUBT.search(copy):
        copy = _NUMBER_IN_DOUBT.sub(_unread_where_doubtful, copy)
    if _ADDRESSES.search(copy):
        copy = _CHUNK.sub(_unread_where_address, copy)
    if _MIXED.search(copy):
        copy = _WORD.sub(_one_script, copy)
    return copy, offsets


def _visible(original: str) -> tuple[str, tuple[int, ...]]:
    """Return the text without unseen characters, entities and ligatures spelled out."""
    pieces: list[str] = []
    offsets: list[int] = []
    place = 0
    for match in _SPECIAL.finditer(original):
        pieces.append(original[place : match.start()])
        offsets.extend(range(place, match.start()))
        for letters, at in _shown(match):
            pieces.append(letters)
            offsets.extend([at] * len(letters))
        place = match.end()
    pieces.append(original[place:])
    offsets.extend(range(place, len(original) + 1))
    return "".join(pieces), tuple(offsets)


def _shown(match: re.Match[str]) -> list[tuple[str, int]]:
    """Return what a special piece of the original shows, each with its place."""
    kind, piece, at = match.lastgroup, match.group(), match.start()
    if kind == "turned":
        return [
            (_DIGIT.sub(UNREADABLE, letter), at + number)
            for number, letter in enumerate(piece)
            if not _UNSEEN_ONE.match(letter)
        ]
    if kind == "keycap":
        return [("•", at)]
    if kind == "ligature":
        return [(unicodedata.normalize("NFKC", piece), at)]
    if kind == "entity":
        shown = html.unescape(piece)
        if len(shown) > 1:  # no such entity
            return [(letter, at + number) for number, letter in enumerate(piece)]
        return [] if _UNSEEN_ONE.match(shown) else [(shown, at)]
    return []


class _Plain(dict[int, str]):
    """Characters as the copy writes them; found out on first sight."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _plain(chr(code))
        return plain


def _plain(letter: str) -> str:
    if letter in "\n\t":
        return letter.replace("\t", " ")
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    if category == "Zs":
        return " "
    if letter in "\x0b\x0c\x85\u2028\u2029":
        return "\n"
    # The Arabic decimal and thousands marks mean a comma or a point by language.
    if category in {"Cc", "Cs", "Cn", "Co"} or letter in "\u066b\u066c":
        return UNREADABLE
    if "\uff21" <= letter <= "\uff5a" or letter in "．％－＋＃":
        return unicodedata.normalize("NFKC", letter)
    return letter


_PLAIN = _Plain()


@cache
def _simplified() -> dict[int, str]:
    """Return traditional characters with their simplified ones."""
    table = files("keepwarm.reports") / "words" / "simplified.txt"
    rows = table.read_text(encoding="utf-8").splitlines()
    pairs = (pair for row in rows if not row.startswith("#") for pair in row.split())
    return {ord(pair[0]): pair[1] for pair in pairs}


_WIDE_GROUP = re.compile(r"(?<=[0-9])，(?=[0-9]{3}(?![0-9]))")
_WIDE_COLON = re.compile(r"(?<=[0-9])：(?=[0-9])")
_LETTER_IN_NUMBER = re.compile(r"(?<!\w)[0-9]++[OoОоlIІ][0-9OoОоlIІ]*+(?!\w)")
# Marks set over or through a digit can strike it out.
_DOUBTFUL = f"{UNREADABLE}\u0300-\u036f\u20d0-\u20f0"
_DOUBT = re.compile(f"[{_DOUBTFUL}]")
_NUMBER_IN_DOUBT = re.compile(f"[0-9{_DOUBTFUL}]++(?:[ .,'’][0-9{_DOUBTFUL}]++)*+")


def _unread(match: re.Match[str]) -> str:
    return UNREADABLE * len(match.group())


def _unread_where_doubtful(match: re.Match[str]) -> str:
    number = match.group()
    return _DIGIT.sub(UNREADABLE, number) if _DOUBT.search(number) else number


_ADDRESSES = re.compile(r"@|://|www\.|[a-z]/")
_CHUNK = re.compile(r"(?<![!-~])[!-~]++")
_ADDRESS = re.compile(r"\(?(?:www\.|[\w.-]{1,80}\.[a-z]{2,8}/)|[^@]*@|[^:]*://")


def _unread_where_address(match: re.Match[str]) -> str:
    """Return a piece without its digits if it is an address of a page, a mailbox or a handle."""
    piece = match.group()
    return _DIGIT.sub(UNREADABLE, piece) if _ADDRESS.match(piece) else piece


_MIXED = re.compile(rf"[A-Za-zïë][{_CYRILLIC}]|[{_CYRILLIC}][A-Za-zïë]")
_WORD = re.compile(rf"[A-Za-zïë{_CYRILLIC}]+")
_ALIKE = "ABCEHIKMOPTXYaceiopxykïë", "АВСЕНІКМОРТХУасеіорхукїё"
_TO_CYRILLIC = str.maketrans(*_ALIKE)
_TO_LATIN = str.maketrans(*reversed(_ALIKE))


def _one_script(match: re.Match[str]) -> str:
    """Return a word in the script of its unmistakable letters, where the others look like them."""
    word = match.group()
    if word.isascii() or not _MIXED.search(word):
        return word
    latin, cyrillic = word.translate(_TO_LATIN), word.translate(_TO_CYRILLIC)
    all_latin = not re.search(f"[{_CYRILLIC}]", latin)
    all_cyrillic = not re.search("[A-Za-z]", cyrillic)
    if all_latin and all_cyrillic:
        most = len(re.findall(f"[{_CYRILLIC}]", word)) * 2 >= len(word)
        return cyrillic if most else latin
    if all_cyrillic:
        return cyrillic
    return latin if all_latin else word
