"""Wall time of whole commands: what somebody at a desk waits for.

Usage: python -m benchmarks.bench_commands [REPEATS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
KEEPWARM = str(Path(sys.executable).parent / "keepwarm")


def commands(out: Path) -> list[list[str]]:
    """The commands that are timed, in this order; the page is made from the run before it."""
    town, capital, run = str(EXAMPLES / "town"), str(EXAMPLES / "capital"), str(out / "run")
    return [
        ["--help"],
        ["check", town],
        ["check", capital],
        ["run", town, "--damage", f"{town}/damage.csv", "--out", str(out / "town")],
        ["run", capital, "--hours", "240", "--json", "--out", str(out / "intact")],
        ["run", capital, "--damage", f"{capital}/damage.csv", "--out", run],
        ["brief", run, "--html", str(out / "brief.html")],
    ]


def seconds(arguments: list[str]) -> float:
    """Wall seconds of one command in a process of its own."""
    began = time.perf_counter()
    subprocess.run([KEEPWARM, *arguments], check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    """Print the best and the median of each command."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"{'best':>7} {'median':>7}  seconds of {repeats}")
    with tempfile.TemporaryDirectory() as folder:
        for arguments in commands(Path(folder)):
            took = [seconds(arguments) for _ in range(repeats)]
            shown = " ".join(part.replace(f"{EXAMPLES}/", "") for part in arguments)
            shown = shown.replace(f"{folder}/", "")
            print(f"{min(took):7.2f} {statistics.median(took):7.2f}  keepwarm {shown}")


if __name__ == "__main__":
    main()
