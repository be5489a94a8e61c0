"""From a text to its claims: every step in order, and the gate at the end."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from keepwarm.case.claims import Claim, Read, UnreadNumber, vocabulary
from keepwarm.reports.bounds import bounds
from keepwarm.reports.events import events
from keepwarm.reports.facilities import facilities
from keepwarm.reports.facility_nouns import kinds_named
from keepwarm.reports.findings import Finding
from keepwarm.reports.grammar import grammar_of
from keepwarm.reports.metrics import findings
from keepwarm.reports.modality import modality, phase
from keepwarm.reports.places import Place, places
from keepwarm.reports.quantities import Quantity, quantities
from keepwarm.reports.recall import Memory, bygone, topic
from keepwarm.reports.sources import UNATTRIBUTED, Attribution, attributions
from keepwarm.reports.speaker_homes import home_of
from keepwarm.reports.speakers import known
from keepwarm.reports.text import Sentence, Text, prepare
from keepwarm.reports.verify import refusal
from keepwarm.reports.where import Where
from keepwarm.reports.where_chinese import AnyWhere
from keepwarm.reports.words import table

_WEAPONS = frozenset(("drones", "missiles", "weapons", "other", "sites"))
_NATIONAL = (
    *("air force", "ministry of defence", "armed forces", "general staff"),
    *("Zelensky", "Syrskyi", "Ihnat", "Putin", "Peskov", "Belousov"),
)
_SITS = (" in ", " у ", " в ")
"""What stands between an organ and its seat: "die Luftwaffe in Kiew"."""

_FULL = ".!?:;。！？：；"
_TITLES = 3
"""Lines that a title, with what stands above and below it, may have."""

_OFF = "facility_offline"

_LINES = ("transmission_line", "pipeline", "cable")
_PROMISES = frozenset(("restoration_eta", "conditional_warning"))
_SHOWN = frozenset(("count", "percent", "power", "ordinal"))
"""Kinds of numbers that are listed as unread where they become no claim."""


def read_text(
    words: str, *, name: str = "text", url: str = "", title: str = "", published: str = ""
) -> Read:
    """Read a text into claims; what cannot be read for sure is listed, never guessed.

    Parameters
    ----------
    words : str
        The text.
    name, url, title, published : str
        Of the document; kept with it.

    Returns
    -------
    Read
        Claims with their spans and offsets, and the numbers that became no claim.

    **Leaves out** what its word tables do not know; nothing is believed or judged.
    """
    text = prepare(words)
    reading = _Reading(text, attributions(text), _memory=Memory(topic=topic(text.sentences)))
    for sentence in text.sentences:
        reading.take(sentence)
    claims = tuple(_once(_without_titles(reading.claims, _title_end(text))))
    return Read(
        id=name,
        language=text.language,
        text=text.original,
        claims=claims,
        unread_numbers=tuple(reading.unread),
        bounds=bounds(claims),
        url=url,
        title=title,
        published=published,
    )


@dataclass
class _Reading:
    """A text being read, sentence by sentence."""

    text: Text
    speakers: Sequence[Attribution]
    claims: list[Claim] = field(default_factory=list)
    unread: list[UnreadNumber] = field(default_factory=list)
    _memory: Memory = field(default_factory=Memory)
    _where: Where = field(default_factory=AnyWhere)
    _paragraph: int = -1
    _kinds: list[str] = field(default_factory=list)
    """The kinds of facilities told of in the paragraph, the last one first."""

    _headed: list[Claim] = field(default_factory=list)
    """What the sentence before says, where it ends with a colon."""

    def __post_init__(self) -> None:
        self._starts = [one.start for one in self.speakers]
        named = {
            (one.surface_start, one.surface_end)
            for one in self.speakers
            if one.surface_start >= 0
            and (one.about or _is_national(one.source))
            and not _is_person(one.source)
        }
        self._organs = sorted(named)

    def take(self, sentence: Sentence) -> None:
        """Read a sentence: its claims that pass the gate, and the numbers that became none."""
        if sentence.paragraph != self._paragraph:
            self._paragraph = sentence.paragraph
            self._where.new_paragraph()
        text, numbers = self.text, quantities(self.text, sentence)
        if any(cue.table == "drill" for cue in sentence.longest("metrics")):
            self.unread += _unread(text, numbers, ())
            return  # 演练设定：某地供电中断
        old = bygone(sentence, numbers)
        found = [] if old else findings(sentence, numbers, self._memory)
        told = [] if old else facilities(sentence, numbers, self._kinds)
        self._kinds = list(dict.fromkeys([*kinds_named(sentence), *self._kinds]))
        lacking = {one.number for one in found if one.metric.endswith("_without_power")}
        found += [one for one in told if one.number not in lacking or one.metric != _OFF]
        found += [] if old else events(sentence, numbers, found)
        if any(one.metric == "restoration_eta" for one in found):
            found = [one for one in found if not _is_promised(one)]
        self._drop_headings(found)
        named = self._without_seats(sentence, _without_names(sentence, places(text, sentence)))
        tellers = [_teller(self._speaker(place.start).source) for place in named]
        self._where.new_sentence(sentence, named, [_figure(one) for one in found], tellers)
        kept: list[Finding] = []
        outages: set[tuple[object, ...]] = set()
        acting = _acting(sentence, named)
        for one in found:
            claim = _claim(text, sentence, one, self._where, self._speaker(one.start))
            if claim.location in acting and claim.metric.endswith("_launched"):
                claim = replace(claim, location=None)  # "Russia fired 40 missiles"
            if one.metric.endswith("_outage"):
                said = (claim.source, *_said(claim))
                if said in outages:
                    continue  # two outages of one sentence are two only at two places
                outages.add(said)
            if not refusal(claim, text.original, sentence.language):
                self.claims.append(claim)
                kept.append(one)
        if sentence.tokens[-1].text in ":：":
            self._headed = self.claims[len(self.claims) - len(kept) :]
        self.unread += _unread(text, numbers, kept)

    def _drop_headings(self, found: Sequence[Finding]) -> None:
        """Drop what only opens a list of numbers: "Without power: 4,100 in Sumy; ..."."""
        counted = {
            f"{one.metric.rpartition('_without_')[2]}_outage"
            for one in found
            if "_without_" in one.metric
        }
        self.claims = [
            one for one in self.claims if one not in self._headed or one.metric not in counted
        ]
        self._headed = []

    def _speaker(self, start: int) -> Attribution:
        """Return who says what stands at a character of the copy."""
        place = bisect_right(self._starts, start) - 1
        if place >= 0 and start < self.speakers[place].end:
            return self.speakers[place]
        return Attribution(0, 0, UNATTRIBUTED, -1, -1, False)

    def _without_seats(self, sentence: Sentence, named: Sequence[Place]) -> list[Place]:
        """Return places without those that only say where a country's organ sits.

        "The defence ministry in Moscow said 48 drones were shot down over Crimea."
        """
        seats = table(sentence.language, "places").get("capitals", {})
        first = bisect_left(self._organs, (sentence.start, 0))
        organs = self._organs[first : bisect_left(self._organs, (sentence.end, 0))]
        return [
            place
            for place in named
            if place.name not in seats
            or place.role == "who"
            or not any(
                start < place.start
                and (
                    place.end <= end
                    or (place.start > end and self.text.copy[end : place.start] in _SITS)
                )
                for start, end in organs
            )
        ]


def _claim(
    text: Text, sentence: Sentence, found: Finding, where: Where, speaker: Attribution
) -> Claim:
    quote, start = text.span(found.start, found.end)
    surface, surface_start = "", None
    if speaker.surface_start >= 0:
        surface, surface_start = text.span(speaker.surface_start, speaker.surface_end)
    said, note = modality(text, sentence, found.start, found.end)
    if found.metric == "outage_schedule" and said == "claimed" and sentence.language == "de":
        said = "planned"  # the names of plans in German stand for what will be done
    if found.value == 0 and said == "denied":
        said = "claimed"  # "nobody was hurt"
    if found.metric == "restoration_eta" and said == "claimed":
        said = "forecast"
    if found.metric == "conditional_warning" and said != "denied":
        said = "conditional"
    stage, time = phase(text, sentence, found.start, found.end)
    noun, noun_start = "", None
    if found.noun is not None:
        noun, noun_start = text.span(found.noun.start, found.noun.end)
    term = vocabulary()["metric"].get(found.metric)  # the gate refuses what is none
    # The one object of a denial was never counted: "denied that the line had been damaged".
    counted = said != "denied" or found.number is not None or not found.facility_type
    return Claim(
        metric=found.metric,
        value=found.value if counted else None,
        value_max=found.value_max,
        qualifier=found.qualifier,
        unit=(found.unit or (term.unit if term else "")) if counted else "",
        source=speaker.source,
        source_surface=surface,
        source_start=surface_start,
        source_country=speaker.about,
        location=_location(found, where, speaker),
        modality=said,
        quote_span=quote,
        span_start=start,
        noun=noun,
        noun_start=noun_start,
        time=time,
        phase=stage,
        carry_over=speaker.carry_over,
        facility_type=found.facility_type,
        note=found.note or note,
    )


def _is_promised(found: Finding) -> bool:
    """Say whether it is only what a promise is about: "most customers will have power by six"."""
    supply = "_without_" in found.metric or "_restored_" in found.metric
    return supply and found.value is None


def _acting(sentence: Sentence, named: Sequence[Place]) -> set[str]:
    """Return the countries that are named without a preposition, and not as what was attacked."""
    attacked = ("ю", "у") if sentence.language in ("uk", "ru") else ()
    return {
        place.name
        for place in named
        if place.level == "country"
        and place.role == "bare"
        and not sentence.tokens[place.last - 1].key.endswith(attacked)
    }


def _is_national(source: str) -> bool:
    """Say whether a source speaks for a whole country, by its name."""
    return any(word in source for word in _NATIONAL)


def _teller(source: str) -> str:
    """Return who names a place: what media report is the writer's own voice."""
    media = source in known() and known()[source].kind == "media"
    return UNATTRIBUTED if media else source


