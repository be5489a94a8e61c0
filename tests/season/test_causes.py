"""What broke is named; a broken line between two places that are both short is not."""

from __future__ import annotations

import numpy as np

from keepwarm.season import balanced_start, march, prepare
from keepwarm.season.causes import causes
from keepwarm.validation.sketch import Sketch


def found(out: tuple[str, ...]) -> list[str]:
    """Causes of the shortage at the last of three places in a row, a plant at the first."""
    sketch = Sketch()
    places = [sketch.bus() for _ in range(3)]
    sketch.generator(places[0], 50.0)
    for one, other in ((0, 1), (1, 2)):
        sketch.line(places[one], places[other], x=1.0, mw=100.0)
    for place in places[1:]:
        sketch.load(place, 20.0)
    corridor = prepare(sketch.case())
    names = corridor.case.network.assets.name
    available = np.array([[0.0 if name in out else 1.0 for name in names]])
    season = march(corridor, available, first=0, state=balanced_start(corridor, 0))
    return [cause.asset for cause in causes(season, places[2], 0)]


def test_a_plant_that_is_out_is_named() -> None:
    assert found(("generator 0",)) == ["generator 0"]


def test_a_line_that_cuts_a_place_off_is_named() -> None:
    assert found(("line 1",)) == ["line 1"]


def test_a_broken_line_from_a_place_that_is_short_itself_is_passed_over() -> None:
    assert found(("generator 0", "line 1")) == ["generator 0"]


def test_an_island_in_a_country_that_is_short_itself_is_laid_to_its_line() -> None:
    """The island sheds even its critical need; the mainland only industry."""
    sketch = Sketch()
    main, island = sketch.bus(), sketch.bus()
    sketch.generator(main, 30.0)
    sketch.generator(main, 20.0)
    sketch.line(main, island, x=1.0, mw=100.0)
    sketch.load(main, 40.0, tier="industry")
    sketch.load(island, 5.0, tier="critical")
    corridor = prepare(sketch.case())
    names = corridor.case.network.assets.name
    available = np.array([[0.0 if name in ("generator 1", "line 0") else 1.0 for name in names]])
    season = march(corridor, available, first=0, state=balanced_start(corridor, 0))
    assert [cause.asset for cause in causes(season, island, 0)] == ["line 0"]
    assert [cause.asset for cause in causes(season, main, 0)] == ["generator 1"]
