"""Two runs side by side: what one has more of than the other, and how sure that is.

A run is one sample, walked with three sets of thermal parameters: the difference is paired at each
end of the band. Where both runs are of the same case, damage and hours it is that of their plans.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keepwarm.errors import Fault, InputError, nearest
from keepwarm.runs.run import Run


@dataclass(frozen=True)
class Difference:
    """One measure of two runs; ``low`` and ``high`` are the difference at the ends of the band.

    They are None where a measure has no band.
    """

    measure: str
    a: float
    b: float
    difference: float  # b less a
    low: float | None
    high: float | None

    def __str__(self) -> str:
        """Say it in a line."""
        text = (
            f"{self.measure}: {self.a:,.6g} and {self.b:,.6g}, difference {self.difference:+,.6g}"
        )
        if self.low is None or self.high is None:
            return text
        ends = sorted((self.low, self.high))
        return f"{text} ({ends[0]:+,.6g} to {ends[1]:+,.6g} over the thermal band)"


@dataclass(frozen=True)
class Comparison:
    """Differences of two runs, and what keeps them from being those of a plan alone."""

    differences: tuple[Difference, ...]
    notes: tuple[str, ...]

    def __str__(self) -> str:
        """Say it in lines."""
        return "\n".join([*(str(one) for one in self.differences), *self.notes])


def compare(a: Run, b: Run, measure: str | None = None) -> Comparison:
    """Return what the second run has more of than the first.

    Parameters
    ----------
    a, b : Run
        In memory or from `read_run`.
    measure : str, optional
        One of them only, such as ``people_hours_below_12``; all by default.

    Raises
    ------
    InputError
        When there is no such measure.

    **Leaves out**: the spread over samples; that takes a run with samples.
    """
    found = {
        name: _difference(name, one, _measures(b).get(name, (0.0, None)))
        for name, one in _measures(a).items()
    }
    if measure is not None and measure not in found:
        fault = Fault(
            "measure", None, None, f"'{measure}'", "a measure of both runs", nearest(measure, found)
        )
        raise InputError((fault,))
    chosen = tuple(found.values()) if measure is None else (found[measure],)
    return Comparison(chosen, _notes(a, b))


Value = tuple[float, tuple[float, float] | None]


def _difference(name: str, a: Value, b: Value) -> Difference:
    low = high = None
    if a[1] is not None and b[1] is not None:
        low, high = b[1][0] - a[1][0], b[1][1] - a[1][1]
    return Difference(name, a[0], b[0], b[0] - a[0], low, high)


def _measures(run: Run) -> dict[str, Value]:
    """Return the numbers of a run's answers that can be compared, with the ends of their band."""
    answers = run.answers
    found: dict[str, Value] = {}
    for key, name in (
        ("unserved_mwh", "unserved_mwh_{}"),
        ("people_hours_without", "people_hours_without_{}"),
        ("peak_people_without", "peak_people_without_{}"),
    ):
        for carrier, value in _mapping(answers.get(key)).items():
            found[name.format(carrier)] = (_number(value), None)
    for key, name in (
        ("people_hours_below_degc", "people_hours_below_{}"),
        ("people_degree_hours_below_degc", "people_degree_hours_below_{}"),
    ):
        bands = _mapping(answers.get(f"{key}_band"))
        low, high = _mapping(bands.get("low")), _mapping(bands.get("high"))
        for degc, value in _mapping(answers.get(key)).items():
            ends = (_number(low[degc]), _number(high[degc])) if degc in low else None
            found[name.format(degc)] = (_number(value), ends)
    buildings = _mapping(answers.get("buildings"))
    for name in ("without_heat_peak", "drained", "frozen"):
        if name in buildings:
            found[f"buildings_{name}"] = (_number(buildings[name]), None)
    return found


def _notes(a: Run, b: Run) -> tuple[str, ...]:
    notes = [
        f"not the same {key}: {a.answers.get(key)} and {b.answers.get(key)}"
        for key in ("case", "start", "hours")
        if a.answers.get(key) != b.answers.get(key)
    ]
    if not a.tables["damage"].equals(b.tables["damage"]):
        notes.append("not the same damage")
    return tuple(notes)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
