"""The breaker by its own clock: no test waits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from search.engines.base import EngineUnavailable, EngineUnreachable
from search.engines.breaker import FIRST_PAUSE, LONGEST_PAUSE, Breaker, Opened

SILENT = "Elasticsearch ne répond pas dans le délai."


class World:
    """A server that answers or not, the calls that reached it, and what the breaker told."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.calls = 0
        self.error: BaseException | None = EngineUnreachable(SILENT)
        self.told: list[Opened | None] = []
        self.breaker = Breaker(lambda: self.now, self.told.append)

    def call(self) -> str:
        with self.breaker.watching():
            self.calls += 1
            if self.error:
                raise self.error
            return "answer"

    def refused(self) -> bool:
        """Is the next call refused without reaching the server?"""
        before = self.calls
        with pytest.raises(EngineUnavailable):
            self.call()
        return self.calls == before


@pytest.fixture
def world() -> World:
    return World()


def test_one_waits_and_the_others_are_answered_at_once(world: World) -> None:
    assert not world.refused()
    for _ in range(5):
        assert world.refused()
    with pytest.raises(EngineUnreachable, match=SILENT):
        world.call()
    assert world.told == [Opened(SILENT, FIRST_PAUSE)]


def test_pauses_grow_up_to_the_longest(world: World) -> None:
    assert not world.refused()
    pauses = []
    for _ in range(6):
        world.now += world.told[-1].pause - 0.01  # type: ignore[union-attr]
        assert world.refused()
        world.now += 0.01
        assert not world.refused()
        pauses.append(world.told[-1].pause)  # type: ignore[union-attr]
    assert pauses == [10.0, 20.0, 40.0, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


def test_it_comes_back_by_itself_and_starts_again_with_a_short_pause(world: World) -> None:
    assert not world.refused()
    world.now += FIRST_PAUSE
    assert not world.refused()
    world.error, world.now = None, world.now + LONGEST_PAUSE
    assert [world.call() for _ in range(3)] == ["answer"] * 3
    world.error = EngineUnreachable(SILENT)
    assert not world.refused()
    assert world.told[-2:] == [None, Opened(SILENT, FIRST_PAUSE)]


@pytest.mark.parametrize(
    "error", [EngineUnavailable("L’index a un ancien format."), None], ids=["refusal", "answer"]
)
def test_an_answer_opens_nothing_and_closes_what_was_open(world: World, error: BaseException | None) -> None:
    assert not world.refused()
    world.now += FIRST_PAUSE
    world.error = error
    for _ in range(3):
        before = world.calls
        if error:
            with pytest.raises(EngineUnavailable, match="ancien format"):
                world.call()
        else:
            world.call()
        assert world.calls == before + 1
    assert world.told[1:] == [None]


def test_a_broken_off_try_leaves_the_next_one_its_turn(world: World) -> None:
    assert not world.refused()
    world.now += FIRST_PAUSE
    world.error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        world.call()
    world.error = None
    assert world.call() == "answer"


def test_a_mistake_of_ours_says_nothing_of_the_server(world: World) -> None:
    world.error = ZeroDivisionError()
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            world.call()
    assert (world.calls, world.told) == (3, [])


def test_one_caller_at_a_time_tries(world: World) -> None:
    assert not world.refused()
    world.now += FIRST_PAUSE
    inside, go_on = Event(), Event()

    def try_slowly() -> str:
        with world.breaker.watching():
            inside.set()
            assert go_on.wait(10)
            return "answer"

    with ThreadPoolExecutor(1) as threads:
        trying = threads.submit(try_slowly)
        assert inside.wait(10)
        for _ in range(3):
            assert world.refused()
        go_on.set()
        assert trying.result() == "answer"
    world.error = None
    assert world.call() == "answer"


def test_eight_that_fail_together_count_once(world: World) -> None:
    together = Barrier(8)

    def fail() -> None:
        with world.breaker.watching():
            together.wait(10)
            raise EngineUnreachable(SILENT)

    with ThreadPoolExecutor(8) as threads:
        for failed in [threads.submit(fail) for _ in range(8)]:
            with pytest.raises(EngineUnreachable):
                failed.result()
    assert world.told == [Opened(SILENT, FIRST_PAUSE)]


def test_an_answer_that_was_asked_for_before_closes_nothing(world: World) -> None:
    with world.breaker.watching():
        assert not world.refused()
    assert world.refused()
