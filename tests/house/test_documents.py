"""Documents keep in step with the tree: links, pages, versions, notices."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

import keepwarm
from keepwarm.commands.main import VERBS

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = Path(keepwarm.__file__).parent
PAGES = sorted(
    page
    for page in (*REPOSITORY.glob("*.md"), *REPOSITORY.glob("[bde]*/**/*.md"))
    if not page.is_relative_to(REPOSITORY / "build")
)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def links(page: Path) -> list[str]:
    """Targets of a page's links to files."""
    return [target for target in LINK.findall(page.read_text()) if "://" not in target]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links_lead_somewhere(page):
    assert not [target for target in links(page) if not (page.parent / target).exists()]


def test_every_page_is_linked_from_the_index():
    index = REPOSITORY / "docs" / "index.md"
    linked = {(index.parent / target).resolve() for target in links(index)}
    pages = {page for page in (REPOSITORY / "docs").rglob("*.md") if page != index}
    assert pages <= linked


def test_every_room_has_a_page():
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} - {"commands"}
    assert rooms <= {page.stem for page in (REPOSITORY / "docs").rglob("*.md")}


def test_the_architecture_names_every_room():
    text = (REPOSITORY / "ARCHITECTURE.md").read_text()
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert not [room for room in rooms if f"`{room}/`" not in text]


def test_every_command_shown_is_a_verb():
    shown = {
        verb
        for page in PAGES
        for block in re.findall(r"^```.*?^```", page.read_text(), re.DOTALL | re.MULTILINE)
        for verb in re.findall(r"^(?:\$ )?keepwarm ([a-z]+)", block, re.MULTILINE)
    }
    assert shown
    assert shown <= set(VERBS)


def test_one_version_everywhere():
    citation = (REPOSITORY / "CITATION.cff").read_text()
    assert f"\nversion: {keepwarm.__version__}\n" in citation
    changes = (REPOSITORY / "CHANGELOG.md").read_text()
    assert changes.split("\n## ")[1].startswith(keepwarm.__version__)


@pytest.mark.parametrize(
    "case", sorted((PACKAGE / "validation" / "cases").iterdir()), ids=lambda path: path.name
)
def test_data_under_a_licence_has_its_notice(case):
    licence = tomllib.loads((case / "case.toml").read_text())["licence"]
    if re.search(r"\b(CC|BSD|MIT|NREL)\b", licence):
        noted = re.findall(r"src/keepwarm/validation/cases/([\w*]+)/", notice())
        assert any(fnmatch(case.name, pattern) for pattern in noted)


def test_every_notice_is_about_something_shipped():
    for path in re.findall(r"(?<![\w/])(?:src|examples|scripts)/[\w*/.-]+", notice()):
        assert list(REPOSITORY.glob(path.rstrip("/,."))), path


def notice() -> str:
    """The text of NOTICE."""
    return (REPOSITORY / "NOTICE").read_text()


def without_numbers(text: str) -> list[str]:
    """Words of a text, with a mark for each number."""
    return re.sub(r"[\d][\d,.]*(e-?\d+)?", "#", text).split()


def numbers(text: str) -> list[float]:
    """Numbers of a text, in order."""
    return [float(each.replace(",", "").rstrip(".")) for each in re.findall(r"\d[\d,.]*", text)]


def test_the_readme_shows_what_the_demo_prints(tmp_path):
    readme = (REPOSITORY / "README.md").read_text()
    shown = re.search(r"^```text\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    assert shown is not None
    assert re.search(r"^Buildings: .*\n\Z", shown[1], re.MULTILINE)
    damage = "examples/capital/damage.csv"
    run = ["run", "examples/capital", "--damage", damage, "--out", str(tmp_path / "run")]
    done = subprocess.run(
        [sys.executable, "-m", "keepwarm", *run],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    printed = done.stdout[: len(shown[1])]
    assert without_numbers(printed) == without_numbers(shown[1])
    # Another processor may round differently; a change of the model has to be shown here.
    assert numbers(printed) == pytest.approx(numbers(shown[1]), rel=1e-3, abs=1)
