"""``keepwarm check CASE``: what the case holds, or every fault at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepwarm.commands.output import emit_json, table

if TYPE_CHECKING:
    from keepwarm.case.nouns import Case
    from keepwarm.errors import Fault


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def check(case: Path, as_json: bool) -> None:
    """Report every fault of CASE at once, or what CASE holds.

    CASE is a case folder or a PyPSA CSV folder; its damage.csv is checked too. Exit code 1 when
    there is a fault.
    """
    from keepwarm.case.read import inspect_case
    from keepwarm.case.weather import coverage_fault
    from keepwarm.damage import inspect_damage

    checked = inspect_case(case)
    faults, warnings = list(checked.faults), list(checked.warnings)
    if checked.case is not None:
        past = coverage_fault(checked.case, checked.case.start, checked.case.hours)
        faults += [] if past is None else [past]
    listed = case / "damage.csv"
    rows: int | None = None
    if checked.partial is not None and listed.is_file():
        damage = inspect_damage(checked.partial, listed)
        faults += damage.faults
        warnings += damage.warnings
        rows = len(damage.damage)
    if as_json:
        summary = None if checked.case is None or faults else summary_of(checked.case, rows)
        document: dict[str, object] = {"case": str(case), "ok": not faults, "summary": summary}
        emit_json(document | {"faults": _plain(faults), "warnings": _plain(warnings)})
    elif checked.case is None or faults:
        _print_faults(faults)
    else:
        _print_summary(summary_of(checked.case, rows))
        click.echo(f"No faults.{_count_of(warnings)}")
    if not as_json:
        for warning in warnings:
            click.echo(f"warning: {warning}", err=True)
    if faults:
        raise click.exceptions.Exit(1)


def summary_of(case: Case, damage_rows: int | None) -> dict[str, object]:
    """Return what a case holds, in plain numbers.

    Parameters
    ----------
    case : Case
        A case without faults.
    damage_rows : int or None
        Rows of its damage.csv; None when there is none.
    """
    from keepwarm.case.times import format_time

    network = case.network
    counts: dict[str, int | None] = {
        "snapshots": len(network.snapshots),
        "buses": len(network.buses),
        "generators": len(network.generators),
        "loads": len(network.loads),
        "lines": int((~network.branches.is_transformer).sum()),
        "transformers": int(network.branches.is_transformer.sum()),
        "links": len(network.links),
        "stores": len(network.storages),
        "regions": len(case.regions),
        "building groups": len(case.buildings),
        "rotation groups": len(case.rotation),
        "archetypes": len(case.archetypes),
        "observations": len(case.state),
        "damage rows": damage_rows,
    }
    return {
        "name": case.name,
        "title": case.title,
        "time_zone": case.time_zone,
        "first_snapshot": format_time(network.snapshots[0]),
        "last_snapshot": format_time(network.snapshots[-1]),
        "step_hours": network.step_hours,
        "start": format_time(case.start),
        "hours": case.hours,
        "people": float(case.buildings.people.sum() or case.regions.people.sum()),
        "buildings": float(case.buildings.buildings.sum()),
        "weather": case.weather is not None,
        "weather_from": [] if case.weather is None else list(case.weather.notes),
        "counts": counts,
        "carriers": _carriers(case),
    }


def _carriers(case: Case) -> list[dict[str, object]]:
    """Return need, sources and stores per carrier; links count at the buses that they give to."""
    import numpy as np

    from keepwarm.case.nouns import CARRIERS

    network = case.network
    own = np.array([CARRIERS.index(name) for name in network.buses.carrier], dtype=np.int64)
    links = network.links
    ports = links.bus[:, 1:]
    gain = np.where(ports >= 0, np.maximum(links.efficiency, 0.0), 0.0)
    from_links = links.p_nom_mw[:, None] * gain
    rows: list[dict[str, object]] = []
    for at, carrier in enumerate(CARRIERS):
        here = own == at
        if not here.any():
            continue
        need = network.loads.p_set_mw[:, here[network.loads.bus]].sum(axis=1)
        stores = network.storages.e_max_mwh[here[network.storages.bus]]
        rows.append(
            {
                "carrier": carrier,
                "buses": int(here.sum()),
                "largest_need_mw": float(need.max(initial=0.0)),
                "mean_need_mw": float(need.mean()) if len(need) else 0.0,
                "generators_mw": float(
                    network.generators.p_nom_mw[here[network.generators.bus]].sum()
                ),
                "links_mw": float(from_links[(ports >= 0) & here[ports]].sum()),
                "stores_mwh": float(stores.sum()),
            }
        )
    return rows


def _print_faults(faults: Sequence[Fault]) -> None:
    for fault in faults:
        click.echo(str(fault))
    click.echo("1 fault." if len(faults) == 1 else f"{len(faults)} faults.")


def _print_summary(summary: Mapping[str, object]) -> None:
    rows = [
        ("time zone", f"{summary['time_zone']}"),
        ("snapshots", f"{summary['first_snapshot']} to {summary['last_snapshot']}"),
        ("step, hours", f"{summary['step_hours']:g}"),
        ("a run starts", f"{summary['start']}"),
        ("a run lasts, hours", f"{summary['hours']}"),
        ("people", f"{summary['people']:,.0f}"),
        ("buildings", f"{summary['buildings']:,.0f}"),
    ]
    notes = summary["weather_from"]
    rows += [("weather", f"{note}") for note in notes] if isinstance(notes, list) else []
    rows += [] if notes else [("weather", "none: no warmth is computed")]
    counts = summary["counts"]
    if isinstance(counts, Mapping):
        rows += [(name, f"{count:,}") for name, count in counts.items() if count]
    table(f"{summary['title']}", ("what", "value"), rows)
    carriers = summary["carriers"]
    if isinstance(carriers, list):
        headings = (
            "carrier",
            "buses",
            "largest need of loads, MW",
            "mean, MW",
            "generators, MW",
            "links into it, MW",
            "stores, MWh",
        )
        table("Carriers", headings, [tuple(row.values()) for row in carriers])


def _count_of(warnings: Sequence[Fault]) -> str:
    """Return the number of warnings as a sentence of its own, so that no one misses stderr."""
    if not warnings:
        return ""
    return " 1 warning." if len(warnings) == 1 else f" {len(warnings)} warnings."


def _plain(faults: Sequence[Fault]) -> list[dict[str, object]]:
    return [
        {
            "file": fault.file,
            "line": fault.line,
            "last_line": fault.last_line,
            "column": fault.column,
            "found": fault.found,
            "expected": fault.expected,
            "suggestion": fault.suggestion,
            "message": str(fault),
        }
        for fault in faults
    ]
