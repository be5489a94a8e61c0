"""The availability of every asset in every step, from a damage list."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Bools, Case, Damage, DamageRow, Floats, Times
from keepwarm.damage.listing import WHOLE

_SECOND = np.timedelta64(1, "s")


def availability(case: Case, damage: Damage, start: np.datetime64, steps: int) -> Floats:
    """Return which share of every asset's capacity is left in every step.

    Parameters
    ----------
    case : Case
        Whose assets and step length count.
    damage : tuple of DamageRow
        A row acts from ``time`` to ``until`` (exclusive) and, where the asset needs hours to
        restart, that much longer; without ``until`` it acts to the end. Where rows of one asset
        overlap, the least availability counts.
    start : numpy.datetime64
        Start of the first step, naive UTC.
    steps : int
        Number of steps, each as long as the snapshots are apart.

    Returns
    -------
    array, shape (steps, assets)
        0 to 1. For a damage edge within a step: the time-weighted mean over the step; a line or
        transformer that is out in any part of a step is out in all of it.

    **Leaves out**: partial output while a plant restarts; damage to what is no asset.
    """
    assets = case.network.assets
    left = np.ones((steps, len(assets)))
    step = round(case.network.step_hours * 3600)
    begin = start.astype("datetime64[s]")
    edges = begin + np.arange(steps + 1) * np.timedelta64(step, "s")
    for asset in sorted({row.asset for row in damage}):
        rows = [row for row in damage if row.asset == asset]
        ends = [_end(row, float(assets.restart_hours[asset]), edges[-1]) for row in rows]
        moments, shares = _pieces(rows, ends, edges)
        whole = assets.kind[asset] in WHOLE
        left[:, asset] = _per_step(moments, shares, edges, whole=whole)
    return left


def _end(row: DamageRow, restart_hours: float, last: np.datetime64) -> np.datetime64:
    if np.isnat(row.until):
        return last
    end: np.datetime64 = row.until.astype("datetime64[s]") + round(restart_hours * 3600) * _SECOND
    return end


def _pieces(rows: list[DamageRow], ends: list[np.datetime64], edges: Times) -> tuple[Times, Floats]:
    """Return the moments between which nothing changes, and what is left between them."""
    starts = np.array([row.time for row in rows], dtype="datetime64[s]")
    stops = np.array(ends, dtype="datetime64[s]")
    moments = np.unique(np.concatenate([edges, np.clip(starts, edges[0], edges[-1])]))
    moments = np.unique(np.concatenate([moments, np.clip(stops, edges[0], edges[-1])]))
    share = np.array([row.available for row in rows])
    acts: Bools = (starts[:, None] <= moments[:-1]) & (stops[:, None] >= moments[1:])
    return moments, np.where(acts, share[:, None], 1.0).min(axis=0)


def _per_step(moments: Times, shares: Floats, edges: Times, *, whole: bool) -> Floats:
    """Return the mean of ``shares`` over every step, or the least where the asset is a whole."""
    step = np.searchsorted(edges, moments[:-1], side="right") - 1
    least, most = np.ones(len(edges) - 1), np.zeros(len(edges) - 1)
    np.minimum.at(least, step, shares)
    if whole:
        return least
    np.maximum.at(most, step, shares)
    area = np.zeros(len(edges) - 1)
    np.add.at(area, step, shares * ((moments[1:] - moments[:-1]) / _SECOND))
    # Between least and most, so that a share that holds all step long comes out exactly.
    return np.clip(area / ((edges[1:] - edges[:-1]) / _SECOND), least, most)
