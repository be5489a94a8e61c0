"""How functions are compiled: cached on disk, strict arithmetic, nothing allocated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])

#: Without reference counts (``_nrt``) an array can be passed on for nothing, three times as fast in
#: all; a function that allocates then does not compile.
_OPTIONS: dict[str, Any] = {"cache": True, "error_model": "numpy", "_nrt": False}


def compiled(function: Function) -> Function:
    """Compile a function on its first call, or take it from the cache of an earlier process."""
    return cast(Function, njit(**_OPTIONS)(function))


def inlined(function: Function) -> Function:
    """Compile a small function into those that call it."""
    return cast(Function, njit(forceinline=True, **_OPTIONS)(function))
