"""How functions are compiled: cached on disk, strict arithmetic, nothing allocated."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit, types
from numba.extending import intrinsic, overload

Function = TypeVar("Function", bound=Callable[..., object])

#: Without reference counts (``_nrt``) an array can be passed on for nothing, three times as fast in
#: all; a function that allocates then does not compile.
_OPTIONS: dict[str, Any] = {"error_model": "numpy", "_nrt": False}


#: Where the machine code of each function is kept.
_KEPT: list[Path] = []


def nothing_kept() -> bool:
    """Whether no function imported so far has been compiled before: the first call will take long.

    True as well where there is no folder to keep a cache in.
    """
    return not any(path.exists() for path in _KEPT)


def compiled(function: Function) -> Function:
    """Compile a function on its first call, or take it from the cache of an earlier process."""
    return cast(Function, _compile(function, _OPTIONS))


def inlined(function: Function) -> Function:
    """Compile a small function into those that call it."""
    return cast(Function, _compile(function, {**_OPTIONS, "forceinline": True}))


def stamp(folder: Path) -> str:
    """Return what identifies the sources of a folder, and this file."""
    sources = [Path(__file__), *sorted(folder.glob("*.py"))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


_stamp_once = cache(stamp)


def _rooms(function: Callable[..., object]) -> set[Path]:
    """Return the folder of a function, and those of all compiled functions that it may call.

    It may call what its file had imported when it was defined: callees further down the file are
    not known yet, but what these call from elsewhere is.
    """
    rooms, files, left = set[Path](), set[str](), [function]
    while left:
        code, known = left[-1].__code__, left.pop().__globals__
        if code.co_filename not in files:
            files.add(code.co_filename)
            rooms.add(Path(code.co_filename).parent)
            left += [value.py_func for value in known.values() if hasattr(value, "py_func")]
    return rooms


def _compile(function: Callable[..., object], options: dict[str, Any]) -> Any:
    """Let the cache hold only while every file of the rooms that the function calls is the same.

    numba looks at the function's own file and no further: with a callee edited in another file it
    would go on with the old code.
    """
    try:
        made = njit(cache=True, **options)(function)
    except RuntimeError:  # no folder to keep a cache in: each process compiles anew
        return njit(**options)(function)
    kept = getattr(made, "_cache", None)  # none where compiling is switched off
    if kept is not None:
        own = "".join(_stamp_once(room) for room in sorted(_rooms(function)))
        kept._cache_file._source_stamp = own
        # Looked at first: what an old cache holds may name classes that are gone.
        kept._cache_file._version += own
        _KEPT.append(Path(kept._cache_file._index_path))
    return made


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
