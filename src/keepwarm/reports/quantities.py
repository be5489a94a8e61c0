"""Numbers of a sentence, with what they say about themselves: value, range, qualifier, kind."""

from __future__ import annotations

from dataclasses import dataclass

from keepwarm.reports.text import Sentence, Text


@dataclass(frozen=True)
class Quantity:
    """A number where it stands.

    Attributes
    ----------
    start, end : int
        Of the number itself with its scale word ("12,6 тыс.", "двадцять сім"), in the reading
        copy. A range goes from its first number to its last.
    first, last : int
        The same in tokens of the sentence (``last`` exclusive).
    whole_start, whole_end : int
        The same with the qualifier's words ("about 40", "at least a dozen").
    value, value_max : float or None
        As written, scale applied; None where vague. ``value_max`` for ranges.
    qualifier : str
        exact, approx, nearly, lower_bound, upper_bound, range, vague.
    kind : str
        What the number is: ``count``, ``percent``, ``power`` (MW; GW and kW converted),
        ``ordinal``, ``duration`` (hours or days; ``unit`` says which), ``queues``; or what is set
        aside: ``date``, ``time``, ``temperature``, ``money``, ``phone``, ``length``, ``area``,
        ``energy``, ``voltage``, ``age``, ``version``, ``name`` (part of a name, "Unit 3", "T-34"),
        ``other``.
    unit : str
        Unit word as a canonical name where the kind has one: ``MW``, ``percent``, ``hours``,
        ``days``, ``degC``, ``kV``.
    """

    start: int
    end: int
    first: int
    last: int
    whole_start: int
    whole_end: int
    value: float | None
    value_max: float | None
    qualifier: str
    kind: str
    unit: str = ""


def quantities(text: Text, sentence: Sentence) -> list[Quantity]:
    """Return every number of a sentence, set-aside ones included, in the order of the text."""
    raise LookupError("being written")


def parse(words: str, language: str) -> list[Quantity]:
    """Return the numbers of a quote on its own, as the verifier re-derives them."""
    raise LookupError("being written")
