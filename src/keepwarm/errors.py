"""What can go wrong, and the exit code each mistake leads to.

::

    KeepwarmError                exit 1
    ├── InputError               exit 1   the input is wrong; every fault with file, line and column
    ├── SolveError               exit 3   a step could not be solved
    └── AuditError               exit 4   an audit or a validation case failed

User mistakes are collected and raised together as one :class:`InputError`; a mistake of keepwarm
itself is none of these and shows as an ordinary Python traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar


class KeepwarmError(Exception):
    """Base of all errors that keepwarm raises on purpose."""

    exit_code: ClassVar[int] = 1


class SolveError(KeepwarmError):
    """A step could not be solved to the end."""

    exit_code: ClassVar[int] = 3


class AuditError(KeepwarmError):
    """An audit or a validation case failed."""

    exit_code: ClassVar[int] = 4


@dataclass(frozen=True)
class Fault:
    """One mistake in the input: where it is, what was found, what would be right.

    Parameters
    ----------
    file : str
        File as the user knows it, relative to the case.
    line : int or None
        Line in that file, counted from 1; None when the fault is about the whole file.
    column : str or None
        Column or key; None when the fault is about the whole line.
    found : str
        What is wrong, as a short statement.
    expected : str
        What would be right; empty when ``found`` already says it.
    suggestion : str
        The nearest right name; empty when nothing is near.
    last_line : int or None
        Where one fault stands for many rows: the last of them.

    Examples
    --------
    >>> print(Fault("links.csv", 14, "carrier", "'het' is no carrier of this case", "", "heat"))
    links.csv:14 carrier: 'het' is no carrier of this case. Did you mean 'heat'?
    """

    file: str
    line: int | None
    column: str | None
    found: str
    expected: str = ""
    suggestion: str = ""
    last_line: int | None = None

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        if self.last_line is not None:
            where += f" to {self.last_line}"
        if self.column:
            where += f" {self.column}"
        text = f"{where}: {self.found}"
        if self.expected:
            text += f"; expected {self.expected}"
        if self.suggestion:
            text += f". Did you mean '{self.suggestion}'?"
        return printable(text)


def printable(text: str) -> str:
    r"""Return a text of unknown origin with its control characters escaped.

    Parameters
    ----------
    text : str
        What a file or a user wrote; it could otherwise colour or rewrite the terminal.

    Examples
    --------
    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")


class InputError(KeepwarmError):
    """The input is wrong; prints one line per fault.

    Parameters
    ----------
    faults : iterable of Fault
        Every mistake found, in reading order.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def nearest(name: str, names: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return the name most like ``name``, or an empty string when none is near.

    Parameters
    ----------
    name : str
        What the user wrote.
    names : iterable of str
        What would be right.
    cutoff : float
        Least likeness, from 0 (anything) to 1 (the same).

    Returns
    -------
    str
        The nearest of ``names``; upper and lower case count as the same.

    Examples
    --------
    >>> nearest("het", ["heat", "gas"])
    'heat'
    >>> nearest("xyz", ["heat", "gas"])
    ''
    """
    by_fold = {candidate.casefold(): candidate for candidate in names}
    matches = get_close_matches(name.casefold(), by_fold, n=1, cutoff=cutoff)
    return by_fold[matches[0]] if matches else ""
