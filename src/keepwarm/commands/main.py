"""The ``keepwarm`` command."""

import click


@click.group()
def main() -> None:
    """Say who is cold, until when, and what must be done by when."""
