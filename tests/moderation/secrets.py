"""Items whose every word is secret, in every state; and a walk over all addresses of the admin."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from wagtail.models import Task, TaskState, Workflow, WorkflowState

from kb.core.readers import State, Visibility
from kb.moderation.retiring import retire
from kb.poles.models import Pole
from resources.models import PracticeSheet
from tests.resources.files import places, stored

from ..items import approve, make_item, submit
from ..people import People
from ..worker import do_tasks

#: Stands in every secret title, summary, tag, file name and comment, and in nothing else.
SECRET = "kappa"
#: What somebody who knows the beginning of a title or a tag would look for: an answer repeats the question.
KNOWN_TITLE, KNOWN_TAG = "Zyxwv", "qwxz"


@dataclass
class Secrets:
    """`items` by what is secret about them; `own` is a draft of the second pôle's animateur."""

    people: People
    items: dict[str, Any]
    own: PracticeSheet


def _secret(people: People, name: str, kind: str = "practice", **fields: Any) -> Any:
    item = make_item(
        kind,
        f"{KNOWN_TITLE} {SECRET} {name}",
        owner=fields.pop("owner", people.facilitator),
        pole=people.pole,
        state=State.DRAFT,
        tags=(f"{KNOWN_TAG} {SECRET} {name}",),
        summary=f"Résumé {SECRET}",
        **fields,
    )
    draft = item.get_latest_revision_as_object()
    draft.attachments = places(stored(f"{SECRET}-{name}.pdf", user=item.owner))
    draft.save()  # as the admin's form does with what is not published
    draft.save_revision(user=item.owner)
    return type(item).objects.get(pk=item.pk)


def make_secrets(people: People, reviewer: Any, *, pole_only: bool) -> Secrets:
    """`pole_only` adds a published item of the first pôle's members, which its teachers may read."""
    items = {"draft": _secret(people, "draft"), "waiting": _secret(people, "waiting")}
    submit(items["waiting"], people.facilitator)
    items["refused"] = _secret(people, "refused")
    submit(items["refused"], people.facilitator)
    state = PracticeSheet.objects.get(pk=items["refused"].pk).current_workflow_task_state
    state.reject(user=reviewer, comment=f"Commentaire {SECRET}")
    items["retired"] = _secret(people, "retired")
    submit(items["retired"], people.facilitator)
    approve(items["retired"], reviewer)
    retire(PracticeSheet.objects.get(pk=items["retired"].pk), people.coordination, f"Motif {SECRET}")
    items["resource"] = _secret(people, "resource", "teaching", owner=people.author)
    items["changed"] = _changed(people, reviewer)
    if pole_only:
        items["pole"] = _secret(people, "pole", visibility=Visibility.POLE)
        submit(items["pole"], people.facilitator)
        approve(items["pole"], reviewer)
    own = make_item(
        "practice", "La mienne", owner=people.other_facilitator, pole=people.other_pole, state=State.DRAFT
    )
    do_tasks()  # the admin's own search and the index of what names what
    return Secrets(people, {name: type(item).objects.get(pk=item.pk) for name, item in items.items()}, own)


def _changed(people: People, reviewer: Any) -> PracticeSheet:
    """Published under an open title; its newer draft is secret."""
    page = make_item(
        "practice", "Au grand jour", owner=people.facilitator, pole=people.pole, state=State.DRAFT
    )
    submit(page, people.facilitator)
    approve(page, reviewer)
    page = PracticeSheet.objects.get(pk=page.pk)
    page.title, page.slug = f"{KNOWN_TITLE} {SECRET} changed", f"{SECRET}-changed"
    page.summary = f"Résumé {SECRET}"
    page.tags.add(f"{KNOWN_TAG} {SECRET} changed")
    page.attachments = places(stored(f"{SECRET}-changed.pdf", user=people.facilitator))
    page.save_revision(user=people.facilitator)
    return page


