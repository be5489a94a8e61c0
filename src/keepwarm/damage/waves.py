"""Waves: so many objects come, some get through, some of those hit an asset."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from keepwarm.case.nouns import Case, Floats, Ints
from keepwarm.compiled import compiled
from keepwarm.damage.draws import HITS, SIZES, Draws, Part, chosen
from keepwarm.damage.hazard import OneHazard
from keepwarm.damage.quantiles import binomial, shares, sizes

#: Numbers drawn for each event and kind of object, and for each hit.
_PRESENT, _SIZE, _SHARE, _THROUGH, _AT_ASSETS = range(5)
_HOUR, _AGAIN, _WHERE, _OUT, _LEFT = range(5)


def draw_waves(
    case: Case, one: OneHazard, draws: Sequence[Draws], begins: Sequence[Floats]
) -> list[Part]:
    """Draw what the waves of one hazard hit, sample by sample.

    Parameters
    ----------
    case
        Not looked at: what is exposed stands in the hazard.
    one
        Its objects: how many come; of these a share gets through that is drawn anew for each event;
        of these a share hits an asset. Each hit falls on an asset by weight or, with probability
        ``again``, where an earlier event's hit fell.
    draws
        Random numbers of each sample.
    begins
        When its events begin, h.
    """
    count = np.array([len(begin) for begin in begins])
    levels = [
        draw.part(SIZES).random((len(begin), len(one.objects), 5))
        for draw, begin in zip(draws, begins, strict=True)
    ]
    level = np.concatenate(levels) if levels else np.zeros((0, len(one.objects), 5))
    came, through, hits = np.zeros((3, len(level), len(one.objects)))
    for k, own in enumerate(one.objects):
        u = level[:, k]
        came[:, k] = np.where(u[:, _PRESENT] < own.present, sizes(own, u[:, _SIZE]), 0.0)
        share = shares(own.through, own.through_sd, u[:, _SHARE])
        through[:, k] = binomial(came[:, k], share, u[:, _THROUGH])
        hits[:, k] = binomial(through[:, k], np.full(len(u), own.at_assets), u[:, _AT_ASSETS])
    parts, first = list[Part](), np.concatenate([[0], np.cumsum(count)])
    for at, (draw, begin) in enumerate(zip(draws, begins, strict=True)):
        rows = slice(first[at], first[at + 1])
        totals = came[rows].sum(axis=1), through[rows].sum(axis=1)
        parts.append(_one_sample(one, draw, begin, totals, hits[rows].astype(np.int64)))
    return parts


def _one_sample(
    one: OneHazard, draw: Draws, begin: Floats, totals: tuple[Floats, Floats], hits: Ints
) -> Part:
    most = int(hits.max(initial=0))
    # Rank by rank: the hits that there are with fewer through are drawn alike with more.
    level = draw.part(HITS).random((most, *hits.shape, 5))
    luck = draw.luck().random((most, *hits.shape))
    event, kind, rank = np.nonzero(np.arange(most) < hits[:, :, None])
    u = level[rank, event, kind]
    exposed = chosen(one.exposed, one.exposed.weight, u[:, _WHERE])
    if one.again > 0:
        _again(event, u[:, _AGAIN] / one.again, u[:, _WHERE], exposed)
    return Part(
        begin,
        *totals,
        event=event,
        exposed=exposed,
        hour=begin[event] + one.duration_hours * u[:, _HOUR],
        level=u[:, [_OUT, _LEFT]],
        luck=luck[rank, event, kind],
    )


@compiled
def _again(event: Ints, level: Floats, where: Floats, exposed: Ints) -> None:
    """Move hits whose level is below 1 to where a hit of an earlier event fell, each as likely."""
    before = 0  # hits of earlier events
    for hit in range(event.size):
        if hit > 0 and event[hit] != event[hit - 1]:
            before = hit
        if before > 0 and level[hit] < 1.0:
            exposed[hit] = exposed[min(int(where[hit] * before), before - 1)]