def _is_person(source: str) -> bool:
    """Say whether a known speaker is a mayor, a governor or the like, not a country's organ."""
    return source in known() and known()[source].kind == "person"


def _location(found: Finding, where: Where, speaker: Attribution) -> str | None:
    """Return the place of a finding; what a country's organ sums up is not the last town named."""
    organ = speaker.about and not _is_person(speaker.source)
    wide = organ or _is_national(speaker.source)
    tally = found.metric.endswith(("_launched", "_downed", "drones_lost"))
    wide = wide or (tally and speaker.source == UNATTRIBUTED)
    country_wide = wide and found.metric.partition("_")[0] in _WEAPONS
    system = found.metric in _PROMISES or found.metric.endswith("_mw")
    where.said_by(speaker.source, home_of(speaker.source), own=system)
    if country_wide and not where.named():
        return None
    if found.facility_type:
        own = where.line() if found.facility_type in _LINES else where.site()
        if own:
            return own
    if found.metric.endswith("_mw") and not where.named():
        return where.topic()
    place = where.of(*_figure(found), carry=not country_wide)
    struck = found.facility_type and organ and speaker.about == place and not where.named()
    return None if struck else place  # a ministry tells what it struck: elsewhere


def _without_names(sentence: Sentence, named: Sequence[Place]) -> list[Place]:
    """Return places without those in the Chinese name of a person or newspaper."""
    if sentence.language != "zh":
        return list(named)
    taken = set(grammar_of(sentence).persons())
    opened = None
    for place, token in enumerate(sentence.tokens):  # 《基辅邮报》
        if token.text == "《":
            opened = place
        elif token.text == "》" and opened is not None:
            taken |= set(range(opened, place))
    return [one for one in named if taken.isdisjoint(range(one.first, one.last))]


