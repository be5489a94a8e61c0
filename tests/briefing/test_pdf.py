"""The brief as PDF: the numbers of the run, names as text, numbered pages, nothing fetched."""

from __future__ import annotations

import builtins
import io
import re
import subprocess
from typing import Any

import pytest
from pypdf import PdfReader

from keepwarm.briefing import Brief, brief
from keepwarm.briefing.pdf import printable
from keepwarm.errors import InputError
from tests.briefing.sample import hand_made

#: What a name may hold that a page, a style sheet or a PDF could take for its own.
NAMES = ("<script>alert(1)</script>", "Захід) /JS (app.alert(1)", "西区 var(--heat)</style>")


@pytest.fixture(scope="module")
def page() -> Brief:
    return brief(hand_made(NAMES, title="Місто <b>(/Author)"), language="uk")


@pytest.fixture(scope="module")
def made(page: Brief) -> bytes:
    return page.pdf()


@pytest.fixture(scope="module")
def reader(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


@pytest.fixture(scope="module")
def pages(made: bytes) -> list[str]:
    """The text of each page as Poppler reads it (scripts/chromium installs it)."""
    told = subprocess.run(["pdftotext", "-", "-"], input=made, capture_output=True, check=True)
    return [re.sub(r"\s+", " ", page) for page in told.stdout.decode().split("\f")[:-1]]


def test_numbers_of_the_run_stand_in_the_pdf(pages: list[str]) -> None:
    text = " ".join(pages)
    for said in ("8 січня 15:30", "3 000", "200 МВт·год", "14,0 °C", "9 січня 08:00"):
        assert said in text, said


def test_names_are_text_and_nothing_else(reader: PdfReader, made: bytes, pages: list[str]) -> None:
    text = "".join(pages).replace(" ", "")
    for name in NAMES[:2]:
        assert name.replace(" ", "") in text
    assert "var(--heat)</style>" in text
    for trigger in (b"/JavaScript", b"/OpenAction", b"/AA", b"/Launch", b"/EmbeddedFile"):
        assert trigger not in made
    assert reader.metadata is not None
    assert reader.metadata.title == "Місто <b>(/Author): Оперативна довідка"
    assert reader.metadata.author is None


def test_pages_are_a4_numbered_and_tagged(reader: PdfReader, pages: list[str]) -> None:
    assert len(pages) == len(reader.pages) > 2
    for number, (page, text) in enumerate(zip(reader.pages, pages, strict=True), 1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        assert f"{number}/{len(pages)}" in text.replace(" ", "")
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "uk"
    assert root["/MarkInfo"]["/Marked"]


def test_links_stay_inside(reader: PdfReader) -> None:
    for page in reader.pages:
        for annotation in page.get("/Annots") or ():
            action = annotation.get_object().get("/A")
            assert action is None or "/URI" not in action.get_object()


def test_same_page_same_bytes(page: Brief, made: bytes) -> None:
    assert page.pdf() == made


def test_drawings_have_colours_of_light_paper(page: Brief) -> None:
    drawn = printable(page.html)
    assert "fill: #d55e00" in drawn
    assert not re.search(r"<[^>]*var\(--(heat|ink|rule)\)[^>]*>", drawn.partition("</style>")[2])
    # a name that says so is no colour
    assert "西区 var(--heat)&lt;/style&gt;" in drawn


def test_nothing_is_fetched(caplog: pytest.LogCaptureFixture) -> None:
    html = '<!doctype html><html lang="en"><title>t</title><p>a<img src="http://127.0.0.1:9/x.png">'
    assert Brief(html).pdf().startswith(b"%PDF")
    assert "disallowed protocol" in caplog.text


def test_without_weasyprint_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any, **named: Any) -> Any:
        if name == "weasyprint":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(InputError, match=r"pip install 'keepwarm\[pdf\]'"):
        Brief("<p>a").pdf()
