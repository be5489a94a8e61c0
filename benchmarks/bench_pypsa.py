"""CPU time of an hour's dispatch: keepwarm against PyPSA with all hours in one linear program.

All solve the same programs of the transport network (same columns, bounds and costs), taking
turns in one process. PyPSA's time is that of ``n.optimize``: building the model, as other damage
needs another one, and HiGHS; the network stands ready. It is called as it comes, which hands the
model to HiGHS in a file, and through linopy's direct interface, its fastest; with all hours in one
program, and once an hour by hour. keepwarm's time begins with the first hour.

    python -m benchmarks.bench_pypsa [--rounds 3] [--samples 16]
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
from benchmarks.contestants import CONTESTANTS, walk
from benchmarks.measure import Cell, Spread, machine, print_table, write
from benchmarks.networks import NETWORKS
from benchmarks.programs import record
from benchmarks.pypsa_week import optimize, pypsa_network

NETWORK = "25 regions, transport"
GAP = 1e-6
OURS = "keepwarm"
#: Label -> how linopy hands the model to HiGHS.
INTERFACES = {
    "PyPSA as it comes, all hours in one program": None,
    "PyPSA, direct interface, all hours in one program": "direct",
}
HOURLY = "PyPSA, direct interface, called for each hour"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("--hours", type=int, default=2, help="called one by one")
    options = parser.parse_args()
    programs = record(NETWORKS[NETWORK](), samples=options.samples)
    walk(CONTESTANTS["keepwarm"], programs, 24)  # compiles
    took: dict[str, list[float]] = {label: [] for label in (OURS, *INTERFACES, HOURLY)}
    gap = 0.0
    for turn in range(options.rounds):
        run = walk(CONTESTANTS["keepwarm"], programs, programs.hours)
        took[OURS].append(1e6 * float(np.mean(run.tell + run.solve)))
        sample = turn % programs.samples
        expected = float(np.sum(run.objective[:, sample]))
        for label, interface in INTERFACES.items():
            week = optimize(pypsa_network(programs, sample), interface)
            took[label].append(1e6 * week.seconds / programs.hours)
            gap = max(gap, abs(expected / week.objective - 1))
        network = pypsa_network(programs, sample)
        for hour in range(options.hours):
            week = optimize(network, "direct", range(hour, hour + 1))
            took[HOURLY].append(1e6 * week.seconds)
            gap = max(gap, abs(run.objective[hour, sample] / week.objective - 1))
    ours = Spread(tuple(took[OURS]))
    rows = [_row(label, Spread(tuple(rounds)), ours, gap) for label, rounds in took.items()]
    print_table(rows)
    print(write("pypsa", rows, machine()))
    if gap > GAP:
        sys.exit(f"objectives are {gap:.1e} apart")


def _row(label: str, took: Spread, ours: Spread, gap: float) -> dict[str, Cell]:
    return {
        "network": NETWORK,
        "solver": label,
        "rounds": len(took.rounds),
        "median_us": took.median,
        "least_us": took.least,
        "most_us": took.most,
        "gap": gap,
        "ratio": took.median / ours.median,
    }


if __name__ == "__main__":
    main()
