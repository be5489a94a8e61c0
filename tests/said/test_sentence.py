"""Sentences: the same in every language, kept beside their text, and never more than they say."""

from __future__ import annotations

import ast
import copy
import csv
import json
import pickle
import re
import tomllib
from dataclasses import fields
from importlib.resources import files
from pathlib import Path

import pytest

import keepwarm
from keepwarm.briefing.retold import retold
from keepwarm.briefing.words import languages, words
from keepwarm.case.plan import NotPlanned, Plan
from keepwarm.case.plan_file import plan_of, plan_text
from keepwarm.case.timetable import timetable
from keepwarm.damage.from_claims import _table
from keepwarm.ensemble.measures import KINDS, Boilers, Storage
from keepwarm.ensemble.measures import words as measured
from keepwarm.said.sentence import (
    Said,
    english,
    joined,
    knowing,
    known,
    listed,
    named,
    said,
    texts_of,
    told_in,
    with_told,
)
from tests.briefing.sample_plan import plan_by_hand

PACKAGE = Path(keepwarm.__file__).parent
OTHERS = [code for code in languages() if code != "en"]

#: Tables that say a value: by the value's name.
VALUES = {key.split(".")[0] for key in english() if key.count(".")} & {
    name for key in english() for name in named(key)
} | {"where", "kind", "sheet", "column", "unit_of", "band", "number"}

#: What only a program can have wrong, and is told in English.
FOR_PROGRAMS = {
    *("application/json is expected", "a JSON object is expected", "this key"),
    *("a JSON object in UTF-8 is expected", "an unknown key", "true or false"),
    *("an object with parent (a scenario) and edit is expected", "boiler or generator"),
    *("kind has to be plan or risk", "scenario has to be the name of one"),
    *("no list of names", "one name or more", "not said for every claim"),
    *("the tick that was shown, null for none", "there are no texts in this language"),
    *("only the board's own page may ask", "this board goes by another address"),
    *("nobody waits for it", "a folder that can be written", "an address of this machine"),
    *("1024 or higher", "a free port; 0 takes any"),
}

_LATE = [
    said("drain.late_one", {"group": name, "hours": hours})
    for name, hours in (("A", 3), ("B", 2), ("C", 1))
]
LATE = said("drain.late", {"names": listed(_LATE, 2)})
RETURNS = joined(
    said("repair.returns_to", {"mw": 24, "carrier": "heat", "people": 1500, "hours": 12}),
    said("repair.spares", {"hours": 9000}),
)


def test_a_sentence_is_its_english_text() -> None:
    assert isinstance(RETURNS, str)
    assert RETURNS == (
        "returns 24 MW of heat to 1,500 people 12 h earlier than as the last; "
        "spares 9,000 cold person-hours"
    )
    assert json.dumps([RETURNS]) == json.dumps([str(RETURNS)])
    told = "draining crews come too late for A (3 h), B (2 h) and 1 more: pipes may plug before"
    assert told == LATE


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_copies_know_what_they_are_made_of(copied: object) -> None:
    assert callable(copied)
    again = copied(LATE)
    assert type(again) is Said
    assert again == LATE
    assert again.clauses == LATE.clauses


@pytest.mark.parametrize("one", [RETURNS, LATE, joined("as Ann wishes", RETURNS)])
def test_documents_keep_sentences(one: Said) -> None:
    document = with_told({"rows": [{"why": one}, {"why": "by hand"}]})
    read = json.loads(json.dumps(document))
    again = knowing(read, read["says"])["rows"]
    assert again[0]["why"].clauses == one.clauses
    assert type(again[1]["why"]) is str
    assert with_told({"why": "by hand"}) == {"why": "by hand"}


@pytest.mark.parametrize(
    "clauses",
    [
        None,
        "text",
        [{"key": "no.such", "hours": 9000}],
        [{"key": "repair.spares", "hours": 1}],  # says something else
        [{"key": "repair.spares"}],
        [{"key": "repair.spares", "hours": {"a": 1}}],
        [{"key": "repair.spares", "hours": [{"key": "x"}]}],
        [{"key": "repair.spares", "hours": "many"}],
        ["spares"],
    ],
)
def test_what_does_not_come_to_its_text_stays_a_text(clauses: object) -> None:
    text = "spares 9,000 cold person-hours"
    assert type(knowing([text], {text: clauses})[0]) is str
    assert type(knowing([text], clauses)[0]) is str


def test_a_plan_file_keeps_its_sentences() -> None:
    plan = plan_by_hand()
    text = plan_text(plan)
    again = plan_of(tomllib.loads(text), Path("plan"))
    assert again.repairs[0].why.clauses == plan.repairs[0].why.clauses  # type: ignore[attr-defined]
    assert plan_text(again) == text
    assert [one.why for one in again.drains] == [one.why for one in plan.drains]
    assert "[says]" in text
    # another hand, and a file that knows nothing of its sentences
    own = plan_of(
        tomllib.loads(text.replace('why = "returns', 'why = "Ann: returns')), Path("plan")
    )
    assert type(own.repairs[0].why) is str
    old = plan_of(tomllib.loads(text.partition("# What the sentences")[0]), Path("plan"))
    assert [one.why for one in old.repairs] == [one.why for one in plan.repairs]
    assert retold(old.repairs[0].why, words("uk")) is None


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_has_every_sentence(code: str) -> None:
    other = {key.removeprefix("says."): text for key, text in texts_of(code).items()}
    assert set(other) == set(english())
    for key, text in other.items():
        found = set(re.findall(r"\{(\w+)", text))
        assert found <= set(named(key)), key
        assert set(named(key)) - found <= ({"metric"} if key == "claim.no_loss" else set()), key


