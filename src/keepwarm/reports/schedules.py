"""When supply is to go and when it is to come back: outage schedules and promises."""

from __future__ import annotations

from collections.abc import Sequence

from keepwarm.reports.findings import Finding
from keepwarm.reports.quantities import Quantity
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

_OUT = ("outage", "outage_noun", "lack", "cuts")
"""Tables of words for supply that is off, or switched off."""

_NEAR = 10
"""Words that may stand between a schedule and its hours, or a promise and its day."""

_DAILY, _DAILY_ZH = 3, 8
"""Words, and Chinese characters, between "a day" and its hours."""

_BUILT = 3
"""Words between megawatts and their being put into operation."""

_BESIDE = 30
"""Characters between a deadline and its own word of repair."""

_NUMBER = 60
"""Characters between a number and the deadline that is its own."""


_OWN = 80
"""Characters between a schedule and the number that says its extent."""


def outage_schedules(
    sentence: Sentence, numbers: Sequence[Quantity], found: Sequence[Cue]
) -> list[Finding]:
    """Return the outage schedules of a sentence: one per number of queues or hours a day.

    Parameters
    ----------
    sentence : Sentence
    numbers : sequence of Quantity
    found : sequence of Cue
        Cues of the step ``events``.

    Returns
    -------
    list of Finding
        Without a value where none is given; one for each kind (hourly, emergency, industrial).
    """
    named = [cue for cue in found if cue.table == "schedule"]
    cancelled = [cue for cue in found if cue.table == "cancelled"]
    counted = {number.last for number in numbers if number.kind == "count"}
    named = [  # "1,500 emergency outages" are no schedule
        cue
        for cue in named
        if cue.first not in counted
        and not any(_words(cue, off) <= 5 and not _parted(sentence, cue, off) for off in cancelled)
    ]
    result = []
    for number in numbers:
        unit = _unit(sentence, number, named, found)
        if unit:
            result.append(_valued(sentence, "outage_schedule", number, unit))
    taken = {min(named, key=lambda cue: _gap(cue, number)) for number in result if named}
    taken = {cue for cue in taken if any(_is_own(sentence, cue, number) for number in result)}
    kinds = set()
    for cue in named:
        if cue.label not in kinds and cue not in taken:
            kinds.add(cue.label)
            result.append(Finding("outage_schedule", None, None, None, "exact", cue.start, cue.end))
    return result


def _parted(sentence: Sentence, one: Cue, other: Cue) -> bool:
    """Say whether a comma stands between two words: "取消紧急停电，但分时停电继续"."""
    gap = sentence.tokens[min(one.last, other.last) : max(one.first, other.first)]
    return any(token.text in ",;，；" for token in gap)


def _is_own(sentence: Sentence, cue: Cue, number: Finding) -> bool:
    """Say whether a number gives the extent of a schedule: near it, and no semicolon between."""
    first, last = min(cue.end, number.end), max(cue.start, number.start)
    return _gap(cue, number) < _OWN and not any(
        token.text in ";；" and first <= token.start < last for token in sentence.tokens
    )


def _unit(sentence: Sentence, number: Quantity, named: Sequence[Cue], found: Sequence[Cue]) -> str:
    """Return queues or hours_per_day where a number gives an extent of outages."""
    if number.kind == "queues":
        return "queues" if named or sentence.language != "zh" else ""
    told = named or any(cue.table in _OUT for cue in found)
    if number.kind != "duration" or number.unit != "hours" or not told:
        return ""
    far = _DAILY_ZH if sentence.language == "zh" else _DAILY
    daily = any(
        cue.table == "per_day"
        and _words(cue, number) <= far
        and (sentence.language != "zh" or cue.last <= number.first)
        for cue in found
    )
    return "hours_per_day" if daily else ""


def _valued(sentence: Sentence, metric: str, number: Quantity, unit: str) -> Finding:
    """Return a finding whose quote carries the number and the unit word behind it."""
    last = min(number.last + (sentence.language == "zh"), len(sentence.tokens) - 1)  # 小时
    return Finding(
        metric,
        number,
        number.value,
        number.value_max,
        number.qualifier,
        number.whole_start,
        max(sentence.tokens[last].end, number.whole_end),
        unit=unit,
    )


