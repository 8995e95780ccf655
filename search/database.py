"""The reduced answer: plain SQL on titles, summaries and terms, for as long as no engine answers.

Terms are what the index calls labels: those of the vocabularies with their older words, tags, the pôle and its
départements. Rights and filters hold as ever. What it cannot do it does not pretend to: no stems, no folded accents in
titles and summaries, no counts of facets.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils import timezone

from kb.core.wording import restriction
from kb.poles.models import Department, Pole
from resources.models import ItemTag

from .analysis import fold, query_words
from .families import Families
from .index.eligibility import KINDS, eligible_items, kinds_by_content_type
from .index.serializing import UNDATED, Surroundings
from .request import SearchRequest
from .results import Hit, SearchResults, Segment

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
        labelled = [_labelled(word, around.families) for word in words]
        items = items.filter(reduce(or_, (_written(word) for word in words)) | reduce(or_, labelled))
        if request.sort == "pertinence":
            items = items.annotate(score=sum(map(_score, words, labelled), start=Value(0)))
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


def _holds(field: str, word: str) -> Q:
    """SQLite knows the capitals of unaccented letters alone: « Égalité » is asked for beside « égalité »."""
    spellings = {word} if word.isascii() else {word, word.lower(), word.capitalize()}
    return reduce(or_, (Q(**{f"{field}__icontains": spelling}) for spelling in sorted(spellings)))


def _written(word: str) -> Q:
    return _holds("title", word) | _holds("summary", word)


def _labelled(word: str, families: Families) -> Q:
    """Items with a label that holds the word. Subqueries, as in `_filter`; a term or tag is one for many items."""
    wanted = fold(word)
    tags = ItemTag.objects.filter(_holds("tag__name", word)).values("content_object_id")
    departments = [code for code, label in Department.choices if wanted in fold(str(label))]
    poles = Pole.objects.live().filter(_holds("title", word) | Q(zones__department__in=departments))
    found = Q(pk__in=tags) | Q(pole__in=poles.values("pk"))
    if terms := families.worded(wanted):
        found |= Q(pk__in=_ids(terms__in=terms))
    return found


def _score(word: str, labelled: Q) -> Case:
    return Case(
        When(_holds("title", word), then=3),
        When(_holds("summary", word), then=2),
        When(labelled, then=1),
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
