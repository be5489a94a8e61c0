"""A board as a process of its own, as people start it; and what its page shows, as plain values."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Longest wait for the first answer, s: the first run of a machine compiles its loops.
PATIENCE = 500


@contextmanager
def board(case: Path, workspace: Path, *options: str) -> Iterator[str]:
    """Serve a case; gives the address of the page."""
    command = [sys.executable, "-m", "keepwarm", "board", str(case), "--port", "0", "--no-open"]
    process = subprocess.Popen(
        [*command, "--workspace", str(workspace), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        address = _address(process)
        _walked(address)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _address(process: subprocess.Popen[str]) -> str:
    said = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        found = re.search(r"http://\S+", line)
        if found:
            return found.group()
    raise AssertionError("the board ended: " + "".join(said))


def _walked(address: str) -> None:
    """Wait until the first run is there, so that no page has to."""
    with urlopen(f"{address}api/board", timeout=60) as answer:
        root = json.load(answer)["root"]
    with urlopen(f"{address}api/scenarios/{root}/run", timeout=PATIENCE) as answer:
        assert answer.status == 200


def ready(page: Page) -> None:
    """Wait until the run that the address names is shown, and nothing is being computed."""
    page.wait_for_selector(".map .region")
    page.wait_for_function(
        """() => {
          const main = document.querySelector('main');
          const named = /[0-9a-f]{16}/.exec(location.hash);
          return main.ariaBusy === 'false' && (!named || main.dataset.run === named[0]);
        }"""
    )


def opened(page: Page, address: str, state: str = "") -> Page:
    """Open a state of the page; ``state`` is what follows the ``#``."""
    page.goto(address + (f"#{state}" if state else ""))
    ready(page)
    return page


def value(page: Page, selector: str) -> float:
    """Return the exact number that stands behind a shown one."""
    return float(page.locator(f"{selector} data").first.get_attribute("value") or "nan")


def strip(page: Page) -> dict[str, tuple[float, float]]:
    """Return the strip of differences: name -> before and after."""
    return {
        str(name): (float(pair[0]), float(pair[1]))
        for name, pair in page.evaluate(
            """() => [...document.querySelectorAll('.difference [data-sum]')].map((each) =>
            [each.dataset.sum, [...each.querySelectorAll('data')].map((one) => one.value)])"""
        )
    }


def shown_scenario(page: Page) -> str | None:
    """Return the scenario that the address names."""
    found = re.search(r"#/\w+/([0-9a-f]{16})", page.url)
    return found.group(1) if found else None


def texts_of(page: Page, selector: str) -> Sequence[str]:
    """Return the texts of all elements, as they are read."""
    return page.locator(selector).all_inner_texts()
