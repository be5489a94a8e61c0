"""Feed the reader spoilt reports and check that nothing breaks and nothing is invented.

    fuzz_reading.py [--minutes 60] [--seed 1] [--keep FOLDER] [--only NUMBER]

Practice reports are cut, spliced across languages, wrapped in tags, encoded in all ways and strewn
with marks that cannot be seen. For every outcome:

- only a documented refusal is raised, and each claim and number stands where it says;
- the gate lets every claim through again; where a quote has digits, its value's digits are there;
- marks that cannot be seen change no claim;
- the command ends with 0 or a message, and prints nothing that could move a cursor;
- no text takes longer than its length allows.

A find is printed with its number and its input kept in FOLDER; ``--only NUMBER`` makes it again.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import time
import traceback
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from click.testing import CliRunner

from keepwarm.case.claims import Claim, Read
from keepwarm.commands.main import main as command
from keepwarm.errors import InputError
from keepwarm.reports.opened import opened
from keepwarm.reports.reader import read_text
from keepwarm.reports.text import prepare
from keepwarm.reports.verify import refusal
from keepwarm.reports.words import LANGUAGES

PRACTICE = Path(__file__).resolve().parents[1] / "tests" / "reports" / "practice"
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
NASTY = (
    *UNSEEN,
    *("\u202e", "\u202d", "\u202c", "\u2066", "\u2069", "\u200f", "\u0301", "\u0336", "\u20dd"),
    *(".", ",", ";", ":", "-", "–", "—", "…", "!", "?", "。", "，", "、", "：", "%", "°", "№", "&"),
    *('"', "'", "«", "»", "„", "“", "”", "(", ")", "[", "]", "「", "」", "<", ">", "&lt;", "&#49;"),
    *(" ", "\u00a0", "\u202f", "\u3000", "\t", "\n", "\r\n", "\x0b", "\x1b[31m", "\x00", "\x85"),
    *(
        "0",
        "7",
        "12",
        "1 000",
        "1.000",
        "1,5",
        "½",
        "３",
        "٣",
        "三",
        "万",
        "千",
        "тис.",
        "млн",
        "Mio.",
    ),
    *("und", "and", "та", "и", "和", "of which", "з них", "из них", "davon", "其中", "not", "не"),
    *(
        "İ",
        "ß",
        "ﬁ",
        "ǆ",
        "Σ",
        "e\u0301",
        "и\u0306",
        "\U0001f525",
        "\U0001d7d8",
        "\ud800",
        "\ufffe",
    ),
)
TAGS = ("<p>", "</p>", "<div class='share'>", "</div>", "<br>", "<b>", "<!--", "-->", "<nav>", "<a")
ENCODINGS = (
    *("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "cp1251", "koi8-u", "cp866"),
    *("gb18030", "big5", "cp1252", "iso8859-5", "shift_jis"),
)
#: Seconds a text may take, and seconds a character more: many times what they take.
ALLOWED = 2.0, 0.001


class Find(Exception):
    """Something that must not be."""


def spoilt(chance: random.Random, reports: Sequence[str]) -> str:
    """Return a text made of reports, with a few changes."""
    pieces = []
    for _ in range(chance.choice((1, 1, 2, 3))):
        report = chance.choice(reports)
        first = chance.randrange(len(report)) if chance.random() < 0.4 else 0
        pieces.append(report[first : first + chance.choice((40, 300, 3000))])
    text = chance.choice(("\n\n", "\n", " ", "")).join(pieces)
    for _ in range(chance.choice((0, 1, 3, 10, 60))):
        text = chance.choice(CHANGES)(chance, text)
    return text[:20_000]


def _place(chance: random.Random, text: str) -> int:
    return chance.randrange(len(text) + 1)


def _strewn(chance: random.Random, text: str) -> str:
    place = _place(chance, text)
    return text[:place] + chance.choice(NASTY) * chance.choice((1, 1, 1, 2, 50)) + text[place:]


def _beside_digit(chance: random.Random, text: str) -> str:
    places = [place for place, letter in enumerate(text) if letter.isdigit()]
    place = chance.choice(places) + chance.randrange(2) if places else 0
    return text[:place] + chance.choice(NASTY) + text[place:]


def _cut(chance: random.Random, text: str) -> str:
    place = _place(chance, text)
    return text[:place] + text[place + chance.choice((1, 1, 5, 40)) :]


def _repeated(chance: random.Random, text: str) -> str:
    place = _place(chance, text)
    piece = text[place : place + chance.choice((1, 5, 40))]
    return text[:place] + piece * chance.choice((2, 3, 20)) + text[place:]


def _swapped(chance: random.Random, text: str) -> str:
    one, other = sorted((_place(chance, text), _place(chance, text)))
    length = chance.choice((1, 8, 30))
    if other - one < length:
        return text
    left, right = text[one : one + length], text[other : other + length]
    return text[:one] + right + text[one + length : other] + left + text[other + length :]


def _digits(chance: random.Random, text: str) -> str:
    """Write a run of digits otherwise: another number, another script."""
    zero = chance.choice(("0", "0", "\uff10", "\u0660", "\u0966", "\U0001d7ce"))
    first = _place(chance, text)
    return text[:first] + "".join(
        chr(ord(zero) + chance.randrange(10)) if letter in "0123456789" else letter
        for letter in text[first : first + 60]
    ) + text[first + 60 :]  # fmt: skip


def _tagged(chance: random.Random, text: str) -> str:
    place = _place(chance, text)
    return text[:place] + chance.choice(TAGS) + text[place:]


def _cased(chance: random.Random, text: str) -> str:
    first = _place(chance, text)
    piece = text[first : first + 60]
    return text[:first] + chance.choice((piece.upper(), piece.lower())) + text[first + 60 :]


CHANGES: tuple[Callable[[random.Random, str], str], ...] = (
    *(_strewn, _beside_digit, _beside_digit, _cut, _repeated, _swapped, _digits, _tagged, _cased),
)


def as_bytes(chance: random.Random, text: str) -> bytes:
    """Return a text in some encoding, perhaps with broken bytes, perhaps as a page."""
    if chance.random() < 0.4:
        body = "".join(f"<p>{line}</p>\n" for line in text.splitlines())
        text = f"<!doctype html><html><head><title>{text[:30]}</title></head><body>{body}"
    content = text.encode(chance.choice(ENCODINGS), chance.choice(("ignore", "xmlcharrefreplace")))
    if chance.random() < 0.3:
        broken = bytearray(content)
        for _ in range(chance.choice((1, 3, 50))):
            if broken:
                broken[chance.randrange(len(broken))] = chance.randrange(256)
        content = bytes(broken[: chance.randrange(len(broken) + 1)] if broken else broken)
    return chance.randbytes(chance.randrange(3000)) if chance.random() < 0.03 else content


def check(read: Read) -> None:
    """Raise `Find` where something is wrong with what was read of a text."""
    sentences = prepare(read.text).sentences
    for claim in read.claims:
        end = claim.span_start + len(claim.quote_span)
        if read.text[claim.span_start : end] != claim.quote_span:
            raise Find(f"a quote stands elsewhere: {claim}")
        languages = {one.language for one in sentences} or set(LANGUAGES)
        if all(refusal(claim, read.text, language) for language in languages):
            raise Find(f"the gate refuses what it let through: {claim}")
        _check_digits(claim)
    for number in read.unread_numbers:
        if not read.text.startswith(number.text, number.span_start):
            raise Find(f"a number stands elsewhere: {number}")


def _check_digits(claim: Claim) -> None:
    """Compare the digits of a value with those of its quote, without the reader's own rules."""
    quote = html.unescape(claim.quote_span)
    digits = (unicodedata.digit(letter, "") for letter in unicodedata.normalize("NFKC", quote))
    shown = "".join(map(str, digits))
    for value in (claim.value, claim.value_max):
        significant = f"{value or 0:.12g}".replace(".", "").strip("0")
        spoken = any(_spoken(letter) for letter in quote)
        if shown and not spoken and significant not in shown and significant not in "1":
            raise Find(f"{value} does not stand in {claim.quote_span!r}: {claim}")


