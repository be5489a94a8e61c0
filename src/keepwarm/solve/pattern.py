"""Sets of numbers as bits, compiled: joined 64 at a time, listed without a look at the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import types
from numba.extending import intrinsic, overload

from keepwarm.case.nouns import Ints
from keepwarm.compiled import inlined

Bits = npt.NDArray[np.uint64]

WORD = 64
NONE, ONE = np.uint64(0), np.uint64(1)


def words(size: int) -> int:
    """Return how many words hold so many bits."""
    return -(-size // WORD)


def lowest(word: int) -> int:
    """Return the number of the lowest bit that is set; one is."""
    word = int(word)
    return (word & -word).bit_length() - 1


@intrinsic
def _trailing_zeros(_: Any, word: Any) -> Any:
    """One instruction, which numba does not offer in public."""

    def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        never_zero = context.get_constant(types.boolean, True)
        return builder.cttz(arguments[0], never_zero)

    return types.intp(word), generate


_compiled: Any = _trailing_zeros


@overload(lowest)
def _lowest(word: Any) -> Any:
    def one_instruction(word: Any) -> Any:
        return _compiled(word)

    return one_instruction


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
