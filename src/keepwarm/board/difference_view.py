"""Two scenarios side by side: what `keepwarm compare` says, and the same by region."""

from __future__ import annotations

from typing import Any

from keepwarm.briefing.view import SERVICES, View
from keepwarm.runs.comparing import compare
from keepwarm.runs.run import Run


def difference_document(a: Run, b: Run) -> dict[str, Any]:
    """Return what the second run has more of than the first.

    Returns
    -------
    dict
        ``differences`` and ``notes`` of `keepwarm.compare`; ``regions``, a row each with pairs
        ``[a, b]`` of person-hours, the sums of its columns of the table of regions.
    """
    found = compare(a, b)
    one, other = View(a), View(b)
    columns = [f"people_without_{service}" for service in SERVICES]
    columns += [f"people_below_{t:g}_central" for t in one.thresholds if one.warm]
    sums = {
        name: [view.by_region(name).sum(axis=0) * view.step_hours for view in (one, other)]
        for name in columns
    }
    regions = one.regions if one.regions == other.regions else ()
    return {
        "differences": [vars(row) for row in found.differences],
        "notes": list(found.notes),
        "regions": [
            {
                "region": region,
                **{
                    name.removesuffix("_central").replace("people_", "people_hours_", 1): [
                        float(pair[0][r]),
                        float(pair[1][r]),
                    ]
                    for name, pair in sums.items()
                },
            }
            for r, region in enumerate(regions)
        ],
    }
