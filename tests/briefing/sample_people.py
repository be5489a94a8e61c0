"""The people of the run written down by hand: kinds of flats, the vulnerable, the night."""

from __future__ import annotations

from collections.abc import Sequence

BANDS = ("low", "central", "high")
#: Hours from the stop to each temperature; below 12 degC only at the soonest end.
WHOLE = {18: (0.5, 1.25, 5.5), 16: (1.0, 4.0, None), 12: (3.0, None, None)}
#: Corner flats are colder 1.5 h sooner; the middle ones half an hour later.
CORNER = {**WHOLE, 16: (0.5, 2.5, None)}
MIDDLE = {**WHOLE, 16: (1.2, 4.5, None)}
PLUGS = (3.5, 16.25, None)
#: One in five is vulnerable.
VULNERABLE = 0.2

Answers = dict[str, object]
Hours = dict[int, tuple[float | None, float | None, float | None]]


def people_answers(regions: Sequence[str], people: Sequence[float], cold: bool) -> Answers:
    """10 / 14 / 17 degC for 20 h, through one night: below 16 but at the late end."""
    total = sum(people) * cold
    most = {"low": VULNERABLE * total, "central": VULNERABLE * total, "high": 0.0}
    return {
        "vulnerable": {
            "people": VULNERABLE * sum(people),
            "people_hours_below_degc": {"16": 20 * VULNERABLE * total, "12": 0.0},
            "peak_below_degc": {"16": most, "12": {**most, "central": 0.0}},
        },
        "by_archetype": [_kind(total)] if total else [],
        "warming_points": [
            {
                "night": "2026-01-08",
                "region": region,
                "from": "2026-01-08T16:00:00Z",
                "until": "2026-01-09T06:00:00Z",
                "people": _night(count),
                "vulnerable": _night(VULNERABLE * count),
                "buildings": _night(40.0),
                "without_heat_and_power": 0.0,
            }
            for region, count in zip(regions, people, strict=True)
            if total
        ],
    }


def _night(value: float) -> dict[str, float]:
    return {"low": value, "central": value, "high": 0.0}


def _kind(people: float) -> Answers:
    flats = {"middle": (0.6, MIDDLE), "corner": (0.4, CORNER)}
    return {
        "archetype": "Panel block",
        "buildings": 80.0,
        "people": people,
        "hours_after_stop": {**_events(WHOLE), "pipe_plugs": _band(PLUGS)},
        "positions": [
            {"position": name, "people": share * people, "hours_after_stop": _events(hours)}
            for name, (share, hours) in flats.items()
        ],
    }


def _events(hours: Hours) -> dict[str, dict[str, float | None]]:
    never = (None, None, None)
    return {f"below_{t}_degc": _band(hours.get(t, never)) for t in (18, 16, 12, 8, 5)}


def _band(values: tuple[float | None, ...]) -> dict[str, float | None]:
    return dict(zip(BANDS, values, strict=True))


STATES = (
    *("warm", "warming", "supplied", "stopped"),
    *("draining", "drained", "refilling", "damaged", "frozen"),
)


def circuits(place: int, step: int, stop: int, back: int) -> dict[str, float]:
    """The 40 buildings of a group: the first is drained while its heat is away, then filled."""
    if stop <= step < back:
        here = {"drained": 30.0, "stopped": 10.0} if place == 0 else {"supplied": 40.0}
    elif back <= step < back + 3 and place == 0:
        here = {"refilling": 30.0, "warming": 10.0}
    else:
        here = {"warm": 40.0}
    return dict.fromkeys(STATES, 0.0) | here
