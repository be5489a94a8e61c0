"""One sample of a risk walked again with all that a run tells: who is cold, when and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from keepwarm.case.nouns import Case
from keepwarm.damage.outages import renamed
from keepwarm.ensemble.drawing import started
from keepwarm.ensemble.folder import RiskRun, differing, refusal
from keepwarm.ensemble.study import Study, options_of, study_of
from keepwarm.ensemble.walking import way_of
from keepwarm.ensemble.weather import WeatherSeries
from keepwarm.errors import Fault, InputError
from keepwarm.runs.run import Run, run
from keepwarm.runs.sampled import Sampled
from keepwarm.season import Corridor
from keepwarm.season.parameters import made_of
from keepwarm.season.state import of_sample


def replay(
    case: Case, risk: RiskRun, sample: int, *, progress: Callable[[int], None] | None = None
) -> Run:
    """Run one sample of a risk, hour by hour.

    Parameters
    ----------
    case
        That the risk was walked with.
    risk
        From `read_risk`.
    sample
        Its number.
    progress
        Called with the number of steps done.

    Returns
    -------
    Run
        Its totals are those of the sample: what was drawn follows from seed and number.

    Raises
    ------
    InputError
        When the risk has no such sample, or the case is not what it was.
    """
    study = _study_of(case, risk, sample)
    drawing, number = way_of(study, 0).drawing, np.array([sample], dtype=np.int64)
    parameters, weather = drawing.parameters(number), drawing.weather(number)

    def fabric(corridor: Corridor) -> Corridor:
        return made_of(corridor, parameters)

    return run(
        with_weather(study, weather),
        study.damage,
        start=study.start,
        hours=study.hours,
        from_state=study.from_state,
        plan=study.plan,
        sampled=Sampled(
            number=sample,
            of=str(risk.out),
            outages=lambda other: renamed(drawing.outages(number), drawing.corridor.case, other),
            events=drawing.events(number),
            fabric=fabric,
            start=lambda corridor: of_sample(started(study, corridor, weather, 1), 0),
        ),
        progress=progress,
    )


def with_weather(study: Study, weather: WeatherSeries | None) -> Case:
    """Return a study's case with the weather of a sample over its season, as if foreseen."""
    case, own = study.case, study.case.weather
    if weather is None or own is None:
        return case
    season = slice(study.first, study.first + study.steps)
    outdoor, wind = own.outdoor_degc.copy(), own.wind_m_per_s.copy()
    outdoor[season], wind[season] = weather.outdoor_degc[0], weather.wind_m_per_s[0]
    drawn = replace(
        own,
        outdoor_degc=outdoor,
        wind_m_per_s=wind,
        outdoor_low_degc=outdoor,
        outdoor_high_degc=outdoor,
    )
    return replace(case, weather=drawn)


def _study_of(case: Case, risk: RiskRun, sample: int) -> Study:
    out, manifest = risk.out or "the risk", risk.manifest
    other = differing(manifest["inputs_sha256"], case.input_hashes)
    if other:
        raise refusal(out, f"{other} of the case differ", "the case as it was")
    options = manifest["options"]
    study = study_of(case, options_of(options if isinstance(options, dict) else {}))
    samples = int(str(risk.answers["samples"]))
    if not 0 <= sample < samples:
        fault = Fault("--sample", None, None, f"{sample}", f"0 to {samples - 1}")
        raise InputError((fault,))
    return study
