"""Many samples on one worker and on two: hours per second, and memory per worker.

A worker walks its samples in chunks: it draws weather and damage, makes the bounds of every hour,
solves, moves the stores and keeps a sum. Each worker is a process of its own; two of them start
together. Memory is the largest resident size of a worker in its life.

    python -m benchmarks.bench_batch [--network NAME] [--samples 128] [--rounds 3]
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier

import numpy as np
from benchmarks.measure import Cell, Spread, machine, one_thread, print_table, write
from benchmarks.networks import HOURS, NETWORKS
from benchmarks.programs import HEAVY, happening, march

from keepwarm.case.nouns import Case
from keepwarm.network import Template, compile_template
from keepwarm.solve.simplex import SimplexSolver

CHUNK = 64
MEMORY = (64, 128, 512)  # samples
PATIENCE_S = 600.0  # for the other worker to be ready
_START: list[Barrier] = []  # of this process


@dataclass(frozen=True)
class Share:
    """What one worker does."""

    network: str
    first: int  # number of its first sample
    samples: int


@dataclass(frozen=True)
class Done:
    """What one worker says."""

    wall: float  # seconds
    cpu: float
    peak_mb: float
    shed_mwh: float


def work(share: Share) -> Done:
    """Walk the samples of a share, chunk by chunk; the clock runs once everybody is ready."""
    case = NETWORKS[share.network]()
    template = compile_template(case)
    solver = SimplexSolver(template.perturbed_cost, template.matrix)
    _chunk(case, template, solver, range(2), hours=3)  # loads what was compiled
    _START[0].wait(PATIENCE_S)
    wall, cpu, shed = time.perf_counter(), time.process_time(), 0.0
    last = share.first + share.samples
    for first in range(share.first, last, CHUNK):
        shed += _chunk(case, template, solver, range(first, min(first + CHUNK, last)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Done(time.perf_counter() - wall, time.process_time() - cpu, peak, shed)


def _chunk(
    case: Case, template: Template, solver: SimplexSolver, samples: range, hours: int = HOURS
) -> float:
    """Return what a chunk of samples sheds (MWh)."""
    solver.restart()
    drawn = [happening(case, template, hours, out=HEAVY, stream=(1, k)) for k in samples]
    need = np.stack([one.need_mw for one in drawn], axis=1)
    available = np.stack([one.available for one in drawn], axis=1)
    return sum(
        float(dispatch.shed_mw.sum()) for _, _, dispatch in march(template, solver, need, available)
    )


def run(network: str, samples: int, workers: int) -> list[Done]:
    """Let each worker walk so many samples of its own, all at once."""
    context = multiprocessing.get_context("spawn")
    shares = [Share(network, k * samples, samples) for k in range(workers)]
    with ProcessPoolExecutor(
        workers, context, initializer=_remember, initargs=(context.Barrier(workers),)
    ) as pool:
        return list(pool.map(work, shares))


def _remember(start: Barrier) -> None:
    """Keep what only a new process can be given."""
    _START.append(start)


def main() -> None:
    options = _options()
    one_thread()
    rows = scaling(options.network, options.samples, options.rounds)
    print_table(rows)
    memory = [
        {
            "samples": samples,
            "chunk": CHUNK,
            "peak_mb": run(options.network, samples, 1)[0].peak_mb,
        }
        for samples in MEMORY
    ]
    print_table(memory)
    facts = machine() | {"network": options.network}
    print(write("workers", rows, facts))
    print(write("memory", memory, facts))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", default="25 regions, transport", choices=NETWORKS)
    parser.add_argument("--samples", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def scaling(network: str, samples: int, rounds: int) -> list[dict[str, Cell]]:
    """Compare one worker with two, taking turns; each walks ``samples`` samples."""
    done: dict[int, list[list[Done]]] = {workers: [] for workers in (1, 2)}
    for _ in range(rounds):
        for workers, runs in done.items():
            runs.append(run(network, samples, workers))
    one = Spread(tuple(_hours_per_second(runs, samples) for runs in done[1]))
    rows: list[dict[str, Cell]] = []
    for workers, runs in done.items():
        speed = Spread(tuple(_hours_per_second(each, samples) for each in runs))
        cpu = [1e6 * each.cpu / (samples * HOURS) for turn in runs for each in turn]
        rows.append(
            {
                "workers": workers,
                "samples_each": samples,
                "rounds": rounds,
                "hours_per_s_median": speed.median,
                "hours_per_s_least": speed.least,
                "hours_per_s_most": speed.most,
                "cpu_us_per_hour": Spread(tuple(cpu)).median,
                "ratio": speed.median / one.median,
                "peak_mb": max(each.peak_mb for turn in runs for each in turn),
            }
        )
    return rows


def _hours_per_second(done: list[Done], samples: int) -> float:
    return len(done) * samples * HOURS / max(each.wall for each in done)


if __name__ == "__main__":
    main()
