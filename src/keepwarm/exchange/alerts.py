"""Drafts of alerts (CAP 1.2) for the regions that a run says are in danger.

A draft is all that is written: status "Draft", a sender that nobody has. A person checks it, puts
in who warns and where the warming points are, and sends it.

**Source**: OASIS Common Alerting Protocol 1.2 (2010).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree
from zoneinfo import ZoneInfo

from keepwarm.exchange.areas import alert_rings, outlines_of
from keepwarm.exchange.dangers import ColdNight, Danger, Freezing, dangers, moment
from keepwarm.exchange.region_table import labels_of
from keepwarm.exchange.whole import plain, write_folder_whole
from keepwarm.exchange.wording import LANGUAGES, count, wording
from keepwarm.runs.run import Run

_SPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_SENDER = "draft@keepwarm.invalid"  # RFC 2606: nobody's address
_SOON = timedelta(hours=1)  # CAP: "Expected" is within the next hour


def alerts_of(run: Run) -> Mapping[str, bytes]:
    """Return the alerts of a run: name of the file -> XML.

    Sent is the run's start, from which it looks ahead; times are the case's local ones. An alert
    is about the first cold night of its region and about all deadlines of draining in the run.

    An area is the region's name, with its outline where the user brought one.
    """
    found, outlines = {}, outlines_of(run)
    for number, danger in enumerate(dangers(run), start=1):
        safe = "".join(s if s.isalnum() else "_" for s in plain(danger.region)[:40])
        found[f"alert-{number:03d}-{safe}.xml"] = _alert(run, danger, outlines)
    return found


def write_alerts(run: Run, folder: Path) -> int:
    """Write the alerts of a run into a folder of their own, and return how many there are.

    Alerts of an earlier run that stand there are replaced, all of them.

    Raises
    ------
    InputError
        Where the folder holds anything else, or cannot be written.
    """
    texts = alerts_of(run)
    write_folder_whole(folder, texts, "alert-*.xml")
    return len(texts)


def _alert(run: Run, danger: Danger, outlines: Mapping[str, Mapping[str, Any]]) -> bytes:
    case = run.manifest["case"]
    zone = ZoneInfo(str(case["time_zone"]) if isinstance(case, dict) else "UTC")
    sent = moment(str(run.answers["start"]))
    root = Tree.Element("alert", xmlns=_SPACE)
    note = " ".join(wording(language)["note"] for language in LANGUAGES)
    for name, text in (
        ("identifier", _identifier(run, danger)),
        ("sender", _SENDER),
        ("sent", _time(sent, zone)),
        ("status", "Draft"),
        ("msgType", "Alert"),
        ("source", f"keepwarm {run.manifest['keepwarm']}, case {run.answers['case']}"),
        ("scope", "Public"),
        ("note", note),
    ):
        _add(root, name, text)
    expires = sent + timedelta(hours=float(str(run.answers["hours"])))
    labels = labels_of(run, danger.region)
    outline = outlines.get(danger.region)
    rings = alert_rings(outline) if outline else []
    for language in LANGUAGES:
        region = labels.get(language, labels[""])
        info = _info(root, run, danger, language, region, (sent, expires), zone)
        area = Tree.SubElement(info, "area")
        _add(area, "areaDesc", region)
        for ring in rings:
            _add(area, "polygon", ring)
    Tree.indent(root)
    content: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _info(
    root: Tree.Element,
    run: Run,
    danger: Danger,
    language: str,
    region: str,
    span: tuple[datetime, datetime],
    zone: ZoneInfo,
) -> Tree.Element:
    """Add and return what the alert says in one language, in the order that CAP wants."""
    freezing, night, words = danger.freezing, danger.night, wording(language)
    values = _values(run, danger, region, zone)
    kinds = [kind for kind in ("deadline", "night") if (freezing, night)[kind == "night"]]
    onset = min([x.first for x in (freezing,) if x] + [x.begins for x in (night,) if x])
    info = Tree.SubElement(root, "info")
    for name, text in (
        ("language", language),
        ("category", "Infra"),
        ("category", "Health"),
        ("event", words["event"]),
        *((("responseType", "Prepare"),) if freezing else ()),
        *((("responseType", "Shelter"),) if night else ()),
        ("urgency", _urgency(onset - span[0])),
        ("severity", "Severe" if freezing else "Moderate"),
        ("certainty", "Likely" if _likely(freezing, night) else "Possible"),
        ("effective", _time(span[0], zone)),
        ("onset", _time(max(onset, span[0]), zone)),
        ("expires", _time(span[1], zone)),
        ("senderName", words["sender"]),
        ("headline", words[f"headline_{kinds[0]}"].format_map(values)),
        ("description", " ".join(words[k].format_map(values) for k in [*kinds, "basis"])),
        ("instruction", " ".join(words[f"do_{kind}"] for kind in kinds)),
    ):
        _add(info, name, text)
    for name, text in _parameters(danger).items():
        parameter = Tree.SubElement(info, "parameter")
        _add(parameter, "valueName", name)
        _add(parameter, "value", text)
    return info


def _values(run: Run, danger: Danger, region: str, zone: ZoneInfo) -> Mapping[str, str]:
    """Return what the texts of an alert have in braces."""
    values = {"region": region, "version": str(run.manifest["keepwarm"])}
    if freezing := danger.freezing:
        values["deadline"] = _clock(freezing.first, zone)
        values["buildings"], values["people"] = count(freezing.buildings), count(freezing.people)
    if night := danger.night:
        values["night_from"], values["night_until"] = (
            _clock(time, zone) for time in (night.begins, night.ends)
        )
        values["low"], values["central"], values["high"] = map(count, night.people)
    return values


def _parameters(danger: Danger) -> Mapping[str, str]:
    """Return the numbers unrounded, for programs; times are UTC."""
    found = {}
    if freezing := danger.freezing:
        found["first_pipe_plugs_utc"] = f"{freezing.first:%Y-%m-%dT%H:%M:%SZ}"
        found["buildings_that_may_freeze"] = f"{freezing.buildings:g}"
    if night := danger.night:
        for band, people in zip(("low", "central", "high"), night.people, strict=True):
            found[f"people_who_need_a_warming_point_{band}"] = f"{people:.0f}"
    return found


def _likely(freezing: Freezing | None, night: ColdNight | None) -> bool:
    """Whether the central band has it, not its cold end alone."""
    cold = night is not None and night.people[1] >= 0.5
    return cold or (freezing is not None and freezing.likely)


def _urgency(left: timedelta) -> str:
    if left <= timedelta(0):
        return "Immediate"
    return "Expected" if left <= _SOON else "Future"


def _identifier(run: Run, danger: Danger) -> str:
    """Return a name that is the same for the same run and region, and no other's."""
    about = [run.manifest.get("inputs_sha256"), run.manifest.get("options"), run.answers["start"]]
    text = json.dumps([*about, danger.region], sort_keys=True)
    return f"keepwarm.{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _add(parent: Tree.Element, name: str, text: str) -> None:
    Tree.SubElement(parent, name).text = plain(text)


def _time(time: datetime, zone: ZoneInfo) -> str:
    """Return a time as CAP writes it: local, UTC as -00:00."""
    text = time.astimezone(zone).isoformat(timespec="seconds")
    return f"{text[:-6]}-00:00" if text.endswith("+00:00") else text


def _clock(time: datetime, zone: ZoneInfo) -> str:
    """Return a time for people; minutes are cut off, never rounded up past a deadline."""
    return f"{time.astimezone(zone):%Y-%m-%d %H:%M}"
