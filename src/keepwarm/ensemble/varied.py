"""What varies between the samples of a study, and whether the case can give it."""

from __future__ import annotations

from keepwarm.case.nouns import Case
from keepwarm.damage.random_failures import failing
from keepwarm.errors import Fault, InputError


def check_failures(case: Case) -> tuple[Fault, ...]:
    """Return what keeps assets from failing by themselves."""
    try:
        found = failing(case)
    except InputError as error:
        return error.faults
    if len(found):
        return ()
    expected = "mttf_hours and mttr_hours in generators.csv, links.csv, ..."
    return (Fault("network", None, None, "no asset of this case has any", expected),)
