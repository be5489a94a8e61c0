"""CPU time of an hour's dispatch: keepwarm against PyPSA with all hours in one linear program.

Both solve the same programs of the transport network (same columns, bounds and costs), taking
turns in one process. PyPSA's time is that of ``n.optimize``: building the model, as other damage
needs another one, and HiGHS; the network stands ready. keepwarm's time begins with the first hour.

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--samples", type=int, default=16)
    options = parser.parse_args()
    programs = record(NETWORKS[NETWORK](), samples=options.samples)
    walk(CONTESTANTS["keepwarm"], programs, 24)  # compiles
    mine, theirs, gap = [], [], 0.0
    for turn in range(options.rounds):
        run = walk(CONTESTANTS["keepwarm"], programs, programs.hours)
        mine.append(1e6 * float(np.mean(run.tell + run.solve)))
        sample = turn % programs.samples
        week = optimize(pypsa_network(programs, sample), "direct")
        theirs.append(1e6 * week.seconds / programs.hours)
        gap = max(gap, abs(float(np.sum(run.objective[:, sample])) / week.objective - 1))
    ours = Spread(tuple(mine))
    rows = [
        _row("keepwarm", ours, ours, gap),
        _row("PyPSA, all hours in one program", Spread(tuple(theirs)), ours, gap),
    ]
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
