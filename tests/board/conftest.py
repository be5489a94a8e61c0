"""One board on the town, answered in this process, for all tests that only need its endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from keepwarm.board.app import make_app
from keepwarm.board.desk import Desk, Given, open_desk
from keepwarm.board.security import Door
from keepwarm.case.nouns import Case
from keepwarm.case.read import read_case
from keepwarm.damage import read_damage

ADDRESS = "http://127.0.0.1:8750"


@pytest.fixture(scope="session")
def town(examples: Path) -> Case:
    return read_case(examples / "town")


@pytest.fixture(scope="session")
def desk(town: Case, examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    file = examples / "town" / "damage.csv"
    workspace = tmp_path_factory.mktemp("workspace")
    damage = read_damage(town, file)
    return open_desk(Given(town, damage, damage_file=file, hours=96.0, workspace=workspace))


@pytest.fixture(scope="session")
def board(desk: Desk) -> Iterator[TestClient]:
    app = make_app(desk, Door("127.0.0.1", 8750))
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield client
