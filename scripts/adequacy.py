"""Years of the published adequacy systems on three seeds, written as a page.

    python -m scripts.adequacy [SYSTEM ...]

The seeds were written down before the first run: 20260101, 20260102, 20260103. Results of systems
that are not named are kept from the last run (docs/adequacy.csv).
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path

from keepwarm.case.read import read_case
from keepwarm.ensemble.exact import exact
from keepwarm.validation.folders import CASES
from keepwarm.validation.of_adequacy import sampled

ROOT = Path(__file__).resolve().parent.parent
PAGE, TABLE = ROOT / "docs" / "validation_adequacy.md", ROOT / "docs" / "validation_adequacy.csv"
SEEDS = (20260101, 20260102, 20260103)
RTS, GMLC, PRAS = "rts79_generation", "rts_gmlc_case_1", "pras_systems"
#: Folder, law, years, most that the standard error of EUE may be, published LOLH and EUE.
SYSTEMS = {
    "RTS-79": (f"{RTS}/base", "continuous", 120_000, 0.01, 9.394175, 1176.298),
    "RTS-79, peak + 10 %": (f"{RTS}/peak3135", "continuous", 30_000, 0.03, 49.154009, 7326.6296),
    "RTS-79, two areas": (f"{RTS}/area2", "continuous", 120_000, 0.03, 0.784656, 120.90657),
    "RTS-79, three areas": (f"{RTS}/area3", "continuous", 1_200_000, 0.03, 0.138914, 24.26026),
    "RTS-GMLC case 1": (f"{GMLC}/network", "continuous", 120_000, 0.03, 0.23647, 36.852986),
    "PRAS singlenode_a": (f"{PRAS}/singlenode_a", "per_period", 100_000, 0.03, 0.355, 1.59),
    "PRAS threenode": (f"{PRAS}/threenode", "per_period", 100_000, 0.03, 1.3756, 12.12885),
}
HEAD = ("system", "index", "seed", "years", "ours", "stderr", "published", "errors_off", "source")


def rows_of(name: str) -> list[list[object]]:
    folder, law, years, _, lolh, eue = SYSTEMS[name]
    case = read_case(CASES / folder)
    expected = {"lolh_hours": (lolh, "published"), "eue_mwh": (eue, "published")}
    if "threenode" not in name:
        found = exact(case, first=0, steps=len(case.network.snapshots), law=law)
        expected["lolf_events"] = (found["lolf_events"].value, "exact, ours")
    rows: list[list[object]] = []
    for seed in SEEDS:
        begun = time.process_time()
        found = sampled(CASES / folder, samples=years, seed=seed, law=law)
        spent = time.process_time() - begun
        print(f"{name}, seed {seed}: {years / spent:,.0f} years a second of processor time")
        for index, (value, source) in expected.items():
            one = found[index]
            off = (one.value - value) / one.stderr
            numbers = [f"{number:.7g}" for number in (one.value, one.stderr, value)]
            rows.append([name, index, seed, years, *numbers, f"{off:.2f}", source])
    return rows


def page(rows: list[list[str]]) -> str:
    lines = [
        "# Adequacy: years on three seeds",
        "",
        "Made by `make adequacy` (`scripts/adequacy.py`); seeds were chosen before the first run.",
        "Indices of a season (8,736 h; RTS-GMLC 8,784 h; PRAS 4 periods) against published ones,",
        "the frequency against `exact`. Off: difference over standard error.",
        "",
        "| system | index | seed | years | ours | standard error | published or exact | off |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r[0]} | {r[1]} | {r[2]} | {int(r[3]):,} | {r[4]} | {r[5]} | {r[6]} | {r[7]} |"
        for r in rows
    ]
    off = [abs(float(r[7])) for r in rows]
    beyond = sum(each > 3 for each in off)
    share = {
        name: max(float(r[5]) / float(r[4]) for r in rows if r[0] == name and r[1] == "eue_mwh")
        for name in dict.fromkeys(r[0] for r in rows)
    }
    wide = [name for name, each in share.items() if each > SYSTEMS[name][3]]
    lines += [
        "",
        f"{len(rows)} comparisons, {beyond} of them more than three standard errors off; the "
        f"largest {max(off):.2f}. Standard error of EUE at most: "
        + "; ".join(f"{name} {each:.2%}" for name, each in share.items())
        + (f". Wider than asked for: {', '.join(wide)}." if wide else "."),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    asked = sys.argv[1:] or list(SYSTEMS)
    kept: list[list[str]] = []
    if TABLE.exists():
        with TABLE.open(encoding="utf-8", newline="") as lines:
            kept = [row for row in list(csv.reader(lines))[1:] if row[0] not in asked]
    fresh = [[str(cell) for cell in row] for name in asked for row in rows_of(name)]
    order = list(SYSTEMS)
    rows = sorted(kept + fresh, key=lambda row: order.index(row[0]))
    with TABLE.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([HEAD, *rows])
    PAGE.write_text(page(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
