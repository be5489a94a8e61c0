"""Thermal parameters drawn at random: archetypes whose draws stand in the place of the band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from keepwarm.case.nouns import Archetypes, Floats
from keepwarm.warmth.band import KEPT, between


@dataclass(frozen=True)
class Shares:
    """Where draws stand between the ends of parameters, each 0 to 1."""

    flats: Floats  # (draws, parameters of flats, archetypes)
    buildings: Floats  # (draws, parameters of buildings, archetypes)


def share_counts(archetypes: Archetypes) -> tuple[int, int]:
    """Return how many parameters of flats and of buildings there are."""
    return len(archetypes.flats.parameter), len(archetypes.parameter)


def drawn(archetypes: Archetypes, shares: Shares) -> Archetypes:
    """Return archetypes with draws in the place of the band.

    Parameters
    ----------
    archetypes : Archetypes
        As a case has them: low, central, high.
    shares : Shares
        Independent and uniform for a random draw; 0.5 gives the central value.

    Returns
    -------
    Archetypes
        Of every parameter (draws, archetypes) or (draws, flats). Shares of flats and the
        coefficients of the norms stay central. In all flats of an archetype a parameter stands at
        the same share of its range.

    **Source**: `keepwarm.warmth.band.between`, as the band is sampled: half of the weight on each
    side of the central value, falling straight to the ends that archetypes.csv gives.
    **Leaves out**: parameters that depend on each other, within an archetype and between archetypes
    (what nobody knows about a film of air is drawn for each anew).
    """
    flats = archetypes.flats
    of_flats = _between(flats.parameter, shares.flats[:, :, flats.archetype])
    of_buildings = _between(archetypes.parameter, shares.buildings)
    return replace(archetypes, parameter=of_buildings, flats=replace(flats, parameter=of_flats))


def _between(parameter: Mapping[str, Floats], share: Floats) -> dict[str, Floats]:
    """Return draws of each parameter, (draws, kinds); ``share`` is (draws, parameters, kinds)."""
    draws = len(share)
    return {
        name: ends[1:2].repeat(draws, axis=0) if name in KEPT else between(ends, share[:, at])
        for at, (name, ends) in enumerate(parameter.items())
    }
