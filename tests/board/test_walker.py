"""Who waits for what: one walk for all who ask, called off when nobody waits any more."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from keepwarm.board.situation import Situation
from keepwarm.board.walker import Walker
from keepwarm.board.wire import Refused
from keepwarm.board.worker import Advanced, Checked, Done, Failed, Kept, Stop, Walk

NOW = Situation(())


class Pipe:
    """Remembers what the process would have been told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def send(self, told: object) -> None:
        self.told.append(told)

    def kinds(self) -> list[type]:
        return [type(one) for one in self.told]


def walker_in(folder: Path) -> tuple[Walker, Pipe]:
    """A walker whose process is imagined; in a running loop."""
    setting: Any = SimpleNamespace(case=None)
    walker, pipe = Walker(setting, folder), Pipe()
    walker._pipe, walker._loop = pipe, asyncio.get_running_loop()  # type: ignore[assignment]
    return walker, pipe


def finished(work: Coroutine[Any, Any, None]) -> None:
    """Run something to its end, which is a failure if it never comes.

    In a thread of its own: tests with a browser leave a loop in the main one.
    """
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(asyncio.wait_for(work, 30))).result()


async def asked(walker: Walker, name: str, **more: Any) -> asyncio.Task[bytes]:
    task = asyncio.create_task(walker.document(name, NOW, **more))
    await asyncio.sleep(0.01)
    return task


async def left(*tasks: asyncio.Task[bytes]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def test_all_who_ask_wait_for_one_walk(tmp_path):
    async def work() -> None:
        walker, pipe = walker_in(tmp_path)
        steps: list[tuple[int, int]] = []
        one = await asked(walker, "a")
        other = await asked(walker, "a", listener=lambda *at: steps.append(at))
        assert pipe.kinds() == [Walk]
        walker._hear(Advanced(1, 5, 9))
        walker._hear(Done(1, b"document"))
        assert await one == await other == b"document"
        assert steps == [(5, 9)]
        assert await (await asked(walker, "a")) == b"document"
        assert pipe.kinds() == [Walk]

    finished(work())


def test_a_walk_is_called_off_when_the_last_one_leaves(tmp_path):
    async def work() -> None:
        walker, pipe = walker_in(tmp_path)
        one, other = await asked(walker, "a"), await asked(walker, "a")
        await left(one)
        assert pipe.kinds() == [Walk]
        await left(other)
        assert pipe.kinds() == [Walk, Stop]
        assert pipe.told[1].number == 1
        again = await asked(walker, "a")  # a new walk: the first is on its way out
        assert pipe.told[2].number == 2
        walker._hear(Failed(1, "", stopped=True))
        assert not again.done()
        walker._hear(Done(2, b"new"))
        assert await again == b"new"

    finished(work())


def test_what_failed_is_told_and_asked_for_again(tmp_path):
    async def work() -> None:
        walker, pipe = walker_in(tmp_path)
        one = await asked(walker, "a")
        walker._hear(Failed(1, "a step has no optimum"))
        with pytest.raises(Refused, match="no optimum"):
            await one
        await left(await asked(walker, "a"))
        assert pipe.kinds() == [Walk, Walk, Stop]

    finished(work())


def test_only_what_was_looked_at_again_is_kept(tmp_path):
    async def work() -> None:
        walker, _ = walker_in(tmp_path)
        task = await asked(walker, "a")
        walker._hear(Done(1, b"first"))
        walker.run_folder("a").mkdir(parents=True)
        walker._hear(Kept(1))
        assert await task == b"first"
        assert walker.checked("a") is None
        fresh, pipe = walker_in(tmp_path)  # as after a restart
        await left(await asked(fresh, "a"))
        assert pipe.kinds() == [Walk, Stop]
        walker._hear(Checked("a", True, b"checked"))
        assert walker.checked("a") is True
        assert await (await asked(walker, "a")) == b"checked"
        fresh, pipe = walker_in(tmp_path)
        assert await (await asked(fresh, "a")) == b"checked"
        assert pipe.kinds() == []

    finished(work())


def test_the_runs_looked_at_least_lately_go_first(tmp_path, monkeypatch):
    monkeypatch.setattr("keepwarm.board.walker._RUNS", 2)

    async def work() -> None:
        walker, _ = walker_in(tmp_path)
        for number, name in enumerate("abc", start=1):
            task = await asked(walker, name)
            walker._hear(Done(number, b"x"))
            walker.run_folder(name).mkdir(parents=True)
            await asyncio.sleep(0.02)  # times of folders are no finer
            if name == "b":
                await walker.folder("a", NOW)
            walker._hear(Kept(number))
            await task
            await asyncio.sleep(0.02)

    finished(work())
    assert sorted(one.name for one in (tmp_path / "runs").iterdir()) == ["a", "c"]
