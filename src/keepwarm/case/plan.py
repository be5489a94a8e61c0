"""The plan: who mends what, who is drained, where mobile units go, who is cut when.

Everything is named as the case's tables name it, so that a plan can be read, edited and carried to
another machine. Times are naive UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from keepwarm.case.nouns import Names
from keepwarm.case.timetable import Timetable

NO_TIME = np.datetime64("NaT", "s")


@dataclass(frozen=True)
class PlannedRepair:
    """One repair; crews take theirs in the order of the plan.

    ``begin``, ``end``, ``end_low`` and ``end_high`` say what is expected: they follow from the
    order, the crews and the hours of work when the plan is carried out. ``not_before`` is an order.
    """

    asset: str
    crews: Names  # empty: any crew of its trade
    begin: np.datetime64
    end: np.datetime64
    end_low: np.datetime64
    end_high: np.datetime64
    spare: str = ""
    not_before: np.datetime64 = NO_TIME
    why: str = ""


@dataclass(frozen=True)
class PlannedDrain:
    """What is done with a building group whose water stands: ``drain`` from a time on, or hold.

    It is said of the stop that began by ``stopped``; of later ones the case's policy decides.
    Crews named in it drain ``buildings`` from ``begin`` to ``end``; without them the city's do, at
    its rate.
    """

    group: str
    drain: bool
    buildings: float
    begin: np.datetime64  # NaT where it is held
    freezes: np.datetime64  # when its weakest pipe plugs if nobody acts, in the low band
    why: str = ""
    stopped: np.datetime64 = NO_TIME  # when its water stopped, as the plan expects
    end: np.datetime64 = NO_TIME  # when the last building is empty
    crews: Names = ()  # of the trade that drains
    decided: np.datetime64 = NO_TIME  # by an earlier plan, at that time; NaT: by this one


@dataclass(frozen=True)
class Deployment:
    """Mobile units of one kind at one place, for as long as they work there.

    A unit that moves on has a line for each place; one without fuel for a while a line before and
    one after.
    """

    unit: str
    count: int
    kind: str  # generator, boiler, warming_point
    region: str
    target: str  # a bus, a building group, or empty for the region as a whole
    begin: np.datetime64  # when it works
    end: np.datetime64  # NaT: to the end
    capacity_mw: float  # of all of them together
    people: float  # that it serves or takes in
    litres_per_day: float = 0.0  # that they burn while they work
    why: str = ""
    leaves: np.datetime64 = NO_TIME  # when they set off; NaT: they are there already


@dataclass(frozen=True)
class Delivery:
    """One round of a tanker to the units of a region."""

    tanker: str
    begin: np.datetime64  # when it is there
    region: str
    targets: Names  # whose tanks it fills
    litres: float
    why: str = ""


@dataclass(frozen=True)
class NotPlanned:
    """Something that the plan could do nothing about, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class Plan:
    """What is proposed, for a case and its damage as known at ``made_at``."""

    case: str
    made_at: np.datetime64
    hours: float  # that it was judged by
    objective: str
    repairs: tuple[PlannedRepair, ...] = ()
    drains: tuple[PlannedDrain, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    timetable: Timetable | None = None
    not_planned: tuple[NotPlanned, ...] = ()
    notes: Names = ()
    worth: Mapping[str, float] = field(default_factory=dict)
    complete: bool = True  # False where planning was stopped by hand
    begun: tuple[PlannedRepair, ...] = ()  # before it was made: mended by then, or under way
    deliveries: tuple[Delivery, ...] = ()  # of fuel
