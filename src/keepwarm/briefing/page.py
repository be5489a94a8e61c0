"""The page: sections put together, texts and numbers into the template."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepwarm.errors import Fault, InputError

if TYPE_CHECKING:
    from keepwarm.briefing.situation import Situation
    from keepwarm.briefing.view import View
    from keepwarm.briefing.words import Words
    from keepwarm.runs.run import Run

#: Sections in their order; each is a template, an anchor and a heading.
SECTIONS = (
    "situation",
    "todo",
    "decide",
    "plan",
    "cold",
    "tonight",
    "charts",
    "map",
    "why",
    "ahead",
    "unsure",
    "basis",
)

#: What a section shows, where it is not called as the section is.
CONTENT = {"situation": "now", "map": "sketch", "plan": "planned"}

#: Lines of the table of decisions.
DECISIONS = 10

#: Kinds of numbers that section 8 explains, in the order of their figures.
NOTES = ("damage", "energy", "people", "rooms", "pipes", "weather", "places", "causes")


@dataclass(frozen=True)
class Brief:
    """One self-contained page. ``html`` is the whole document."""

    html: str

    def save(self, path: str | Path) -> Path:
        """Write the page beside its place and rename it: whole or not there.

        Parameters
        ----------
        path
            The file; an older page there is replaced. One that ends in ``.pdf`` becomes a PDF.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            When the file cannot be written, or a PDF cannot be made here.
        """
        target = Path(path)
        content = self.pdf() if target.suffix.lower() == ".pdf" else self.html.encode()
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
            beside = Path(name)
            try:
                with open(handle, "wb") as file:
                    file.write(content)
                beside.chmod(0o644)
                os.replace(beside, target)
            finally:
                beside.unlink(missing_ok=True)  # gone already where all went well
        except OSError as error:
            found = error.strerror or str(error)
            fault = Fault(str(target), None, None, found, "a file that can be written")
            raise InputError((fault,)) from error
        return target

    def pdf(self) -> bytes:
        """Return the page as PDF on A4, by WeasyPrint (the extra ``pdf``)."""
        from keepwarm.briefing.pdf import pdf_of

        return pdf_of(self.html)

    def __str__(self) -> str:
        """Say how large the page is."""
        return f"brief of {len(self.html.encode()) / 1000:,.0f} kB"

    def _repr_html_(self) -> str:
        """Show the page in a notebook, in a frame of its own."""
        from markupsafe import escape

        return (
            f'<iframe srcdoc="{escape(self.html)}" style="width:100%;height:40em;border:0">'
            "</iframe>"
        )


def brief(run: Run, *, language: str | Path = "en", before: Run | None = None) -> Brief:
    """Say in one page what is out, who is cold, until when, and what must be done by when.

    Parameters
    ----------
    run
        From `run` or `read_run`.
    language
        A code of `keepwarm.briefing.words.languages` (``"en"``, ``"uk"``), or the path of a file
        of texts in a language of one's own.
    before
        The same damage without the plan: what the run has more and less of than it is told, too.

    Returns
    -------
    Brief
        The same bytes for the same run.

    Raises
    ------
    InputError
        When there is no such language.

    **Leaves out**: whatever the run leaves out; the page adds no number of its own.
    """
    from keepwarm.briefing.ahead import ahead
    from keepwarm.briefing.basis import basis
    from keepwarm.briefing.called import called, region_names
    from keepwarm.briefing.charts import charts
    from keepwarm.briefing.cold import cold
    from keepwarm.briefing.deadlines import deadlines
    from keepwarm.briefing.decisions import sheet, sure_range
    from keepwarm.briefing.planned import planned, told_differences
    from keepwarm.briefing.situation import situation
    from keepwarm.briefing.sketch import sketch
    from keepwarm.briefing.statement import statement
    from keepwarm.briefing.timelines import cuts_timeline, repairs_timeline
    from keepwarm.briefing.tonight import nights
    from keepwarm.briefing.unsure import unsure
    from keepwarm.briefing.view import View
    from keepwarm.briefing.why import why
    from keepwarm.briefing.words import words

    texts = words(language)
    view = View(called(run, texts.language))

    def clock(moment: str) -> str:
        return texts.local(moment, view.zone)

    now, chill, todo = situation(view), cold(view), deadlines(view)
    plan = planned(view, region_names(run, texts.language))
    end = view.moment(float(view.answers["hours"]))
    needed = nights(view.answers["warming_points"])
    content: dict[str, Any] = {
        "case": view.manifest["case"],
        "answers": view.answers,
        "options": view.manifest["options"],
        "step_hours": view.step_hours,
        "end": end,
        "now": now,
        "statement": statement(view, plan, needed),
        "todo": todo,
        "decide": sheet(view.answers, texts, clock, DECISIONS),
        "sure_range": sure_range,
        "planned": plan,
        "timeline": plan and repairs_timeline(plan, str(end), view.zone, texts),
        "cuts_drawn": plan and cuts_timeline(plan.timetable, view.zone, texts),
        "against": told_differences(before, run) if before else (),
        "cold": chill,
        "tonight": needed,
        "warming_degc": view.manifest["settings"].get("warming_point.below_degc"),
        "charts": charts(view, now, chill, texts),
        "sketch": sketch(view, _mapped_service(now), texts.language),
        "why": why(view),
        "ahead": ahead(view),
        "unsure": unsure(view, now, todo, chill, needed, plan),
        "basis": basis(view, texts),
        "notes": _notes(view),
    }
    content["sections"] = [name for name in SECTIONS if _has(name, content)]
    return Brief(rendered("brief.html.j2", content, view.zone, texts))


def _has(section: str, content: Mapping[str, Any]) -> bool:
    """Return whether a section has anything to say: an empty one is left out."""
    if section == "todo":
        return bool(content["now"].buildings["total"])
    return bool(content.get(CONTENT.get(section, section), True))


def _mapped_service(now: Situation) -> str:
    """Return heat where somebody lacks it, else what most people lack."""
    short = [row.service for row in now.short]
    services = [row.service for row in now.services]
    if "heat" in short or not (short or services):
        return "heat"
    return short[0] if short else services[0]


def _notes(view: View) -> Mapping[str, int]:
    """Return the figures of the notes that this page needs."""
    needed = {
        "rooms": view.warm,
        "pipes": view.warm,
        "weather": view.warm,
        "places": bool(view.regions) and bool(view.place("people").sum() > 0),
        "causes": view.run.tables["causes"].num_rows > 0,
    }
    names = [name for name in NOTES if needed.get(name, True)]
    return {name: number for number, name in enumerate(names, start=1)}


def rendered(template: str, content: Mapping[str, Any], zone: str, texts: Words) -> str:
    """Return a template of this room with its content, times in a zone, as one document."""
    from importlib.resources import files

    from jinja2 import DictLoader, Environment, StrictUndefined

    from keepwarm.briefing.marks import Marks

    folder = files("keepwarm.briefing") / "templates"
    sources = {
        item.name: item.read_text(encoding="utf-8")
        for item in folder.iterdir()
        if item.name.endswith((".j2", ".css"))
    }
    environment = Environment(
        autoescape=True,
        loader=DictLoader(sources),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    marks = Marks(texts, zone, content["notes"])
    about = {"language": texts.language, "texts": texts}
    page = environment.get_template(template).render(**about, **content, **marks.tools())
    lines: Sequence[str] = [line.rstrip() for line in page.splitlines()]
    return "\n".join(line for line in lines if line) + "\n"
