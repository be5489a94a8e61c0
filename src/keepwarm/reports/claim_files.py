"""What export and import of claims share: files read and written whole, decisions taken over."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from keepwarm.errors import Fault, InputError
from keepwarm.reports.claim_columns import Place
from keepwarm.reports.ledger import Ledger
from keepwarm.reports.ledger_nouns import AddedDocument, Tick, now


@dataclass(frozen=True)
class Imported:
    """What came of an import: documents, claims that were here already, ticks that were added."""

    documents: tuple[AddedDocument, ...]
    known: int
    ticks: int


def write_whole(path: str | Path, text: str, ledger: Ledger, *, encoding: str = "utf-8") -> None:
    """Write a file beside its place and rename it there.

    Raises
    ------
    InputError
        Where the place is the ledger itself, or cannot be written.
    """
    place = Path(path)
    beside = place.with_name(f".{place.name}-{os.getpid()}")
    try:
        if place.exists() and place.samefile(ledger.path):
            raise InputError([Fault(str(place), None, None, "is the ledger", "another file")])
        beside.write_bytes(text.encode(encoding))
        beside.replace(place)
    except OSError as error:
        found = f"cannot be written: {error.strerror}"
        expected = "a file in a folder that can be written, with room"
        raise InputError([Fault(str(place), None, None, found, expected)]) from error
    finally:
        beside.unlink(missing_ok=True)


def text_of(file: Path, place: Place) -> str | None:
    """Return the text of a file in UTF-8; None, with a fault, where it cannot be read."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        place.faults.append(
            Fault(place.file, None, None, f"cannot be read: {error.strerror}", "a file to import")
        )
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        found = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
        place.faults.append(Fault(place.file, line, None, found, "the file saved as UTF-8"))
    return None


def decide(ledger: Ledger, claim: str, tick: Tick) -> bool:
    """Add a decision that the ledger does not have yet; say whether it did.

    One without a time is of now, unless the one that counts says the same already.
    """
    if tick.at:
        return ledger.record(claim, tick)
    history = ledger.history(claim)
    if history and replace(history[-1], at="") == tick:
        return False
    # A clock that was set back must not make this the earlier decision.
    at = max([now(), *(old.at for old in history)])
    return ledger.record(claim, replace(tick, at=at))


def undated(ledger: Ledger, claim: str, tick: Tick, person: str) -> Tick:
    """Return a decision of a table; where somebody changed it, but not its time, it is of now."""
    history = ledger.history(claim)
    changed = tick not in history and (tick.who, tick.at) in {(old.who, old.at) for old in history}
    return replace(tick, who=person, at="") if changed else tick
