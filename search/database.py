"""The reduced answer: plain SQL on titles and summaries, for as long as no engine answers.

Rights and filters hold as ever. What it cannot do it does not pretend to: no stems, no folded accents, no counts.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils import timezone

from kb.core.wording import restriction
from kb.poles.models import Pole

from .eligibility import KINDS, eligible_items, kinds_by_content_type
from .engines.analysis import query_words
from .families import Families
from .request import SearchRequest
from .results import Hit, SearchResults, Segment
from .serializing import UNDATED, Surroundings

#: Words of a question that are looked for: each one reads the whole table.
MOST_WORDS = 8


def search(request: SearchRequest, readers: frozenset[str]) -> SearchResults:
    """Items that hold any of the words, those with more of them first."""
    around = Surroundings.load()
    items = eligible_items().readable_with(readers)
    for name, values in request.filters.items():
        items = items.filter(_filter(name, values, around.families))
    order = [F("last_published_at").desc(nulls_last=True), "pk"]
    if words := query_words(request.q)[:MOST_WORDS]:
        items = items.filter(reduce(or_, (_holds(word) for word in words)))
        if request.sort == "pertinence":
            items = items.annotate(score=sum(map(_score, words), start=Value(0)))
            order.insert(0, "-score")
    elif request.q:
        items = items.none()  # signs without a word
    page = items.order_by(*order)[request.offset : request.offset + request.page_size]
    kinds = kinds_by_content_type()
    return SearchResults(
        count=items.count(),
        hits=tuple(hit_of(item, kinds[item.content_type_id], around) for item in page),
        reduced=True,
    )


def _holds(word: str) -> Q:
    return Q(title__icontains=word) | Q(summary__icontains=word)


def _score(word: str) -> Case:
    return Case(
        When(title__icontains=word, then=2),
        When(summary__icontains=word, then=1),
        default=0,
        output_field=IntegerField(),
    )


def _filter(name: str, values: tuple[str, ...], families: Families) -> Q:
    """One facet, OR inside. Subqueries: a join would give an item once for each value it has."""
    if name == "kind":
        models = [KINDS[value] for value in values if value in KINDS]
        return (
            Q(content_type__in=ContentType.objects.get_for_models(*models).values())
            if models
            else Q(pk__in=[])
        )
    if name == "tag":
        return Q(pk__in=_ids(tagged_items__tag__slug__in=values))
    if name == "pole":
        return Q(pole__in=Pole.objects.live().filter(slug__in=values))
    if name == "departement":
        return Q(pole__in=Pole.objects.live().filter(zones__department__in=values))
    terms = frozenset[int]().union(*(families.bearing(name, value) for value in values))
    return Q(pk__in=_ids(terms__in=terms))


def _ids(**condition: Any) -> Any:
    return eligible_items().order_by().filter(**condition).values("pk")


def hit_of(item: Any, kind: str, around: Surroundings, *, pinned: bool = False) -> Hit:
    """An item as a hit that no engine found: no word of it is marked."""
    moment = item.last_published_at or item.first_published_at
    return Hit(
        id=item.pk,
        kind=kind,
        title=item.title,
        summary=item.summary,
        url=around.url(item),
        date=timezone.localtime(moment).date() if moment else UNDATED,
        title_segments=(Segment(item.title, found=False),),
        snippet=(Segment(item.summary, found=False),),
        restricted=restriction(item.visibility),
        pinned=pinned,
    )
