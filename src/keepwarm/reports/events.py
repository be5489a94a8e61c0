"""What a sentence says without counting: supply out, schedules, promises, attacks, territory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from keepwarm.reports.conditions import condition, conditional_warnings
from keepwarm.reports.findings import HARM, Finding
from keepwarm.reports.quantities import Quantity
from keepwarm.reports.schedules import outage_schedules, restoration_etas
from keepwarm.reports.service_words import Services
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

_COUNTS = frozenset(("count", "percent"))
_NEAR = 8
"""Words between a number and an outage that make the outage the number's."""

_SUBJECT = 4
_BEING = (
    *("is", "are", "was", "were", "has", "have", "had", "been"),
    *("also", "still", "again", "temporarily", "briefly", "completely"),
)
"""What may stand between a facility and what it lacks."""

_CLOSE = 8
"""Words between an outage and a word that ends it."""


def events(
    sentence: Sentence, numbers: Sequence[Quantity], counted: Sequence[Finding]
) -> list[Finding]:
    """Return what a sentence says happened or will, beyond its numbers; in its order.

    Parameters
    ----------
    sentence : Sentence
    numbers : sequence of Quantity
        Every number of the sentence.
    counted : sequence of Finding
        What its numbers and facilities were read as: no outage is said twice.

    Returns
    -------
    list of Finding
        Outages and restoration without a number, schedules, promises, attacks acknowledged or
        repelled, territory, warnings under a condition.

    **Leaves out** mere mentions ("after the outage") and what only may happen.
    """
    found = sentence.longest("events")
    stated = condition(sentence)
    result = []
    if stated is None:
        result += [
            one for one in outage_schedules(sentence, numbers, found) if not _stops(one, counted)
        ]
        reading = _Reading(sentence, numbers, [*counted, *result], found)
        etas = restoration_etas(sentence, numbers, found, counted)
        result += etas
        result += reading.outages()
        result += reading.status(etas)
        result += reading.plain("attack_event", ("facility", "drones", "missiles", "weapons"))
        result += reading.plain("territorial_control", ())
    else:
        tokens = sentence.tokens
        result += [
            one
            for one in restoration_etas(sentence, numbers, found, counted)
            if not any(
                stated.holds(place)
                for place, token in enumerate(tokens)
                if one.start <= token.start < one.end
            )
        ]
    result += conditional_warnings(sentence, stated)
    return sorted(result, key=lambda finding: finding.start)


def _stops(event: Finding, counted: Sequence[Finding]) -> bool:
    """Say whether it is a facility that is stopped: "emergency shutdown of the unit"."""
    return any(
        one.metric == "facility_offline" and one.start < event.end and event.start < one.end
        for one in counted
    )


