"""Plans for the capital, 25 tasks and 6 crews, beside the usual rules: what they gain, how soon.

Each instance is drawn by its seed (`keepwarm.validation.plan_instances`); each rule is what a duty
desk would do by hand. The gain is that over the best of the rules, which nobody knows beforehand.

    python -m benchmarks.bench_plan [--instances 100] [--seconds 60] [--hours 168]
"""

from __future__ import annotations

import argparse

import numpy as np
from benchmarks.measure import Cell, machine, one_thread, print_table, write
from benchmarks.programs import EXAMPLES

from keepwarm.case.nouns import Case
from keepwarm.case.read import read_case
from keepwarm.recovery.candidates import Candidate
from keepwarm.recovery.planning import problem_of
from keepwarm.recovery.search import Clock, search
from keepwarm.validation.plan_instances import capital_instance

_DAY = np.timedelta64(24, "h")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--hours", type=float, default=168.0)
    options = parser.parse_args()
    one_thread()
    capital = read_case(EXAMPLES / "capital")
    rows = []
    for seed in range(options.instances):
        rows.append(instance(capital, seed, options.seconds, options.hours))
        print(f"{seed}: {rows[-1]['gain']:.3f} over the best rule", flush=True)
    print_table(rows[:10])
    gains = np.sort([float(row["gain"]) for row in rows])
    low, high = median_interval(gains)
    said = f"{np.median(gains):.3f} ({low:.3f} to {high:.3f})"
    worse = int((gains < -1e-9).sum())
    print(f"median gain {said}, worse than a rule in {worse} of {len(rows)}")
    write("plan", rows, {**machine(), "median gain": said, "worse than a rule": str(worse)})


def instance(capital: Case, seed: int, seconds: float, hours: float) -> dict[str, Cell]:
    """Search one instance; say what the rules came to and when the first plan stood."""
    case, damage = capital_instance(capital, seed)
    problem = problem_of(case, damage, case.start + _DAY, hours=hours)
    trace: list[tuple[float, float]] = []

    def told(best: Candidate, bound: float, weighed: int) -> None:
        trace.append((clock.spent, best.cost.value))

    clock = Clock(seconds, progress=told)
    found = search(problem, clock)
    rules = {one.name: one.cost.value for one in found.by_rule}
    best_rule, ours = min(rules.values()), found.best.cost.value
    near = next((spent for spent, value in trace if value <= 1.03 * ours), clock.spent)
    return {
        "seed": seed,
        **{f"{name}_first": value for name, value in rules.items()},
        "ours": ours,
        "bound": found.bound,
        "gain": 1.0 - ours / best_rule if best_rule > 0 else 0.0,
        "first_plan_s": trace[0][0] if trace else clock.spent,
        "within_3_percent_s": near,
        "weighed": found.weighed,
    }


def median_interval(sorted_gains: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of a median by the order statistics of its sample."""
    from scipy.stats import binom

    count = sorted_gains.size
    rank = int(binom.ppf(0.025, count, 0.5))
    return float(sorted_gains[max(rank - 1, 0)]), float(sorted_gains[min(count - rank, count - 1)])


if __name__ == "__main__":
    main()
