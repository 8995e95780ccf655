from __future__ import annotations

import datetime
import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from kb.core.readers import State, Visibility
from kb.core.templatetags.jour import jour
from kb.moderation.card import card_of
from kb.poles.models import Pole
from kb.vocabulary.models import Facet, Term
from resources.models import (
    AttachmentRole,
    PracticeResult,
    PracticeSheet,
    ResourceLink,
    TeachingResource,
    Training,
)
from tests.admin_form import fields_of
from tests.items import approve, make_item, submit
from tests.people import People
from tests.resources.files import new_version, stored

pytestmark = pytest.mark.django_db


def text_of(client: Client, item: Any) -> str:
    response = client.get(item.url)
    assert response.status_code == 200
    return response.content.decode()


def edit(item: Any) -> None:
    """What the test hung on the item becomes its published version."""
    item.save_revision().publish(skip_permission_checks=True)


def test_a_teaching_resource_says_all_it_holds(people: People, client: Client) -> None:
    term = Term.objects.create(facet=Facet.PUBLIC, slug="cap-test", label="CAP d’essai")
    item = make_item(
        "teaching",
        "Premier appel",
        owner=people.author,
        pole=people.pole,
        tags=("Téléphone",),
        objective="<p>Oser <b>appeler</b>.</p>",
        steps="<ol><li>Décrocher</li></ol>",
        duration_minutes=50,
    )
    item.terms.add(term)
    item.authors.add(people.teacher)
    item.links = [ResourceLink(title="Un site utile", url="https://ailleurs.example/page")]
    edit(item)
    page = text_of(client, item)
    for expected in (
        "<h1>Premier appel</h1>",
        "Ressource pédagogique",
        "Résumé\u202f: Premier appel",
        "<h2>Objectif</h2>",
        "Oser <b>appeler</b>",
        "<h2>Déroulement</h2>",
        "50\u00a0minutes",
        "CC BY-SA 4.0",
        'href="/recherche/?public=cap-test"',
        "CAP d’essai",
        'href="/recherche/?tag=telephone"',
        'href="https://ailleurs.example/page"',
        'href="/poles/premier/"',
        "Autrice Démo, Enseignante Démo",
        "Tout le monde",
    ):
        assert expected in page, expected
    assert "Matériel" not in page, "an empty section has no heading"


def test_a_replaced_term_is_shown_under_its_successors_name(people: People, client: Client) -> None:
    new = Term.objects.create(facet=Facet.AUDIENCE, slug="nouveau-mot", label="Nouveau mot")
    old = Term.objects.create(facet=Facet.AUDIENCE, slug="vieux-mot", label="Vieux mot", replaced_by=new)
    item = make_item("teaching", "Ancienne fiche")
    item.terms.add(old)
    edit(item)
    page = text_of(client, item)
    assert 'href="/recherche/?audience=nouveau-mot"' in page
    assert "Vieux mot" not in page


def test_a_training_shows_its_modules_in_order(people: People, client: Client) -> None:
    item = make_item("training", "Accueillir")
    page = text_of(client, item)
    assert re.search(r"<h2>Les modules</h2>.*Premier module.*10\u00a0min", page, re.DOTALL)
    assert "Formation" in page
    assert "Texte." not in page, "each module has a page of its own"


def test_results_stand_before_and_after_and_examples_say_so(people: People, client: Client) -> None:
    item = make_item("practice", "Un car partagé", pole=people.pole)
    item.results = [
        PracticeResult(indicator="Refus", before=37, after="11.50", unit="refus", is_example=True),
        PracticeResult(indicator="Entreprises", before=None, after=22),
    ]
    edit(item)
    page = text_of(client, item)
    assert "37\u00a0refus" in page.replace("\n", " ")
    assert "11,5\u00a0refus" in page
    assert "non relevé" in page
    assert page.count("chiffres d’exemple") == 1


def test_the_source_of_a_practice_is_named_to_who_may_read_it(people: People, client_of: Any) -> None:
    source = make_item("practice", "La source gardée", pole=people.other_pole, visibility=Visibility.MEMBERS)
    item = make_item("practice", "La reprise", pole=people.pole, based_on=source)
    assert "La source gardée" not in text_of(client_of(), item)
    assert "La source gardée" in text_of(client_of(people.teacher), item)
    PracticeSheet.objects.filter(pk=source.pk).update(live=False)
    assert "La source gardée" not in text_of(client_of(people.teacher), item)


