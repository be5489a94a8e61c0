"""The capital's network can serve a hard frost while it stands: PyPSA says so, not keepwarm.

Heat need is the steady loss of every group at 20 degC indoors with the central parameters of
archetypes.csv, without gains of people, sun or appliances: more than the season loop asks for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypsa

from tests.examples.by_hand import loss_mw_per_kelvin, rows

CAPITAL = Path(__file__).parents[2] / "examples" / "capital"
#: The coldest hour of January, its morning peak and the evening peak before, UTC.
HOURS = ("2026-01-17 17:00", "2026-01-18 05:00", "2026-01-18 06:00")
INDOOR_DEGC = 20.0
WIND_M_PER_S = 5.0
SHED_COST = 10_000.0


def shed_mw(hours: tuple[str, ...], out: tuple[str, ...] = ()) -> Any:
    """Return shedding (hours x buses) of the capital without its stores."""
    import pandas as pd

    n = pypsa.Network(str(CAPITAL / "network"))
    n.set_snapshots(pd.DatetimeIndex(hours))
    degc = {row["time"]: float(row["outdoor_degc"]) for row in rows(CAPITAL / "weather.csv")}
    frost = [INDOOR_DEGC - degc[f"{time:%Y-%m-%dT%H:%M:%SZ}"] for time in n.snapshots]
    for zone, loss in loss_mw_per_kelvin(CAPITAL, WIND_M_PER_S).items():
        need = pd.Series([loss * kelvin for kelvin in frost], index=n.snapshots)
        n.add("Load", f"{zone} rooms", bus=zone, p_set=need)
    for bus in n.loads.bus.unique():
        n.add("Generator", f"{bus} shed", bus=bus, p_nom=1e4, marginal_cost=SHED_COST)
    for bus in n.buses.index:
        n.add("Generator", f"{bus} spill", bus=bus, p_nom=1e4, p_min_pu=-1, p_max_pu=0)
    n.links.loc[list(out), "p_nom"] = 0.0
    n.stores[["e_nom", "e_initial"]] = 0.0
    status, condition = n.optimize(
        solver_name="highs",
        output_flag=False,
        log_to_console=False,
        include_objective_constant=False,
    )
    assert (status, condition) == ("ok", "optimal")
    shed = n.generators_t.p.filter(regex=" shed$")
    return shed.rename(columns=lambda name: name.removesuffix(" shed"))


def test_the_intact_city_serves_the_coldest_hours_in_full() -> None:
    assert shed_mw(HOURS).to_numpy().max() < 1e-6


def test_without_both_large_plants_their_zones_are_short_and_others_hold() -> None:
    out = tuple(
        row["name"]
        for row in rows(CAPITAL / "network" / "links.csv")
        if row["name"].startswith(("Birch CHP", "Alder CHP"))
    )
    shed = shed_mw(HOURS[1:2], out).iloc[0]
    feeds: dict[str, set[str]] = {}
    for row in rows(CAPITAL / "network" / "links.csv"):
        if row["name"].startswith("Main "):
            feeds.setdefault(row["bus1"], set()).add(row["bus0"])
    large = {"Birch CHP heat", "Alder CHP heat"}
    lost = {zone for zone, sources in feeds.items() if sources <= large}
    helpers = {source for sources in feeds.values() if sources & large for source in sources}
    apart = {zone for zone, sources in feeds.items() if not sources & helpers}
    short = {zone for zone in feeds if shed[zone] > 1.0}
    assert len(lost) >= 5
    assert lost <= short
    assert len(apart) >= 3
    assert not apart & short
    assert shed[sorted(feeds)].sum() > 1500.0
