"""HTML to text: the paragraphs a reader sees, without menus, forms, captions and the like.

The standard library's parser takes 12 s for 36 kB of unclosed tags and raises on others; parsers
that build a tree (lexbor) take the square of the time for nested elements. Here tags are walked
once, with a stack of open elements.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

# fmt: off
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
})
# fmt: on
_RAW = frozenset({"script", "style", "textarea", "title", "iframe", "noscript", "xmp"})
# fmt: off
_BLOCK = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd",
    "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "option",
    "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "title", "tr", "ul",
})
# fmt: on
_CELL = frozenset({"td", "th"})
#: Elements that close an open one of their kind: their end tags may be left out.
_REPEATED = frozenset({"p", "li", "td", "th", "tr", "dt", "dd", "option"})
_NEVER_TEXT = frozenset(
    {
        "nav",
        "footer",
        "template",
        "svg",
        "select",
        "menu",
        "math",
        "object",
        "sup",
        "del",
        "s",
        "strike",
    }
)
# Some sites put a whole page into a form; its buttons and labels are left out alone.
_RARELY_TEXT = frozenset({"aside", "figcaption", "button", "dialog", "label"})
_ALWAYS_TEXT = frozenset({"html", "body", "main", "article", "h1"})
_FURNITURE = re.compile(
    r"(?<![^\W_])(?:nav|navbar|navigation|menu|breadcrumbs?|footer|sidebar|related|recommend\w*|share"
    r"|sharing|shares|social|cookies?|consent|gdpr|comments?|tags?|promo|subscribe|subscription"
    r"|newsletter|advert\w*|ads?|banner|caption|credit|popup|modal|readmore|readalso|lang(?:uages?)?"
    r"|copyright|disclaimer|most-read|read-(?:more|also|next|too))(?![^\W_])"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)")
# Quotes count after an equals sign only, as in the HTML standard.
_ATTRIBUTES = re.compile(r"(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+>")
_ATTRIBUTE = re.compile(r"([a-zA-Z:-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
_LONG_REFERENCE = re.compile(r"&#[0-9]{8,}+;?")
_SPACE = re.compile(r"\s+")
#: Lines of links only, up to this length, lead elsewhere.
_LINK_LINE = 200


@dataclass(frozen=True)
class Page:
    """What was read of a page or file: its text, and what it says about itself."""

    text: str
    title: str = ""
    url: str = ""
    published: str = ""


@dataclass
class _Line:
    """A paragraph being gathered: its pieces, and how many characters of it are links."""

    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    heading: bool = False

    def text(self) -> str:
        return _SPACE.sub(" ", "".join(self.pieces)).strip(" |")


@dataclass
class _Walk:
    """The open elements of a page, and the lines gathered so far."""

    strict: bool
    lines: list[str] = field(default_factory=list)
    line: _Line = field(default_factory=_Line)
    open: list[tuple[str, bool]] = field(default_factory=list)
    count: Counter[str] = field(default_factory=Counter)
    skipping: int = 0

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in _REPEATED and self.open and self.open[-1][0] == name:
            self._pop()
        if name in _BLOCK:
            self.broken()
        elif name in _CELL:
            self.line.pieces.append(" | ")
        if name in _VOID:
            return
        skip = _is_skipped(name, attributes, self.strict)
        self.open.append((name, skip))
        self.count[name] += 1
        self.skipping += skip
        self.line.heading |= name == "h1"

    def closed(self, name: str) -> None:
        if name in _BLOCK:
            self.broken()
        while self.count[name] and self._pop() != name:
            pass

    def _pop(self) -> str:
        name, skipped = self.open.pop()
        self.count[name] -= 1
        self.skipping -= skipped
        return name

    def said(self, text: str) -> None:
        if self.skipping or not text:
            return
        self.line.pieces.append(text)
        if self.count["a"]:
            self.line.linked += len(text.strip())

    def broken(self) -> None:
        text, line = self.line.text(), self.line
        self.line = _Line(heading=bool(self.count["h1"]))
        only_links = line.linked >= 0.9 * len(text) and len(text) <= _LINK_LINE and not line.heading
        if text and not (self.strict and only_links):
            self.lines.append(text)


def page_of(markup: str) -> Page:
    """Return the text of an HTML page, a paragraph a line, with its title, address and time.

    Parameters
    ----------
    markup : str
        The decoded page.

    Returns
    -------
    Page
        Without scripts, styles, navigation, footers, asides, captions, forms, hidden and struck-out
        text; where little is left, only the surest of these are left out.

    Notes
    -----
    **Leaves out** what scripts would show, and style sheets that hide text.
    """
    strict, about = _read(markup, strict=True)
    lenient, _ = _read(markup, strict=False)
    text = strict if 4 * len(strict) >= len(lenient) or len(strict) > 1000 else lenient
    return Page(text, about["title"], about["url"], about["published"])


def _read(markup: str, *, strict: bool) -> tuple[str, dict[str, str]]:
    walk = _Walk(strict)
    about = {"title": "", "url": "", "published": ""}
    for kind, name, content in _pieces(markup):
        if kind == "text":
            walk.said(_unescaped(content))
        elif kind == "title":
            about["title"] = about["title"] or _SPACE.sub(" ", _unescaped(content)).strip()
        elif kind == "close":
            walk.closed(name)
        else:
            attributes = _attributes(content)
            _note(about, name, attributes)
            walk.opened(name, attributes)
    walk.broken()
    return "\n".join(walk.lines), about


def _pieces(markup: str) -> Iterator[tuple[str, str, str]]:
    """Yield the text, the tags and the title of a page: what it is, its name, its content.

    As in the HTML standard, a tag or comment that does not end swallows the rest.
    """
    place = 0
    while place < len(markup):
        tag = markup.find("<", place)
        if tag < 0:
            tag = len(markup)
        if tag > place:
            yield "text", "", markup[place:tag]
        name = _NAME.match(markup, tag)
        if name:
            end = _ATTRIBUTES.match(markup, name.end())
            if not end:
                return
            place = end.end()
            lower = name[2].lower()
            yield "close" if name[1] else "open", lower, end.group()
            if lower in _RAW and not name[1]:
                close = re.compile(f"</{lower}", re.IGNORECASE).search(markup, place)
                stop = close.start() if close else len(markup)
                if lower == "title":
                    yield "title", lower, markup[place:stop]
                place = stop
        elif markup.startswith(("<!", "<?", "</"), tag):
            mark = "-->" if markup.startswith("<!--", tag) else ">"
            stop = markup.find(mark, tag + 2)
            place = stop + len(mark) if stop >= 0 else len(markup)
        else:
            if tag < len(markup):
                yield "text", "", "<"
            place = tag + 1


def _attributes(content: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if "hidden" in content:
        found["hidden"] = "" if re.search(r"(?:^|\s)hidden(?![\w-])", content) else "no"
    for match in _ATTRIBUTE.finditer(content):
        found.setdefault(match[1].lower(), match[2] or match[3] or match[4] or "")
    return found


def _is_skipped(name: str, attributes: Mapping[str, str], strict: bool) -> bool:
    if name in _NEVER_TEXT:
        return True
    if attributes.get("hidden", "no") != "no" or attributes.get("aria-hidden") == "true":
        return name not in _ALWAYS_TEXT
    if _HIDDEN.search(attributes.get("style", "")):
        return True
    if not strict or name in _ALWAYS_TEXT:
        return False
    about = f"{attributes.get('class', '')} {attributes.get('id', '')}".lower()
    return name in _RARELY_TEXT or _FURNITURE.search(about) is not None


_META = {
    "og:title": "title",
    "og:url": "url",
    "article:published_time": "published",
    "datepublished": "published",
    "pubdate": "published",
}


def _note(about: dict[str, str], name: str, attributes: Mapping[str, str]) -> None:
    """Keep what a tag says about the whole page."""
    if name == "meta":
        key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop", "")
        kind = _META.get(key.lower(), "")
        content = attributes.get("content", "")
    else:
        canonical = name == "link" and attributes.get("rel", "").lower() == "canonical"
        kind, content = ("url", attributes.get("href", "")) if canonical else ("", "")
    if kind and not about[kind]:
        about[kind] = _SPACE.sub(" ", _unescaped(content)).strip()


def _unescaped(text: str) -> str:
    """Return text with its references spelled out; far too long ones are no character."""
    return html.unescape(_LONG_REFERENCE.sub("\ufffd", text)) if "&" in text else text
