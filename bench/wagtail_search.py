"""Wagtail's own search over our items: what it is told of them, here alone, and what it answers.

It gets our texts, boosts and facets as `search_fields`, a French analyser on Elasticsearch and the French configuration
on PostgreSQL. A facet is a `FilterField` over a method that lists an item's values: `.facet()` then counts it.

What it cannot do: count a facet's ten first values only (Elasticsearch's default, which nothing changes), leave a
facet's own filter out of its count, filter by a method's values (a filter is a column: terms, kind and pôle are
reached through their tables), say which words were found.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import AppConfig

SEARCHED = {"bench_labels": 1.2, "bench_body": 1.0, "summary": 1.5}


class WagtailFields(AppConfig):
    """First among the applications: Wagtail's search reads the boosts when it is ready."""

    name = "bench"
    label = "bench"

    def ready(self) -> None:
        declare()


def declare() -> None:
    from wagtail.models import Page
    from wagtail.search import index

    from resources.models import Item
    from search.facets import FACET_NAMES

    Item.bench_labels = lambda item: "\n".join(_document(item).labels)
    Item.bench_body = lambda item: _document(item).body
    for name in FACET_NAMES:
        setattr(Item, f"bench_{name}", _values_of(name))
    Item.search_fields = [
        *(field for field in Page.search_fields if not isinstance(field, index.AutocompleteField)),
        *(index.SearchField(name, boost=boost) for name, boost in SEARCHED.items()),
        *(index.FilterField(f"bench_{name}") for name in FACET_NAMES),
        index.FilterField("visibility"),
        index.RelatedFields("terms", [index.FilterField("slug")]),
        index.RelatedFields("pole", [index.FilterField("slug")]),
    ]
    Item.get_indexed_objects = classmethod(_indexed_objects)


def _values_of(name: str) -> Any:
    return lambda item: list(_document(item).facets.get(name, ()))


def _document(item: Any) -> Any:
    """Built once an item, as one reading of it would be."""
    from search.index.serializing import document_of

    if not hasattr(item, "_bench_document"):
        item._bench_document = document_of(item, _surroundings())
    return item._bench_document


@cache
def _surroundings() -> Any:
    from search.index.serializing import Surroundings

    return Surroundings.load()


def _indexed_objects(cls: Any) -> Any:
    from django.contrib.contenttypes.models import ContentType

    hanging = ("terms", "tagged_items__tag", "pole__zones", *cls.text_relations)
    found = cls.objects.filter(content_type=ContentType.objects.get_for_model(cls), live=True)
    return found.prefetch_related(*hanging)


def rebuild(backend: str) -> None:
    """Only the models whose table is the pages': nothing else is searched here."""
    from django.core.management import call_command

    call_command("update_index", backend_name=backend, chunk_size=500, verbosity=0)


def search(
    backend: str, request: Any, readers: frozenset[str], operator: str | None, without: str = ""
) -> Any:
    """Lazy results: nothing is asked before they are read."""
    from resources.models import Item

    items = Item.objects.readable_with(readers)
    for name, values in request.filters.items():
        if name != without:
            items = items.filter(**_condition(name, values))
    return items.search(request.q, backend=backend, operator=operator)


def _condition(name: str, values: tuple[str, ...]) -> dict[str, Any]:
    """As its documentation has it: by the columns of the tables. A term's slug without its facet is near enough."""
    from django.contrib.contenttypes.models import ContentType

    from search.index.eligibility import KINDS

    if name == "kind":
        types = ContentType.objects.get_for_models(*(KINDS[value] for value in values))
        return {"content_type__in": [kind.pk for kind in types.values()]}
    return {"pole__slug__in" if name == "pole" else "terms__slug__in": list(values)}


def page_and_count(results: Any, size: int) -> tuple[int, int]:
    return len(list(results[:size])), results.count()


def with_facets(backend: str, request: Any, readers: frozenset[str]) -> int:
    """The nearest answer to one of our pages: hits, total, each facet; a filtered facet counts without its filter."""
    from search.facets import FACET_NAMES

    results = search(backend, request, readers, None)
    _, count = page_and_count(results, request.page_size)
    for name in FACET_NAMES:
        counted = (
            search(backend, request, readers, None, without=name) if name in request.filters else results
        )
        counted.facet(f"bench_{name}")
    return count
