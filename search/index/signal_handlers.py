"""Every change that alters a document writes its rows in the outbox, in the transaction of the change.

Wagtail's own signals are not used: `page_slug_changed` is sent after the commit, `page_published`, `page_unpublished`
and `post_page_move` after the save, which outside a request is another transaction. `pre_save` stands inside the one
that `Page.save()` always opens, whoever publishes, retires, moves or renames. For models without such a transaction
it stands before the write: `record` then refuses a change made outside `transaction.atomic()` before it is made.

`QuerySet.update()` and bulk inserts send no signal: who uses them sends `items_changed`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.models import Page, get_page_models

from kb.core.signals import items_changed
from kb.poles.models import EmploymentZone
from kb.vocabulary.models import Tag, Term
from resources.models import Item

from . import affected
from .outbox import record

#: Fields that Wagtail writes alone when a draft is saved, locked or reviewed; no document shows any of them.
BOOKKEEPING = frozenset(
    {
        "draft_title",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
        "locked",
        "locked_at",
        "locked_by",
    }
)
#: What a document takes from each of these models.
SHOWN: dict[type[Model], tuple[str, ...]] = {
    Term: ("facet", "slug", "label", "replaced_by_id"),
    Tag: ("name", "slug"),
    EmploymentZone: ("department",),
}
AFFECTED: dict[type[Model], Any] = {
    Term: affected.by_term,
    Tag: affected.by_tag,
    EmploymentZone: affected.by_zone,
}


def page_will_be_saved(
    instance: Page, raw: bool = False, update_fields: Collection[str] | None = None, **kwargs: Any
) -> None:
    if raw or instance._state.adding or (update_fields is not None and BOOKKEEPING.issuperset(update_fields)):
        return
    record(affected.by_saving(instance))


def item_was_created(instance: Item, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if created and instance.live and not raw:
        record([instance.pk])


def item_was_deleted(instance: Item, **kwargs: Any) -> None:
    record([instance.pk])


def will_be_saved(instance: Model, raw: bool = False, **kwargs: Any) -> None:
    """A term, tag or zone, when something that documents show of it changes."""
    if raw or instance._state.adding:
        return
    model = type(instance)
    stored = model._default_manager.filter(pk=instance.pk).values(*SHOWN[model]).first()
    if stored is not None and any(getattr(instance, name) != value for name, value in stored.items()):
        record(AFFECTED[model](instance))


def will_be_deleted(instance: Model, **kwargs: Any) -> None:
    record(AFFECTED[type(instance)](instance))


def items_were_changed(ids: Iterable[int], **kwargs: Any) -> None:
    record(ids)


def connect() -> None:
    for page in (Page, *get_page_models()):
        pre_save.connect(
            page_will_be_saved, sender=page, dispatch_uid=f"search_save_{page._meta.label_lower}"
        )
        if issubclass(page, Item):
            post_save.connect(
                item_was_created, sender=page, dispatch_uid=f"search_new_{page._meta.label_lower}"
            )
    # Sent for the `Item` part of every kind, whether its page, an ancestor or a pôle is deleted.
    post_delete.connect(item_was_deleted, sender=Item, dispatch_uid="search_delete_item")
    for model in SHOWN:
        name = model._meta.label_lower
        pre_save.connect(will_be_saved, sender=model, dispatch_uid=f"search_save_{name}")
        pre_delete.connect(will_be_deleted, sender=model, dispatch_uid=f"search_delete_{name}")
    items_changed.connect(items_were_changed, dispatch_uid="search_items_changed")
