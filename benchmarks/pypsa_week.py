"""The hours of one sample as a PyPSA network: the same columns, bounds and costs, built anew.

Every hour is a snapshot, all of them in one linear program: PyPSA's fair form. Stores are
generators and sinks within the limits that their recorded levels leave.
"""

from __future__ import annotations

import logging
import time
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pypsa
from benchmarks.programs import Programs

from keepwarm.case.nouns import Floats
from keepwarm.network import Template


@dataclass(frozen=True)
class Week:
    """What PyPSA took and found."""

    seconds: float  # CPU, model building and solver
    objective: float  # of all hours together


def pypsa_network(programs: Programs, sample: int) -> pypsa.Network:
    """Return a sample's hours as a network; only without branches.

    Raises
    ------
    ValueError
        If there are branches, whose outages would need a model per set of standing lines.
    """
    template = programs.template
    network, columns = template.network, template.columns
    if len(network.branches):
        raise ValueError("only networks without branches go into one model")
    hours = range(programs.hours)
    n = pypsa.Network()
    n.set_snapshots(pd.RangeIndex(programs.hours))
    n.add("Bus", network.buses.name)
    lower, upper = programs.lower[:, sample], programs.upper[:, sample]
    names = np.array(network.buses.name)
    needs = [f"need {name}" for name in names]
    table = pd.DataFrame(programs.rhs[:, sample], index=hours, columns=needs)
    n.add("Load", needs, bus=names, p_set=table)
    for block, at, sign in (
        (columns.generators, network.generators.bus, 1.0),
        (columns.charge, network.storages.bus, -1.0),
        (columns.discharge, network.storages.bus, 1.0),
        (columns.reserve, network.storages.bus, 1.0),
        (columns.spill, np.arange(len(names)), -1.0),
        (columns.shed, np.repeat(template.needs.bus, template.steps), 1.0),
    ):
        ends = np.sort(np.stack((sign * lower[:, block], sign * upper[:, block])), axis=0)
        labels = [f"column {k}" for k in range(block.start, block.stop)]
        _add(n, "Generator", labels, ends, sign * programs.cost[block], {"bus": names[at]})
    links = [f"column {k}" for k in range(columns.links.start, columns.links.stop)]
    ends = np.stack((lower[:, columns.links], upper[:, columns.links]))
    _add(n, "Link", links, ends, programs.cost[columns.links], _ports(template, names))
    return n


def _ports(template: Template, names: np.typing.NDArray[np.str_]) -> dict[str, Any]:
    links = template.network.links
    ports: dict[str, Any] = {"bus0": names[links.bus[:, 0]]}
    for k in range(1, links.bus.shape[1]):
        used = links.bus[:, k] >= 0
        ports[f"bus{k}"] = np.where(used, names[links.bus[:, k]], "")
        ports["efficiency" if k == 1 else f"efficiency{k}"] = links.efficiency[:, k - 1]
    return ports


def _add(
    n: pypsa.Network,
    component: str,
    labels: list[str],
    ends: Floats,
    cost: Floats,
    static: dict[str, Any],
) -> None:
    least, most = (pd.DataFrame(table, index=n.snapshots, columns=labels) for table in ends)
    n.add(component, labels, p_nom=1.0, p_min_pu=least, p_max_pu=most, marginal_cost=cost, **static)


def optimize(n: pypsa.Network, io_api: str | None, hours: range | None = None) -> Week:
    """Let PyPSA build its model and solve it with HiGHS on one thread.

    Parameters
    ----------
    n
        As `pypsa_network` returns it.
    io_api
        How linopy hands the model over: "direct" or "lp", a file; as it does unasked if None.
    hours
        Which to solve; all if None.

    Raises
    ------
    RuntimeError
        If it finds no optimum.
    """
    logging.disable(logging.WARNING)
    before = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        status, condition = n.optimize(
            None if hours is None else n.snapshots[hours.start : hours.stop],
            solver_name="highs",
            io_api=io_api,
            progress=False,
            solver_options={"output_flag": False, "threads": 1},
        )
    seconds = time.process_time() - before
    if status != "ok" or n.objective is None:
        raise RuntimeError(f"PyPSA ended with {status}: {condition}")
    return Week(seconds, n.objective)
