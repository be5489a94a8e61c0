"""CPU time in interleaved rounds, and result files that say on which machine they came about."""

from __future__ import annotations

import csv
import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results"
_PACKAGES = ("numpy", "scipy", "numba", "highspy", "pypsa", "linopy")

Cell = str | float | int


@dataclass(frozen=True)
class Spread:
    """The same work measured in several rounds."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    @property
    def least(self) -> float:
        return min(self.rounds)

    @property
    def most(self) -> float:
        return max(self.rounds)


def one_thread() -> None:
    """Keep BLAS on one thread; to be called before numpy is imported by a worker."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


def machine() -> dict[str, str]:
    """Return processor, cores, system and versions: nothing that names the machine itself."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()}, Python {platform.python_version()}",
        "versions": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
    }


def _processor() -> str:
    facts: dict[str, str] = {}
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            facts.setdefault(name.strip(), value.strip())
    return facts.get("model name", platform.machine())


def write(name: str, rows: Sequence[Mapping[str, Cell]], facts: Mapping[str, str]) -> Path:
    """Write rows to ``results/NAME.csv`` under comment lines with the facts of the run."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"# {key}: {value}\n" for key, value in facts.items())
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _shown(value) for key, value in row.items()} for row in rows)
    return path


def read(name: str) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Read back what `write` wrote: rows, and the facts of the run."""
    lines = (RESULTS / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    facts = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    return list(csv.DictReader(line for line in lines if not line.startswith("# "))), facts


def _shown(value: Cell) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def print_table(rows: Iterable[Mapping[str, Cell]]) -> None:
    """Print rows in columns as wide as their longest cell."""
    table = [{key: _shown(value) for key, value in row.items()} for row in rows]
    widths = {key: max(len(key), *(len(row[key]) for row in table)) for key in table[0]}
    for row in ({key: key for key in widths}, *table):
        print("  ".join(f"{row[key]:>{width}s}" for key, width in widths.items()))
