"""Why a repair stands where it does: what its place in the order brings, in plain numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.recovery.candidates import Candidate, Problem
from keepwarm.recovery.worth import Cost
from keepwarm.said.sentence import Value, joined, named, said

#: Less than so many people or MW are not worth a mention.
_PEOPLE, _MW = 50.0, 0.05
#: Seasons walked side by side.
_ABREAST = 12


def reasons(problem: Problem, best: Candidate, *, go_on: Callable[[], bool]) -> list[str]:
    """Return for each task what doing it when planned brings over doing it last.

    For each repair the order is carried out once more with that repair at its end, all others
    moving up, and the season walked: the difference in what is served and who is cold.

    Parameters
    ----------
    problem, best
        The order that was chosen.
    go_on
        False ends it: repairs that begin later then stand without a reason.
    """
    why = [""] * len(problem.tasks)
    soonest = np.argsort(best.schedule.begin, kind="stable").tolist()
    for some in (soonest[at : at + _ABREAST] for at in range(0, len(soonest), _ABREAST)):
        if not go_on():
            break
        lasts = [_last(problem, best, task) for task in some]
        for task, ends, cost in zip(some, lasts, problem.costs(lasts), strict=True):
            why[task] = _why(problem, best, task, ends, cost)
    return why


def _last(problem: Problem, best: Candidate, task: int) -> Floats:
    """Return when tasks end if one of them is put off beyond the outlook, all else as planned."""
    ends = best.schedule.end.copy()
    latest = problem.worth.outlook.steps * problem.case.network.step_hours
    finite = ends[np.isfinite(ends)]
    ends[task] = min(latest, float(finite.max(initial=0.0)) + problem.tasks.hours[1, task])
    return np.asarray(np.where(np.isfinite(best.schedule.end), ends, np.inf))


def _why(problem: Problem, best: Candidate, task: int, ends: Floats, other: Cost) -> str:
    planned = best.schedule.end[task]
    if not np.isfinite(planned):
        return ""
    hours = float(ends[task] - planned)
    if hours <= 0:
        return said("repair.nothing")
    returned = {
        carrier: (other.unserved_mwh[carrier] - mwh) / hours
        for carrier, mwh in best.cost.unserved_mwh.items()
    }
    carrier = max(returned, key=lambda name: returned[name])
    people = {
        service: (other.without_hours[service] - now) / hours
        for service, now in best.cost.without_hours.items()
    }
    service = max(people, key=lambda name: people[name])
    cold = other.cold_hours - best.cost.cold_hours
    if returned[carrier] < _MW and people[service] < _PEOPLE and cold < _PEOPLE:
        return said("repair.reserve")
    megawatts = returned[carrier]
    spares = said("repair.spares", {"hours": _rounded(cold)}) if cold >= _PEOPLE else ""
    if megawatts < _MW and people[service] < _PEOPLE:
        return spares
    if megawatts < _MW:
        key = "repair.returns_service"
    elif people[service] < _PEOPLE:
        key = "repair.returns"
    else:
        key = "repair.returns_to" if service == carrier else "repair.returns_both"
    values: dict[str, Value] = {
        "mw": round(megawatts) if megawatts >= 10 else float(f"{megawatts:.2g}"),
        "carrier": carrier,
        "service": service,
        "people": _rounded(people[service]),
        "hours": round(hours),
    }
    return joined(said(key, {name: values[name] for name in named(key)}), spares)


def _rounded(number: float) -> int:
    """Return a count with two or three figures that mean something."""
    digits = max(0, int(np.floor(np.log10(max(number, 1.0)))) - 1)
    return int(round(number / 10**digits) * 10**digits)