def _spoken(letter: str) -> bool:
    """Say whether a letter may be part of a number in words, or a fraction."""
    return letter.isalpha() or unicodedata.category(letter) == "No"


def told(read: Read) -> list[tuple[object, ...]]:
    """Return what a text says, without where it says it."""
    return [
        (
            one.metric,
            one.value,
            one.value_max,
            one.qualifier,
            one.source,
            one.location,
            one.modality,
        )
        for one in read.claims
    ]


def check_unseen(chance: random.Random, text: str, read: Read) -> None:
    """Check that marks nobody can see change nothing."""
    text = unicodedata.normalize("NFC", text)
    strewn = "".join(
        # Not before an accent: it would no longer belong to its letter.
        chance.choice(UNSEEN) * (chance.random() < 0.1 and not unicodedata.combining(letter))
        + letter
        for letter in text
    )
    again = read_text(strewn)
    if told(again) != told(read):
        raise Find(f"unseen marks change claims: {set(told(again)) ^ set(told(read))}")


def check_command(content: bytes, folder: Path, json_wanted: bool) -> None:
    """Run ``keepwarm read`` on a file."""
    path = folder / "report.txt"
    path.write_bytes(content)
    told = CliRunner().invoke(command, ["read", str(path), *["--json"] * json_wanted])
    if told.exception and not isinstance(told.exception, SystemExit):
        raise told.exception
    if told.exit_code not in (0, InputError.exit_code):
        raise Find(f"exit code {told.exit_code}: {told.output}")
    if told.exit_code == 0 and json_wanted:
        json.loads(told.stdout)
    strange = {letter for letter in told.output if not letter.isprintable()} - {"\n"}
    if strange and not json_wanted:
        raise Find(f"the terminal would see {strange!r}")


