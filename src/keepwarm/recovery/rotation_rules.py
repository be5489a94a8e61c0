"""The rules of a rotation, and the question that a timetable answers, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints, Settings

#: Fairness is looked at once a day.
_CHECK_HOURS = 24.0
#: An hour off costs as much as an hour moved between groups that are twice so many hours apart.
_PRICE_HOURS = 6.0


@dataclass(frozen=True)
class Rules:
    """What a timetable has to keep to; see ``rotation.*`` and ``pickup.*`` of case.toml."""

    slot_hours: float = 0.5
    longest_block_hours: float = 7.0
    least_on_hours: float = 3.0
    most_share: float = 5.0 / 6.0  # of what may be cut; beyond it the schedule is void
    window_hours: float = 168.0  # over which hours off are made even
    pickup_factor: float = 3.0  # load of a group that comes back, as a multiple of its load
    pickup_hours: float = 0.5

    @property
    def longest_block(self) -> int:
        """Slots that a group may be off without a break."""
        return max(1, int(self.longest_block_hours / self.slot_hours + 1e-9))

    @property
    def least_on(self) -> int:
        """Slots that a group has to be on between two cuts."""
        return int(np.ceil(self.least_on_hours / self.slot_hours - 1e-9))

    @property
    def price(self) -> float:
        """What a slot off costs on top of unfairness, in slots: see docs/rooms/recovery.md."""
        return 2.0 * _PRICE_HOURS / self.slot_hours

    @property
    def surge(self) -> Floats:
        """What a group draws beyond its load in each slot after its return, as a share of it."""
        slots = int(np.ceil(self.pickup_hours / self.slot_hours - 1e-9))
        covered = np.clip(self.pickup_hours / self.slot_hours - np.arange(slots), 0.0, 1.0)
        return np.asarray((self.pickup_factor - 1.0) * covered)


def rules_of(settings: Settings) -> Rules:
    """Return the rules that a case sets."""
    return Rules(
        slot_hours=settings.number("rotation.slot_hours"),
        longest_block_hours=settings.number("rotation.longest_block_hours"),
        least_on_hours=settings.number("rotation.least_on_hours"),
        most_share=settings.number("rotation.most_queues") / settings.number("rotation.queues"),
        window_hours=settings.number("rotation.window_hours"),
        pickup_factor=settings.number("pickup.factor"),
        pickup_hours=settings.number("pickup.hours"),
    )


@dataclass(frozen=True)
class Question:
    """What a timetable has to achieve, in slots; arrays are (groups, slots) or as said.

    The past ends where the timetable begins and is long enough for every rule.
    """

    ask_mw: Floats  # (slots,): shortage; below 0 what is to spare, -inf where all may come back
    load_mw: Floats
    may: Bools  # (groups,): may be cut
    past: Bools  # (groups, past slots): was off
    #: (groups, checks): slots off within the window before each check, as far as they are past.
    carried: Floats
    checks: Ints  # (checks,): slot at whose begin hours off are compared, the last being the end
    weight: Floats  # (groups,): what an hour off counts
    size: Floats  # (groups,): share of the load, adding to 1
    rules: Rules

    @property
    def slots(self) -> int:
        """Slots of the timetable."""
        return int(self.load_mw.shape[1])


def check_slots(slots: int, rules: Rules) -> Ints:
    """Return the ends of every day and of the timetable, as slots."""
    day = max(1, round(_CHECK_HOURS / rules.slot_hours))
    return np.unique(np.append(np.arange(day, slots, day), slots))


def past_slots(rules: Rules) -> int:
    """Return how many slots of the past the rules look at."""
    return 1 + max(rules.longest_block, rules.least_on, rules.surge.size)


def carried_slots(off: Bools, earlier: Floats, checks: Ints, rules: Rules) -> Floats:
    """Return the slots off that each check still sees of the past, (groups, checks).

    Parameters
    ----------
    off
        Shape (groups, any): the past slot by slot, up to the begin of the timetable.
    earlier
        Shape (groups,): slots off in the part of the window that lies before ``off``; they are
        taken as spread evenly over it.
    """
    window = round(rules.window_hours / rules.slot_hours)
    known = min(off.shape[1], window)
    unknown = window - known
    seen = np.maximum(window - checks, 0)  # slots of the past within the window of each check
    cumulated = np.cumsum(off[:, ::-1], axis=1, dtype=np.float64)
    cumulated = np.concatenate([np.zeros((len(off), 1)), cumulated], axis=1)
    of_known = cumulated[:, np.minimum(seen, known)]
    share = np.maximum(seen - known, 0) / max(unknown, 1)
    return np.asarray(of_known + earlier[:, None] * share)
