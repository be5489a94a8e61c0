"""Where sentences end: after . ! ? … and their Chinese forms, guarded by the language's tables.

A full stop ends nothing inside a number or name, after an initial, after an ordinal of German, or
after an abbreviation of ``words/<language>/sentences.toml``; semicolons never do. A quotation that
someone speaks stays in one sentence with its speaker.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from keepwarm.reports.words import key_of

_CLOSING = "\"'”’»›)\\]）」』】"
# Without a space before it, any quotation mark closes; Chinese has no spaces.
_CLOSING_ALL = _CLOSING + "“‘«‹"
_OPENING = "\"'“„«‘‚‹(\\[（「『【"
_END = {
    chinese: re.compile(rf"(?P<marks>[.!?…。！？]++)(?P<closed>[{closing}]*+)(?P<space>\s*+)")
    for chinese, closing in ((True, _CLOSING), (False, _CLOSING_ALL))
}
_BULLETS = "•▪▫●■◆►▶◾◽‣⁃"
_SYMBOL = re.compile("(?<!\\S)[\u2022\u2190-\u21ff\u25a0-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]")
_NUMBERING = re.compile(r"\s*(?:[-–—*]|\(?[0-9]{1,2}\)|(?P<ordinal>[0-9]{1,2}\.))\s+")
_NEXT = re.compile(rf"[{_OPENING}\-–—\s]*+(?P<word>[^\W_]*+(?:['’-][^\W_]++)*+)")
#: How far back the word before a full stop may begin: longer ones are no abbreviation.
_BACK = 24
_BEFORE = re.compile(r"[^\s«»„“”\"()\[\],;:!?–—/]*\Z")
_BEFORE_THAT = re.compile(r"(?<!\S)([^\W\d_]{1,3}\.) \Z")
#: What stands before a unit: a number, or the abbreviation of thousands.
_NUMBERED = re.compile(r"[\d½¼¾.]\s?\Z")
_ZONE = re.compile(r"\w+ time\b")
_LONGEST = {True: 300, False: 1200}
"""Characters of the longest sentence that is read, in Chinese and else."""
#: Where a longer one is cut: at marks, never inside a number. The surer marks first.
_CUTS = (
    re.compile(r"[;；|•]"),
    re.compile(r"(?<![0-9])(?:[，、]|[,:)–—]\s)|[，、](?![0-9])|[,:)–—]\s(?!\s*[0-9])"),
)
_INITIAL = re.compile(r"(?:^|[.-])[^\W\d_]\Z")
_ATTRIBUTION = re.compile(r"[^。！？\n]{0,12}")


@dataclass(frozen=True)
class _Habits:
    """What a language's table says: abbreviations, words that begin sentences, verbs of saying."""

    never: frozenset[str]
    never_endings: tuple[str, ...]
    maybe: frozenset[str]
    units: frozenset[str]
    clock: frozenset[str]
    begins: frozenset[str]
    after_clock: frozenset[str]
    says: frozenset[str]


@cache
def _habits(language: str) -> _Habits:
    place = files("keepwarm.reports") / "words" / language / "sentences.toml"
    rows = tomllib.loads(place.read_text(encoding="utf-8"))

    def words(table: str, label: str) -> frozenset[str]:
        return frozenset(key_of(rows[table][label]).split())

    never = words("stops", "never")
    return _Habits(
        never,
        tuple(word[1:] for word in never if word.startswith("*")),
        words("stops", "maybe"),
        words("stops", "units"),
        words("stops", "clock"),
        words("begins", "words"),
        words("begins", "clock"),
        words("says", "words"),
    )


