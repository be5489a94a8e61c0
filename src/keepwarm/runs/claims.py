"""From a ledger to a run's damage: the claims that a person accepted, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from keepwarm.case.nouns import Case
from keepwarm.case.times import format_time
from keepwarm.damage import ClaimedDamage
from keepwarm.damage import damage_from_claims as mapped
from keepwarm.reports.bounds import bounds
from keepwarm.reports.ledger import open_ledger


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
    return mapped(case, ticked, hits=hits)


def claims_block(case: Case, claimed: ClaimedDamage) -> Mapping[str, object]:
    """Return what a run keeps of its claims: rows, what was not mapped, closed places, notes.

    Parameters
    ----------
    case : Case
    claimed : ClaimedDamage
    """
    names = case.network.assets.name
    return {
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
    }
