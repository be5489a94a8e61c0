"""Weather of other years, and climate normals, as frozen structs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Winters:
    """Winters of other years on the case's snapshots, each of shape (winters, hours, regions)."""

    name: tuple[str, ...]
    outdoor_degc: _Floats
    wind_m_per_s: _Floats


@dataclass(frozen=True)
class Normals:
    """The climate by month and region, each of shape (12, regions), NaN where not given."""

    mean_degc: _Floats  # of the whole month
    daily_sd_k: _Floats  # of a day's mean from the mean of the season
    diurnal_k: _Floats  # half of the difference of a mean day's highest and lowest hour
    source: str
