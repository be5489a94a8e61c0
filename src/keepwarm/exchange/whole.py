"""Files that other programs open: texts they cannot be tricked by, written whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from keepwarm.errors import Fault, InputError

# What turns text around (Unicode UAX 9): a name could make the rest of a line read backwards.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# What XML 1.0 has no place for, and C1 controls, which no name holds. Blanks stay blanks.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    r"""Return a text that every format can hold and that reads in one direction.

    Examples
    --------
    >>> plain("West\u202eesaC"), plain("a\x07b")
    ('WestesaC', 'a�b')

    **Source**: Unicode UAX 9; XML 1.0, section 2.2. **Leaves out** the joiners U+200C and U+200D,
    which Persian and Indic names need: they stay.
    """
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", _TURNS.sub("", text))


def write_bytes_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and rename it there.

    Raises
    ------
    InputError
        Where it cannot be written.
    """
    beside = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        found = f"cannot be written: {error.strerror}"
        expected = "a file in a folder that can be written, with room"
        raise InputError([Fault(str(path), None, None, found, expected)]) from error
    finally:
        beside.unlink(missing_ok=True)


def write_folder_whole(folder: Path, files: Mapping[str, bytes], pattern: str) -> None:
    """Write files into a folder of their own, instead of all that an earlier run left there.

    Parameters
    ----------
    folder
        Does not exist, or holds nothing but files whose names match ``pattern``.
    files
        Name -> content.
    pattern
        As of `Path.match`.

    Raises
    ------
    InputError
        Where the folder holds anything else, or cannot be written.
    """
    others = folder.exists() and (
        not folder.is_dir() or any(not one.match(pattern) for one in folder.iterdir())
    )
    if others:
        found, expected = f"holds something that is no {pattern}", "a new folder, or one of these"
        raise InputError([Fault(str(folder), None, None, found, expected)])
    beside = None
    try:
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        for name, content in files.items():
            (beside / name).write_bytes(content)
        beside.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        beside.rename(folder)
    except OSError as error:
        found = f"cannot be written: {error.strerror}"
        expected = "a folder that can be written, with room"
        raise InputError([Fault(str(folder), None, None, found, expected)]) from error
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
