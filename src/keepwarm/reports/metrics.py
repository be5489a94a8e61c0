"""Numbers to metrics: what is counted and what is said of it give one metric, or none.

Two readings that are equally near mean none: the number is listed as unread.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace

from keepwarm.case.claims import vocabulary
from keepwarm.reports.heads import Head, heads
from keepwarm.reports.predicates import Predicate, predicates
from keepwarm.reports.quantities import Quantity
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue, cues

GROUPS = frozenset(
    (
        "customers",
        "people",
        "households",
        "buildings",
        "settlements",
        "facilities",
        "regions",
        "businesses",
    )
)
"""What can be without power, heat, water or gas."""

_WEAPONS = frozenset(("drones", "missiles", "weapons", "munitions"))
_HARM = frozenset(("killed", "injured", "casualties"))
_SUPPLY = frozenset(("without", "restored", "drained"))
_ATTACK = frozenset(("launched", "downed", "lost", "hit"))
_SYSTEM = frozenset(("capacity_lost", "capacity_available", "generation", "load_shed"))

_JOINED, _COMMA, _CLAUSE = 2.0, 6.0, 8.0
"""What it costs a pairing to cross an "and", a comma, or the border of a clause, in words."""

_AND = frozenset(("and", "und", "та", "і", "й", "и", "sowie", "和", "及"))

_TOLL = 8
"""Words that may stand between "the death toll" and its number."""

_NEAR_HARM = 26.0
"""Words, borders of clauses counted, between people at work and what happened to them."""

_TAKEN = 20.0
"""What it costs to reach back to a predicate that another number is the subject of."""

_FAR_SHARE = 34.0
"""Words, borders of clauses counted, between a share and what is said of it."""

_OWN = 3
"""Words between a number and a predicate that is its own: "73,000 subscribers disconnected"."""

_LINE = 24
"""Words and marks of the longest line of a table."""

_SUBJECT = 6
"""Words that may stand between a number and the predicate it is the subject of."""

_FARTHEST = 40.0
"""Words beyond which nothing is paired."""


@dataclass(frozen=True)
class Finding:
    """A metric read from a number.

    Attributes
    ----------
    metric : str
    number : Quantity or None
        None where nothing was counted ("no casualties").
    value, value_max, qualifier
        As in a claim.
    start, end : int
        The quote, in the reading copy.
    noun : Head or None
        The noun where it stands outside the quote.
    facility_type, unit : str
        Of a facility; where the metric does not give the unit ("queues", "hours").
    note : str
        Conditions and the like.
    """

    metric: str
    number: Quantity | None
    value: float | None
    value_max: float | None
    qualifier: str
    start: int
    end: int
    noun: Head | None = None
    facility_type: str = ""
    unit: str = ""
    note: str = ""


@dataclass
class Memory:
    """What a paragraph has said so far, for words that point back."""

    service: str = ""
    unit: str = ""
    noun: Head | None = None
    counted: list[tuple[Head, float]] = field(default_factory=list)
    state: str = ""
    power_metric: str = ""
    services: set[str] = field(default_factory=set)
    of_unit: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Services last told of customers, of people, ..."""
    heading: tuple[str, str] = ("", "")
    """State and service of the last sentence without numbers: "Outages by district"."""
    topic: str = ""
    """The service a text without any name of one is about."""


def topic(sentences: Sequence[Sentence]) -> str:
    """Return the service a text is about before it names one: its only one, or power."""
    named: set[str] = set()
    context: set[str] = set()
    for sentence in sentences:
        for cue in cues(sentence.language, "metrics").find(sentence.tokens):
            if cue.table in ("service", "outage", "back_service"):
                named.add(cue.label)
            elif cue.table == "context":
                context.add(cue.label)
    if len(named) == 1:
        return named.pop()
    return context.pop() if len(context) == 1 else ""


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
    found = cues(sentence.language, "metrics").find(sentence.tokens)
    said = predicates(sentence, found)
    counted = [number for number in numbers if number.kind in _COUNTED]
    nouns = heads(sentence, counted, found)
    _recall(sentence, counted, nouns, found, memory)
    pairs = _Pairing(sentence, counted, nouns, said, found, memory)
    result = [finding for number in counted for finding in pairs.read(number)]
    result += _none(sentence, found, result)
    _remember(memory, said, result, nouns)
    states = [one for one in said if one.state in ("without", "restored")]
    if states and (not counted or len(states) == 1):
        memory.heading = (states[0].state, states[0].service or memory.service or memory.topic)
    return sorted(result, key=lambda finding: finding.start)


