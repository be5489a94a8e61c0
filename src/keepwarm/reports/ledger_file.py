"""The ledger's file: opened where locks hold, refused in plain words where it cannot be.

SQLite keeps two writers apart with locks of the file system. On a network share these may stop at
the machine that took them: the type and options of the mount say so, and a lock is tried.
"""

from __future__ import annotations

import fcntl
import os
import re
import sqlite3
import struct
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from keepwarm.errors import Fault, InputError

APPLICATION = 0x6B776C67
"""The mark of a ledger in the header of its SQLite file: "kwlg"."""

SCHEMA = 1

WAIT_SECONDS = 60.0
"""How long a writer waits for another to finish."""

_SHARES = frozenset(("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "ncpfs"))
_LOCAL_LOCKS = frozenset(("nolock", "local_lock=all", "local_lock=posix", "nobrl"))
"""Options of a mount by which other machines do not see its locks."""

_LEDGER = "a ledger that keepwarm wrote"
_ROOM = "a file and a folder that can be written"
_WHAT = {
    "SQLITE_FULL": ("no room is left; nothing of this step was written", "more room on the disk"),
    "SQLITE_BUSY": (f"locked by another process for {WAIT_SECONDS:g} s", "one that finishes"),
    "SQLITE_READONLY": ("cannot be written", _ROOM),
    "SQLITE_CANTOPEN": ("cannot be opened", _ROOM),
    "SQLITE_PERM": ("cannot be opened", _ROOM),
    "SQLITE_NOTADB": ("is no ledger", _LEDGER),
    "SQLITE_CORRUPT": ("is damaged", "a whole copy of the ledger"),
    "SQLITE_IOERR": ("cannot be read or written to its end", "a disk without faults, with room"),
}
"""What SQLite's errors mean to a user: what was found, and what would be right."""


@dataclass(frozen=True)
class Mount:
    """What a folder lies on: type of the file system and options of the mount."""

    type: str
    options: frozenset[str]

    @property
    def shared(self) -> bool:
        """Whether other machines may write there too."""
        return self.type in _SHARES or self.type.startswith("fuse.")

    @property
    def keeps_locks(self) -> bool:
        """Whether locks are kept from the other machines."""
        return self.type == "fuse.sshfs" or bool(self.options & _LOCAL_LOCKS)


def refusal(path: Path, found: str, expected: str, column: str | None = None) -> InputError:
    """Return the error that says what is wrong with a ledger."""
    return InputError((Fault(str(path), None, column, found, expected),))


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite says of a file into an error for its user.

    Raises
    ------
    InputError
        For faults of file, disk or lock; a mistake of keepwarm itself goes through as it is.
    """
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        for start, (found, expected) in _WHAT.items():
            if name.startswith(start):
                raise refusal(path, found, expected) from error
        raise


def connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """Open the file of a ledger.

    Parameters
    ----------
    path : Path
        The file.
    create : bool
        Make a new ledger where there is none.

    Returns
    -------
    sqlite3.Connection
        In autocommit; for reading only where file or folder cannot be written.

    Raises
    ------
    InputError
        Where the file is no ledger, is one of a newer keepwarm, has been altered, cannot be
        written, or lies where locks do not hold.
    """
    _check_place(path, create)
    writable = _writable(path)
    mount = mount_of(path)
    if writable:
        _check_locks(path, mount)
    with told(path):
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?{_mode(path, writable, create)}",
            uri=True,
            timeout=WAIT_SECONDS,
            isolation_level=None,
        )
        try:
            _prepare(db, path, create=create, wal=writable and not mount.shared)
        except BaseException:
            db.close()
            raise
    return db


def _check_place(path: Path, create: bool) -> None:
    if path.is_dir():
        raise refusal(path, "is a folder", _LEDGER)
    if path.exists():
        return
    if not create:
        raise refusal(path, "no such file", _LEDGER)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusal(path, f"its folder cannot be made ({error.strerror})", _ROOM) from error
    if not _writable(path):
        raise refusal(path, "its folder cannot be written", _ROOM)


def _writable(path: Path) -> bool:
    """Say whether SQLite can write the file and, beside it, its journal."""
    places = [path.parent, path] if path.exists() else [path.parent]
    effective = os.access in os.supports_effective_ids
    return all(os.access(place, os.W_OK, effective_ids=effective) for place in places)


def _mode(path: Path, writable: bool, create: bool) -> str:
    if writable:
        return "mode=rwc" if create else "mode=rw"
    # Where no journal stands, nobody is writing: SQLite need not make files beside to read.
    beside = path.with_name(f"{path.name}-wal")
    return "mode=ro" if beside.exists() else "mode=ro&immutable=1"


def _check_locks(path: Path, mount: Mount) -> None:
    """Refuse a place where two writers could not be kept apart."""
    expected = "a ledger on a local disk, or on a share with working locks"
    if mount.shared and mount.keeps_locks:
        found = f"lies on a network share ({mount.type}) whose locks other machines do not see"
        raise refusal(path, found, expected)
    if (mount.shared or not path.exists()) and not locks_hold(path.parent):
        raise refusal(path, f"lies where files cannot be locked ({mount.type})", expected)


def mount_of(path: Path, mounts: Path = Path("/proc/mounts")) -> Mount:
    """Return what a path lies on; an unknown type where the system does not tell.

    Parameters
    ----------
    path : Path
        It need not exist.
    mounts : Path
        The system's table of mounts.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return Mount("unknown", frozenset())
    target = path.resolve()
    best, found = -1, Mount("unknown", frozenset())
    for _, point, kind, options, *_ in (line.split(" ") for line in lines if line.count(" ") > 3):
        folder = Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), point))
        if target.is_relative_to(folder) and len(folder.parts) >= best:
            best, found = len(folder.parts), Mount(kind, frozenset(options.split(",")))
    return found


