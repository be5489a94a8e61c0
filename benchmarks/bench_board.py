"""How long a what-if takes on the board: forty random ones on the capital and on the country.

Usage: python -m benchmarks.bench_board [WHAT_IFS]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from benchmarks.measure import Cell, machine, print_table, write

import keepwarm as kw
from keepwarm.board.frames import run_document
from keepwarm.board.wire import packed
from keepwarm.case.nouns import Case, Damage, DamageRow
from keepwarm.case.plan import Deployment, Plan
from keepwarm.runs.what_if import WhatIf

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
#: Case -> where its run begins and how long it is.
SPANS = {"capital": (None, 240.0), "country": ("2026-01-12T00:00:00", 168.0)}
SEED, HOUR, NEVER = 20261123, np.timedelta64(3600, "s"), np.datetime64("NaT", "s")
#: What somebody at the board does, one after the other.
KINDS = ("back", "out", "unit")


@dataclass(frozen=True)
class Change:
    """One what-if: what is changed, the damage after it and the plan with its units."""

    kind: str
    damage: Damage
    plan: Plan | None


def changes(case: Case, damage: Damage, begin: np.datetime64, hours: int) -> Iterator[Change]:
    """Draw what-ifs without end, all of one start: the case's own damage list."""
    stream, network = np.random.default_rng(SEED), case.network
    heat = np.unique(case.buildings.heat_bus[case.buildings.heat_bus >= 0])
    if not heat.size:
        heat = np.unique(case.buildings.power_bus)
    while True:
        for kind in KINDS:
            at = begin + int(stream.integers(0, hours)) * HOUR
            if kind == "back":
                which = int(stream.integers(len(damage)))
                row = damage[which]
                back = replace(row, until=max(at, row.time + HOUR))
                yield Change(kind, (*damage[:which], back, *damage[which + 1 :]), None)
            elif kind == "out":
                asset = int(stream.integers(len(network.assets)))
                row = DamageRow(at, asset, 0.0, NEVER, "what if", "assumed")
                yield Change(kind, (*damage, row), None)
            else:
                bus = int(stream.choice(heat))
                carrier = {"heat": "boiler", "power": "generator"}[network.buses.carrier[bus]]
                name = network.buses.name[bus]
                unit = Deployment("Unit", 1, carrier, "", name, at, NEVER, 5.0, 0.0)
                plan = Plan(case.name, begin, float(hours), "", deployments=(unit,))
                yield Change(kind, damage, plan)


def measured(name: str, count: int) -> list[dict[str, Cell]]:
    """Return a row per kind and one for all: seconds of the walk, of the page's document, bytes."""
    case = kw.read_case(EXAMPLES / name)
    damage = kw.read_damage(case, EXAMPLES / name / "damage.csv")
    start, hours = SPANS[name]
    what_if = WhatIf(case, start=start, hours=hours)
    begin = case.start if start is None else np.datetime64(start, "s")
    drawn = changes(case, damage, begin, int(hours))
    what_if.run(damage)
    found: list[tuple[str, float, float, float, int]] = []
    for _ in range(count + len(KINDS)):  # the first of each kind loads what is compiled
        change = next(drawn)
        began, cpu = time.perf_counter(), time.process_time()
        run = what_if.run(change.damage, plan=change.plan)
        walked = time.perf_counter()
        size = len(packed(run_document(run, "0" * 16, checked=None)))
        done = time.perf_counter()
        spent = time.process_time() - cpu
        found.append((change.kind, walked - began, done - walked, spent, size))
    kept = found[len(KINDS) :]
    return [
        _row(name, kind, [f for f in kept if kind in (f[0], "all")]) for kind in (*KINDS, "all")
    ]


def _row(
    name: str, kind: str, found: list[tuple[str, float, float, float, int]]
) -> dict[str, Cell]:
    whole = np.array([walk + document for _, walk, document, _, _ in found])
    cpu = np.array([spent for *_, spent, _ in found])
    return {
        "case": name,
        "kind": kind,
        "what_ifs": len(found),
        "median_s": float(np.median(whole)),
        "p95_s": float(np.quantile(whole, 0.95)),
        "most_s": float(whole.max()),
        "document_median_s": float(np.median([document for _, _, document, _, _ in found])),
        "cpu_median_s": float(np.median(cpu)),
        "cpu_p95_s": float(np.quantile(cpu, 0.95)),
        "document_kb": float(np.median([size for *_, size in found])) / 1000,
    }


def main() -> None:
    """Measure both cases."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    rows = [row for name in SPANS for row in measured(name, count)]
    write("what_ifs", rows, machine())
    print_table(rows)


if __name__ == "__main__":
    main()
