"""Which risks a board can show: the folder that was given, and those that were walked here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from keepwarm.board.risk_view import Files
from keepwarm.board.scenarios import name_of
from keepwarm.board.situation import Winter
from keepwarm.case.nouns import Case
from keepwarm.ensemble.folder import MANIFEST, RiskFolder, differing, read_json

#: In the board's workspace: a folder for each risk that was walked here.
FOLDER = "risks"

#: Largest hazard.toml or measures.toml that is looked at, bytes.
_LARGEST = 1_000_000


@dataclass(frozen=True)
class Known:
    """One risk that the board can show: the folder that was given, or one walked here."""

    name: str
    folder: Path


def known_risks(workspace: Path, given: Path | None) -> tuple[Known, ...]:
    """Return the finished risks, the one walked last first, the one given last."""
    walked = workspace / FOLDER
    own = [one for one in walked.iterdir() if (one / MANIFEST).is_file()] if walked.is_dir() else []
    own.sort(key=lambda one: (-(one / MANIFEST).stat().st_mtime, one.name))
    found = [Known(one.name, one) for one in own]
    if given is not None:
        # Named by what it is, so that another folder given next time is another risk.
        found.append(Known(f"given-{name_of(RiskFolder(given).study())}", given))
    return tuple(found)


def files_beside(case: Path) -> Files:
    """Return hazard.toml and measures.toml of a case folder, where they are."""

    def text(name: str) -> str | None:
        file = case / name
        if not file.is_file() or file.stat().st_size > _LARGEST:
            return None
        return file.read_text(encoding="utf-8-sig", errors="replace")

    return Files(text("hazard.toml"), text("measures.toml"))


def winter_of(
    case: Case, workspace: Path, given: Path | None, name: str, sample: int
) -> Winter | None:
    """Return a sample of a risk by its name; None where it cannot be walked again.

    That is where there is no such risk or sample, or the case is not what it was.
    """
    folder = next((one.folder for one in known_risks(workspace, given) if one.name == name), None)
    if folder is None:
        return None
    manifest = read_json(folder / MANIFEST, "a finished risk")
    answers = manifest.get("answers")
    samples = answers.get("samples") if isinstance(answers, dict) else 0
    if differing(manifest.get("inputs_sha256"), case.input_hashes):
        return None
    inside = isinstance(samples, int) and 0 <= sample < samples
    return Winter(folder, sample) if inside else None
