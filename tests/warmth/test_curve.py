"""The supply curve against a published table, and radiators in cold rooms."""

from __future__ import annotations

import numpy as np
import pytest

from keepwarm.warmth.curve import emitter_share, emitters, supply_curve
from keepwarm.warmth.rooms import steady_heat
from tests.warmth.samples import any_rooms

TERNOPIL = {
    "supply_degc": 95.0,
    "return_degc": 70.0,
    "indoor_degc": 18.0,
    "design_outdoor_degc": -21.0,
}
RADIATOR = {"supply_degc": 95.0, "return_degc": 70.0, "indoor_degc": 18.0}


@pytest.mark.parametrize(
    ("outdoor", "supply"), [(5, 49), (-5, 68), (-10, 76), (-15, 85), (-21, 95)]
)
def test_published_curve(outdoor: float, supply: float) -> None:
    """V05: Ternopilmiskteplokomunenergo 2017, whole degrees, so 0.5 degC."""
    assert supply_curve(outdoor, **TERNOPIL)[0].item() == pytest.approx(supply, abs=0.5)


def test_ends_of_the_curve() -> None:
    for mains, top in ((None, 95.0), (130.0, 130.0), (150.0, 150.0)):
        outdoor = np.array([-40.0, -21.0, 18.0, 30.0])
        supply, back, share = supply_curve(outdoor, **TERNOPIL, mains_supply_degc=mains)
        np.testing.assert_allclose(supply, [top, top, 18, 18])
        np.testing.assert_allclose(back, [70, 70, 18, 18])
        np.testing.assert_allclose(share, [1, 1, 0, 0])


def test_the_curve_keeps_rooms_at_its_indoor_temperature() -> None:
    """At every outdoor temperature its water heats a radiator to just the load: 1.25 = 1/0.8."""
    outdoor = np.linspace(-21, 17, 20)
    supply, back, share = supply_curve(outdoor, **TERNOPIL)
    np.testing.assert_allclose(
        emitter_share((supply + back) / 2, 18.0, **RADIATOR), share, rtol=1e-12
    )


def test_what_radiators_give_to_cold_rooms() -> None:
    """The design loss, with its margin, and the power 1.25 of the excess over the room."""
    flat = any_rooms(emitter_margin=1.2)
    loss = steady_heat(
        flat, outdoor_degc=-21, wind_m_per_s=4, gain_w_per_m2=0, operative_degc=18
    ).item(0)
    design = emitters(flat, indoor_degc=18.0, design_outdoor_degc=-21.0).item(0)

    def cap(water: float, room: float) -> float:
        return design * emitter_share(water, room, **RADIATOR).item()

    assert cap(82.5, 18) == pytest.approx(1.2 * loss)
    assert cap(82.5, 5) == pytest.approx(1.2 * loss * (77.5 / 64.5) ** 1.25)
    assert cap(50, 18) == pytest.approx(1.2 * loss * (32 / 64.5) ** 1.25)
    assert cap(15, 18) == 0.0
