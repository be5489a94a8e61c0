"""What a page shows, held against what comes out.

A page's blocks are run in their order, in one folder: `shell` and `python` do something, a `text`
block after them shows what they print. A line of three dots in it leaves out what it likes; words
must be the same, numbers equal but for their last digit, which may differ from machine to machine.
A block after the comment `<!-- skip: next -->` is only shown.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, SkipParser

from keepwarm.commands.main import main

NUMBER = re.compile(r"(?<![\w.])[-−]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")
LEFT_OUT = "…"
#: A line that needs no shell: the command alone, its answer perhaps kept in a file.
ALONE = re.compile(r"keepwarm ([^|&;<>$`()#]+?)(?:> ?([\w.]+))?")


def follow(page: Path, folder: Path) -> int:
    """Run a page's blocks in a folder, as a reader would; return how many outputs were compared."""
    reader = Reader(folder)
    blocks = Sybil(
        [
            SkipParser(),
            CodeBlockParser("shell", reader.types),
            CodeBlockParser("python", reader.notes),
            CodeBlockParser("text", reader.sees),
        ],
        path=str(page.parent),
    ).parse(page)
    for block in blocks.examples():
        block.evaluate()
    assert reader.seen, f"{page} shows no output that could be compared"
    return reader.seen


class Reader:
    """Somebody who does what a page says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, object] = {"__name__": "a page"}
        self.printed: str | None = None
        self.seen = 0
        tools = folder / ".tools"
        tools.mkdir()
        for name, command in (("keepwarm", " -m keepwarm"), ("python", "")):
            tool = tools / name
            tool.write_text(f'#!/bin/sh\nexec {sys.executable}{command} "$@"\n')
            tool.chmod(0o755)
        self.surroundings = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"}

    def types(self, block: Example) -> str | None:
        """Type a block of commands; any command that fails fails the page."""
        lines = str(block.parsed).replace("\\\n", " ").strip().split("\n")
        alone = [ALONE.fullmatch(line) for line in lines]
        if None in alone:
            return self.asks_a_shell(block)
        self.printed = ""
        for line in filter(None, alone):
            wrong = self.asks(shlex.split(line[1]), line[2])
            if wrong:
                return wrong
        return None

    def asks(self, arguments: list[str], kept_in: str | None) -> str | None:
        """Give one command, in this process: its compiled loops are loaded once for all pages."""
        with contextlib.chdir(self.folder):
            done = CliRunner().invoke(main, arguments, prog_name="keepwarm")
            if kept_in:
                Path(kept_in).write_text(done.stdout, encoding="utf-8")
        if not kept_in:
            self.printed = f"{self.printed or ''}{done.stdout}"
        return failed(arguments, done.exit_code, done.output) if done.exit_code else None

    def asks_a_shell(self, block: Example) -> str | None:
        """Let a shell do a block that is more than commands of ours."""
        done = subprocess.run(
            ["sh", "-eu", "-c", str(block.parsed)],
            cwd=self.folder,
            env=self.surroundings,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if done.returncode:
            return failed(block.parsed, done.returncode, done.stdout + done.stderr)
        self.printed = done.stdout
        return None

    def notes(self, block: Example) -> None:
        """Run a block of Python, with the names of the blocks before it."""
        printed = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(printed):
            exec(compile(str(block.parsed), block.path, "exec"), self.names)
        self.printed = printed.getvalue()

    def sees(self, block: Example) -> str | None:
        """Hold what is shown against what the block before printed."""
        if self.printed is None:
            return None  # a picture in letters, not an output
        self.seen += 1
        printed, self.printed = self.printed, None
        if matches(str(block.parsed), printed):
            return None
        return f"the page shows\n{block.parsed}\nbut this was printed\n{printed}"


def failed(what: object, code: int, said: str) -> str:
    """Say what failed on the way."""
    return f"{what}\nexit {code}\n{said[-2000:]}"


def matches(shown: str, printed: str) -> bool:
    """Say whether what is shown is what was printed, dots standing for any lines."""
    lines = printed.strip("\n").split("\n")
    parts: list[list[str]] = [[]]
    for line in shown.strip("\n").split("\n"):
        if line.strip() == LEFT_OUT:
            parts.append([])
        else:
            parts[-1].append(line)
    position = 0
    for number, part in enumerate(parts):
        last = len(lines) - len(part)
        if number == 0:
            starts = range(1)
        elif number == len(parts) - 1:
            starts = range(last, last + 1)
        else:
            starts = range(position, last + 1)
        found = next((at for at in starts if at >= position and fits(part, lines[at:])), None)
        if found is None:
            return False
        position = found + len(part)
    return len(parts) > 1 or position == len(lines)


def fits(part: list[str], lines: list[str]) -> bool:
    """Say whether lines begin with these."""
    return len(lines) >= len(part) and all(map(alike, part, lines))


def alike(shown: str, printed: str) -> bool:
    """Say whether two lines have the same words and, but for the last digit, the same numbers."""
    if NUMBER.sub("#", shown).split() != NUMBER.sub("#", printed).split():
        return False
    pairs = zip(NUMBER.findall(shown), NUMBER.findall(printed), strict=True)
    return all(close(*pair) for pair in pairs)


def close(shown: str, printed: str) -> bool:
    """Say whether two numbers are equal but for one unit of the last digit shown, or 0.1 %."""
    ours, theirs = (float(each.replace(",", "").replace("−", "-")) for each in (shown, printed))
    if "e" in shown:
        return abs(ours) < 1e-6 and abs(theirs) < 1e-6  # rounding of the machine
    unit = 10.0 ** -len(shown.partition(".")[2])
    return abs(ours - theirs) <= 1.0001 * unit + 0.001 * abs(ours)
