"""Generated published items for measurements: straight into the tables, since `add_child` costs 20 ms a page.

They pass by no review and say so: their owner is the demo's administrator and their history is empty. The index is
not told row by row; the command rebuilds it afterwards and prints both times.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from random import Random
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, router, transaction
from django.utils import timezone
from wagtail.models import Locale, Page

from kb.core.html import plain_text
from kb.core.readers import Visibility
from kb.poles.models import Pole
from kb.vocabulary.models import Facet, Tag, Term
from resources.models import (
    Item,
    ItemTag,
    PracticeResult,
    PracticeSheet,
    TeachingIndex,
    TeachingResource,
    Training,
    TrainingIndex,
    TrainingModule,
)

from .accounts import POLES, person
from .invention import Invented, invent, sentences_of, uneven

CHUNK = 2_000
_FEW = {Facet.PUBLIC: 3, Facet.PROBLEMATIQUE: 3, Facet.AUDIENCE: 2}
_TODAY = datetime.date(2026, 11, 24)  # fixed: the same number gives the same date whenever it runs
#: The sections that the paragraphs fill, the last taking what is left; a training's paragraphs are its modules.
_FIELDS: dict[type[Item], tuple[str, ...]] = {
    TeachingResource: ("objective", "material", "steps", "differentiation", "assessment"),
    PracticeSheet: ("context", "aim", "steps", "means", "success_factors", "transfer"),
}


@dataclass(frozen=True)
class Ground:
    """What is read once: texts to recombine, values to draw from, parents to hang on."""

    sentences: list[str]
    titles: list[str]
    terms: dict[str, list[int]]
    tags: list[int]
    poles: list[Pole]
    teaching: Page
    training: Page
    owner_id: int
    locale_id: int
    types: dict[type[Item], int]


class NothingToRecombineError(ValueError):
    """No item is published: there is no sentence to make others of."""


def slug_of_number(number: int) -> str:
    return f"engendre-{number:06d}"


def generated() -> int:
    """How many generated items the database holds."""
    return Item.objects.filter(slug__startswith="engendre-").count()


def generate(count: int, progress: Callable[[int], None] = lambda done: None) -> int:
    """Adds the generated items that are missing up to `count`; returns how many. A stopped run goes on where it was.

    Raises NothingToRecombineError on a site without a published item.
    """
    start = generated()
    if start >= count:
        return 0
    ground = _ground()
    for first in range(start, count, CHUNK):
        with transaction.atomic():
            _insert(range(first, min(first + CHUNK, count)), ground)
        progress(min(first + CHUNK, count))
    return count - start


def _ground() -> Ground:
    items = list(
        Item.objects.filter(live=True).exclude(slug__startswith="engendre-").order_by("path").specific()
    )
    if not items:
        raise NothingToRecombineError
    texts = [plain_text(html) for item in items for _, html in item.sections()]
    terms: dict[str, list[int]] = {}
    for facet, pk in Term.objects.filter(replaced_by=None).values_list("facet", "pk"):
        terms.setdefault(facet, []).append(pk)
    return Ground(
        sentences=sentences_of(texts),
        titles=[item.title for item in items],
        terms=terms,
        tags=list(Tag.objects.order_by("slug").values_list("pk", flat=True)),
        poles=list(Pole.objects.filter(slug__in=POLES).order_by("slug")),
        teaching=TeachingIndex.objects.get(),
        training=TrainingIndex.objects.get(),
        owner_id=person("admin").pk,
        locale_id=Locale.get_active().pk,
        types={
            kind: ContentType.objects.get_for_model(kind).pk
            for kind in (TeachingResource, Training, PracticeSheet)
        },
    )


def _kind(random: Random) -> type[Item]:
    return random.choices((TeachingResource, Training, PracticeSheet), (50, 15, 35))[0]


def _insert(numbers: range, ground: Ground) -> None:
    built: list[tuple[Item, Invented, Random]] = []
    places = _places(ground)
    for number in numbers:
        random = Random(f"place {number}")  # noqa: S311
        built.append(_build(number, random, ground, places))
    pages = [_page_row(item) for item, _, _ in built]
    Page.objects.bulk_create(pages)
    for page, (item, _, _) in zip(pages, built, strict=True):
        item.pk = item.page_ptr_id = item.item_ptr_id = page.pk
    everything = [item for item, _, _ in built]
    _insert_rows(Item, everything)
    for kind in ground.types:
        _insert_rows(kind, [item for item in everything if type(item) is kind])
    _insert_relations(built, ground)
    for parent in (ground.teaching, ground.training, *ground.poles):
        children = Page.objects.filter(path__startswith=parent.path, depth=parent.depth + 1).count()
        Page.objects.filter(pk=parent.pk).update(numchild=children)


def _places(ground: Ground) -> dict[int, Iterator[str]]:
    """For each parent, the paths of its next children."""

    def after(parent: Page) -> Iterator[str]:
        last = (
            Page.objects.filter(path__startswith=parent.path, depth=parent.depth + 1).order_by("path").last()
        )
        step = int(last.path[-Page.steplen :], 36) if last else 0
        while True:
            step += 1
            yield Page._get_path(parent.path, parent.depth + 1, step)

    return {parent.pk: after(parent) for parent in (ground.teaching, ground.training, *ground.poles)}


def _build(
    number: int, random: Random, ground: Ground, places: dict[int, Iterator[str]]
) -> tuple[Item, Invented, Random]:
    text = invent(number, ground.sentences, ground.titles, _TODAY)
    kind = _kind(random)
    pole: Pole | None = random.choices(ground.poles, [0.5**rank for rank in range(len(ground.poles))])[0]
    visibility = random.choices(Visibility.values, (85, 10, 5))[0]
    if kind is PracticeSheet:
        parent: Page = pole
    else:
        parent = ground.teaching if kind is TeachingResource else ground.training
        if visibility != Visibility.POLE and random.random() < 0.5:
            pole = None
    moment = timezone.make_aware(datetime.datetime.combine(text.published_on, datetime.time(12)))
    slug = slug_of_number(number)
    item = kind(
        title=text.title,
        draft_title=text.title,
        slug=slug,
        url_path=f"{parent.url_path}{slug}/",
        path=next(places[parent.pk]),
        depth=parent.depth + 1,
        numchild=0,
        content_type_id=ground.types[kind],
        locale_id=ground.locale_id,
        translation_key=text.translation_key,
        live=True,
        has_unpublished_changes=False,
        owner_id=ground.owner_id,
        first_published_at=moment,
        last_published_at=moment,
        summary=text.summary,
        visibility=visibility,
        is_demonstration=True,
        pole=pole,
        review_by=text.published_on + datetime.timedelta(days=random.randint(300, 900)),
    )
    paragraphs = [f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in text.paragraphs]
    names = _FIELDS.get(kind, ())
    for name, paragraph in zip(names, paragraphs, strict=False):
        setattr(item, name, paragraph)
    if names:
        last = names[-1]
        setattr(item, last, getattr(item, last) + "".join(paragraphs[len(names) :]))
    if kind is not PracticeSheet:
        item.duration_minutes = random.choice((20, 30, 45, 55, 90))
    if kind is Training:
        item.aims = paragraphs[0]
    return item, text, random


def _page_row(item: Item) -> Page:
    return Page(
        **{
            field.attname: getattr(item, field.attname)
            for field in Page._meta.concrete_fields
            if not field.primary_key
        }
    )


def _insert_rows(model: type[models.Model], rows: list[Any]) -> None:
    """Plain inserts in one table of a multi-table model, which `bulk_create` refuses."""
    fields = model._meta.local_concrete_fields
    size = max(1, 20_000 // len(fields))
    for start in range(0, len(rows), size):
        model._base_manager._insert(  # type: ignore[attr-defined]
            rows[start : start + size], fields=fields, using=router.db_for_write(model)
        )


def _insert_relations(built: list[tuple[Item, Invented, Random]], ground: Ground) -> None:
    bears = Item.terms.through
    terms: list[Any] = []
    tags: list[ItemTag] = []
    modules: list[TrainingModule] = []
    results: list[PracticeResult] = []
    for item, text, random in built:
        for facet, values in ground.terms.items():
            terms += [
                bears(item_id=item.pk, term_id=pk)
                for pk in uneven(random, values, 1, _FEW.get(Facet(facet), 1))
            ]
        tags += [ItemTag(content_object_id=item.pk, tag_id=pk) for pk in uneven(random, ground.tags, 1, 3)]
        if isinstance(item, Training):
            modules += [
                TrainingModule(
                    training_id=item.pk,
                    sort_order=order,
                    title=f"Étape {order + 1}",
                    duration_minutes=10,
                    content=[{"type": "text", "value": f"<p>{escape(paragraph, quote=False)}</p>"}],
                )
                for order, paragraph in enumerate(text.paragraphs[1:])
            ]
        elif isinstance(item, PracticeSheet):
            before = random.randint(10, 60)
            results.append(
                PracticeResult(
                    sheet_id=item.pk,
                    sort_order=0,
                    indicator="jeunes sans lieu d’accueil à quatre semaines du départ",
                    before=before,
                    after=random.randint(0, before),
                    unit="jeunes",
                    is_example=True,
                )
            )
    for model, rows in (
        (bears, terms),
        (ItemTag, tags),
        (TrainingModule, modules),
        (PracticeResult, results),
    ):
        model._default_manager.bulk_create(rows, batch_size=4_000)
