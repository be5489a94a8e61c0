"""The place that a known speaker speaks for: a mayor's city, a governor's region."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


def home_of(source: str) -> str:
    """Return the place that a source speaks for, empty where it is not known.

    Parameters
    ----------
    source : str
        Canonical name; of "A (via B)" it is A who speaks.

    **Leaves out** organs and companies of a whole country, and who held office in two places.
    """
    return _homes().get(source.partition(" (via ")[0], "")


@cache
def _homes() -> dict[str, str]:
    written = (files("keepwarm.reports") / "speaker_homes.csv").read_text(encoding="utf-8")
    return {row["name"]: row["home"] for row in csv.DictReader(written.splitlines())}