def test_demonstration_data_says_so(people: People, client: Client) -> None:
    item = make_item("practice", "Fictive", pole=people.pole)
    Pole.objects.filter(pk=people.pole.pk).update(is_demonstration=True)
    assert "Contenu de démonstration" in text_of(client, item)
    for kind in ("teaching", "training"):
        alone = make_item(kind, f"Fictive {kind}", is_demonstration=True)
        assert "Contenu de démonstration" in text_of(client, alone)
        assert (
            "<span>démonstration</span>" in client.get(alone.get_parent().url, follow=True).content.decode()
        )


def test_links_in_a_text_tell_no_address_of_what_not_everybody_reads(people: People, client_of: Any) -> None:
    public = make_item("teaching", "Lisible par tous")
    hidden = make_item("teaching", "Adresse gardée", visibility=Visibility.MEMBERS)
    draft = make_item("teaching", "Pas finie", state=State.DRAFT)
    links = "".join(f'<a linktype="page" id="{page.pk}">lien</a>' for page in (public, hidden, draft))
    item = make_item("teaching", "Avec des liens", steps=f"<p>{links}</p>")
    page = text_of(client_of(), item)
    assert f'<a href="{public.url}">lien</a>' in page
    assert f'<a href="/brouillons/{hidden.pk}/">lien</a><a>lien</a>' in page
    assert "adresse-gardee" not in page
    assert client_of().get(f"/brouillons/{hidden.pk}/").status_code == 404
    assert client_of(people.teacher).get(f"/brouillons/{hidden.pk}/").url == hidden.url


def test_html_of_a_person_is_cleaned_on_the_way_out(people: People, client: Client) -> None:
    item = make_item("teaching", "Piégée <script>alert(1)</script>")
    type(item).objects.filter(pk=item.pk).update(steps='<p onclick="x()">Étape<script>alert(2)</script></p>')
    page = text_of(client, item)
    assert "<script" not in page
    assert "onclick" not in page
    assert "Piégée &lt;script&gt;" in page


def test_the_card_says_who_proposed_and_who_approved(people: People, client: Client) -> None:
    item = make_item("teaching", "Relue", owner=people.author, state=State.IN_REVIEW)
    approve(item, people.coordination)
    item.refresh_from_db()
    card = card_of(item)
    assert card is not None
    assert (card.proposed_by, card.approved_by) == (people.author, people.coordination)
    page = text_of(client, item)
    today = timezone.localdate()
    assert "Relue et validée" in page
    assert "Autrice Démo" in page
    assert "Coordination Démo" in page
    assert jour(today) in page


def test_the_card_is_that_of_the_published_version(people: People, client: Client) -> None:
    item = make_item("teaching", "Relue", owner=people.author, state=State.IN_REVIEW)
    approve(item, people.coordination)
    item = type(item).objects.get(pk=item.pk)
    item.title = "Modifiée ensuite"
    item.save_revision(user=people.teacher)
    page = text_of(client, item)
    assert "Modifiée ensuite" not in page
    assert "Relue et validée" in page


def test_what_nobody_reviewed_says_so(people: People, client: Client) -> None:
    page = text_of(client, make_item("teaching", "Passée par l’administration"))
    assert "Publiée sans relecture" in page
    assert "Relue et validée" not in page


def test_a_card_survives_its_people(people: People, client: Client) -> None:
    item = make_item("teaching", "Relue", owner=people.author, state=State.IN_REVIEW)
    approve(item, people.coordination)
    people.coordination.delete()
    assert "une personne qui a quitté Vivier" in text_of(client, item)


def test_a_person_without_a_name_is_never_shown_by_address(people: People, client: Client) -> None:
    type(people.author).objects.filter(pk=people.author.pk).update(first_name="", last_name="")
    page = text_of(client, make_item("teaching", "Sans nom", owner=people.author))
    assert "un membre de Vivier" in page
    assert "autrice" not in page


@pytest.mark.parametrize(("days", "overdue"), [(-1, True), (0, False), (1, False)])
def test_a_date_that_has_passed_is_noticed(people: People, client: Client, days: int, overdue: bool) -> None:
    day = timezone.localdate() + datetime.timedelta(days=days)
    page = text_of(client, make_item("teaching", "À relire", review_by=day))
    assert ("Fiche à relire depuis le" in page) is overdue


@pytest.mark.parametrize("kind", ["teaching", "training", "practice"])
def test_a_page_costs_few_queries(
    people: People, client_of: Any, kind: str, django_assert_max_num_queries: Any
) -> None:
    item = make_item(kind, "Fiche", pole=people.pole, tags=("un", "deux"))
    for n in range(12):
        item.terms.add(Term.objects.create(facet=Facet.PUBLIC, slug=f"essai-{n}", label=f"Essai {n}"))
    edit(item)
    client = client_of(people.teacher)
    client.get(item.url)
    with django_assert_max_num_queries(30):
        client.get(item.url)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "head", "get"])
