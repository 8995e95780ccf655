from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType

from kb.core.readers import State, Visibility
from resources.models import Item
from search.index.eligibility import KINDS, eligible_ids, eligible_items, is_eligible, kinds_by_content_type
from tests.items import make_item
from tests.people import make_pole

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_predicate_and_queryset_are_one_rule() -> None:
    pole = make_pole("Pôle du nord", "nord")
    made = [
        make_item(kind, f"{kind} {state} {visibility}", pole=pole, state=state, visibility=visibility)
        for kind in KINDS
        for state in State
        for visibility in Visibility
    ]
    made[0].unpublish()
    # An `Item` of no kind is never made; were there one, no document could be.
    Item.objects.filter(pk=made[1].pk).update(content_type=ContentType.objects.get_for_model(Item))

    everything = Item.objects.specific()
    eligible = {item.pk for item in everything if isinstance(item, Item) and is_eligible(item)}
    assert eligible == set(eligible_items().values_list("pk", flat=True))
    assert len(eligible) == len(KINDS) * len(Visibility) - 2


def test_portions_hold_each_once_by_growing_id() -> None:
    made = [make_item("teaching", f"Fiche {number}").pk for number in range(5)]
    assert list(eligible_ids(2)) == [made[:2], made[2:4], made[4:]]


def test_every_kind_has_its_code() -> None:
    assert set(kinds_by_content_type().values()) == {"teaching", "training", "practice"}
