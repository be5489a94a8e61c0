"""Building groups as a window of steps sees them: linear in heat, gathered where they are alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from keepwarm.case.nouns import Floats, Ints
from keepwarm.season.corridor import Corridor
from keepwarm.warmth.rooms import response, steady_heat, steady_mass

CENTRAL = 1


@dataclass(frozen=True)
class HomeKinds:
    """Which groups are looked at together: see `home_kinds`."""

    member: Ints  # (groups,), -1 without a heat bus
    bus: Ints  # (homes,)
    area_m2: Floats  # (homes,)
    mean: sp.csr_array  # (homes, groups), weights by floor area: each row sums to one

    def total(self, of_groups: Floats) -> Floats:
        """Sum what groups have, (steps, groups), to homes."""
        some = (self.mean > 0).astype(np.float64)
        return np.asarray((some @ of_groups.T).T)


@dataclass(frozen=True)
class Inputs:
    """What acts on the groups in each step of a window, each of shape (steps, groups)."""

    outdoor_degc: Floats
    wind_m_per_s: Floats
    gain_w_per_m2: Floats
    most_mw: Floats  # heat that its radiators and its standing substations can take
    least_mw: Floats  # heat below which its circulation counts as stopped
    heat_mw: Floats  # as the step rule gives it
    operative_degc: Floats  # at the end of the step, as the step rule leaves it


@dataclass(frozen=True)
class Homes:
    """Homes over a window: temperatures follow from heat by rows of numbers.

    With ``T`` the mass temperature and ``q`` the heat in MW of step k:
    ``T[k+1] = keep[k] T[k] + lift[k] q[k] + drift[k]``, and the operative temperature at the end of
    the step is ``felt_keep[k] T[k] + felt_lift[k] q[k] + felt_drift[k]``. Central band.
    """

    kinds: HomeKinds
    mass_degc: Floats  # (homes,) at the start
    keep: Floats  # (steps, homes)
    lift: Floats  # K per MW
    drift: Floats  # degC
    felt_keep: Floats
    felt_lift: Floats
    felt_drift: Floats
    most_mw: Floats  # (steps, homes)
    least_mw: Floats  # (steps, homes)
    usual_mw: Floats  # (steps, homes): heat by the step rule
    excess_k: Floats  # (steps, homes): how far above comfort homes may be
    loss_mw_per_k: Floats  # (homes,): heat that holds one K more for ever
    capacity_mwh_per_k: Floats  # (homes,)
    comfort_degc: float
    safe_degc: float
    comfort_mass_degc: Floats  # (homes,): of homes held at comfort in the last step's weather
    safe_mass_degc: Floats  # (homes,)

    def __len__(self) -> int:
        return len(self.kinds.bus)


def home_kinds(corridor: Corridor) -> HomeKinds:
    """Gather the groups of each heat bus, archetype, region and, where it stops them, feeder.

    They share every thermal parameter and the weather, and lose their heat together: a group whose
    substations stop with its feeder is never looked at with one that stays warm meanwhile.
    **Leaves out**: that groups of one kind may differ in temperature; their mean is looked at.
    """
    buildings = corridor.case.buildings
    on_bus = np.flatnonzero(buildings.heat_bus >= 0)
    feeder = np.where(corridor.depends_on_feeder, buildings.power_bus, -1)
    keys = np.column_stack([buildings.heat_bus, buildings.archetype, buildings.region, feeder])
    keys = keys[on_bus]
    kinds, which = np.unique(keys, axis=0, return_inverse=True)
    member = np.full(corridor.groups, -1, dtype=np.int64)
    member[on_bus] = which.ravel()
    area = np.zeros(len(kinds))
    np.add.at(area, member[on_bus], np.maximum(buildings.floor_area_m2[on_bus], 1e-9))
    weight = np.maximum(buildings.floor_area_m2[on_bus], 1e-9) / area[member[on_bus]]
    mean = sp.csr_array((weight, (member[on_bus], on_bus)), shape=(len(kinds), corridor.groups))
    return HomeKinds(member, kinds[:, 0].astype(np.int64), area, mean)


def homes_over(
    corridor: Corridor,
    kinds: HomeKinds,
    mass_degc: Floats,
    inputs: Inputs,
    *,
    preheat_k: float = 0.0,
) -> Homes:
    """Return the homes of a window.

    Parameters
    ----------
    mass_degc
        Shape (groups,), central, at the window's start.
    inputs
        What the window takes for granted.
    preheat_k
        How far above comfort homes may be heated; gains alone may take them further.

    Returns
    -------
    Homes

    **Source**: the 5R1C network is linear in its start and its sources (`warmth.rooms.Response`).
    **Leaves out**: that flats of one building differ in temperature; each gets heat by its own need
    at comfort, and their mean is looked at.
    """
    number, dt = corridor.case.settings.number, corridor.case.network.step_hours
    rooms, mw = corridor.rooms, kinds.area_m2 * 1e-6
    comfort, safe = (number(f"set_points.{aim}_degc") for aim in ("comfort", "safe"))
    steps, home = len(inputs.outdoor_degc), corridor.homes.group
    table = {name: np.zeros((steps, len(mw))) for name in _COEFFICIENTS}

    def gathered(of_homes: Floats) -> Floats:
        return np.asarray(kinds.mean @ corridor.homes.mean(of_homes[CENTRAL]))

    part = _part_of_flats(corridor, inputs, comfort)
    for k in range(steps):
        step = response(rooms, inputs.wind_m_per_s[k][home], dt)
        outdoor, gain = inputs.outdoor_degc[k][home], inputs.gain_w_per_m2[k][home]
        rest = outdoor + step.mass_per_gain * gain
        unheated = rest - rest * step.left
        table["keep"][k] = gathered(step.left)
        table["lift"][k] = gathered(part * step.mass_per_heat * (1 - step.left)) / mw
        table["drift"][k] = gathered(unheated)
        table["felt_keep"][k] = gathered(step.inside_per_mass * step.left)
        table["felt_lift"][k] = gathered(part * step.end_per_heat) / mw
    usual, felt_by_rule = kinds.total(inputs.heat_mw), (kinds.mean @ inputs.operative_degc.T).T
    _match(table, kinds.mean @ mass_degc, usual, felt_by_rule)
    last = {
        "outdoor_degc": inputs.outdoor_degc[-1][home],
        "wind_m_per_s": inputs.wind_m_per_s[-1][home],
        "gain_w_per_m2": inputs.gain_w_per_m2[-1][home],
    }
    held = [gathered(steady_mass(rooms, operative_degc=aim, **last)) for aim in (comfort, safe)]
    loss = steady_heat(
        rooms,
        outdoor_degc=0.0,
        wind_m_per_s=inputs.wind_m_per_s.mean(axis=0)[home],
        gain_w_per_m2=0.0,
        operative_degc=1.0,
    )
    return Homes(
        kinds=kinds,
        mass_degc=kinds.mean @ mass_degc,
        **table,
        most_mw=kinds.total(inputs.most_mw),
        least_mw=kinds.total(inputs.least_mw),
        usual_mw=usual,
        excess_k=np.maximum(felt_by_rule - comfort, 0.0) + preheat_k,
        loss_mw_per_k=gathered(loss) * mw,
        capacity_mwh_per_k=gathered(rooms.capacity_wh_per_m2k) * mw,
        comfort_degc=comfort,
        safe_degc=safe,
        comfort_mass_degc=held[0],
        safe_mass_degc=held[1],
    )


def _match(table: dict[str, Floats], mass: Floats, heat_mw: Floats, felt_degc: Floats) -> None:
    """Set what is felt without heat so that the step rule's heat gives what it found, in place.

    The mean of flats is a few thousandths of a degree beside them, which a plan would heat away.
    """
    for k in range(len(heat_mw)):
        felt = table["felt_keep"][k] * mass + table["felt_lift"][k] * heat_mw[k]
        table["felt_drift"][k] = felt_degc[k] - felt
        mass = table["keep"][k] * mass + table["lift"][k] * heat_mw[k] + table["drift"][k]


def _part_of_flats(corridor: Corridor, inputs: Inputs, comfort_degc: float) -> Floats:
    """Heat of each home over the mean of its group, per m2, held at comfort, (3, homes)."""
    home = corridor.homes.group
    need = steady_heat(
        corridor.rooms,
        outdoor_degc=inputs.outdoor_degc.mean(axis=0)[home],
        wind_m_per_s=inputs.wind_m_per_s.mean(axis=0)[home],
        gain_w_per_m2=inputs.gain_w_per_m2.mean(axis=0)[home],
        operative_degc=comfort_degc,
    )
    need = np.maximum(need, 0.1)
    return np.asarray(need / corridor.homes.mean(need)[:, home])


_COEFFICIENTS = ("keep", "lift", "drift", "felt_keep", "felt_lift", "felt_drift")