def test_every_sentence_is_said_somewhere() -> None:
    sources = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    written = set(re.findall(r'"([a-z_]+\.[a-z_]+)"', sources))
    written |= {f"claim.{key}" for _, key in _table().values() if key}
    rules = ("no groups", "shortage", "emergency", "longest block", "least on")
    written |= {f"rotation.{rule.replace(' ', '_')}" for rule in rules}
    written |= {f"measure.{kind}" for kind in KINDS}
    written |= {f"of_measure.{one.name}" for noun in KINDS.values() for one in fields(noun)}
    written |= {key for key, text in english().items() if f'"{text}"' in sources}
    told = {key for key in english() if key.split(".")[0] not in VALUES} - {"plain", "pair", "more"}
    assert told <= written


def test_what_a_person_can_have_wrong_on_the_board_is_said_in_every_language() -> None:
    """Every message written out in the board's sources is a known one, or for programs alone."""
    found = {
        one.value
        for path in (PACKAGE / "board").glob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).split(".")[-1] in ("Refused", "Fault", "fault", "_fault")
        for one in call.args[1:]
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and " " in one.value
    }
    assert {text for text in found if type(known(text)) is str} - FOR_PROGRAMS == set()
    assert found >= FOR_PROGRAMS


def test_kinds_of_buildings_are_those_that_come_with_keepwarm(examples: Path) -> None:
    with (examples / "archetypes" / "archetypes.csv").open(encoding="utf-8") as file:
        labels = {row["archetype"]: row["label"] for row in csv.DictReader(file)}
    assert {key: text for key, text in english().items() if key.startswith("archetype.")} == {
        f"archetype.{name}": label for name, label in labels.items()
    }
    assert retold(known(labels["stalinka"]), words("uk")) == (
        "Цегляний будинок зі стінами у 2,5 цеглини, 1935–1957 роки"
    )
    assert type(known("Our own kind")) is str


# Expected: Ukrainian orthography of 2019; plural forms by the CLDR.
@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            RETURNS,
            (
                "повертає 24 МВт тепла для 1 500 осіб на 12 год раніше, ніж якби цей ремонт був "
                "останнім; заощаджує 9 000 холодних людино-годин"
            ),
        ),
        (
            said("task.later", {"count": 3}),
            "3 рядки пошкоджень починаються після складання плану: ще не відомо",
        ),
        (
            said("task.later_one", {"count": 21}),
            "21 рядок пошкоджень починається після складання плану: ще не відомо",
        ),
        (
            said(
                "rotation.more_places",
                {
                    "note": said(
                        "rotation.least_on",
                        {
                            "begin": "2026-01-09T06:00Z",
                            "end": "2026-01-09T07:30Z",
                            "group": "1.2",
                            "hours": 1.5,
                        },
                    ),
                    "count": 5,
                },
            ),
            (
                "9 січня 08:00 – 9 січня 09:30: група 1.2 зі світлом лише 1,5 год між двома "
                "відключеннями (і ще 5 таких місць)"
            ),
        ),
        (
            said("claim.not_there", {"place": "West", "facility": "boiler house"}),
            "у вихідних даних там немає таких об’єктів: котельня, West",
        ),
        (
            LATE,
            (
                "бригади зливу запізнюються: A (на 3 год), B (на 2 год) і ще 1; труби можуть "
                "перемерзнути раніше"
            ),
        ),
        (joined("as Ann wishes"), "as Ann wishes"),
        (
            measured(Boilers(mw=3, count=10, region="West", archetypes=("panel_9", "own"))),
            (
                "мобільні котельні: 3 МВт, кількість 10, район West, будинки: Дев’ятиповерховий "
                "панельний будинок 1970–1989 років та own"
            ),
        ),
        (
            measured(Storage(mw=800, mwh=4000, carrier="heat")),
            "сховища енергії: 800 МВт, 4 000 МВт·год, вид енергії: тепло",
        ),
    ],
)
def test_said_in_ukrainian(sentence: Said, expected: str) -> None:
    found = retold(sentence, words("uk"), "Europe/Kyiv")
    assert found is not None
    assert found.replace("\N{NO-BREAK SPACE}", " ") == expected


def test_a_language_without_a_table_says_it_in_english() -> None:
    assert texts_of("xx") == {}
    assert texts_of("../briefing/texts/uk") == {}


def test_tables_are_in_the_package() -> None:
    folder = files("keepwarm.said") / "texts"
    assert {item.name for item in folder.iterdir()} == {f"{code}.toml" for code in languages()}


def test_nothing_said_is_no_section() -> None:
    empty = timetable(["1"], plan_by_hand().made_at, plan_by_hand().timetable.off[:1])  # type: ignore[union-attr]
    assert "[says]" not in plan_text(Plan("hand", empty.start, 1.0, "energy", timetable=empty))
    told = told_in([NotPlanned("A", said("skipped.closed"))])
    assert told == {"its place is closed to crews, with no end known": [{"key": "skipped.closed"}]}
