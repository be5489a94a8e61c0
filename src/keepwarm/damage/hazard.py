"""What may happen to a case in a season: hazards by class and region, never by named asset."""

from __future__ import annotations

from dataclasses import dataclass

from keepwarm.case.nouns import Bools, Floats, Ints, Names

WAVE, STORM, COLD = "wave", "storm", "cold"

#: How a free crew chooses: whoever was hit first, or where least work is expected.
FIRST_COME, SHORTEST = "first_come", "shortest"


@dataclass(frozen=True)
class Arrivals:
    """When events come: a Poisson process each event of which may draw others after it.

    **Source**: Hawkes, "Spectra of some self-exciting and mutually exciting point processes",
    Biometrika 58(1), 1971; as clusters, Hawkes and Oakes, J. Applied Probability 11, 1974.
    """

    per_day: float
    by_month: Floats  # (12,) factors of per_day, January first
    children: float  # that an event draws on average
    within_hours: float  # mean time to a child
    source: str


@dataclass(frozen=True)
class Objects:
    """How many of one kind come with a wave, and how many of them damage something."""

    name: str
    present: float  # share of the events that bring any
    distribution: str  # fixed, poisson, negative_binomial, lognormal
    mean: float
    dispersion: float
    through: float
    through_sd: float
    at_assets: float
    source: str


@dataclass(frozen=True)
class Storm:
    """Which share of what is exposed an event damages, and how far it reaches."""

    share: float
    share_sd: float
    reach_km: float
    source: str


@dataclass(frozen=True)
class Cold:
    """How often one asset fails below a temperature."""

    below_degc: float
    per_1000_days_k: float
    source: str


@dataclass(frozen=True)
class Severity:
    """What a hit does to assets of some classes, and what mends it."""

    classes: Names
    weight: float
    out: float
    left_low: float
    left_high: float
    crewed: bool  # a repair as the case has it; else back by itself after ``hours``
    repair_scale: float
    hours: Floats  # (3,) low, likely, high
    source: str


@dataclass(frozen=True)
class Exposed:
    """The assets of a case that one hazard may hit, all of a class and region alike."""

    asset: Ints  # (exposed,) index into Assets
    region: Ints  # (exposed,) index into Regions, -1 for none
    weight: Floats  # (exposed,) class times region, more than 0
    severity: Ints  # (exposed,) index into OneHazard.severities

    def __len__(self) -> int:
        return len(self.asset)


@dataclass(frozen=True)
class OneHazard:
    """One kind of event; ``objects`` of a wave, ``storm`` or ``cold`` of the others."""

    name: str
    kind: str
    on: bool
    duration_hours: float
    again: float
    region_weight: Floats  # (regions + 1,), the last one for assets of no region
    arrivals: Arrivals | None  # None: cold
    objects: tuple[Objects, ...]
    storm: Storm | None
    cold: Cold | None
    severities: tuple[Severity, ...]
    exposed: Exposed
    source: str


@dataclass(frozen=True)
class Hazard:
    """All hazards of a file, read against a case, and how crews choose what they mend first."""

    title: str
    hazards: tuple[OneHazard, ...]
    order: str  # FIRST_COME or SHORTEST
    whole: Bools  # (assets,) in or out: lines and transformers
    source: str
