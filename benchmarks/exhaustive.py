"""The best order of repairs against every order with every choice of crews, on towns drawn.

Nothing is ruled out on the other side: each distinct schedule is walked through the season.

    python -m benchmarks.exhaustive [--instances 200] [--hours 48]
"""

from __future__ import annotations

import argparse
import time
from itertools import permutations, product

import numpy as np
from benchmarks.measure import Cell, machine, one_thread, print_table, write
from benchmarks.programs import EXAMPLES

from keepwarm.case.read import read_case
from keepwarm.damage.tasks import LIKELY
from keepwarm.recovery.candidates import Problem
from keepwarm.recovery.planning import problem_of
from keepwarm.recovery.search import Clock, search
from keepwarm.validation.plan_instances import town_instance

ABREAST = 256


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=200)
    parser.add_argument("--hours", type=float, default=48.0)
    options = parser.parse_args()
    one_thread()
    town = read_case(EXAMPLES / "town")
    rows: list[dict[str, Cell]] = []
    for seed in range(options.instances):
        case, damage = town_instance(town, seed)
        problem = problem_of(case, damage, case.start, hours=options.hours)
        began = time.process_time()
        found = search(problem, Clock(1e9))
        seconds, walked = time.process_time() - began, problem.worth.walked
        best, schedules = every_order(problem)
        equal = abs(best - found.best.cost.value) <= 1e-9 * max(1.0, abs(best))
        rows.append(
            {
                "seed": seed,
                "tasks": len(problem.tasks),
                "crews": len(problem.force.crews),
                "schedules": schedules,
                "walked": walked,
                "seconds": seconds,
                "ours": found.best.cost.value,
                "exhaustive": best,
                "equal": str(equal),
                "proven": str(found.proven),
            }
        )
        print(f"{seed}: {'equal' if equal else 'DIFFERS'}, {schedules} schedules", flush=True)
    differ = [row for row in rows if row["equal"] != "True"]
    print_table(rows[:5])
    print(f"{len(rows) - len(differ)} of {len(rows)} equal")
    write("exhaustive", rows, {**machine(), "equal": f"{len(rows) - len(differ)} of {len(rows)}"})


def every_order(problem: Problem) -> tuple[float, int]:
    """Return the least value over all schedules, and how many there are."""
    tasks, force = problem.tasks, problem.force
    crews = [np.flatnonzero(force.trade == trade).tolist() or [-1] for trade in force.task_trade]
    ends = {}
    for order in permutations(range(len(tasks))):
        for chosen in product(*crews):
            end = force.carry_out(
                tasks, np.array(order), tasks.hours[LIKELY], given=np.array(chosen)
            ).end
            ends.setdefault(np.round(end, 6).tobytes(), end)
    distinct = list(ends.values())
    best = min(
        cost.value
        for at in range(0, len(distinct), ABREAST)
        for cost in problem.costs(distinct[at : at + ABREAST])
    )
    return best, len(distinct)


if __name__ == "__main__":
    main()
