"""EPW files of our own making: every value is synthetic, the form is EnergyPlus's."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

#: What a row has besides times, dry bulb and wind: the codes for "missing" of the data dictionary.
_BEFORE_DRY_BULB = "?9?9?9?9E0?9?9?9?9?9?9?9?9?9?9?9?9?9?9?9*9*9?9?9?9"
_DEW_TO_SKY = "99.9,999,999999,9999,9999,9999,9999,9999,9999,999999,999999,999999,9999"
_AFTER_WIND = "99,99,9999,99999,9,999999999,999,.999,999,99,999,999,99"

#: A typical year: each month from a year of its own, none of them a leap year.
MONTHS_OF = (2003, 2001, 2007, 1999, 2002, 2005, 2006, 1998, 2010, 2009, 2011, 2001)


def dry_bulb(month: int, day: int, hour: int) -> float:
    """A number that says which hour it is of: no two hours of a month agree."""
    return round(-30 + day + hour / 100 + month / 1000 * 8, 3)


def wind(month: int, day: int, hour: int) -> float:
    return round(hour / 4 + month / 10, 1)


def epw_text(rows: Iterable[str], *, offset: str = "2.0", records: int = 1) -> str:
    return "\n".join(
        [
            f"LOCATION,Synthetic,-,NOWHERE,made up,999999,50.00,30.00,{offset},100.0",
            "DESIGN CONDITIONS,0",
            "TYPICAL/EXTREME PERIODS,0",
            "GROUND TEMPERATURES,0",
            "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
            "COMMENTS 1,synthetic values for a test: no station",
            "COMMENTS 2,-",
            f"DATA PERIODS,1,{records},Data,Sunday,1/1,12/31",
            *rows,
            "",
        ]
    )


def row(begin: str, degc: float | str, wind_m_per_s: float | str) -> str:
    """A record of the hour that begins at a local time such as 2026-01-01T03."""
    year, month, day, hour = (int(part) for part in begin.replace("T", "-").split("-")[:4])
    return (
        f"{year},{month},{day},{hour + 1},60,{_BEFORE_DRY_BULB},{degc},"
        f"{_DEW_TO_SKY},0,{wind_m_per_s},{_AFTER_WIND}"
    )


def typical_year(value: Callable[[int, int, int], float] = dry_bulb, *, offset: str = "2.0") -> str:
    rows = []
    for begin in hours_from("2001-01-01T00", 8760):
        month, day, hour = (int(part) for part in begin.replace("T", "-").split("-")[1:])
        own = f"{MONTHS_OF[month - 1]}{begin[4:]}"
        rows.append(row(own, value(month, day, hour + 1), wind(month, day, hour + 1)))
    return epw_text(rows, offset=offset)


def hours_from(first: str, count: int) -> list[str]:
    return [str(each) for each in np.datetime64(first, "h") + np.arange(count)]


def real_hours(first: str, count: int) -> str:
    """A file with the dates of its own hours; each is an eighth of a kelvin off the last."""
    hours = hours_from(first, count)
    return epw_text(row(begin, f"{-(k % 400) / 8:g}", 2) for k, begin in enumerate(hours))
