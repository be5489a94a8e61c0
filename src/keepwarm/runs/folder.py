"""The run folder: a manifest and Parquet tables, written beside and renamed, whole or not there."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from keepwarm.errors import Fault, InputError
from keepwarm.runs.run import SCHEMA, Run
from keepwarm.runs.tables import table_names

MANIFEST = "manifest.json"


def refuse_taken(out: Path) -> None:
    """Refuse a place for a run that holds something else; ask before a long run, not after.

    Raises
    ------
    InputError
        Where `write_run` would refuse ``out`` for what it holds.
    """
    if out.exists() and not _replaceable(out):
        found = "holds something that is no run" if out.is_dir() else "is a file"
        raise _refusal(out, found, "a new folder, or one with an earlier run")


def write_run(run: Run, out: Path) -> Run:
    """Write a run into a folder that does not exist yet, or that holds an earlier run.

    Parameters
    ----------
    run
        The run.
    out
        The folder. It appears whole, or not at all.

    Returns
    -------
    Run
        The same run, knowing its folder.

    Raises
    ------
    InputError
        When the folder holds something that is no run, or cannot be written.
    """
    refuse_taken(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise _refusal(out, error.strerror or str(error), "a folder that can be written") from error
    aside = beside.with_name(f"{beside.name}-old")
    try:
        for name, table in run.tables.items():
            pq.write_table(table, beside / f"{name}.parquet", compression="zstd")
        (beside / MANIFEST).write_text(_manifest_text(run), encoding="utf-8")
        beside.chmod(0o755)
        if out.exists():
            out.rename(aside)
        beside.rename(out)
    except OSError as error:
        raise _refusal(out, error.strerror or str(error), "room and permission") from error
    finally:
        # Interrupted too: either the new run stands there or the old one does again.
        if aside.exists() and not out.exists():
            aside.rename(out)
        for left in (beside, aside):
            shutil.rmtree(left, ignore_errors=True)
    return replace(run, out=out)


def rewrite_manifest(run: Run, out: Path) -> None:
    """Write a run's manifest into its folder, whole or not at all; the tables there stay.

    Raises
    ------
    InputError
        When it cannot be written.
    """
    beside = out / f".{MANIFEST}-{os.getpid()}"
    try:
        beside.write_text(_manifest_text(run), encoding="utf-8")
        beside.replace(out / MANIFEST)
    except OSError as error:
        raise _refusal(out, error.strerror or str(error), "room and permission") from error
    finally:
        beside.unlink(missing_ok=True)


def _manifest_text(run: Run) -> str:
    return json.dumps(run.manifest, ensure_ascii=False, indent=1) + "\n"


def read_run(path: str | Path) -> Run:
    """Read a run folder back.

    Parameters
    ----------
    path
        The folder.

    Raises
    ------
    InputError
        When it is no run folder, or one of another schema.
    """
    folder = Path(path)
    found = _read_manifest(folder / MANIFEST)
    tables = {name: _read_table(folder / f"{name}.parquet") for name in table_names()}
    return Run(found, tables, folder)


def _read_table(file: Path) -> pa.Table:
    if not file.is_file():
        raise _refusal(file, "missing", "a table of the run")
    try:
        return pq.read_table(file)
    except (pa.ArrowInvalid, OSError) as error:
        raise _refusal(file, f"cannot be read ({error})", "a whole Parquet file") from error


def _read_manifest(file: Path) -> dict[str, object]:
    if not file.is_file():
        raise _refusal(file, "missing", "a folder that 'keepwarm run' wrote")
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _refusal(file, f"no JSON: {error}", "the manifest of a run") from error
    if not isinstance(found, dict) or found.get("kind") != "run":
        raise _refusal(file, "another kind of document", "the manifest of a run")
    if found.get("schema") != SCHEMA:
        raise _refusal(file, f"schema {found.get('schema')}", f"schema {SCHEMA}")
    return found


def _replaceable(folder: Path) -> bool:
    """Whether a path is an empty folder, or a run that may be written over."""
    if not folder.is_dir():
        return False
    if not any(folder.iterdir()):
        return True
    try:
        _read_manifest(folder / MANIFEST)
    except InputError:
        return False
    return True


def free_folder(parent: Path, name: str) -> Path:
    """Return the first of NAME-001, NAME-002, ... that does not exist in a folder."""
    number = 1
    while (parent / f"{name}-{number:03d}").exists():
        number += 1
    return parent / f"{name}-{number:03d}"


def _refusal(path: Path, found: str, expected: str) -> InputError:
    return InputError((Fault(str(path), None, None, found, expected),))
