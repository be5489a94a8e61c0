"""Thermal parameters of samples: how they are drawn, and the corridor that is made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from keepwarm.case.nouns import Archetypes, Floats, Ints
from keepwarm.case.places import no_buildings
from keepwarm.season.corridor import Corridor, emitters_of, rooms_of
from keepwarm.season.drawn import Thermal
from keepwarm.streams import Source, stream
from keepwarm.warmth.draws import Shares, drawn, share_counts
from keepwarm.warmth.fabric import Fabric
from keepwarm.warmth.homes import homes
from keepwarm.warmth.pipes import Pipes, pipes
from keepwarm.warmth.rooms import Rooms

CENTRAL = 1


def draw_parameters(corridor: Corridor, seed: int, samples: Ints) -> Thermal:
    """Draw the thermal parameters of samples.

    Parameters
    ----------
    corridor
        The prepared case.
    seed
        Of the run.
    samples
        Shape (samples,): their numbers; a sample's parameters depend on its number and the seed.

    Returns
    -------
    Thermal
        One draw for each parameter, archetype and sample, the same for all groups of an archetype
        and all flats of its buildings: what is not known of a kind of house is not known of any of
        them, and does not average out over a city.

    **Source**: low, central and high of archetypes.csv, distributed as `keepwarm.warmth.draws`
    says.
    **Leaves out**: differences between houses of one archetype; gains, crews, set-points.
    """
    archetypes = corridor.case.archetypes
    counts, kinds = share_counts(archetypes), len(archetypes)
    share = np.empty((len(samples), sum(counts), kinds))
    for at, sample in enumerate(samples.tolist()):
        share[at] = stream(seed, sample, Source.PARAMETERS).random(share.shape[1:])
    return thermal(corridor, drawn(archetypes, Shares(*np.split(share, counts[:1], axis=1))))


def thermal(corridor: Corridor, archetypes: Archetypes) -> Thermal:
    """Return rooms, radiators and pipes of archetypes whose draws stand in place of the band."""
    every = replace(no_buildings(), archetype=np.arange(len(archetypes)))
    kinds = homes(archetypes, every)
    # Flats in their own order, which need not be that of the archetypes.
    kinds = replace(kinds, flat=np.arange(len(kinds.flat)))
    walls = rooms_of(corridor.case, archetypes, kinds)
    return Thermal(walls, emitters_of(corridor.case, walls), pipes(archetypes, every))


def made_of(corridor: Corridor, parameters: Thermal | None) -> Corridor:
    """Return the corridor of samples with thermal parameters of their own.

    Theirs are the central ones. The low band stays the case's, by which crews are sent to drain:
    nobody knows what a sample's homes are made of. So does the high one, if it is walked.
    """
    if parameters is None:
        return corridor
    fabric, flat = corridor.fabric, corridor.homes.flat
    kind, bands = corridor.case.buildings.archetype, len(fabric.row)
    count, kinds = len(parameters.emitters_w_per_m2), len(corridor.case.archetypes)
    others = np.flatnonzero(np.arange(bands) != CENTRAL)

    def of_homes(case: Floats, own: Floats) -> Floats:
        return np.concatenate([case[others], own[:, flat]])

    def of_kinds(case: Floats, own: Floats) -> Floats:
        table = np.zeros((len(others), kinds, case.shape[-1]))
        table[:, kind] = case[others]
        return np.concatenate([table, own])

    row = np.empty((bands, count), dtype=np.int64)
    row[others], row[CENTRAL] = np.arange(len(others))[:, None], len(others) + np.arange(count)
    return replace(
        corridor,
        fabric=Fabric(
            rooms=Rooms(**_each(of_homes, fabric.rooms, parameters.rooms)),
            emitters_w_per_m2=of_homes(fabric.emitters_w_per_m2, parameters.emitters_w_per_m2),
            pipes=Pipes(**_each(of_kinds, corridor.pipes, parameters.pipes)),
            kind=kind,
            row=row,
        ),
    )


def _each(
    join: Callable[[Floats, Floats], Floats], case: Rooms | Pipes, own: Rooms | Pipes
) -> dict[str, Floats]:
    """Join two tables field by field."""
    return {name: join(table, getattr(own, name)) for name, table in vars(case).items()}
