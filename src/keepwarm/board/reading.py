"""A text that was handed in, read into claims by a process of its own, within bounds.

Reading is arithmetic on every word, so that a long text would keep everybody else waiting; and what
is read was written by others, so that it has a time after which it is given up.
"""

from __future__ import annotations

import gc
import multiprocessing
from dataclasses import dataclass
from multiprocessing.connection import Connection

from keepwarm.case.claims import Read
from keepwarm.errors import Fault, InputError
from keepwarm.reports.opened import opened
from keepwarm.reports.reader import read_text
from keepwarm.said.sentence import said

#: Most bytes of a text that is handed in.
MOST_BYTES = 2_000_000

#: How long a text may take to be read, s; a book takes less.
PATIENCE = 120.0

#: Letters of a title, an address, a name or a time.
LONGEST = 500


@dataclass(frozen=True)
class Handed:
    """A text as it was handed in, and what was said about it."""

    content: bytes
    name: str = ""
    title: str = ""
    url: str = ""
    published: str = ""


def read_handed(handed: Handed) -> Read:
    """Return what a text says, in this process.

    Raises
    ------
    InputError
        Where it is no text, or too long; and where a field about it is.
    """
    faults = [
        Fault(key, None, None, "too long", said("fault.letters", {"count": LONGEST}))
        for key in ("name", "title", "url", "published")
        if len(getattr(handed, key)) > LONGEST
    ]
    if len(handed.content) > MOST_BYTES:
        faults.append(
            Fault("text", None, None, "too long", said("fault.bytes", {"count": MOST_BYTES}))
        )
    if faults:
        raise InputError(faults)
    page = opened(handed.content, handed.name or "text")
    gc.disable()  # nothing in a reading points in circles, and a search for such walks all tables
    try:
        return read_text(
            page.text,
            name=handed.name or handed.title or page.title or "text",
            url=handed.url,
            title=handed.title or page.title,
            published=handed.published,
        )
    finally:
        gc.enable()


def read_apart(handed: Handed, *, patience: float = PATIENCE) -> Read:
    """Return what a text says, read by a process that is ended when it takes too long.

    Call it from a thread: it waits.

    Raises
    ------
    InputError
        As `read_handed`, and where it takes more than ``patience`` seconds.
    """
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe(duplex=False)
    reader = spawning.Process(target=_answer, args=(theirs, handed), daemon=True)
    reader.start()
    theirs.close()
    try:
        if not ours.poll(patience):
            late = said("fault.not_within", {"seconds": patience})
            raise InputError([Fault("text", None, None, late, "a shorter text")])
        answer = ours.recv()
    except EOFError as error:
        found = "reading it ended early"
        raise InputError([Fault("text", None, None, found, "a shorter text")]) from error
    finally:
        reader.kill()
        reader.join()
        ours.close()
    if isinstance(answer, Read):
        return answer
    raise InputError(answer)


def _answer(pipe: Connection, handed: Handed) -> None:
    """Send what was read, or the faults."""
    try:
        pipe.send(read_handed(handed))
    except InputError as error:
        pipe.send(error.faults)
