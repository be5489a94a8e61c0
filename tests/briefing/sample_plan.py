"""A run by hand that carried out a plan by hand, on claims that somebody contradicts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from keepwarm.case.plan import (
    Delivery,
    Deployment,
    NotPlanned,
    Plan,
    PlannedDrain,
    PlannedRepair,
)
from keepwarm.case.plan_file import plan_text
from keepwarm.case.timetable import timetable
from keepwarm.runs.run import Run
from keepwarm.said.sentence import joined, said
from tests.briefing.sample import hand_made


def utc(hour: float) -> np.datetime64:
    """An hour of the run by hand."""
    return np.datetime64("2026-01-08T00:00:00") + np.timedelta64(round(hour * 3600), "s")


def plan_by_hand(asset: str = "CHP unit") -> Plan:
    """Two repairs, one drain and one hold, units, a round, two groups; made at hour 12."""
    off = np.zeros((2, 24), bool)
    off[0, 2:6], off[1, 20:24] = True, True
    return Plan(
        case="hand",
        made_at=utc(12),
        hours=36.0,
        objective="people_cold",
        repairs=(
            PlannedRepair(
                asset,
                ("Plant 1",),
                utc(14),
                utc(30),
                utc(26),
                utc(40),
                why=joined(
                    said(
                        "repair.returns_to",
                        {"mw": 24, "carrier": "heat", "people": 1500, "hours": 12},
                    ),
                    said("repair.spares", {"hours": 9000}),
                ),
            ),
            PlannedRepair("Pumps", (), utc(13), utc(15), utc(14), utc(18)),
        ),
        drains=(
            PlannedDrain(
                "West homes",
                True,
                40.0,
                utc(12.5),
                utc(13.5),
                why=joined(
                    said("drain.odds", {"in_time": 10, "sure": 80}),
                    said("drain.costs", {"drained": 30, "held": 90}),
                ),
                end=utc(13),
                crews=("Drain 1",),
            ),
            PlannedDrain("East homes", False, 40.0, np.datetime64("NaT", "s"), utc(40)),
        ),
        deployments=(
            Deployment(
                "Generator 100 kW", 2, "generator", "West", "West homes", utc(13), utc(48), 0.2, 80
            ),
            Deployment(
                "Generator 100 kW", 1, "generator", "West", "East homes", utc(16), utc(48), 0.1, 40
            ),
        ),
        deliveries=(Delivery("Tanker", utc(15), "West", ("West homes",), 1200.0),),
        timetable=timetable(("1.1", "<b>2.1"), utc(12), off),
        not_planned=(NotPlanned("Line 7", said("skipped.no_crew", {"trade": "lines"})),),
        notes=("a note of the planner",),
        worth={
            "cold_person_hours": 100.0,
            "cold_person_hours_without_repairs": 300.0,
            "cold_person_hours_largest_first": 200.0,
            "unserved_mwh": 10.0,
            "unserved_mwh_without_repairs": 30.0,
            "unserved_mwh_largest_first": 20.0,
            "drains_save": 50.0,
            "drains_save_stderr": 4.0,
            "regret_mean": 1.0,
            "regret_worst": 7.0,
        },
    )


def with_plan(plan: Plan | None = None) -> Run:
    """The run by hand, carrying out the plan; its damage rests on claims."""
    run = hand_made()
    claims = {
        "damage": [],
        "unmapped": [{"claim": "post#2", "reason": "'Atlantis' is no region of this case"}],
        "access": [],
        "notes": [],
        "disagreements": [
            {
                "claim": "post#1",
                "quote": "40 MW lost",
                "speaker": "the utility",
                "other": "paper#3",
                "other_quote": "<i>10 MW</i> lost",
                "other_speaker": "a ministry",
                "kind": "contradiction",
            }
        ],
    }
    block = {"repairs": 2, "passed_over": [], "unmended": ["Line 7"]}
    answers = {**run.answers, "plan": block, "claims": claims}
    damage = pa.table(
        {
            "time": pa.array([utc(10).item()] * 2, pa.timestamp("s")),
            "asset": ["CHP unit", "Line 7"],
            "available": [0.0, 0.0],
            "until": pa.array([utc(30).item(), None], pa.timestamp("s")),
            "source": ["a duty log", "a rumour"],
            "confidence": ["high", "0.3"],
        }
    )
    text = plan_text(plan or plan_by_hand())
    manifest = {**run.manifest, "plan": text, "answers": answers}
    return replace(run, manifest=manifest, tables={**run.tables, "damage": damage})
