"""Risk: many winters walked, kept as they are done, and what they say."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from keepwarm.case.nouns import Case
from keepwarm.ensemble.answers import answers_of, exact_answers
from keepwarm.ensemble.chunks import from_bytes
from keepwarm.ensemble.folder import (
    KIND,
    MANIFEST,
    SCHEMA,
    RiskFolder,
    RiskRun,
    differing,
    read_risk,
    refusal,
)
from keepwarm.ensemble.keeping import Kept, refuse_unknown_measure
from keepwarm.ensemble.study import RiskOptions, Study, study_of
from keepwarm.ensemble.workers import Progress, Results, alone, side_by_side
from keepwarm.ensemble.works import Work, chunk_size
from keepwarm.errors import AuditError
from keepwarm.runs.tables import places_table

#: Most samples in a chunk: what is lost at most, for each worker, when a machine stops. A case
#: without homes is walked much faster.
CHUNK, QUICK_CHUNK = 128, 4096

Doing = Callable[[Study, Iterator[Work], Progress], Results]


def risk(
    case: Case,
    options: RiskOptions,
    *,
    out: Path,
    workers: int = 1,
    cluster: str | None = None,
    resume: bool = False,
    chunk: int | None = None,
    progress: Progress | None = None,
) -> RiskRun:
    """Walk many samples of a season and say how bad it can get, each number with its error.

    Parameters
    ----------
    case
        From `read_case`.
    options
        How many samples, of what.
    out
        The folder that keeps them.
    workers
        Processes on this machine.
    cluster
        Address of a Dask scheduler (tcp://...) that is to do the work in their place. Its workers
        unpickle code: a trusted network, or TLS, only.
    resume
        Go on with what ``out`` holds; its options must be these.
    chunk
        Samples that are walked and kept together, by default as many as suit the case. What comes
        out does not depend on it, nor on the number of workers, nor on interruptions.
    progress
        Told of steps as they are walked: how many since it was told last.

    Returns
    -------
    RiskRun
        In its folder.

    Raises
    ------
    InputError
        When options, case or folder are wrong, or the disk is full; what was done is kept.
    AuditError
        When steps solved again differ; the chunks are kept.
    """
    study = study_of(case, options)
    document, folder = _document(study), RiskFolder(out)
    tell: Progress = progress or (lambda _: None)
    refuse_unknown_measure(study)
    exactly = exact_answers(study) if options.exact else None
    with folder.held():
        if resume:
            _refuse_other(folder, study, document)
            if (out / MANIFEST).is_file():
                return read_risk(out)
        else:
            folder.begin(document)
        if exactly is not None:
            tables = {**exactly.tables, "places": _places(case)}
            return folder.finish({**document, "answers": exactly.document}, tables)
        most = CHUNK if len(case.buildings) else QUICK_CHUNK
        size = chunk or chunk_size(options.samples, most)
        kept = _walked(study, folder, _doing(workers, cluster), size, tell)
        chunks = [kept.chunk(portfolio, kept.samples) for portfolio in range(study.portfolios)]
        failures = [text for each in chunks for text in each.audit.failures()]
        if failures:
            raise AuditError(f"audit failed: {'; '.join(dict.fromkeys(failures))}")
        answers = answers_of(study, chunks)
        manifest = {**document, "answers": answers.document}
        return folder.finish(manifest, {**answers.tables, "places": _places(case)})


def _places(case: Case) -> pa.Table:
    """Return what a map of the regions needs; unknown is null, so that tables compare."""
    table = places_table(case).select(["region", "labels", "people", "lon", "lat", "outline"])
    for at, name in enumerate(table.column_names):
        if pa.types.is_floating(table.schema.field(name).type):
            known = pa.array(table[name].to_numpy(), from_pandas=True)
            table = table.set_column(at, name, known)
    return table


def _doing(workers: int, cluster: str | None) -> Doing:
    if cluster is not None:
        from keepwarm.ensemble.cluster import on_cluster

        return lambda study, todo, tell: on_cluster(study, todo, tell, address=cluster)
    if workers == 1:
        return alone
    return lambda study, todo, tell: side_by_side(study, todo, tell, workers=workers)


def _walked(study: Study, folder: RiskFolder, doing: Doing, size: int, tell: Progress) -> Kept:
    """Walk what the folder does not hold, until all is done or enough."""
    kept = Kept(study, folder, size, tell)
    with contextlib.closing(doing(study, kept.missing(), tell)) as results:
        for work, data in results:
            folder.keep(work, data)
            kept.add(work, from_bytes(data))
            if kept.enough is not None:
                break
    return kept


def _document(study: Study) -> dict[str, object]:
    """Return what decides the results, to the last bit."""
    import numba

    from keepwarm import __version__
    from keepwarm.solve.highs import highs_version

    case = study.case
    return {
        "schema": SCHEMA,
        "kind": KIND,
        "keepwarm": __version__,
        "case": {
            "name": case.name,
            "title": case.title,
            "time_zone": case.time_zone,
            "provenance": case.provenance,
        },
        "inputs_sha256": dict(case.input_hashes),
        "solver": {
            "name": "simplex",
            "highs": highs_version(),
            "numpy": np.__version__,
            "numba": numba.__version__,
        },
        "options": study.options.document(),
    }


def _refuse_other(folder: RiskFolder, study: Study, document: Mapping[str, object]) -> None:
    """Refuse to go on with what another case, other options or another version began."""
    kept = folder.study()
    for key, what in (
        ("schema", "of another version of keepwarm"),
        ("keepwarm", "of another version of keepwarm"),
        ("solver", "of other versions of numpy, numba or HiGHS"),
        ("case", "of another case"),
        ("options", "of other options"),
    ):
        if kept.get(key) != _as_json(document[key]):
            expected = f"{key} {_short(kept.get(key))}; here it is {_short(document[key])}"
            raise refusal(folder.out, f"holds a risk {what}", expected)
    other = differing(kept.get("inputs_sha256"), study.case.input_hashes)
    if other:
        found = f"holds a risk of other files of the case: {other}"
        raise refusal(folder.out, found, "the case as it was")


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}..."


def _as_json(value: object) -> object:
    return json.loads(json.dumps(value))
