"""Whether two runs say the same: every answer and every number of every table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from keepwarm.runs.run import Run

#: Numbers this near to one another are the same, relative and absolute.
NEAR = 1e-6


def differences(one: Run, other: Run) -> list[str]:
    """Say where two runs differ, but for what their audits found and who solved them."""
    answers = [{**run.answers, "audit": None} for run in (one, other)]
    found = list(_apart("answers", *answers))
    for name in ("case", "options", "plan", "settings", "inputs_sha256"):
        found += _apart(name, one.manifest[name], other.manifest[name])
    assert one.tables.keys() == other.tables.keys()
    for name, table in one.tables.items():
        found += _tables_apart(name, table, other.tables[name])
    return found


def _apart(where: str, one: object, other: object) -> Iterator[str]:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if one.keys() != other.keys():
            yield f"{where}: {sorted(set(one) ^ set(other))} in one of them only"
        for key in one.keys() & other.keys():
            yield from _apart(f"{where}.{key}", one[key], other[key])
    elif _listed(one) and _listed(other):
        if len(one) != len(other):
            yield f"{where}: {len(one)} and {len(other)} entries"
        for at, (mine, yours) in enumerate(zip(one, other, strict=False)):
            yield from _apart(f"{where}[{at}]", mine, yours)
    elif isinstance(one, float) and isinstance(other, float):
        if not math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR):
            yield f"{where}: {one} and {other}"
    elif one != other:
        yield f"{where}: {one!r} and {other!r}"


def _listed(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _tables_apart(name: str, one: pa.Table, other: pa.Table) -> Iterator[str]:
    if one.schema != other.schema or one.num_rows != other.num_rows:
        yield f"{name}: other columns or rows"
        return
    for column in one.column_names:
        mine, yours = one.column(column), other.column(column)
        if not pa.types.is_floating(mine.type):
            yield from _apart(f"{name}.{column}", mine.to_pylist(), yours.to_pylist())
            continue
        pair = [np.asarray(part.to_numpy(), dtype=np.float64) for part in (mine, yours)]
        apart = ~np.isclose(*pair, rtol=NEAR, atol=NEAR, equal_nan=True)
        if apart.any():
            row = int(apart.argmax())
            yield f"{name}.{column}, {apart.sum()} rows: {pair[0][row]} and {pair[1][row]}"
