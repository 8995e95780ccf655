"""Items in every state, for tests that look at them from outside."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone
from wagtail.models import Page, Workflow

from kb.accounts.models import User
from kb.core.folding import fold
from kb.core.readers import State, Visibility
from kb.poles.models import Pole
from resources.item import Item
from resources.models import (
    PracticeSheet,
    TeachingIndex,
    TeachingResource,
    Training,
    TrainingIndex,
    TrainingModule,
)


def bare_item(kind: str, **fields: Any) -> Item:
    """An item that is not saved, with what its model requires."""
    fields = {"summary": f"Résumé : {fields.get('title', '')}", **fields}
    if kind == "teaching":
        return TeachingResource(**{"objective": "<p>Objectif.</p>", "steps": "<p>Étapes.</p>", **fields})
    if kind == "training":
        training = Training(**{"aims": "<p>Objectifs.</p>", **fields})
        training.modules = [
            TrainingModule(
                title="Premier module",
                duration_minutes=10,
                content=[
                    {"type": "text", "value": "<p>Texte <strong>fort</strong>.</p>", "id": str(uuid4())}
                ],
            )
        ]
        return training
    return PracticeSheet(**{"context": "<p>Contexte.</p>", "steps": "<p>Étapes.</p>", **fields})


def make_item(
    kind: str,
    title: str,
    *,
    owner: User | None = None,
    pole: Pole | None = None,
    state: State = State.PUBLISHED,
    visibility: Visibility = Visibility.PUBLIC,
    tags: tuple[str, ...] = (),
    **fields: Any,
) -> Any:
    """An item of `kind` (teaching, training, practice), saved as a draft, then taken to `state`.

    Published means: by Wagtail's own publication of the revision, without a review (tests of the card use
    `approve`).
    """
    item = bare_item(kind, **{"title": title, "slug": fold(title), **fields})
    item.owner, item.visibility, item.pole, item.live = owner, visibility, pole, False
    parent = {"teaching": TeachingIndex, "training": TrainingIndex}.get(kind)
    if parent is None and pole is None:
        raise ValueError("a practice sheet lives under a pôle")
    (parent.objects.get() if parent else Pole.objects.get(pk=pole.pk)).add_child(instance=item)  # type: ignore[union-attr]
    if tags:
        item.tags.add(*tags)
    revision = item.save_revision(user=owner)
    if state == State.PUBLISHED:
        revision.publish(skip_permission_checks=True)
    if state == State.IN_REVIEW:
        submit(item, owner)
    return type(item).objects.get(pk=item.pk)


def make_many(kind: str, parent: Page, numbers: range, **fields: Any) -> None:
    """Live items straight into the tables, without revision or search: only lists look at them."""
    parent = Page.objects.get(pk=parent.pk)
    items = []
    for n in numbers:
        item = bare_item(kind, title=f"Fiche {n}", slug=f"fiche-{n}", **fields)
        item.path, item.depth = Page._get_path(parent.path, parent.depth + 1, n + 1), parent.depth + 1
        item.url_path, item.locale_id = f"{parent.url_path}{item.slug}/", parent.locale_id
        item.live, item.last_published_at = True, timezone.now()
        items.append(item)
    names = [field.attname for field in Page._meta.concrete_fields if field.attname != "id"]
    pages = Page.objects.bulk_create(
        [Page(**{name: getattr(item, name) for name in names}) for item in items]
    )
    for item, page in zip(items, pages, strict=True):
        item.pk = item.id = item.page_ptr_id = item.item_ptr_id = page.pk
        Item(**{f.attname: getattr(item, f.attname) for f in Item._meta.local_concrete_fields}).save_base(
            raw=True
        )
        item.save_base(raw=True)
    Page.objects.filter(pk=parent.pk).update(numchild=len(items) + parent.numchild)


def submit(item: Item, user: AbstractBaseUser | None) -> None:
    Workflow.objects.get().start(item, user)


def approve(item: Item, user: AbstractBaseUser) -> None:
    """What the review's own button does, save the look at the approver's rights."""
    fresh = type(item).objects.get(pk=item.pk)
    fresh.current_workflow_task_state.approve(user=user)
