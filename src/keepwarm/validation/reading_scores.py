"""How well reports are read: claims against claims that careful readers wrote down.

A claim is found where metric and value are the same and the quotes overlap in the text, one to
one; where two could be meant, the one with the same place first. Fields are judged on found claims
only. A gold claim marked optional is neither missed nor wrong.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from keepwarm.case.claims import Claim, vocabulary

FIELDS = ("qualifier", "modality", "source", "location")

_GENERIC = frozenset(
    (
        *("oblast", "region", "district", "raion", "hromada", "community", "city", "province"),
        *("county", "the", "of"),
    )
)
_COUNTRIES = frozenset(
    (
        *("ukraine", "russia", "moldova", "germany", "spain", "ireland", "portugal", "france"),
        *("united states", "usa"),
    )
)
_SAME_VALUE, _SAME_PLACE = 0.005, 0.8

Gold = Mapping[str, Any]


@dataclass
class Score:
    """Counts over texts; rates are None where nothing was counted.

    Attributes
    ----------
    found, wrong, missed : int
        Gold claims found, claims without a gold claim, gold claims not found.
    right : dict
        Found claims whose field is right, by field; optional gold claims count here too.
    judged : int
        Found claims whose fields were judged.
    denials, denials_right : int
        Gold claims found that are denied, and those of them read as denied.
    """

    found: int = 0
    wrong: int = 0
    missed: int = 0
    judged: int = 0
    denials: int = 0
    denials_right: int = 0
    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FIELDS, 0))

    @property
    def precision(self) -> float | None:
        """Found of all claims that were read."""
        return _rate(self.found, self.found + self.wrong)

    @property
    def recall(self) -> float | None:
        """Found of all gold claims."""
        return _rate(self.found, self.found + self.missed)

    def of(self, name: str) -> float | None:
        """Return the share of found claims whose field is right."""
        return _rate(self.right[name], self.judged)

    def add(self, other: Score) -> None:
        """Add the counts of another score."""
        for name in ("found", "wrong", "missed", "judged", "denials", "denials_right"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in FIELDS:
            self.right[name] += other.right[name]


def read_gold(path: Path) -> list[dict[str, Any]]:
    """Return the reports of a file, one JSON object a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def score(report: Gold, claims: Iterable[Claim]) -> dict[int, Score]:
    """Return the score of one report's claims by tier (1 numeric, 2 qualitative).

    Parameters
    ----------
    report : mapping
        With ``text`` and ``gold``.
    claims : iterable of Claim
        What was read in the text.
    """
    text, read = report["text"], list(claims)
    result = {1: Score(), 2: Score()}
    used: set[int] = set()
    matched: set[int] = set()
    for tier, strict in ((1, True), (1, False), (2, True), (2, False)):
        for at, gold in enumerate(report["gold"]):
            if at in matched or gold["tier"] != tier:
                continue
            place = _match(text, gold, read, used, strict=strict)
            if place is not None:
                used.add(place)
                matched.add(at)
                _judge(result[tier], gold, read[place])
    for at, gold in enumerate(report["gold"]):
        if at not in matched and not gold.get("optional"):
            result[gold["tier"]].missed += 1
    for place, claim in enumerate(read):
        if place not in used:
            result[vocabulary()["metric"][claim.metric].tier].wrong += 1
    return result


def interval(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % interval of a rate.

    **Source**: Wilson (1927), score interval.

    Examples
    --------
    >>> [round(end, 3) for end in interval(81, 263)]
    [0.255, 0.366]
    """
    if whole == 0:
        return 0.0, 1.0
    z = 1.959963984540054
    rate = part / whole
    middle = rate + z * z / (2 * whole)
    half = z * math.sqrt(rate * (1 - rate) / whole + z * z / (4 * whole * whole))
    scale = 1 + z * z / whole
    return (middle - half) / scale, (middle + half) / scale


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _match(
    text: str, gold: Gold, read: Sequence[Claim], used: set[int], *, strict: bool
) -> int | None:
    for place, claim in enumerate(read):
        if place in used or claim.metric not in _accepted(gold, "metric"):
            continue
        if not _same_value(claim.value, gold["value"]):
            continue
        if not _overlap(text, claim.quote_span, gold["quote_span"]):
            continue
        if gold["metric"].startswith("facility_") and (
            claim.facility_type not in _accepted(gold, "facility_type")
        ):
            continue
        if strict and not _right_place(gold, claim):
            continue
        return place
    return None


def _judge(result: Score, gold: Gold, claim: Claim) -> None:
    result.found += not gold.get("optional")
    result.judged += 1
    right = {
        "qualifier": claim.qualifier in _accepted(gold, "qualifier"),
        "modality": claim.modality in _accepted(gold, "modality"),
        "source": _right_source(gold, claim),
        "location": _right_place(gold, claim),
    }
    for name, is_right in right.items():
        result.right[name] += is_right
    if gold["modality"] == "denied":
        result.denials += 1
        result.denials_right += right["modality"]


def _accepted(gold: Gold, name: str) -> list[Any]:
    return [gold.get(name), *(gold.get("alternatives") or {}).get(name, [])]


def _same_value(read: float | None, gold: float | None) -> bool:
    if read is None or gold is None:
        return read is None and gold is None
    return abs(read - gold) <= _SAME_VALUE * max(1.0, abs(gold))


def _right_source(gold: Gold, claim: Claim) -> bool:
    read, written = claim.source_surface, gold["source_surface"] or ""
    if claim.source in _accepted(gold, "source"):
        return True
    return bool(read and written and (read in written or written in read))


def _right_place(gold: Gold, claim: Claim) -> bool:
    return any(same_place(claim.location, place) for place in _accepted(gold, "location"))


def same_place(read: str | None, gold: str | None) -> bool:
    """Return whether places are the same: spelling and unit words aside, a country as none.

    Parameters
    ----------
    read, gold : str, optional
        Names as claims have them, several joined by "; ".
    """
    one, other = _places(read), _places(gold)
    if not one or not other:
        return (one | other) <= _COUNTRIES
    return _all_near(one, other) and _all_near(other, one)


def _all_near(one: set[str], other: set[str]) -> bool:
    return all(any(_near(x, y) for y in other) for x in one)


def _near(x: str, y: str) -> bool:
    return x == y or SequenceMatcher(None, x, y).ratio() >= _SAME_PLACE


def _places(names: str | None) -> set[str]:
    parts = (names or "").replace(" and ", ";").replace(",", ";").split(";")
    words = (
        [word for word in part.lower().replace("-", " ").split() if word not in _GENERIC]
        for part in parts
    )
    return {" ".join(one) for one in words if one}


def _overlap(text: str, read: str, gold: str) -> bool:
    return (
        not read
        or not gold
        or any(
            one < other + len(gold) and other < one + len(read)
            for one in _occurrences(text, read)
            for other in _occurrences(text, gold)
        )
    )


def _occurrences(text: str, words: str) -> Iterator[int]:
    place = text.find(words)
    while place >= 0:
        yield place
        place = text.find(words, place + 1)
