"""Pages that a reader follows do what they say: every block runs, every output shown comes out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents.shown import follow, matches

DOCS = Path(__file__).resolve().parents[2] / "docs"
#: Pages without a command that a test can give.
ONLY_READ = {"board.md"}
PAGES = [
    page
    for page in (
        DOCS / "start.md",
        *sorted(DOCS.glob("tutorials/*.md")),
        *sorted(DOCS.glob("howto/*.md")),
        DOCS / "reference" / "errors.md",
    )
    if page.name not in ONLY_READ
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_does_what_it_says(page, examples, tmp_path):
    (tmp_path / "examples").symlink_to(examples)
    follow(page, tmp_path)


def test_reference_pages_say_what_the_package_says(repository):
    done = subprocess.run(
        [sys.executable, "-m", "scripts.reference_pages", "--check"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("shown", "printed", "alike"),
    [
        ("power 12.5 MW", "power 12.5 MW", True),
        ("power 12.5 MW", "power   12.6 MW", True),  # the last digit
        ("power 12.5 MW", "power 12.7 MW", False),
        ("power 12.5 MW", "heat 12.5 MW", False),
        ("3 of 12,000 people", "3 of 12,005 people", True),  # 0.1 %
        ("3 of 12,000 people", "3 of 12,050 people", False),
        ("at −3 °C", "at 3 °C", False),
        ("one\n…\nthree", "one\ntwo\n2\nthree", True),
        ("one\n…\nthree", "one\nthree\nfour", False),
        ("…\ntwo\n…", "one\ntwo\nthree", True),
        ("one", "one\ntwo", False),
    ],
)
def test_what_is_shown_is_held_against_what_is_printed(shown, printed, alike):
    assert matches(shown, printed) is alike