def names() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(name, route, converters) of every named address under /admin/, once each."""

    def walk(patterns: list[Any], namespace: str, route: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for pattern in patterns:
            here = route + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern.url_patterns, inner, here)
            elif isinstance(pattern, URLPattern) and pattern.name and here.startswith("admin/"):
                regex = getattr(pattern.pattern, "regex", None)
                kwargs = dict(pattern.pattern.converters) or dict.fromkeys(regex.groupindex if regex else ())
                yield f"{namespace}{pattern.name}", here, kwargs

    yield from walk(get_resolver().url_patterns, "", "")


#: Under these names an address carries the id of a page, whatever its name.
PAGE_KEYS = {"page_id", "parent_page_id", "page_to_move_id", "page_pk", "object_id"}


def _values(secrets: Secrets, item: Any) -> dict[str, list[Any]]:
    revisions = list(item.revisions.order_by("pk").values_list("pk", flat=True))
    states = WorkflowState.objects.for_instance(item)
    tasks = TaskState.objects.filter(workflow_state__in=states).values_list("pk", flat=True)
    page, pole = item.pk, secrets.people.other_pole.pk
    return {
        "page_id": [page],
        "parent_page_id": [page, Pole.objects.get(pk=secrets.people.pole.pk).pk, pole],
        "page_to_move_id": [page],
        "destination_id": [pole],
        "pk": [page, 1],
        "object_id": [str(page)],
        "revision_id": revisions,
        "revision_id_a": ["live", "earliest", *revisions[:1]],
        "revision_id_b": ["latest", *revisions[-1:]],
        "task_state_id": [*tasks, 999],
        "workflow_state_id": [*states.values_list("pk", flat=True), 999],
        "task_id": [Task.objects.get().pk],
        "workflow_pk": [Workflow.objects.get().pk],
        "page_pk": [page],
        "action_name": ["approve", "reject"],
        "action": ["publish", "delete", "move", "unpublish"],
        "app_label": ["wagtailcore", "resources"],
        "model_name": ["page", "practicesheet"],
        "content_type_app_name": ["resources"],
        "content_type_model_name": ["practicesheet", "teachingresource"],
        "app_name": ["vocabulary"],
    }


def queries(secrets: Secrets) -> list[str]:
    """Query strings that make a list, a search, a chooser, an export or a bulk action speak."""
    ids = "&".join(f"id={item.pk}" for item in secrets.items.values())
    pole = secrets.people.pole.pk
    return [
        f"?q={KNOWN_TITLE}",
        f"?q={KNOWN_TITLE}&search_all=1&page_type=resources.practicesheet",
        f"?term={KNOWN_TAG}",
        f"?{ids}",
        f"?id=all&childOf={pole}",
        "?export=csv",
        f"?child_of={pole}&for_explorer=1",
        f"?descendant_of={pole}&fields=*",
        "?page_type=resources.practicesheet&multiple=1&user_perms=copy_to",
        f"?owner={secrets.people.facilitator.pk}&search_all=1",
    ]


def addresses(secrets: Secrets) -> Iterator[tuple[str, str, bool]]:
    """Every address of the admin, with every secret item in every place where one fits: the name of its view, itself,
    and whether it is about one thing: what lists reads its question, what is about one page its address."""
    for name, _, kwargs in names():
        if name.endswith("logout"):
            continue
        seen: set[str] = set()
        about_a_page = "pages" in name or not PAGE_KEYS.isdisjoint(kwargs)
        for item in list(secrets.items.values())[: None if about_a_page else 1]:
            values = _values(secrets, item)
            for chosen in itertools.product(*(values.get(key, [1]) for key in kwargs)):
                try:
                    seen.add(reverse(name, kwargs=dict(zip(kwargs, chosen, strict=True))))
                except NoReverseMatch:
                    continue
        yield from ((name, address, bool(kwargs)) for address in sorted(seen))


def tells(answer: Any) -> bool:
    """Does an answer of the server say the secret, in its text or in where it sends?"""
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    where = answer.headers.get("location", "")
    return SECRET in (text.decode("utf-8", "replace") + where).casefold()


def heard(client: Client, secrets: Secrets, only: Collection[str] = ()) -> list[str]:
    """« view address » of each answer that says the secret: every address is asked by itself, as a script asks, and
    with each question. What is not there is asked once more, with all questions at a time. `only`: these views, until
    each was heard."""
    found: list[str] = []

    def ask(name: str, address: str, **headers: str) -> int:
        answer = client.get(address, headers=headers)
        if tells(answer):
            found.append(f"{name} {address}")
        return int(answer.status_code)

    asked = queries(secrets)
    together = "?" + "&".join(query.removeprefix("?") for query in asked)
    for name, address, about_one in addresses(secrets):
        if only and (name not in only or (found and found[-1].startswith(f"{name} "))):
            continue
        if ask(name, address) == 404:
            if not about_one:
                ask(name, address + together)
            continue
        ask(name, address, **{"x-requested-with": "XMLHttpRequest"})
        for query in () if about_one else asked:
            ask(name, address + query)
    return found
