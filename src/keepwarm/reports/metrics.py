"""Numbers to metrics: what is counted and what is said of it give one metric, or none.

Two readings that are equally near mean none: the number is listed as unread.
"""

from __future__ import annotations

from collections.abc import Sequence

from keepwarm.case.claims import vocabulary
from keepwarm.reports.articles import article_counts, with_others
from keepwarm.reports.attacks import attack_counted
from keepwarm.reports.findings import (
    ATTACK,
    GROUPS,
    HARM,
    SUPPLY,
    SYSTEM,
    WEAPONS,
    Finding,
    none_of,
)
from keepwarm.reports.harm import Harmed
from keepwarm.reports.heads import Head, heads
from keepwarm.reports.noun_phrases import mark_between
from keepwarm.reports.pairing import words_between
from keepwarm.reports.pairing_chinese import ChinesePairing
from keepwarm.reports.predicates import SERVICES, Predicate, predicates
from keepwarm.reports.quantities import Quantity
from keepwarm.reports.recall import (
    Memory,
    bare,
    heading_noun,
    is_item,
    leads,
    raid,
    raiding_noun,
    recall,
    remember,
)
from keepwarm.reports.text import Sentence

_TOLL = 8
"""Words that may stand between "the death toll" and its number."""

_NEAR_ARTICLE = 14.0
"""Words, borders of clauses counted, between "a woman" and what happened to her."""

_OWN_SERVICE = 4.0
"""Words between a plant and the service that it is said to be without itself."""


def findings(sentence: Sentence, numbers: Sequence[Quantity], memory: Memory) -> list[Finding]:
    """Return the metrics of a sentence, in its order.

    Parameters
    ----------
    sentence : Sentence
    numbers : sequence of Quantity
        Every number of the sentence.
    memory : Memory
        Of the paragraph; brought up to date.
    """
    found = sentence.longest("metrics")
    said = predicates(sentence, found)
    counted = [
        number
        for number in numbers
        if number.kind in _COUNTED or article_counts(sentence, number, found)
    ]
    nouns = heads(sentence, counted, found)
    recall(sentence, counted, nouns, found, memory)
    pairs = _Reading(sentence, counted, nouns, said, found, memory)
    result = [finding for number in counted for finding in pairs.read(number)]
    result += none_of(found, result)
    remember(memory, said, result, nouns)
    passing = [cue.label for cue in found if cue.table == "service" and cue.label in SERVICES]
    memory.mentioned = passing[-1] if passing else memory.mentioned
    listed = any(is_item(sentence, one) or pairs.is_line(one) for one in counted)
    memory.listing = sentence.tokens[-1].text in ":：" or (listed and bool(result))
    memory.raid = raid(sentence, counted, said, memory)
    if not counted:
        memory.noun = heading_noun(found, said) or raiding_noun(found, said) or memory.noun
    states = [one for one in said if one.state in ("without", "restored")]
    if states and sentence.tokens[-1].text != ";" and (not counted or len(states) == 1):
        memory.heading = (states[0].state, states[0].service or memory.service or memory.topic)
    return sorted(result, key=lambda finding: finding.start)


_BESIDES = {"people": HARM} | dict.fromkeys(
    ("households", "buildings", "settlements", "facilities"), frozenset(("hit",))
)
"""What can happen to those who may be without supply: not to customers."""

_COMPARING = frozenset(("less", "fewer", "more", "higher", "lower"))
_COUNTED = frozenset(("count", "percent", "power", "ordinal"))