_COUNTED = frozenset(("count", "percent", "power", "ordinal"))


def _recall(
    sentence: Sentence,
    counted: Sequence[Quantity],
    nouns: dict[Quantity, Head],
    found: Sequence[Cue],
    memory: Memory,
) -> None:
    """Give numbers without a noun the last one of the paragraph where a word points back to it."""
    if memory.noun is None or nouns:
        return
    anaphors = [cue for cue in found if cue.table == "anaphor"]
    for number in counted:
        if number.kind != "count" or number.value is None:
            continue
        pointing = [cue for cue in found if cue.table == "more" and _beside(number, cue)]
        if _bare(sentence, number, found):
            pointing += anaphors
            pointing += [c for c in found if c.table == "figure" and c.last <= number.first]
        if pointing or _in_brackets(sentence, number):
            nouns[number] = _large_enough(memory, number.value)


def _large_enough(memory: Memory, value: float) -> Head:
    """Return the noun "123,000 of them" points back to: one that counted as many or more."""
    fit = [noun for noun, whole in memory.counted if whole >= value]
    noun = fit[-1] if fit else memory.noun
    if noun is None:
        raise ValueError("nothing was counted before")
    return noun


def _beside(number: Quantity, cue: Cue) -> bool:
    return cue.last == number.first or cue.first == number.last


def _in_brackets(sentence: Sentence, number: Quantity) -> bool:
    """Say whether a number stands alone in brackets: "worst hit are Lviv (102) and Rivne (87)"."""
    tokens = sentence.tokens
    return (
        number.first > 0
        and number.last < len(tokens)
        and tokens[number.first - 1].text in "(（"
        and tokens[number.last].text in ")）"
    )


def _bare(sentence: Sentence, number: Quantity, found: Sequence[Cue]) -> bool:
    """Say whether nothing that could be a noun follows a number."""
    if number.last >= len(sentence.tokens):
        return True
    token = sentence.tokens[number.last]
    return not token.text[0].isalnum() or any(
        cue.first == number.last and cue.table == "function" for cue in found
    )


