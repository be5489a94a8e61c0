"""Two sets of sampled winters side by side, sample by sample where they share them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Ints
from keepwarm.ensemble.quantities import Samples, difference_of, estimate_of
from keepwarm.estimate import Estimate

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


def _rows(samples: Samples, at: Ints) -> dict[str, np.ndarray]:
    return {name: values[at] for name, values in samples.columns.items()}
