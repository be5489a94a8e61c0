"""What homes, pipes and circuits cost per building group and step, beside copying their arrays.

A block of samples of 200 groups, as the ensemble loop walks it, on one core. Beside keepwarm:
copying as many bytes as a step reads and writes (what memory allows), the same closed forms in
numpy, and ISO 13790's hourly step in plain Python, a group at a time, as building simulators in
Python take it. Then the whole of `keepwarm run` with 10,000 groups for a week.

    python -m benchmarks.bench_warmth [--rounds 7] [--groups 10000]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from benchmarks.measure import Cell, Spread, machine, one_thread, print_table, write
from benchmarks.programs import COUNTRY

import keepwarm
from keepwarm.case.nouns import Buildings, Case, Floats
from keepwarm.case.read import read_case
from keepwarm.season import Corridor, State, balanced_start, prepare
from keepwarm.season.batch import BLOCK
from keepwarm.season.circuits import step_circuits
from keepwarm.season.sky import sky_of
from keepwarm.season.state import KEPT, spread
from keepwarm.warmth.fabric import Fabric, Responses, respond
from keepwarm.warmth.pipes import PipeStep, move_pipes
from keepwarm.warmth.room_steps import Moved, move_rooms
from keepwarm.warmth.rooms import relax

TOWN = COUNTRY.parent / "town"
WEEK_HOURS = 168.0
#: 12 January of the country, in the frost.
COLD_HOUR = 89 * 24
#: What is walked: the central band, and in batches the low one for the pipes.
CENTRAL, DECIDING = slice(1, 2), slice(0, 2)


@dataclass(frozen=True)
class Block:
    """Some samples of a case in one hour: what a step of its homes starts from."""

    corridor: Corridor
    hour: int
    state: State
    heat_w_per_m2: Floats
    gain_w_per_m2: Floats
    share: Floats

    @property
    def steps(self) -> int:
        """Building groups times samples."""
        return len(self.share) * self.corridor.groups

    def responses(self) -> Responses:
        """What homes do within the step."""
        corridor, sky = self.corridor, sky_of(self.corridor, self.hour)
        region = corridor.case.buildings.region[corridor.homes.group]
        wind, samples = sky.region_wind_m_per_s, len(self.share)
        return respond(corridor.fabric, wind, region, samples=samples, hours=1.0)

    def rooms(self) -> Moved:
        """Carry the homes."""
        corridor, state = self.corridor, self.state
        return move_rooms(
            corridor.homes,
            self.responses(),
            state.mass_degc,
            lived_in=state.lived_in,
            weight=state.circuit_weight,
            outdoor_degc=sky_of(corridor, self.hour).outdoor_degc,
            gain_w_per_m2=self.gain_w_per_m2,
            heat_w_per_m2=self.heat_w_per_m2,
            share=self.share,
        )

    def pipes(self, rooms: Moved, flow: Floats) -> PipeStep:
        """Carry the air around pipes and their water."""
        corridor, state = self.corridor, self.state
        indoor = rooms.indoor_degc
        return move_pipes(
            corridor.pipes,
            state.zone_degc,
            state.water_degc,
            state.frost_k_h,
            indoor_degc=indoor,
            outdoor_degc=sky_of(corridor, self.hour).outdoor_degc,
            flow=flow,
            supply_degc=indoor + 30.0,
            hours=corridor.case.network.step_hours,
        )

    def whole(self, flow: Floats) -> State:
        """Carry homes, pipes and circuits."""
        rooms, flows = self.rooms(), flow > 0
        sky = sky_of(self.corridor, self.hour)
        pipes = self.pipes(rooms, flow)
        return step_circuits(
            self.corridor, self.state, sky, flows=flows, fed=flows, pipes=pipes, rooms=rooms
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--groups", type=int, default=10_000)
    options = parser.parse_args()
    rows = per_group_and_step(options.rounds)
    print_table(rows)
    print(write("warmth", rows, machine()))
    weeks = [whole_week(options.groups) for _ in range(3)]
    week = [sorted(weeks, key=lambda row: float(row["seconds"]))[1]]
    print_table(week)
    print(write("week", week, machine()))


def per_group_and_step(rounds: int) -> list[dict[str, Cell]]:
    """Let all take turns."""
    case = read_case(COUNTRY)
    one, three = (_block(each, CENTRAL) for each in (_one_flat_each(case), case))
    flats = _block(case, DECIDING)
    moving, still = np.ones(one.share[:, 0].shape), np.zeros(one.share[:, 0].shape)
    flats = replace(flats, state=flats.whole(moving))  # as a step leaves it
    work: dict[str, tuple[Block, Callable[[], object]]] = {
        "copying what rooms read and write": (one, _copies(one)),
        "rooms, one flat a group": (one, one.rooms),
        "the same in numpy": (one, _numpy(one)),
        "rooms, all flats, two a group": (three, three.rooms),
        "flats, zones, pipes, circuits: water moves": (flats, lambda: flats.whole(moving)),
        "flats, zones, pipes, circuits: all stand still": (flats, lambda: flats.whole(still)),
        "people counted in cold flats, beside that": (flats, _people(flats)),
    }
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds + 1):
        for name, (block, act) in work.items():
            taken[name].append(_ns(act, 20) / block.steps)
    taken["ISO 13790 in Python, one flat a group"] = [_ns(_iso_13790, 2000)] * 2
    base = Spread(tuple(taken["rooms, one flat a group"][1:])).median
    return [_row(name, Spread(tuple(ns[1:])), base) for name, ns in taken.items()]


def _row(name: str, ns: Spread, base: float) -> dict[str, Cell]:
    return {
        "what": name,
        "median_ns": ns.median,
        "least_ns": ns.least,
        "most_ns": ns.most,
        "over_rooms": ns.median / base,
    }


def _ns(act: Callable[[], object], times: int) -> float:
    begin = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - begin) / times * 1e9


def _block(case: Case, bands: slice) -> Block:
    """Return a block in the coldest hour, every home at comfort."""
    whole = prepare(case)
    corridor = _of_bands(whole, bands)
    hour = COLD_HOUR
    state = balanced_start(whole, hour)
    banded = ("mass_degc", "zone_degc", "water_degc", "frost_k_h")
    state = replace(state, **{name: getattr(state, name)[bands] for name in banded})
    shape = (BLOCK, state.cohorts.shape[0], corridor.groups)
    heat = np.full((len(state.mass_degc), *shape[:2], len(corridor.homes.group)), 60.0)
    return Block(
        corridor, hour, spread(state, BLOCK), heat, np.full(shape, 5.0), np.full(shape, 0.8)
    )


def _of_bands(corridor: Corridor, bands: slice) -> Corridor:
    """Return a corridor of some bands alone."""
    rooms, pipes = (
        replace(part, **{key: table[bands] for key, table in vars(part).items()})
        for part in (corridor.rooms, corridor.pipes)
    )
    most = corridor.fabric.emitters_w_per_m2[bands]
    row = np.arange(len(most))[:, None]
    fabric = Fabric(rooms, most, pipes, corridor.fabric.kind, row)
    return replace(corridor, rooms=rooms, pipes=pipes, fabric=fabric)


def _one_flat_each(case: Case) -> Case:
    """Return the case with the first flat of each archetype standing for all of them."""
    flats = case.archetypes.flats
    first = np.array([int(np.argmax(flats.archetype == a)) for a in range(len(case.archetypes))])
    alone = replace(
        flats,
        archetype=np.arange(len(first)),
        position=tuple(flats.position[k] for k in first),
        share=np.ones(len(first)),
        parameter={name: table[:, first] for name, table in flats.parameter.items()},
        source={name: tuple(texts[k] for k in first) for name, texts in flats.source.items()},
    )
    return replace(case, archetypes=replace(case.archetypes, flats=alone))


def _copies(block: Block) -> Callable[[], object]:
    """Four arrays read and two written: as many bytes as three that are copied."""
    read = [np.random.default_rng(k).random((BLOCK, block.corridor.groups)) for k in range(3)]
    written = [np.empty_like(each) for each in read]

    def copy() -> None:
        for source, target in zip(read, written, strict=True):
            np.copyto(target, source)

    return copy


def _people(block: Block) -> Callable[[], object]:
    """Person-hours below each threshold, as a batch adds them up."""
    corridor, moved = block.corridor, block.rooms()
    settings = corridor.case.settings
    share = block.state.cohorts / corridor.case.buildings.buildings
    thresholds = np.array(settings.numbers("thresholds.degc"))
    place = corridor.case.buildings.region[corridor.homes.group]
    places, hours = len(corridor.case.regions), corridor.case.network.step_hours
    return lambda: moved.people_hours_below(
        share, corridor.home_people, place, places, thresholds, hours
    )


def _numpy(block: Block) -> Callable[[], object]:
    corridor, sky = block.corridor, sky_of(block.corridor, block.hour)
    mass = np.ascontiguousarray(block.state.mass_degc[0, :, KEPT])

    def step() -> object:
        return relax(
            corridor.rooms,
            mass,
            outdoor_degc=sky.outdoor_degc[0],
            wind_m_per_s=sky.wind_m_per_s[0],
            gain_w_per_m2=block.gain_w_per_m2[:, KEPT],
            heat_w_per_m2=block.heat_w_per_m2[0, :, KEPT] * block.share[:, KEPT],
            hours=1.0,
        )

    return step


def _iso_13790(mass: float = 20.0, outdoor: float = -10.0, gain: float = 5.0) -> float:
    """One hour of one room by ISO 13790 annex C, Crank-Nicolson, in Python's own numbers."""
    h_ve, h_is, h_w, h_ms, h_em, c_m = 0.4, 15.5, 0.35, 27.3, 0.7, 100.0
    h_1 = 1 / (1 / h_ve + 1 / h_is)
    h_2 = h_1 + h_w
    h_3 = 1 / (1 / h_2 + 1 / h_ms)
    air, surface, in_mass = 0.5 * gain, 0.2 * gain, 0.3 * gain
    total = in_mass + h_em * outdoor
    total += h_3 * (surface + h_w * outdoor + h_1 * (air / h_ve + outdoor)) / h_2
    after = (mass * (c_m - 0.5 * (h_3 + h_em)) + total) / (c_m + 0.5 * (h_3 + h_em))
    middle = (mass + after) / 2
    inner = (h_ms * middle + surface + h_w * outdoor + h_1 * (outdoor + air / h_ve)) / (
        h_ms + h_w + h_1
    )
    return 0.3 * (h_is * inner + h_ve * outdoor + air) / (h_is + h_ve) + 0.7 * inner


