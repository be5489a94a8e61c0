"""The film of air outside windows, walls and roofs, which wind makes thinner."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Floats

#: ISO 6946:2017 annex C: convection at outer surfaces, W/(m2 K), calm and per m/s of wind.
CALM_W_PER_M2K, WIND_W_PER_M2K = 4.0, 4.0
#: ISO 6946:2017 annex C: radiation near 0 degC (4.6), emissivity 0.9.
RADIANT_W_PER_M2K = 0.9 * 4.6
#: ISO 6946:2017: transmittances hold at this wind (0.04 m2 K/W at outer surfaces).
TRANSMITTANCE_WIND_M_PER_S = 4.0


def outer_film(wind_m_per_s: Floats | float) -> Floats:
    """Return by how much the film outside resists more than it does in transmittances, m2 K/W.

    Parameters
    ----------
    wind_m_per_s : array or float
        At the building.

    **Source**: ISO 6946:2017 annex C, 1 / (4 + 4 v + h_r).
    **Leaves out**: lee sides; a sky colder than the air.

    >>> [round(float(outer_film(wind)), 3) for wind in (0.0, 4.0, 8.0)]
    [0.081, 0.0, -0.017]
    """
    still = CALM_W_PER_M2K + RADIANT_W_PER_M2K
    known = 1.0 / (still + WIND_W_PER_M2K * TRANSMITTANCE_WIND_M_PER_S)
    return np.asarray(1.0 / (still + WIND_W_PER_M2K * np.asarray(wind_m_per_s)) - known)
