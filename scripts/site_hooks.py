"""What the documentation site needs beside its pages: MkDocs calls these as it builds.

Pages of the repository that lie outside `docs/` are on the site, too, and links that lead out of
`docs/` lead to them there; formulas become MathML, which browsers draw without any script.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

REPOSITORY = Path(__file__).resolve().parent.parent
#: Pages outside docs/ -> where they stand on the site.
PAGES = {
    "README.md": "project/readme.md",
    "ARCHITECTURE.md": "project/architecture.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changelog.md",
    "benchmarks/README.md": "project/benchmarks.md",
    "examples/town/README.md": "examples/town.md",
    "examples/capital/README.md": "examples/capital.md",
    "examples/country/README.md": "examples/country.md",
}
LINK = re.compile(r"(\]\()([^)#\s]+)((?:#[^)]*)?\))")
FORMULA = re.compile(
    r'<(span|div) class="arithmatex">(?:\\\((.*?)\\\)|\\\[(.*?)\\\])</\1>', re.DOTALL
)
ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that lie outside `docs/`."""
    for path, uri in PAGES.items():
        files.append(File.generated(config, uri, abs_src_path=str(REPOSITORY / path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links that lead out of `docs/` lead to where their target is on the site."""
    if page.file.abs_src_path is None:
        return markdown
    here = Path(page.file.abs_src_path).resolve().parent

    def led(link: re.Match[str]) -> str:
        begin, target, end = link.groups()
        if "://" in target or target.startswith("mailto:"):
            return link[0]
        there = (here / target).resolve()
        uri = placed(there, config, files)
        if uri is None:
            raise PluginError(f"{page.file.src_uri}: '{target}' leads to nothing on the site")
        return begin + posixpath.relpath(uri, posixpath.dirname(page.file.src_uri) or ".") + end

    return LINK.sub(led, markdown)


def placed(there: Path, config: MkDocsConfig, files: Files) -> str | None:
    """Return where a file of the repository stands on the site; a table or text is copied to it."""
    docs = Path(config.docs_dir)
    if there.is_relative_to(docs):
        return there.relative_to(docs).as_posix()
    if not there.is_relative_to(REPOSITORY) or not there.is_file():
        return None
    path = there.relative_to(REPOSITORY).as_posix()
    if path in PAGES:
        return PAGES[path]
    uri = f"files/{path}" + ("" if there.suffix else ".txt")
    if files.get_file_from_path(uri) is None:
        files.append(File.generated(config, uri, abs_src_path=str(there)))
    return uri


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Draw formulas as MathML."""

    def drawn(formula: re.Match[str]) -> str:
        latex = formula[2] or formula[3]
        for entity, sign in ENTITIES.items():
            latex = latex.replace(entity, sign)
        return convert(latex.strip(), display="inline" if formula[2] else "block")

    return FORMULA.sub(drawn, html)
