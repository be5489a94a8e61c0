"""A run whose regions are called as a language calls them, where the case says how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa

from keepwarm.runs.run import Run

#: Columns and keys that hold the name of a region.
REGION = "region"


def called(run: Run, language: str) -> Run:
    """Return the run with its regions' names in a language, in tables and answers.

    Parameters
    ----------
    run
        From `run` or `read_run`.
    language
        A code; where the case has no name in it, or the same for two, its own names stay.
    """
    names = region_names(run, language)
    if not names:
        return run
    tables = {name: _told(table, names) for name, table in run.tables.items()}
    manifest = {**run.manifest, "answers": _answers(run.answers, names)}
    return replace(run, manifest=manifest, tables=tables)


def region_names(run: Run, language: str) -> Mapping[str, str]:
    """Return region -> what a language calls it; empty where nothing changes."""
    places = run.tables["places"]
    if "labels" not in places.column_names:
        return {}
    rows = zip(places[REGION].to_pylist(), places["labels"].to_pylist(), strict=True)
    names = {region: dict(labels or ()).get(language) or region for region, labels in rows}
    same = all(region == name for region, name in names.items())
    return {} if same or len(set(names.values())) < len(names) else names


def _told(table: pa.Table, names: Mapping[str, str]) -> pa.Table:
    if REGION not in table.column_names:
        return table
    told = [names.get(region, region) for region in table[REGION].to_pylist()]
    place = table.column_names.index(REGION)
    return table.set_column(place, REGION, pa.array(told, pa.string()))


def _answers(found: Any, names: Mapping[str, str]) -> Any:
    if isinstance(found, Mapping):
        return {
            key: names.get(value, value)
            if key == REGION and isinstance(value, str)
            else _answers(value, names)
            for key, value in found.items()
        }
    if isinstance(found, list | tuple):
        return [_answers(item, names) for item in found]
    return found
