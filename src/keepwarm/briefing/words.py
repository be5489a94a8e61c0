"""Words and numbers as people read them."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from keepwarm.case.times import local_time

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def local_text(moment: str | datetime, zone: str) -> str:
    """Return a UTC time (ISO text, or naive datetime) as local text, e.g. "9 Jan 02:30"."""
    text = moment.isoformat() if isinstance(moment, datetime) else moment
    local = local_time(np.datetime64(text.removesuffix("Z"), "s"), zone)
    return f"{local.day} {MONTHS[local.month - 1]} {local:%H:%M}"
