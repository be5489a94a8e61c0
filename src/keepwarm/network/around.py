"""What stands around each bus: who can bring something to it, and from where."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from keepwarm.case.nouns import Network


@dataclass(frozen=True)
class Around:
    """The suppliers of one bus, by their places in the tables of their kind."""

    generators: list[int] = field(default_factory=list)
    #: Branch, its other end, and the sign of a flow that comes in.
    branches: list[tuple[int, int, float]] = field(default_factory=list)
    #: Link, what the bus gains of each MW at its first port, and the buses that it draws from then.
    links: list[tuple[int, float, tuple[int, ...]]] = field(default_factory=list)
    storages: list[int] = field(default_factory=list)


def around_buses(network: Network) -> tuple[Around, ...]:
    """Return what stands around each bus, in the order of the tables."""
    found = tuple(Around() for _ in network.buses.name)
    for g, bus in enumerate(network.generators.bus.tolist()):
        found[bus].generators.append(g)
    ends = zip(network.branches.bus0.tolist(), network.branches.bus1.tolist(), strict=True)
    for b, (one, other) in enumerate(ends):
        found[one].branches.append((b, other, -1.0))
        found[other].branches.append((b, one, 1.0))
    for s, bus in enumerate(network.storages.bus.tolist()):
        found[bus].storages.append(s)
    links = network.links
    gains = np.hstack([np.full((len(links), 1), -1.0), links.efficiency]).tolist()
    for link, (ports, per_port) in enumerate(zip(links.bus.tolist(), gains, strict=True)):
        for bus, gain in zip(ports, per_port, strict=True):
            if bus >= 0:
                upstream = tuple(
                    source
                    for source, other in zip(ports, per_port, strict=True)
                    if source >= 0 and source != bus and other * gain < 0
                )
                found[bus].links.append((link, gain, upstream))
    return found
