"""A risk as one page: estimates with their errors, curves, regions, what measures take off."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from keepwarm.briefing.risk_map import DRAWN, risk_map
from keepwarm.estimate import error_text
from keepwarm.said.sentence import knowing

if TYPE_CHECKING:
    from keepwarm.briefing.page import Brief
    from keepwarm.briefing.words import Words
    from keepwarm.ensemble.folder import RiskRun

#: Quantities that curves, regions and measures are told of, the first first, where a case has them.
TOLD = ("people_hours_below_12", "eue_heat_mwh", "eue_mwh", "eue_gas_mwh", "buildings_frozen")

#: What quantities are called: a pattern of their names, and the key of the text.
_NAMES = (
    (r"lolh_(?:(\w+)_)?hours", "lolh"),
    (r"lolf_(?:(\w+)_)?events", "lolf"),
    (r"eue_(?:(\w+)_)?mwh", "eue"),
    (r"neue_(?:(\w+)_)?ppm", "neue"),
    (r"people_hours_without_(\w+)", "without"),
    (r"people_hours_below_(\d+)", "below"),
    (r"buildings_(drained|frozen)", "buildings"),
    (r"emergency_(days)", "emergency"),
)

#: What exact answers, and those of a whole run, do not say.
_NONE: Mapping[str, Any] = {"exact": False, "bounds": {}, "worst": {}, "audit": None}

#: Shown in cards.
CARDS = 3

Estimated = Mapping[str, Any]


@dataclass(frozen=True)
class Quantity:
    """One row of estimates."""

    name: str
    mean: Estimated
    tail: Estimated | None  # mean of the worst 5 %
    some: Estimated | None  # share of winters with any


@dataclass(frozen=True)
class Curve:
    """How many winters have more than so much."""

    name: str
    svg: Markup
    rows: tuple[Mapping[str, float], ...]


@dataclass(frozen=True)
class Taken:
    """What portfolios of measures take off one quantity."""

    name: str
    rows: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...]  # portfolio, its reduction
    together: tuple[tuple[str, Mapping[str, Any]], ...]


def risk_brief(risk: RiskRun, *, language: str | Path = "en") -> Brief:
    """Say in one page what many winters come to, how sure that is, and what helps.

    Parameters
    ----------
    risk
        From `keepwarm.ensemble.folder.read_risk`.
    language
        As for `keepwarm.brief`.

    Returns
    -------
    Brief
        The same bytes for the same risk. It adds no number of its own.

    Raises
    ------
    InputError
        When there is no such language.
    """
    from keepwarm.briefing.page import Brief, rendered
    from keepwarm.briefing.words import words

    texts = words(language)
    manifest: Mapping[str, Any] = risk.manifest
    answers = {**_NONE, **manifest["answers"]}
    case = manifest["case"]
    measures: Mapping[str, Any] | None = answers.get("measures")
    if measures is not None:
        measures = knowing(measures, measures.get("says"))
    quantities = _quantities(answers["estimates"])
    told = [name for name in TOLD if answers["estimates"].get(name, {}).get("value")]
    content: dict[str, Any] = {
        "case": case,
        "answers": answers,
        "version": manifest["keepwarm"],
        "quantities": quantities,
        "cards": [row for row in quantities if row.name in told][:CARDS],
        "called": lambda name: quantity_text(name, texts),
        "paired": lambda one, scale=1.0: paired(one, texts, scale),
        "varied": _varied(manifest["options"]),
        "curves": _curves(answers.get("exceedance", {}), told, texts),
        "regions": _regions(answers.get("by_region", {}), told, _names(risk, texts)),
        "told": told,
        "map": risk_map(
            risk.tables.get("places"),
            answers.get("by_region", {}),
            next((name for name in told if name.startswith(DRAWN)), None),
            texts,
        ),
        "taken": _taken(measures, told),
        "measures": measures,
        "convergence": {n: answers["convergence"][n] for n in told if n in answers["convergence"]}
        if "convergence" in answers
        else {},
        "hashes": [(name, sha[:12]) for name, sha in manifest["inputs_sha256"].items()],
        "solver": manifest["solver"],
        "notes": {},
    }
    return Brief(rendered("risk.html.j2", content, str(case["time_zone"]), texts))


def quantity_text(name: str, texts: Words) -> str:
    """Return what people call a quantity of a risk.

    Parameters
    ----------
    name
        Such as ``eue_heat_mwh``.
    texts
        In which language.
    """
    for pattern, key in _NAMES:
        found = re.fullmatch(pattern, name)
        if found:
            what = found[1] or "power"
            said = texts.text(f"risk.{key}_{what}" if key == "buildings" else f"risk.{key}")
            return said.format(carrier=texts.known(f"word.{what}", what), degc=what)
    return name.replace("_", " ")


def paired(one: Estimated | None, texts: Words, scale: float = 1.0) -> Markup:
    """Return an estimate as value ± standard error, with both for machines."""
    if one is None or one["value"] is None:
        return Markup("{}").format(texts.text("page.none"))
    error = math.nan if one["stderr"] is None else one["stderr"]
    value, spread = error_text(one["value"] * scale, error * scale)
    said = [_local(part, texts) for part in (value, spread)]
    if one["stderr"] is None:
        return Markup('<data value="{}">{}</data>').format(repr(float(one["value"])), said[0])
    return Markup(
        '<data value="{}">{}</data> <span class="band">± <data value="{}">{}</data></span>'
    ).format(repr(float(one["value"])), said[0], repr(float(error)), said[1])


def _local(text: str, texts: Words) -> str:
    return texts.written(text.replace(",", "")) if text != "–" else texts.text("page.none")


def _quantities(found: Mapping[str, Estimated]) -> list[Quantity]:
    """Return a row for each quantity that happens at all, and for unserved power in any case."""
    return [
        Quantity(name, one, found.get(f"cvar95_{name}"), found.get(f"any_{name}"))
        for name, one in found.items()
        if not name.startswith(("q50_", "q90_", "q95_", "q99_", "cvar95_", "any_"))
        and (one["value"] or name == "eue_mwh")
    ]


def _varied(options: Mapping[str, Any]) -> list[str]:
    """Return which sources of chance were drawn, as keys of their texts."""
    switches = ("random_failures", "hazard", "repair_times", "weather", "parameters")
    return [name for name in switches if options.get(name) not in (None, False, "", "case")]


def _names(risk: RiskRun, texts: Words) -> Mapping[str, str]:
    """Return what regions are called on the page, where the risk knows."""
    places = risk.tables.get("places")
    rows = [] if places is None else places.select(["region", "labels"]).to_pylist()
    return {row["region"]: dict(row["labels"]).get(texts.language, row["region"]) for row in rows}


def _regions(
    by_region: Mapping[str, Any], told: Sequence[str], names: Mapping[str, str]
) -> list[tuple[str, list[Estimated]]]:
    """Return the estimates of each region that has any, in the order of the case."""
    rows = [
        (names.get(region, region), [found[name] for name in told if name in found])
        for region, found in by_region.items()
    ]
    return [row for row in rows if any(one["value"] for one in row[1])] if len(rows) > 1 else []


def _taken(measures: Mapping[str, Any] | None, told: Sequence[str]) -> list[Taken]:
    if not measures:
        return []
    portfolios = measures["portfolios"]
    found = []
    for name in (name for one in told for name in (one, f"cvar95_{one}")):
        rows = tuple((p, p["reductions"][name]) for p in portfolios if name in p["reductions"])
        sums = tuple((p["name"], p["together"][name]) for p in portfolios if name in p["together"])
        if rows:
            found.append(Taken(name, rows, sums))
    return found


def _curves(found: Mapping[str, Any], told: Sequence[str], texts: Words) -> list[Curve]:
    from keepwarm.briefing.curves import exceedance_svg

    return [
        Curve(
            name,
            exceedance_svg(name, quantity_text(name, texts), found[name], texts),
            tuple(found[name]),
        )
        for name in told
        if len(found.get(name, ())) > 1
    ]
