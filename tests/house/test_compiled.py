"""What the decorators of `keepwarm.compiled` promise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher
from numba.core.errors import TypingError

from keepwarm import compiled
from keepwarm.solve import pivoting
from keepwarm.solve.pivoting import solve_block


def test_compiled_code_cannot_allocate() -> None:
    """Compiled without numba's runtime: a function that makes an array does not compile."""
    assert compiled._OPTIONS["_nrt"] is False
    assert vars(solve_block)["targetoptions"]["_nrt"] is False

    @compiled.compiled
    def makes_an_array(size: int) -> float:
        return float(np.zeros(size).sum())

    with pytest.raises(TypingError):
        makes_an_array(3)


def test_an_edit_of_any_file_of_the_room_ends_the_cache(tmp_path: Path) -> None:
    for name in ("one.py", "other.py"):
        (tmp_path / name).write_text("x = 1\n")
    before = compiled.stamp(tmp_path)
    assert compiled.stamp(tmp_path) == before
    (tmp_path / "other.py").write_text("x = 2\n")
    assert compiled.stamp(tmp_path) != before


def test_the_first_run_is_announced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept = tmp_path / "index.nbi"
    monkeypatch.setattr(compiled, "_KEPT", [tmp_path / "another.nbi", kept])
    assert compiled.nothing_kept()
    kept.write_text("")
    assert not compiled.nothing_kept()


def test_each_room_has_a_stamp_of_its_own() -> None:
    kept = vars(solve_block)["_cache"]._cache_file._source_stamp
    assert vars(solve_block)["_cache"]._cache_file._version.endswith(kept)
    assert kept == compiled.stamp(Path(pivoting.__file__).parent)
    assert kept != compiled.stamp(Path(compiled.__file__).parent)


def test_a_function_goes_with_the_rooms_that_its_file_calls() -> None:
    """A file above it in the corridor compiles anew when the solver is edited."""

    def calls() -> None:
        """Stands in for a function of another room."""

    defined_elsewhere = type(calls)(calls.__code__, {"solve_block": solve_block})
    assert compiled._rooms(defined_elsewhere) == {
        Path(__file__).parent,
        Path(pivoting.__file__).parent,
    }
    alone = vars(solve_block)["py_func"]
    assert compiled._rooms(alone) == {Path(pivoting.__file__).parent}


def test_without_a_folder_for_the_cache_it_compiles_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nowhere(self: Dispatcher) -> None:
        raise RuntimeError("cannot cache function: no locator available")

    monkeypatch.setattr(Dispatcher, "enable_caching", nowhere)

    @compiled.compiled
    def twice(number: float) -> float:
        return 2 * number

    assert twice(21.0) == 42.0
