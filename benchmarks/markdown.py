"""Parts of the page of benchmarks as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def about(facts: Mapping[str, str]) -> str:
    return (
        f"Measured {facts['date']}: {facts['processor']}, {facts['cores']} cores; "
        f"{facts['system']}; {facts['versions']}."
    )