@dataclass(frozen=True)
class _Pairing:
    """Everything known of a sentence when its numbers meet its predicates."""

    sentence: Sentence
    numbers: Sequence[Quantity]
    nouns: dict[Quantity, Head]
    said: Sequence[Predicate]
    cues: Sequence[Cue]
    memory: Memory

    def read(self, number: Quantity) -> list[Finding]:
        """Return what a number says; more than one where several services are lacking."""
        head = self.nouns.get(number)
        if number.kind == "ordinal":
            return self._ordinal(number)
        if number.kind == "power":
            said = self._nearest(number, _SYSTEM | {"other"})
            if said is None and any(cue.table == "figure" for cue in self.cues):
                return self._again(number)
            return self._one(number, head, said)
        if number.kind == "percent":
            return self._percent(number, head)
        if head is None:
            return self._toll(number) or self._one(number, head, self._adjacent_harm(number))
        if head.unit == "workers":
            return self._one(number, head, self._near_harm(number))
        if head.unit in _WEAPONS:
            return self._weapons(number, head)
        if head.unit == "regions" and self._other_groups(number):
            return []  # "13,000 people in three regions": where, not how many
        if head.unit in GROUPS:
            states = _SUPPLY | {"other"} | (_HARM if head.unit == "people" else {"hit"})
            return self._group(number, head, self._nearest(self._compared(number), states))
        if head.unit in _HARM:
            said = self._nearest(number, _HARM | {"other"}) if head.inherited else None
            if said is not None and said.state == "other":
                return []
            return [self._finding(head.unit, number, head, None)]
        if head.unit == "sites":
            return self._one(number, head, self._nearest(number, frozenset(("hit", "other"))))
        return []

    def _compared(self, number: Quantity) -> Quantity:
        """Return the number that "down from 412,000" is compared with: the same is said of it."""
        ends = {cue.last for cue in self.cues if cue.table == "compared"}
        before = [other for other in self.numbers if other.last <= number.first]
        beside = ends & {number.first, number.first - 1, number.first - 2}
        earlier = before[-1] if before else number
        head = self.nouns.get(number)
        shared = head is not None and head.inherited and earlier in self.nouns
        return earlier if beside and shared else number

    def _other_groups(self, number: Quantity) -> bool:
        return any(
            other is not number and noun.unit in GROUPS and noun.unit != "regions"
            for other, noun in self.nouns.items()
        )

    def _ordinal(self, number: Quantity) -> list[Finding]:
        for cue in self.cues:
            if cue.table == "attack" and 0 <= cue.first - number.last <= 2:
                noun = Head("attacks", cue.start, cue.end)
                return [self._finding("attacks_count", number, noun, None)]
        return []

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
        if not tolls or not _bare(self.sentence, number, self.cues):
            return []
        toll = tolls[-1]
        tokens = self.sentence.tokens
        from_to = number.first > 0 and tokens[number.first - 1].key == "from"
        before = [
            other
            for other in self.numbers
            if toll.last <= other.first < number.first and tokens[other.first - 1].key != "from"
        ]
        if before or from_to:
            return []
        return [self._finding(toll.label, number, Head(toll.label, toll.start, toll.end), None)]

    def _near_harm(self, number: Quantity) -> Predicate | None:
        """Return what happened to "two energy workers": harm, and that near by."""
        said = self._nearest(number, _HARM | {"other"})
        if said is None or self._cost(number, said) > _NEAR_HARM:
            return None
        part = any(cue.table == "anaphor" and cue.first == number.last for cue in self.cues)
        if part and self._joined(number.last, said.first):
            return None  # "26 residents, three of them minors, were hurt"
        first, last = min(number.last, said.last), max(number.first, said.first)
        alone = not any(
            other in self.nouns and first <= other.first < last for other in self.numbers
        )
        return said if alone or self._cost(number, said) <= _NEAR_HARM / 2 else None

    def _adjacent_harm(self, number: Quantity) -> Predicate | None:
        """Return the harm right beside a number without a noun: "killing three", "2 injured"."""
        near = [
            said
            for said in self.said
            if said.state in _HARM
            and _words_between(number, said) <= 2
            and self._open(number, said)
        ]
        return min(near, key=lambda said: _words_between(number, said), default=None)

    def _open(self, number: Quantity, said: Predicate) -> bool:
        """Say whether no other number and no mark stands between a number and a predicate."""
        first, last = min(number.last, said.last), max(number.first, said.first)
        return not any(
            other is not number and first <= other.first < last for other in self.numbers
        ) and not any(token.text in ".,;:!?。，；" for token in self.sentence.tokens[first:last])

    def _nearest(self, number: Quantity, states: Set[str]) -> Predicate | None:
        """Return the nearest predicate of these states; None where two differ and are as near."""
        choice = sorted(
            (self._cost(number, said), place)
            for place, said in enumerate(self.said)
            if said.state in states
        )
        one = len({self.said[place].state for _, place in choice}) == 1
        if not choice or choice[0][0] > _FARTHEST * (2 if one else 1):
            return None
        best = self.said[choice[0][1]]
        for cost, place in choice[1:]:
            if cost - choice[0][0] < 0.5 and self.said[place].state != best.state:
                return None
        return best

    def _cost(self, number: Quantity, said: Predicate) -> float:
        """Return how far a predicate stands from a number, borders of clauses counted."""
        if said.first <= number.first and number.last <= said.last:
            return 0.0
        first, last = min(number.last, said.last), max(number.first, said.first)
        cost = float(last - first)
        for token in self.sentence.tokens[first:last]:
            if token.text in ",，、()（）":
                cost += _COMMA if token.text != "、" else 1.0
            elif token.text in ";:；：—–":
                cost += _CLAUSE
            elif token.key in _AND:
                cost += _JOINED
        for cue in self.cues:
            inside = first <= cue.first < last and cue.first != number.last
            if cue.table == "clause" and cue.label == "break" and inside:
                cost += _CLAUSE
        return cost + (_TAKEN if self._has_subject(said, number) else 0.0)

    def _has_subject(self, said: Predicate, number: Quantity) -> bool:
        """Say whether "two women were killed" stands before "and seven people ..."."""
        if said.last > number.first or self.sentence.language != "en":
            return False
        tokens = self.sentence.tokens
        if not self._joined(said.last, number.first):
            return False
        return any(
            other.last <= said.first
            and said.first - other.last <= _SUBJECT
            and not any(token.text in ",;:" for token in tokens[other.last : said.first])
            for other in self.nouns
        )

    def _group(self, number: Quantity, head: Head, said: Predicate | None) -> list[Finding]:
        """Return who is without what, or has what back; both services of "heat and water"."""
        state, service = (said.state, said.service) if said else ("", "")
        if said is None and head.inherited and self.memory.unit == head.unit:
            state, service = self.memory.state, self.memory.service
        if not self.said and self._is_line(number):
            state, service = self.memory.heading
        if state in _HARM:
            return [self._finding(state, number, head, said)]
        if state == "drained":
            if head.unit != "buildings":
                return []
            return [self._finding("buildings_heat_drained", number, head, said)]
        if state not in ("without", "restored"):
            return []
        if state == "restored" and self._excepted(number):
            state = "without"
        elif self._of_whole(number):
            return []  # "of the city's 32 pumping stations, 11": all there are
        elif self._second_of(number):
            if state == "without" and not self._restored_before(number):
                return []  # "3,200 of 11,000 houses have no heat": the whole has no metric
            state = "without"
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

    def _is_line(self, number: Quantity) -> bool:
        """Say whether the sentence is a line of a table: "Lozova town - 2,140 customers"."""
        tokens = self.sentence.tokens
        marked = number.first > 0 and tokens[number.first - 1].text in "-–—:;(|"
        return marked and len(tokens) <= _LINE

    def _of_whole(self, number: Quantity) -> bool:
        """Say whether a number is all there is: "11 of the city's 32 pumping stations"."""
        for cue in self.cues:
            if cue.table != "of" or not cue.last <= number.first <= cue.last + 1:
                continue
            owner = self.sentence.tokens[number.first - 1].key
            owned = owner.endswith("'s") or owner in ("its", "their", "our")
            parts = [other for other in self.numbers if other is not number and other in self.nouns]
            near = self._nearest(number, _SUPPLY)
            own = near is not None and 0 <= near.first - number.last <= _OWN
            opening = (
                not own
                and cue.first == 0
                and any(
                    self.nouns[other].inherited and other.first > number.last for other in parts
                )
            )
            if opening or (owned and any(0 <= cue.first - other.last <= 2 for other in parts)):
                return True
        return False

    def _restored_before(self, number: Quantity) -> bool:
        return any(said.state == "restored" and said.last <= number.first for said in self.said)

    def _both(self, head: Head) -> list[str]:
        """Return the services that "both were restored" means."""
        named = list(dict.fromkeys(said.service for said in self.said if said.service))
        return named if len(named) == 2 else list(self.memory.of_unit.get(head.unit, ()))

    def _excepted(self, number: Quantity) -> bool:
        """Say whether a number is what is not back: "all but 8,000", "leaving 1,200"."""
        return any(cue.table == "except" and 0 <= number.first - cue.last <= 2 for cue in self.cues)

    def _service(self, number: Quantity) -> str:
        """Return the service a predicate leaves unnamed: the sentence's, else the paragraph's."""
        named = [said for said in self.said if said.service]
        if named:
            return min(named, key=lambda said: self._cost(number, said)).service
        services = {cue.label for cue in self.cues if cue.table == "service"}
        if len(services) == 1:
            return services.pop()
        head = self.nouns.get(number)
        told = self.memory.of_unit.get(head.unit, ()) if head else ()
        return (told[-1] if told else "") or self.memory.service or self.memory.topic

    def _weapons(self, number: Quantity, head: Head) -> list[Finding]:
        unit = "other_munitions" if head.unit == "munitions" else head.unit
        if self._second_of(number):
            return [self._finding(f"{unit}_launched", number, head, None)]
        said = self._nearest(number, _ATTACK | {"other"})
        state = said.state if said else (self.memory.state if head.inherited else "")
        if said and state == "downed" and self._whole_of(number, head, said):
            state = "launched"
        if state not in _ATTACK:
            return []
        if state == "hit":
            unit = "weapons"
        name = f"{unit}_{state}"  # no metric: missiles that were lost
        return [self._finding(name, number, head, said)] if name in vocabulary()["metric"] else []

    def _whole_of(self, number: Quantity, head: Head, said: Predicate) -> bool:
        """Say whether a number is the whole in "five missiles, only two intercepted"."""
        return said.first >= number.last and any(
            number.last < other.first
            and (other.last <= said.first or not self._joined(said.last, other.first))
            and (noun := self.nouns.get(other)) is not None
            and (noun.inherited or noun.end - noun.start == 1)
            and noun.unit == head.unit
            and _words_between(other, said) <= (2 if other.last <= said.first else 1)
            for other in self.numbers
        )

    def _joined(self, first: int, last: int) -> bool:
        """Say whether an "and" or a comma stands between two tokens."""
        tokens = self.sentence.tokens[first:last]
        return any(token.key in _AND or token.text in ",;" for token in tokens)

    def _second_of(self, number: Quantity) -> bool:
        """Say whether a number is the whole in "12 of 15 drones"."""
        for cue in self.cues:
            if cue.table == "of" and self._anaphor_at(cue.first):
                continue
            if cue.table == "of" and cue.last <= number.first <= cue.last + 2:
                return any(
                    other in self.nouns and 0 <= cue.first - other.last <= 2
                    for other in self.numbers
                )
        return False

    def _anaphor_at(self, place: int) -> bool:
        return any(cue.table == "anaphor" and cue.first <= place < cue.last for cue in self.cues)

    def _percent(self, number: Quantity, head: Head | None) -> list[Finding]:
        of = self._share_of(number)
        served = {cue.label for cue in self.cues if cue.table == "service"}
        if of == "capacity" and served == {"gas"}:
            of = "gas_production"  # "Ukraine's gas producer lost 60 percent of its output"
        states = _SUPPLY | {"other"}
        if head is None and of in ("capacity", "gas_production"):
            states = states | {"capacity_lost"}
        said = self._nearest(number, states)
        if said is None or said.state == "other" or self._cost(number, said) > _FAR_SHARE:
            return []
        if said.state in ("without", "restored"):
            if of == "substations":
                metric = "substations_restored_share" if said.state == "restored" else ""
            else:
                metric = f"share_{said.state}_{said.service or self._service(number)}"
        elif said.state == "capacity_lost" and of in ("capacity", "gas_production"):
            metric = (
                "gas_production_lost_share" if of == "gas_production" else "capacity_lost_share"
            )
        else:
            metric = ""
        return self._one(number, head, said, metric)

    def _share_of(self, number: Quantity) -> str:
        """Return what a percentage is a share of."""
        near = [
            cue
            for cue in self.cues
            if cue.table == "share_of" and 0 <= cue.first - number.last <= 6
        ] or [
            cue
            for cue in self.cues
            if cue.table == "share_of" and 0 <= number.first - cue.last <= 6
        ]
        return near[0].label if near else ""

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
        if said is not None and _words_between(number, said) <= 4 and (not own or metric in _HARM):
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


