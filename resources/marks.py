"""What a card says of an item besides its title and summary: for whom, how long, which files.

Asked for many items at once, of a list or of a page of answers that somebody may read: three queries, however many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kb.vocabulary.models import Facet, Term

from .attachments.formats import BY_CONTENT_TYPE
from .item import Item
from .models import AttachmentRole, ItemAttachment

#: The vocabularies that a card names: what it is about (one term), for whom (a few).
_NAMED = (Facet.PROBLEMATIQUE, Facet.PUBLIC)
PUBLICS = 3


@dataclass(frozen=True)
class Marks:
    """Names of terms; `formats`: « PDF, ODT », nothing without a file."""

    problem: str = ""
    publics: tuple[str, ...] = ()
    minutes: int | None = None
    formats: str = ""


def marks_of(ids: Iterable[int], asked: Iterable[str] = ()) -> dict[int, Marks]:
    """`asked`: slugs of terms that the reader asked for; they are named before the others."""
    wanted = list(ids)
    if not wanted:
        return {}
    terms, minutes, formats = _terms(wanted, frozenset(asked)), _minutes(wanted), _formats(wanted)
    nothing: dict[str, tuple[str, ...]] = {}
    return {
        pk: Marks(
            problem=next(iter(terms.get(pk, nothing).get(Facet.PROBLEMATIQUE, ())), ""),
            publics=terms.get(pk, nothing).get(Facet.PUBLIC, ())[:PUBLICS],
            minutes=minutes.get(pk),
            formats=formats.get(pk, ""),
        )
        for pk in wanted
    }


def _minutes(ids: list[int]) -> dict[int, int | None]:
    rows = Item.objects.filter(pk__in=ids).values_list(
        "pk", "teachingresource__duration_minutes", "training__duration_minutes"
    )
    return {pk: session or course for pk, session, course in rows}


def _terms(ids: list[int], asked: frozenset[str]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Item → facet → names, what was asked for first."""
    links = Item.terms.through.objects.filter(item_id__in=ids, term__facet__in=_NAMED)
    found: dict[int, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for link in links.select_related("term__replaced_by"):
        term = link.term.current
        found[link.item_id][term.facet].add(term)

    def rank(term: Term) -> tuple[bool, int, str]:
        return (term.slug not in asked, term.position, term.slug)

    return {
        item: {
            facet: tuple(term.label for term in sorted(terms, key=rank)) for facet, terms in facets.items()
        }
        for item, facets in found.items()
    }


def _formats(ids: list[int]) -> dict[int, str]:
    # The version enseignant is for members, and even its format is said on the item's own page alone.
    rows = ItemAttachment.objects.filter(item_id__in=ids).exclude(attachment__role=AttachmentRole.TEACHER)
    rows = rows.order_by("sort_order")
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for item, content_type in rows.values_list("item_id", "attachment__content_type"):
        known = BY_CONTENT_TYPE.get(content_type)
        if known is not None:
            found[item][known.extension.upper()] = None
    return {item: ", ".join(names) for item, names in found.items()}
