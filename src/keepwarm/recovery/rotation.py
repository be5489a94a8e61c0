"""Who is cut when: from a shortage to a timetable by group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints, Names, RotationGroups
from keepwarm.case.times import format_time
from keepwarm.case.timetable import Timetable, timetable
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.recovery.rotation_board import Board
from keepwarm.recovery.rotation_exact import optimal_timetable
from keepwarm.recovery.rotation_greedy import first_timetable
from keepwarm.recovery.rotation_report import GaveWay, broken_rules
from keepwarm.recovery.rotation_rules import (
    Question,
    Rules,
    carried_slots,
    check_slots,
    past_slots,
)
from keepwarm.recovery.rotation_search import improve

#: Changes that the search may consider: so many, and so many more for each group.
TRIALS, TRIALS_OF_GROUP = 2000, 150


@dataclass(frozen=True)
class Shortage:
    """What rotation has to share, slot by slot, and among whom."""

    start: np.datetime64  # naive UTC
    groups: RotationGroups
    shortage_mw: Floats  # (slots,): to be cut in each slot, before any pickup
    load_mw: Floats  # (groups, slots): what each group draws while it is on
    #: (groups,): what an hour off counts beyond the weight in rotation.csv; above 1 where homes are
    #: cold or heated by electricity.
    protection: Floats
    #: (slots,): MW left in slots without a shortage, for the pickup of groups that come back; all
    #: may come back at once where it is infinite.
    spare_mw: Floats
    notes: Names = ()  # what is to be said of it


@dataclass(frozen=True)
class Rotation:
    """A timetable and what it keeps."""

    timetable: Timetable
    shortage_mw: Floats  # (slots,), as asked
    cut_mw: Floats  # (slots,)
    pickup_mw: Floats  # (slots,): drawn beyond their load by groups that came back
    uncovered_mw: Floats  # (slots,): shortage and pickup that no cut covers
    hours_off: Floats  # (groups,): within the window that ends with the timetable
    burden: Floats  # (groups,): the same times what an hour off counts
    gave_way: tuple[GaveWay, ...]  # empty where every rule is kept
    method: str  # "optimum" or "greedy and local search"


def plain_shortage(
    groups: RotationGroups, start: np.datetime64, shortage_mw: Floats, load_mw: Floats
) -> Shortage:
    """Return a shortage among groups that are all alike, with room for every pickup where none is.

    Parameters
    ----------
    shortage_mw
        Shape (slots,).
    load_mw
        Shape (groups, slots), or anything that broadcasts to it.
    """
    load = np.broadcast_to(load_mw, (len(groups), len(shortage_mw)))
    spare = np.full(len(shortage_mw), np.inf)
    return Shortage(start, groups, shortage_mw, load, np.ones(len(groups)), spare)


def rotate(
    shortage: Shortage,
    rules: Rules,
    *,
    before: Timetable | None = None,
    hours_before: Floats | None = None,
    trials: int | None = None,
) -> Rotation:
    """Make a timetable that covers a shortage, keeps the rules, and shares the hours off evenly.

    Covered is the shortage and, in the slots after a group comes back, what it draws beyond its
    load (cold-load pickup). Exempt groups are never cut. What cannot be kept gives way in this
    order, and is named: evenness, the longest block, the least time on, the shortage itself.

    Parameters
    ----------
    shortage
        From `keepwarm.recovery.shortage.shortage_of`, or `plain_shortage`.
    rules
        From `rules_of`.
    before
        The timetable that ends where this one begins: blocks and breaks in progress go on, and its
        hours off count within the window of fairness. Groups are matched by name.
    hours_before
        Shape (groups,): hours off in that window before ``before`` begins.
    trials
        Changes that the search may consider; a default that takes seconds.

    Returns
    -------
    Rotation
        Deterministic. The optimum where groups x slots is small, else a greedy timetable made
        better by a local search.

    Raises
    ------
    InputError
        Where the input is no input: numbers that are none, loads below 0, a timetable before of
        other slots, with groups that are not known, or that ends elsewhere.

    **Source**: rules and their values as practised in Ukraine in 2025 (settings ``rotation.*``);
    evenness as the least sum of squares: docs/rooms/recovery.md. **Leaves out**: where in the
    network the shortage is, losses, switching limits of feeders, and how people move their load to
    hours with power.
    """
    faults = [*_faults_of(shortage), *_faults_before(shortage, rules, before)]
    if faults:
        raise InputError(faults)
    question = _question(shortage, rules, before, hours_before)
    off, method = optimal_timetable(question), "optimum"
    if off is not None:
        board = Board(question, off)
    else:
        board, method = _better_start(question), "greedy and local search"
        groups = len(shortage.groups)
        improve(board, trials=TRIALS + TRIALS_OF_GROUP * groups if trials is None else trials)
    void = _void(shortage, rules)
    emergency = void[None, :] & question.may[:, None]
    table = timetable(
        shortage.groups.name,
        shortage.start,
        board.off,
        slot_hours=rules.slot_hours,
        emergency=emergency,
    )
    hours = board.hours[:, -1] * rules.slot_hours if len(question.may) else np.zeros(0)
    return Rotation(
        timetable=table,
        shortage_mw=shortage.shortage_mw,
        cut_mw=np.where(board.off, question.load_mw, 0.0).sum(axis=0),
        pickup_mw=board.pickup.sum(axis=0),
        uncovered_mw=np.maximum(board.missing, 0.0),
        hours_off=hours,
        burden=hours * question.weight,
        gave_way=broken_rules(board, table, shortage.groups.name),
        method=method,
    )


def _question(
    shortage: Shortage, rules: Rules, before: Timetable | None, hours_before: Floats | None
) -> Question:
    groups, slots = shortage.groups, len(shortage.shortage_mw)
    off = _past_of(groups.name, before)
    checks = check_slots(slots, rules)
    earlier = np.zeros(len(groups)) if hours_before is None else hours_before / rules.slot_hours
    known = past_slots(rules)
    padded = np.concatenate([np.zeros((len(groups), known), dtype=np.bool_), off], axis=1)
    short = np.maximum(shortage.shortage_mw, 0.0)
    load = np.array(shortage.load_mw, dtype=np.float64)
    mean = load.mean(axis=1) if slots else np.zeros(len(groups))
    return Question(
        ask_mw=np.where(short > 0, short, -np.maximum(shortage.spare_mw, 0.0)),
        load_mw=load,
        may=~groups.exempt & (mean > 0),
        past=padded[:, padded.shape[1] - known :],
        carried=carried_slots(off, earlier, checks, rules),
        checks=checks,
        weight=groups.weight * shortage.protection,
        size=mean / max(float(mean.sum()), 1e-12),
        rules=rules,
    )


def _better_start(question: Question) -> Board:
    starts = (first_timetable(question, hopeful=hopeful) for hopeful in (False, True))
    careful, hopeful = (Board(question, off) for off in starts)
    return hopeful if hopeful.score.beats(careful.score) else careful


def _past_of(names: Names, before: Timetable | None) -> Bools:
    """Return what the groups had in the timetable before, (groups, its slots)."""
    if before is None:
        return np.zeros((len(names), 0), dtype=np.bool_)
    row = {name: k for k, name in enumerate(before.groups)}
    at: Ints = np.array([row.get(name, -1) for name in names], dtype=np.int64)
    off = np.zeros((len(names), len(before)), dtype=np.bool_)
    off[at >= 0] = before.off[at[at >= 0]]
    return off


def _void(shortage: Shortage, rules: Rules) -> Bools:
    """Mark the slots in which more queues than allowed would have to be off, (slots,)."""
    may = ~shortage.groups.exempt
    most = min(rules.most_share, 1.0) * shortage.load_mw[may].sum(axis=0)
    return np.asarray((shortage.shortage_mw > most + 1e-9) & bool(may.any()))


def _faults_of(shortage: Shortage) -> list[Fault]:
    faults = []
    count, slots = len(shortage.groups), len(shortage.shortage_mw)
    if shortage.load_mw.shape != (count, slots):
        found = f"{shortage.load_mw.shape} loads for {count} groups and {slots} slots"
        return [Fault("shortage", None, "load_mw", found)]
    for name, values, sign in (
        ("shortage_mw", shortage.shortage_mw[None, :], False),
        ("load_mw", shortage.load_mw, True),
        ("protection", shortage.protection[:, None], True),
    ):
        wrong = ~np.isfinite(values) | (sign & (values < 0))
        if wrong.any():
            row, slot = (int(at) for at in np.argwhere(wrong)[0])
            where = f" of '{shortage.groups.name[row]}'" if sign else ""
            found = f"{values[row, slot]:g}{where} in slot {slot + 1}, {int(wrong.sum())} in all"
            expected = "a number, 0 or more" if sign else "a number"
            faults.append(Fault("shortage", None, name, found, expected))
    if np.isnan(shortage.spare_mw).any():
        faults.append(Fault("shortage", None, "spare_mw", "not a number", "a number or inf"))
    return faults


def _faults_before(shortage: Shortage, rules: Rules, before: Timetable | None) -> list[Fault]:
    if before is None:
        return []
    faults, names = [], shortage.groups.name
    for name in before.groups:
        if name not in names:
            found = f"'{name}' is no rotation group of this case"
            faults.append(Fault("timetable before", None, None, found, "", nearest(name, names)))
    if before.slot_hours != rules.slot_hours:
        found = f"slots of {before.slot_hours:g} h"
        faults.append(
            Fault("timetable before", None, None, found, f"slots of {rules.slot_hours:g} h")
        )
    if before.end != shortage.start:
        found = f"ends at {format_time(before.end)}"
        expected = f"an end at {format_time(shortage.start)}, where the new one begins"
        faults.append(Fault("timetable before", None, None, found, expected))
    return faults
