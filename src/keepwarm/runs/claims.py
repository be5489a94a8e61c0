"""From a ledger to a run's damage: the claims that a person accepted, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from keepwarm.case.nouns import Case
from keepwarm.case.times import format_time
from keepwarm.damage import ClaimedDamage
from keepwarm.damage import damage_from_claims as mapped
from keepwarm.damage.from_claims import Disagreement
from keepwarm.reports.bounds import bounds
from keepwarm.reports.comparison import Entry, compare, contradictions
from keepwarm.reports.ledger import open_ledger
from keepwarm.said.sentence import with_told


def damage_from_claims(case: Case, ledger: str | Path) -> ClaimedDamage:
    """Return the damage that the accepted claims of a ledger mean for a case.

    Parameters
    ----------
    case : Case
    ledger : path-like
        From ``keepwarm read --ledger``, ticked with ``keepwarm claims --tick``.

    Returns
    -------
    ClaimedDamage
        Rows as from a damage list, claims that could not be mapped, places closed to crews. The
        bound on hits (launched minus downed) of a document limits what its claims take out.

    Raises
    ------
    InputError
        When there is no such ledger, or it cannot be read.
    """
    with open_ledger(ledger) as kept:
        ticked = kept.ticked()
        hits = {}
        for document in {one.document for one in ticked}:
            said = bounds(entry.claim for entry in kept.claims(document))
            if said["total"] is not None:
                hits[document] = said["total"]
        found = _disagreements(kept.claims(), {one.name for one in ticked})
    return replace(mapped(case, ticked, hits=hits), disagreements=found)


def _disagreements(entries: Iterable[Entry], accepted: set[str]) -> tuple[Disagreement, ...]:
    """Return who says otherwise than the accepted claims, those first that were accepted too."""
    found = []
    for pair in contradictions(compare(entries)):
        a, b = (pair.a, pair.b) if pair.a.name in accepted else (pair.b, pair.a)
        if a.name in accepted:
            said = (a.name, a.claim.quote_span, a.claim.source)
            other = (b.name, b.claim.quote_span, b.claim.source)
            found.append(Disagreement(*said, *other, pair.kind))
    return tuple(sorted(found, key=lambda one: one.other not in accepted))


def claims_block(case: Case, claimed: ClaimedDamage) -> Mapping[str, object]:
    """Return what a run keeps of its claims: rows, what was not mapped, who says otherwise.

    Parameters
    ----------
    case : Case
    claimed : ClaimedDamage
    """
    names = case.network.assets.name
    block: dict[str, object] = {
        "damage": [
            {
                "time": format_time(row.time),
                "asset": names[row.asset],
                "available": row.available,
                "until": None if str(row.until) == "NaT" else format_time(row.until),
                "source": row.source,
                "confidence": row.confidence,
            }
            for row in claimed.damage
        ],
        "unmapped": [{"claim": one.claim, "reason": one.reason} for one in claimed.unmapped],
        "access": [
            {
                "place": one.place,
                "time": format_time(one.time),
                "source": one.source,
                "claim": one.claim,
            }
            for one in claimed.access
        ],
        "notes": list(claimed.notes),
        "disagreements": [asdict(one) for one in claimed.disagreements],
    }
    return with_told(block)
