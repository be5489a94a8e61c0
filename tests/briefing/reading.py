"""A page as a reader has it: its elements, texts and the exact values behind its numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        joined = "".join(c if isinstance(c, str) else c.text for c in self.children)
        return " ".join(joined.split())

    def all(self, tag: str, **attributes: str) -> list[Element]:
        found = []
        for child in self.children:
            if isinstance(child, str):
                continue
            wanted = {name.rstrip("_"): value for name, value in attributes.items()}
            if (tag in ("*", child.tag)) and wanted.items() <= child.attributes.items():
                found.append(child)
            found += child.all(tag, **attributes)
        return found

    def one(self, tag: str, **attributes: str) -> Element:
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def numbers(self) -> list[float]:
        return [float(element.attributes["value"] or "") for element in self.all("data")]

    @property
    def times(self) -> list[str]:
        return [element.attributes["datetime"] or "" for element in self.all("time")]

    def table(self, caption: str) -> list[list[Element]]:
        """Rows of the body of the table with a caption."""
        (found,) = (t for t in self.all("table") if t.one("caption").text == caption)
        body = found.one("tbody")
        return [[c for c in row.children if isinstance(c, Element)] for row in body.all("tr")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"<{self.open[-1].tag}> is closed by </{tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(html: str) -> Element:
    """Read a page; every element must be closed where it was opened."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1
    return reader.root


def section(page: Element, name: str) -> Element:
    """A section by the name of its template."""
    return page.one("section", id=name)
