"""JSON of unknown origin, read with care: what is missing or of another kind is a fault."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from keepwarm.errors import Fault, InputError


def read_text(path: Path) -> str:
    """Return a file's text in UTF-8, with or without a byte order mark.

    Raises
    ------
    InputError
        When it cannot be read.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        found = f"cannot be read: {error.strerror}"
        raise InputError([Fault(str(path), None, None, found)]) from error
    except UnicodeDecodeError as error:
        raise InputError([Fault(str(path), None, None, "is not UTF-8")]) from error


def read_document(path: Path) -> Mapping[str, object]:
    """Return the object that a JSON file holds.

    Raises
    ------
    InputError
        When it cannot be read, is no JSON, or is another thing than an object.
    """
    try:
        document = json.loads(read_text(path))
    except ValueError as error:
        line = getattr(error, "lineno", None)
        raise InputError([Fault(str(path), line, None, f"no JSON: {error}")]) from error
    return mapping(str(path), "", document)


def mapping(file: str, where: str, value: object) -> Mapping[str, object]:
    """Return a value that has to be an object with names.

    Raises
    ------
    InputError
        When it is none.
    """
    if not isinstance(value, dict):
        raise InputError([Fault(file, None, where or None, shown(value), "an object {...}")])
    return value


def shown(value: object) -> str:
    """Return a value as a message may show it."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:37] + "..."
