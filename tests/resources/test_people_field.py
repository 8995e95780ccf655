"""Authors and invited readers are named by their addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from kb.core.readers import State
from tests.admin_form import fields_of
from tests.items import make_item
from tests.people import People, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def saved(item: Any) -> Any:
    return type(item).objects.get(pk=item.pk).get_latest_revision_as_object()


def test_people_are_named_and_nobody_else_is_shown(people: People, client_of: Any) -> None:
    item = make_item("teaching", "Ressource", owner=people.author, state=State.DRAFT)
    client = client_of(people.author)
    address = reverse("wagtailadmin_pages:edit", args=[item.pk])
    form = fields_of(client, address)
    assert people.facilitator.email not in client.get(address).content.decode()
    typed = f" {people.teacher.email.upper()} ; {people.facilitator.email}\n"
    assert (
        client.post(address, {**form, "authors": typed, "draft_readers": people.tutor.email}).status_code
        == 302
    )
    assert set(saved(item).authors.all()) == {people.teacher, people.facilitator}
    assert set(saved(item).draft_readers.all()) == {people.tutor}
    form = fields_of(client, address)
    assert form["authors"] == [f"{people.facilitator.email}, {people.teacher.email}"]
    client.post(address, {**form, "authors": ""})
    assert not saved(item).authors.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("personne@demo.example", "Aucun compte n’a cette adresse"),
        ("partie@demo.example", "Aucun compte n’a cette adresse"),
        ("\x00", "caract"),
        (", ".join(f"p{n}@demo.example" for n in range(51)), "50 personnes au plus"),
        ("a" * 10_000, "Aucun compte n’a cette adresse"),
    ],
)
def test_who_is_not_there_is_said(typed: str, said: str, people: People, client_of: Any) -> None:
    make_user("partie", is_active=False)
    item = make_item("teaching", "Ressource", owner=people.author, state=State.DRAFT)
    client = client_of(people.author)
    address = reverse("wagtailadmin_pages:edit", args=[item.pk])
    answer = client.post(address, {**fields_of(client, address), "draft_readers": typed})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not saved(item).draft_readers.exists()


def test_who_left_stays_named(people: People, client_of: Any) -> None:
    item = make_item("teaching", "Ressource", owner=people.author, state=State.DRAFT)
    item.authors.set([people.teacher])
    item.save()
    item.save_revision(user=people.author)
    type(people.teacher).objects.filter(pk=people.teacher.pk).update(is_active=False)
    client = client_of(people.author)
    address = reverse("wagtailadmin_pages:edit", args=[item.pk])
    assert client.post(address, {**fields_of(client, address), "summary": "Revu."}).status_code == 302
    assert set(saved(item).authors.all()) == {people.teacher}
