"""What the coordination keeps up in the admin: terms, tags, territory, roles."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse

from kb.accounts.models import Membership, Role, User
from kb.poles.models import EmploymentZone, Establishment
from kb.vocabulary.models import Facet, Tag, Term

from ..admin_form import fields_of
from ..items import make_item

pytestmark = pytest.mark.database

VIEWSETS = ("term", "tag", "employmentzone", "establishment", "membership")


def term(slug: str = "cap", **fields: Any) -> Term:
    return Term.objects.create(**{"facet": Facet.PUBLIC, "slug": slug, "label": slug.upper(), **fields})


def posted(client: Any, address: str, **values: str) -> Any:
    form = fields_of(client, address, "w-editor-form")
    return client.post(address, {**form, **values})


@pytest.mark.parametrize("name", VIEWSETS)
def test_only_the_coordination_and_administrators_see_them(name: str, people: Any, client_of: Any) -> None:
    address = reverse(f"{name}:index")
    for reader, user in people.readers().items():
        answer = client_of(None if isinstance(user, AnonymousUser) else user).get(address)
        expected = {"coordination": 200, "administrator": 200, "anonymous": 302}.get(reader, 404)
        assert answer.status_code == expected, reader


def menu_of(client: Any) -> str:
    """Labels and addresses of the side menu, which is data for a script."""
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    (props,) = re.findall(r'<script id="wagtail-sidebar-props"[^>]*>(.*?)</script>', home, re.DOTALL)
    return json.dumps(json.loads(props), ensure_ascii=False)


def test_the_menu_is_in_french_and_short(people: Any, client_of: Any) -> None:
    menu = menu_of(client_of(people.coordination))
    for label in ("Référentiel", "Termes", "Mots-clés", "Zones d’emploi", "Établissements", "Rapports"):
        assert label in menu
    for user in (people.facilitator, people.teacher):
        menu = menu_of(client_of(user))
        for label in ("Référentiel", "Termes", "Rapports", "Images", "Documents"):
            assert label not in menu
    menu = menu_of(client_of(people.administrator))
    for address in ("/admin/images/", "/admin/documents/", "/admin/snippets/"):
        assert address not in menu


def test_a_term_is_added_and_renamed(people: Any, client_of: Any) -> None:
    client = client_of(people.coordination)
    posted(client, reverse("term:add"), facet="public", slug="mlds", label="MLDS", position="3")
    made = Term.objects.get(slug="mlds")
    posted(client, reverse("term:edit", args=[made.pk]), label="Mission de lutte contre le décrochage")
    assert Term.objects.get(pk=made.pk).label == "Mission de lutte contre le décrochage"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"slug": "Élève"}, "Le code s’écrit en minuscules"),
        ({"slug": "cap"}, "existe déjà"),
        ({"valid_from": "2026-09-01", "valid_until": "2025-09-01"}, "La fin de validité précède le début"),
        ({"label": ""}, "Champ requis"),
    ],
)
def test_what_is_wrong_with_a_term_is_said(
    values: dict[str, str], words: str, people: Any, client_of: Any
) -> None:
    term()
    client = client_of(people.coordination)
    fields = {"facet": "public", "slug": "mlds", "label": "MLDS", "position": "3", **values}
    answer = posted(client, reverse("term:add"), **fields)
    assert words in answer.content.decode()
    assert Term.objects.count() == 1


def test_the_code_of_a_term_does_not_change(people: Any, client_of: Any) -> None:
    kept = term()
    answer = posted(client_of(people.coordination), reverse("term:edit", args=[kept.pk]), slug="autre")
    assert "ne changent plus" in answer.content.decode()
    assert Term.objects.get().slug == "cap"


def test_a_term_in_use_is_not_deleted(people: Any, client_of: Any) -> None:
    used, old, free = term(), term("bep"), term("erreur")
    old.replaced_by = used
    old.save()
    item = make_item("teaching", "Ressource", owner=people.teacher)
    item.terms.set([used])
    item.save()
    client = client_of(people.administrator)
    for method in ("get", "post"):
        answer = getattr(client, method)(reverse("term:delete", args=[used.pk]), follow=True)
        assert "il ne se supprime pas" in answer.content.decode()
    assert client_of(people.coordination).post(reverse("term:delete", args=[free.pk])).status_code == 302
    assert Term.objects.filter(pk=free.pk).exists()
    client.post(reverse("term:delete", args=[free.pk]))
    assert set(Term.objects.all()) == {used, old}
    with pytest.raises(models.ProtectedError):
        used.delete()


def test_a_tag_is_renamed_and_deleted(people: Any, client_of: Any) -> None:
    item = make_item("teaching", "Ressource", owner=people.teacher, tags=("forêt", "car"))
    client = client_of(people.coordination)
    forest, bus = Tag.objects.get(slug="foret"), Tag.objects.get(slug="car")
    answer = posted(client, reverse("tag:edit", args=[bus.pk]), name="FORÊT")
    assert "existe déjà, écrit autrement" in answer.content.decode()
    posted(client, reverse("tag:edit", args=[bus.pk]), name="Autocar")
    client.post(reverse("tag:delete", args=[forest.pk]))
    assert [(tag.name, tag.slug) for tag in item.tags.all()] == [("Autocar", "autocar")]
    assert client.get(reverse("tag:add")).status_code == 302  # born on items alone


@pytest.mark.parametrize(
    ("uai", "words"),
    [
        ("0211225T", ""),
        ("0211225A", "La lettre de contrôle"),
        ("211225T", "sept chiffres et une lettre"),
    ],
)
def test_an_establishment_has_a_true_code(uai: str, words: str, people: Any, client_of: Any) -> None:
    client = client_of(people.coordination)
    answer = posted(
        client,
        reverse("establishment:add"),
        uai=uai,
        name="Le Chapitre",
        kind="college",
        city="Chenôve",
        priority_education="REP+",
        pole=str(people.pole.pk),
    )
    assert Establishment.objects.exists() is not bool(words)
    if words:
        assert words in answer.content.decode()


def test_a_zone_is_added(people: Any, client_of: Any) -> None:
    client = client_of(people.coordination)
    posted(client, reverse("employmentzone:add"), slug="beaune", name="Beaune", department="21")
    assert EmploymentZone.objects.filter(slug="beaune").exists()


def test_a_role_is_given_and_ended(people: Any, client_of: Any) -> None:
    client = client_of(people.coordination)
    posted(
        client,
        reverse("membership:add"),
        user=str(people.tutor.pk),
        role="deputy",
        pole=str(people.other_pole.pk),
        origin="accepted",
        since="2026-01-01",
    )
    made = Membership.objects.get(role=Role.DEPUTY)
    assert "Animateurs" in {group.name for group in User.objects.get(pk=people.tutor.pk).groups.all()}
    posted(client, reverse("membership:edit", args=[made.pk]), until="2026-01-02")
    assert "Animateurs" not in {group.name for group in User.objects.get(pk=people.tutor.pk).groups.all()}
    client.post(reverse("membership:delete", args=[made.pk]))
    assert Membership.objects.filter(pk=made.pk).exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"role": "facilitator"}, "Indiquez le pôle de cette personne"),
        ({"role": "teacher", "until": "2025-01-01"}, "La fin précède le début"),
        ({"role": "coordination", "origin": "self"}, "L’inscription libre n’existe que pour"),
    ],
)
def test_what_is_wrong_with_a_role_is_said_once(
    values: dict[str, str], words: str, people: Any, client_of: Any
) -> None:
    before = Membership.objects.count()
    fields = {"user": str(people.tutor.pk), "origin": "invited", "since": "2026-01-01", **values}
    text = posted(client_of(people.coordination), reverse("membership:add"), **fields).content.decode()
    assert text.count(words) == 1
    assert "contrainte" not in text.lower()
    assert Membership.objects.count() == before
