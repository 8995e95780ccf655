"""Which published items does a change touch? Each function returns ids, all of them before or after the change.

Only published items have a document. What asks here also asks about the item's former state where it may lose it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from wagtail.models import Page

from kb.poles.models import EmploymentZone, Pole
from kb.vocabulary.models import Tag, Term
from resources.models import Item
from search.families import Families


def by_saving(page: Page) -> list[int]:
    """Items whose document an existing page's save may change: itself, a pôle's items, all below a new address."""
    stored = Page.objects.filter(pk=page.pk).values("url_path", "live").first()
    if stored is None:
        return []
    touched = Q(pk=page.pk)
    if not (stored["live"] or page.live):
        touched &= Q(live=True)  # a draft that stays one
    if isinstance(page, Pole):
        touched |= Q(pole_id=page.pk, live=True)
    if stored["url_path"] != page.url_path:
        # Renamed or moved: the new address of everything below follows in the same transaction.
        touched |= Q(path__startswith=page.path, live=True)
    return _ids(touched)


def by_term(term: Term) -> list[int]:
    """Items that bear the term, or one that it replaces or is replaced by, as stored and as `term` says now."""
    stored = {row.pk: row for row in Term.objects.all()}
    families = [Families(stored.values())]
    if term.pk in stored and term.replaced_by_id in {*stored, None}:
        families.append(Families((stored | {term.pk: term}).values()))
    members = frozenset().union(*(family.members(term.pk) for family in families if term.pk in stored))
    return _ids(Q(terms__in=members, live=True))


def by_tag(tag: Tag) -> list[int]:
    return _ids(Q(tagged_items__tag=tag, live=True))


def by_zone(zone: EmploymentZone) -> list[int]:
    return _ids(Q(pole__in=Pole.objects.filter(zones=zone), live=True))


def _ids(touched: Q) -> list[int]:
    ids: Iterable[int] = Item.objects.filter(touched).order_by("pk").values_list("pk", flat=True).distinct()
    return list(ids)
