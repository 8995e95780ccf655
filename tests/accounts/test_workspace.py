"""What a person may change of themselves in the workspace, and what an administrator gives them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from kb.accounts.groups import COORDINATION, FACILITATORS, pole_group_name
from kb.accounts.models import User
from tests.admin_form import fields_of
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_nobody_writes_on_public_pages_by_their_name(people: People, client_of: Any) -> None:
    """A name stands under « Écrite par », and no review reads it."""
    client = client_of(people.author)
    shown = client.get("/admin/account/").content.decode()
    assert "first_name" not in shown
    assert 'name="avatar-' not in shown
    assert 'name="notifications-' not in shown
    client.post("/admin/account/", {"name_email-first_name": "Appelez le", "name_email-last_name": "08 99"})
    assert User.objects.get(pk=people.author.pk).first_name == people.author.first_name
    assert client_of(people.tutor).get("/admin/account/").status_code == 404
    assert client_of().get("/admin/account/").status_code == 302


def test_groups_of_roles_are_not_ticked_by_hand(people: People, client_of: Any) -> None:
    by_hand = Group.objects.create(name="Comité de lecture")
    client = client_of(people.administrator)
    address = reverse("wagtailusers_users:edit", args=[people.facilitator.pk])
    shown = client.get(address).content.decode()
    assert "Comité de lecture" in shown
    assert f">{COORDINATION}" not in shown
    assert "Rôles des personnes" in shown
    form = fields_of(client, address, None)
    client.post(address, {**form, "groups": [str(by_hand.pk)], "first_name": "Animatrice"})
    held = set(User.objects.get(pk=people.facilitator.pk).groups.values_list("name", flat=True))
    assert held == {"Comité de lecture", FACILITATORS, pole_group_name(people.pole.pk)}


def test_an_account_begins_without_a_password(people: People, client_of: Any) -> None:
    """The person chooses it by « Mot de passe oublié »."""
    fields = {"email": "nouvelle@demo.example", "first_name": "Nouvelle", "last_name": "Venue"}
    client_of(people.administrator).post(reverse("wagtailusers_users:add"), fields)
    made = User.objects.get(email="nouvelle@demo.example")
    assert not made.check_password("")
