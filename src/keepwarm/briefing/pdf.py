"""A page of the brief as PDF, by WeasyPrint (the extra ``pdf``): the same page on A4, numbered."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Any

from keepwarm.errors import Fault, InputError

#: Letters that have Latin, Cyrillic and Greek; the first that a machine has.
FONTS = '"Noto Sans", "Liberation Sans", "DejaVu Sans", Arial, sans-serif'

#: What a printed sheet needs beyond the page's own style for print.
SHEET = f"""
body {{ font-family: {FONTS}; }}
@page {{ @bottom-right {{
  content: counter(page) " / " counter(pages); font: 8pt {FONTS}; color: #5a6370;
}} }}
summary {{ display: none; }}
svg.timeline {{ max-width: 28rem; }}
"""

_TAG = re.compile(r"<[^>]+>")
_VARIABLE = re.compile(r"--([a-z-]+): (#[0-9a-f]{6})")


def pdf_of(html: str) -> bytes:
    """Return a page as PDF: the same bytes for the same page and fonts.

    Parameters
    ----------
    html
        From `Brief`; nothing that it names is fetched.

    Raises
    ------
    InputError
        When WeasyPrint, or the libraries of the system that it needs, are not there.
    """
    weasyprint = _weasyprint()
    style = weasyprint.CSS(string=SHEET)
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    document = weasyprint.HTML(string=printable(html), url_fetcher=nothing)
    name = hashlib.sha256(html.encode()).digest()[:16]
    made: bytes = document.write_pdf(
        stylesheets=[style], pdf_identifier=name, pdf_variant="pdf/ua-1", pdf_tags=True
    )
    return made


def printable(html: str) -> str:
    """Return a page whose drawings stand alone: colours for light paper, styles of their own.

    Drawings in a PDF see neither the page's style sheet nor its variables. Only tags and the style
    sheet are touched: a name may hold any of these words.
    """
    style, rules = _style()
    head, found, body = html.partition("</style>")
    drawn = re.sub(r"(<svg\b[^>]*>)", rf"\1<style>{rules}</style>", body)
    return _light(head, style) + found + _TAG.sub(lambda tag: _drawing(tag[0], style), drawn)


def _drawing(tag: str, colours: dict[str, str]) -> str:
    return _light(tag, colours).replace("font-family: inherit", "font-family: sans-serif")


def _light(text: str, colours: dict[str, str]) -> str:
    return re.sub(r"var\(--([a-z-]+)\)", lambda name: colours.get(name[1], "#000000"), text)


@cache
def _style() -> tuple[dict[str, str], str]:
    """Return the colours of light paper, and the rules of the page's style that drawings need."""
    text = (files("keepwarm.briefing") / "templates" / "brief.css").read_text(encoding="utf-8")
    colours: dict[str, str] = {}
    for name, colour in _VARIABLE.findall(text):
        colours.setdefault(name, colour)
    rules = re.findall(r"^\.(?:timeline|sketch|cell|curve)\b[^{\n]*\{[^}]*\}", text, re.MULTILINE)
    own = f"text {{ font-family: {FONTS}; }} {' '.join(rules)}"
    return colours, _light(own, colours).replace('"', "'")


def _weasyprint() -> Any:
    try:
        import weasyprint
        import weasyprint.urls
    except ImportError as error:
        found, expected = "WeasyPrint is not installed", "pip install 'keepwarm[pdf]'"
        raise InputError((Fault("PDF", None, None, found, expected),)) from error
    except OSError as error:
        found, expected = (
            "WeasyPrint finds no Pango",
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0",
        )
        raise InputError((Fault("PDF", None, None, found, expected),)) from error
    return weasyprint
