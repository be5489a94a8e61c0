"""The one-page table of decisions that a duty engineer prints: black on white, A4."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepwarm.briefing.page import Brief, rendered

if TYPE_CHECKING:
    from keepwarm.runs.run import Run

#: Lines that fit on the page.
LINES = 50


def drain_table(run: Run, *, language: str | Path = "en") -> Brief:
    """Return the decisions of a run as one printable page.

    Parameters
    ----------
    run
        From `run` or `read_run`.
    language
        As for `brief`.

    Returns
    -------
    Brief
        One A4 page; groups of one region and kind of building stand together where there are
        more than `LINES`. The same bytes for the same run.
    """
    from keepwarm.briefing.called import called
    from keepwarm.briefing.decisions import sheet, sure_range, sure_text
    from keepwarm.briefing.view import View
    from keepwarm.briefing.words import words

    texts = words(language)
    view = View(called(run, texts.language))

    def clock(moment: str) -> str:
        return texts.local(moment, view.zone)

    content: dict[str, Any] = {
        "case": view.manifest["case"],
        "answers": view.answers,
        "version": view.manifest["keepwarm"],
        "sheet": sheet(view.answers, texts, clock, LINES),
        "sure_range": sure_range,
        "sure_text": sure_text,
        "notes": {},
    }
    return Brief(rendered("drain_table.html.j2", content, view.zone, texts))
