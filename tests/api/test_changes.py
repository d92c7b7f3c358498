"""News of a day reach all who listen to it, many at once, and nobody else."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import date
from typing import Any, TypeVar

import pytest

from api.changes import UNHEARD, Changes

T = TypeVar("T")
MONDAY, TUESDAY = date(2026, 3, 30), date(2026, 3, 31)


def run(told: Coroutine[Any, Any, T]) -> T:
    """Run in a loop of its own; the browser of other tests may have one in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, told).result(timeout=30)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.changes.AT_MOST_EVERY_S", 0.05)


def test_many_changes_are_one_piece_of_news() -> None:
    """Published by another thread; who listens to another day hears nothing."""

    async def heard() -> list[int | None]:
        changes = Changes()
        async with (
            changes.listening(("a", MONDAY)) as one,
            changes.listening(("a", TUESDAY)) as other,
        ):

            def publish() -> None:
                for version in range(2, 30):
                    changes.publish("a", MONDAY, version)

            thread = threading.Thread(target=publish)
            thread.start()
            await one.wait(5)
            thread.join()
            await one.wait(0.1)
            await other.wait(0.1)
            return [one.version, other.version]

    assert run(heard()) == [29, UNHEARD]


def test_no_news_is_lost_between_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever moment a version is published at, the last one arrives."""
    monkeypatch.setattr("api.changes.AT_MOST_EVERY_S", 0.0)

    async def heard() -> int | None:
        changes = Changes()
        async with changes.listening(("a", MONDAY)) as listener:
            with ThreadPoolExecutor(2) as pool:
                both = [
                    pool.submit(lambda step=step: [changes.publish("a", MONDAY, n) for n in step])
                    for step in (range(1, 3000, 2), range(2, 3001, 2))
                ]
                while not all(each.done() for each in both):
                    await listener.wait(0.01)
            changes.publish("a", MONDAY, 3001)
            while listener.version != 3001:
                await listener.wait(0.1)
            return listener.version

    assert run(heard()) == 3001


def test_nobody_listens() -> None:
    """Then nothing is kept, and nothing breaks."""

    async def listened() -> Changes:
        changes = Changes()
        changes.publish("a", MONDAY, 1)
        async with changes.listening(("a", MONDAY)):
            pass
        changes.publish("a", MONDAY, 2)
        return changes

    assert run(listened())._listeners == {}


def test_an_older_version_is_no_news() -> None:
    async def heard() -> int | None:
        changes = Changes()
        async with changes.listening(("a", MONDAY)) as listener:
            listener.tell(7)
            changes.publish("a", MONDAY, 6)
            await listener.wait(0.2)
            return listener.version

    assert run(heard()) == 7


def test_the_end_is_told_to_all_and_to_who_comes_late() -> None:
    async def heard() -> list[int | None]:
        changes = Changes()
        async with changes.listening(("a", MONDAY)) as one:
            changes.close()
            await one.wait(5)
            async with changes.listening(("a", MONDAY)) as late:
                return [one.version, late.version]

    assert run(heard()) == [None, None]


def test_one_of_many_looks_for_changes_nobody_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def due() -> list[bool]:
        now = 100.0
        monkeypatch.setattr("api.changes.monotonic", lambda: now)
        changes = Changes()
        async with changes.listening(("a", MONDAY)):
            early = changes.is_due(("a", MONDAY), 10)
            now = 110.0
            return [early, changes.is_due(("a", MONDAY), 10), changes.is_due(("a", MONDAY), 10)]

    assert run(due()) == [False, True, False]


@pytest.mark.parametrize("listeners", [1, 20, 21, 100])
def test_every_one_of_many_is_told(listeners: int) -> None:
    """They are told a few at a time; nobody is left out, nobody is told a second time."""

    async def heard() -> tuple[list[int | None], list[bool]]:
        changes = Changes()
        async with AsyncExitStack() as stack:
            all_ = [
                await stack.enter_async_context(changes.listening(("a", MONDAY)))
                for _ in range(listeners)
            ]
            changes.publish("a", MONDAY, 3)
            await asyncio.gather(*(each.wait(5) for each in all_))
            again = await asyncio.gather(*(each.wait(0.1) for each in all_))
            return [each.version for each in all_], again

    versions, again = run(heard())
    assert versions == [3] * listeners
    assert not any(again)
