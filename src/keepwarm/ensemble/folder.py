"""The folder of a risk: chunks while it is under way, tables and a manifest once it is done.

What is written appears whole or not at all; one run at a time has the folder.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from keepwarm.ensemble.chunks import Chunk, from_bytes
from keepwarm.ensemble.comparing import read_back
from keepwarm.ensemble.quantities import Samples
from keepwarm.ensemble.study import RiskOptions, options_of
from keepwarm.ensemble.works import Work
from keepwarm.errors import Fault, InputError

SCHEMA = 1
KIND = "risk"
MANIFEST, STUDY, CHUNKS, LOCK = "manifest.json", "study.json", "chunks", ".lock"


@dataclass(frozen=True)
class RiskRun:
    """A finished risk: a manifest (with its answers) and tables."""

    manifest: Mapping[str, object]
    tables: Mapping[str, pa.Table]
    out: Path | None = None

    @property
    def answers(self) -> Mapping[str, object]:
        """The answers, as `keepwarm risk --json` prints them."""
        found = self.manifest["answers"]
        if not isinstance(found, Mapping):
            raise TypeError("the manifest's answers are no mapping")
        return found

    def samples(self) -> Samples:
        """Return what its samples came to, without measures.

        Raises
        ------
        InputError
            When it has none, having been worked out exactly.
        """
        table = self.tables.get("samples")
        if table is None:
            where = self.out or "the risk"
            raise refusal(where, "has no samples", "a risk that was walked, not --exact")
        return read_back(self.answers, table)

    def __repr__(self) -> str:
        """Say in one line what was walked."""
        found = self.answers
        return f"<risk of {found['case']} over {found['samples']} samples>"


class RiskFolder:
    """A folder that a risk is being written into.

    Parameters
    ----------
    out
        The folder.
    """

    def __init__(self, out: Path) -> None:
        self.out = out

    def begin(self, study: Mapping[str, object]) -> None:
        """Make the folder that of a new study.

        Raises
        ------
        InputError
            When it holds anything but a finished risk or a run of before.
        """
        if self.out.is_file():
            raise refusal(self.out, "is a file", "a new folder")
        held = sorted(path.name for path in self.out.iterdir()) if self.out.is_dir() else []
        if set(held) - {LOCK}:
            if (self.out / STUDY).is_file() and not (self.out / MANIFEST).is_file():
                expected = "--resume to go on with it, or a new folder"
                raise refusal(self.out, "holds an unfinished risk", expected)
            raise refusal(self.out, f"holds {_listed(held)}", "a new or an empty folder")
        self._write(self.out / STUDY, json.dumps(study, ensure_ascii=False, indent=1).encode())

    def study(self) -> Mapping[str, object]:
        """Return what the unfinished or finished study in the folder is.

        Raises
        ------
        InputError
            When there is none.
        """
        return read_json(self.out / STUDY, "a folder that 'keepwarm risk' began")

    def options(self) -> RiskOptions:
        """Return the options of the study in the folder.

        Raises
        ------
        InputError
            When there is none, or it is of another version.
        """
        found = self.study().get("options")
        try:
            return options_of(found if isinstance(found, dict) else {})
        except ValueError as error:
            expected = "one of this version of keepwarm"
            raise refusal(self.out, "holds a risk of another version", expected) from error

    def kept(self, work: Work) -> Chunk | None:
        """Return what is kept of a work; None where nothing whole is."""
        file = self._file(work)
        try:
            return from_bytes(file.read_bytes())
        except FileNotFoundError:
            return None
        except ValueError:  # half of it was lost with the machine: it is walked again
            return None

    def keep(self, work: Work, chunk: bytes) -> None:
        """Keep what a work came to.

        Raises
        ------
        InputError
            When it cannot be written, on a full disk for instance; what was kept before stays.
        """
        self._write(self._file(work), chunk)

    def finish(self, manifest: Mapping[str, object], tables: Mapping[str, pa.Table]) -> RiskRun:
        """Write the tables, then the manifest that says they are all there; drop the chunks.

        Raises
        ------
        InputError
            When they cannot be written; the chunks stay.
        """
        try:
            for name, table in tables.items():
                beside = self.out / f".{name}.parquet"
                pq.write_table(table, beside, compression="zstd")
                beside.rename(self.out / f"{name}.parquet")
        except OSError as error:
            raise _not_written(self.out, error) from error
        text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        self._write(self.out / MANIFEST, text.encode())
        shutil.rmtree(self.out / CHUNKS, ignore_errors=True)
        return RiskRun(manifest, tables, self.out)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep the folder to this process.

        Raises
        ------
        InputError
            When another process has it, or the folder cannot be made or locked.
        """
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            file = (self.out / LOCK).open("a")
        except OSError as error:
            raise _not_written(self.out, error) from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                expected = "another folder, or to wait until it is done"
                raise refusal(self.out, "another risk is being written here", expected) from error
            except OSError as error:
                expected = "a folder on a disk that can lock files, a local one for instance"
                raise refusal(self.out, f"cannot be locked ({error.strerror})", expected) from error
            yield

    def _file(self, work: Work) -> Path:
        return self.out / CHUNKS / f"{work.name}.npz"

    def _write(self, file: Path, data: bytes) -> None:
        """Write a file beside its place and rename it, on the disk before it has its name."""
        beside = file.with_name(f".{file.name}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as held:
                held.write(data)
                held.flush()
                os.fsync(held.fileno())
            beside.rename(file)
        except OSError as error:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            raise _not_written(file, error) from error


def read_risk(path: str | Path) -> RiskRun:
    """Read the folder of a finished risk.

    Parameters
    ----------
    path
        The folder.

    Raises
    ------
    InputError
        When it is none, is not finished, or is one of another schema.
    """
    folder = Path(path)
    if (folder / STUDY).is_file() and not (folder / MANIFEST).is_file():
        raise refusal(folder, "is not finished", "--resume, to go on with it")
    manifest = read_json(folder / MANIFEST, "a folder that 'keepwarm risk' wrote")
    if manifest.get("kind") != KIND:
        raise refusal(folder / MANIFEST, "another kind of document", "the manifest of a risk")
    if manifest.get("schema") != SCHEMA:
        raise refusal(folder / MANIFEST, f"schema {manifest.get('schema')}", f"schema {SCHEMA}")
    tables = {}
    for file in sorted(folder.glob("*.parquet")):
        try:
            tables[file.stem] = pq.read_table(file)
        except (pa.ArrowInvalid, OSError) as error:
            raise refusal(file, f"cannot be read ({error})", "a whole Parquet file") from error
    return RiskRun(manifest, tables, folder)


def is_risk(path: str | Path) -> bool:
    """Whether a path is the folder of a risk, finished or not."""
    return (Path(path) / STUDY).is_file()


def read_json(file: Path, expected: str) -> Mapping[str, object]:
    """Read a JSON object.

    Raises
    ------
    InputError
        When there is none; ``expected`` says what would be right.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise refusal(file, "missing", expected) from error
    except (OSError, ValueError) as error:
        raise refusal(file, f"cannot be read ({error})", expected) from error
    if not isinstance(found, dict):
        raise refusal(file, "another kind of document", expected)
    return found


def differing(kept: object, now: Mapping[str, str]) -> str:
    """Name the files of a case whose hashes are not those that were kept."""
    then = kept if isinstance(kept, dict) else {}
    names = sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))
    return ", ".join(names)


def refusal(path: Path | str, found: str, expected: str) -> InputError:
    """Return the error that says what is wrong with a path."""
    return InputError((Fault(str(path), None, None, found, expected),))


def _not_written(path: Path, error: OSError) -> InputError:
    found = f"cannot be written ({error.strerror or error})"
    return refusal(path, found, "room and permission; what was done before is kept")


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (" and more" if len(names) > 3 else "")
