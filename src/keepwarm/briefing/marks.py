"""Numbers and times as markup: what people read, with the exact value for machines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from keepwarm.briefing.cold import Vulnerable
from keepwarm.briefing.retold import retold
from keepwarm.briefing.situation import Energy, Outages, Service
from keepwarm.briefing.timelines import local_spans
from keepwarm.briefing.why import Cause
from keepwarm.briefing.words import Figure, Words, form_of
from keepwarm.case.nouns import BAND
from keepwarm.case.times import local_time
from keepwarm.said.sentence import known

Values = tuple[float | None, float | None, float | None]
Times = tuple[str | None, str | None, str | None]

#: Rows of a table before the rest waits to be opened; one or two more are shown all the same.
ROWS, MORE = 10, 2

#: What the tables write -> the key of its text.
FIRST_LINKS = {
    "no heat": "no_heat",
    "no power at the substation": "no_power",
    "drained": "drained",
    "frozen": "frozen",
}
CAUSES = {
    "out": "out",
    "derated": "derated",
    "at its limit": "limit",
    "empty": "empty",
    "no supply": "none",
}

#: Measures of `keepwarm.compare` that are told of each carrier, or temperature.
MEASURES = (
    "unserved_mwh",
    "people_hours_without",
    "peak_people_without",
    "people_hours_below",
    "people_degree_hours_below",
)


class Marks:
    """What the template calls. Every text and name is escaped; only these tags are not."""

    def __init__(self, texts: Words, zone: str, notes: Mapping[str, int]) -> None:
        self._texts, self._zone, self._notes = texts, zone, notes

    def tools(self) -> Mapping[str, Callable[..., Any]]:
        """Return the functions of the template by name."""
        return {
            "say": self.say,
            "plural": self.plural,
            "day": self.day,
            "varied_texts": lambda names: [self._texts.text(f"risk.{name}") for name in names],
            "known": self._texts.known,
            "retold": self.retold,
            "archetype": self.archetype,
            "measure_text": self.measure_text,
            "local_spans": lambda spans: local_spans(spans, self._zone, self._texts),
            "position": lambda name: self._texts.known(f"position.{name}", name),
            "items": lambda key: self._texts.lists[key],
            "people": self.people,
            "change": self.change,
            "count": self.count,
            "amount": self.amount,
            "degrees": self.degrees,
            "degc": self.degc,
            "clock": self.clock,
            "people_band": self.people_band,
            "count_band": self.count_band,
            "band": lambda values: tuple(values[name] for name in BAND),
            "degrees_band": self.degrees_band,
            "clock_band": self.clock_band,
            "hours_band": self.hours_band,
            "amount_band": self.amount_band,
            "note": self.note,
            "joined": self.joined,
            "amounts": self.amounts,
            "largest": self.largest,
            "parted": parted,
            "service_words": self.service_words,
            "unserved": self.unserved,
            "vulnerable": self.vulnerable,
            "names_and_more": self.names_and_more,
            "plain_number": self._texts.plain,
            "degrees_whole": self.degrees_whole,
            "share": self.share,
            "share_text": self._texts.share,
            "first_link": lambda link: FIRST_LINKS.get(link, "no_heat"),
            "cause_kind": lambda kind: CAUSES[kind],
            "also": self.also,
            "cause_word": self.cause_word,
            "exponent": lambda value: _data(value, f"{value:.0e}"),
            "versions": lambda pairs: [f"{name} {version}" for name, version in pairs],
        }

    def say(self, key: str, values: Mapping[str, Any] | None = None) -> Markup:
        """Return a text with its values put in; values that are no markup are escaped."""
        return escape(self._texts.text(key)).format(**(values or {}))

    def plural(self, key: str, count: float, values: Mapping[str, Any] | None = None) -> Markup:
        """Return the form of a text that fits a count, which it may name as {count}."""
        text = escape(self._texts.plural(key, count))
        return text.format(**{"count": self.count(count), **(values or {})})

    def people(self, value: float) -> Markup:
        """Return people, to three digits."""
        return _data(value, self._texts.people(value))

    def change(self, value: float) -> Markup:
        """Return a difference, to three digits, with its sign."""
        sign = "\N{MINUS SIGN}" if value < 0 else "+"
        size = self._texts.people(abs(value) if abs(value) >= 0.5 else 0.0)
        return _data(value, size, before=sign if abs(value) >= 0.5 else "")

    def count(self, value: float) -> Markup:
        """Return whole things."""
        return _data(value, self._texts.count(value))

    def amount(self, value: float) -> Markup:
        """Return a quantity to about three digits."""
        return _data(value, self._texts.amount(value))

    def degrees(self, value: float) -> Markup:
        """Return a temperature with its unit."""
        return _data(value, self._texts.degrees(value), after=self._unit("degc"))

    def degrees_whole(self, value: float) -> Markup:
        """Return a temperature as it was given, with its unit."""
        return _data(value, self._texts.plain(value), after=self._unit("degc"))

    def share(self, value: float) -> Markup:
        """Return a share in whole percent."""
        return _data(value, self._texts.share(value), after=self._unit("percent"))

    def _unit(self, name: str) -> str:
        return "\N{NO-BREAK SPACE}" + self._texts.text(f"unit.{name}")

    def degc(self, value: float) -> Markup:
        """Return a temperature where the unit stands elsewhere."""
        return _data(value, self._texts.degrees(value))

    def clock(self, moment: str | datetime | None, missing: str = "page.unknown") -> Markup:
        """Return a UTC time as local text; ``missing`` says what None means."""
        if moment is None:
            return escape(self._texts.text(missing))
        text = f"{moment.isoformat()}Z" if isinstance(moment, datetime) else moment
        said = self._texts.local(text, self._zone)
        return Markup('<time datetime="{}">{}</time>').format(text, said)

    def day(self, moment: str) -> Markup:
        """Return the local day of a UTC time."""
        local = local_time(np.datetime64(moment.removesuffix("Z"), "s"), self._zone)
        return escape(self._texts.said(local, "day"))

    def archetype(self, label: str) -> str:
        """Return what the page calls a kind of building; a case's own name stays."""
        return retold(known(label), self._texts) or label

    def retold(self, text: str) -> Markup:
        """Return what a plan says in the page's language, else in English, marked as such."""
        said = retold(text, self._texts, self._zone)
        return Markup('<span lang="en">{}</span>').format(text) if said is None else escape(said)

    def measure_text(self, name: str) -> Markup:
        """Return what people call a measure of `keepwarm.compare`."""
        for key in MEASURES:
            if name.startswith(f"{key}_"):
                rest = name.removeprefix(f"{key}_")
                values = {"carrier": self._texts.known(f"word.{rest}", rest), "degc": rest}
                return self.say(f"plan.measure_{key}", values)
        return escape(self._texts.known(f"plan.measure_{name}", name))

    def people_band(self, values: Values) -> Markup:
        """Return people as central (low to high); one dash where nobody is meant at either end."""
        return self._band(values, self.people)

    def count_band(self, values: Values) -> Markup:
        """Return whole things as central (low to high)."""
        return self._band(values, self.count)

    def degrees_band(self, values: Values) -> Markup:
        """Return temperatures as central (low to high)."""
        return self._band(values, self.degc)

    def hours_band(self, values: Values) -> Markup:
        """Return hours as central (soonest to latest); never where it does not come."""
        never = escape(self._texts.text("page.never"))
        unit = self._unit("hours")
        low, central, high = (
            never if v is None else _data(v, self._texts.amount(v), after=unit) for v in values
        )
        return never if all(v is None for v in values) else self._framed(low, central, high)

    def amount_band(self, values: Values) -> Markup:
        """Return quantities as central (low to high)."""
        return self._band(values, lambda value: _data(value, self._texts.plain(value, 4)))

    def clock_band(self, values: Times) -> Markup:
        """Return times as central (soonest to latest)."""
        low, central, high = (self.clock(value, "page.never") for value in values)
        if not any(values):
            return low
        return self._framed(low, central, high)

    def _band(self, values: Values, mark: Callable[[float], Markup]) -> Markup:
        none = escape(self._texts.text("page.none"))
        low, central, high = (none if v is None else mark(v) for v in values)
        if not any(values):
            return central
        return self._framed(low, central, high)

    def _framed(self, low: Markup, central: Markup, high: Markup) -> Markup:
        ends = self.say("page.band", {"low": low, "high": high})
        return Markup('<b>{}</b> <span class="band">({})</span>').format(central, ends)

    def note(self, *names: str) -> Markup:
        """Return links to the notes of section 8."""
        links = Markup("").join(
            Markup('<a href="#note-{}" aria-label="{}">{}</a>').format(
                name, self.say("page.note", {"name": self._texts.text(f"notes.{name}")}), number
            )
            for name, number in self._notes.items()
            if name in names
        )
        return Markup("<sup>{}</sup>").format(links) if links else Markup("")

    def joined(self, parts: Iterable[Any]) -> Markup:
        """Join as "a, b and c"."""
        found = [escape(part) for part in parts]
        if len(found) < 2:
            return found[0] if found else Markup("")
        last = escape(self._texts.text("word.and")) + found[-1]
        return Markup(", ").join(found[:-1]) + last

    def amounts(self, missing: Iterable[tuple[str, float]]) -> list[Markup]:
        """Return megawatts by carrier."""
        return [
            self.say(
                "situation.missing",
                {"mw": self.amount(mw), "carrier": self._texts.text(f"word.{carrier}")},
            )
            for carrier, mw in missing
        ]

    def largest(self, groups: Iterable[Outages]) -> list[Markup]:
        """Return the largest outage of each carrier."""
        return [
            self.say(
                "situation.largest",
                {"asset": group.rows[0].asset, "missing": self.amounts([group.rows[0].largest])[0]},
            )
            if group.carrier
            else escape(group.rows[0].asset)
            for group in groups
        ]

    def service_words(self, services: Iterable[Service]) -> list[str]:
        """Return services in words."""
        return [self._texts.text(f"word.{row.service}") for row in services]

    def unserved(self, rows: Iterable[Energy]) -> list[Markup]:
        """Return energy not served by carrier."""
        return [
            self.say(
                "situation.unserved_item",
                {
                    "mwh": self.amount(row.unserved_mwh),
                    "carrier": self._texts.text(f"word.{row.carrier}"),
                    "share": _data(row.share, self._texts.amount(100 * row.share)),
                },
            )
            for row in rows
        ]

    def vulnerable(self, rows: Iterable[Vulnerable]) -> list[Markup]:
        """Return vulnerable people below each temperature."""
        return [
            self.say(
                "cold.vulnerable_item",
                {
                    "most": self.people_band(row.most),
                    "degc": self.degrees_whole(row.degc),
                    "hours": self.people(row.people_hours),
                },
            )
            for row in rows
        ]

    def names_and_more(self, names: list[str], most: int) -> Markup:
        """Return the first names and how many more there are."""
        if len(names) <= most:
            return self.joined(names)
        listed = escape(", ".join(names[:most]))
        values = {"names": listed, "count": self.count(len(names) - most)}
        return self.say("situation.follows_more", values)

    def also(self, causes: Iterable[Cause]) -> list[Markup]:
        """Return further causes of one chain."""
        return [
            self.say(
                "why.also_item" if c.missing_mw > 0 else "why.also_item_bare",
                {
                    "asset": c.asset or c.at,
                    "kind": self.cause_word(c.kind),
                    "mw": self.amount(c.missing_mw),
                },
            )
            for c in causes
        ]

    def cause_word(self, kind: str) -> str:
        """Return in one or two words how an asset fails."""
        return self._texts.text(f"why.kind_{CAUSES[kind]}")


def parted(rows: Sequence[Any]) -> list[Sequence[Any]]:
    """Return the rows that a table shows, and those that wait behind its end, where there are any.

    Examples
    --------
    >>> [len(part) for part in parted(range(25))], parted([1, 2])
    ([10, 15], [[1, 2]])
    """
    return [rows] if len(rows) <= ROWS + MORE else [rows[:ROWS], rows[ROWS:]]


class Datum(Markup):
    """A number as markup, which knows the plural form of what it counts; see `words.Figure`."""

    form: int = 0

    def __html_format__(self, spec: str, /) -> Markup:  # type: ignore[override]
        """Return the number, or the form of a word that goes with it."""
        return escape(form_of(spec, self.form)) if spec else self


def _data(value: float, figure: str, *, before: str = "", after: str = "") -> Markup:
    """Return a number with its exact value for machines; ``before`` and ``after`` go with it."""
    text = f"{before}{figure}{after}"
    datum = Datum(Markup('<data value="{}">{}</data>').format(repr(float(value)), text))
    datum.form = figure.form if isinstance(figure, Figure) else 0
    return datum
