"""The board as people meet it: first view, what-ifs from click to numbers, fifty viewers at once.

Usage: python -m benchmarks.bench_board_page [WHAT_IFS]

Needs Debian's `chromium` and `wrk`; everything stays on the loopback address.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from benchmarks.bench_board import EXAMPLES, SEED, SPANS
from benchmarks.measure import Cell, machine, print_table, write
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

VIEWERS, SECONDS, VIEWS, PATIENCE = 50, 6, 8, 120_000
READS = ("/", "/api/board", "/api/map", "/api/scenarios/{root}/run", "/page/board.js")
SHOWN = """() => {
  const main = document.querySelector('main');
  return main && main.ariaBusy === 'false' && main.dataset.run
    && document.querySelector('.map .region') !== null;
}"""
#: Clicks, and waits until another run is drawn; ms, -1 where that does not come.
CLICKED = """(button) => new Promise((done) => {
  const main = document.querySelector('main'), before = main.dataset.run;
  const began = performance.now();
  const look = () => {
    if (performance.now() - began > 8000) done(-1);
    else if (main.dataset.run === before || main.ariaBusy !== 'false') requestAnimationFrame(look);
    else requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
  };
  button.click();
  look();
})"""
PERCENTILES = """done = function(summary, latency)
  io.write(string.format("found %d %d %.1f %.1f\\n", summary.requests,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status
    + summary.errors.timeout, latency:percentile(50) / 1000, latency:percentile(95) / 1000))
end
"""


@contextmanager
def board(name: str, workspace: Path) -> Iterator[str]:
    """Serve a case as people do; gives the address of the page."""
    start, hours = SPANS[name]
    case = EXAMPLES / name
    options = ["--damage", str(case / "damage.csv"), "--hours", f"{hours:g}", "--port", "0"]
    options += ["--no-open", "--workspace", str(workspace)]
    options += [] if start is None else ["--start", start]
    process = subprocess.Popen(
        [sys.executable, "-m", "keepwarm", "board", str(case), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        said = process.stdout or ()
        found = next(filter(None, (re.search(r"http://\S+", line) for line in said)))
        yield found.group()
    finally:
        process.terminate()
        process.wait(20)


def _note(sizes: list[int], told: dict[str, Any]) -> None:
    sizes.append(told["encodedDataLength"])


def first_views(browser: Browser, address: str) -> tuple[list[float], float]:
    """Return seconds to the first view, each with an empty cache, and kilobytes that came."""
    seconds, weight = [], 0.0
    for _ in range(VIEWS):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page, sizes = context.new_page(), list[int]()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", partial(_note, sizes))
        page.goto(address, wait_until="commit")
        page.wait_for_function(SHOWN, timeout=PATIENCE)
        seconds.append(float(page.evaluate("() => performance.now()")) / 1000)
        weight = sum(sizes) / 1000
        context.close()
    return seconds, weight


def what_ifs(page: Page, count: int, hours: float) -> list[float]:
    """Bring assets back and take them out, each from the root; seconds from click to numbers."""
    stream, seconds = np.random.default_rng(SEED), list[float]()
    page.get_by_role("radio", name="Assets").check(force=True)
    page.locator(".rows .row").first.wait_for()
    begin = page.evaluate("async () => (await (await fetch('/api/board')).json()).start")
    while len(seconds) < count:
        rows = page.locator(".rows .row")
        rows.nth(int(stream.integers(rows.count()))).click()
        later = int(stream.integers(hours // 5, hours))
        at = np.datetime64(begin.removesuffix("Z"), "s") + later * 3600
        field = page.get_by_label("Back in service at")
        if field.count():
            field.fill(str(at)[:16])
            button = page.get_by_role("button", name="Bring it back then")
        else:
            page.locator("details.out summary").click()
            page.locator("details.out button[type=submit]").click()
            button = page.locator("dialog button.main")
        before = page.evaluate("() => document.querySelector('main').dataset.run")
        took = float(button.evaluate(CLICKED)) / 1000
        if took < 0:  # a time at which it is back already
            continue
        seconds.append(took)
        page.get_by_role("button", name="Undo").click()
        page.wait_for_function(
            "(run) => document.querySelector('main').dataset.run === run", arg=before
        )
        page.wait_for_function(SHOWN)
    return seconds


def viewers(address: str, root: str, folder: Path) -> list[dict[str, Cell]]:
    """Return what fifty viewers at once wait for each thing that they read."""
    script = folder / "percentiles.lua"
    script.write_text(PERCENTILES, encoding="utf-8")
    rows: list[dict[str, Cell]] = []
    for read in READS:
        url = address.rstrip("/") + read.format(root=root)
        load = ["wrk", "-t2", f"-c{VIEWERS}", f"-d{SECONDS}s", "-H", "Accept-Encoding: gzip"]
        said = subprocess.run(
            [*load, "-s", str(script), url], check=True, capture_output=True, text=True
        ).stdout
        [(requests, errors, median, most)] = re.findall(r"found (\S+) (\S+) (\S+) (\S+)", said)
        rows.append(
            {
                "read": read.format(root="ROOT"),
                "viewers": VIEWERS,
                "requests": int(requests),
                "errors": int(errors),
                "median_ms": float(median),
                "p95_ms": float(most),
            }
        )
    return rows


def told(address: str) -> dict[str, Any]:
    """Return what the board says of itself."""
    with urllib.request.urlopen(f"{address.rstrip('/')}/api/board") as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


def main() -> None:
    """Measure both cases; the viewers on the capital."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    rows, reads = list[dict[str, Cell]](), list[dict[str, Cell]]()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (_, hours) in SPANS.items():
            with board(name, Path(scratch) / name) as address:
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                page.set_default_timeout(PATIENCE)
                page.goto(address)
                page.wait_for_function(SHOWN)
                page.wait_for_timeout(3000)  # the root's steps are solved again meanwhile
                views, weight = first_views(browser, address)
                took = what_ifs(page, count, hours)
                page.close()
                rows.append(
                    {
                        "case": name,
                        "first_view_median_s": float(np.median(views)),
                        "first_view_p95_s": float(np.quantile(views, 0.95)),
                        "weight_kb": weight,
                        "what_ifs": len(took),
                        "what_if_median_s": float(np.median(took)),
                        "what_if_p95_s": float(np.quantile(took, 0.95)),
                    }
                )
                if name == "capital":
                    time.sleep(2)
                    reads = viewers(address, told(address)["root"], Path(scratch))
        browser.close()
    write("board_page", rows, machine())
    write("board_viewers", reads, machine())
    print_table(rows)
    print_table(reads)


if __name__ == "__main__":
    main()
