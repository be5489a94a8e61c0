"""The ledger: documents, what they claim, and what a person ticked. Nothing is ever overwritten.

A claim is named ``document#number`` and keeps that name for good. A text that is read again is the
same document; a reading that differs stands beside the earlier ones, and the last is shown.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType

from keepwarm import __version__
from keepwarm.case.claims import Read, Ticked
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.reports.bounds import bounds
from keepwarm.reports.ledger_file import connect, told
from keepwarm.reports.ledger_nouns import (
    FIELDS,
    AddedDocument,
    Document,
    Kept,
    Tick,
    kept_of,
    now,
    tick_faults,
    unkeepable,
    user_name,
)
from keepwarm.reports.ledger_writing import add_document, find_document, insert, unread_of

_CLAIM = ", ".join(f"c.{name}" for name in FIELDS)
_TICK = "t.decision, t.confidence, t.who, t.at, t.note"


def open_ledger(path: str | Path, *, create: bool = False) -> Ledger:
    """Open a ledger, to be used as a context manager.

    Parameters
    ----------
    path : str or Path
        The file.
    create : bool
        Make a new one, and its folder, where there is none.

    Raises
    ------
    InputError
        Where the file is no ledger, is one of a newer keepwarm, has been altered, cannot be
        opened, or lies where two writers could not be kept apart.

    **Leaves out** a guard against those who may write the file: its triggers stop mistakes.
    """
    return Ledger(Path(path), connect(Path(path), create=create))


class Ledger:
    """An open ledger; see `open_ledger`. Every method raises InputError where the disk fails."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self.path = path
        self._db = db

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with told(self.path):
            self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write what is done within whole, or not at all."""
        within = self._db.in_transaction
        if within:
            yield
            return
        with told(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def add(
        self, read: Read, *, kind: str = "text", person: str = "", version: str | None = None
    ) -> AddedDocument:
        """Add what was read in one document.

        Parameters
        ----------
        read : Read
            Its text is the document; what it leaves empty of url, title, published and language
            is taken from the reading before.
        kind : str
            ``text``, or ``table`` for claims without their text.
        person : str
            Who imported it.
        version : str, optional
            Of the keepwarm that read it; this one by default.

        Returns
        -------
        AddedDocument
            Unchanged where that version has read the same claims in the same text.

        Raises
        ------
        InputError
            Where a value is not finite, or a text holds half a character.
        """
        faults = unkeepable(read, str(self.path))
        if faults:
            raise InputError(faults)
        reader = __version__ if version is None else version
        with self.together():
            known = find_document(self._db, read.text, kind)
            before = {one.name for one, _ in self._accepted(known[1])} if known else set()
            added = add_document(self._db, read, kind=kind, person=person, version=reader)
            left = before and before - {one.name for one, _ in self._accepted(added.name)}
        return replace(added, no_longer_read=tuple(sorted(left)))

    def documents(self) -> tuple[Document, ...]:
        """Return the documents in the order in which they came."""
        with told(self.path):
            rows = self._db.execute(
                "SELECT d.name, d.kind, d.sha256, r.url, r.title, r.language, r.published, "
                "r.person, d.read_at, r.at, r.keepwarm, "
                "(SELECT count(*) FROM readings_claims WHERE reading = r.id), "
                "(SELECT count(*) FROM unread WHERE reading = r.id) "
                "FROM documents AS d JOIN shown_readings AS r ON r.document = d.id ORDER BY d.id"
            )
            return tuple(Document(*row) for row in rows)

    def read(self, document: str) -> Read:
        """Return a document as its last reading has it, with its text.

        Raises
        ------
        InputError
            Where there is no such document.
        """
        with told(self.path):
            row = self._db.execute(
                "SELECT r.id, r.language, d.text, r.url, r.title, r.published "
                "FROM documents AS d JOIN shown_readings AS r ON r.document = d.id "
                "WHERE d.name = ?",
                (document,),
            ).fetchone()
            if row is None:
                raise InputError([self._unknown("document", document, self._names())])
            reading, language, text, url, title, published = row
            claims = tuple(entry.claim for entry in self.claims(document))
            unread = tuple(unread_of(self._db, reading))
        return Read(document, language, text, claims, unread, bounds(claims), url, title, published)

    def texts(self) -> dict[str, str]:
        """Return the text of every document, by its name."""
        with told(self.path):
            return dict(self._db.execute("SELECT name, text FROM documents ORDER BY id"))

    def _names(self) -> set[str]:
        return {name for (name,) in self._db.execute("SELECT name FROM documents")}

    def claims(self, document: str | None = None) -> tuple[Kept, ...]:
        """Return the claims of the last reading of one document, or of all.

        Returns
        -------
        tuple of Kept
            In the order of documents and text, as `keepwarm.reports.comparison.compare` takes
            them; each with the tick that counts.
        """
        with told(self.path):
            rows = self._db.execute(
                f"SELECT d.name, c.number, r.published, {_TICK}, {_CLAIM} "
                "FROM documents AS d JOIN shown_readings AS r ON r.document = d.id "
                "JOIN readings_claims AS p ON p.reading = r.id JOIN claims AS c ON c.id = p.claim "
                "LEFT JOIN shown_ticks AS t ON t.claim = c.id "
                "WHERE ? IS NULL OR d.name = ? ORDER BY d.id, p.position",
                (document, document),
            )
            return tuple(kept_of(row) for row in rows)

    def _accepted(self, document: str | None = None) -> list[tuple[Kept, Tick]]:
        kept = [(one, one.tick) for one in self.claims(document)]
        return [(one, tick) for one, tick in kept if tick and tick.decision == "accepted"]

    def tick(
        self,
        claim: str | Sequence[str],
        *,
        decision: str,
        who: str | None = None,
        confidence: float | None = None,
        note: str = "",
    ) -> Tick:
        """Note what a person decided about one claim or several: all are noted, or none.

        Parameters
        ----------
        claim : str or sequence of str
            Names, ``document#number``.
        decision : str
            accepted, rejected or withdrawn.
        who : str, optional
            The person; the user of this computer by default.
        confidence : float, optional
            Of an accepted claim, 0 to 1.
        note : str
            Why.

        Raises
        ------
        InputError
            For every name that is no claim of a last reading, and for every value out of range.
        """
        names = [claim] if isinstance(claim, str) else list(dict.fromkeys(claim))
        tick = Tick(decision, confidence, (who or "").strip() or user_name(), now(), note)
        with self.together():
            shown = {one.name: one for one in self.claims()}
            faults = tick_faults(tick, str(self.path))
            faults += [self._unknown("claim", name, shown) for name in names if name not in shown]
            if faults:
                raise InputError(faults)
            for name in names:
                last = shown[name].tick
                # A clock that was set back must not make this the earlier decision.
                at = tick.at if last is None else max(tick.at, last.at)
                self._insert_tick(name, replace(tick, at=at))
        return tick

    def record(self, claim: str, tick: Tick) -> bool:
        """Add a tick of another ledger as it stands; False where it is here already.

        Raises
        ------
        InputError
            Where there is no such claim, or the tick has a fault.
        """
        with self.together():
            if tick in self.history(claim):
                return False
            faults = tick_faults(tick, str(self.path))
            if faults:
                raise InputError(faults)
            self._insert_tick(claim, tick)
        return True

    def _insert_tick(self, claim: str, tick: Tick) -> None:
        insert(self._db, "ticks", {"claim": self._key(claim), **asdict(tick)})

    def _key(self, claim: str) -> int | None:
        """Return the row of a claim of any reading; None where there is none."""
        document, _, number = claim.rpartition("#")
        if not re.fullmatch(r"[1-9][0-9]{0,17}", number):
            return None
        found = self._db.execute(
            "SELECT c.id FROM claims AS c JOIN documents AS d ON d.id = c.document "
            "WHERE d.name = ? AND c.number = ?",
            (document, int(number)),
        ).fetchone()
        return None if found is None else int(found[0])

    def ticked(self) -> tuple[Ticked, ...]:
        """Return the claims whose last tick accepts them: only these may become damage."""
        return tuple(
            Ticked(
                name=one.name,
                claim=one.claim,
                confidence=tick.confidence,
                who=tick.who,
                at=tick.at,
                document=one.document,
                published=one.published,
            )
            for one, tick in self._accepted()
        )

    def history(self, claim: str) -> tuple[Tick, ...]:
        """Return every tick of a claim, the one that counts last.

        Raises
        ------
        InputError
            Where there is no such claim, in any reading.
        """
        with told(self.path):
            key = self._key(claim)
            if key is None:
                names = [one.name for one in self.claims()]
                raise InputError([self._unknown("claim", claim, names)])
            rows = self._db.execute(
                f"SELECT {_TICK} FROM ticks AS t WHERE claim = ? ORDER BY at, id", (key,)
            )
            return tuple(Tick(*row) for row in rows)

    def _unknown(self, noun: str, name: str, names: Iterable[str]) -> Fault:
        found = f"'{name}' is no {noun} of this ledger, as it was last read"
        return Fault(str(self.path), None, noun, found, "", nearest(name, names))
