"""Every way to the public that was tried: each is what a browser, or a forged request, would send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Task, Workflow

from kb.core.readers import State
from kb.poles.models import Pole
from resources.models import AttachmentRole, Item

from ..admin_form import fields_of
from ..items import approve, make_item, submit
from ..people import People
from ..resources.files import new_version, stored


@dataclass
class World:
    """Three items of one person: a draft, one in review in which the coordination wrote, one published with a newer
    draft beside it that says all otherwise; and the form of each, as its owner sees it."""

    people: People
    kind: str
    parent: Page
    draft: Item
    waiting: Item
    published: Item
    older_revision: int
    older_form: dict[str, Any]
    forms: dict[int, dict[str, Any]]

    def fresh(self, name: str) -> Any:
        """What the database says of one of them now."""
        held = getattr(self, name)
        return type(held).objects.get(pk=held.pk)


def make_world(people: People, reviewer: Any, kind: str = "practice") -> World:
    """Sheets of the facilitator, resources (`teaching`) of the author, or trainings of the coordination."""
    owner = {"practice": people.facilitator, "teaching": people.author, "training": people.coordination}[kind]

    def begun(title: str) -> Any:
        return make_item(kind, title, owner=owner, pole=people.pole, state=State.DRAFT)

    draft, waiting, published = begun("Brouillon"), begun("En attente"), begun("En ligne")
    older = published.latest_revision_id
    new_version(published, stored("montrée.pdf", AttachmentRole.PUPIL, owner), user=owner, tags=["montré"])
    submit(published, owner)
    approve(published, reviewer)
    published = type(published).objects.get(pk=published.pk)
    later = {"title": "En ligne, changée", "summary": "Autre", "visibility": "members", "tags": ["cachée"]}
    new_version(published, stored("cachée.pdf", AttachmentRole.PUPIL, owner), user=owner, **later)
    author = Client()
    author.force_login(owner)
    forms = {
        page.pk: fields_of(author, reverse("wagtailadmin_pages:edit", args=[page.pk]))
        for page in (draft, waiting, published)
    }
    older_form = fields_of(author, reverse("wagtailadmin_pages:revisions_revert", args=[published.pk, older]))
    waiting.save_revision(user=people.coordination)
    submit(waiting, owner)
    return World(people, kind, draft.get_parent(), draft, waiting, published, older, older_form, forms)


def public() -> dict[int, tuple[Any, ...]]:
    """What the public may get: the published pages, where they are and what they say, who may read them, and what
    hangs on them."""
    return {
        page.pk: (page.title, page.url_path, page.live_revision_id, page.expired, _said(page.specific))
        for page in Page.objects.filter(live=True)
    }


def _said(page: Page) -> tuple[Any, ...]:
    if not isinstance(page, Item):
        return ()
    return (
        page.summary,
        page.visibility,
        page.pole_id,
        page.sections(),
        sorted(tag.name for tag in page.tags.all()),
        sorted(str(held.attachment) for held in page.holdings.filter(in_public=True)),
    )


def _edit(client: Client, world: World, page: Item, **posted: str) -> None:
    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), {**world.forms[page.pk], **posted})


def _api(action: str, **data: Any) -> Callable[[Client, World], None]:
    def attempt(client: Client, world: World) -> None:
        client.post(
            f"/admin/api/main/pages/{world.draft.pk}/action/{action}/", data, content_type="application/json"
        )

    return attempt


def publish_button(client: Client, world: World) -> None:
    _edit(client, world, world.draft, **{"action-publish": "1"})


def publish_button_on_published(client: Client, world: World) -> None:
    _edit(client, world, world.published, **{"action-publish": "1"})


def publish_button_in_review(client: Client, world: World) -> None:
    _edit(client, world, world.waiting, **{"action-publish": "1"})


def publish_while_creating(client: Client, world: World) -> None:
    model = type(world.draft)._meta.model_name
    address = reverse("wagtailadmin_pages:add", args=["resources", model, world.parent.pk])
    form = {**world.forms[world.draft.pk], "slug": "neuve", "title": "Neuve"}
    client.post(address, {**form, "action-publish": "1"})


def schedule(client: Client, world: World) -> None:
    _edit(client, world, world.draft, go_live_at="2020-01-01 08:00", expire_at="2099-01-01 08:00")
    _edit(client, world, world.draft, go_live_at="2020-01-01 08:00", **{"action-submit": "1"})
    call_command("publish_scheduled")


def expire(client: Client, world: World) -> None:
    _edit(client, world, world.published, expire_at="2020-01-01 08:00")
    call_command("publish_scheduled")


def _bulk(action: str, *pages: Any, **data: str) -> Callable[[Client, World], None]:
    def attempt(client: Client, world: World) -> None:
        ids = "&".join(f"id={getattr(world, name).pk}" for name in pages)
        client.post(f"/admin/bulk/wagtailcore/page/{action}/?{ids}", data)

    return attempt


def bulk_move(client: Client, world: World) -> None:
    client.post(
        f"/admin/bulk/wagtailcore/page/move/?id={world.published.pk}",
        {"chooser": str(world.people.other_pole.pk)},
    )


def unpublish(client: Client, world: World) -> None:
    client.post(reverse("wagtailadmin_pages:unpublish", args=[world.published.pk]), {"next": ""})


def delete(client: Client, world: World) -> None:
    client.post(reverse("wagtailadmin_pages:delete", args=[world.published.pk]))


def _copy(**options: str) -> Callable[[Client, World], None]:
    def attempt(client: Client, world: World) -> None:
        for page in (world.published, world.draft):
            client.post(
                reverse("wagtailadmin_pages:copy", args=[page.pk]),
                {
                    "new_title": "Copie",
                    "new_slug": f"copie-{page.pk}",
                    "new_parent_page": str(world.parent.pk),
                    **options,
                },
            )

    return attempt


def move(client: Client, world: World) -> None:
    target = world.people.other_pole
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[world.published.pk, target.pk]))


def reorder(client: Client, world: World) -> None:
    client.post(reverse("wagtailadmin_pages:set_page_position", args=[world.published.pk]) + "?position=0")


def revert(client: Client, world: World) -> None:
    address = reverse("wagtailadmin_pages:revisions_revert", args=[world.published.pk, world.older_revision])
    form = world.older_form
    client.post(address, {**form, "action-publish": "1"})
    client.post(address, {**form, "action-workflow-action": "1", "workflow-action-name": "approve"})


def _task_state(world: World) -> Any:
    return world.fresh("waiting").current_workflow_task_state


def approve_by_address(client: Client, world: World) -> None:
    state = _task_state(world)
    for page in (world.waiting, world.draft, world.published):  # a task state under another page's address
        client.post(
            reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]),
            {"comment": ""},
        )
        client.post(
            reverse("wagtailadmin_pages:collect_workflow_action_data", args=[page.pk, "approve", state.pk]),
            {"comment": ""},
        )
    client.post(reverse("wagtailadmin_pages:confirm_workflow_cancellation", args=[world.waiting.pk]))


def approve_in_the_form(client: Client, world: World) -> None:
    _edit(
        client,
        world,
        world.waiting,
        title="Changée en approuvant",
        **{"action-workflow-action": "1", "workflow-action-name": "approve"},
    )
    latest = world.fresh("waiting").latest_revision_id
    _edit(
        client,
        world,
        world.waiting,
        loaded_revision_id=str(latest),
        **{
            "action-workflow-action": "1",
            "workflow-action-name": "approve",
            "workflow-action-extra-data": '{"update": false, "comment": ""}',
        },
    )


def cancel_restart_resume(client: Client, world: World) -> None:
    for action in ("action-cancel-workflow", "action-submit", "action-restart-workflow", "action-publish"):
        _edit(client, world, world.waiting, **{action: "1"})


def write_over_the_revision(client: Client, world: World) -> None:
    latest = world.fresh("published").live_revision_id
    _edit(client, world, world.published, title="Écrasée", overwrite_revision_id=str(latest))


def switch_the_task_off(client: Client, world: World) -> None:
    task = Task.objects.get()
    client.post(reverse("wagtailadmin_workflows:disable_task", args=[task.pk]))
    _edit(client, world, world.draft, **{"action-submit": "1"})


def switch_the_workflow_off(client: Client, world: World) -> None:
    workflow = Workflow.objects.get()
    client.post(reverse("wagtailadmin_workflows:disable", args=[workflow.pk]))
    _edit(client, world, world.draft, **{"action-submit": "1"})


def make_another_task(client: Client, world: World) -> None:
    client.post(
        reverse("wagtailadmin_workflows:add_task", args=["wagtailcore", "groupapprovaltask"]),
        {"name": "Tout passe", "groups": ["1"]},
    )


def retire_without_reason(client: Client, world: World) -> None:
    client.post(reverse("retire", args=[world.published.pk]), {"reason": "   "})


def edit_the_pole(client: Client, world: World) -> None:
    pole = Pole.objects.get(pk=world.people.pole.pk)
    form = {"title": "Pôle renommé", "slug": "renomme", "introduction": "null"}
    client.post(reverse("wagtailadmin_pages:edit", args=[pole.pk]), {**form, "action-publish": "1"})


def delete_the_pole(client: Client, world: World) -> None:
    client.post(reverse("wagtailadmin_pages:delete", args=[world.people.pole.pk]))
    client.post(f"/admin/bulk/wagtailcore/page/delete/?id={world.people.pole.pk}")


#: Name → the attempt, and whether an administrator reaches the public by it: that it could work for somebody shows
#: that it is well made.
ATTEMPTS: dict[str, tuple[Callable[[Client, World], None], bool]] = {
    "publish button": (publish_button, True),
    "publish button on a published page": (publish_button_on_published, True),
    "publish button in review": (publish_button_in_review, True),
    "publish while creating": (publish_while_creating, True),
    "schedule": (schedule, False),
    "expire": (expire, False),
    "bulk publish": (_bulk("publish", "draft", "published"), True),
    "bulk unpublish": (_bulk("unpublish", "published"), True),
    "bulk delete": (_bulk("delete", "published"), True),
    "bulk move": (bulk_move, True),
    "unpublish": (unpublish, True),
    "delete": (delete, True),
    "copy and publish": (_copy(publish_copies="on"), False),
    "alias": (_copy(alias="on"), False),
    "move": (move, True),
    "reorder": (reorder, False),
    "older revision": (revert, True),
    "approve by its address": (approve_by_address, False),
    "approve in the form": (approve_in_the_form, False),
    "cancel, submit, restart": (cancel_restart_resume, True),
    "write over a revision": (write_over_the_revision, False),
    "switch the task off": (switch_the_task_off, False),
    "switch the workflow off": (switch_the_workflow_off, False),
    "another task": (make_another_task, False),
    "API: publish": (_api("publish"), False),
    "API: alias": (_api("create_alias", destination_page_id=2), False),
    "API: copy": (_api("copy", keep_live=True), False),
    "retire without a reason": (retire_without_reason, False),
    "edit the pôle": (edit_the_pole, True),
    "delete the pôle": (delete_the_pole, False),
}
