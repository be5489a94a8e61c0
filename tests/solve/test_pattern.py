"""Sets of numbers as bits, against Python's own sets."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.solve.pattern import WORD, clear_bit, list_bits, lowest, set_bit, words

NUMBERS = st.sets(st.integers(0, 199))


@given(NUMBERS, NUMBERS)
def test_bits_are_a_set(added: set[int], removed: set[int]) -> None:
    bits = np.zeros(words(200), dtype=np.uint64)
    listed = np.zeros(200, dtype=np.uint32)
    for number in added:
        set_bit(bits, number)
    for number in removed:
        clear_bit(bits, number)
    count = list_bits(bits, listed)
    assert listed[:count].tolist() == sorted(added - removed)


def test_the_last_bit_of_a_word_and_the_first_of_the_next() -> None:
    assert (words(0), words(1), words(WORD), words(WORD + 1)) == (0, 1, 1, 2)
    assert (lowest(1), lowest(1 << 63), lowest(0b101000)) == (0, 63, 3)
