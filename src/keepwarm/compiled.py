"""How functions are compiled: cached on disk, strict arithmetic, nothing allocated."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

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


def _compile(function: Callable[..., object], options: dict[str, Any]) -> Any:
    """Let the cache hold only while every file of the function's room is the same.

    numba looks at the function's own file and no further: with a callee edited in another file it
    would go on with the old code. So a compiled function calls those of its own room only.
    """
    try:
        made = njit(cache=True, **options)(function)
    except RuntimeError:  # no folder to keep a cache in: each process compiles anew
        return njit(**options)(function)
    kept = getattr(made, "_cache", None)  # none where compiling is switched off
    if kept is not None:
        own = _stamp_once(Path(function.__code__.co_filename).parent)
        kept._cache_file._source_stamp = own
        # Looked at first: what an old cache holds may name classes that are gone.
        kept._cache_file._version += own
        _KEPT.append(Path(kept._cache_file._index_path))
    return made
