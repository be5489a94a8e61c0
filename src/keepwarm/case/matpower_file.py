"""The text of a MATPOWER case (.m, version 2) as rows of numbers with their lines.

**Source**: MATPOWER User's Manual, appendix B. A file is read as tables of numbers and never run:
one that calculates (``mpc.branch(:, 3) = ...``) would mean something else than its tables say, and
is refused.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from keepwarm.case.reading import SHOWN
from keepwarm.errors import Fault, InputError

#: Fewest columns of each table, by MATPOWER's manual, appendix B.
_TABLES = {"bus": 13, "gen": 10, "branch": 11, "gencost": 4}
#: Columns of each table that hold the number of a bus, or for costs a model and a count.
_WHOLE = {"bus": (0, 1), "gen": (0,), "branch": (0, 1), "gencost": (0, 3)}
#: Parts of a case that change its optimum and that keepwarm does not have.
_REFUSED = {
    "dcline": "DC lines",
    "A": "constraints of the user",
    "N": "costs of the user",
    "if": "limits of interfaces",
    "reserves": "reserves",
    "softlims": "soft limits",
    "storage": "storage",
}
_WITHOUT_EFFECT = ("version", "baseMVA", "areas")
_ASSIGNMENT = re.compile(r"mpc\.(\w+)(?:\.\w+)*\s*=\s*(.*)")
_CALCULATION = re.compile(r"mpc\s*=|mpc\.(bus|gen|branch|gencost|baseMVA)\s*[({]")


@dataclass(frozen=True)
class Row:
    """One row of a table and the line that it stands in."""

    line: int
    values: tuple[float, ...]


@dataclass(frozen=True)
class MatpowerFile:
    """The tables of one file; ``unread`` names the fields of the case that nothing reads."""

    name: str
    base_mva: float
    bus: tuple[Row, ...]
    gen: tuple[Row, ...]
    branch: tuple[Row, ...]
    gencost: tuple[Row, ...]
    unread: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, row: Row, subject: str, found: str, expected: str = "") -> None:
        """Keep a fault with its line, to be raised with all others."""
        self.faults.append(Fault(self.name, row.line, subject, found, expected))

    def raise_faults(self) -> None:
        """Raise all faults that were kept, in the order of their lines; many alike as one."""
        alike: dict[tuple[str, str], list[Fault]] = {}
        for fault in sorted(self.faults, key=lambda fault: fault.line or 0):
            alike.setdefault((fault.found, fault.expected), []).append(fault)
        faults: list[Fault] = []
        for same in alike.values():
            if len(same) > SHOWN:
                found = f"{same[0].found}, and {len(same) - 1} more rows like it"
                same = [replace(same[0], found=found, last_line=same[-1].line)]
            faults += same
        if faults:
            raise InputError(sorted(faults, key=lambda fault: fault.line or 0))


def read_matpower_file(path: Path) -> MatpowerFile:
    """Read the tables of a MATPOWER case.

    Parameters
    ----------
    path : Path
        A ``.m`` file with ``mpc.bus``, ``mpc.gen``, ``mpc.branch`` and ``mpc.gencost``.

    Returns
    -------
    MatpowerFile
        With no fault yet: what the numbers mean is for the caller to check.

    Raises
    ------
    InputError
        What makes the file no tables of numbers, all at once, with lines.
    """
    try:
        # A letter that is no UTF-8 stands in a comment, or the numbers say so.
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError([Fault(path.name, None, None, error.strerror or str(error))]) from error
    reader = _Reader(path.name)
    reader.read(text)
    if reader.faults:
        raise InputError(reader.faults)
    tables = reader.tables
    unread = tuple(f"mpc.{name}" for name in reader.others)
    return MatpowerFile(
        path.name,
        reader.base_mva,
        tables["bus"],
        tables["gen"],
        tables["branch"],
        tables["gencost"],
        unread,
    )


class _Reader:
    """Goes through the lines once; the table that is open gets the rows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.base_mva = math.nan
        self.tables: dict[str, tuple[Row, ...]] = {}
        self.others: list[str] = []
        self.faults: list[Fault] = []
        self._open = ""
        self._rows: list[Row] = []

    def read(self, text: str) -> None:
        for number, full in enumerate(text.splitlines(), start=1):
            line = full.split("%", 1)[0].strip()
            if not self._open:
                line = self._begin(number, line)
            if self._open:
                body, end, _ = line.partition("]")
                self._add(number, body)
                if end:
                    self._close()
        if self._open:
            self._fault(None, f"mpc.{self._open}", "no closing bracket")
        self._check_tables()

    def _fault(self, line: int | None, subject: str | None, found: str, expected: str = "") -> None:
        self.faults.append(Fault(self.name, line, subject, found, expected))

    def _begin(self, number: int, line: str) -> str:
        """Take a line outside of tables; return what follows the bracket that opens one."""
        if _CALCULATION.match(line):
            self._fault(number, None, "a calculation is not supported", "tables of numbers")
            return ""
        match = _ASSIGNMENT.match(line)
        if match is None:
            return ""
        name, value = match[1], match[2].strip()
        if name == "baseMVA":
            self.base_mva = next(iter(self._numbers(number, value.rstrip(";"))), math.nan)
        elif name == "version" and value.strip("'\"; ") != "2":
            self._fault(number, "mpc.version", value.rstrip("; "), "'2'")
        elif name in self.tables:
            self._fault(number, f"mpc.{name}", "the table is there twice", "each table once")
        elif name in _TABLES and not value.startswith("["):
            self._fault(number, f"mpc.{name}", "no table of numbers", "[ ... ]")
        elif name in _REFUSED and not value.startswith("["):
            self._refuse(number, name)
        elif name in _TABLES or name in _REFUSED:
            self._open, self._rows = name, []
        elif name not in _WITHOUT_EFFECT and name not in self.others:
            self.others.append(name)
        return value[1:]

    def _add(self, number: int, text: str) -> None:
        if self._open in _REFUSED:
            if text.strip("; "):
                self._refuse(number, self._open)
            return
        for part in text.split(";"):
            before = len(self.faults)
            values = self._numbers(number, part)
            if len(self.faults) > before or not values:
                continue
            least = _TABLES[self._open]
            whole = [values[at] for at in _WHOLE[self._open] if at < len(values)]
            wrong = [value for value in whole if value < 0 or not value.is_integer()]
            if len(values) < least:
                found = f"{len(values)} columns"
                self._fault(number, f"mpc.{self._open}", found, f"at least {least}")
            elif wrong:
                self._fault(number, f"mpc.{self._open}", f"{wrong[0]:g}", "a whole number")
            else:
                self._rows.append(Row(number, values))

    def _refuse(self, number: int, name: str) -> None:
        if not any(fault.column == f"mpc.{name}" for fault in self.faults):
            self._fault(number, f"mpc.{name}", f"{_REFUSED[name]} are not supported")

    def _close(self) -> None:
        if self._open in _TABLES:
            self.tables[self._open] = tuple(self._rows)
        self._open = ""

    def _numbers(self, number: int, text: str) -> tuple[float, ...]:
        values = []
        for word in text.replace(",", " ").split():
            try:
                value = float(word)
            except ValueError:
                value = math.nan
            if math.isnan(value):
                self._fault(number, None, f"{word!r} is not a number")
            values.append(value)
        return tuple(values)

    def _check_tables(self) -> None:
        missing = [f"mpc.{name}" for name in _TABLES if name not in self.tables]
        if not 0 < self.base_mva < math.inf:
            missing.append("a positive mpc.baseMVA")
        if missing:
            self._fault(None, None, f"{', '.join(missing)} missing", "a MATPOWER case of version 2")
            return
        costs, generators = len(self.tables["gencost"]), len(self.tables["gen"])
        if costs < generators:
            expected = f"one for each of the {generators} generators"
            self._fault(None, "mpc.gencost", f"{costs} rows", expected)
        first: dict[float, int] = {}
        for row in self.tables["bus"]:
            if first.setdefault(row.values[0], row.line) != row.line:
                found = f"is there twice, first in line {first[row.values[0]]}"
                self._fault(row.line, f"bus {row.values[0]:.0f}", found, "a number of its own")
