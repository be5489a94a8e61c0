"""Every language says the same: same keys and values; plural forms, numbers, dates of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from keepwarm.briefing import brief
from keepwarm.briefing.words import CATEGORIES, faults, languages, words
from keepwarm.case.schemas import schema_rows
from keepwarm.errors import InputError
from tests.briefing.reading import Element, read, section
from tests.briefing.sample import hand_made

OTHERS = [code for code in languages() if code != "en"]

#: Texts that a language needs only where a schema's own English words are not its own.
SCHEMA = ("meaning.", "parameter.", "units.", "choice.", "position.", "why_plan.")


#: Values that a language need not name: codes, said more plainly there.
LEFT_OUT = {"says.claim.no_loss": {"metric"}}


def stem(key: str) -> str:
    head, _, tail = key.rpartition(".")
    return head if tail in CATEGORIES else key


def stems(texts: Mapping[str, str]) -> set[str]:
    return {stem(key) for key in texts if not key.startswith(SCHEMA)}


@pytest.fixture(scope="module")
def page() -> Element:
    return read(brief(hand_made(), language="uk").html)


@pytest.mark.parametrize("code", OTHERS)
def test_same_keys_and_values_as_english(code: str) -> None:
    english, other = words(), words(code)
    assert stems(other.texts) == stems(english.texts)
    assert {key: len(items) for key, items in other.lists.items()} == {
        key: len(items) for key, items in english.lists.items()
    }
    assert faults(code, other.texts, english.texts, other.locale) == []
    for key, text in english.texts.items():
        named = set(re.findall(r"\{(\w+)", text))
        forms = [own for name, own in other.texts.items() if stem(name) == stem(key)]
        for own in forms:
            found = set(re.findall(r"\{(\w+)", own))
            left_out = named - found - {"count"} - LEFT_OUT.get(key, set())
            assert not left_out or stem(key) != key, (key, left_out)


@pytest.mark.parametrize("code", OTHERS)
def test_every_setting_and_parameter_is_told(code: str) -> None:
    texts = words(code).texts
    wanted = {f"meaning.{row['key']}" for row in schema_rows("settings")}
    wanted |= {f"parameter.{row['parameter']}" for row in schema_rows("archetype_parameters")}
    units = {
        row["unit"] for name in ("settings", "archetype_parameters") for row in schema_rows(name)
    }
    wanted |= {f"units.{unit}" for unit in units - {"1", ""}}
    assert wanted <= set(texts)


@pytest.mark.parametrize("code", ["en", *OTHERS])
def test_plural_sentences_have_every_form(code: str) -> None:
    texts, locale = words(code).texts, words(code).locale
    forms = {*locale.plural_form.tags, "other"}
    for key in {stem(key) for key in texts if stem(key) != key}:
        assert {name.rpartition(".")[2] for name in texts if stem(name) == key} == forms, key


# Expected: Ukrainian orthography of 2019 and DSTU 3582.
@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "1 будинок, 1 особа"),
        (2, "2 будинки, 2 особи"),
        (5, "5 будинків, 5 осіб"),
        (11, "11 будинків, 11 осіб"),
        (21, "21 будинок, 21 особа"),
        (112, "112 будинків, 112 осіб"),
        (1234, "1 234 будинки, 1 230 осіб"),
    ],
)
def test_ukrainian_counts(count: int, expected: str) -> None:
    texts = words("uk")
    values = {"buildings": texts.count(count), "people": texts.people(count)}
    found = texts.text("todo.size").format(**values)
    assert found.replace("\N{NO-BREAK SPACE}", " ") == expected


def test_ukrainian_numbers_and_dates() -> None:
    texts = words("uk")
    assert texts.degrees(-10.04) == "−10,0"
    assert texts.amount(2.77) == "2,8"
    assert texts.people(1406849) == "1\N{NO-BREAK SPACE}410\N{NO-BREAK SPACE}000"
    said = [texts.local(f"2026-{month:02}-09T00:30:00Z", "Europe/Kyiv") for month in (1, 2, 3, 11)]
    assert said == ["9 січня 02:30", "9 лютого 02:30", "9 березня 02:30", "9 листопада 02:30"]


def test_the_page_in_ukrainian(page: Element) -> None:
    assert page.one("html").attributes["lang"] == "uk"
    todo = section(page, "todo")
    assert todo.one("p", class_="big").text == "Злити воду в перших будинках до 8 січня 15:30."
    now = section(page, "situation")
    assert (
        "Тепло: у найгіршу годину без постачання 1 500 осіб з 3 000 (8 січня 12:00). "
        "Відновлення: 9 січня 08:00." in now.text.replace("\N{NO-BREAK SPACE}", " ")
    )
    assert "10 МВт електроенергії та 24 МВт тепла" in now.text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_same_numbers_in_every_language(page: Element) -> None:
    english = read(brief(hand_made()).html)
    assert sorted(page.numbers) == sorted(english.numbers)
    assert sorted(page.times) == sorted(english.times)


def test_no_english_is_left(page: Element) -> None:
    """What stays in Latin letters is data: names, sources, files, units of software."""
    english = words()
    # single words of sentences, such as "from", are words of sources, too
    said = {
        " ".join(text.split())
        for key, text in english.texts.items()
        if "{" not in text and (" " in text or not key.startswith("says."))
        if not key.startswith("says.kind.")  # names of assets, too
    }
    said = {text for text in said if len(text) > 3 and re.search("[a-z]{3}", text)}
    text = page.one("main").text
    # sources are data, in the language of the case; files and ids are no words
    own = re.sub(r"\S+\.(csv|toml)|[a-z_]+\.[a-z_]+|read from a thermometer.*?hand", "", text)
    own = own.split("01234567")[0]
    assert [text for text in said if re.search(rf"\b{re.escape(text)}\b", own)] == []


def test_a_language_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "de.toml"
    file.write_text(
        '[number]\nmoment = "d. MMMM HH:mm"\n[head]\nkicker = "Lagebericht"\n'
        '[todo]\nsize = "{buildings} {buildings:Haus|Häuser}, {people} Menschen"\n',
        encoding="utf-8",
    )
    page = read(brief(hand_made(), language=file).html)
    assert page.one("html").attributes["lang"] == "de"
    assert page.one("p", class_="kicker").text == "Lagebericht"
    assert "40 Häuser, 1.000 Menschen" in section(page, "todo").text
    assert "8. Januar 15:30" in section(page, "todo").text
    # what it lacks is said in English
    assert "What must be done by when" in section(page, "todo").text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[todo]\nsize = "{buildings.__class__}"\n', "expected"),
        ('[todo]\nsize = "{secret}"\n', "{secret}; expected buildings, people"),
        ('[todo]\nsize = "{people:Mensch}"\n', "expected 2 forms: one, other"),
        ("[todo\n", "expected TOML"),
    ],
)
def test_faults_of_a_file_of_texts(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "de.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(message)):
        brief(hand_made(), language=file)


@pytest.mark.parametrize("code", ["xx", "../texts/uk", "uk.toml", "UK"])
def test_no_other_language_is_read(code: str) -> None:
    with pytest.raises(InputError, match="expected one of en, uk"):
        brief(hand_made(), language=code)
