"""A sentence is a key and its values; its text is the English one, and pages say it in theirs.

Whoever makes a sentence calls `said`. What comes of it is a text like any other, which can be
printed, compared and written; beside that it knows its clauses. A document keeps, beside its texts,
what those are made of (`told_in`), and gives it back to them when it is read (`knowing`). A text
that nobody knows, such as one that a person wrote into a plan, stays as it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, cast

#: What a sentence may hold: numbers, names, and other sentences.
Value = str | int | float

#: Between the clauses of a sentence.
BETWEEN = "; "

#: The clause of a text that has no key.
_PLAIN = "plain"


@dataclass(frozen=True)
class Clause:
    """A key of ``texts/en.toml`` below ``says``, and the values that its text names."""

    key: str
    values: Mapping[str, Value]

    def __str__(self) -> str:
        """Return the clause in English."""
        return english()[self.key].format(**self.values)


class Said(str):
    """A text in English that knows its clauses.

    Parameters
    ----------
    clauses : tuple of Clause
        One after the other.
    """

    clauses: tuple[Clause, ...]

    def __new__(cls, clauses: tuple[Clause, ...]) -> Said:
        """Say the clauses in English, and keep them."""
        text = super().__new__(cls, BETWEEN.join(str(one) for one in clauses))
        text.clauses = clauses
        return text

    def __reduce__(self) -> tuple[type[Said], tuple[tuple[Clause, ...]]]:
        """Return what a copy, also in another process, is made of."""
        return Said, (self.clauses,)


def said(key: str, values: Mapping[str, Value] | None = None) -> Said:
    """Return one sentence.

    Parameters
    ----------
    key
        Below ``says`` in the tables of texts.
    values
        By the names that its text has.

    Examples
    --------
    >>> said("repair.spares", {"hours": 9000})
    'spares 9,000 cold person-hours'
    """
    return Said((Clause(key, dict(values or {})),))


def known(text: str) -> str:
    """Return a text that knows its clause, where it is a sentence without values; else as it is.

    So what is said where it is known to be right, such as why a request is refused, needs no key.

    Examples
    --------
    >>> known("there is no such scenario").clauses[0].key
    'refused.no_scenario'
    """
    key = _without_values().get(text)
    return text if key is None or isinstance(text, Said) else said(key)


@cache
def _without_values() -> Mapping[str, str]:
    """Return the keys of `known` sentences, by their text."""
    kinds = ("refused.", "fault.", "archetype.")
    return {text: key for key, text in english().items() if key.startswith(kinds)}


def named(key: str) -> tuple[str, ...]:
    """Return the values that a text names.

    Examples
    --------
    >>> named("repair.spares")
    ('hours',)
    """
    return tuple(name for _, name, _, _ in Formatter().parse(english()[key]) if name)


def joined(*texts: str) -> Said:
    """Return sentences as the clauses of one; empty ones are left out.

    Examples
    --------
    >>> joined(said("repair.reserve"), "", "as Ann wishes").clauses[1].values
    {'text': 'as Ann wishes'}
    """
    clauses: list[Clause] = []
    for text in texts:
        own = text.clauses if isinstance(text, Said) else (Clause(_PLAIN, {"text": text}),)
        clauses += own if text else ()
    return Said(tuple(clauses))


def listed(names: Iterable[str], most: int) -> Said:
    """Return names, one at least, one after the other: so many, and how many more there are.

    Examples
    --------
    >>> listed(["A", "B", "C"], 2)
    'A, B and 1 more'
    """
    found = list(names)
    *first, last = found[:most]
    shown = joined(last)
    for name in reversed(first):
        shown = said("pair", {"first": name, "rest": shown})
    if len(found) <= most:
        return shown
    return said("more", {"names": shown, "count": len(found) - most})


def told_in(document: object) -> dict[str, list[dict[str, object]]]:
    """Return what the sentences in a document are made of: each text with its clauses.

    Parameters
    ----------
    document
        Mappings, sequences and frozen structs within each other.
    """
    found: dict[str, list[dict[str, object]]] = {}
    _collect(document, found)
    return found


def with_told(document: Mapping[str, object]) -> dict[str, object]:
    """Return a document with `told_in` it under ``says``, where there is any."""
    says = told_in(document)
    return {**document, "says": says} if says else dict(document)


def _collect(node: object, found: dict[str, list[dict[str, object]]]) -> None:
    if isinstance(node, Said):
        found[str(node)] = _kept(node)
    elif isinstance(node, Mapping):
        for item in node.values():
            _collect(item, found)
    elif is_dataclass(node) and not isinstance(node, type):
        for field in fields(node):
            _collect(getattr(node, field.name), found)
    elif isinstance(node, list | tuple):
        for item in node:
            _collect(item, found)


def _kept(text: Said) -> list[dict[str, object]]:
    return [
        {
            "key": one.key,
            **{k: _kept(v) if isinstance(v, Said) else v for k, v in one.values.items()},
        }
        for one in text.clauses
    ]


def knowing(document: Any, says: object) -> Any:
    """Return a document whose texts know their clauses again.

    Parameters
    ----------
    document
        As it was read: its texts are plain.
    says
        As from `told_in`. What does not come to its text in English, because somebody changed
        one of them or another version wrote it, is left out.
    """
    known: dict[str, Said] = {}
    for text, clauses in says.items() if isinstance(says, Mapping) else ():
        found = _of(clauses)
        if found is not None and found == text:
            known[text] = found
    return _knowing(document, known) if known else document


def _knowing(node: object, known: Mapping[str, Said]) -> object:
    if isinstance(node, str):
        return known.get(node, node)
    if isinstance(node, Mapping):
        return {key: _knowing(item, known) for key, item in node.items()}
    if isinstance(node, list):
        return [_knowing(item, known) for item in node]
    return node


def _of(clauses: object) -> Said | None:
    """Return the sentence that a document describes; None where it is none of this version."""
    if not isinstance(clauses, list):
        return None
    made: list[Clause] = []
    for one in clauses:
        if not isinstance(one, Mapping) or one.get("key") not in english():
            return None
        values = {
            str(key): _of(value) if isinstance(value, list) else value
            for key, value in one.items()
            if key != "key"
        }
        if not all(isinstance(value, str | int | float) for value in values.values()):
            return None
        made.append(Clause(str(one["key"]), cast("Mapping[str, Value]", values)))
    try:
        return Said(tuple(made))
    except (KeyError, ValueError, IndexError, AttributeError):
        return None


@cache
def english() -> Mapping[str, str]:
    """Return the English texts by key, with Python's formats of their numbers."""
    return {
        key.removeprefix("says."): text
        for key, text in texts_of("en").items()
        if key.startswith("says.")
    }


@cache
def texts_of(language: str) -> Mapping[str, str]:
    """Return the texts of a language by dotted key; none where it has no table.

    Parameters
    ----------
    language
        Such as ``uk``.
    """
    source = files("keepwarm.said") / "texts" / f"{language}.toml"
    if not language.isalpha() or not source.is_file():
        return {}
    found: dict[str, str] = {}
    _flatten(tomllib.loads(source.read_text(encoding="utf-8")), "", found)
    return found


def _flatten(node: Mapping[str, object], prefix: str, found: dict[str, str]) -> None:
    for key, value in node.items():
        if isinstance(value, Mapping):
            _flatten(value, f"{prefix}{key}.", found)
        else:
            found[prefix + key] = str(value)
