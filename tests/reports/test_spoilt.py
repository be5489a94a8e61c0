"""What spoilt texts must not do: finds of ``scripts/fuzz_reading.py``, and texts without end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from keepwarm.commands.main import main
from keepwarm.reports.reader import read_text
from keepwarm.reports.sentences import sentence_spans
from keepwarm.reports.text import prepare


def test_water_let_out_is_no_service_that_comes_back() -> None:
    read = read_text("let out 0 house\n0 Gebäude wieder")
    assert [claim.metric for claim in read.claims] == ["buildings_heat_drained"]


def test_a_quote_holds_whole_character_references() -> None:
    read = read_text("Some 11,200 house&#104;&#111;&#108;&#100;&#115; have no power.")
    assert [claim.quote_span for claim in read.claims] == [
        "Some 11,200 house&#104;&#111;&#108;&#100;&#115;"
    ]
    ampersand = prepare("Power &\u200b light; 3 houses")
    place = ampersand.copy.index("&")
    assert ampersand.span(place, place + 1) == ("&", 6)


def test_a_letter_of_another_script_makes_a_chinese_number_unsure() -> None:
    assert read_text("截至目前已为1й600栋楼恢复供暖。").claims == ()
    (claim,) = read_text("截至目前已为1600栋楼恢复供暖。").claims
    assert claim.value == 1600


def test_claims_come_in_one_order() -> None:
    words = "约7.2万户家庭没有燃气，1500栋公寓楼没有暖气和热水。"
    script = f"from keepwarm.reports.reader import read_text; print(read_text({words!r}).claims)"
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2", "3", "4")
    }
    assert len(told) == 1


def test_a_sentence_without_end_is_cut_at_its_marks() -> None:
    text = ", ".join(f"{number} 340 houses in Lviv {number}" for number in range(1, 200))
    assert not list(sentence_spans(text, 0, len(text), "en"))  # nowhere surely outside a number
    text = ", ".join(f"{number} 340 houses in Lviv" for number in range(1, 200))
    pieces = [text[start:end] for start, end in sentence_spans(text, 0, len(text), "en")]
    assert " ".join(pieces) == text
    assert max(map(len, pieces)) <= 1200
    assert all(piece[0].isdigit() and piece.endswith(("Lviv", "Lviv,")) for piece in pieces)


@pytest.mark.parametrize("piece", ["1 000 ", "12.", "two hundred ", "三百"])
def test_a_number_without_end_is_none(piece: str) -> None:
    read = read_text(piece * 2000 + "houses have no power")
    assert [claim for claim in read.claims if claim.value is not None] == []


def test_a_title_cannot_move_the_terminal(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(
        "<html><head><title>Night &#27;[2J&#8204;of &#173;9</title></head><body><p>"
        "The mayor of Lviv said 40 houses have no power.</p></body></html>",
        encoding="utf-8",
    )
    told = CliRunner().invoke(main, ["read", str(page)])
    assert told.exit_code == 0
    assert told.output.startswith("Night [2Jof 9 (en): 1 claim")


def test_the_terminal_names_sources_that_stand_elsewhere(tmp_path: Path) -> None:
    report = tmp_path / "a.txt"
    report.write_text(
        "DTEK said 417,000 households in Kyiv had no power. Crews were sent out from all depots of "
        "the city at first light. It restored supply to 192,000 of them by noon.",
        encoding="utf-8",
    )
    told = CliRunner().invoke(main, ["read", str(report)]).output
    assert "(source, earlier: DTEK)" in told
    cut = [line.split("…")[1].split()[0] for line in told.splitlines() if "… " in line]
    assert cut
    assert all(f" {word}" in report.read_text(encoding="utf-8") for word in cut)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Le maire a déclaré que 40 maisons étaient privées d'électricité.", "no paragraph is in"),
        ("1234 5678 90 12", "no paragraph is in"),
        ("\x1b[31mA\x1b[0m \x07\x07 40", "control codes"),
    ],
)
def test_what_cannot_be_read_is_told(content: str, said: str, tmp_path: Path) -> None:
    report = tmp_path / "a.txt"
    report.write_text(content, encoding="utf-8")
    told = CliRunner().invoke(main, ["read", str(report)])
    assert said in " ".join(told.output.split())