@dataclass(frozen=True)
class _Reading:
    """Everything known of a sentence when its events are read."""

    sentence: Sentence
    numbers: Sequence[Quantity]
    counted: Sequence[Finding]
    cues: Sequence[Cue]

    @cached_property
    def services(self) -> Services:
        """What its words say of services."""
        return Services(self.sentence, self.cues)

    def outages(self) -> list[Finding]:
        """Return each service that is said to be out, once for each part between commas."""
        result: dict[tuple[str, int], Finding] = {}
        told = [*self.services.direct(), *self.services.lacking(), *self.services.stopped()]
        named = self.services.named()
        for service, first, last in (*told, *named):
            part = (service, self.services.segment(first)[0])
            if part in result or self._spoken_for(service, "without", first, last):
                continue
            noun = (service, first, last) not in told or any(
                cue.table == "lack" and cue.label == "noun" and cue.first == first
                for cue in self.cues
            )
            if self._only_mentioned(first, last, noun) or self._of_a_facility(first, last):
                continue
            result[part] = self._finding(f"{service}_outage", first, last)
        return list(result.values())

    def _spoken_for(self, service: str, state: str, first: int, last: int) -> bool:
        """Say whether a number of the same part says it already, or stands too near to tell."""
        begin, end = self.services.part(first)
        tokens = self.sentence.tokens
        start, stop = tokens[begin].start, tokens[end - 1].end
        for finding in self.counted:
            if start <= finding.start < stop and finding.metric.endswith(f"_{state}_{service}"):
                return True
            beside = finding.start <= tokens[first].start < finding.end
            if beside and finding.metric == "facility_offline" and service == "power":
                return True  # "the line is without power": it is off
        scheduled = {one.number for one in self.counted if one.metric == "outage_schedule"}
        harmed = {one.number for one in self.counted if one.metric in HARM}
        return any(
            ((number.kind in _COUNTS and number not in harmed) or number in scheduled)
            and self._close(number, first, last)
            and number.value is not None
            and begin <= number.first < end
            and max(number.first - last, first - number.last) <= _NEAR
            and not self._comma_between(number, first, last)
            for number in self.numbers
        )

    def _comma_between(self, number: Quantity, first: int, last: int) -> bool:
        """Say whether a Chinese comma parts a number from an outage."""
        between = self.sentence.tokens[min(number.last, last) : max(number.first, first)]
        return self.sentence.language == "zh" and any(token.text == "，" for token in between)

    def _close(self, number: Quantity, first: int, last: int) -> bool:
        """Say whether no comma parts a number from the outage."""
        gap = self.sentence.tokens[min(number.last, last) : max(number.first, first)]
        return not any(token.text == "," for token in gap)

    def _of_a_facility(self, first: int, last: int) -> bool:
        """Say whether it is a facility that has lost its supply: 泵站失去供电."""
        tokens = self.sentence.tokens
        begins = max(first - _SUBJECT, 0)
        if self.sentence.language == "en" and any(
            cue.table == "noun"
            and begins <= cue.last <= first
            and all(token.key in _BEING for token in tokens[cue.last : first])
            for cue in self.sentence.longest("facilities")
        ):
            return True  # "the waterworks has been without power"
        outage = Finding("", None, None, None, "", tokens[first].start, tokens[last - 1].end)
        return _stops(outage, self.counted)

    def _only_mentioned(self, first: int, last: int, noun: bool) -> bool:
        """Say whether an outage is over, only possible, denied or named in passing.

        A noun may be: "after the long blackout", but "after the attack the light went out".
        """
        begin, _ = self.services.part(first)
        near = (1 if self.sentence.language in ("uk", "ru") else 2) if noun else 0
        for cue in self.cues:
            if cue.table == "may" and begin <= cue.first < first + 3:
                return True
            if cue.table == "passing" and cue.label != "neutral" and 0 <= first - cue.last <= near:
                return True
            if cue.table == "passing_after" and 0 <= cue.first - last <= 1:
                return True
            if (
                cue.table == "back"
                and cue.label != "neutral"  # "wieder ohne Strom"
                and self._beside(cue, first, last)
            ):
                return True
        return False

    def _beside(self, cue: Cue, first: int, last: int) -> bool:
        """Say whether a word stands near an outage, no comma between."""
        between = self.sentence.tokens[min(cue.last, last) : max(cue.first, first)]
        return len(between) <= _CLOSE and not any(token.text in ",，;；" for token in between)

    def status(self, promised: Sequence[Finding]) -> list[Finding]:
        """Return how far restoration is, where no number says it and nothing is but promised."""
        told = [(cue.first, cue.last) for cue in self.cues if cue.table == "status"]
        for first, last in (*self.services.returned(), *told):
            begin, end = self.services.part(first)
            if self.sentence.language == "zh":
                begin, end = self.services.segment(first)
            if any(
                number.kind in (*_COUNTS, "power")
                and number.value is not None
                and begin <= number.first < end
                for number in self.numbers
            ):
                continue
            if any(other.table == "undone" and begin <= other.first < end for other in self.cues):
                continue
            if self._promises(promised, *self.services.segment(first)):
                continue
            return [self._finding("restoration_status", first, last)]
        return []

    def _promises(self, promised: Sequence[Finding], begin: int, end: int) -> bool:
        """Say whether a part of the sentence promises something."""
        start, stop = self.sentence.tokens[begin].start, self.sentence.tokens[end - 1].end
        return any(cue.table == "expect" and begin <= cue.first < end for cue in self.cues) or any(
            start <= one.start < stop for one in promised
        )

    def plain(self, metric: str, unless: tuple[str, ...]) -> list[Finding]:
        """Return an event its words say by themselves, unless something counted says it better."""
        better = [one for one in self.counted if unless and one.metric.startswith(unless)]
        for cue in self.cues:
            repelled = cue.label == "repelled" and all(one.facility_type for one in better)
            if better and not repelled:  # what burns says nothing of an attack that failed
                continue
            if cue.table == metric and cue.label != "neutral" and not self._unsure(cue):
                return [self._finding(metric, cue.first, cue.last)]
        return []

    def _unsure(self, cue: Cue) -> bool:
        """Say whether an event is denied or only possible."""
        return any(
            (other.table == "may" and other.first < cue.first)
            or (other.table == "denial" and -3 <= other.first - cue.first < cue.last - cue.first)
            for other in self.cues
        )

    def _finding(self, metric: str, first: int, last: int) -> Finding:
        tokens = self.sentence.tokens
        return Finding(metric, None, None, None, "exact", tokens[first].start, tokens[last - 1].end)