def sentence_spans(copy: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of a paragraph begin and end, in characters of the copy.

    Parameters
    ----------
    copy : str
        The reading copy.
    start, end : int
        The paragraph in it.
    language : str
        One of the five.

    Yields
    ------
    (int, int)
        Without the space around the sentence.

    **Leaves out** stretches of many hundred characters without any mark: they are no sentences.
    """
    numbering = _NUMBERING.match(copy, start, end)
    # In German a number with a full stop is an ordinal.
    begin = (
        numbering.end() if numbering and not (numbering["ordinal"] and language == "de") else start
    )
    for part_end in (*_bullets(copy, begin, end), end):
        for match in _END[language == "zh"].finditer(copy, begin, part_end):
            if match.end() < part_end and _ends(copy, begin, match, part_end, language):
                yield from _short(copy, begin, match.end(), _LONGEST[language == "zh"])
                begin = match.end()
        yield from _short(copy, begin, part_end, _LONGEST[language == "zh"])
        begin = part_end


def _short(copy: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    """Yield a sentence; one that is too long in pieces, those without any mark left out."""
    while end - start > longest:
        low, high = start + longest // 2, start + longest
        cut = 0
        for marks in _CUTS:
            cut = cut or max((match.end() for match in marks.finditer(copy, low, high)), default=0)
        if cut:
            yield from _trimmed(copy, start, cut)
            start = cut
            continue
        found = [match.end() for marks in _CUTS if (match := marks.search(copy, high, end))]
        start = min(found, default=end)
    yield from _trimmed(copy, start, end)


def _bullets(copy: str, start: int, end: int) -> list[int]:
    """Return where items of a list on one line begin: at bullets, and at a repeated symbol."""
    symbols = list(_SYMBOL.finditer(copy, start, end))
    count = Counter(symbol.group() for symbol in symbols)
    return [
        symbol.start()
        for symbol in symbols
        if symbol.group() in _BULLETS or count[symbol.group()] > 1
    ]


def _trimmed(copy: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a sentence without the space and the bullet around it, if any is left."""
    while start < end and (copy[start].isspace() or copy[start] in _BULLETS):
        start += 1
    while start < end and copy[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _ends(copy: str, begin: int, match: re.Match[str], end: int, language: str) -> bool:
    """Whether a mark ends its sentence."""
    following = _NEXT.match(copy, match.end(), end)
    word = following["word"] if following else ""
    marks, closed, spaced = match["marks"], match["closed"], bool(match["space"])
    after = copy[match.end()]
    if language == "zh" and marks[-1] == "…" and not spaced:
        return bool(closed)
    if closed and _spoken(copy, begin, match, language):
        return False
    if after in ",;:，；" or (after in "-–—" and marks != "."):
        return False
    if marks[-1] in "。！？":
        return True
    if marks != ".":
        return (spaced or language == "zh") and not word[:1].islower()
    return _stop_ends(copy, begin, match, word, language)


def _spoken(copy: str, begin: int, match: re.Match[str], language: str) -> bool:
    """Whether a speaker follows a quotation that the sentence began with."""
    if copy[begin] not in "\"'“„«‘「『":
        return False
    says = _habits(language).says
    if language == "zh":
        coming = _ATTRIBUTION.match(copy, match.end())
        return coming is not None and any(verb in coming.group() for verb in says)
    words = [key_of(word) for word in re.findall(r"[\w'’-]+", copy[match.end() : match.end() + 60])]
    return any(word in says for word in words[:4])


def _stop_ends(copy: str, begin: int, match: re.Match[str], word: str, language: str) -> bool:
    """Whether a single full stop ends its sentence."""
    habits = _habits(language)
    since = max(begin, match.start() - _BACK)
    before = _BEFORE.search(copy, since, match.start())
    last = key_of(before.group()) if before else ""
    earlier = _BEFORE_THAT.search(copy, since, match.start() - len(last))
    if match["closed"]:
        return not word[:1].islower()
    if not match["space"]:
        # A forgotten space: "without light.Repairs go on".
        known = last in habits.never or last in habits.maybe or last in habits.units
        begins = len(last) > 2 and word[:1].isupper() and len(word) > 1
        return last.isalpha() and begins and not known
    if earlier and key_of(earlier[1]) + last in habits.maybe:
        return _begins(word, habits)
    if last in habits.clock:
        zone = _ZONE.match(copy, match.end())
        return not (word[:1].islower() or zone or key_of(word) in habits.after_clock)
    if last in habits.units:
        numbered = _NUMBERED.search(copy, since, match.start() - len(last))
        return numbered is not None and _begins(word, habits)
    if last in habits.never or last.endswith(habits.never_endings):
        return False
    if last in habits.maybe:
        return _begins(word, habits)
    if _INITIAL.search(last) or (last.isdigit() and language == "de" and len(last) < 4):
        return bool(habits.begins) and _begins(word, habits)
    return not (word[:1].islower() and len(last) < 5)


def _begins(word: str, habits: _Habits) -> bool:
    """Whether a word can only be the first of a sentence."""
    if not word[:1].isupper():
        return False
    if habits.begins:
        return key_of(word) in habits.begins
    # МВт, ГВт, USD are units.
    return word[1:].islower() or len(word) == 1
