"""Takes demo items through the real path: written by one person, submitted, approved by another, then dated back.

All files are read and checked before anything is written, and everything is written in one transaction: a broken
file leaves nothing behind. Items that are there already are left alone.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.blocks import StreamBlockValidationError
from wagtail.models import Page, PageLogEntry, Revision, TaskState, WorkflowState

from kb.accounts.models import User
from kb.core.html import clean_html
from kb.core.mail import deliver
from kb.core.readers import Visibility
from kb.poles.models import Pole
from kb.vocabulary.models import Term
from resources.attachments.models import Attachment, AttachmentRole
from resources.attachments.storing import store
from resources.models import (
    Item,
    ItemAttachment,
    Licence,
    PracticeResult,
    PracticeSheet,
    TeachingIndex,
    TeachingResource,
    Training,
    TrainingIndex,
    TrainingModule,
)

from .accounts import DOMAIN, PEOPLE, POLES, load_people, person
from .demo_file import FACETS, KINDS, MODULE, DemoFileError, DemoItem, read_item
from .markdown import to_html
from .odt import to_odt
from .pdf import to_pdf
from .training_file import read_module

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"
_LICENCES = {label: value for value, label in Licence.choices}
_SECTION_FIELDS = {
    "teaching": ("objective", "material", "steps", "differentiation", "assessment"),
    "practice": (
        "context",
        "aim",
        "steps",
        "partners",
        "means",
        "success_factors",
        "failures",
        "transfer",
        "contact",
    ),
}


class DemoFilesError(Exception):
    """Everything that is wrong in the demo files, one line each."""

    def __init__(self, errors: Iterable[DemoFileError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))


@dataclass
class Tally:
    made: int = 0
    kept: int = 0


def read_folder(folder: Path = FOLDER) -> list[DemoItem]:
    """All items of the folder, oldest proposal first; raises DemoFilesError with every fault of every file."""
    items: list[DemoItem] = []
    errors: list[DemoFileError] = []
    for path in sorted(path for kind in KINDS for path in (folder / kind).glob("*.md")):
        try:
            item = read_item(path)
            _check_names(item, folder)
            items.append(item)
        except DemoFileError as error:
            errors.append(error)
    published = {
        item.slug for item in items if item.kind == "practice" and item.values["state"] == "published"
    }
    errors += [
        item.error(
            "based_on", f"aucune fiche de pratique publiée ne s’appelle « {item.values['based_on']} »."
        )
        for item in items
        if "based_on" in item.values and item.values["based_on"] not in published
    ]
    if errors:
        raise DemoFilesError(errors)
    last = datetime.date.max
    return sorted(
        items, key=lambda item: (item.values.get("approved", item.values.get("proposed", last)), item.slug)
    )


def _check_names(item: DemoItem, folder: Path) -> None:
    """What the text names must exist: people, pôles, terms, roles, licences, sources of files."""
    for key, known in (
        ("author", PEOPLE),
        ("approver", PEOPLE),
        ("pole", POLES),
        ("visibility", Visibility.values),
        ("licence", _LICENCES),
    ):
        if key in item.values and item.values[key] not in known:
            raise item.error(key, f"« {item.values[key]} » n’est pas connu : {', '.join(known)}.")
    for facet in FACETS:
        known_terms = set(Term.objects.filter(facet=facet).values_list("slug", flat=True))
        for slug in item.values[facet]:
            if slug not in known_terms:
                raise item.error(facet, f"le terme « {slug} » n’existe pas dans ce vocabulaire.")
    for number, row in enumerate(item.values.get("files", [])):
        if row["role"] not in AttachmentRole.values:
            raise item.error("files", f"la nature « {row['role']} » n’existe pas.", number)
        if not (folder / "files" / row["source"]).is_file():
            raise item.error("files", f"le fichier files/{row['source']} n’existe pas.", number)


@transaction.atomic
def load_demo(folder: Path = FOLDER) -> Tally:
    """Loads people, pôles and the items that are missing."""
    items = read_folder(folder)
    started = timezone.now()
    load_people()
    tally = Tally()
    for item in items:
        parent = _parent(item)
        # Wherever it was moved since; and a pôle that was closed or merged takes no new sheet.
        moved_on = isinstance(parent, Pole) and not parent.is_open
        if moved_on or Item.objects.filter(slug=item.slug).exists():
            tally.kept += 1
            continue
        try:
            _take_through(item, parent, folder)
        except ValidationError as error:
            # The title alone is checked by itself before a page is added: that error names no field.
            key, messages = next(iter(getattr(error, "message_dict", {"title": error.messages}).items()))
            raise DemoFilesError([item.error(key, f"{key} : {' '.join(messages)}")]) from error
        tally.made += 1
    _forget_mails(started)
    return tally


def _forget_mails(since: datetime.datetime) -> None:
    """Decisions of months ago send no mail today: those that the real path just queued for demo people go again."""
    mails = DBTaskResult.objects.filter(
        task_path=deliver.module_path, status=TaskResultStatus.READY, enqueued_at__gte=since
    )
    mails.filter(args_kwargs__icontains=f"@{DOMAIN}").delete()


def _parent(item: DemoItem) -> Page:
    if item.kind == "practice":
        parent: Page = Pole.objects.get(slug=item.values["pole"])
    elif item.kind == "training":
        parent = TrainingIndex.objects.get()
    else:
        parent = TeachingIndex.objects.get()
    return parent


def _take_through(item: DemoItem, parent: Page, folder: Path) -> None:
    author = person(item.values["author"])
    page = _build(item, author)
    parent.add_child(instance=page)
    _hang(page, item, author, folder)
    page.save_revision(user=author, log_action=True)
    state = item.values["state"]
    if state != "draft":
        page.get_workflow().start(page, author)
    if state in ("published", "refused"):
        _decide(page, person(item.values["approver"]), item.values.get("refusal"))
    _date_back(page, item)
    if "reread" in item.values:
        _read_again(page, item)


def _read_again(page: Item, item: DemoItem) -> None:
    """Nothing has changed and somebody has looked: a second version of the same text, approved in its turn."""
    author = person(item.values["author"])
    fresh: Item = type(page).objects.get(pk=page.pk)
    revision = fresh.save_revision(user=author, log_action=True)
    fresh.get_workflow().start(fresh, author)
    _decide(fresh, person(item.values["approver"]), None)
    moment = _moment(item.values["reread"], 15)
    Revision.objects.filter(pk=revision.pk).update(created_at=moment)
    states = TaskState.objects.filter(revision=revision)
    WorkflowState.objects.filter(task_states__in=states).update(created_at=moment)
    states.update(started_at=moment, finished_at=moment + datetime.timedelta(minutes=30))
    PageLogEntry.objects.filter(page=page, timestamp__gt=timezone.now() - datetime.timedelta(hours=1)).update(
        timestamp=moment
    )
    Page.objects.filter(pk=page.pk).update(
        last_published_at=moment + datetime.timedelta(minutes=30), latest_revision_created_at=moment
    )


def _build(item: DemoItem, author: User) -> Item:
    values = item.values
    page: Item = {"teaching": TeachingResource, "training": Training, "practice": PracticeSheet}[item.kind](
        title=values["title"],
        slug=item.slug,
        summary=values["summary"],
        visibility=values["visibility"],
        review_by=values.get("review_by"),
        owner=author,
        live=False,
        is_demonstration=True,
    )
    for name, section in zip(_SECTION_FIELDS.get(item.kind, ()), item.sections, strict=False):
        setattr(page, name, clean_html(to_html(section.markdown)))
    if isinstance(page, TeachingResource):
        page.duration_minutes = values["duration_minutes"]
        page.licence = _LICENCES[values["licence"]]
    if isinstance(page, Training):
        page.duration_minutes = values["duration_minutes"]
        page.aims = clean_html(to_html("\n".join(f"- {aim}" for aim in values["aims"])))
    if "pole" in values:
        page.pole = Pole.objects.get(slug=values["pole"])
    return page


def _hang(page: Item, item: DemoItem, author: User, folder: Path) -> None:
    """What is kept beside the page's own row; it goes to the public only with the approved revision."""
    values = item.values
    page.authors.set([author])
    page.terms.set(Term.objects.filter(pk__in=_term_ids(item)))
    page.tags.add(*values["tags"])
    # Rows without a rank would come back in another order as soon as one of them is written again.
    for rank, row in enumerate(values.get("files", [])):
        content = _file(row["name"], (folder / "files" / row["source"]).read_text(encoding="utf-8"))
        attachment: Attachment = store(ContentFile(content, row["name"]), row["name"], row["role"], author)
        page.attachments.add(ItemAttachment(attachment=attachment, sort_order=rank))
    if isinstance(page, PracticeSheet):
        for rank, row in enumerate(values["results"]):
            page.results.add(
                PracticeResult(
                    indicator=row["indicator"],
                    before=row["before"],
                    after=row["after"],
                    unit=row["unit"],
                    is_example=row["example"],
                    sort_order=rank,
                )
            )
        if "based_on" in values:
            page.based_on = PracticeSheet.objects.get(slug=values["based_on"])
    if isinstance(page, Training):
        for rank, section in enumerate(item.sections):
            found = MODULE.fullmatch(section.heading)
            assert found is not None  # noqa: S101  (read_item has checked it)
            parsed = read_module(section.markdown)
            module = TrainingModule(
                title=found[2],
                duration_minutes=int(found[3]),
                content=parsed.content,
                quiz=parsed.quiz,
                pass_mark=parsed.pass_mark,
                sort_order=rank,
            )
            try:
                for stream in (module.content, module.quiz):
                    stream.stream_block.clean(stream)  # as the editor's form does
            except StreamBlockValidationError as error:
                what = json.dumps(error.as_json_data(), ensure_ascii=False)
                raise DemoFileError(item.path, section.line, f"module refusé : {what}") from error
            page.modules.add(module)


