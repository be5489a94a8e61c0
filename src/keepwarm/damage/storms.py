"""Storms: in the regions that one reaches, a share of what stands there is damaged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from keepwarm.case.nouns import Bools, Case, Floats, Regions
from keepwarm.damage.draws import HITS, SIZES, Draws, Part, nothing
from keepwarm.damage.hazard import OneHazard, Storm
from keepwarm.damage.quantiles import shares

_EARTH_KM = 6371.0


def draw_storms(
    case: Case, one: OneHazard, draws: Sequence[Draws], begins: Sequence[Floats]
) -> list[Part]:
    """Draw what the storms of one hazard hit, sample by sample.

    Parameters
    ----------
    case
        Its regions, with the centroids by which a storm reaches from one to others.
    one
        Each of its events begins in a region drawn by weight. Each exposed asset within reach is
        hit with the event's share, drawn anew for each event, times the weight of its class.
    draws
        Random numbers of each sample.
    begins
        When its events begin, h.
    """
    storm, exposed = one.storm, one.exposed
    if storm is None:
        return [nothing() for _ in draws]
    centres = np.unique(exposed.region)
    within = _within(case.regions, storm.reach_km)[np.ix_(centres, exposed.region)]
    upto = np.cumsum(one.region_weight[centres])
    factor = np.array([row.weight for row in one.severities])[exposed.severity]
    return [
        _one_sample(one, storm, draw, begin, within, upto, factor)
        for draw, begin in zip(draws, begins, strict=True)
    ]


def _one_sample(
    one: OneHazard,
    storm: Storm,
    draw: Draws,
    begin: Floats,
    within: Bools,
    upto: Floats,
    factor: Floats,
) -> Part:
    level = draw.part(SIZES).random((len(begin), 2))
    centre = np.searchsorted(upto, level[:, 0] * upto[-1], side="right")
    reached = within[np.minimum(centre, len(upto) - 1)]
    share = shares(storm.share, storm.share_sd, level[:, 1])
    u = draw.part(HITS).random((len(begin), len(one.exposed), 4))
    hit = reached & (u[:, :, 0] < share[:, None] * factor)
    event, exposed = np.nonzero(hit)
    own = u[event, exposed]
    return Part(
        begin,
        came=reached.sum(axis=1).astype(float),
        through=hit.sum(axis=1).astype(float),
        event=event,
        exposed=exposed,
        hour=begin[event] + one.duration_hours * own[:, 1],
        level=own[:, 2:],
        luck=draw.luck().random(hit.shape)[event, exposed],
    )


def _within(regions: Regions, reach_km: float) -> Bools:
    """Return which regions each reaches, (regions + 1, regions + 1); the last: of no region."""
    lon, lat = np.radians(regions.lon), np.radians(regions.lat)
    cosine = np.sin(lat)[:, None] * np.sin(lat) + np.cos(lat)[:, None] * np.cos(lat) * np.cos(
        lon[:, None] - lon
    )
    km = _EARTH_KM * np.arccos(np.clip(cosine, -1.0, 1.0))
    within = np.eye(len(regions) + 1, dtype=np.bool_)
    # A centroid that is not known is near to none.
    within[:-1, :-1] |= km <= reach_km
    return within
