"""What several verbs read: a case, a ledger's damage, a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from keepwarm.case.nouns import Case
    from keepwarm.case.plan import Plan
    from keepwarm.damage import ClaimedDamage


def checked_case(path: Path) -> Case:
    """Read a case; its warnings go to stderr."""
    from keepwarm.case.read import inspect_case
    from keepwarm.errors import InputError

    checked = inspect_case(path)
    if checked.case is None:
        raise InputError(checked.faults)
    for warning in checked.warnings:
        click.echo(f"warning: {warning}", err=True)
    return checked.case


def claimed_damage(case: Case, ledger: Path) -> ClaimedDamage:
    """Return the damage a ledger's accepted claims mean; what could not be mapped is said."""
    from keepwarm.runs.claims import damage_from_claims

    claimed = damage_from_claims(case, ledger)
    assets = {row.asset for row in claimed.damage}
    click.echo(f"claims: {len(assets)} assets damaged, from {ledger}", err=True)
    for note in claimed.notes:
        click.echo(f"claims: {note}", err=True)
    for one in claimed.unmapped:
        click.echo(f"claims: {one.claim} not mapped: {one.reason}", err=True)
    for limit in claimed.access:
        click.echo(f"claims: crews cannot enter {limit.place} ({limit.claim})", err=True)
    return claimed


def plan_of_case(case: Case, path: Path) -> Plan:
    """Read a plan; one that was made for another case is refused."""
    from keepwarm.case.plan_file import read_plan
    from keepwarm.errors import Fault, InputError

    found = read_plan(path)
    if found.case and found.case != case.name:
        said, expected = f"made for the case '{found.case}'", f"a plan for '{case.name}'"
        raise InputError((Fault(str(path), None, "case", said, expected),))
    return found


def utc_time(text: str | None, option: str) -> Any:
    """Return a naive UTC numpy time from what the user typed after an option, or None."""
    if text is None:
        return None
    from datetime import UTC, datetime

    import numpy as np

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no ISO time", param_hint=option) from error
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return np.datetime64(moment, "s")


def refuse_zone(zone: str) -> None:
    """Refuse what is no IANA name of a time zone (exit 2)."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.BadParameter(f"'{zone}' is no time zone", param_hint="--zone") from error
