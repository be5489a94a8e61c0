"""How many weapons can have got through: launched minus downed, an upper bound, only when sound."""

from __future__ import annotations

from collections.abc import Iterable

from keepwarm.case.claims import Claim

_AT_MOST = {"exact": "value", "upper_bound": "value", "nearly": "value", "range": "value_max"}
"""Which number of a claim is the most it can mean; the others have no upper end."""

_AT_LEAST = {"exact": "value", "lower_bound": "value", "range": "value"}
"""Which number of a claim is the least it can mean."""


def bounds(claims: Iterable[Claim]) -> dict[str, float | None]:
    """Return the upper bound on hits by drones, missiles and both, in one document.

    Launched, minus downed, minus lost without effect, where one source gives launched and downed
    for one raid. Not sound, and so None: no such source; two launched figures of one source (two
    raids, or places); "about 40" or "more than 40" launched; more downed than launched; a denied
    or conditional figure.

    Parameters
    ----------
    claims : iterable of Claim
        Of one document.

    Returns
    -------
    dict
        Bounds by ``drones``, ``missiles`` and ``total``; where several sources give one, the
        largest, since none of them is believed more than the others.

    **Leaves out** what fragments of downed weapons damage: a bound on hits is none on damage.
    """
    by_source: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.modality in ("claimed", "confirmed"):
            by_source.setdefault(claim.source, []).append(claim)
    found: dict[str, list[float]] = {"drones": [], "missiles": [], "total": []}
    for said in by_source.values():
        one = {kind: _left(said, kind) for kind in ("drones", "missiles", "weapons")}
        for kind in ("drones", "missiles"):
            if one[kind] is not None:
                found[kind].append(one[kind] or 0.0)
        total = one["weapons"]
        if total is None and one["drones"] is not None and one["missiles"] is not None:
            total = one["drones"] + one["missiles"]
        if total is not None:
            found["total"].append(total)
    return {kind: max(values, default=None) for kind, values in found.items()}


def _left(said: Iterable[Claim], kind: str) -> float | None:
    """Return what one source leaves of the launched, or None where it cannot be told."""
    figures: dict[str, list[Claim]] = {}
    for claim in said:
        unit, _, state = claim.metric.partition("_")
        if unit == kind:
            figures.setdefault(state, []).append(claim)
    launched, downed = figures.get("launched", []), figures.get("downed", [])
    if len(launched) != 1 or not downed:
        return None
    most = _number(launched[0], _AT_MOST)
    whole = _whole(downed)
    if most is None or whole is None:
        return None
    lost = [_number(claim, _AT_LEAST) or 0.0 for claim in figures.get("lost", [])]
    left = most - whole - (max(lost) if lost else 0.0)
    return left if left >= 0 else None


def _whole(downed: Iterable[Claim]) -> float | None:
    """Return the largest downed figure: the others are its parts by place, or came earlier."""
    least = [_number(claim, _AT_LEAST) for claim in downed]
    known = [number for number in least if number is not None]
    return max(known, default=None)


def _number(claim: Claim, which: dict[str, str]) -> float | None:
    name = which.get(claim.qualifier)
    if name is None:
        return None
    return claim.value_max if name == "value_max" else claim.value
