"""Values of every kind as JSON knows them. Nothing here imports numpy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: What stays as it is: most of what a document holds, so it is looked for first.
_KNOWN = frozenset((str, int, bool, type(None)))


def plain(value: object) -> object:
    """Return a value as JSON knows it: dict, list, str, int, finite float, bool or None.

    Parameters
    ----------
    value
        Anything made of mappings, sequences, frozen structs, numbers, text, times and numpy
        arrays or scalars. NaN and infinities become null, naive times are UTC, and what is none of
        these becomes its text.
    """
    if type(value) in _KNOWN or isinstance(value, str):
        return value
    if type(value) is float:
        return value if math.isfinite(value) else None
    if type(value) is list:
        return [item if type(item) in _KNOWN else plain(item) for item in value]
    if hasattr(value, "dtype"):  # numpy, without importing it
        array = cast("NDArray[Any]", value)
        if array.dtype.kind == "M":
            array = array.astype("datetime64[s]")  # finer units would come out as integers
        return plain(array.tolist())
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, datetime):
        return _utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Sequence | set | frozenset):
        return [plain(item) for item in value]
    return str(value)


def _utc_text(moment: datetime) -> str:
    in_utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return in_utc.isoformat().replace("+00:00", "Z")
