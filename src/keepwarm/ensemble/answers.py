"""What the samples of a study say: estimates, curves, the worst winters, tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from keepwarm.case.nouns import Floats
from keepwarm.damage import availability
from keepwarm.ensemble.chunks import Chunk
from keepwarm.ensemble.columns import samples_of
from keepwarm.ensemble.estimates import exceedance
from keepwarm.ensemble.exact import exact
from keepwarm.ensemble.measure_answers import measure_answers, plain
from keepwarm.ensemble.quantities import REGION_TAILS, Samples, bounds, estimates
from keepwarm.ensemble.stopping import convergence
from keepwarm.ensemble.study import Study
from keepwarm.estimate import Estimate
from keepwarm.season.audit import joined

#: Samples that are named as the worst, for each quantity told of.
WORST = 5

#: Quantities whose curve, convergence and worst samples are told, where a case has them.
TOLD = ("eue_mwh", "eue_heat_mwh", "eue_gas_mwh", "people_hours_below_12", "buildings_frozen")


@dataclass(frozen=True)
class Answers:
    """What is said of a study: for people and scripts, and as tables."""

    document: Mapping[str, object]
    tables: Mapping[str, pa.Table]


def answers_of(study: Study, chunks: Sequence[Chunk]) -> Answers:
    """Return what samples say.

    Parameters
    ----------
    study
        That they are of.
    chunks
        One for each portfolio, the one without measures first.
    """
    base = samples_of(study.case, study.seed, chunks[0])
    whole = estimates(base.columns)
    by_region = {name: estimates(base.of_region(name), REGION_TAILS) for name in base.regions}
    told = [name for name in TOLD if name in base.columns and base.columns[name].any()]
    audit = joined(chunk.audit for chunk in chunks)
    document: dict[str, object] = {
        "case": study.case.name,
        "start": str(study.start),
        "hours": study.hours,
        "seed": study.seed,
        "samples": len(base) + base.unsolved,
        "unsolved": base.unsolved,
        "estimates": {name: plain(one) for name, one in whole.items()},
        "by_region": {
            region: {name: plain(one) for name, one in found.items()}
            for region, found in by_region.items()
        },
        "bounds": _bounds(base, told),
        "worst": {name: _worst(base, name) for name in told},
        "convergence": {
            name: [plain(one) for one in convergence(base.columns, name)] for name in told
        },
        "exceedance": {name: _curve(base, name) for name in told},
        "audit": {
            "steps_checked": audit.steps_checked,
            "max_relative_gap": audit.max_relative_gap,
            "max_shed_gap": audit.max_shed_gap,
            "max_balance_error_mw": audit.max_balance_error_mw,
        },
    }
    tables = {
        "samples": _samples_table(chunks, study),
        "samples_by_region": _region_table(base),
        "estimates": _estimates_table([(None, whole), *by_region.items()]),
        "exceedance": _exceedance_table(base, told),
        "convergence": _convergence_table(base, told),
        "unsolved": _unsolved_table(chunks),
    }
    portfolios = study.measures.portfolios
    if portfolios:
        walked = {
            one.name: samples_of(study.case, study.seed, chunk)
            for one, chunk in zip(portfolios, chunks[1:], strict=True)
        }
        tails = [f"{prefix}{name}" for name in TOLD for prefix in ("", "cvar95_")]
        document["measures"], tables["measures"] = measure_answers(
            base, walked, study.measures, tuple(tails)
        )
    return Answers(document, tables)


def exact_answers(study: Study) -> Answers:
    """Return what random failures come to without samples.

    Raises
    ------
    InputError
        When that is not possible, saying why.
    """
    case = study.case
    standing = availability(case, study.damage, study.start, study.steps)
    found = exact(case, first=study.first, steps=study.steps, standing=standing)
    document: dict[str, object] = {
        "case": case.name,
        "start": str(study.start),
        "hours": study.hours,
        "samples": 0,
        "unsolved": 0,
        "exact": True,
        "estimates": {name: plain(one) for name, one in found.items()},
        "by_region": {},
    }
    return Answers(document, {"estimates": _estimates_table([(None, found)])})


def _bounds(samples: Samples, told: Sequence[str]) -> dict[str, object]:
    """Return what quantities may be at most and least, where samples are missing."""
    if not samples.unsolved:
        return {}
    return {name: list(bounds(samples.columns, name, samples.unsolved)) for name in told}


def _worst(samples: Samples, name: str) -> list[dict[str, object]]:
    """Return the samples with most of a quantity, the worst first; of equals the first."""
    values = samples.columns[name]
    order = np.lexsort((samples.number, -values))[:WORST].tolist()
    return [{"sample": int(samples.number[at]), "value": float(values[at])} for at in order]


def _curve(samples: Samples, name: str) -> list[dict[str, float]]:
    found = exceedance(samples.columns[name], "")
    rows = zip(found.level.tolist(), found.share.tolist(), found.stderr.tolist(), strict=True)
    return [{"level": level, "share": share, "stderr": stderr} for level, share, stderr in rows]


def _samples_table(chunks: Sequence[Chunk], study: Study) -> pa.Table:
    """Return one row for each solved sample and portfolio; no portfolio is the empty name."""
    names = ("", *(one.name for one in study.measures.portfolios))
    tables = []
    for name, chunk in zip(names, chunks, strict=True):
        samples = samples_of(study.case, study.seed, chunk)
        columns = {
            "portfolio": pa.array([name] * len(samples), pa.string()),
            "sample": pa.array(samples.number),
        }
        columns |= {column: pa.array(row) for column, row in samples.columns.items()}
        tables.append(pa.table(columns))
    return pa.concat_tables(tables).combine_chunks()


def _region_table(samples: Samples) -> pa.Table:
    """Return one row for each sample and region."""
    count, regions = len(samples), len(samples.regions)
    number, region = np.repeat(samples.number, regions), np.tile(np.arange(regions), count)
    names = pa.DictionaryArray.from_arrays(pa.array(region), pa.array(samples.regions, pa.string()))
    columns = {"sample": pa.array(number), "region": names.cast(pa.string())}
    flat = {name: pa.array(table.ravel()) for name, table in samples.by_region.items()}
    return pa.table(columns | flat)


def _estimates_table(found: Sequence[tuple[str | None, Mapping[str, Estimate]]]) -> pa.Table:
    rows = [(region, name, one) for region, each in found for name, one in each.items()]
    stderr = np.array([one.stderr for _, _, one in rows], dtype=np.float64)
    return pa.table(
        {
            "region": pa.array([region for region, _, _ in rows], pa.string()),
            "quantity": pa.array([name for _, name, _ in rows], pa.string()),
            "value": pa.array([one.value for _, _, one in rows], pa.float64()),
            "stderr": pa.array(stderr, mask=~np.isfinite(stderr)),
            "n": pa.array([one.n for _, _, one in rows], pa.int64()),
            "unit": pa.array([one.unit for _, _, one in rows], pa.string()),
        }
    )


def _exceedance_table(samples: Samples, told: Sequence[str]) -> pa.Table:
    curves = [(name, exceedance(samples.columns[name], "")) for name in told]
    return pa.table(
        {
            "quantity": pa.array([name for name, one in curves for _ in one.level], pa.string()),
            "level": _joined([one.level for _, one in curves]),
            "share": _joined([one.share for _, one in curves]),
            "stderr": _joined([one.stderr for _, one in curves]),
        }
    )


def _convergence_table(samples: Samples, told: Sequence[str]) -> pa.Table:
    rows = [(name, one) for name in told for one in convergence(samples.columns, name)]
    stderr = np.array([one.stderr for _, one in rows], dtype=np.float64)
    return pa.table(
        {
            "quantity": pa.array([name for name, _ in rows], pa.string()),
            "n": pa.array([one.n for _, one in rows], pa.int64()),
            "value": pa.array([one.value for _, one in rows], pa.float64()),
            "stderr": pa.array(stderr, mask=~np.isfinite(stderr)),
        }
    )


def _unsolved_table(chunks: Sequence[Chunk]) -> pa.Table:
    rows = [(k, one) for k, chunk in enumerate(chunks) for one in chunk.unsolved]
    return pa.table(
        {
            "portfolio": pa.array([k for k, _ in rows], pa.int64()),
            "sample": pa.array([one.sample for _, one in rows], pa.int64()),
            "step": pa.array([one.step for _, one in rows], pa.int64()),
            "status": pa.array([one.status for _, one in rows], pa.string()),
        }
    )


def _joined(parts: Sequence[Floats]) -> pa.Array:
    return pa.array(np.concatenate([np.zeros(0), *parts]))
