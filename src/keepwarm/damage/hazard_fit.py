"""A hazard file out of what attributed figures say of waves, each speaker's series by itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from keepwarm.case.claims import Ticked
from keepwarm.damage.from_claims import Unmapped
from keepwarm.damage.likelihood import FittedArrivals, fit_arrivals, fit_shares, fit_sizes
from keepwarm.damage.raids import Series, series_of
from keepwarm.errors import Fault, InputError
from keepwarm.estimate import Estimate, error_text

#: What no text says of the waves of a ledger.
_AT_ASSETS, _THROUGH = 0.1, 0.2
_SHOWN = 12


@dataclass(frozen=True)
class FittedObjects:
    """One kind of object in a speaker's series."""

    name: str
    present: Estimate
    mean: Estimate
    dispersion: Estimate | None  # None: a Poisson distribution
    through: Estimate | None  # None: the speaker does not say
    through_sd: Estimate | None
    downed_only: bool  # launched is never said


@dataclass(frozen=True)
class FittedSeries:
    """What one speaker's figures come to."""

    series: Series
    arrivals: FittedArrivals
    objects: tuple[FittedObjects, ...]


@dataclass(frozen=True)
class FittedHazard:
    """What the figures of a ledger come to.

    Attributes
    ----------
    series : tuple of FittedSeries
        The longest first; one speaker each.
    text : str
        The hazard file.
    unused : tuple of Unmapped
        Accepted claims about waves that could not be counted, and speakers with too few of them.
    """

    series: tuple[FittedSeries, ...]
    text: str
    unused: tuple[Unmapped, ...]


def fit_hazard(ticked: Iterable[Ticked], *, source: str = "a ledger") -> FittedHazard:
    """Fit waves to the accepted claims about launched and downed weapons.

    Parameters
    ----------
    ticked : iterable of Ticked
        Accepted claims, as from ``Ledger.ticked``; others tell nothing here.
    source : str
        What they come from, for the file to say.

    Raises
    ------
    InputError
        Where no speaker tells of raids on two days.

    **Leaves out**: what is not said: where hits fall, how badly, what share of them meets an
    asset. A kind that a speaker does not name of a day is taken to be absent; days without a
    figure are taken to be without a raid.
    """
    series, unused = series_of(ticked)
    few = [one for one in series if one.days < 1]
    unused += tuple(
        Unmapped(one.raids[0].claims[0], f"the only day of which {one.speaker} gives figures")
        for one in few
    )
    fitted = tuple(_fitted(one) for one in series if one.days >= 1)
    if not fitted:
        found = (
            f"{len(few)} speakers with figures of one day each" if few else "no figures of raids"
        )
        expected = "accepted claims of one speaker about launched or downed on two days or more"
        raise InputError([Fault(source, None, None, found, expected)])
    return FittedHazard(fitted, _text(fitted, source), unused)


def _fitted(series: Series) -> FittedSeries:
    days = np.array([raid.day.toordinal() for raid in series.raids], dtype=float)
    objects = tuple(_objects(series, kind) for kind in series.kinds())
    return FittedSeries(series, fit_arrivals(days), objects)


def _objects(series: Series, kind: str) -> FittedObjects:
    came = [raid.came(kind) for raid in series.raids]
    counts = np.array([one for one in came if one])
    share = len(counts) / len(came)
    error = float(np.sqrt(share * (1 - share) / len(came)))
    pairs = [
        (left, raid.launched[kind])
        for raid in series.raids
        if (left := raid.through(kind)) is not None and raid.launched[kind] > 0
    ]
    through, sd = _shares(pairs)
    mean, dispersion = fit_sizes(counts)
    return FittedObjects(
        name=kind,
        present=Estimate(share, error, len(came), "1"),
        mean=mean,
        dispersion=dispersion,
        through=through,
        through_sd=sd,
        downed_only=not any(raid.launched.get(kind) for raid in series.raids),
    )


def _shares(pairs: Sequence[tuple[float, float]]) -> tuple[Estimate | None, Estimate | None]:
    if not pairs:
        return None, None
    through, came = np.array(pairs, dtype=float).T
    return fit_shares(through, came)


def _text(fitted: Sequence[FittedSeries], source: str) -> str:
    lines = [
        "# Waves as their speakers told them, each speaker's series by itself: none is believed",
        "# more than another. Only the longest series is on: series of both sides, or of two",
        "# speakers about the same raids, must not be added up. What no text says is assumed:",
        "# where hits fall, how badly, and what share of those that get through meets an asset.",
        "schema = 1",
        'title = "Waves, fitted to attributed figures"',
        f"source = {_quoted(f'fitted by maximum likelihood to the accepted claims of {source}')}",
    ]
    for at, one in enumerate(fitted):
        lines += ["", *_series_lines(one, on=at == 0)]
    return "\n".join(lines) + "\n"


def _series_lines(fitted: FittedSeries, *, on: bool) -> list[str]:
    series, arrivals = fitted.series, fitted.arrivals
    first, last = series.raids[0].day, series.raids[-1].day
    names = [name for raid in series.raids for name in raid.claims]
    shown = ", ".join(names[:_SHOWN]) + (
        f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    )
    told = f"{series.speaker}: {len(series.raids)} days with raids from {first} to {last}"
    told += f"; claims {shown}"
    estimates = {"per_day": arrivals.per_day}
    if arrivals.children is not None and arrivals.within_hours is not None:
        estimates |= {"children": arrivals.children, "within_hours": arrivals.within_hours}
    lines = [
        "[[hazard]]",
        f"name = {_quoted(series.speaker)}",
        'kind = "wave"',
        f"on = {'true' if on else 'false'}",
        f"source = {_quoted(told)}",
        "",
        "[hazard.arrivals]",
        *_values(estimates),
        f"source = {_quoted(_errors(series, estimates))}",
    ]
    for own in fitted.objects:
        lines += ["", *_object_lines(series, own)]
    return [
        *lines,
        "",
        "[[hazard.hits]]",
        'classes = ["*"]',
        "out = 0.5",
        'source = "assumed: no text says it; give classes, weights and severities of your own"',
    ]


def _object_lines(series: Series, own: FittedObjects) -> list[str]:
    estimates = {"present": own.present, "mean": own.mean}
    if own.dispersion is not None:
        estimates["dispersion"] = own.dispersion
    if own.through is not None:
        estimates["through"] = own.through
    if own.through_sd is not None:
        estimates["through_sd"] = own.through_sd
    told = _errors(series, estimates)
    if own.downed_only:
        told += "; launched is never said: as many came as were said to be downed, or more"
    lines = [
        "[[hazard.objects]]",
        f"name = {_quoted(own.name)}",
        f'distribution = "{"poisson" if own.dispersion is None else "negative_binomial"}"',
        *_values(estimates),
    ]
    if own.through is None:
        lines.append(f"through = {_THROUGH}")
        told += "; through: assumed"
    return [
        *lines,
        f"at_assets = {_AT_ASSETS}",
        f"source = {_quoted(told + '; at_assets: assumed')}",
    ]


def _values(estimates: dict[str, Estimate]) -> list[str]:
    return [f"{name} = {one.value:.6g}" for name, one in estimates.items()]


def _errors(series: Series, estimates: dict[str, Estimate]) -> str:
    """Say who told it, and each parameter with its standard error."""
    parts = []
    for name, one in estimates.items():
        value, error = error_text(one.value, one.stderr)
        parts.append(f"{name} {value} ± {error}")
    return f"{series.speaker}; with standard errors: {', '.join(parts)}"


def _quoted(text: str) -> str:
    """Return a TOML string; JSON's escapes are TOML's, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
