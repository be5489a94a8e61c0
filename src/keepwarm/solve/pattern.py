"""Sets of numbers as bits, compiled: joined 64 at a time, listed without a look at the rest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from keepwarm.case.nouns import Ints
from keepwarm.compiled import inlined, lowest

Bits = npt.NDArray[np.uint64]

WORD = 64
NONE, ONE = np.uint64(0), np.uint64(1)


def words(size: int) -> int:
    """Return how many words hold so many bits."""
    return -(-size // WORD)


@inlined
def set_bit(bits: Bits, number: int) -> None:
    """Set one bit."""
    bits[number // WORD] |= ONE << np.uint64(number % WORD)


@inlined
def clear_bit(bits: Bits, number: int) -> None:
    """Clear one bit."""
    bits[number // WORD] &= ~(ONE << np.uint64(number % WORD))


@inlined
def list_bits(bits: Bits, numbers: Ints) -> int:
    """List the numbers of the bits that are set; return how many they are."""
    count = 0
    for w in range(bits.size):
        word = bits[w]
        while word != NONE:
            numbers[count] = WORD * w + lowest(word)
            count += 1
            word &= word - ONE
    return count
