"""Something new that appears whole or not at all: made beside its place, then renamed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keepwarm.errors import Fault, InputError


def target_faults(target: Path) -> tuple[Fault, ...]:
    """Return why something new cannot appear at a path: it must be free, or an empty folder."""
    if target.is_dir() and target.suffix != ".nc":
        if target.resolve() == Path.cwd():
            return (Fault(str(target), None, None, "the folder you are in", "a new folder"),)
        if not any(target.iterdir()):
            return ()
        return (Fault(str(target), None, None, "this folder is not empty", "a new or empty one"),)
    if target.exists() or target.is_symlink():
        return (Fault(str(target), None, None, "there is something already", "a new name"),)
    return ()


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """Give an empty folder on the same file system, which is gone at the end.

    Parameters
    ----------
    target : Path
        Where the caller will rename the folder, or a file in it, to; the folders above it are
        made when the caller is done.

    Raises
    ------
    InputError
        Where something cannot be written.
    """
    target = target.absolute()
    above = next(path for path in target.parents if path.exists())
    made: Path | None = None
    try:
        made = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=above))
        made.chmod(0o755)
        yield made
    except OSError as error:
        reason = error.strerror or str(error)
        fault = Fault(str(target), None, None, reason, "room, and leave to write")
        raise InputError([fault]) from error
    finally:  # interrupted too
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def rename(made: Path, target: Path) -> None:
    """Let what was made appear in its place; an empty folder there gives way.

    Parameters
    ----------
    made, target : Path
        On one file system.

    Raises
    ------
    InputError
        Where something came there in the meantime.
    """
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    if faults := target_faults(target):
        raise InputError(faults)
    made.rename(target)
