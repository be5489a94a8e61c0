"""What some samples came to, as one piece that can be sent, kept in a file and read back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

import numpy as np

from keepwarm.season.audit import Audit
from keepwarm.season.audit import joined as joined_audits
from keepwarm.season.batch import Unsolved
from keepwarm.season.totals import Totals


@dataclass(frozen=True)
class Chunk:
    """What some samples came to: sums of those walked to the end, and those given up."""

    totals: Totals
    unsolved: tuple[Unsolved, ...]
    audit: Audit


def merged(chunks: Sequence[Chunk]) -> Chunk:
    """Return several chunks as one, samples in the order of the chunks; at least one of them."""
    return Chunk(
        Totals(
            **{
                field.name: np.concatenate([getattr(chunk.totals, field.name) for chunk in chunks])
                for field in fields(Totals)
            }
        ),
        tuple(one for chunk in chunks for one in chunk.unsolved),
        joined_audits(chunk.audit for chunk in chunks),
    )


def upto(chunk: Chunk, samples: int) -> Chunk:
    """Return what is in a chunk of the samples numbered below ``samples``; its audit stays."""
    rows = chunk.totals.sample < samples
    return Chunk(
        Totals(**{field.name: getattr(chunk.totals, field.name)[rows] for field in fields(Totals)}),
        tuple(one for one in chunk.unsolved if one.sample < samples),
        chunk.audit,
    )


def to_bytes(chunk: Chunk) -> bytes:
    """Return a chunk as bytes: numpy's archive of arrays, each with its checksum; no pickles."""
    held = io.BytesIO()
    np.savez(
        held,
        allow_pickle=False,
        audit=np.array(astuple(chunk.audit), dtype=np.float64),
        unsolved=np.array([(one.sample, one.step) for one in chunk.unsolved], dtype=np.int64),
        status=np.array([one.status for one in chunk.unsolved], dtype=np.str_),
        **{f"totals_{field.name}": getattr(chunk.totals, field.name) for field in fields(Totals)},
    )
    return held.getvalue()


def from_bytes(data: bytes) -> Chunk:
    """Return a chunk that `to_bytes` wrote.

    Raises
    ------
    ValueError
        When the bytes are not whole, or not a chunk.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as found:
            totals = Totals(
                **{field.name: found[f"totals_{field.name}"] for field in fields(Totals)}
            )
            checked, gap, shed_gap, balance, boxes = found["audit"].tolist()
            where, status = found["unsolved"].reshape(-1, 2).tolist(), found["status"].tolist()
    except (KeyError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise ValueError(f"no whole chunk of samples: {error}") from error
    given_up = tuple(
        Unsolved(sample, step, text) for (sample, step), text in zip(where, status, strict=True)
    )
    return Chunk(totals, given_up, Audit(int(checked), gap, shed_gap, balance, int(boxes)))
