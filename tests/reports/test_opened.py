"""Bytes to text: encodings, pages, refusals. What each page shows was written down by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.errors import InputError, KeepwarmError
from keepwarm.reports.opened import LIMIT_BYTES, LIMIT_CHARACTERS, open_report, opened

UKRAINIAN = "Без світла залишаються 27 тисяч споживачів, повідомило обленерго."
RUSSIAN = "Средства ПВО перехватили 23 беспилотника."
GERMAN = "Techniker reparieren die Kabelbrücke für 2.200 Betriebe."
SIMPLIFIED = "乌克兰全国一度有120万户停电。"
TRADITIONAL = "預計48小時內恢復供電。"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (UKRAINIAN, "utf-8"),
        (UKRAINIAN, "utf-8-sig"),
        (UKRAINIAN, "utf-16"),
        (UKRAINIAN, "utf-32"),
        (UKRAINIAN, "cp1251"),
        (UKRAINIAN, "koi8-u"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (GERMAN, "cp1252"),
        (GERMAN, "latin-1"),
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED, "gb2312"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "gb18030"),
    ],
)
def test_the_encoding_is_found(text: str, encoding: str) -> None:
    assert opened(text.encode(encoding), "a.txt").text == text


def test_a_page_may_declare_another_encoding() -> None:
    page = '<html><head><meta charset="iso-8859-2"></head><body><p>Łódź: 300</p></body></html>'
    assert opened(page.encode("iso-8859-2"), "a.html").text == "Łódź: 300"


@pytest.mark.parametrize(
    "declared", ["utf-16", "unicode_escape", "idna", "zlib", "nonsense", "gbk"]
)
def test_a_wrong_declaration_is_not_believed(declared: str) -> None:
    page = f"<html><head><meta charset='{declared}'></head><body><p>{UKRAINIAN}</p></body></html>"
    assert opened(page.encode("cp1251"), "a.html").text == UKRAINIAN


def test_a_cut_character_does_not_change_the_rest() -> None:
    text = opened((UKRAINIAN * 3).encode()[:-2], "a.txt").text
    assert text.startswith(UKRAINIAN * 2)
    assert text.endswith("обленерг\ufffd")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b" \n\t ", "nothing to read"),
        (b"\xef\xbb\xbf", "nothing to read"),
        (b"%PDF-1.7 ...", "it is a PDF"),
        (b"PK\x03\x04 ...", "a ZIP archive or an Office document"),
        (b"\x89PNG\r\n", "it is an image"),
        (b"\xff\xd8\xff\xe0", "it is an image"),
        (b"12\x0000", "NUL bytes"),
        (b"\xff\xfea", "no text in any known encoding"),
        (bytes(range(128, 160)) * 9, "no text in any known encoding"),
        (b"<html><body><script>x</script></body></html>", "nothing to read"),
        (b"a" * (LIMIT_BYTES + 1), "too large"),
        (b"a " * (LIMIT_CHARACTERS // 2 + 1), "too long"),
    ],
)
def test_what_is_no_report_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as refusal:
        opened(content, "sent.txt")
    assert str(refusal.value).startswith("sent.txt: ")
    assert "; expected " in str(refusal.value)


def test_a_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(InputError, match=r"gone\.txt: .*; expected a text or HTML file"):
        open_report(tmp_path / "gone.txt")
    with pytest.raises(InputError, match="expected a text or HTML file"):
        open_report(tmp_path)
    (tmp_path / "here.txt").write_text(UKRAINIAN, encoding="cp1251")
    assert open_report(tmp_path / "here.txt").text == UKRAINIAN


PAGE = """<!DOCTYPE html><html><head><title>Kharkiv: 12,000 out | Site</title>
<meta property="article:published_time" content="2026-01-09T10:00:00Z">
<link rel="canonical" href="https://site.example/a?b=1&amp;c=2">
<style>p{}</style><script>var a = "<p>9 killed</p>";</script></head>
<body class="has-sidebar"><!-- 5 <p>dead</p> -->
<div id="top-nav"><ul><li><a href="/">Home</a><li><a href="/n">News</a></ul></div>
<form id="whole"><article><h1><a href="#">Kharkiv: 12,000 without&nbsp;power</a></h1>
<figure><img alt="a > b 77"><figcaption>99 people in a photo</figcaption></figure>
<p>About 12&nbsp;000 customers lost power<sup>1</sup>, the <b>may</b>or said.
<p>Some <s>400</s> 300 homes are cold.<br>A &lt; B &amp; C.</p>
<p title="1 > 2">Repairs go on.</p>
<div style="display: none">5,000 hidden</div><p hidden>6,000 hidden</p>
<table><tr><th>Region</th><th>Homes</th></tr><tr><td>Sumy</td><td>1,200</td></tr></table>
<p class="read-also"><a href="/z">Odesa: 44,000 out</a>.</p>
<p><a href="/zz">Dnipro: 33,000 without power</a></p>
<button>Vote 5</button></article></form><aside>77 dead</aside>
<nav>More</nav><footer>Tel. 0 800 300 200</footer></body></html>"""


def test_a_page_gives_what_a_reader_reads() -> None:
    page = opened(PAGE.encode(), "a.html")
    assert page.title == "Kharkiv: 12,000 out | Site"
    assert page.url == "https://site.example/a?b=1&c=2"
    assert page.published == "2026-01-09T10:00:00Z"
    assert page.text.replace("\xa0", " ").split("\n") == [
        "Kharkiv: 12,000 without power",
        "About 12 000 customers lost power, the mayor said.",
        "Some 300 homes are cold.",
        "A < B & C.",
        "Repairs go on.",
        "Region | Homes",
        "Sumy | 1,200",
    ]


def test_end_tags_may_be_left_out() -> None:
    page = "<html><body><p class=share>Share 5<p>About 300 homes are cold.<ul><li>Sumy<li>Odesa"
    assert opened(page.encode(), "a.html").text == "About 300 homes are cold.\nSumy\nOdesa"


def test_a_reference_of_thousands_of_digits_is_no_character() -> None:
    page = f"<html><body><p>About &#{'9' * 5000}; homes</p></body></html>"
    assert opened(page.encode(), "a.html").text == "About \ufffd homes"


def test_a_page_marked_as_furniture_as_a_whole_is_read() -> None:
    page = '<html><body><div class="share"><p>About 300 homes are cold.</p></div></body></html>'
    assert opened(page.encode(), "a.html").text == "About 300 homes are cold."


@given(st.binary(max_size=300))
def test_bytes_give_a_text_or_a_refusal(content: bytes) -> None:
    try:
        assert opened(content, "a").text.strip()
    except KeepwarmError as refusal:
        said = str(refusal)
    else:
        said = "; expected "
    assert "; expected " in said


TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div class='menu'>",
        "</div>",
        "<a href='",
        '"',
        "<!--",
        "-->",
        "<script>",
        "<h1>",
        "</script",
        "<td>",
        "12",
        " 000",
        "&nbsp;",
        "&#9999999999999;",
        "<",
        ">",
        "=",
        "<nav>",
        "</nav>",
    ]
)


@given(st.lists(TAGS, max_size=60))
def test_any_markup_gives_a_text_or_a_refusal(pieces: list[str]) -> None:
    try:
        text = opened(("<html>" + "".join(pieces)).encode(), "a").text
    except InputError:
        return
    assert "<script" not in text
