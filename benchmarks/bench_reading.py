"""What reading reports costs: a hundred in each language, and texts made to be slow.

Reports of 3,000 characters from the practice texts, each language in a process of its own. In the
same rounds: splitting the same texts into words with one regular expression, and a regular
expression for a number and a noun after it, which is what one writes first (it knows no source, no
place, no denial). Hostile texts are read at three lengths; the exponent is the slope of time over
length on logarithms: 1 is linear.

    python -m benchmarks.bench_reading [--rounds 3] [--reports 100] [--length 8000]
"""

from __future__ import annotations

import argparse
import json
import math
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Cell, Spread, machine, print_table, write

PRACTICE = Path(__file__).resolve().parent.parent / "tests" / "reports" / "practice"
LANGUAGES = ("en", "uk", "ru", "de", "zh")
CHARACTERS = 3000

_WORDS = re.compile(r"\w+|[^\w\s]")
_NUMBER = r"\d+(?:[ .,\u00a0]\d{3})*(?:[.,]\d+)?"
_PATTERNS = {
    "en": rf"({_NUMBER}) (?:\w+ )?(customers|homes|households|people|drones|missiles|houses)",
    "uk": rf"({_NUMBER}) (?:\w+ )?(споживач\w+|будинк\w+|родин|осіб|людей|дрон\w+|ракет\w*)",
    "ru": rf"({_NUMBER}) (?:\w+ )?(потребител\w+|дом\w+|семей|человек|беспилотник\w+|ракет\w*)",
    "de": rf"({_NUMBER}) (?:\w+ )?(Kunden|Haushalte\w*|Menschen|Gebäude|Drohnen|Raketen)",
    "zh": rf"({_NUMBER}万?多?)(户|人|栋|架|枚)",
}

#: What is repeated up to a length, by name.
HOSTILE = {
    "digits": "7",
    "digits and stops": "1.",
    "groups of digits": "1 000 ",
    "dates": "1.1.",
    "commas": ", ",
    "brackets": "(",
    "quotation marks": '"',
    "spaces": " ",
    "zero-width characters in a number": "1\u200b",
    "combining marks": "\u0301",
    "digits struck out": "1\u0336",
    "right-to-left overrides": "\u202e1",
    "character references": "&#49;",
    "and and and": "and ",
    "和和和": "和",
    "one word": "abcde",
    "a German compound": "zweihundert",
    "a mailbox": "a.",
    "without power": "without power, ",
    "said": "the mayor said, ",
    "number words": "two thousand, ",
    "if": "if frozen, ",
    "drones of drones": "40 of 50 drones, ",
    "places": "Kyiv, ",
    "adjectives of places": "Харківська, ",
    "Chinese numbers": "三百二十户停电，",
    "lines": "a\n",
    "one sentence": "The mayor said 40 houses in Kharkiv had no power, 30 of 50 drones fell; ",
    "one Chinese sentence": "市长称哈尔科夫40栋楼停电，",
    "sentences": "The mayor of Odesa said 40 houses were dark. ",
}
PAGES = {
    "nested elements": "<div>",
    "unclosed comments": "<!--",
    "unclosed tags": "<a ",
    "attributes": '<a b="c" ',
    "paragraphs": "<p>40 houses are dark",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reports", type=int, default=100)
    parser.add_argument("--length", type=int, default=8000)
    parser.add_argument("--language", help="only this one, as a line of JSON")
    options = parser.parse_args()
    if options.language:
        print(json.dumps(one_language(options.language, options.rounds, options.reports)))
        return
    facts = machine()
    rows = [in_a_process(language, options) for language in LANGUAGES]
    print_table(rows)
    print(write("reading", rows, facts))
    rows = hostile(options.length)
    print_table(rows)
    print(write("hostile_texts", rows, facts))


def reports(language: str, count: int) -> list[str]:
    """Return so many different reports of 3,000 characters, from the practice texts in turn."""
    lines = (PRACTICE / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    found = []
    for number in range(count):
        first = number % len(texts)
        step = 1 + number // len(texts)
        turned = [texts[(first + step * k) % len(texts)] for k in range(len(texts))]
        found.append("\n\n".join(turned * 20)[:CHARACTERS])
    return found


def one_language(language: str, rounds: int, count: int) -> dict[str, Cell]:
    """Read all reports of a language in rounds, in turns with the regular expressions."""
    begin = time.process_time()
    from keepwarm.reports.reader import read_text

    texts = reports(language, count)
    read_text(texts[0])
    start = time.process_time() - begin
    pattern = re.compile(_PATTERNS[language], re.IGNORECASE)
    work: dict[str, Callable[[str], int]] = {
        "read": lambda text: len(read_text(text).claims),
        "words": lambda text: len(_WORDS.findall(text)),
        "pattern": lambda text: len(pattern.findall(text)),
    }
    taken: dict[str, list[float]] = {name: [] for name in work}
    found: dict[str, int] = {}
    for _ in range(rounds):
        for name, act in work.items():
            begin = time.process_time()
            found[name] = sum(act(text) for text in texts)
            taken[name].append(time.process_time() - begin)
    reading = Spread(tuple(taken["read"]))
    words, matches = (Spread(tuple(taken[name])).median for name in ("words", "pattern"))
    return {
        "language": language,
        "start_s": start,
        "median_s": reading.median,
        "least_s": reading.least,
        "most_s": reading.most,
        "over_words": reading.median / words,
        "over_pattern": reading.median / matches,
        "claims": found["read"],
        "pattern_finds": found["pattern"],
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def in_a_process(language: str, options: argparse.Namespace) -> dict[str, Cell]:
    """Measure a language in a new process, so that start and memory are its own."""
    numbers = ["--rounds", str(options.rounds), "--reports", str(options.reports)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_reading", "--language", language, *numbers],
        check=True,
        capture_output=True,
        text=True,
    )
    row: dict[str, Cell] = json.loads(done.stdout)
    return row


def hostile(length: int) -> list[dict[str, Cell]]:
    """Read each hostile text at a length, twice and four times it."""
    from keepwarm.reports.opened import opened
    from keepwarm.reports.reader import read_text

    def read_page(page: str) -> None:
        read_text(opened(f"<html><body>40{page}".encode(), "page").text)

    read_text("Kyiv. Київ. 基辅。 Der Bürgermeister sagte es. Мэр сказал это.")
    rows = [_row(name, piece, length, read_text) for name, piece in HOSTILE.items()]
    return rows + [_row(f"page: {name}", piece, length, read_page) for name, piece in PAGES.items()]


def _row(name: str, piece: str, length: int, read: Callable[[str], object]) -> dict[str, Cell]:
    seconds = []
    for characters in (length, 2 * length, 4 * length):
        text = (piece * (characters // len(piece) + 1))[:characters]
        rounds = []
        for _ in range(3):
            begin = time.process_time()
            read(text)
            rounds.append(time.process_time() - begin)
        seconds.append(min(rounds))
    logs = [math.log(max(second, 1e-6)) for second in seconds]
    return {
        "text": name,
        "characters": 4 * length,
        "seconds": seconds[-1],
        "us_per_character": seconds[-1] / (4 * length) * 1e6,
        "exponent": (logs[2] - logs[0]) / math.log(4),
    }


if __name__ == "__main__":
    main()
