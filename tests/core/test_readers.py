"""`readers_of`, state by state and visibility by visibility."""

from __future__ import annotations

import dataclasses

import pytest

from kb.core.readers import State, Version, Visibility, readers_of

PUBLISHED = {
    "public": {"all"},
    "members": {"member"},
    "pole": {"pole:5", "coordination"},
}
DRAFT = {"coordination", "user:1", "user:2", "user:3"}
REVIEW = DRAFT | {"staff:5"}


def version(state: str, visibility: str, pole_id: int | None = 5) -> Version:
    return Version(
        state=state,  # type: ignore[arg-type]
        visibility=visibility,
        pole_id=pole_id,
        author_ids=frozenset({1, 2}),
        named_ids=frozenset({2, 3}),
    )


@pytest.mark.parametrize("visibility", list(Visibility))
def test_published_the_visibility_alone_decides(visibility: Visibility) -> None:
    assert readers_of(version(State.PUBLISHED, visibility)) == PUBLISHED[visibility]


@pytest.mark.parametrize("visibility", list(Visibility))
def test_a_draft_is_its_peoples_whatever_it_will_be(visibility: Visibility) -> None:
    assert readers_of(version(State.DRAFT, visibility)) == DRAFT
    assert readers_of(version(State.IN_REVIEW, visibility)) == REVIEW


def test_without_a_pole() -> None:
    assert readers_of(version(State.PUBLISHED, Visibility.POLE, None)) == {"coordination"}
    assert readers_of(version(State.IN_REVIEW, Visibility.PUBLIC, None)) == DRAFT


@pytest.mark.parametrize("visibility", ["", "everybody", "PUBLIC", "public "])
def test_an_unknown_visibility_is_for_the_coordination(visibility: str) -> None:
    assert readers_of(version(State.PUBLISHED, visibility)) == {"coordination"}


@pytest.mark.parametrize("state", ["", "archived", "approved", "Published"])
@pytest.mark.parametrize("visibility", list(Visibility))
def test_an_unknown_state_is_for_the_coordination(state: str, visibility: Visibility) -> None:
    assert readers_of(version(state, visibility)) == {"coordination"}


def test_every_state_and_visibility_is_looked_at_here() -> None:
    assert set(PUBLISHED) == set(Visibility)
    assert set(State) == {State.PUBLISHED, State.DRAFT, State.IN_REVIEW}


def test_a_version_never_changes() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        version(State.DRAFT, Visibility.PUBLIC).state = State.PUBLISHED  # type: ignore[misc]
