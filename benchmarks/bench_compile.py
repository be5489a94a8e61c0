"""What the first call of the compiled solver costs: never compiled before, and from the cache.

Each is a process of its own: seconds from its start to the first solved hour, beside the same with
HiGHS, which is how a single event is solved.

    python -m benchmarks.bench_compile [--rounds 3]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time

from benchmarks.measure import Cell, Spread, machine, print_table, write

_SOLVE = """
from benchmarks.networks import country
from keepwarm.network import compile_template, step_bounds
from keepwarm.solve.{module} import {name}
from keepwarm.validation.one_step import need_of_loads
import numpy as np
case = country(5)
t = compile_template(case)
b = step_bounds(t, hour=0, need_mw=need_of_loads(case, t.needs, 0),
    available=np.ones(len(case.network.assets)), level_mwh=case.network.storages.e_initial_mwh)
solved = {name}(t.perturbed_cost, t.matrix).solve(b.lower, b.upper, b.rhs)
assert solved.optimal
"""


def seconds(module: str, name: str, cache: str) -> float:
    """Return wall seconds of a new process that solves one hour."""
    before = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", _SOLVE.format(module=module, name=name)],
        check=True,
        env=os.environ | {"NUMBA_CACHE_DIR": cache},
    )
    return time.perf_counter() - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    took: dict[str, list[float]] = {"never compiled": [], "from the cache": [], "HiGHS": []}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as cache:
            took["never compiled"].append(seconds("simplex", "SimplexSolver", cache))
            took["from the cache"].append(seconds("simplex", "SimplexSolver", cache))
            took["HiGHS"].append(seconds("highs", "HighsSolver", cache))
    rows: list[dict[str, Cell]] = []
    for label, each in took.items():
        spread = Spread(tuple(each))
        rows.append(
            {
                "process": label,
                "rounds": rounds,
                "median_s": spread.median,
                "least_s": spread.least,
                "most_s": spread.most,
            }
        )
    print_table(rows)
    print(write("compile", rows, machine()))


if __name__ == "__main__":
    main()