def one_case(seed: int, number: int, reports: Sequence[str], folder: Path) -> str:
    """Make and check one case; return what became of it."""
    chance = random.Random(f"{seed}/{number}")
    text = spoilt(chance, reports)
    (folder / "last.txt").write_bytes(text.encode("utf-8", "surrogatepass"))
    begin = time.process_time()
    read = read_text(text)
    took = time.process_time() - begin
    if took > ALLOWED[0] + ALLOWED[1] * len(text):
        raise Find(f"{took:.1f} s for {len(text)} characters")
    check(read)
    what = f"{min(len(read.claims), 1)} claim or more"
    if number % 4 == 0 and not any(mark in text for mark in "&\u202d\u202e"):
        check_unseen(chance, text, read)
    if number % 3 == 0:
        content = as_bytes(chance, text)
        (folder / "last.bin").write_bytes(content)
        try:
            check(read_text(opened(content, "fuzzed").text))
        except InputError:
            what = "refused"
        if number % 15 == 0:
            check_command(content, folder, json_wanted=number % 30 == 0)
    return what


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--minutes", type=float, default=60.0)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--keep", type=Path, default=Path("build/fuzz"))
    words.add_argument("--only", type=int)
    wanted = words.parse_args()
    wanted.keep.mkdir(parents=True, exist_ok=True)
    rows = (row for path in sorted(PRACTICE.glob("*.jsonl")) for row in path.open(encoding="utf-8"))
    reports = [json.loads(row)["text"] for row in rows]
    end, number, seen = time.monotonic() + 60 * wanted.minutes, 0, Counter[str]()
    while time.monotonic() < end:
        number = number + 1 if wanted.only is None else wanted.only
        try:
            seen[one_case(wanted.seed, number, reports, wanted.keep)] += 1
        except Exception:  # noqa: BLE001 any error is a find
            seen["finds"] += 1
            print(f"{number}: {traceback.format_exc()}", flush=True)
            for last in ("last.txt", "last.bin"):
                if (wanted.keep / last).exists():
                    (wanted.keep / last).replace(wanted.keep / f"{number}{Path(last).suffix}")
        if wanted.only is not None:
            break
    print(f"{sum(seen.values())} cases: {dict(seen)}")


if __name__ == "__main__":
    main()
