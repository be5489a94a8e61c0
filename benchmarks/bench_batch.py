"""Whole seasons of many samples on one worker and on two: hours per second, memory per worker.

Each worker walks samples of examples/country through `keepwarm.season.batch`: needs from weather
and rooms, dispatch, sharing of heat, homes, pipes, circuits. Each is a process of its own; two
start together. Memory is the largest resident size of a worker in its life.

    python -m benchmarks.bench_batch [--samples 128] [--hours 168] [--rounds 3]
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from unittest.mock import patch

import numpy as np
from benchmarks.measure import Cell, Spread, machine, one_thread, print_table, write
from benchmarks.programs import COUNTRY, availability

from keepwarm.case.nouns import Ints
from keepwarm.case.read import read_case
from keepwarm.season import Corridor, balanced_start, dispatching, prepare, step
from keepwarm.season.audit import Auditor
from keepwarm.season.batch import BLOCK, march_many
from keepwarm.season.drawn import Drawn
from keepwarm.season.totals import Tally
from keepwarm.solve.simplex import SimplexSolver

MEMORY = (128, 256, 512)  # samples
#: Part of a step -> what does it: module or class, and its function.
PARTS: dict[str, tuple[tuple[object, str], ...]] = {
    "dispatch, all rounds": ((dispatching, "dispatch_block"),),
    "heat need, heaters, gains": (
        (step, "heat_need"),
        (step, "heaters_on"),
        (step, "gains_of_cohorts"),
    ),
    "sharing, levels, restarts": ((step, "shared_heat"), (step, "_carried"), (step, "_flows")),
    "rooms": ((step, "move_rooms"),),
    "pipes and circuits": ((step, "_pipes"), (step, "step_circuits")),
    "sums": ((Tally, "add"),),
    "audit": ((Auditor, "check"),),
}
PATIENCE_S = 600.0  # for the other worker to be ready
_START: list[Barrier] = []  # of this process


@dataclass(frozen=True)
class Share:
    """What one worker does."""

    first: int  # number of its first sample
    samples: int
    hours: int


@dataclass(frozen=True)
class Done:
    """What one worker says."""

    wall: float  # seconds
    cpu: float
    peak_mb: float


def work(share: Share) -> Done:
    """Walk the samples of a share; the clock runs once everybody is ready."""
    corridor = prepare(read_case(COUNTRY))
    solver = SimplexSolver(corridor.template.perturbed_cost, corridor.template.matrix)
    _walk(corridor, solver, np.arange(2), hours=3)  # loads what was compiled
    _START[0].wait(PATIENCE_S)
    wall, cpu = time.perf_counter(), time.process_time()
    _walk(corridor, solver, np.arange(share.first, share.first + share.samples), share.hours)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Done(time.perf_counter() - wall, time.process_time() - cpu, peak)


def _walk(corridor: Corridor, solver: SimplexSolver, samples: Ints, hours: int) -> None:
    """Walk all samples, block by block, and let the results go."""
    case = corridor.case
    first = int(np.searchsorted(case.network.snapshots, case.start))
    for block in march_many(
        corridor,
        lambda numbers: Drawn(availability(len(case.network.assets), numbers)),
        samples=samples,
        first=first,
        steps=hours,
        state=balanced_start(corridor, first),
        solver=solver,
        audited=frozenset(),
    ):
        if block.unsolved:
            raise RuntimeError(f"{len(block.unsolved)} samples were not solved")


def run(samples: int, hours: int, workers: int) -> list[Done]:
    """Let each worker walk so many samples of its own, all at once."""
    context = multiprocessing.get_context("spawn")
    shares = [Share(k * samples, samples, hours) for k in range(workers)]
    with ProcessPoolExecutor(
        workers, context, initializer=_remember, initargs=(context.Barrier(workers),)
    ) as pool:
        return list(pool.map(work, shares))


def _remember(start: Barrier) -> None:
    """Keep what only a new process can be given."""
    _START.append(start)


def parts(samples: int, hours: int) -> list[dict[str, Cell]]:
    """Walk samples on one worker with a clock around each part of a step."""
    corridor = prepare(read_case(COUNTRY))
    solver = SimplexSolver(corridor.template.perturbed_cost, corridor.template.matrix)
    _walk(corridor, solver, np.arange(2), hours=3)
    spent = dict.fromkeys(PARTS, 0.0)

    def timed(part: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*of: object, **named: object) -> object:
            began = time.process_time()
            found = function(*of, **named)
            spent[part] += time.process_time() - began
            return found

        return call

    with ExitStack() as stack:
        for part, places in PARTS.items():
            for owner, name in places:
                function = timed(part, getattr(owner, name))
                stack.enter_context(patch.object(owner, name, function))
        began = time.process_time()
        _walk(corridor, solver, np.arange(samples), hours)
        whole = time.process_time() - began
    spent["draws of the benchmark, and the rest"] = whole - sum(spent.values())
    return [
        {"part": part, "cpu_us": 1e6 * seconds / samples / hours}
        for part, seconds in [*spent.items(), ("all", whole)]
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=128)
    parser.add_argument("--hours", type=int, default=168)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    one_thread()
    run(2, 3, 1)  # compiles, which takes memory
    facts = machine() | {"hours": str(options.hours), "block": str(BLOCK)}
    rows = scaling(options.samples, options.hours, options.rounds)
    print_table(rows)
    print(write("workers", rows, facts))
    own = parts(options.samples, options.hours)
    print_table(own)
    print(write("parts", own, facts))
    memory: list[dict[str, Cell]] = [
        {"samples": samples, "peak_mb": run(samples, options.hours, 1)[0].peak_mb}
        for samples in MEMORY
    ]
    print_table(memory)
    print(write("memory", memory, facts))


def scaling(samples: int, hours: int, rounds: int) -> list[dict[str, Cell]]:
    """Compare one worker with two, taking turns; each walks ``samples`` samples."""
    done: dict[int, list[list[Done]]] = {workers: [] for workers in (1, 2)}
    for _ in range(rounds):
        for workers, runs in done.items():
            runs.append(run(samples, hours, workers))
    rows: list[dict[str, Cell]] = []
    for workers, runs in done.items():
        steps = workers * samples * hours
        speed = Spread(tuple(steps / max(each.wall for each in turn) for turn in runs))
        cpu = Spread(tuple(1e6 * sum(each.cpu for each in turn) / steps for turn in runs))
        rows.append(
            {
                "workers": workers,
                "samples_each": samples,
                "rounds": rounds,
                "median_hours_per_s": speed.median,
                "least_hours_per_s": speed.least,
                "most_hours_per_s": speed.most,
                "median_cpu_us": cpu.median,
                "least_cpu_us": cpu.least,
                "most_cpu_us": cpu.most,
                "peak_mb": max(each.peak_mb for turn in runs for each in turn),
            }
        )
    return rows


if __name__ == "__main__":
    main()
