"""Write docs/reading_scores.md: how well each set of reports is read, with counts and intervals."""

from __future__ import annotations

from pathlib import Path

from keepwarm.reports.reader import read_text
from keepwarm.validation.reading_scores import FIELDS, Score, interval, read_gold, score

ROOT = Path(__file__).resolve().parents[1]
SETS = {
    "frozen": ("Frozen: written from the vocabulary before the reader was run on them", "frozen"),
    "held_out": ("Held out: reports that were never looked into", "held_out.jsonl"),
    "developed": ("Developed on", "developed.jsonl"),
    "practice": ("Practice: written and developed on", "practice"),
}
HEAD = """Written by `scripts/reading_scores.py`. A claim is found where metric and value are the
same and the quotes overlap; fields are judged on found claims. In brackets: counts, and the 95 %
interval (Wilson). Goals, on texts nobody tuned to: precision of numeric claims 0.95 in every
language; recall 0.88 overall and 0.80 in the weakest; qualifier 0.93, modality 0.95, source 0.88,
location 0.85; qualitative claims 0.75 and 0.60 (two careful readers agree at 0.70)."""
LANGUAGES = ("en", "uk", "ru", "de", "zh")


def scores_of(place: Path) -> dict[str, dict[int, Score]]:
    """Return the scores of a file, or of a folder of files, by language and tier."""
    files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    total = {language: {1: Score(), 2: Score()} for language in (*LANGUAGES, "all")}
    for report in (one for file in files for one in read_gold(file)):
        found = score(report, read_text(report["text"]).claims)
        for tier, one in found.items():
            total[report["lang"]][tier].add(one)
            total["all"][tier].add(one)
    return total


def _rate(part: int, whole: int) -> str:
    if not whole:
        return "–"
    low, high = interval(part, whole)
    return f"{part / whole:.3f} ({part} of {whole}; {low:.2f} to {high:.2f})"


def _share(right: int, judged: int) -> str:
    return f"{right / judged:.3f}" if judged else "–"


def table(total: dict[str, dict[int, Score]], tier: int) -> list[str]:
    """Return the lines of one set's table."""
    lines = [
        f"| language | precision | recall | {' | '.join(FIELDS)} | denials right |",
        "|---|---|---|" + "---|" * (len(FIELDS) + 1),
    ]
    for language, by_tier in total.items():
        one = by_tier[tier]
        if one.found + one.wrong + one.missed == 0:
            continue
        fields = " | ".join(_share(one.right[name], one.judged) for name in FIELDS)
        lines.append(
            f"| {language} | {_rate(one.found, one.found + one.wrong)} "
            f"| {_rate(one.found, one.found + one.missed)} | {fields} "
            f"| {one.denials_right} of {one.denials} |"
        )
    return lines


def main() -> None:
    """Read every set and write the page."""
    lines = [
        "# How well reports are read",
        "",
        HEAD,
    ]
    for title, place in SETS.values():
        path = ROOT / "tests" / "reports" / place
        if not path.exists():
            continue
        total = scores_of(path)
        lines += ["", f"## {title}", "", "Numeric claims", "", *table(total, 1)]
        lines += ["", "Qualitative claims", "", *table(total, 2)]
    (ROOT / "docs" / "reading_scores.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
