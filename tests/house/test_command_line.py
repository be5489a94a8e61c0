"""The command's frame: verbs, exit codes and calm messages."""

from __future__ import annotations

import os
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from keepwarm import __version__
from keepwarm.commands import main as frame
from keepwarm.commands.main import VERBS, main
from keepwarm.errors import KeepwarmError


def keepwarm(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "keepwarm", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def verb_that(monkeypatch):
    """Make a verb of the command that does what a test wants."""

    def install(action):
        @click.command()
        def probe() -> None:
            action()

        monkeypatch.setitem(frame.VERBS, "probe", (f"{__name__}:probe", "A probe."))
        monkeypatch.setattr(sys.modules[__name__], "probe", probe, raising=False)
        return CliRunner().invoke(main, ["probe"])

    return install


def test_python_dash_m_shows_every_verb():
    done = keepwarm("--help")
    assert done.returncode == 0
    for verb, (_, line) in VERBS.items():
        assert any(
            row.split()[:1] == [verb] and row.endswith(line) for row in done.stdout.splitlines()
        )


def test_version():
    assert keepwarm("--version").stdout == f"keepwarm {__version__}\n"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_loads_and_explains_itself(verb):
    result = CliRunner().invoke(main, [verb, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith("Usage: ")


def test_an_unknown_verb_is_a_usage_error():
    done = keepwarm("chekc")
    assert done.returncode == 2
    assert "chekc" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_case_that_is_not_there_is_one_calm_message():
    done = keepwarm("run", "no/such/case")
    assert done.returncode in (1, 2)
    assert "no/such/case" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_folder_of_something_else_is_refused_before_the_run(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("Dear", encoding="utf-8")
    # The case does not even exist: nothing of it is read before the folder is looked at.
    for name, found in (
        ("letters", "holds something that is no run"),
        ("letters/one.txt", "is a file"),
    ):
        out = tmp_path / name
        done = CliRunner().invoke(main, ["run", str(tmp_path / "none"), "--out", str(out)])
        assert done.exit_code == 1
        assert f"{out}: {found}; expected a new folder, or one with an earlier run" in done.output
    assert (tmp_path / "letters" / "one.txt").read_text(encoding="utf-8") == "Dear"


def test_a_keepwarm_error_becomes_its_message_and_exit_code(verb_that):
    class Unsolved(KeepwarmError):
        exit_code = 3

    def fail():
        raise Unsolved("3 of 10 steps are unsolved")

    result = verb_that(fail)
    assert result.exit_code == 3
    assert result.stderr == "3 of 10 steps are unsolved\n"
    assert result.stdout == ""


def test_an_interruption_exits_130_without_a_traceback(verb_that):
    def interrupt():
        raise KeyboardInterrupt

    result = verb_that(interrupt)
    assert result.exit_code == 130
    assert result.stderr == "interrupted\n"


def test_a_mistake_in_keepwarm_itself_is_not_hidden(verb_that):
    def mistake():
        raise ZeroDivisionError

    assert isinstance(verb_that(mistake).exception, ZeroDivisionError)


@pytest.mark.parametrize(
    "writing", ["click.echo('x' * 80)", "sys.stdout.write('x' * 80)", "output.table('', ['x'], [])"]
)
def test_a_reader_that_leaves_early_is_no_error(writing):
    code = (
        "import click, sys; from keepwarm.commands import main as frame, output\n"
        "@click.command()\n"
        "def late():\n"
        "    sys.stdin.readline()\n"
        f"    {writing}\n"
        "frame.late = late\n"
        "frame.VERBS['late'] = ('keepwarm.commands.main:late', '')\n"
        "frame.main(['late'])\n"
    )
    pipe = subprocess.PIPE
    buffered = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=pipe, env=buffered
    ) as late:
        assert late.stdin is not None
        assert late.stdout is not None
        assert late.stderr is not None
        late.stdout.close()
        late.stdin.write(b"now\n")
        late.stdin.close()
        assert late.stderr.read() == b""
        assert late.wait(timeout=60) == 141
