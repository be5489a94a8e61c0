"""Samples walked by a real scheduler and two worker processes over TCP, one of them killed."""

import subprocess
import sys
import time

import distributed
import pytest

from keepwarm.case.read import read_case
from keepwarm.ensemble.cluster import ClusterLost
from keepwarm.ensemble.risk import risk
from keepwarm.ensemble.study import RiskOptions
from keepwarm.errors import InputError

ASKED = RiskOptions(samples=256, seed=11, hours=12, random_failures=True)
PATIENCE_S = 240.0


def started(*arguments):
    command = [sys.executable, "-m", "dask", *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture
def scheduler(tmp_path):
    file = tmp_path / "scheduler.json"
    process = started(
        "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
        "--scheduler-file", str(file),
    )  # fmt: skip
    until = time.monotonic() + PATIENCE_S
    while not file.exists() or not file.read_text():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    with distributed.Client(scheduler_file=str(file), set_as_default=False) as client:
        yield client, process
    process.kill()
    process.wait()


@pytest.fixture
def workers(scheduler, tmp_path):
    client, _ = scheduler
    both = [
        started(
            "worker", client.scheduler.address, "--nthreads", "1", "--no-nanny",
            "--no-dashboard", "--local-directory", str(tmp_path),
        )
        for _ in range(2)
    ]  # fmt: skip
    client.wait_for_workers(2, timeout=PATIENCE_S)
    yield both
    for one in both:
        one.kill()
        one.wait()


@pytest.fixture(scope="module")
def capital():
    return read_case("examples/capital")


def test_a_cluster_comes_to_the_same_bits_though_a_worker_dies(
    capital, scheduler, workers, tmp_path
):
    address = scheduler[0].scheduler.address
    seen = []

    def kill_one(steps):
        if not seen:
            workers[0].kill()
        seen.append(steps)

    there = risk(
        capital, ASKED, out=tmp_path / "there", cluster=address, chunk=16, progress=kill_one
    )
    here = risk(capital, ASKED, out=tmp_path / "here")
    assert there.tables == here.tables
    assert workers[0].wait(PATIENCE_S) == -9
    assert workers[1].poll() is None
    assert sum(seen) == 256 * 12


def test_a_scheduler_that_goes_away_leaves_what_is_done(capital, scheduler, workers, tmp_path):
    client, process = scheduler
    with pytest.raises(ClusterLost, match="--resume"):
        risk(
            capital,
            ASKED,
            out=tmp_path / "there",
            cluster=client.scheduler.address,
            chunk=16,
            progress=lambda steps: process.kill(),
        )
    kept = len(list((tmp_path / "there" / "chunks").glob("*.npz")))
    assert 1 <= kept < 256 / 16
    again = risk(capital, ASKED, out=tmp_path / "there", chunk=16, resume=True)
    assert again.tables == risk(capital, ASKED, out=tmp_path / "here").tables


def test_a_cluster_without_workers_is_refused(capital, scheduler, tmp_path, monkeypatch):
    monkeypatch.setattr("keepwarm.ensemble.cluster.PATIENCE_SECONDS", 1.0)
    with pytest.raises(InputError, match="has no workers"):
        risk(capital, ASKED, out=tmp_path / "none", cluster=scheduler[0].scheduler.address)


def test_an_address_at_which_nothing_answers_is_refused(capital, tmp_path, monkeypatch):
    monkeypatch.setattr("keepwarm.ensemble.cluster.PATIENCE_SECONDS", 1.0)
    for address in ("tcp://127.0.0.1:1", "nowhere"):
        with pytest.raises(InputError, match="scheduler"):
            risk(capital, ASKED, out=tmp_path / address[:3], cluster=address)
