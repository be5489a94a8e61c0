"""What varies between the samples of a study, and whether the case can give it."""

from __future__ import annotations

from keepwarm.case.nouns import Case
from keepwarm.damage.random_failures import failing
from keepwarm.ensemble.climate import fitted_climate
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


def check_weather(case: Case, weather: str, block_days: int) -> tuple[Fault, ...]:
    """Return what keeps samples from having weather of their own.

    Parameters
    ----------
    weather
        ``case``, ``years`` or ``generated``.
    block_days
        Of winters of other years; 0 for whole winters.
    """
    faults = []
    if weather not in ("case", "years", "generated"):
        faults.append(Fault("weather", None, None, f"'{weather}'", "case, years or generated"))
    if block_days < 0:
        faults.append(Fault("weather", None, None, f"blocks of {block_days} days", "0 or more"))
    if weather == "years" and case.winters is None:
        expected = "winters of other years to take from"
        faults.append(Fault("weather_years.csv", None, None, "missing", expected))
    if weather == "generated":
        try:
            fitted_climate(case)
        except ValueError as error:
            faults.append(Fault("weather.csv", None, None, str(error)))
    return tuple(faults)
