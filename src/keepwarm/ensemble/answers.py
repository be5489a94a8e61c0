"""What the samples of a study say: estimates, curves, the worst winters, tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from keepwarm.case.nouns import Case, Floats
from keepwarm.ensemble.chunks import Chunk
from keepwarm.ensemble.columns import columns_of, region_columns_of
from keepwarm.ensemble.estimates import exceedance
from keepwarm.ensemble.quantities import (
    REGION_TAILS,
    Samples,
    bounds,
    estimates,
    unit_of,
)
from keepwarm.ensemble.stopping import convergence
from keepwarm.ensemble.study import Study
from keepwarm.estimate import Estimate
from keepwarm.season.audit import joined

#: Samples that are named as the worst, by each quantity.
WORST = 5

#: Quantities whose curves and worst samples are kept, where the case has them.
TOLD = ("eue_mwh", "eue_heat_mwh", "people_hours_below_12", "buildings_frozen")
