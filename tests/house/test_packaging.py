"""What is shipped, what is locked, and what a tracked file may say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

LOCKS = ("run", "build", "dev")


def tracked(repository: Path) -> list[Path]:
    """Every file that git tracks, or would if it were added."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=repository,
        capture_output=True,
        check=True,
        timeout=60,
    )
    names = listed.stdout.decode().split("\0")
    return [path for name in names if name and (path := repository / name).is_file()]


def locked(repository: Path, lock: str) -> dict[str, str]:
    """Requirement line without its hashes -> the hashes; keyed by name, version and marker."""
    text = (repository / "requirements" / f"{lock}.txt").read_text()
    whole = text.replace("\\\n", " ").splitlines()
    return {
        line.split(" --hash=")[0].strip(): line.partition(" --hash=")[2]
        for line in whole
        if line.strip() and not line.startswith("#")
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_and_hashed(repository, lock):
    requirements = locked(repository, lock)
    assert requirements
    for requirement, hashes in requirements.items():
        assert re.fullmatch(r"[a-z0-9._-]+==[^ ]+( ; .+)?", requirement), requirement
        assert re.match(r"sha256:[0-9a-f]{64}\b", hashes), requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(repository, lock):
    text = (repository / "requirements" / f"{lock}.txt").read_text()
    for address in ("://", "--index-url", "--extra-index-url", "--find-links", " -i ", " @ "):
        assert address not in text


def test_the_development_lock_holds_the_others(repository):
    dev = locked(repository, "dev")
    for lock in ("run", "build"):
        for requirement, hashes in locked(repository, lock).items():
            everywhere = requirement.partition(" ;")[0]  # what one needs on some, dev may on all
            assert hashes in (dev.get(requirement), dev.get(everywhere)), requirement


@pytest.mark.parametrize(
    ("lock", "table"),
    [
        ("run", lambda toml: toml["project"]["dependencies"]),
        ("build", lambda toml: toml["dependency-groups"]["build"]),
        ("build", lambda toml: toml["build-system"]["requires"]),
        ("dev", lambda toml: toml["dependency-groups"]["dev"]),
        ("dev", lambda toml: toml["project"]["optional-dependencies"]["pypsa"]),
    ],
)
def test_every_wanted_package_is_locked(repository, lock, table):
    wanted = table(tomllib.loads((repository / "pyproject.toml").read_text()))
    names = {requirement.split("==")[0] for requirement in locked(repository, lock)}
    assert {re.split(r"[<>=~!;\[ ]", each)[0] for each in wanted} <= names


@pytest.fixture(scope="module")
def wheel(repository, tmp_path_factory) -> set[str]:
    """Names in a wheel built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=repository,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_file_of_the_package(repository, wheel):
    source = repository / "src"
    ours = {str(p.relative_to(source)) for p in tracked(repository) if source in p.parents}
    assert {"keepwarm/py.typed", "keepwarm/case/schema/settings.csv"} <= ours
    assert ours <= wheel


def test_the_wheel_holds_nothing_but_the_package_and_its_licences(wheel):
    outside = {name for name in wheel if not name.startswith("keepwarm/")}
    assert all(re.match(r"keepwarm-[^/]+\.dist-info/", name) for name in outside), outside
    assert {name.rpartition("/")[2] for name in outside} >= {"LICENSE", "NOTICE", "METADATA"}
    assert not [name for name in wheel if name.endswith(".pyc")]


# Absolute paths of somebody's machine, and hosts of package registries.
FORBIDDEN = re.compile(
    r"(?<![\w.])/(?:home|root|Users|work|tmp|opt)/"
    r"|\.\./shared"
    r"|\b(?:pypi|npmjs|debian|pythonhosted)\.(?:org|com)\b"
)


def test_no_tracked_file_names_a_machine_or_a_registry(repository):
    found = [
        f"{path.relative_to(repository)}: {match.group()}"
        for path in tracked(repository)
        if b"\0" not in (content := path.read_bytes())
        and (match := FORBIDDEN.search(content.decode(errors="replace")))
    ]
    assert not found


def test_scripts_can_be_run(repository):
    for path in (repository / ".ci" / "run", *(repository / "scripts").glob("[!_]*")):
        if path.suffix == "" and path.is_file():
            assert os.access(path, os.X_OK), path
            assert path.read_text().startswith("#!/bin/sh\n"), path
