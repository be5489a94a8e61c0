"""Validation against an event that happened: need, what was available, the shed as ordered.

The same hours are answered three times. By subtraction: need less what was posted as available. By
keepwarm, which is given the same posted capacity and the imports. And by keepwarm, which is told
nothing of the posted capacity after one hour and takes units out as the list of outages says. The
shed that was ordered stands beside them; nothing is fitted to it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Case, Damage, DamageRow, Floats
from keepwarm.validation.folders import ValidationCase


@dataclass(frozen=True)
class Hindcast:
    """The event hour by hour, in MW; NaN where nothing is given.

    ``posted_mw`` and the three measured series are shape (hours,), as long as the table; ours are
    as long as their own case, from the same first hour.
    """

    begin_cst: tuple[str, ...]
    need_mw: Floats
    posted_mw: Floats  # generation posted as available
    imports_mw: Floats
    ordered_mw: Floats  # shed as ordered
    served_mw: Floats
    generation_mw: Floats
    out_mw: Mapping[str, Floats]  # posted, by fuel
    posted_alone_mw: Floats  # our shed: posted capacity, imports out
    posted_shed_mw: Floats  # our shed: posted capacity and imports
    listed_shed_mw: Floats  # our shed: units out as listed
    listed_available_mw: Floats  # generation that the list leaves, without imports
    listed_out_mw: Mapping[str, Floats]  # by fuel, over all hours of the table

    @property
    def subtraction_mw(self) -> Floats:
        """Need less posted capacity, where that is a lack."""
        return np.maximum(self.need_mw - self.posted_mw, 0.0)

    @property
    def unused_mw(self) -> Floats:
        """Posted capacity that did not generate: reserves, and what could not be used."""
        return self.posted_mw - self.generation_mw

    @property
    def not_asked_mw(self) -> Floats:
        """Forecast need that was neither served nor ordered off."""
        return self.need_mw - self.served_mw - self.ordered_mw

    @property
    def known(self) -> slice:
        """Hours whose outcome is given: the first ones."""
        return slice(0, int(np.sum(np.isfinite(self.ordered_mw))))


def hindcast(case: ValidationCase) -> dict[str, float]:
    """Return what must hold of the event exactly, and what was published of the subtraction.

    **Leaves out**: a comparison of ours with ordered shed, which is another quantity.
    """
    event, inputs = read_event(case.folder, case.facts["input"]), case.facts["input"]
    first = inputs["sum_from_hour"]
    window = slice(first, first + inputs["sum_hours"])
    known, hours = event.known, slice(0, len(event.posted_shed_mw))
    lack = event.subtraction_mw
    with_imports = np.maximum(event.need_mw - event.posted_mw - event.imports_mw, 0.0)[hours]
    ours, ordered = event.posted_shed_mw[known], event.ordered_mw[known]
    terms = (event.not_asked_mw - event.unused_mw)[known]
    balance = event.served_mw - event.generation_mw - event.imports_mw
    return {
        "need less available, 15 to 17 February": float(event.posted_alone_mw[window].sum()) / 1e3,
        "need less available, correlation with ordered shed over 36 h": float(
            np.corrcoef(event.posted_alone_mw[known], ordered)[0, 1]
        ),
        "ours without imports: largest hour apart from need less available": _most(
            event.posted_alone_mw - lack[hours]
        ),
        "ours: largest hour apart from need less available and imports": _most(
            event.posted_shed_mw - with_imports
        ),
        "ours: energy out of listed units, 14 to 19 February": float(
            sum(mw.sum() for mw in event.listed_out_mw.values())
        )
        / 1e3,
        "posted: largest hour served apart from generation and imports": _most(balance[known]),
        "ours less ordered: largest hour that the two measured terms leave open": _most(
            (ours - ordered - terms)[ours > 0]
        ),
    }


def read_event(folder: Path, inputs: Mapping[str, str]) -> Hindcast:
    """Read the hourly table and let keepwarm answer both case folders.

    Parameters
    ----------
    folder
        Of the validation case.
    inputs
        ``hourly``: the table; ``posted`` and ``listed``: case folders beside it.

    Returns
    -------
    Hindcast
    """
    from keepwarm.case.read import read_case
    from keepwarm.damage import availability, read_damage

    with (folder / inputs["hourly"]).open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    posted, listed = (read_case(folder / inputs[name]) for name in ("posted", "listed"))
    damage = read_damage(listed, folder / inputs["listed"] / "damage.csv")
    left = availability(listed, damage, listed.start, len(table))
    shed, offered = _walked(listed, damage)
    return Hindcast(
        begin_cst=tuple(row["hour_beginning_cst"] for row in table),
        need_mw=_column(table, "load_forecast_counterfactual_mw"),
        posted_mw=_column(table, "generation_available_mw"),
        imports_mw=-_column(table, "net_interchange_mw"),
        ordered_mw=_column(table, "load_shed_ordered_mw"),
        served_mw=_column(table, "actual_demand_served_mw"),
        generation_mw=_column(table, "net_generation_mw"),
        out_mw={
            fuel: _column(table, f"out_{name}_mw")
            for fuel, name in (("coal", "coal"), ("gas", "ng"), ("nuclear", "nuclear"))
        },
        posted_alone_mw=_walked(posted, (_out(posted, "imports"),))[0],
        posted_shed_mw=_walked(posted, ())[0],
        listed_shed_mw=shed,
        listed_available_mw=offered,
        listed_out_mw=_out_by_fuel(listed, left),
    )


def _walked(case: Case, damage: Damage) -> tuple[Floats, Floats]:
    """Return our shed and the generation on offer, imports aside, in every hour of a case."""
    from keepwarm.runs.run import walk

    season, _ = walk(case, damage)
    generators = case.network.generators
    own = np.array([name != "imports" for name in generators.name])
    share = season.available[:, : len(generators)] * generators.p_max_pu[: len(season.times)]
    return season.shed_mw.sum(axis=1), np.asarray((share * generators.p_nom_mw)[:, own].sum(axis=1))


def _out(case: Case, asset: str) -> DamageRow:
    """Return a row that takes one asset out for good."""
    at, never = case.network.assets.name.index(asset), np.datetime64("NaT", "s")
    return DamageRow(case.start, at, 0.0, never, "what the subtraction leaves out", "")


def _out_by_fuel(case: Case, left: Floats) -> dict[str, Floats]:
    """Return the capacity of listed units that is out, by fuel and hour."""
    generators, fuels = case.network.generators, case.network.assets.asset_class
    out = (1 - left[:, : len(generators)]) * generators.p_nom_mw
    named = np.array(fuels[: len(generators)])
    return {fuel: out[:, named == fuel].sum(axis=1) for fuel in sorted(set(named.tolist()))}


def _column(table: list[dict[str, str]], name: str) -> Floats:
    return np.array([float(row[name] or "nan") for row in table])


def _most(values: Floats) -> float:
    return float(np.abs(values).max(initial=0.0))