class _Reading(Harmed, ChinesePairing):
    """What the numbers of a sentence say."""

    def read(self, number: Quantity) -> list[Finding]:
        """Return what a number says; more than one where several services are lacking."""
        if self.long_ago(number):
            return []  # "a year ago 12,000 families had no light": a comparison
        head = self.nouns.get(number)
        if head is None and self.in_noun(number):
            return []  # "four members of one family"
        if number.kind == "ordinal":
            return self._ordinal(number)
        if number.value == 1 and head and head.unit in HARM and self.one_of(number):
            return []  # "one of the dead was a medic"
        if number.kind == "power":
            said = self.lost_before(number, self.nearest(number, SYSTEM | {"other"}))
            if said is None and any(cue.table == "figure" for cue in self.cues):
                return self._again(number)
            return self._one(number, head, said)
        if number.kind == "percent":
            return self._percent(number, head)
        if number.kind == "article" and head is not None:
            return self._article(number, head)
        if head is not None and head.inherited and (toll := self._toll(number)):
            return toll
        if head is None:
            if self.is_former(number):
                return []
            harm = self.adjacent_harm(number)
            if harm is None and (harm := self.shared_harm(number)) is not None:
                tokens = self.sentence.tokens
                start, end = tokens[harm.first].start, tokens[harm.last - 1].end
                head = Head(harm.state, start, end, inherited=True)
            return self._toll(number) or self._one(number, head, harm)
        if head.unit == "workers":
            said = self.near_harm(number)
            told = said is not None and self.part_of_told(number, said)
            behind = said is not None and said.last <= number.first
            of_these = (head.inherited or behind) and self.part_of_these(number)  # "two of them"
            return [] if told or of_these else self._one(number, head, said)
        if head.unit in WEAPONS:
            return self._weapons(number, head)
        if head.unit == "regions" and self.other_groups(number) and not self.listed(number):
            return []  # "13,000 people in three regions": where, not how many
        if head.unit in ("settlements", "regions") and self._part_of(number):
            return []  # "part of the town": one of them, and not all of it
        if self.is_crew(number, head) or self.in_earlier_clause(number, head):
            return []
        if head.unit in GROUPS:
            states = SUPPLY | {"other"} | _BESIDES.get(head.unit, frozenset())
            if self.sentence.language == "zh" and head.unit == "people":
                states |= {"lost"}  # 2人失踪
            return self._group(number, head, self.nearest(self.compared(number), states))
        if head.unit in HARM:
            said = self.nearest(number, HARM | {"other"}) if head.inherited else None
            if said is not None and said.state == "other":
                return []
            if head.inherited and self.part_of_these(number) and self.joined_before(number):
                return []  # "eight injured, one of them a child"
            if head.inherited and any(
                one.state in SUPPLY and words_between(number, one) <= 1 for one in self.said
            ):
                return []  # "55 dead, 4.4 million in the dark"
            return [self._finding(head.unit, number, head, None)]
        if head.unit == "sites" and not self.counts_more(number):
            return self._one(number, head, self.nearest(number, frozenset(("hit", "other"))))
        return []

    def _article(self, number: Quantity, head: Head) -> list[Finding]:
        """Return one of whom or which something is said: "ein Mann starb", "und eine Rakete"."""
        if any(c.table == "anaphor" and c.last == number.first for c in self.cues):
            return []  # "nine were hurt, unter ihnen ein Kind"
        if head.unit in HARM:
            return [self._finding(head.unit, number, head, None)]
        if head.unit not in WEAPONS:
            said = self.nearest(number, HARM | {"other"})
            near = said is not None and self.cost(number, said) <= _NEAR_ARTICLE
            return (
                self._one(number, head, said)
                if near and not with_others(self.sentence, head)
                else []
            )
        more = any(
            other is not number and other.kind == "count" and noun.unit in WEAPONS
            for other, noun in self.nouns.items()
        )
        return self._weapons(number, head) if more else []

    def _part_of(self, number: Quantity) -> bool:
        return any(
            cue.table == "part_of" and number.first <= cue.first < number.last for cue in self.cues
        )

    def _ordinal(self, number: Quantity) -> list[Finding]:
        if self.is_day(number) or not (noun := attack_counted(self.sentence, number, self.cues)):
            return []
        return [self._finding("attacks_count", number, noun, None)]

    def _again(self, number: Quantity) -> list[Finding]:
        """Return the paragraph's last metric in MW: "the figure peaked at 16,500 MW"."""
        metric = self.memory.power_metric
        return [self._finding(metric, number, None, None)] if metric else []

    def _toll(self, number: Quantity) -> list[Finding]:
        """Return "the death toll rose to 31", "put the number of injured at 17"."""
        tolls = [
            cue
            for cue in self.cues
            if cue.table == "toll" and 0 <= number.first - cue.last <= _TOLL
        ]
        if not tolls or not bare(self.sentence, number, self.cues):
            return []
        toll = tolls[-1]
        before = [other for other in self.numbers if toll.last <= other.first < number.first]
        if any(not self.is_former(other) for other in before):
            return []
        noun = Head(toll.label, toll.start, toll.end, inherited=bool(before))
        return [self._finding(toll.label, number, noun, None)]

    def _group(self, number: Quantity, head: Head, said: Predicate | None) -> list[Finding]:
        """Return who is without what, or has what back; both services of "heat and water"."""
        if number.value is not None and 0 < number.value < 1:
            return []  # "half the town"
        if said is not None and head.inherited and self.part_between(number, said):
            said = None  # "in Kharkiv 41,000, of them 12,000 are back"
        state, service = (said.state, said.service) if said else ("", "")
        if said is None and self.memory.unit == head.unit:
            figure = any(cue.table == "figure" for cue in self.cues)
            bracketed = number.first > 0 and self.sentence.tokens[number.first - 1].text in "(（"
            if head.inherited or figure or bracketed or self.opens_with_parts():
                state, service = self.memory.state, self.memory.service
            if state == "restored" and self.says_rest(number):
                state = "without"
        if not self.said and self.is_line(number):
            state, service = self.memory.heading
        if state in HARM:
            if head.inherited and self.part_of_these(number) and self.joined_before(number):
                return []  # "three were hurt, one of them a child"
            if said is not None and self.part_of_told(number, said):
                return []  # 20人受伤，其中5名儿童
            return [self._finding(state, number, head, said)]
        if state == "hit" and head.unit == "settlements":
            return [self._finding("sites_hit", number, head, said)]
        if state == "drained":
            if head.unit != "buildings":
                return []
            return [self._finding("buildings_heat_drained", number, head, said)]
        if state not in ("without", "restored"):
            return []
        left = self.excepted(number) or self.still_out(number, said)
        if state == "restored" and (left or self.rest_to_come(number, said)):
            state = "without"
        elif state == "restored" and said and self.rest_apart(number, said):
            return []  # "six were reconnected, the remaining 11 ...": perhaps not
        elif self.of_whole(number):
            return []  # "of the city's 32 pumping stations, 11": all there are
        elif self.second_of(number):
            if state == "without" and not self.restored_before(number):
                return []  # "3,200 of 11,000 houses have no heat": the whole has no metric
            state = "without"
        far = said and (
            not said.service
            or self.cost(number, said) > _OWN_SERVICE
            or mark_between(self.sentence, number.first, said.first)
        )
        if head.unit == "facilities" and far and self._is_plant(head):
            return []  # "65 boiler houses are off": they are without nothing
        together = [
            other.service
            for other in self.said
            if said and other.state == said.state and other.first == said.first and other.service
        ]
        both = any(cue.table == "both" for cue in self.cues)
        if both and not together:
            together = self._both(head)
        services = together or [service or self._service(number)]
        return [
            self._finding(f"{head.unit}_{state}_{one}", number, head, said)
            for one in services
            if one
        ]

    def _is_plant(self, head: Head) -> bool:
        return any(cue.table == "plant" and head.start <= cue.start < head.end for cue in self.cues)

    def _both(self, head: Head) -> list[str]:
        """Return the services that "both were restored" means."""
        named = list(dict.fromkeys(said.service for said in self.said if said.service))
        return named if len(named) == 2 else list(self.memory.of_unit.get(head.unit, ()))

    def _service(self, number: Quantity) -> str:
        """Return the service a predicate leaves unnamed: the sentence's, else the paragraph's."""
        named = [said for said in self.said if said.service]
        if named:
            return min(named, key=lambda said: self.cost(number, said)).service
        services = {cue.label for cue in self.cues if cue.table == "service"} - {"neutral"}
        if len(services) == 1:
            return services.pop()
        about = {cue.label for cue in self.cues if cue.table == "context"}
        if len(about) == 1 and self.sentence.language == "ru":
            return about.pop()  # "Сумыоблэнерго фиксирует отключение 56 тысяч потребителей"
        head = self.nouns.get(number)
        told = self.memory.of_unit.get(head.unit, ()) if head else ()
        told_of = (told[-1] if told else "") or self.memory.service
        return told_of or self.memory.mentioned or self.memory.topic

    def _weapons(self, number: Quantity, head: Head) -> list[Finding]:
        unit = "other_munitions" if head.unit == "munitions" else head.unit
        if self.second_of(number):
            return [self._finding(f"{unit}_launched", number, head, None)]
        tokens = self.sentence.tokens
        hits = [one for one in self.said if one.state == "hit"]
        own = [one for one in hits if tokens[one.first].start == head.start]  # "60 влучань"
        said = own[0] if own else self.nearest(number, ATTACK | {"other"})
        state = said.state if said else (self.memory.state if head.inherited else "")
        if not self.said and leads(self.sentence, number):
            state = state or self.memory.raid  # "struck with: 4 ballistic missiles; ..."
        if said and state == "downed" and self.whole_of(number, head, said):
            state = "launched"
        if state not in ATTACK:
            return []
        if state == "hit":
            unit = "weapons"
        name = f"{unit}_{state}"  # no metric: missiles that were lost
        return [self._finding(name, number, head, said)] if name in vocabulary()["metric"] else []

    def _is_compared(self, number: Quantity) -> bool:
        """Say whether a percentage is a difference: "12 percent less than a year before"."""
        after = [token.key for token in self.sentence.tokens[number.last : number.last + 2]]
        return bool(after) and after[0] in _COMPARING and after[-1] in ("than", *_COMPARING)

    def _percent(self, number: Quantity, head: Head | None) -> list[Finding]:
        of = self.share_of(number)
        if self._is_compared(number) or (
            head is not None
            and (head.unit in WEAPONS or (head.unit == "other" and of != "substations"))
        ):
            return []  # "half of the poles are down", "75 percent of the drones"
        served = {cue.label for cue in self.cues if cue.table == "service"} - {"neutral"}
        if of == "capacity" and served == {"gas"}:
            of = "gas_production"  # "Ukraine's gas producer lost 60 percent of its output"
        states = SUPPLY | {"other"}
        if head is None and of in ("capacity", "gas_production"):
            states = states | {"capacity_lost"}
            if any(said.state == "capacity_lost" for said in self.said):
                states = states - {"without"}
        said = self.share_of_before(number, self.nearest(number, states))
        if said is None and any(cue.table == "figure" for cue in self.cues):
            return self._one(number, head, Predicate("", "", 0, 0), self.memory.share_metric)
        if said is None or said.state == "other" or self.cost(number, said) > self.farthest_share:
            return []
        if self.part_of_told(number, said) or (
            self.part_of_them(number) and said.last <= number.first
        ):
            return []  # "..., a quarter of them on the island"
        if said.state in ("without", "restored"):
            if of == "substations":
                metric = "substations_restored_share" if said.state == "restored" else ""
            elif of == "capacity" and said.state == "without" and not said.service:
                metric = ""  # "2.5 GW are off, a quarter of demand": no share of customers
            else:
                metric = f"share_{said.state}_{said.service or self._service(number)}"
        elif said.state == "capacity_lost" and of in ("capacity", "gas_production"):
            metric = (
                "gas_production_lost_share" if of == "gas_production" else "capacity_lost_share"
            )
        else:
            metric = ""
        return self._one(number, head, said, metric)

    def _one(
        self, number: Quantity, head: Head | None, said: Predicate | None, metric: str | None = None
    ) -> list[Finding]:
        if said is None or said.state == "other":
            return []
        name = _METRIC_OF.get(said.state, said.state) if metric is None else metric
        return [self._finding(name, number, head, said)] if name in vocabulary()["metric"] else []

    def _finding(
        self, metric: str, number: Quantity, head: Head | None, said: Predicate | None
    ) -> Finding:
        start, end = number.whole_start, number.whole_end
        own = head is not None and not head.inherited
        if head is not None and own:
            start, end = min(start, head.start), max(end, head.end)
        if said is not None and words_between(number, said) <= 4 and (not own or metric in HARM):
            tokens = self.sentence.tokens
            start = min(start, tokens[said.first].start)
            end = max(end, tokens[said.last - 1].end)
        noun = head if head is not None and not start <= head.start < end else None
        return Finding(
            metric, number, number.value, number.value_max, number.qualifier, start, end, noun
        )


_METRIC_OF = {
    "capacity_lost": "capacity_lost_mw",
    "capacity_available": "capacity_available_mw",
    "generation": "generation_mw",
    "load_shed": "load_shed_mw",
    "hit": "sites_hit",
}
