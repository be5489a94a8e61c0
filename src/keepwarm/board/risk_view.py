"""A risk as the page shows it: estimates with their errors, curves, measures, the worst winters."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from keepwarm.case.nouns import Case
from keepwarm.ensemble.answers import TOLD
from keepwarm.ensemble.estimates import exceedance
from keepwarm.ensemble.folder import RiskRun, differing
from keepwarm.ensemble.study import RiskOptions
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.said.sentence import said

#: Winters that a person may ask for on the board; more is for a terminal.
MOST_SAMPLES = 100_000

_KEYS = ("samples", "seed", "random_failures", "hazard", "measures", "hours")


def risk_view(risk: RiskRun, case: Case | None = None) -> dict[str, object]:
    """Return a risk as plain mappings and lists: its answers as ``keepwarm risk --json`` has them.

    Parameters
    ----------
    risk : RiskRun
        From `keepwarm.read_risk`.
    case : Case, optional
        Of the board; a risk of another case, or of other files of it, is shown all the same.

    Returns
    -------
    dict
        The answers; ``drawn``, what varies from winter to winter; ``regions`` that have curves;
        ``differs``, the files of the case that are not as they were when it was walked: its
        winters can be looked at again only where that is empty.
    """
    table = risk.tables.get("samples_by_region")
    by_region = risk.answers.get("by_region")
    regions = list(by_region) if isinstance(by_region, Mapping) else []
    differs = "" if case is None else differing(risk.manifest["inputs_sha256"], case.input_hashes)
    return {
        **risk.answers,
        "regions": regions if table is not None else [],
        "drawn": drawn(risk.manifest),
        "differs": differs,
    }


def drawn(manifest: Mapping[str, object]) -> dict[str, object]:
    """Return what a risk was asked for, texts of files replaced by whether there was one."""
    given = manifest.get("options")
    options = dict(given) if isinstance(given, Mapping) else {}
    files = ("hazard", "measures", "plan")
    damage = options.get("damage")
    rows = len(damage) if isinstance(damage, list | tuple) else 0
    return {**options, **{key: options.get(key) is not None for key in files}, "damage": rows}


def region_curves(risk: RiskRun, region: str) -> dict[str, list[dict[str, float]]]:
    """Return how many winters have more than so much in one region, as `risk_view` has for all.

    Parameters
    ----------
    risk : RiskRun
    region : str
        Of the case; ``""`` where the answers have a row for what is of none.

    Returns
    -------
    dict
        Quantity -> rows of ``level``, ``share`` (0 to 1) and its standard error ``stderr``.

    Raises
    ------
    InputError
        Where the risk has no such region.
    """
    table = risk.tables.get("samples_by_region")
    names = [] if table is None else table["region"].to_pylist()
    chosen = np.array([name == region for name in names], dtype=np.bool_)
    if table is None or not chosen.any():
        found = f"'{region}' is no region of this risk"
        raise InputError([Fault("region", None, None, found, "", nearest(region, set(names)))])
    columns = [name for name in TOLD if name in table.column_names]
    values = {name: table[name].to_numpy()[chosen] for name in columns}
    return {name: _curve(each) for name, each in values.items() if each.any()}


def _curve(values: np.ndarray) -> list[dict[str, float]]:
    found = exceedance(np.asarray(values, dtype=np.float64), "")
    rows = zip(found.level.tolist(), found.share.tolist(), found.stderr.tolist(), strict=True)
    return [{"level": level, "share": share, "stderr": stderr} for level, share, stderr in rows]


@dataclasses.dataclass(frozen=True)
class Files:
    """What lies beside the case and may be drawn from: hazard.toml and measures.toml, as texts."""

    hazard: str | None = None
    measures: str | None = None


def risk_options(document: Mapping[str, object], files: Files, base: RiskOptions) -> RiskOptions:
    """Return what a posted wish for a risk means.

    Parameters
    ----------
    document
        ``samples``; and, where wanted, ``seed``, ``hours``, and true for ``random_failures``,
        ``hazard``, ``measures``.
    files
        Beside the case.
    base
        Damage, plan and start of the scenario.

    Raises
    ------
    InputError
        With every fault of it.
    """
    faults: list[Fault] = []

    def fault(key: str, found: str, expected: str) -> None:
        faults.append(Fault("risk", None, key, found, expected))

    def whole(key: str, default: int, least: int, most: int) -> int:
        given = document.get(key, default)
        if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
            fault(key, f"{given!r}"[:60], said("fault.range", {"least": least, "most": most}))
            return default
        return given

    def wished(key: str) -> bool:
        given = document.get(key, False)
        if not isinstance(given, bool):
            fault(key, f"{given!r}"[:60], "true or false")
        return given is True

    for key in document:
        if key not in _KEYS:
            fault(str(key)[:60], "an unknown key", ", ".join(_KEYS))
    samples, seed = whole("samples", 100, 1, MOST_SAMPLES), whole("seed", 0, 0, 2**31 - 1)
    hours = document.get("hours", base.hours)
    if hours is not None and (isinstance(hours, bool) or not isinstance(hours, int | float)):
        fault("hours", f"{hours!r}"[:60], "a length in hours")
        hours = None
    failures, hazard, measures = (wished(key) for key in ("random_failures", "hazard", "measures"))
    for key, asked, text in (
        ("hazard", hazard, files.hazard),
        ("measures", measures, files.measures),
    ):
        if asked and text is None:
            fault(key, said("fault.no_file", {"file": f"{key}.toml"}), "a case that has one")
    if not failures and not hazard:
        fault("hazard", "nothing would differ between winters", "hazard, random_failures or both")
    if faults:
        raise InputError(faults)
    return dataclasses.replace(
        base,
        samples=samples,
        seed=seed,
        hours=None if hours is None else float(hours),
        random_failures=failures,
        hazard=files.hazard if hazard else None,
        measures=files.measures if measures else None,
    )