def test_no_method_tells_that_an_unreadable_page_exists(people: People, client: Client, method: str) -> None:
    hidden = make_item("teaching", "Cachée", visibility=Visibility.MEMBERS)
    assert getattr(client, method)(hidden.url).status_code == 404
    assert getattr(client, method)("/ressources/inexistante/").status_code == 404


def test_a_readable_page_is_only_read(people: People, client: Client) -> None:
    item = make_item("teaching", "Lisible")
    assert client.post(item.url).status_code == 405
    assert client.options(item.url)["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("kind", ["teaching", "training", "practice"])
def test_preview_in_the_admin_says_that_it_is_one(people: People, client_of: Any, kind: str) -> None:
    item = make_item(kind, "À montrer", owner=people.facilitator, pole=people.pole, state=State.DRAFT)
    client = client_of(people.administrator)
    response = client.get(f"/admin/pages/{item.pk}/view_draft/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "À montrer" in page
    assert "n’est pas publiée" in page
    assert "Pas encore validée" in page


def test_preview_of_a_pole(people: People, client_of: Any) -> None:
    response = client_of(people.administrator).get(f"/admin/pages/{people.pole.pk}/view_draft/")
    assert response.status_code == 200
    assert "Pôle premier" in response.content.decode()


@pytest.mark.database
@pytest.mark.parametrize("kind", ["teaching", "training", "practice"])
def test_a_rich_page_costs_twenty_queries_at_most(people: People, client_of: Any, kind: str) -> None:
    source = make_item("practice", "La source", pole=people.other_pole)
    terms = [Term.objects.create(facet=facet, slug=f"t-{facet}", label="T") for facet in Facet.values]
    item = make_item(
        kind,
        "Riche",
        owner=people.author,
        pole=people.pole,
        tags=("un", "deux"),
        authors=[people.author, people.teacher],
        review_by="2027-01-01",
        state=State.DRAFT,
        **({"based_on": source} if kind == "practice" else {}),
    )
    files = [stored(f"{role}.pdf", role, people.author) for role in AttachmentRole]
    new_version(item, *files, user=people.author, terms=terms)
    submit(type(item).objects.get(pk=item.pk), people.author)
    approve(item, people.coordination)
    item = type(item).objects.get(pk=item.pk)
    assert item.live
    for name, reader in people.readers().items():
        client = client_of(None if name == "anonymous" else reader)
        client.get(item.url)  # what is kept from one request to the next is not counted
        with CaptureQueriesContext(connection) as queries:
            assert client.get(item.url).status_code == 200
        assert len(queries) <= 20, (name, len(queries))


def test_an_address_is_found_at_once_and_a_wrong_one_not(people: People, client: Client) -> None:
    item = make_item("practice", "Au fond", pole=people.pole)
    assert client.get(item.url).status_code == 200
    for wrong in ("/poles/second/au-fond/", "/au-fond/", "/poles/premier/au-fond/encore/", "/premier/"):
        assert client.get(wrong).status_code == 404, wrong


@pytest.mark.parametrize("kind", ["pole", "teaching", "training", "practice"])
def test_preview_of_what_was_never_saved(people: People, client_of: Any, kind: str) -> None:
    """The admin's preview pane asks for it from the first letter on."""
    model: Any = {
        "pole": Pole,
        "teaching": TeachingResource,
        "training": Training,
        "practice": PracticeSheet,
    }[kind]
    parents = Page.objects.exact_type(*model.allowed_parent_page_models())
    parent = parents.get(pk=people.pole.pk) if kind == "practice" else parents.get()
    client = client_of(people.facilitator if kind == "practice" else people.coordination)
    add = f"/admin/pages/add/{model._meta.app_label}/{model._meta.model_name}/{parent.pk}/"
    form = fields_of(client, add)
    rich = json.dumps({"blocks": [{"key": "a", "text": "Un texte.", "type": "unstyled"}], "entityMap": {}})
    form |= {name: rich for name in ("context", "steps", "objective", "aims", "introduction") if name in form}
    form |= {"title": "Pas encore", "slug": "pas-encore", "summary": "Court."}
    if kind == "training":
        module = {"title": "Un", "duration_minutes": "10", "key": "", "pass_mark": "70", "quiz-count": "0"}
        module |= {"ORDER": "1", "id": "", "DELETE": "", "content-count": "1", "content-0-type": "text"}
        module |= {
            "content-0-order": "0",
            "content-0-deleted": "",
            "content-0-id": "",
            "content-0-value": rich,
        }
        form |= {f"modules-0-{name}": value for name, value in module.items()} | {"modules-TOTAL_FORMS": "1"}
    address = f"{add}preview/"
    assert client.post(address, form).json() == {"is_valid": True, "is_available": True}
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Pas encore" in answer.content.decode()
