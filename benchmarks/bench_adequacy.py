"""Years of RTS-79 on one bus per second, on one core, beside a plain NumPy version; memory.

The NumPy version draws times up and down of each unit of a year at once, notes changes of capacity
by hour, adds them up and compares with the load: one year after the other. Ours goes through the
general screening (`keepwarm.season.independent`), draws included. Both answer LOLH and EUE.

    python -m benchmarks.bench_adequacy [--years 20000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from benchmarks.measure import Cell, Spread, machine, one_thread, print_table, write

from keepwarm.case.nouns import Case, Floats
from keepwarm.case.read import read_case
from keepwarm.damage.random_failures import draw_failures, failing
from keepwarm.season import prepare
from keepwarm.season.independent import independent, walk_independent
from keepwarm.solve.simplex import SimplexSolver
from keepwarm.validation.folders import CASES

FOLDER = CASES / "rts79_generation" / "base"
MEMORY = (10_000, 100_000)  # years
#: Years that the NumPy version walks for each hundred of ours: it takes longer.
PLAIN_SHARE = 20


class Ours:
    """The general walk, prepared once as in a run."""

    name = "keepwarm"

    def __init__(self) -> None:
        self._case = read_case(FOLDER)
        corridor = prepare(self._case)
        self._template, self._rows = corridor.template, failing(self._case)
        self._steps = len(self._case.network.snapshots)
        self._made = independent(corridor, first=0, steps=self._steps)

    def years(self, count: int, seed: int) -> tuple[float, float]:
        """Return mean LOLH and EUE."""
        template = self._template
        blocks = walk_independent(
            self._made,
            lambda numbers: draw_failures(self._rows, numbers, seed=seed, hours=self._steps),
            samples=np.arange(count),
            solver=SimplexSolver(template.perturbed_cost, template.matrix),
            audited=frozenset(),
        )
        lolh = eue = 0.0
        for block in blocks:
            lolh += float(block.totals.short_hours[:, 0].sum())
            eue += float(block.totals.unserved_mwh[:, 0].sum())
        return lolh / count, eue / count


class Plain:
    """One year after the other in NumPy."""

    name = "plain NumPy"

    def __init__(self) -> None:
        case = read_case(FOLDER)
        network = case.network
        self._mw, self._load = network.generators.p_nom_mw, network.loads.p_set_mw[:, 0]
        self._up, self._down = network.assets.mttf_hours, network.assets.mttr_hours
        self._cycles = _enough_cycles(case)

    def years(self, count: int, seed: int) -> tuple[float, float]:
        """Return mean LOLH and EUE."""
        rng = np.random.default_rng(seed)
        lolh = eue = 0.0
        for _ in range(count):
            short = np.maximum(self._load - self._capacity(rng), 0.0)
            lolh += np.count_nonzero(short > 1e-6)
            eue += short.sum()
        return lolh / count, eue / count

    def _capacity(self, rng: np.random.Generator) -> Floats:
        """Return the capacity of each hour of a year."""
        steps, units = self._load.size, self._mw.size
        out = rng.random(units) < self._down / (self._up + self._down)
        times = rng.standard_exponential((units, self._cycles, 2))
        times[..., 0] *= self._up[:, None]
        times[..., 1] *= self._down[:, None]
        times[out, 0, 0] = 0.0  # found out at the start
        moments = np.ceil(np.cumsum(times.reshape(units, -1), axis=1)).astype(np.int64)
        begin, end = (np.minimum(moments[:, k::2], steps).ravel() for k in (0, 1))
        mw = np.repeat(self._mw, self._cycles)
        change = np.bincount(end, mw, steps + 1) - np.bincount(begin, mw, steps + 1)
        return self._mw.sum() + np.cumsum(change[:steps])


def _enough_cycles(case: Case) -> int:
    """Return how many times a unit can fail in a year, all but never exceeded."""
    assets, hours = case.network.assets, len(case.network.snapshots)
    most = float((hours / (assets.mttf_hours + assets.mttr_hours)).max())
    return int(most + 8 * np.sqrt(most)) + 4


def peak_mb(years: int) -> float:
    """Return the largest resident size of a process that walks so many years."""
    Ours().years(years, seed=1)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--years", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    one_thread()
    contestants: tuple[Ours | Plain, ...] = (Ours(), Plain())
    speed: dict[str, list[float]] = {one.name: [] for one in contestants}
    found: dict[str, tuple[float, float]] = {}
    for one in contestants:
        one.years(20, seed=0)  # compiles, or warms up
    for turn in range(options.rounds):
        for one in contestants:
            years = options.years if isinstance(one, Ours) else options.years // PLAIN_SHARE
            begun = time.process_time()
            found[one.name] = one.years(years, seed=turn)
            speed[one.name].append(years / (time.process_time() - begun))
    spreads = {name: Spread(tuple(each)) for name, each in speed.items()}
    rows: list[dict[str, Cell]] = [
        {
            "program": name,
            "median_years_per_cpu_s": spread.median,
            "least": spread.least,
            "most": spread.most,
            "times_plain": spread.median / spreads[Plain.name].median,
            "lolh_hours": found[name][0],
            "eue_mwh": found[name][1],
        }
        for name, spread in spreads.items()
    ]
    facts = machine() | {"years": str(options.years), "rounds": str(options.rounds)}
    print_table(rows)
    print(write("adequacy", rows, facts))
    context = multiprocessing.get_context("spawn")
    memory: list[dict[str, Cell]] = []
    for years in MEMORY:
        with ProcessPoolExecutor(1, context) as pool:
            memory.append({"years": years, "peak_mb": pool.submit(peak_mb, years).result()})
    print_table(memory)
    print(write("adequacy_memory", memory, facts))


if __name__ == "__main__":
    main()
