"""Damaged cases to plan for, drawn by fixed seeds: what plans are judged on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keepwarm.case.nouns import Case, Damage, DamageRow
from keepwarm.case.plan import NO_TIME
from keepwarm.case.resources import Crew, RepairNote, Resources, Spare

#: Backup sets stand by and are no sensible target of a plan's test.
_LEFT_OUT = ("diesel_set", "backup")


def town_instance(town: Case, seed: int) -> tuple[Case, Damage]:
    """Return a town with three to six damaged assets, and who can mend them.

    One or two crews of each trade, or of one trade that does all; shifts, bases and precedence
    drawn.
    """
    rng = np.random.default_rng([seed, 6])
    assets = town.network.assets
    could = [a for a in range(len(assets)) if assets.crew[a]]
    hit = rng.choice(could, int(rng.integers(3, 7)), replace=False).tolist()
    all_do_all = rng.random() < 0.5
    if all_do_all:
        everybody = tuple("all" if crew else "" for crew in assets.crew)
        network = replace(town.network, assets=replace(assets, crew=everybody))
        town, assets = replace(town, network=network), network.assets
    crews = _crews(
        rng, town, [assets.crew[a] for a in hit], most=2 if all_do_all and len(hit) < 6 else 1
    )
    names, notes = [assets.name[a] for a in hit], {}
    for at, name in enumerate(names):
        first = (names[int(rng.integers(at))],) if at and rng.random() < 0.15 else ()
        hours = (np.nan, float(rng.integers(2, 15)), np.nan)
        notes[name] = RepairNote(hours, 1, first, np.nan, np.nan)
    spares = tuple(Spare(kind, 1, NO_TIME) for kind in {assets.spare[a] for a in hit} if kind)
    return _equipped(town, crews, spares, notes), _damage(hit, town.start)


def capital_instance(
    capital: Case, seed: int, *, tasks: int = 25, crews: int = 6
) -> tuple[Case, Damage]:
    """Return a capital with damaged assets of every kind, and crews for them, drawn evenly.

    The night is the second of the case; hours of work are a quarter of the network's, spread
    log-normally and held within 2 and 72 h, so that a week can mend most.
    """
    rng = np.random.default_rng([seed, 25])
    assets = capital.network.assets
    could = [
        a for a in range(len(assets)) if assets.crew[a] and assets.asset_class[a] not in _LEFT_OUT
    ]
    hit = rng.choice(could, tasks, replace=False).tolist()
    trades = [assets.crew[a] for a in hit]
    needed = sorted(set(trades))
    more = rng.choice(trades, max(0, crews - len(needed))).tolist()
    made = _crews(rng, capital, [*needed, *more], most=1, each=True)
    notes = {}
    for a in hit:
        likely = float(np.clip(assets.repair_hours[a] / 4 * rng.lognormal(0, 0.5), 2, 72))
        notes[assets.name[a]] = RepairNote((np.nan, likely, np.nan), 1, (), np.nan, np.nan)
    kinds = {assets.spare[a] for a in hit} - {""}
    spares = tuple(Spare(kind, 9, NO_TIME) for kind in kinds)
    return _equipped(capital, made, spares, notes), _damage(
        hit, capital.start + np.timedelta64(24 * 3600, "s")
    )


def _crews(
    rng: np.random.Generator, case: Case, trades: list[str], *, most: int, each: bool = False
) -> tuple[Crew, ...]:
    """Return crews: one for each entry, or one to ``most`` for each trade."""
    listed = trades if each else sorted(set(trades))
    crews = []
    for at, trade in enumerate(listed):
        for number in range(1 if each else int(rng.integers(1, most + 1))):
            begin, end = (0.0, 24.0) if rng.random() < 0.5 else (8.0, 20.0)
            base = int(rng.integers(len(case.regions)))
            name = f"{trade} {at + 1}.{number + 1}"
            crews.append(Crew(name, trade, base, begin, end, NO_TIME, NO_TIME))
    return tuple(crews)


def _equipped(
    case: Case, crews: tuple[Crew, ...], spares: tuple[Spare, ...], notes: dict[str, RepairNote]
) -> Case:
    travel = case.resources.travel_hours
    return replace(case, resources=Resources(crews, spares, notes, travel_hours=travel))


def _damage(hit: list[int], time: np.datetime64) -> Damage:
    return tuple(DamageRow(time, asset, 0.0, NO_TIME, "drawn", "") for asset in hit)
