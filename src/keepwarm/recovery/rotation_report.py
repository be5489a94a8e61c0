"""Which rules of a rotation gave way, where, and by how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Names
from keepwarm.case.times import format_time
from keepwarm.case.timetable import Timetable, runs_of
from keepwarm.recovery.rotation_board import SLACK_MW, Board
from keepwarm.said.sentence import Said, Value, said


@dataclass(frozen=True)
class GaveWay:
    """One place where a timetable could not keep a rule.

    ``rule`` is "no groups", "shortage" (``amount`` MW are covered by no cut, at most),
    "emergency" (the schedule is void; MW short, at most), "longest block" (h without a break) or
    "least on" (h between two cuts).
    """

    rule: str
    group: str  # empty where it is about all
    begin: np.datetime64
    end: np.datetime64
    amount: float

    def sentence(self) -> Said:
        """Say it in one sentence."""
        values: dict[str, Value] = {"begin": format_time(self.begin), "end": format_time(self.end)}
        if self.group:
            values |= {"group": self.group, "hours": self.amount}
        else:
            values["mw"] = float(f"{self.amount:.4g}")
        return said(f"rotation.{self.rule.replace(' ', '_')}", values)

    def __str__(self) -> str:
        """Say it in English."""
        return self.sentence()


def broken_rules(board: Board, table: Timetable, groups: Names) -> tuple[GaveWay, ...]:
    """Return what a timetable does not keep, the shortage first, then group by group.

    Parameters
    ----------
    board
        Holds the timetable as judged, with its past.
    table
        The timetable, for its times and its emergency slots.
    """
    ask = np.where(np.isfinite(board.question.ask_mw), board.question.ask_mw, 0.0)
    found: list[GaveWay] = []
    if not groups and (ask > SLACK_MW).any():
        return (GaveWay("no groups", "", table.start, table.end, float(ask.max())),)
    short = np.maximum(board.missing, 0.0)
    found += _spans("shortage", short > SLACK_MW, short, table)
    found += _spans("emergency", np.asarray(table.emergency.any(axis=0)), ask, table)
    for group, name in enumerate(groups):
        found += _of_group(board, group, name, table)
    return tuple(found)


def _spans(rule: str, slots: Bools, amount: Floats, table: Timetable) -> list[GaveWay]:
    return [
        GaveWay(rule, "", _at(table, begin), _at(table, end), float(amount[begin:end].max()))
        for begin, end in runs_of(slots).tolist()
    ]


def _of_group(board: Board, group: int, name: str, table: Timetable) -> list[GaveWay]:
    question, found = board.question, []
    past, hours = question.past.shape[1], table.slot_hours
    runs = runs_of(np.concatenate([question.past[group], board.off[group]])).tolist()
    for k, (begin, end) in enumerate(runs):
        if end <= past:
            continue
        times = _at(table, begin - past), _at(table, end - past)
        if end - max(begin, 0) > question.rules.longest_block:
            found.append(GaveWay("longest block", name, *times, (end - begin) * hours))
        since = begin - runs[k - 1][1] if k else question.rules.least_on
        if begin >= past and since < question.rules.least_on:
            before = _at(table, begin - since - past)
            found.append(GaveWay("least on", name, before, times[0], since * hours))
    return found


def _at(table: Timetable, slot: int) -> np.datetime64:
    return table.start + slot * table.slot