def whole_week(groups: int) -> dict[str, Cell]:
    """Time a run of the damaged town with many more groups; nothing is read or written."""
    case = read_case(TOWN)
    large = replace(case, buildings=_many(case.buildings, groups))
    damage = keepwarm.read_damage(case, TOWN / "damage.csv")
    keepwarm.run(case, damage, hours=3)  # loads what was compiled
    begin = time.process_time()
    found = keepwarm.run(large, damage, hours=WEEK_HOURS, start=case.start, from_state=False)
    seconds = time.process_time() - begin
    return {"groups": groups, "hours": WEEK_HOURS, "seconds": seconds, "tables": len(found.tables)}


def _many(buildings: Buildings, groups: int) -> Buildings:
    """Return as many groups, each a part of one of those given, together as many people."""
    of = np.resize(np.arange(len(buildings)), groups)
    parts = np.bincount(of, minlength=len(buildings))[of]
    return replace(
        buildings,
        group=tuple(f"{buildings.group[k]} {n}" for n, k in enumerate(of.tolist())),
        region=buildings.region[of],
        archetype=buildings.archetype[of],
        buildings=np.maximum(np.round(buildings.buildings[of] / parts), 1.0),
        people=buildings.people[of] / parts,
        floor_area_m2=buildings.floor_area_m2[of] / parts,
        heat_bus=buildings.heat_bus[of],
        power_bus=buildings.power_bus[of],
        rotation_group=tuple(buildings.rotation_group[k] for k in of.tolist()),
        substation_needs_power=buildings.substation_needs_power[of],
        backup=buildings.backup[of],
        water_circuit=buildings.water_circuit[of],
    )


if __name__ == "__main__":
    one_thread()
    main()
