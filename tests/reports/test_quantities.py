"""Numbers of sentences: a table of phrases by language, and numbers written by others."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words

from keepwarm.reports.quantities import Quantity, parse, quantities
from keepwarm.reports.text import prepare
from keepwarm.reports.words import LANGUAGES

TABLE = Path(__file__).with_name("quantities.csv")
COUNTED = {"count", "percent", "power", "duration", "ordinal", "queues"}


def cases() -> list[tuple[str, str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["language"], row["text"], row["expected"]) for row in rows]


def written(number: Quantity) -> str:
    """Write a number as the table does: kind, value, and qualifier unless exact."""
    if number.kind not in COUNTED:
        return number.kind
    value = "-" if number.value is None else f"{number.value:.12g}"
    if number.value_max is not None:
        value += f"..{number.value_max:.12g}"
    qualifier = "" if number.qualifier == "exact" else f" {number.qualifier}"
    return f"{number.kind} {value}{qualifier}"


@pytest.mark.parametrize(("language", "text", "expected"), cases())
def test_phrase(language: str, text: str, expected: str) -> None:
    found = [number for number in parse(text, language) if number.kind != "article"]
    assert "; ".join(map(written, found)) == expected


@pytest.mark.parametrize(("language", "text"), [(row[0], row[1]) for row in cases()])
def test_spans_lie_in_the_text_in_order(language: str, text: str) -> None:
    place = 0
    for number in parse(text, language):
        assert place <= number.start < number.end <= len(text)
        assert 0 <= number.whole_start <= number.start
        assert number.end <= number.whole_end <= len(text)
        place = number.end


@pytest.mark.parametrize(("language", "text"), [(row[0], row[1]) for row in cases()])
def test_a_quote_of_number_and_qualifier_reads_the_same(language: str, text: str) -> None:
    for number in parse(text, language):
        if number.kind not in {"count", "percent", "power"}:
            continue
        quote = text[number.whole_start : number.whole_end]
        # The word counted belongs to the quote: it makes "2.7m" millions and 两 a number.
        counted = re.match(r".?" if language == "zh" else r"\s?\w*", text[number.whole_end :])
        quote += counted[0] if counted else ""
        again = [
            other for other in parse(quote, language) if other.kind not in {"article", "other"}
        ]
        assert (number.value, number.value_max, number.qualifier) in [
            (other.value, other.value_max, other.qualifier) for other in again
        ]


def grouped(value: int, separator: str) -> str:
    return f"{value:,}".replace(",", separator)


SEPARATORS = {
    "en": [",", " ", "\u202f"],
    "uk": [" ", "\u00a0", "\u202f"],
    "ru": [" ", "\u00a0", "\u2009"],
    "de": [".", "'", "\u202f"],
    "zh": [",", "，"],
}
NOUNS = {"en": " homes", "uk": " будинків", "ru": " домов", "de": " Häuser", "zh": "户"}


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.data(), st.sampled_from(LANGUAGES), st.integers(0, 999_999_999))
def test_grouped_digits_read_back(data: st.DataObject, language: str, value: int) -> None:
    separator = data.draw(st.sampled_from(SEPARATORS[language]))
    (number,) = parse(grouped(value, separator) + NOUNS[language], language)
    assert (number.value, number.qualifier) == (value, "exact") or number.kind == "date"
    assert number.kind == "count" or (number.kind == "date" and 1900 <= value <= 2099)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.sampled_from(LANGUAGES), st.integers(0, 99_999), st.integers(1, 99))
def test_decimals_with_a_scale_read_back(language: str, whole: int, hundredths: int) -> None:
    mark = "." if language in {"en", "zh"} else ","
    scale, factor = {
        "en": (" thousand", 1e3),
        "uk": (" тис.", 1e3),
        "ru": (" тыс.", 1e3),
        "de": (" Mio.", 1e6),
        "zh": ("万", 1e4),
    }[language]
    (number,) = parse(f"{whole}{mark}{hundredths:02}{scale}{NOUNS[language]}", language)
    assert number.value == pytest.approx((whole + hundredths / 100) * factor)
    assert number.kind == "count"


def counts(text: str, language: str) -> list[float | None]:
    return [number.value for number in parse(text, language) if number.kind in {"count", "article"}]


# Any number is as likely as a small one: most digits of a small number are written as words.
NUMBERS = st.one_of(st.integers(0, 2_000), st.integers(0, 9_999_999))


@settings(deadline=None, derandomize=True, max_examples=1000)
@given(NUMBERS, st.sampled_from(["en", "de", "uk", "ru"]))
def test_number_words_of_another_library_read_back(value: int, language: str) -> None:
    words = num2words(value, lang=language).replace(",", "")
    assert counts(words, language) == [value]


@settings(deadline=None, derandomize=True, max_examples=1000)
@given(NUMBERS, st.sampled_from("ngdaip"), st.sampled_from("mfn"))
def test_russian_cases_and_genders_read_back(value: int, case: str, gender: str) -> None:
    words = num2words(value, lang="ru", case=case, gender=gender)
    assert counts(words, "ru") == [value]


# num2words 0.5.14 has no true genitive and locative of Ukrainian hundreds ("двохста", "стах"), and
# its instrumental of seven is the nominative of "seventh".
UKRAINIAN_CASES = ["nominative", "dative", "accusative"]


@settings(deadline=None, derandomize=True, max_examples=1000)
@given(NUMBERS, st.sampled_from(UKRAINIAN_CASES), st.sampled_from(["masculine", "feminine"]))
def test_ukrainian_cases_and_genders_read_back(value: int, case: str, gender: str) -> None:
    words = num2words(value, lang="uk", case=case, gender=gender)
    assert counts(words, "uk") == [value]


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.integers(1, 99), st.sampled_from(["en", "de", "uk", "ru"]))
def test_ordinals_of_another_library_read_back(value: int, language: str) -> None:
    (number,) = parse(num2words(value, lang=language, to="ordinal"), language)
    assert (number.kind, number.value) == ("ordinal", value)


def chinese(value: int) -> str:
    """Write a number below a hundred million in characters, by the rules of GB/T 15835."""
    if value >= 10_000:
        high, low = divmod(value, 10_000)
        return (
            chinese(high) + "万" + ("零" if 0 < low < 1000 else "") + (chinese(low) if low else "")
        )
    words, zero = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            words += ("零" if zero and words else "") + "零一二三四五六七八九"[digit] + unit
        zero = not digit
    return words or "零"


@settings(deadline=None, derandomize=True, max_examples=1000)
@given(NUMBERS, st.sampled_from(["户", "架", "人", "座"]))
def test_chinese_characters_read_back(value: int, counted: str) -> None:
    assert counts(chinese(value) + counted, "zh") == [value]


@settings(deadline=None, derandomize=True, max_examples=500)
@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_any_text_reads_without_an_exception(text: str, language: str) -> None:
    for number in parse(text, language):
        assert number.value is None or abs(number.value) < 1e15


WORDS = """
    1 23 456 7890 . , - – : / ' % $ № + до від between and to half a dozen тис. млн тысяч 万
    千 百 十 亿 三 半 多 第 分 之 成 约 年 月 日 点 两 百分之 кількох десятків п'ять-сім einhalb
    einundzwanzig hundert Million January січня Uhr MW кв. ½ minus
"""
PIECES = st.sampled_from(WORDS.split())


@settings(deadline=None, derandomize=True, max_examples=500)
@given(st.lists(st.tuples(PIECES, st.sampled_from(["", " "])), max_size=30))
def test_any_row_of_number_words_reads_without_an_exception(row: list[tuple[str, str]]) -> None:
    text = "".join(piece + gap for piece, gap in row)
    for language in LANGUAGES:
        place = 0
        for number in parse(text, language):
            assert place <= number.first < number.last
            place = number.last


def test_a_row_of_digits_too_long_for_a_number_has_no_value() -> None:
    for digits in ("9" * 400, "9" * 5000, "1," + "000," * 200 + "000"):
        assert all(number.value is None for number in parse(f"{digits} homes", "en"))


def test_numbers_of_a_sentence_stand_at_their_places_in_the_text() -> None:
    text = prepare("The power is out. About 2.7 million homes wait, officials said.")
    found = [
        (text.copy[number.start : number.end], text.copy[number.whole_start : number.whole_end])
        for sentence in text.sentences
        for number in quantities(text, sentence)
    ]
    assert found == [("2.7 million", "About 2.7 million")]
