"""What goes over the wire, read back by the standard library."""

import gzip
import json
import math
from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.board.wire import packed
from keepwarm.said.sentence import said

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
DOCUMENTS = st.recursive(
    LEAVES, lambda part: st.lists(part) | st.dictionaries(st.text(), part), max_leaves=20
)


@dataclass(frozen=True)
class Struct:
    """A struct within a document."""

    name: str
    hours: tuple[float, ...]


def without_infinities(value):
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [without_infinities(item) for item in value]
    if isinstance(value, dict):
        return {key: without_infinities(item) for key, item in value.items()}
    return value


@given(DOCUMENTS)
def test_a_document_is_read_back_as_it_was_but_for_what_is_no_number(document):
    wanted = without_infinities(document)
    assert json.loads(packed(document, pack=False)) == wanted
    assert json.loads(gzip.decompress(packed(document))) == wanted


def test_arrays_structs_and_sentences_go_out_as_json_knows_them():
    document = {
        "grid": np.array([[1.5, np.nan], [0.0, -np.inf]]),
        "one": np.float64("nan"),
        "from": np.array(["2026-01-09T05:00", "NaT"], "datetime64[m]"),
        "struct": [Struct("a", (1.0, math.inf))],
        "why": [said("repair.spares", {"hours": 9000})],
    }
    assert json.loads(packed(document, pack=False)) == {
        "grid": [[1.5, None], [0.0, None]],
        "one": None,
        "from": ["2026-01-09T05:00:00Z", None],
        "struct": [{"name": "a", "hours": [1.0, None]}],
        "why": ["spares 9,000 cold person-hours"],
    }
