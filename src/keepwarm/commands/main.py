"""The ``keepwarm`` command: its verbs, and the one place where an error becomes a message.

A verb's file is imported when that verb is called, so that ``keepwarm --help`` stays quick.
Exit codes: 0 done, 1 the input is wrong, 2 usage, 3 some steps or samples unsolved, 4 an audit or
validation failed, 130 interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module

import click

from keepwarm import __version__
from keepwarm.errors import KeepwarmError

#: Verb -> (where its click command lives, its line in ``keepwarm --help``).
VERBS = {
    "check": ("keepwarm.commands.check:check", "Report every fault of a case at once."),
    "read": ("keepwarm.commands.read:read", "Read reports into attributed claims."),
    "claims": ("keepwarm.commands.claims:claims", "Show claims, and tick those that count."),
    "run": ("keepwarm.commands.run:run", "Walk a case through its damage."),
    "plan": ("keepwarm.commands.plan:plan", "Plan repairs, draining, units and rotation."),
    "schedule": ("keepwarm.commands.schedule:schedule", "Write power cuts as others read them."),
    "risk": ("keepwarm.commands.risk:risk", "Walk many winters: how bad can it get?"),
    "compare": ("keepwarm.commands.compare:compare", "Set two runs side by side."),
    "brief": ("keepwarm.commands.brief:brief", "Write a run as one page to read or print."),
    "board": ("keepwarm.commands.board:board", "Show a case as a page, and ask what if."),
    "convert": (
        "keepwarm.commands.convert:convert",
        "Write a MATPOWER or PyPSA network as a folder to run.",
    ),
    "validate": ("keepwarm.commands.validate:validate", "Compare with published results."),
}

INTERRUPTED = 130
PIPE_CLOSED = 128 + signal.SIGPIPE


class Verbs(click.Group):
    """The verbs of the command line, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of a working day."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the file of one verb and return its command; None where there is no such verb."""
        if cmd_name not in VERBS:
            return None
        module, name = VERBS[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one line per verb without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(verb, line) for verb, (_, line) in VERBS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb; turn what went wrong into a calm message and an exit code."""
        if sys.stdout is None:  # closed by the caller (>&-)
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        try:
            result: object = super().invoke(ctx)
            sys.stdout.flush()
        except KeepwarmError as error:
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            _drop_stdout()  # the reader (head, less) has left
            ctx.exit(PIPE_CLOSED)
        except OSError as error:
            _drop_stdout()
            click.echo(f"could not be read or written: {error}", err=True)
            ctx.exit(KeepwarmError.exit_code)
        return result


def _drop_stdout() -> None:
    """Send what is left of stdout nowhere: Python flushes it once more as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="keepwarm", message="%(prog)s %(version)s")
def main() -> None:
    """Say who is cold, until when, and what must be done by when.

    For an energy system that has been damaged in winter. CASE is a case folder, RUN the folder
    that `keepwarm run` wrote.
    """
