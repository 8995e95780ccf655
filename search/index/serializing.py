"""Item → SearchDocument: pure, given an item that `load` has brought with all that hangs on it.

Only the published version is read. No text of a file is: the teacher version is for members, whoever may read the
item.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from django.db.models import Prefetch
from django.utils import timezone
from wagtail.models import Site

from kb.core.html import plain_text
from kb.core.readers import readers_of
from kb.poles.models import Department
from kb.vocabulary.models import Term
from resources.models import Item
from search.document import Kind, SearchDocument
from search.families import Families

from .eligibility import KINDS

#: Of an item that code put live without a date of publication.
UNDATED = datetime.date(1970, 1, 1)


@dataclass(frozen=True)
class Surroundings:
    """What a document needs besides its item; read once for a whole batch."""

    families: Families
    root_path: str
    """`url_path` of the site's home page: addresses begin after it."""

    @classmethod
    def load(cls) -> Surroundings:
        site = Site.objects.select_related("root_page").get(is_default_site=True)
        return cls(Families.load(), site.root_page.url_path)

    def url(self, item: Item) -> str:
        """The address without the host, which mails and feeds add."""
        return "/" + item.url_path.removeprefix(self.root_path)


def load(ids: Iterable[int]) -> Iterator[Item]:
    """Those of these items that exist, as their own kind, in a number of queries that does not grow with them."""
    wanted = list(ids)
    for model in KINDS.values():
        # The surroundings know the terms; a hundred thousand items would bring a million of them.
        terms = Prefetch("terms", Term.objects.only("pk"))
        hanging = [terms, "tagged_items__tag", "pole__zones", *model.text_relations]
        yield from model.objects.filter(pk__in=wanted).prefetch_related(*hanging)


def document_of(item: Item, around: Surroundings) -> SearchDocument:
    """What any engine sees of a published item."""
    tags = [tagged.tag for tagged in item.tagged_items.all()]
    # A term that came since the surroundings were read has a row in the outbox, which will be read with it.
    terms = [term.pk for term in item.terms.all() if around.families.knows(term.pk)]
    pole = item.pole if item.pole and item.pole.live else None  # a draft's name is not public
    departments = pole.departments if pole else []
    labels = [
        *sorted(label for term in terms for label in around.families.labels(term)),
        *sorted(tag.name for tag in tags),
        *([pole.title] if pole else []),
        *(Department(code).label for code in departments),
    ]
    facets: dict[str, list[str]] = {
        "departement": departments,
        "pole": [pole.slug] if pole else [],
        "tag": [tag.slug for tag in tags],
    }
    for term in map(around.families.current, terms):
        facets.setdefault(term.facet, []).append(term.slug)
    return SearchDocument(
        id=item.pk,
        kind=cast("Kind", item.kind),
        title=item.title,
        summary=item.summary,
        body="\n\n".join(
            # With its point: an excerpt runs lines together.
            [*(f"{heading}.\n{plain_text(text)}" for heading, text in item.sections()), *item.lines()]
        ),
        labels=tuple(labels),
        url=around.url(item),
        date=_day(item.last_published_at or item.first_published_at),
        readers=tuple(readers_of(item)),
        facets={name: tuple(values) for name, values in facets.items()},
    )


def _day(moment: datetime.datetime | None) -> datetime.date:
    return timezone.localtime(moment).date() if moment else UNDATED
