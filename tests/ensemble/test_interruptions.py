"""A risk that is disturbed, and goes on: bit for bit what it would have been."""

import contextlib
import json
import signal
import subprocess
import sys
import time

import psutil
import pytest

CASE = "examples/capital"
ASKED = ("--random-failures", "--hours", "24", "--samples", "640", "--seed", "7", "--json")
TABLES = (
    *("samples", "samples_by_region", "estimates", "exceedance", "convergence", "unsolved"),
    "places",
)
PATIENCE_S = 240.0


def command(out, *more):
    return [sys.executable, "-m", "keepwarm", "risk", CASE, *ASKED, "--out", str(out), *more]


def began(out, *more):
    """A risk that has kept something and is not done."""
    # A shell that starts the tests in the background lets Ctrl-C be ignored.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    code = f"{heard}from keepwarm.commands.main import main; main()"
    started = subprocess.Popen(
        [sys.executable, "-c", code, *command(out, *more)[3:]],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    until = time.monotonic() + PATIENCE_S
    while not list(out.glob("chunks/*.npz")):
        assert started.poll() is None, started.stderr.read()
        assert time.monotonic() < until
        time.sleep(0.02)
    return started


def finished(out, *more):
    done = run(command(out, *more))
    assert done.returncode == 0, done.stderr
    return done


def tables(out):
    return {name: (out / f"{name}.parquet").read_bytes() for name in TABLES}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    out = tmp_path_factory.mktemp("risk") / "undisturbed"
    finished(out, "--workers", "1")
    return out


def test_killed_workers_and_a_killed_parent_change_nothing(undisturbed, tmp_path):
    out = tmp_path / "killed"
    started = began(out, "--workers", "2")
    workers = _workers(started.pid)
    workers[-1].kill()  # another takes its place, and its work
    _until(lambda: len(_workers(started.pid)) == 2 and workers[-1] not in _workers(started.pid))
    children = _workers(started.pid)
    started.kill()
    started.communicate(timeout=PATIENCE_S)
    assert not (out / "manifest.json").exists()
    _until(lambda: not any(child.is_running() for child in children))
    finished(out, "--resume", "--workers", "2")
    assert tables(out) == tables(undisturbed)
    assert not (out / "chunks").exists()


def test_what_is_stopped_by_hand_is_kept_for_one_that_goes_on(undisturbed, tmp_path):
    out = tmp_path / "stopped"
    started = began(out, "--workers", "1")
    at_once = run(command(out, "--resume"))
    assert at_once.returncode == 1
    assert "another risk is being written here" in at_once.stderr
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=PATIENCE_S)
    assert started.returncode == 130, said
    assert f"--resume --out {out}" in said
    anew = run(command(out))
    assert anew.returncode == 1
    assert "holds an unfinished risk" in anew.stderr
    [kept, *_] = sorted(out.glob("chunks/*.npz"))
    kept.write_bytes(kept.read_bytes()[:-100])  # the machine went down while it was written
    finished(out, "--resume", "--workers", "1")
    assert tables(out) == tables(undisturbed)


def test_a_full_disk_stops_it_and_loses_nothing(undisturbed, tmp_path):
    """A limit on the size of files stands in for the disk: the same error on the same path."""
    out = tmp_path / "full"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "
    code = f"{limit}import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    code += "from keepwarm.commands.main import main; main()"
    done = run([sys.executable, "-c", code, *command(out, "--workers", "1")[3:]])
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "kept" in done.stderr
    assert not list(out.glob("chunks/.*"))
    finished(out, "--resume", "--workers", "1")
    assert tables(out) == tables(undisturbed)


def test_a_finished_risk_that_is_resumed_says_what_it_said(undisturbed):
    document = json.loads(finished(undisturbed, "--resume").stdout)
    manifest = json.loads((undisturbed / "manifest.json").read_text())
    assert document["estimates"] == manifest["answers"]["estimates"]


def run(arguments):
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


def _workers(pid):
    found = []
    for one in psutil.Process(pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            found += [one] if "spawn_main" in " ".join(one.cmdline()) else []
    return found


def _until(holds):
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)
