"""Winters walked from the page, in small chunks; where they are stopped, the whole ones count.

A winter follows from the seed and its number alone. So the first 20 of 50 are the risk of 20
winters: what was walked of them is put beside, as the folder that a wish for 20 would have made.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from keepwarm.board.risks import FOLDER
from keepwarm.board.scenarios import name_of
from keepwarm.case.nouns import Case
from keepwarm.ensemble.folder import CHUNKS, STUDY, RiskFolder
from keepwarm.ensemble.risk import CHUNK, QUICK_CHUNK, risk
from keepwarm.ensemble.study import RiskOptions, study_of
from keepwarm.ensemble.works import works

#: Chunks that a wish is cut into, so that little is lost where it is stopped.
_PARTS = 16


@dataclass(frozen=True)
class RiskWork:
    """Many winters, kept in the board's workspace; what is there already is not walked again."""

    case: Case
    options: RiskOptions
    workspace: Path
    workers: int

    @property
    def out(self) -> Path:
        """Where they are kept: the same wish has the same folder."""
        wish = name_of([self.options.document(), dict(self.case.input_hashes)])
        return self.workspace / FOLDER / wish

    @property
    def chunk(self) -> int:
        """Winters that are walked and kept together."""
        most = CHUNK if len(self.case.buildings) else QUICK_CHUNK
        return max(1, min(most, -(-self.options.samples // _PARTS)))


def walk_winters(work: RiskWork, progress: Callable[[int], None]) -> None:
    """Walk the winters that are not kept yet; raises as `keepwarm.ensemble.risk.risk`."""
    risk(
        work.case,
        work.options,
        out=work.out,
        workers=work.workers,
        resume=work.out.is_dir(),
        chunk=work.chunk,
        progress=progress,
    )


def so_far(work: RiskWork) -> RiskWork | None:
    """Finish the risk of those winters that are whole; None where none is.

    Parameters
    ----------
    work
        That was stopped. What is kept of it stays, so that it can go on.

    Returns
    -------
    RiskWork or None
        The risk of the first so many winters, finished in a folder of its own.

    Raises
    ------
    InputError
        When it cannot be written.
    """
    folder, study = RiskFolder(work.out), study_of(work.case, work.options)
    if not (work.out / STUDY).is_file():
        return None
    samples = work.options.samples
    todo = works(samples, study.portfolios, work.chunk)
    whole = next((one.first for one in todo if folder.kept(one) is None), samples)
    if whole == 0:
        return None
    fewer = replace(work, options=replace(work.options, samples=whole))
    _put_beside(work, fewer, study.portfolios)
    risk(fewer.case, fewer.options, out=fewer.out, resume=True, chunk=work.chunk)
    return fewer


def _put_beside(work: RiskWork, fewer: RiskWork, portfolios: int) -> None:
    """Make of the first winters of a risk the beginning of a risk of so many."""
    if fewer.out == work.out:
        return
    target = fewer.out / CHUNKS
    target.mkdir(parents=True, exist_ok=True)
    for one in works(fewer.options.samples, portfolios, work.chunk):
        shutil.copyfile(work.out / CHUNKS / f"{one.name}.npz", target / f"{one.name}.npz")
    study = {**RiskFolder(work.out).study(), "options": fewer.options.document()}
    beside = fewer.out / f".{STUDY}"
    beside.write_text(json.dumps(study, ensure_ascii=False), encoding="utf-8")
    beside.rename(fewer.out / STUDY)