def restoration_etas(
    sentence: Sentence,
    numbers: Sequence[Quantity],
    found: Sequence[Cue],
    counted: Sequence[Finding],
) -> list[Finding]:
    """Return when supply is promised to be back: a duration, or a day or hour without a value.

    Parameters
    ----------
    sentence : Sentence
    numbers : sequence of Quantity
    found : sequence of Cue
        Cues of the step ``events``.
    counted : sequence of Finding
        What the numbers of the sentence were read as.

    Returns
    -------
    list of Finding
        The first of the sentence.

    **Leaves out** what has come back already ("was restored within two hours"), and the day that
    belongs to a number ("reconnect 80 percent by Thursday").
    """
    work = [cue for cue in found if cue.table == "restore" and cue.label != "neutral"]
    if not work or not any(cue.table == "expect" for cue in found):
        return []
    built = [number for number in numbers if number.kind == "power"]
    work = [cue for cue in work if not any(_words(cue, one) <= _BUILT for one in built)]
    if not work:
        return []  # "80 MW are to be put into operation in spring"
    result = []
    for number in numbers:
        if min(_words(cue, number) for cue in work) > _NEAR:
            continue
        if number.kind == "duration" and _is_deadline(number, found):
            result.append(_valued(sentence, "restoration_eta", number, number.unit))
        elif number.kind in ("date", "time"):
            result += _dated(number, found)
    for cue in found:
        if cue.table != "deadline" or cue.label == "neutral":
            continue
        if min(_words(cue, one) for one in work) <= _NEAR:
            result.append(Finding("restoration_eta", None, None, None, "exact", cue.start, cue.end))
    own = [
        one
        for one in result
        if _promised_apart(sentence, one, found, counted)
        or not _of_a_number(sentence, one, counted)
    ]
    return sorted(own, key=lambda one: (_aside(one, work), one.start))[:1]


def _aside(deadline: Finding, work: Sequence[Cue]) -> bool:
    """Say whether a deadline stands far from every word of repair."""
    return min(_gap(cue, deadline) for cue in work) > _BESIDE


def _promised_apart(
    sentence: Sentence, deadline: Finding, found: Sequence[Cue], counted: Sequence[Finding]
) -> bool:
    """Say whether a promise of its own stands between a number and a deadline, behind a mark.

    "Power is back for 55,000; the others are to be reconnected by evening."
    """
    behind = max((one.end for one in counted if one.end <= deadline.start), default=None)
    if behind is None:
        return False
    marks = [
        token.start
        for token in sentence.tokens
        if behind <= token.start < deadline.start and token.text in ",;，；"
    ]
    within = [cue for cue in found if marks and marks[0] < cue.start < deadline.start]
    return any(cue.table == "expect" for cue in within) and any(
        cue.table == "restore" and cue.label != "neutral" for cue in within
    )


def _gap(cue: Cue, finding: Finding) -> int:
    return max(finding.start - cue.end, cue.start - finding.end, 0)


def _of_a_number(sentence: Sentence, deadline: Finding, counted: Sequence[Finding]) -> bool:
    """Say whether a deadline belongs to a number of what is to be restored."""
    told = [one for one in counted if one.value is not None]  # "most will be back by evening"
    near = min(told, key=lambda one: _apart(one, deadline), default=None)
    if near is None or "_restored" not in near.metric or _apart(near, deadline) >= _NUMBER:
        return False
    if sentence.language != "zh":
        return True
    first, last = sorted((near.end, deadline.start))
    return not any(
        token.text in "，；" and first <= token.start < last for token in sentence.tokens
    )


def _apart(one: Finding, other: Finding) -> int:
    return max(other.start - one.end, one.start - other.end, 0)


def _is_deadline(number: Quantity, found: Sequence[Cue]) -> bool:
    """Say whether a duration counts from now on: "within", "in", "through" and the like."""
    for cue in found:
        if cue.table == "not_deadline" and 0 <= number.first - cue.last <= 1:
            return False
        if cue.table == "not_deadline_after" and 0 <= cue.first - number.last <= 2:
            return False
    return number.qualifier == "upper_bound" or any(
        cue.table == "in" and _words(cue, number) <= 2 for cue in found
    )


def _dated(number: Quantity, found: Sequence[Cue]) -> list[Finding]:
    """Return a promise until a day or hour that is named: "by 6 p.m."."""
    for cue in found:
        by = cue.table == "by" and cue.label != "neutral" and _words(cue, number) <= 2
        expected = cue.table == "expect" and 0 <= number.first - cue.last <= 1  # 预计24日恢复
        if by or expected:
            start, end = min(cue.start, number.start), max(cue.end, number.end)
            return [Finding("restoration_eta", None, None, None, "exact", start, end)]
    return []


def _words(one: Cue, other: Cue | Quantity) -> int:
    """Return how many words stand between two stretches of a sentence."""
    return max(other.first - one.last, one.first - other.last, 0)
