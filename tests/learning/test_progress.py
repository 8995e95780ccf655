"""Progress as a value: what a new version leaves, what two of them make together, what comes back from a cookie."""

from __future__ import annotations

import datetime

from kb.learning.progress import NOTHING, Progress, Steps, Version

MONDAY, TUESDAY = datetime.date(2026, 11, 23), datetime.date(2026, 11, 24)


def test_a_training_is_finished_when_every_module_of_the_day_is_done() -> None:
    steps = NOTHING.after_pass("a", ["a", "b"], MONDAY)
    assert steps.finished is None
    steps = steps.after_pass("b", ["a", "b"], TUESDAY)
    assert steps.finished == TUESDAY
    assert steps.done == {"a": MONDAY, "b": TUESDAY}


def test_a_module_that_was_done_stays_done_on_its_first_day() -> None:
    steps = NOTHING.after_pass("a", ["a", "b"], MONDAY).after_pass("a", ["a", "b"], TUESDAY)
    assert steps.done == {"a": MONDAY}


def test_a_new_version_takes_nothing_away() -> None:
    under_way = NOTHING.after_pass("a", ["a", "b"], MONDAY)
    assert under_way.after_pass("c", ["a", "c"], TUESDAY).finished == TUESDAY, (
        "b has gone: nothing is asked for it"
    )
    assert under_way.after_pass("b", ["a", "b", "c"], TUESDAY).finished is None, "c has come"
    done = under_way.after_pass("b", ["a", "b"], MONDAY)
    assert done.after_pass("c", ["a", "b", "c"], TUESDAY).finished == MONDAY, "finished stays finished"


def test_trying_is_not_passing() -> None:
    steps = NOTHING.after_try("a")
    assert steps.tried == {"a"}
    assert not steps.done
    assert steps.after_pass("a", ["a"], MONDAY).tried == {"a"}


def test_two_of_them_together() -> None:
    version = Version(MONDAY, 2, 20)
    phone = Steps({"a": MONDAY, "b": TUESDAY}, frozenset({"a", "b"}), None, ("X",))
    desk = Steps({"b": MONDAY}, frozenset({"b", "c"}), TUESDAY, ("Y", "X"), version)
    both = phone.joined(desk)
    assert both.done == {"a": MONDAY, "b": MONDAY}
    assert both.tried == {"a", "b", "c"}
    assert (both.finished, both.version) == (TUESDAY, version)
    earlier = Steps(finished=MONDAY, version=Version(MONDAY, 1, 10))
    assert desk.joined(earlier).version == earlier.joined(desk).version == earlier.version
    assert both.ids == ("Y", "X"), "first the one that was finished"


def test_what_is_written_is_read() -> None:
    steps = NOTHING.after_try("z").after_pass("a", ["a"], MONDAY)
    whole = Steps(steps.done, steps.tried, steps.finished, ("CODE",), Version(MONDAY, 3, 30))
    progress = Progress({7: whole, 8: NOTHING}, ("id",))
    assert Progress.from_data(progress.to_data()) == progress


def test_the_oldest_goes_first() -> None:
    old, new = NOTHING.after_pass("a", ["a"], MONDAY), NOTHING.after_pass("a", ["a"], TUESDAY)
    assert Progress({2: old, 1: new}).without_oldest().trainings == {1: new}
