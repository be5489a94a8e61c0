"""The gate: a claim leaves only if the text itself says it.

Its quote stands at its offset; the quote alone reads again as the value and the qualifier; its noun
(or an inherited one, at its own offset) gives the metric; its source's words stand in the text.
Whoever selected the words, rules or a language model, passes the same gate.
"""

from __future__ import annotations

from keepwarm.case.claims import Claim, vocabulary
from keepwarm.reports.findings import GROUPS
from keepwarm.reports.quantities import parse
from keepwarm.reports.text import alone

_NOUN_OF = {
    "buildings_heat_drained": {"buildings"},
    "other_munitions_downed": {"munitions"},
    "weapons_hit": {"weapons", "drones", "missiles", "munitions"},
    "sites_hit": {"sites"},
    "killed": {"killed", "people", "workers"},
    "injured": {"injured", "people", "workers"},
    "casualties": {"casualties", "killed", "injured", "people", "workers"},
}
"""Labels of nouns that may carry a metric whose name does not begin with them."""


def refusal(claim: Claim, original: str, language: str) -> str:
    """Return why a claim does not stand in its text; empty where it does.

    Parameters
    ----------
    claim : Claim
    original : str
        The text its offsets count in.
    language : str
        Of the sentence it was read in.

    Returns
    -------
    str
        A short reason, or the empty string.
    """
    term = vocabulary()["metric"].get(claim.metric)
    if term is None:
        return f"'{claim.metric}' is no metric of the vocabulary"
    for kind, name in (("qualifier", claim.qualifier), ("modality", claim.modality)):
        if name not in vocabulary()[kind]:
            return f"'{name}' is no {kind} of the vocabulary"
    for words, start in (
        (claim.quote_span, claim.span_start),
        (claim.source_surface, claim.source_start),
        (claim.noun, claim.noun_start),
    ):
        if words and (start is None or original[start : start + len(words)] != words):
            return f"'{words}' does not stand in the text where the claim says"
    if not claim.quote_span:
        return "the claim quotes nothing"
    if term.tier == 2 and claim.value is None:
        return ""
    if not _reads_again(claim, language):
        return f"'{claim.quote_span}' does not read as {claim.value} ({claim.qualifier})"
    return "" if term.tier == 2 else _without_noun(claim, term.unit, language)


def _reads_again(claim: Claim, language: str) -> bool:
    """Say whether the quote alone gives the value and qualifier of the claim."""
    if claim.value == 0 and any(
        table == "none" and label == claim.metric
        for table, label in _labels(claim.quote_span, language)
    ):
        return True
    if claim.value == 1 and claim.qualifier == "exact" and claim.metric.startswith("facility_"):
        return True  # "a substation was hit": one is said by the noun's own number
    return any(
        number.value == claim.value
        and number.value_max == claim.value_max
        and number.qualifier == claim.qualifier
        for number in parse(claim.quote_span, language)
    )


def _without_noun(claim: Claim, unit: str, language: str) -> str:
    """Return the reason where neither quote nor inherited noun carries the metric."""
    if unit in ("MW", "percent"):
        kinds = {number.kind for number in parse(claim.quote_span, language)}
        kind = {"MW": "power", "percent": "percent"}[unit]
        return "" if kind in kinds else f"'{claim.quote_span}' carries no {unit}"
    allowed = _NOUN_OF.get(claim.metric) or {claim.metric.split("_")[0]}
    words = f"{claim.quote_span} {claim.noun}".strip()
    tables = ("head", "state", "none", "attack", "anaphor", "toll")
    labels = {label for table, label in _labels(words, language) if table in tables}
    if labels & (allowed | {f"{label}_weak" for label in allowed}):
        return ""
    if claim.metric == "attacks_count" or (allowed & GROUPS and "of_them" in labels):
        return ""
    return f"no noun in '{words}' gives {claim.metric}"


def _labels(words: str, language: str) -> set[tuple[str, str]]:
    """Return the tables and labels of the cues in some words of a text."""
    _, quote = alone(words, language)
    return {(cue.table, cue.label) for cue in quote.longest("metrics")}