def _figure(found: Finding) -> tuple[int, int]:
    """Return where the number itself stands, without what is said of it."""
    if found.number is None:
        return found.start, found.end
    return found.number.start, found.number.end


def _unread(
    text: Text, numbers: Sequence[Quantity], found: Sequence[Finding]
) -> list[UnreadNumber]:
    read = {one.number for one in found}
    unread = []
    for number in numbers:
        if number.kind in _SHOWN and number not in read:
            words, start = text.span(number.start, number.end)
            unread.append(UnreadNumber(words, start, number.kind))
    return unread


def _title_end(text: Text) -> int:
    """Return where the title of a text ends in the original: a first line without a full stop."""
    title = list(takewhile(lambda one: text.copy[one.end - 1] not in _FULL, text.sentences))
    lines = {one.paragraph for one in title}
    if not title or len(title) == len(text.sentences) or len(lines) > _TITLES:
        return 0
    return text.span(title[-1].end - 1, title[-1].end)[1] + 1


def _without_titles(claims: Sequence[Claim], end: int) -> list[Claim]:
    """Return claims without what a title says of plants and supply that the text then tells."""
    told = {(one.metric, one.facility_type) for one in claims if (one.span_start or 0) >= end}
    return [
        one
        for one in claims
        if (one.span_start or 0) >= end
        or not _is_qualitative(one)
        or one.source_surface
        or (one.metric, one.facility_type) not in told
    ]


def _is_qualitative(claim: Claim) -> bool:
    return vocabulary()["metric"][claim.metric].tier != 1


def _once(claims: Sequence[Claim]) -> list[Claim]:
    """Return claims without those that restate: same source, metric, value and place."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for claim in claims:
        same = (claim.source, *_said(claim))
        if claim.metric == "outage_schedule":
            same += (claim.quote_span.lower(),)  # hourly ones, and those for industry
        if same not in seen:
            seen.add(same)
            kept.append(claim)
    return kept


def _said(claim: Claim) -> tuple[object, ...]:
    """Return what a claim says, whoever says it."""
    return (
        claim.metric,
        claim.value,
        claim.value_max,
        claim.location,
        claim.facility_type,
        claim.modality,
    )
