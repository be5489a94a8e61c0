"""How long a timetable of a week takes: 12 groups and 200, half-hour slots, on one core.

The evening is short of twice what the night is; groups differ in load, and pickup is three times
the load for half an hour.

    python -m benchmarks.bench_rotation [--rounds 5]
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from benchmarks.measure import Cell, Spread, machine, one_thread, print_table, write

from keepwarm.case.nouns import RotationGroups
from keepwarm.recovery.rotation import Rotation, Shortage, plain_shortage, rotate
from keepwarm.recovery.rotation_rules import Rules

GROUPS = (12, 200)
GOAL_SECONDS = {12: 5.0, 200: 60.0}
DAYS, SLOTS = 7, 48


def week(count: int) -> Shortage:
    """A week in which a sixth to a third of the load is short."""
    hours = np.arange(DAYS * SLOTS) / 2
    share = 0.25 - 0.085 * np.cos(2 * np.pi * (hours - 7.0) / 24)
    load = np.random.default_rng(1).uniform(5.0, 15.0, (count, 1))
    names = tuple(f"{k // 2 + 1}.{k % 2 + 1}" for k in range(count))
    queues = tuple(name.split(".")[0] for name in names)
    groups = RotationGroups(names, queues, np.zeros(count, dtype=np.bool_), np.ones(count))
    start = np.datetime64("2026-01-12T00:00:00")
    return plain_shortage(groups, start, share * load.sum(), load)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    one_thread()
    rows: list[dict[str, Cell]] = []
    for count in GROUPS:
        seconds, found = timed(week(count), rounds)
        hours = found.hours_off
        rows.append(
            {
                "groups": count,
                "slots": DAYS * SLOTS,
                "median_s": round(seconds.median, 2),
                "least_s": round(seconds.least, 2),
                "most_s": round(seconds.most, 2),
                "goal_s": GOAL_SECONDS[count],
                "hours_off_least": float(hours.min()),
                "hours_off_most": float(hours.max()),
                "rules_broken": len(found.gave_way),
            }
        )
    print_table(rows)
    write("rotation", rows, machine())


def timed(shortage: Shortage, rounds: int) -> tuple[Spread, Rotation]:
    seconds, found = [], rotate(shortage, Rules())
    for _ in range(rounds):
        began = time.process_time()
        rotate(shortage, Rules())
        seconds.append(time.process_time() - began)
    return Spread(tuple(seconds)), found


if __name__ == "__main__":
    main()
