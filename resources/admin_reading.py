"""What the admin may name to a person: which pages its lists, choosers and forms know.

`Item.visible_in_admin_to` says exactly who may see the latest version of an item. A list cannot ask it of each of
100,000 items: the queries here name at most what it allows, and show the published title where there is one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from wagtail.models import (
    Page,
    Revision,
    WorkflowState,
    get_default_page_content_type,
    get_page_models,
)

from kb.accounts.tokens import is_coordination, tokens_of
from kb.core.pages import BasePage
from kb.core.readers import readers_of

from .item import Item

Person = AbstractBaseUser | AnonymousUser

#: Who looks at the admin at this moment, for what Wagtail renders without saying for whom (resources.admin_gate).
looking: ContextVar[Person | None] = ContextVar("looking", default=None)

#: What stands in the place of a title that the person may not read.
HIDDEN_TITLE = "Page que vous ne pouvez pas consulter"


def items_named_to(user: Person) -> QuerySet[Item]:
    """Items whose title a list of the admin may show to `user`."""
    if is_coordination(user):
        everything: QuerySet[Item] = Item.objects.all()
        return everything
    readable = Item.objects.readable_by(user).values("pk")
    if not user.is_active:  # nobody at all has no key, and « no owner » is not « my own »
        return Item.objects.filter(pk__in=readable)
    mine = Q(owner=user.pk) | Q(pk__in=_drafts_read_by(user))
    waiting = Q(live=False, pole__in=_staffed(user), pk__in=_in_review())
    named = Item.objects.filter(mine | waiting).values("pk")
    found: QuerySet[Item] = Item.objects.filter(Q(pk__in=named) | Q(pk__in=readable))
    return found


def pages_named_to(user: Person) -> QuerySet[Page]:
    """Items as above; of the pages that hold them, the published ones."""
    pages: QuerySet[Page] = Page.objects.all()
    if is_coordination(user):
        return pages
    kinds = [model for model in get_page_models() if issubclass(model, Item)]
    of_items = [content_type.pk for content_type in ContentType.objects.get_for_models(*kinds).values()]
    return pages.filter(
        Q(live=True) & ~Q(content_type__in=of_items) | Q(pk__in=items_named_to(user).values("pk"))
    )


def parents_named_to(user: Person) -> QuerySet[Page]:
    """Pages under which others can be written."""
    holders = tuple(model for model in get_page_models() if model.allowed_subpage_models())
    parents: QuerySet[Page] = pages_named_to(user).exact_type(*holders)  # type: ignore[attr-defined]
    return parents


def is_named_to(page: Page, user: Person) -> bool:
    """May the admin show the title of this stored page to `user`?"""
    return pages_named_to(user).filter(pk=page.pk).exists()


def is_visible_to(page: Page, user: Person) -> bool:
    """May the admin open this page, latest version included, for `user`?"""
    specific = page.specific
    if is_coordination(user):
        return True
    return specific.visible_in_admin_to(user) if isinstance(specific, BasePage) else bool(page.live)


def is_version_visible_to(page: Page, revision: Revision, user: Person) -> bool:
    """May the admin show this older version? Who reads a page today need not have been invited to its first draft."""
    specific = page.specific
    if is_coordination(user) or not isinstance(specific, Item):
        return is_visible_to(page, user)
    return not readers_of(specific.version_at(revision)).isdisjoint(tokens_of(user))


def is_named_to_who_looks(page: Page) -> bool:
    person = looking.get()
    return person is not None and is_named_to(page, person)


def guard_chooser(widget: Any, user: Person) -> None:
    """Makes a page chooser show no title that `user` may not read, whatever was chosen before or posted now.

    What was posted and can be no id is an id that nothing has; Wagtail's own fails on it.
    """
    sent: Callable[..., Any] = widget.value_from_datadict
    shown: Callable[[Page], str] = widget.get_display_title
    found: Callable[[Any], Page | None] = widget.get_instance
    widget.get_display_title = lambda page: shown(page) if is_named_to(page, user) else HIDDEN_TITLE
    widget.value_from_datadict = lambda *form: _possible_id(sent(*form))
    widget.get_instance = lambda value: (
        found(value) if isinstance(value, Page) or str(value).isdecimal() else None
    )


def _possible_id(value: Any) -> Any:
    text = str(value or "")
    return value if not text or (text.isdecimal() and len(text) < 19) else "0"


def _drafts_read_by(user: Person) -> list[int]:
    """Ids of what is offline and names the person as an author or reader, in its latest version too.

    A row that was published holds its published version: who was taken off a newer one since is asked one by one.
    """
    named = Item.objects.filter(Q(authors=user.pk) | Q(draft_readers=user.pk), live=False).distinct()
    return [
        item.pk
        for item in named.specific()
        if item.first_published_at is None or item.visible_in_admin_to(user)
    ]


def _staffed(user: Person) -> list[int]:
    return [int(token.partition(":")[2]) for token in tokens_of(user) if token.startswith("staff:")]


def _in_review() -> list[int]:
    """Ids of the pages that wait for a decision: few, so they are read rather than joined as text."""
    waiting = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_IN_PROGRESS, base_content_type=get_default_page_content_type()
    )
    return [int(pk) for pk in waiting.values_list("object_id", flat=True)]
