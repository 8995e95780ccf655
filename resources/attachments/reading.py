"""Who may read a file, asked of `readers_of` for every item that holds it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from kb.accounts.tokens import tokens_of
from kb.core.readers import ALL, MEMBER, readers_of

from .models import Attachment, AttachmentRole

if TYPE_CHECKING:
    from ..item import Item


def may_read(attachment: Attachment, tokens: AbstractSet[str]) -> bool:
    """By one published item whose readers these tokens meet, or by one draft.

    A teacher version that is published is for members besides; while it is in a draft, that draft's readers (its
    authors, the people they named, the coordination, the pôle's staff during the review) are enough. Once nothing
    waits, the published version's readers alone count: who was invited to a draft keeps none of its files.
    """
    holdings = list(attachment.holdings.select_related("item"))
    if attachment.role != AttachmentRole.TEACHER or MEMBER in tokens:
        for holding in holdings:
            if holding.in_public and holding.item.live and not tokens.isdisjoint(readers_of(holding.item)):
                return True
    return any(
        holding.in_draft
        and holding.item.has_waiting_version
        and not tokens.isdisjoint(readers_of(holding.item.draft_version()))
        for holding in holdings
    )


def is_public(attachment: Attachment) -> bool:
    """May anybody at all read it?"""
    return may_read(attachment, frozenset({ALL}))


@dataclass(frozen=True)
class ItemFiles:
    """What one reader gets of an item's files, in the author's order, for `resources/attachments.html`."""

    readable: tuple[Attachment, ...]
    #: Names of the teacher versions that this reader does not get.
    withheld: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.readable or self.withheld)


def files_for(item: Item, user: AbstractBaseUser | AnonymousUser, *, draft: bool = False) -> ItemFiles:
    """Files of `item`, which `user` is known to be allowed to read; one query, two for a draft.

    `draft`: `item` is the version at /brouillons/, all of whose files its readers get.
    """
    if draft:
        ids = [place.attachment_id for place in item.attachments.all()]
        stored = Attachment.objects.in_bulk(ids)
        files = [stored[pk] for pk in ids if pk in stored]
    else:
        files = [place.attachment for place in item.attachments.select_related("attachment")]
    member = draft or MEMBER in tokens_of(user)
    readable = tuple(file for file in files if member or file.role != AttachmentRole.TEACHER)
    return ItemFiles(readable, tuple(file.name for file in files if file not in readable))