def locks_hold(folder: Path) -> bool:
    """Say whether a lock taken through one handle of a file in a folder stops another handle.

    Tried on a file of its own: closing a second handle of the ledger would free SQLite's locks.
    """
    whole_file = struct.pack("hhqqi0q", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    try:
        with (
            tempfile.NamedTemporaryFile(dir=folder, prefix=".ledger-lock-") as one,
            open(one.name, "r+b") as other,
        ):
            fcntl.fcntl(one, fcntl.F_OFD_SETLK, whole_file)
            try:
                fcntl.fcntl(other, fcntl.F_OFD_SETLK, whole_file)
            except (BlockingIOError, PermissionError):
                return True
    except OSError:
        return False
    return False


def _prepare(db: sqlite3.Connection, path: Path, *, create: bool, wal: bool) -> None:
    """Check what the file is, make it a ledger where it is new, and set how it is written."""
    for pragma in ("trusted_schema=OFF", "foreign_keys=ON", "recursive_triggers=ON"):
        db.execute(f"PRAGMA {pragma}")
    if create and _is_empty(db):
        with closing(db.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            # Another process may have made it while this one waited.
            for statement in _statements() if _is_empty(db) else ():
                cursor.execute(statement)
            cursor.execute("COMMIT")
    _check_ledger(db, path)
    db.execute("PRAGMA synchronous=FULL")
    if wal:
        try:
            db.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY":
                raise
            # Somebody is writing; the other journal is as safe, and the next one may switch.


def _is_empty(db: sqlite3.Connection) -> bool:
    found: tuple[int] = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return found[0] == 0 and _pragma(db, "application_id") == 0


def _pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])


def _check_ledger(db: sqlite3.Connection, path: Path) -> None:
    if _is_empty(db):
        raise refusal(path, "is empty", _LEDGER)
    if _pragma(db, "application_id") != APPLICATION:
        raise refusal(path, "is a database, but no ledger", _LEDGER)
    version = _pragma(db, "user_version")
    if version != SCHEMA:
        found = f"is a ledger of schema {version}"
        raise refusal(path, found, f"schema {SCHEMA}, or a newer keepwarm to open it")
    have = _layout(db)
    wanted = _own_layout()
    missing = [name for name, sql in wanted.items() if have.get(name) != sql]
    foreign = [name for name in have if name not in wanted and name[0] == "trigger"]
    for kind, name in (*missing, *foreign):
        raise refusal(path, f"its {kind} '{name}' was altered", "a ledger that nobody changed")


def _layout(db: sqlite3.Connection) -> dict[tuple[str, str], str]:
    rows = db.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {(kind, name): sql for kind, name, sql in rows}


@cache
def _own_layout() -> dict[tuple[str, str], str]:
    with closing(sqlite3.connect(":memory:")) as db:
        for statement in _statements():
            db.execute(statement)
        return _layout(db)


@cache
def _statements() -> tuple[str, ...]:
    """Return what makes an empty file a ledger, one statement each."""
    script = (files("keepwarm.reports") / "ledger_schema.sql").read_text(encoding="utf-8")
    marks = (f"PRAGMA application_id={APPLICATION}", f"PRAGMA user_version={SCHEMA}")
    found, begun = [*marks], ""
    for line in script.splitlines():
        if line.startswith("--") or not (begun or line):
            continue
        begun += f"{line}\n"
        if sqlite3.complete_statement(begun):
            found.append(begun)
            begun = ""
    return tuple(found)