def _file(name: str, markdown: str) -> bytes:
    """In the format that its name says."""
    if name.endswith(".pdf"):
        first = markdown.partition("\n")[0]
        return to_pdf(markdown, title=first.removeprefix("# "))
    return to_odt(markdown)


def _term_ids(item: DemoItem) -> list[int]:
    return [
        pk
        for facet in FACETS
        for pk in Term.objects.filter(facet=facet, slug__in=item.values[facet]).values_list("pk", flat=True)
    ]


def _decide(page: Item, reviewer: User, refusal: str | None) -> None:
    """Approves or refuses as the admin's view does: only what the task offers to this person."""
    task_state = page.current_workflow_task_state
    task = task_state.task.specific
    action = "reject" if refusal else "approve"
    if action not in {name for name, *_ in task.get_actions(page, reviewer)}:
        raise PermissionError(f"{reviewer} ne peut pas décider de « {page.title} ».")
    task.on_action(task_state, reviewer, action, **({"comment": refusal} if refusal else {}))


def _moment(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def _date_back(page: Item, item: DemoItem) -> None:
    """Gives the rows that were written just now the dates of the demo's story."""
    values: dict[str, Any] = dict(item.values)
    proposed = _moment(values["proposed"], 9) if "proposed" in values else timezone.now()
    day = values.get("approved") or values.get("refused")
    decided = _moment(day, 15) if day else None
    object_id = str(page.pk)
    rows = Revision.objects.for_instance(page)
    rows.update(created_at=proposed)
    Page.objects.filter(pk=page.pk).update(latest_revision_created_at=proposed)
    states = WorkflowState.objects.filter(object_id=object_id, base_content_type=page.get_base_content_type())
    states.update(created_at=proposed)
    TaskState.objects.filter(workflow_state__in=states).update(started_at=proposed)
    if decided:
        TaskState.objects.filter(workflow_state__in=states).update(finished_at=decided)
    log = PageLogEntry.objects.filter(page=page)
    log.update(timestamp=proposed)
    if decided:
        log.filter(
            action__in=("wagtail.publish", "wagtail.workflow.approve", "wagtail.workflow.reject")
        ).update(timestamp=decided)
        Page.objects.filter(pk=page.pk, live=True).update(
            first_published_at=decided, last_published_at=decided
        )
