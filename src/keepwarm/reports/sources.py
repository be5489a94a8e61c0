"""Who speaks: attribution of each stretch of a text to the source it names."""

from __future__ import annotations

from dataclasses import dataclass

from keepwarm.reports.text import Text


@dataclass(frozen=True)
class Attribution:
    """A stretch of the reading copy and who says what stands in it.

    Attributes
    ----------
    start, end : int
        The stretch, in characters of the reading copy. Stretches of one text do not overlap
        and together cover its sentences.
    source : str
        Canonical English name ("Ukrenergo", "Vitali Klitschko", "mayor's office"), or
        ``unattributed``; "A, citing B" is "B (via A)".
    surface_start, surface_end : int
        The words that name the source, in the reading copy; both -1 when unattributed.
    carry_over : bool
        Carried over from an earlier clause (he added, 他还说).
    about : str
        Country whose organ the source is, where known ("Ukraine" for its air force), else empty.
    """

    start: int
    end: int
    source: str
    surface_start: int
    surface_end: int
    carry_over: bool
    about: str = ""


def attributions(text: Text) -> list[Attribution]:
    """Return who says what, in the order of the text."""
    raise LookupError("being written")
