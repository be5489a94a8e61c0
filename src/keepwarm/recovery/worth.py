"""What a way of repairing is worth: the season walked once more, many ways side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import CARRIERS, Case, Damage, Floats, Ints
from keepwarm.case.plan import Plan
from keepwarm.damage import availability
from keepwarm.season import Corridor, State, orders_of, prepare
from keepwarm.season.batch import march_many
from keepwarm.season.drawn import Drawn
from keepwarm.season.people import SERVICES
from keepwarm.solve.simplex import SimplexSolver

#: What a plan makes small.
OBJECTIVES = ("people_cold", "energy")

#: Person-hours without a service that weigh as much as one cold person-hour: enough to tell apart
#: what leaves equally many people cold, too little to outweigh one of them.
_WITHOUT = 1e-3
#: The same for an hour that all repairs together are finished later.
_LATER = 1e-6


@dataclass(frozen=True)
class Outlook:
    """The hours that a plan is judged by, from when it is made."""

    case: Case
    first: int  # row of the case's snapshots
    steps: int
    state: State  # of one sample, at the start of the first step
    standing: Floats  # (assets,) availability observed at the start


@dataclass(frozen=True)
class Cost:
    """What one way of repairing comes to over the outlook, central band."""

    cold_hours: float  # person-hours below decision.cold_below_degc
    without_hours: dict[str, float]  # service -> person-hours
    unserved_mwh: dict[str, float]  # carrier -> MWh
    value: float  # what the plan makes small


class Worth:
    """Weighs ways of repairing against each other; what was walked once is not walked again.

    Parameters
    ----------
    outlook
        Where and for how long.
    objective
        ``people_cold``: person-hours below ``decision.cold_below_degc``, and a thousandth of those
        without power, heat, gas or water; ``energy``: MWh not served, all carriers alike.
    plan
        Its drains, generators at groups and timetable hold in all ways.

    **Leaves out**: what happens after the outlook.
    """

    def __init__(
        self, outlook: Outlook, objective: str = OBJECTIVES[0], *, plan: Plan | None = None
    ) -> None:
        self.outlook, self.objective = outlook, objective
        self._corridor = _planning_corridor(outlook.case)
        self._orders = None
        if plan is not None:
            self._orders = orders_of(self._corridor, plan, outlook.first, outlook.steps)
        template = self._corridor.template
        self._solver = SimplexSolver(template.perturbed_cost, template.matrix)
        self._known: dict[bytes, Cost] = {}
        self.walked = 0

    def costs(self, ways: Sequence[Damage], ends: Sequence[Floats]) -> list[Cost]:
        """Return what each way comes to.

        Parameters
        ----------
        ways
            Damage lists, as `keepwarm.damage.crews.repaired` returns them.
        ends
            For each, the hours after which its tasks are done; inf for never.
        """
        outlook = self.outlook
        begin = outlook.case.network.snapshots[outlook.first]
        left = [
            availability(outlook.case, way, begin, outlook.steps) * outlook.standing for way in ways
        ]
        keys = [table.tobytes() for table in left]
        new = list(dict.fromkeys(at for at, key in enumerate(keys) if key not in self._known))
        new = [at for at in new if keys.index(keys[at]) == at]
        for at, cost in zip(new, self._walk([left[at] for at in new]), strict=True):
            self._known[keys[at]] = cost
        late = _LATER * np.array([np.minimum(end, 8760.0).sum() for end in ends])
        return [
            replace(self._known[key], value=self._known[key].value + extra)
            for key, extra in zip(keys, late.tolist(), strict=True)
        ]

    def _walk(self, left: Sequence[Floats]) -> Iterator[Cost]:
        """Walk the season for tables of availability, each (steps, assets)."""
        if not left:
            return
        self.walked += len(left)

        def drawn(numbers: Ints) -> Drawn:
            chosen = [left[number] for number in numbers.tolist()]
            return Drawn(
                np.stack([table[t] for table in chosen]) for t in range(self.outlook.steps)
            )

        for block in march_many(
            self._corridor,
            drawn,
            samples=np.arange(len(left)),
            first=self.outlook.first,
            steps=self.outlook.steps,
            state=self.outlook.state,
            solver=self._solver,
            audited=frozenset(),
            orders=self._orders,
        ):
            totals, row = block.totals, 0
            lost = {one.sample for one in block.unsolved}
            for number in sorted({*totals.sample.tolist(), *lost}):
                if number in lost:
                    yield Cost(np.inf, {}, {}, np.inf)
                    continue
                without = dict(
                    zip(SERVICES, totals.people_hours_without[row].sum(axis=-1), strict=True)
                )
                unserved = dict(zip(CARRIERS, totals.unserved_mwh[row].tolist(), strict=True))
                cold = float(totals.people_hours_below[row, 0])
                yield Cost(
                    cold_hours=cold,
                    without_hours={name: float(hours) for name, hours in without.items()},
                    unserved_mwh=unserved,
                    value=self._value(cold, without, unserved),
                )
                row += 1

    def _value(self, cold: float, without: dict[str, float], unserved: dict[str, float]) -> float:
        if self.objective == "energy":
            return sum(unserved.values())
        return cold + _WITHOUT * float(sum(without.values()))


def _planning_corridor(case: Case) -> Corridor:
    """Return the corridor with one threshold, the one that plans are judged by."""
    cold = case.settings.number("decision.cold_below_degc")
    values = {**case.settings.values, "thresholds.degc": (cold,)}
    return prepare(replace(case, settings=replace(case.settings, values=values)))
