"""The random numbers of `keepwarm.streams`, compiled: the same numbers, without an object each.

A generator of numpy costs more to make than a whole year of failures costs to draw.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import types
from numba.extending import intrinsic, overload

from keepwarm.case.nouns import Floats
from keepwarm.compiled import compiled, inlined

Words = npt.NDArray[np.uint64]

#: What a stream keeps: counter (4), key (2), the numbers of the last block (4), those of it given.
STATE = 11

_KEY, _BLOCK, _GIVEN = 4, 6, 10
_ROUNDS = 10
_M0, _M1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_W0, _W1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_ONE, _FOUR, _SHIFT = np.uint64(1), np.uint64(4), np.uint64(11)
_UNIT = 2.0**-53


def high_word(a: int | np.uint64, b: int | np.uint64) -> int:
    """Return the upper 64 bits of the product of two words."""
    return (int(a) * int(b)) >> 64


@intrinsic
def _high_word(_: Any, a: Any, b: Any) -> Any:
    """One instruction, which numba does not offer in public."""

    def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        del context
        narrow = arguments[0].type
        wide = type(narrow)(128)
        factors = [builder.zext(each, wide) for each in arguments]
        upper = builder.lshr(builder.mul(*factors), wide(64))
        return builder.trunc(upper, narrow)

    return types.uint64(a, b), generate


_compiled: Any = _high_word


@overload(high_word)
def _overloaded(a: Any, b: Any) -> Any:
    def one_instruction(a: Any, b: Any) -> Any:
        return _compiled(a, b)

    return one_instruction


@inlined
def begin(state: Words, seed: int, source: int, sample: int, part: int) -> None:
    """Stand at the start of one part of a sample's stream.

    Part 0 is where `keepwarm.streams.stream` begins; parts are 2**64 blocks apart.
    """
    state[0], state[1], state[2], state[3] = np.uint64(0), np.uint64(part), np.uint64(sample), 0
    state[_KEY], state[_KEY + 1] = np.uint64(seed), np.uint64(source)
    state[_GIVEN] = _FOUR


@compiled
def _next_block(state: Words) -> None:
    """Philox 4x64-10 of the next counter."""
    state[0] += _ONE
    c0, c1, c2, c3 = state[0], state[1], state[2], state[3]
    k0, k1 = state[_KEY], state[_KEY + 1]
    for _ in range(_ROUNDS):
        high0, high1 = high_word(_M0, c0), high_word(_M1, c2)
        low0, low1 = _M0 * c0, _M1 * c2
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = k0 + _W0, k1 + _W1
    state[_BLOCK], state[_BLOCK + 1] = c0, c1
    state[_BLOCK + 2], state[_BLOCK + 3] = c2, c3
    state[_GIVEN] = np.uint64(0)


@inlined
def uniform(state: Words) -> float:
    """Return the next number, 0 to 1 without 1, as numpy's ``Generator.random`` makes it."""
    if state[_GIVEN] == _FOUR:
        _next_block(state)
    word = state[_BLOCK + np.intp(state[_GIVEN])]
    state[_GIVEN] += _ONE
    return np.float64(word >> _SHIFT) * _UNIT


@compiled
def fill(state: Words, numbers: Floats) -> None:
    """Draw as many numbers as the array holds."""
    for k in range(numbers.size):
        numbers[k] = uniform(state)


@compiled
def begin_at(state: Words, seed: int, source: int, sample: int, part: int) -> None:
    """Stand at the start of one part of a sample's stream, called from outside compiled code."""
    begin(state, seed, source, sample, part)
