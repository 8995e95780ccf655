"""The cookie and the link: nothing that was edited is read, and a cookie is never too long for a browser."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.crypto import get_random_string

from kb.learning import cookie
from kb.learning.progress import NOTHING, Progress, Version

DAY = datetime.date(2026, 11, 24)
ONE = Progress(
    {3: NOTHING.after_pass("abcdefgh", ["abcdefgh"], DAY)}, ("11111111-1111-1111-1111-111111111111",)
)


def written(progress: Progress) -> Any:
    response = HttpResponse()
    cookie.to_cookie(response, progress)
    return response.cookies[cookie.NAME]


def read(value: str) -> Progress:
    request = RequestFactory().get("/")
    request.COOKIES[cookie.NAME] = value
    return cookie.from_cookie(request)


def test_it_comes_back() -> None:
    assert read(written(ONE).value) == ONE


def test_no_script_reads_it_and_no_other_site_sends_it() -> None:
    morsel = written(ONE)
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"


@pytest.mark.parametrize("place", [0, 10, -1])
def test_one_sign_changed_and_it_is_nothing(place: int) -> None:
    value = written(ONE).value
    changed = list(value)
    changed[place] = "A" if changed[place] != "A" else "B"
    assert read("".join(changed)) == Progress()


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"p": []}, {"p": {"x": {}}}, {"p": {"1": {"d": {"a": 10**9}}}}, {"p": {"1": []}}, "p"],
)
def test_what_the_site_signed_and_no_longer_understands_is_nothing(data: Any) -> None:
    assert read(signing.dumps(data, salt=cookie._COOKIE, compress=True)) == Progress()


def test_a_word_that_was_signed_for_something_else_is_nothing() -> None:
    assert read(cookie.to_link(ONE)) == Progress()
    with pytest.raises(cookie.Unreadable):
        cookie.from_link(written(ONE).value)
    with pytest.raises(cookie.Unreadable):
        cookie.from_link(signing.dumps({"p": {}}, salt="vivier.learning.sheet"))


def test_a_link_carries_no_invitation() -> None:
    assert cookie.from_link(cookie.to_link(ONE)) == Progress(ONE.trainings)


def test_a_link_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    word = cookie.to_link(ONE)
    monkeypatch.setattr(cookie, "LINK_LIVES", datetime.timedelta(seconds=-1))
    with pytest.raises(cookie.Unreadable):
        cookie.from_link(word)


def test_forty_finished_trainings_have_room_and_the_oldest_goes_when_there_is_none() -> None:
    def many(count: int) -> Progress:
        trainings = {}
        for number in range(count):
            keys = [get_random_string(8) for _ in range(5)]
            steps, day = NOTHING, DAY + datetime.timedelta(days=number)
            for key in keys:
                steps = steps.after_pass(key, keys, day, Version(DAY, 5, 45, 10_000 + number))
            trainings[1000 + number] = steps.named()
        return Progress(trainings)

    forty = many(40)
    assert read(written(forty).value) == forty
    full = written(many(200)).value
    assert len(full) <= cookie.LONGEST
    kept = read(full)
    assert 40 < len(kept.trainings) < 200
    assert set(kept.trainings) == set(range(1200 - len(kept.trainings), 1200)), "the newest"
