"""Two sets of sampled winters side by side, sample by sample where they share them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwarm.case.nouns import Ints, Names
from keepwarm.ensemble.quantities import Samples, difference_of, estimate_of, names_of
from keepwarm.estimate import Estimate

#: Tails that a comparison of everything tells, beside the means.
SHOWN: Names = ("cvar95_",)

#: Samples that both must have before a difference is taken over them.
FEWEST_COMMON = 2


@dataclass(frozen=True)
class SampleDifference:
    """One quantity of two sets of samples; ``difference`` is b less a."""

    name: str
    a: Estimate
    b: Estimate
    difference: Estimate
    paired: bool
    note: str  # how the difference was taken, a sentence

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.name}: {self.a} and {self.b}, difference {self.difference}; {self.note}"


def compare_samples(a: Samples, b: Samples, name: str) -> SampleDifference:
    """Return what the second set of samples has more of than the first.

    Parameters
    ----------
    a, b
        With one seed, samples of one number have drawn the same and are compared pair by pair;
        with two seeds the sets are independent.
    name
        Of a quantity of both, such as ``cvar95_eue_mwh``.

    Returns
    -------
    SampleDifference
        Paired: a, b and their difference over the samples of both. Else over all samples of each;
        the variances add up.

    Raises
    ------
    InputError
        When one of them has no such quantity.
    """
    _, at_a, at_b = np.intersect1d(a.number, b.number, assume_unique=True, return_indices=True)
    if a.seed == b.seed and len(at_a) >= FEWEST_COMMON:
        first, second = _rows(a, at_a), _rows(b, at_b)
        note = f"paired over {len(at_a):,} samples of both"
        if len(at_a) < max(len(a), len(b)):
            note += f", of {len(a):,} and {len(b):,}"
        one, two = estimate_of(first, name), estimate_of(second, name)
        return SampleDifference(name, one, two, difference_of(first, second, name), True, note)
    one, two = estimate_of(a.columns, name), estimate_of(b.columns, name)
    stderr = math.hypot(one.stderr, two.stderr)
    difference = Estimate(two.value - one.value, stderr, min(one.n, two.n), one.unit)
    why = "no samples in common" if a.seed == b.seed else f"seeds {a.seed} and {b.seed}"
    note = f"not paired ({why}): its error is that of two independent sets"
    return SampleDifference(name, one, two, difference, False, note)


def compared(a: Samples, b: Samples, name: str | None = None) -> list[SampleDifference]:
    """Return the differences of two sets of samples: of one quantity, or of all that both have.

    Parameters
    ----------
    a, b
        See `compare_samples`.
    name
        Of a quantity; by default means, NEUE and tail means that are not 0 in both.

    Raises
    ------
    InputError
        When one of them has no such quantity.
    """
    if name is not None:
        return [compare_samples(a, b, name)]
    common = set(names_of(b.columns, SHOWN))
    found = [compare_samples(a, b, one) for one in names_of(a.columns, SHOWN) if one in common]
    return [one for one in found if one.a.value or one.b.value]


def read_back(answers: Mapping[str, object], table: pa.Table, portfolio: str = "") -> Samples:
    """Return the samples that a folder keeps.

    Parameters
    ----------
    answers
        Of the risk: ``seed`` and ``unsolved`` count.
    table
        Its table ``samples``: ``portfolio``, ``sample``, and a column for each quantity.
    portfolio
        Whose samples; by default those without measures.
    """
    rows = table.filter(pc.equal(table.column("portfolio"), portfolio))
    columns = {
        name: np.asarray(rows.column(name).to_numpy(), dtype=np.float64)
        for name in rows.column_names
        if name not in ("portfolio", "sample")
    }
    number = np.asarray(rows.column("sample").to_numpy(), dtype=np.int64)
    seed, unsolved = (int(str(answers[key])) for key in ("seed", "unsolved"))
    return Samples(seed, number, columns, (), {}, unsolved)


def _rows(samples: Samples, at: Ints) -> dict[str, np.ndarray]:
    return {name: values[at] for name, values in samples.columns.items()}
