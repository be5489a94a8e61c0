"""One reading of a case: where its faults and warnings gather, and what its numbers may be."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Bools, Times
from keepwarm.case.schemas import Column
from keepwarm.case.times import format_time
from keepwarm.errors import Fault

#: Faults of one cause in one column that are shown one by one; more are shown as one.
SHOWN = 10

_CELL = re.compile(r"'.*' is (not a number|not a time|neither True nor False|there twice).*")
_NUMBER = re.compile(r"[-+]?[\d.]+(e[-+]?\d+)?", re.IGNORECASE)


@dataclass
class Reading:
    """What one reading of a case has met so far: faults, warnings and the hashes of its files."""

    root: Path
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    #: Stems of the files of which not every row could be read.
    incomplete: set[str] = field(default_factory=set)

    def whole(self, *tables: str) -> bool:
        """Whether every row of these tables could be read, so that a name not in them is wrong."""
        return self.incomplete.isdisjoint(tables)

    def name_of(self, path: Path) -> str:
        """Return a path as messages show it: relative to the case where it lies inside."""
        inside = path.is_relative_to(self.root) and path != self.root
        return path.relative_to(self.root).as_posix() if inside else str(path)

    def fault(
        self,
        file: str,
        line: int | None,
        column: str | None,
        found: str,
        expected: str = "",
        suggestion: str = "",
    ) -> None:
        """Note one fault; see :class:`keepwarm.errors.Fault`."""
        self.faults.append(Fault(file, line, column, found, expected, suggestion))

    def warn(
        self, file: str, line: int | None, column: str | None, found: str, suggestion: str = ""
    ) -> None:
        """Note something that is allowed but looks wrong."""
        self.warnings.append(Fault(file, line, column, found, "", suggestion))

    def bytes_of(self, path: Path) -> bytes | None:
        """Return the content of a file and note its hash; None, with a fault, if unreadable."""
        file = self.name_of(path)
        self.incomplete.add(path.stem)  # until it is read to its end
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            self.fault(file, None, None, "no such file")
            return None
        except OSError as error:
            if path.is_dir():
                self.fault(file, None, None, "is a folder", "a file")
            else:
                self.fault(file, None, None, f"cannot be read: {error.strerror}")
            return None
        self.hashes[file] = sha256(content).hexdigest()
        if not content.strip():
            self.fault(file, None, None, "the file is empty")
            return None
        self.incomplete.discard(path.stem)
        return content

    def text_of(self, path: Path) -> str | None:
        """Return the text of a file in UTF-8, with or without a byte order mark."""
        content = self.bytes_of(path)
        if content is None:
            return None
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            self.incomplete.add(path.stem)
            found = f"byte 0x{content[error.start]:02x} is not UTF-8"
            self.fault(self.name_of(path), line, None, found, "the file saved as UTF-8")
            return None


def merged(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return the faults with one line for each cause that a column has in many cells.

    Parameters
    ----------
    faults : iterable of Fault
        In reading order; faults of one cause come together where the first of them stood.
    """
    causes: dict[tuple[object, ...], list[Fault]] = {}
    for fault in faults:
        causes.setdefault(_cause(fault), []).append(fault)
    out: list[Fault] = []
    for same in causes.values():
        out += [_as_one(same)] if len(same) > SHOWN else same
    return tuple(out)


def _cause(fault: Fault) -> tuple[object, ...]:
    """Return what makes two faults the same: all but the line and the value in the cell."""
    found = fault.found
    value = _CELL.fullmatch(found)
    if value:
        found = value[1]
    elif "'" not in found:
        found = _NUMBER.sub("#", found)
    lined = fault.line is not None
    return (fault.file, lined, fault.column, found, fault.expected if lined else fault)


def _as_one(same: Sequence[Fault]) -> Fault:
    first = same[0]
    noun = "cells" if first.column else "rows"
    found = f"{len(same)} {noun}, the first: {first.found}"
    if first.found == "the cell is empty":
        found = f"{len(same)} cells are empty"
    last = max(fault.line or 0 for fault in same)
    return replace(first, found=found, last_line=last)


def parse_number(text: str) -> float | None:
    """Return the number that a cell holds, infinite and not-a-number included, or None.

    Examples
    --------
    >>> parse_number("1.5e3")
    1500.0
    >>> parse_number("1_000") is None
    True
    """
    if "_" in text:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def range_fault(column: Column, value: float, text: str) -> tuple[str, str] | None:
    """Return what is wrong with a number, as (found, expected), or None.

    Parameters
    ----------
    column : Column
        Its schema.
    value : float
        The number.
    text : str
        As the user wrote it.
    """
    if column.minimum <= value <= column.maximum and math.isfinite(value):
        return None
    expected = expected_number(column)
    if not math.isfinite(value):
        return f"{text} is not a finite number", expected
    unit = "" if column.unit in ("", "1") else f" {column.unit}"
    if column.unit == "degC" and value > column.maximum:
        scale = _other_scale(column, value)
        if scale:
            return f"{text} degC: reads like {scale}", expected
    if value < 0 and column.minimum == 0:
        return f"{text}{unit} is negative", expected
    return f"{text}{unit} is out of range", expected


def _other_scale(column: Column, value: float) -> str:
    """Return which scale a temperature above its range is probably in, and its value in degC."""
    for scale, letter, degc in (
        ("kelvin", "K", value - 273.15),
        ("Fahrenheit", "F", (value - 32.0) / 1.8),
    ):
        if column.minimum <= degc <= column.maximum:
            return f"{scale}: {value:g} {letter} would be {round(degc, 2):g} degC"
    return ""


def expected_number(column: Column) -> str:
    """Return the range of a number in words, with its unit."""
    unit = "" if column.unit in ("", "1") else f" {column.unit}"
    if math.isinf(column.minimum) and math.isinf(column.maximum):
        return "a number"
    if math.isinf(column.maximum):
        return f"a number{unit and ' in' + unit}, {column.minimum:g} or more"
    return f"{column.minimum:g} to {column.maximum:g}{unit}"


def missing_times(wanted: Times, there: Bools) -> str:
    """Return the sentence on times that are not there: the first and how many; empty if none."""
    absent = np.flatnonzero(~there)
    if not len(absent):
        return ""
    return (
        f"no row for {len(absent)} of {len(wanted)} snapshots, "
        f"the first {format_time(wanted[absent[0]])}"
    )