def _words_between(number: Quantity, said: Predicate) -> int:
    return max(said.first - number.last, number.first - said.last, 0)


def _none(sentence: Sentence, found: Sequence[Cue], result: Sequence[Finding]) -> list[Finding]:
    """Return "no casualties" as a number: none is 0, which silence is not."""
    return [
        Finding(cue.label, None, 0.0, None, "exact", cue.start, cue.end)
        for cue in found
        if cue.table == "none"
        and not any(other.start < cue.end and cue.start < other.end for other in result)
    ]


def _remember(
    memory: Memory,
    said: Sequence[Predicate],
    result: Sequence[Finding],
    nouns: dict[Quantity, Head],
) -> None:
    """Keep the last service, unit and state for words that point back."""
    for predicate in said:
        if predicate.service:
            memory.service = predicate.service
            memory.services.add(predicate.service)
    own = [finding for finding in result if finding.number in nouns]
    if own:
        memory.counted = [
            (replace(nouns[one.number], inherited=True), one.value or 0.0)
            for one in own
            if one.number is not None
        ]
    seen: set[Quantity | None] = set()
    for finding in result:
        if finding.number in nouns:
            memory.noun = replace(nouns[finding.number], inherited=True)
        unit, _, rest = finding.metric.partition("_")
        if unit in GROUPS and rest:
            told = memory.of_unit.get(unit, ()) if finding.number in seen else ()
            memory.of_unit[unit] = (*told, rest.partition("_")[2])
            seen.add(finding.number)
            memory.unit, (memory.state, _, memory.service) = unit, rest.partition("_")
        elif finding.metric.endswith("_mw"):
            memory.power_metric = finding.metric
        elif unit in _WEAPONS:
            memory.unit, memory.state = unit, rest
