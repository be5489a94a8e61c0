"""Places against a table written by hand, ``places.csv``, before the rules were finished.

``expected`` holds ``name`` or ``name:role``, in the order of the sentence; empty where a careful
reader names none.
"""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.reports.gazetteer import container_of, gazetteer
from keepwarm.reports.inflections import forms, nominative
from keepwarm.reports.places import Place, places
from keepwarm.reports.text import Sentence, Text
from keepwarm.reports.transliteration import romanised
from keepwarm.reports.words import LANGUAGES, tokens_of

_TABLE = Path(__file__).with_name("places.csv").read_text(encoding="utf-8").splitlines()
_CASES = [tuple(row.values()) for row in csv.DictReader(_TABLE)]


def _read(words: str, language: str) -> list[Place]:
    sentence = Sentence(0, len(words), language, 0, tokens_of(words))
    return places(Text(words, words, tuple(range(len(words) + 1)), (sentence,), language), sentence)


@pytest.mark.parametrize(("language", "words", "expected"), _CASES)
def test_places_of_a_sentence(language: str, words: str, expected: str) -> None:
    wanted = [place.partition(":") for place in expected.split("; ") if place]
    found = _read(words, language)
    assert [place.name for place in found] == [name for name, _, _ in wanted]
    roles = [place.role for place in found]
    assert roles == [role or own for (_, _, role), own in zip(wanted, roles, strict=True)]


def test_a_place_says_where_it_stands_and_what_contains_it() -> None:
    words = "Без світла Бучанський район Київської області."
    district, region = _read(words, "uk")
    assert words[district.start : district.end] == "Бучанський район"
    assert words[region.start : region.end] == "Київської області"
    assert (district.level, district.inside) == ("district", "Kyiv Oblast")
    assert (region.first, region.last, region.inside) == (4, 6, "Ukraine")


def test_the_capital_is_the_one_the_text_names() -> None:
    words = "The capital has no heat."
    for name in ("Kyiv", "Chisinau"):
        copy = f"{words} The raid on {name} went on."
        sentence = Sentence(0, len(words), "en", 0, tokens_of(words))
        text = Text(copy, copy, tuple(range(len(copy) + 1)), (sentence,), "en")
        assert [place.name for place in places(text, sentence)] == [name]


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Kharkiv", "Kharkiv Oblast"),
        ("Kharkiv Oblast", "Ukraine"),
        ("Bucha district", "Kyiv Oblast"),
        ("Belgorod Oblast", "Russia"),
        ("Texas", "United States"),
        ("Berlin", "Germany"),
        ("Ukraine", ""),
        ("Nowhere", ""),
    ],
)
def test_containers(name: str, inside: str) -> None:
    assert container_of(name) == inside


# From the table of Cabinet of Ministers resolution 55 (2010).
@pytest.mark.parametrize(
    ("ukrainian", "latin"),
    [
        ("Алушта", "Alushta"),
        ("Борщагівка", "Borshchahivka"),
        ("Вінниця", "Vinnytsia"),
        ("Ґалаґан", "Galagan"),
        ("Єнакієве", "Yenakiieve"),
        ("Згорани", "Zghorany"),
        ("Їжакевич", "Yizhakevych"),
        ("Йосипівка", "Yosypivka"),
        ("Кадиївка", "Kadyivka"),
        ("Знам'янка", "Znamianka"),
        ("Рівне", "Rivne"),
        ("Стрий", "Stryi"),
        ("Ужгород", "Uzhhorod"),
        ("Чернівці", "Chernivtsi"),
        ("Щербухи", "Shcherbukhy"),
        ("Яготин", "Yahotyn"),
    ],
)
def test_ukrainian_names_in_latin_letters(ukrainian: str, latin: str) -> None:
    assert romanised(ukrainian, "uk") == latin


