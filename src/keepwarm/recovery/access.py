"""Places that claims call closed, as places closed to the crews of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from keepwarm.case.nouns import Case
from keepwarm.case.resources import Access
from keepwarm.damage import AccessLimit


def with_claimed_access(case: Case, limits: Iterable[AccessLimit]) -> Case:
    """Return the case with the regions that claims call closed closed to crews.

    Parameters
    ----------
    case : Case
    limits : iterable of AccessLimit
        From `keepwarm.damage.damage_from_claims`; places that are no region are passed over.
    """
    index = {
        label.casefold(): at
        for at, labels in enumerate(case.regions.labels)
        for label in (case.regions.name[at], *labels.values())
    }
    closed = tuple(
        Access(index[one.place.casefold()], one.time, one.until, one.source)
        for one in limits
        if one.place.casefold() in index
    )
    if not closed:
        return case
    resources = replace(case.resources, access=(*case.resources.access, *closed))
    return replace(case, resources=resources)
