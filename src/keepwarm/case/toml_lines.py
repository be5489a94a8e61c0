"""TOML with the line of every key, which the reader itself does not say."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from keepwarm.errors import Fault, InputError


def toml_document(text: str, file: str) -> dict[str, Any]:
    """Return what a TOML text holds.

    Parameters
    ----------
    text
        Of the file.
    file
        As messages name it.

    Raises
    ------
    InputError
        When it is no TOML; says at which line.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column \d+\)", str(error))
        found = "no TOML: " + re.sub(r" \(at .*\)", "", str(error))
        raise InputError((Fault(file, int(at[1]) if at else None, None, found),)) from error


def key_lines(text: str) -> dict[str, int]:
    r"""Return the line of every key, ``hazard 2.objects 1.mean`` for example.

    Examples
    --------
    >>> key_lines("schema = 1\n[[hazard]]\nname = 'x'\n[hazard.arrivals]\nper_day = 1")[
    ...     "hazard 1.arrivals.per_day"
    ... ]
    5
    """
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        head = re.match(r"\s*(\[\[?)\s*([\w.-]+)\s*\]", line)
        if head:
            top, _, inner = head[2].partition(".")
            section = f"{top} {counts[top]}" if inner and top in counts else ""
            name = f"{section}.{inner}" if section else head[2]
            if head[1] == "[[":
                counts[name] = counts.get(name, 0) + 1
                name = f"{name} {counts[name]}"
            section = name
            lines.setdefault(section, number)
            continue
        key = re.match(r"""\s*(?:"([^"]+)"|'([^']+)'|([\w-]+))\s*=""", line)
        if key:
            name = next(group for group in key.groups() if group)
            lines.setdefault(f"{section}.{name}" if section else name, number)
    return lines
