"""What a board must never lose: scenarios, plans and lists of damage, in one SQLite file.

Rows are added and never changed. The file survives a server that is killed: what was answered with
201 is on the disk.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keepwarm.board.scenarios import Scenario, canonical, name_of
from keepwarm.errors import Fault, InputError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS scenario (
    name TEXT PRIMARY KEY, parent TEXT, edit TEXT, made TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kept (
    name TEXT PRIMARY KEY, kind TEXT NOT NULL, text TEXT NOT NULL,
    made TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) WITHOUT ROWID;
"""

#: Edits between a scenario and its root; far more than anybody makes by hand.
DEEPEST = 1000

#: How long one board waits for another that is writing, s.
_PATIENCE = 10.0


class Store:
    """The scenarios of one case, for any number of threads and boards at once."""

    def __init__(self, file: Path) -> None:
        """Open a store, or make one.

        Raises
        ------
        InputError
            When it cannot be read or written.
        """
        self._file, self._one_at_a_time = file, threading.Lock()
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._rows = sqlite3.connect(file, check_same_thread=False, timeout=_PATIENCE)
            self._rows.execute("PRAGMA journal_mode = WAL")
            self._rows.execute("PRAGMA synchronous = FULL")
            self._rows.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise _refusal(file, error) from error

    def close(self) -> None:
        """Close the file."""
        with self._one_at_a_time:
            self._rows.close()

    def add(self, scenario: Scenario) -> bool:
        """Keep a scenario; whether it is new."""
        edit = None if scenario.edit is None else canonical(scenario.edit)
        with self._writing() as rows:
            done = rows.execute(
                "INSERT OR IGNORE INTO scenario (name, parent, edit) VALUES (?, ?, ?)",
                (scenario.name, scenario.parent, edit),
            )
        return done.rowcount == 1

    def find(self, name: str) -> Scenario | None:
        """Return a scenario, None where there is no such name."""
        with self._one_at_a_time:
            row = self._rows.execute(
                "SELECT name, parent, edit FROM scenario WHERE name = ?", (name,)
            ).fetchone()
        if row is None:
            return None
        return Scenario(row[0], row[1], None if row[2] is None else json.loads(row[2]))

    def chain(self, name: str) -> tuple[Scenario, ...]:
        """Return a scenario with all before it, the root first; empty where there is none."""
        found: list[Scenario] = []
        at: str | None = name
        while at is not None and len(found) <= DEEPEST:
            one = self.find(at)
            if one is None:
                return ()
            found.append(one)
            at = one.parent
        return tuple(reversed(found))

    def keep(self, kind: str, text: str) -> str:
        """Keep a text (a plan, a list of damage) under the name that its content has."""
        name = name_of([kind, text])
        with self._writing() as rows:
            rows.execute(
                "INSERT OR IGNORE INTO kept (name, kind, text) VALUES (?, ?, ?)", (name, kind, text)
            )
        return name

    def text(self, kind: str, name: str) -> str | None:
        """Return a kept text, None where there is none of that name."""
        with self._one_at_a_time:
            row = self._rows.execute(
                "SELECT text FROM kept WHERE name = ? AND kind = ?", (name, kind)
            ).fetchone()
        return None if row is None else str(row[0])

    def names(self, kind: str) -> tuple[tuple[str, str], ...]:
        """Return the kept texts of a kind: name and when it was made, the latest first."""
        with self._one_at_a_time:
            rows = self._rows.execute(
                "SELECT name, made FROM kept WHERE kind = ? ORDER BY made DESC, name", (kind,)
            ).fetchall()
        return tuple((row[0], f"{row[1].replace(' ', 'T')}Z") for row in rows)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._one_at_a_time, self._rows:
                yield self._rows
        except sqlite3.Error as error:
            raise _refusal(self._file, error) from error


def _refusal(file: Path, error: Exception) -> InputError:
    found = f"cannot be kept ({error})"
    return InputError((Fault(file.name, None, None, found, "a folder that can be written"),))
