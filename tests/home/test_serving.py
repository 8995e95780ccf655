"""What Wagtail's catch-all serves: items to their readers, pôles to everybody, and nothing that is not named."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.models import Page, get_page_models

from kb.home.models import HomePage
from kb.home.serving import ADDRESSES
from kb.poles.models import Pole, PoleIndex
from resources.item import Item
from resources.models import TeachingIndex, TrainingIndex

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize(
    ("model", "address"),
    [(TeachingIndex, "/ressources/"), (TrainingIndex, "/formations/"), (PoleIndex, "/poles/")],
)
def test_a_section_under_another_address_sends_to_its_list(
    client: Client, model: type[Page], address: str
) -> None:
    section = model.objects.get()
    section.slug = "ailleurs"
    section.save()
    assert client.get("/ailleurs/").url == address


def test_a_page_type_that_is_not_named_is_not_served(client: Client) -> None:
    HomePage.objects.get().add_child(instance=Page(title="Page nue", slug="page-nue", live=True))
    response = client.get("/page-nue/")
    assert response.status_code == 404
    assert "Page nue" not in response.content.decode()


def test_every_page_type_of_ours_is_decided() -> None:
    # Asked of Wagtail's register: other tests make page types, which stay subclasses until they are collected.
    decided = (*ADDRESSES, Pole, Item)
    assert [model for model in get_page_models() if not issubclass(model, decided)] == [Page]


def test_a_pole_that_is_not_online_is_not_served(client: Client) -> None:
    pole = Pole(title="Pôle à venir", slug="a-venir", live=False)
    PoleIndex.objects.get().add_child(instance=pole)
    assert client.get("/poles/a-venir/").status_code == 404
    assert "Pôle à venir" not in client.get("/poles/").content.decode()
