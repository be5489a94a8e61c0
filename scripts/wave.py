"""Print buildings without heat, day by day, for later waves of the winter of 2026.

    wave.py DAMAGE... [--city FOLDER] [--start TIME] [--hours HOURS] [--at HOUR]

Damage lists are added to the one of 9 January, unless --start is later: the city then starts whole,
from that time, on the lists alone. For other weather copy the city and replace its weather.csv.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from keepwarm.case.read import read_case
from keepwarm.validation.folders import case_folder
from keepwarm.validation.of_january import COUNTS, course


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("damage", nargs="+", type=Path)
    words.add_argument("--city", type=Path, default=case_folder("kyiv_january_2026") / "city")
    words.add_argument("--start", help="UTC, such as 2026-01-20T00:00:00")
    words.add_argument("--hours", type=float)
    words.add_argument("--at", type=int, default=8, help="hour of the day, UTC")
    told = words.parse_args()
    first = () if told.start else (told.city / "damage.csv",)
    lists = (*first, *told.damage)
    found = course(read_case(told.city), lists, start=told.start, hours=told.hours)
    print("UTC", *COUNTS, sep="\t")
    for k, time in enumerate(found.times.astype(object)):
        if time.hour == told.at:
            counts = (f"{found.without[name][k]:.0f}" for name in COUNTS)
            print(f"{time:%Y-%m-%d %H:%M}", *counts, sep="\t")


if __name__ == "__main__":
    main()
