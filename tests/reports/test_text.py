"""The reading copy: what it changes, what it must not, and the way back to the original."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.reports.reading_copy import UNREADABLE, reading_copy
from keepwarm.reports.text import prepare


@pytest.mark.parametrize(
    ("original", "copy"),
    [
        ("51\u00a0800 \u2009родин", "51 800  родин"),
        ("1\u200b200\u00ad00 \ufeffdrones\u200f", "120000 drones"),
        ("３００架，８０％", "300架，80%"),
        ("１，２００人", "1,200人"),
        ("3，4人", "3，4人"),
        ("٣٤ and ५", "34 and 5"),
        ("烏克蘭120萬戶", "乌克兰120万户"),
        ("за\u0301мок", "замок"),
        ("51&nbsp;800 &laquo;DTEK&raquo; &nosuch;", "51 800 «DTEK» &nosuch;"),
        ("&#8239;5&#x2009;000", " 5 000"),
        ("ﬁve oﬃcials", "five officials"),
        ("сутa, Kиїв, DТEK", "сута, Київ, DTEK"),
        ("Х-101 and Xі", "Х-101 and Хі"),
        ("a\r\nb", "a\nb"),
        ("don’t — “so”", "don’t — “so”"),
        ("3\ufe0f\u20e3 Kyiv", "• Kyiv"),
    ],
)
def test_the_copy_reads_as_the_text_shows(original: str, copy: str) -> None:
    assert reading_copy(unicodedata.normalize("NFC", original))[0] == copy


@pytest.mark.parametrize(
    "original",
    [
        "\u202e21\u202c drones",  # shows 12
        "\u202d21 drones",
        "1\u03362\u0336 drones",  # struck out
        "12\u066b5 drones",
        "12\ufffd5 drones",
        "12 \ufffd00 drones",
        "1О0 drones",  # the letter O
        "2l drones",
        "1\x002 drones",
        "1\ue0002 drones",
    ],
)
def test_a_number_that_may_be_another_is_not_read(original: str) -> None:
    copy, _ = reading_copy(original)
    assert not any(letter.isdigit() for letter in copy)
    assert UNREADABLE in copy
    assert copy.endswith(" drones")


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/2026/12",
        "www.a.example/12",
        "ria.ru/2018/5.html",
        "dtek24@a.example",
        "@tele12",
    ],
)
def test_numbers_in_addresses_are_not_read(address: str) -> None:
    copy, _ = reading_copy(f"详见{address} and/or 12/13 MW")
    assert [letter for letter in copy if letter.isdigit()] == list("1213")


def test_a_span_leads_back_to_the_original() -> None:
    text = prepare("Уночі збито 51\u00a0800\u200b безпі\u00adлотників & ще&nbsp;14.")
    start = text.copy.index("51 800 безпілотників")
    words, at = text.span(start, start + len("51 800 безпілотників"))
    assert words == "51\u00a0800\u200b безпі\u00adлотників"
    assert text.original[at : at + len(words)] == words


# Letters of the five languages, digits, and what hides between them.
UNSEEN = (
    "\u00a0\u200b\u200d\u00ad\u202e\u202c\u2066\ufeff\u0301\u0336\u20e3\ufe0f\ufffd\ue000\x00\u066b"
)
SEEN = "aoOlяОі烏萬1２٣.,，。 \n\r\t«»\"'()&;#-–|@/:!?…"
LETTERS = st.sampled_from([*SEEN, *UNSEEN, "&nbsp;", "&#8239;", "\ufb01", "т.", "р. "])
TEXTS = st.one_of(st.text(max_size=200), st.lists(LETTERS, max_size=80).map("".join))


@given(TEXTS)
def test_every_character_of_the_copy_is_one_of_the_original(text: str) -> None:
    read = prepare(text)
    assert read.original == unicodedata.normalize("NFC", text)
    assert len(read.offsets) == len(read.copy) + 1
    assert read.offsets[-1] == len(read.original)
    assert list(read.offsets) == sorted(read.offsets)
    for letter, at in zip(read.copy, read.offsets, strict=False):
        shown = read.original[at]
        if letter.isdigit():
            digits = unicodedata.decimal(shown, None)
            assert shown == "&" or digits == unicodedata.decimal(letter, None)
        elif letter.isascii() and letter.isalpha():
            assert shown.isalpha() or shown == "&"


@given(TEXTS)
def test_sentences_stand_in_order_and_hold_their_tokens(text: str) -> None:
    read = prepare(text)
    end = 0
    for sentence in read.sentences:
        assert end <= sentence.start < sentence.end <= len(read.copy)
        end = sentence.end
        for token in sentence.tokens:
            assert sentence.start <= token.start < token.end <= sentence.end
            assert read.copy[token.start : token.end] == token.text
        words, at = read.span(sentence.start, sentence.end)
        assert read.original.startswith(words, at)


@given(st.text(st.sampled_from("0123456789"), min_size=1, max_size=9), st.data())
def test_unseen_characters_do_not_change_a_number(number: str, data: st.DataObject) -> None:
    unseen = st.sampled_from(
        ["", "\u200b", "\u00ad", "\u200d", "\u2060", "\ufeff", "\u200e", "\u2067"]
    )
    hidden = "".join(digit + data.draw(unseen) for digit in number)
    assert reading_copy(hidden)[0] == number


@pytest.mark.parametrize(
    "text", ["", "\n\n", "12 345", "7" * 5000, "(" * 5000, "." * 5000, "⚡️" * 50]
)
def test_texts_without_words_have_no_sentences(text: str) -> None:
    read = prepare(text)
    assert read.sentences == ()
    assert read.language == ""
