"""Asides between commas: what is said behind them is said of what stands before."""

from __future__ import annotations

import pytest

from keepwarm.reports.reader import read_text

# Text; metric and value of every number that is a claim.
CASES = [
    (
        "Three people were killed and 17 others, including two children, were wounded in Ternopil.",
        {("killed", 3.0), ("injured", 17.0)},
    ),
    (
        "Heat supply to 214 buildings, including 11 hospitals, was suspended, the mayor reported.",
        {("buildings_without_heat", 214.0), ("facilities_without_heat", 11.0)},
    ),
    (
        "Zwei Menschen wurden getötet und 17 weitere, darunter zwei Kinder, wurden verletzt.",
        {("killed", 2.0), ("injured", 17.0)},
    ),
    (
        "Троє людей загинули, ще 17, серед них двоє дітей, дістали поранення.",
        {("killed", 3.0), ("injured", 17.0)},
    ),
    (
        "As of 18:00, power has been returned to 41 settlements.",
        {("settlements_restored_power", 41.0)},
    ),
    (
        "52,277 MW of generating capacity was forced offline at the peak, ERCOT said.",
        {("capacity_lost_mw", 52277.0)},
    ),
    (
        "The country was covering only 60 percent of its electricity needs.",
        set(),
    ),
    (
        "Heating is back in 3,000 apartment buildings after one of the heaviest attacks.",
        {("buildings_restored_heat", 3000.0)},
    ),
    (
        "Поранено трьох енергетиків, двоє з них — у тяжкому стані.",
        {("injured", 3.0)},
    ),
    (
        "Im vergangenen Winter hatte ein Sturm 120.000 Haushalte vom Netz genommen.",
        set(),
    ),
    (
        "Удар стал двенадцатым с начала отопительного сезона.",
        {("attacks_count", 12.0)},
    ),
    (
        "Some 72,000 households had no gas supply, and 131 schools switched to online classes.",
        {("households_without_gas", 72000.0)},
    ),
]


@pytest.mark.parametrize(("words", "expected"), CASES)
def test_what_is_said_of_each_number(words: str, expected: set[tuple[str, float]]) -> None:
    assert {(one.metric, one.value) for one in read_text(words).claims} == expected


def test_another_surname_is_another_speaker() -> None:
    [claim] = read_text("О 300 домах без света сообщил глава МИД Виталий Игнатьев.").claims
    assert claim.source == "Vitaly Ignatyev"