@pytest.mark.parametrize(
    ("name", "language", "latin"),
    [
        ("Старый Оскол", "ru", "Stary Oskol"),
        ("Ельск", "ru", "Yelsk"),
        ("Верхнеозёрск", "ru", "Verkhneozyorsk"),
        ("Щёлково", "ru", "Shchyolkovo"),
        ("清河", "zh", "Qinghe"),
        ("西安", "zh", "Xi'an"),
        ("长春", "zh", "Changchun"),
        ("Falkenau", "de", "Falkenau"),
    ],
)
def test_other_names_in_latin_letters(name: str, language: str, latin: str) -> None:
    assert romanised(name, language) == latin


@pytest.mark.parametrize(
    ("name", "language", "cases"),
    [
        ("харків", "uk", "харків харкова харкову харковом харкові"),
        ("київ", "uk", "київ києва києву києвом києві"),
        ("тернопіль", "uk", "тернопіль тернополя тернополю тернополем тернополі"),
        ("суми", "uk", "суми сум сумам сумами сумах"),
        ("рівне", "uk", "рівне рівного рівному рівним"),
        ("волноваха", "uk", "волноваха волновахи волновасі волноваху волновахою"),
        ("кременець", "uk", "кременець кременця кременцю кременцем кременці"),
        ("орел", "ru", "орел орла орлу орлом орле"),
        ("елец", "ru", "елец ельца ельцу ельце"),
        ("шахты", "ru", "шахты шахт шахтам шахтами шахтах"),
        ("грозный", "ru", "грозный грозного грозному грозным грозном"),
        ("пермь", "ru", "пермь перми пермью"),
        ("ростов-на-дону", "ru", "ростов-на-дону ростова-на-дону ростове-на-дону"),
    ],
)
def test_every_case_of_a_name(name: str, language: str, cases: str) -> None:
    declined = {stem + ending for stem, endings in forms(name, language) for ending in endings}
    assert set(cases.split()) <= declined


@pytest.mark.parametrize(
    ("name", "language", "others"),
    [
        ("харків", "uk", "харківенко харківський харківка харковенко"),
        ("львов", "ru", "львовым львовский львовна"),
        ("киев", "ru", "киевлянин киевский"),
    ],
)
def test_other_words_are_no_case_of_a_name(name: str, language: str, others: str) -> None:
    declined = {stem + ending for stem, endings in forms(name, language) for ending in endings}
    assert not set(others.split()) & declined


@pytest.mark.parametrize(
    ("oblique", "language", "name"),
    [
        ("Каменогорске", "ru", "Каменогорск"),
        ("Светлограде", "ru", "Светлоград"),
        ("Ольховке", "ru", "Ольховка"),
        ("Заречной", "ru", "Заречная"),
        ("Тернавську", "uk", "Тернавськ"),
        ("Ольшанці", "uk", "Ольшанка"),
        ("Білограді", "uk", "Білоград"),
        ("Озерному", "uk", "Озерне"),
    ],
)
def test_unknown_names_go_back_to_the_nominative(oblique: str, language: str, name: str) -> None:
    assert nominative(oblique, language, after_unit=False) == name


def test_every_first_level_unit_of_ukraine_is_known_in_every_language() -> None:
    for language in LANGUAGES:
        known = {entry.name for entry in gazetteer(language).regions.values()}
        oblasts = {name for name in known if container_of(name) == "Ukraine" and "Oblast" in name}
        assert len(oblasts) >= 23


_PIECES = (
    "in the In Kyiv Kharkiv region regions and , . - ( ) Київ області Харківська в у та районі "
    "Сумська м. 州 市 县 在 哈尔科夫 敖德萨 等州 左岸 im Landkreis Charkiwer Gebiet und left bank "
    "capital the's -на-Дону Ростов ' г."
)


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(LANGUAGES),
    st.lists(
        st.one_of(
            st.sampled_from(_PIECES.split()),
            st.text(max_size=8),
        ),
        max_size=14,
    ),
)
def test_any_text_gives_places_within_it(language: str, words: list[str]) -> None:
    joined = " ".join(words)
    found = _read(joined, language)
    for place in found:
        assert 0 <= place.start < place.end <= len(joined)
        assert place.name
        assert place.role in ("where", "who", "bare", "dateline")
    assert all(one.end <= other.start for one, other in pairwise(found))
