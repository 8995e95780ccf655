"""Who may read: `readers_of` gives the tokens that may, `kb.accounts.tokens_of` the tokens that a person holds.

A person may read when the two sets meet. Pages, lists, counts, search, suggestions, feeds, API, site map, files
and mails ask these two functions; nothing else compares rights.

Tokens: `all`, `member`, `pole:<id>`, `staff:<pole id>`, `coordination`, `user:<id>`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.db import models

ALL = "all"
MEMBER = "member"
COORDINATION = "coordination"


def pole_token(pole_id: int) -> str:
    return f"pole:{pole_id}"


def staff_token(pole_id: int) -> str:
    return f"staff:{pole_id}"


def user_token(user_id: int) -> str:
    return f"user:{user_id}"


class Visibility(models.TextChoices):
    PUBLIC = "public", "Tout le monde"
    MEMBERS = "members", "Les membres de Vivier"
    POLE = "pole", "Les membres du pôle"


class State(models.TextChoices):
    PUBLISHED = "published", "Publié"
    DRAFT = "draft", "Brouillon"
    IN_REVIEW = "in_review", "En relecture"


class Readable(Protocol):
    """What `readers_of` looks at: plain attributes, no query of its own."""

    @property
    def state(self) -> State: ...
    @property
    def visibility(self) -> str: ...
    @property
    def pole_id(self) -> int | None: ...
    @property
    def author_ids(self) -> frozenset[int]: ...
    @property
    def named_ids(self) -> frozenset[int]: ...


@dataclass(frozen=True)
class Version:
    """One version of an item as `readers_of` sees it: the published one or the draft beside it."""

    state: State
    visibility: str
    pole_id: int | None
    author_ids: frozenset[int]
    named_ids: frozenset[int]


_UNPUBLISHED = frozenset({State.DRAFT, State.IN_REVIEW})


def readers_of(item: Readable) -> frozenset[str]:
    """The tokens that may read this version of an item.

    The states and visibilities are named one by one: a new one is read by the coordination alone until it is
    named here (a test such as « state >= in review » once made unreviewed sheets public elsewhere).
    """
    if item.state == State.PUBLISHED:
        if item.visibility == Visibility.PUBLIC:
            return frozenset({ALL})
        if item.visibility == Visibility.MEMBERS:
            return frozenset({MEMBER})
        if item.visibility == Visibility.POLE and item.pole_id is not None:
            return frozenset({pole_token(item.pole_id), COORDINATION})
        return frozenset({COORDINATION})
    if item.state not in _UNPUBLISHED:
        return frozenset({COORDINATION})
    people = {COORDINATION} | _people(item.author_ids) | _people(item.named_ids)
    if item.state == State.IN_REVIEW and item.pole_id is not None:
        people.add(staff_token(item.pole_id))
    return frozenset(people)


def _people(ids: Iterable[int]) -> set[str]:
    return {user_token(user_id) for user_id in ids}
