"""Whole winters of examples/country under heavy damage, as `keepwarm risk` walks them.

Random failures, strikes, storms and cold by examples/country/hazard.toml, repair times and weather
drawn for each sample; hourly over the whole season of 180 days. One worker, with half and with all
of the samples; two; and two workers of a Dask scheduler on this machine. Memory is that of all
processes together, looked at twice a second.

    python -m benchmarks.bench_risk [--samples 256] [--rounds 2]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from benchmarks.measure import Cell, Spread, machine, print_table, write

CASE = "examples/country"
ASKED = (
    *("--random-failures", "--hazard", f"{CASE}/hazard.toml", "--repair-times"),
    *("--weather", "generated", "--seed", "1", "--json"),
)
HOURS = 4320
GOAL_SAMPLES = 10_000


@dataclass
class Watched:
    """What a command and all its children take."""

    wall: float = 0.0
    peak_mb: float = 0.0
    _done: threading.Event = field(default_factory=threading.Event)

    def follow(self, roots: list[psutil.Process]) -> None:
        """Look at the memory of processes and their children until told to stop."""
        while not self._done.wait(0.5):
            total = 0
            for root in roots:
                try:
                    total += sum(
                        one.memory_info().rss for one in (root, *root.children(recursive=True))
                    )
                except psutil.NoSuchProcess:
                    continue
            self.peak_mb = max(self.peak_mb, total / 2**20)

    def stop(self) -> None:
        self._done.set()


def risk(samples: int, *how: str, beside: tuple[int, ...] = ()) -> Watched:
    """Run the command once; ``beside`` are processes that work for it."""
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "risk")
        asked = [*ASKED, "--samples", str(samples), "--out", out, *how]
        began = time.perf_counter()
        started = subprocess.Popen(
            [sys.executable, "-m", "keepwarm", "risk", CASE, *asked],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        watched = Watched()
        roots = [psutil.Process(pid) for pid in (started.pid, *beside)]
        thread = threading.Thread(target=watched.follow, args=(roots,))
        thread.start()
        code = started.wait()
        watched.wall = time.perf_counter() - began
        watched.stop()
        thread.join()
    if code:
        raise RuntimeError(f"keepwarm risk ended with {code}")
    return watched


@contextmanager
def cluster(workers: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Start a scheduler and workers; give the address and their processes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scheduler.json"
        alike = ("--scheduler-file", str(file), "--no-dashboard")
        own = [_dask("scheduler", "--host", "127.0.0.1", "--port", "0", *alike)]
        one_thread = ("--nthreads", "1", "--no-nanny", "--local-directory", folder)
        own += [_dask("worker", *one_thread, *alike) for _ in range(workers)]
        try:
            from distributed import Client

            with Client(scheduler_file=str(file), timeout=60, set_as_default=False) as client:
                client.wait_for_workers(workers, timeout=120)
                yield client.scheduler.address, tuple(process.pid for process in own)
        finally:
            for process in own:
                process.kill()
                process.wait()


def _dask(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    risk(2, "--hours", "48", "--workers", "1")  # compiles
    samples = options.samples
    ways = {
        "one worker, half of the samples": (samples // 2, "--workers", "1"),
        "one worker": (samples, "--workers", "1"),
        "two workers": (samples, "--workers", "2"),
        "two Dask workers": (samples,),
    }
    found: dict[str, list[Watched]] = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, (count, *how) in ways.items():
            if how:
                found[name].append(risk(count, *how))
                continue
            with cluster(2) as (address, processes):
                found[name].append(risk(count, "--cluster", address, beside=processes))
    rows: list[dict[str, Cell]] = []
    for name, (count, *_) in ways.items():
        wall = Spread(tuple(one.wall for one in found[name]))
        rows.append(
            {
                "way": name,
                "samples": count,
                "median_s": wall.median,
                "least_s": wall.least,
                "most_s": wall.most,
                "us_per_sample_and_hour": 1e6 * wall.median / (count * HOURS),
                "minutes_for_10000": wall.median / count * GOAL_SAMPLES / 60,
                "peak_mb": max(one.peak_mb for one in found[name]),
            }
        )
    print_table(rows)
    print(write("risk", rows, machine()))


if __name__ == "__main__":
    main()
