"""Languages of paragraphs, on sentences written for this in the five and in 25 others."""

from collections import Counter
from pathlib import Path

from keepwarm.reports.languages import document_language, evidence
from keepwarm.reports.text import prepare
from keepwarm.reports.words import LANGUAGES

ROWS = [
    line.split("\t")
    for line in Path(__file__).with_name("languages.tsv").read_text(encoding="utf-8").splitlines()
]


def together(language: str) -> str:
    return "\n".join(sentence for spoken, sentence in ROWS if spoken == language)


def test_single_sentences_say_their_language() -> None:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for spoken, sentence in ROWS:
        wanted = spoken if spoken in LANGUAGES else ""
        total[wanted] += 1
        right[wanted] += (document_language([evidence(sentence)]) or "") == wanted
    assert all(right[language] >= 0.95 * total[language] for language in total), right


def test_texts_say_their_language() -> None:
    for language in {spoken for spoken, _ in ROWS}:
        wanted = language if language in LANGUAGES else ""
        assert document_language([evidence(together(language).replace("\n", " "))]) == (
            wanted or None
        )


def test_a_paragraph_in_another_language_is_read_in_it_or_left_out() -> None:
    text = prepare(
        "Без світла 27 тисяч споживачів у двох районах, повідомила вчора ввечері компанія.\n"
        "О ситуации рассказал губернатор: без света остаются пять тысяч потребителей.\n"
        "Environ 40 000 foyers sont privés d'électricité, selon les autorités.\n"
        "Без электрычнасці застаюцца каля 40 тысяч спажыўцоў, паведаміў мэр.\n"
        "Nearly 300 homes were without heating, the mayor said.\n"
        "Тривога."
    )
    assert [sentence.language for sentence in text.sentences] == ["uk", "ru", "en", "uk"]
    assert [sentence.paragraph for sentence in text.sentences] == [0, 1, 4, 5]


def test_foreign_names_do_not_make_a_text_foreign() -> None:
    text = prepare("Crews from Łódź, Chișinău and Besançon are in Kyiv. RWE and Škoda sent 14.")
    assert text.language == "en"
    assert len(text.sentences) == 2
    assert prepare("München, Köln, Düsseldorf and Zürich sent 14 crews.").language == "en"


def test_a_list_of_names_is_in_the_language_of_the_text() -> None:
    names = "Kharkiv 1, Sumy 2, Odesa 3, Dnipro 4, Kherson 5, Poltava 6, Lviv 7, Rivne 8, Lutsk 9"
    text = prepare(f"{names}, Bucha 10, Irpin 11, Izium 12, Uman 13\nSome 300 homes were cold.")
    assert [sentence.language for sentence in text.sentences] == ["en", "en"]


def test_japanese_and_korean_are_not_chinese() -> None:
    assert prepare("嵐の後、約4万世帯が停電している。").sentences == ()
    assert prepare("폭풍 이후 약 4만 가구가 정전됐다.").sentences == ()
