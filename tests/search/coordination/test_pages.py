"""What the coordination sees and keeps up of the search in the admin: questions asked, pinned answers, synonyms."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from kb.core.readers import State
from resources.item import Item
from search.coordination.weekly_report import Week
from search.models import AskedQuestion, BestBet, StruckQuestion, SynonymRule
from tests.admin_form import fields_of
from tests.items import make_item
from tests.people import People

pytestmark = [pytest.mark.database, pytest.mark.django_db]

REPORT = "/admin/questions-posees/"
PAGES = ("askedquestion:index", "bestbet:index", "bestbet:add", "synonymrule:index", "synonymrule:add")


def posted(client: Client, address: str, **values: str) -> Any:
    form = fields_of(client, address, "w-editor-form")
    return client.post(address, {**form, **values})


def text_of(client: Client, address: str = REPORT, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return str(answer.content.decode())


def asked(key: str, count: int, times: int = 1, filters: str = "") -> None:
    day = Week.current().monday
    AskedQuestion.objects.create(day=day, key=key, count=count, times=times, filters=filters)


@pytest.fixture
def coordination(people: People, client_of: Any) -> Client:
    client: Client = client_of(people.coordination)
    return client


@pytest.mark.parametrize("name", PAGES)
def test_only_the_coordination_and_administrators_see_them(name: str, people: People, client_of: Any) -> None:
    for reader, user in people.readers().items():
        answer = client_of(None if isinstance(user, AnonymousUser) else user).get(reverse(name))
        expected = {"coordination": 200, "administrator": 200, "anonymous": 302}.get(reader, 404)
        assert answer.status_code == expected, reader


def test_only_they_change_anything(people: People, client_of: Any) -> None:
    item = make_item("teaching", "Fiche")
    rule, bet = SynonymRule.objects.create(line="pfe, stage"), BestBet.objects.create(question="a", item=item)
    StruckQuestion.objects.create(key="rayée")
    attempts = {
        reverse("askedquestion:strike"): {"key": "oral"},
        reverse("synonymrule:add"): {"line": "un, deux"},
        reverse("synonymrule:edit", args=[rule.pk]): {"line": "trois, quatre"},
        reverse("synonymrule:delete", args=[rule.pk]): {},
        reverse("bestbet:add"): {"question": "oral", "item": str(item.pk), "position": "0"},
        reverse("bestbet:edit", args=[bet.pk]): {"question": "b", "item": str(item.pk), "position": "0"},
        reverse("bestbet:delete", args=[bet.pk]): {},
    }
    for reader, user in people.readers().items():
        if reader in ("coordination", "administrator"):
            continue
        client = client_of(None if isinstance(user, AnonymousUser) else user)
        for address, data in attempts.items():
            answer = client.post(address, data)
            assert answer.status_code == (302 if reader == "anonymous" else 404), (reader, address)
    assert [str(rule) for rule in SynonymRule.objects.all()] == ["pfe, stage"]
    assert [bet.key for bet in BestBet.objects.all()] == ["a"]
    assert [question.key for question in StruckQuestion.objects.all()] == ["rayée"]


def menu_of(client: Client) -> str:
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    (props,) = re.findall(r'<script id="wagtail-sidebar-props"[^>]*>(.*?)</script>', home, re.DOTALL)
    return json.dumps(json.loads(props), ensure_ascii=False)


def test_the_menu(people: People, client_of: Any) -> None:
    entries = ("/admin/questions-posees/", "/admin/reponses-epinglees/", "/admin/synonymes/")
    for user, shown in (
        (people.coordination, True),
        (people.administrator, True),
        (people.facilitator, False),
    ):
        menu = menu_of(client_of(user))
        assert [entry in menu for entry in entries] == [shown] * len(entries)
    assert "Questions posées" in menu_of(client_of(people.coordination))


def test_the_two_tables(coordination: Client) -> None:
    asked("oral", 3, 2)
    asked("oral", 0, 5, "kind=practice")
    asked("tuteur de stage", 0, 4)
    html = text_of(coordination)
    first, _, second = html.partition('id="vides"')
    assert first.index('href="/recherche/?q=oral"') < first.index('href="/recherche/?q=tuteur+de+stage"')
    assert re.search(r"<td>7 fois</td>\s*<td>5 fois</td>\s*<td>3 fiches</td>", first)
    assert re.search(r"<td>4 fois</td>\s*<td>non</td>\s*<td>rien</td>", second)
    assert "?q=oral" not in second
    assert f'href="{reverse("bestbet:add")}?question=tuteur%20de%20stage"' in second
    assert f'href="{reverse("synonymrule:add")}?line=tuteur%20de%20stage"' in second


def test_the_week_is_chosen(coordination: Client) -> None:
    asked("oral", 3)
    now = Week.current()
    html = text_of(coordination)
    assert now.label in html
    assert f'href="?semaine={now.before.name}" rel="prev"' in html
    assert 'rel="next"' not in html
    before = text_of(coordination, f"{REPORT}?semaine={now.before.name}")
    assert "Aucune question cette semaine" in before
    assert "?q=oral" not in before
    assert f'href="?semaine={now.name}" rel="next"' in before


@pytest.mark.parametrize("name", ["2026-W99", "hier", "%00", "9999-W52", "<script>", "9" * 5_000])
def test_no_such_week_is_said_in_french(name: str, coordination: Client) -> None:
    asked("oral", 3)
    html = text_of(coordination, f"{REPORT}?semaine={name}", 400)
    assert "Cette semaine n’existe pas" in html
    assert "?q=oral" in html
    assert "<script>&" not in html


def test_a_question_is_struck_out_and_suggested_again(coordination: Client) -> None:
    asked("rapport de stage", 3)
    week = Week.current().before.name
    strike = reverse("askedquestion:strike")
    for _ in range(2):
        answer = coordination.post(strike, {"key": "rapport de stage", "semaine": week})
        assert answer.headers["location"] == f"{REPORT}?semaine={week}"
        assert StruckQuestion.objects.get().key == "rapport de stage"
    html = text_of(coordination)
    assert "n’est plus suggérée" in html
    assert html.count('name="restore"') == 2  # in the table of the week and among those that are struck
    answer = coordination.post(strike, {"key": "rapport de stage", "restore": "1"}, follow=True)
    assert "peut de nouveau être suggérée" in answer.content.decode()
    assert not StruckQuestion.objects.exists()
    assert 'name="restore"' not in text_of(coordination)


@pytest.mark.parametrize("data", [{}, {"key": "?!"}, {"key": "\x00"}, {"key": "", "semaine": "2026-W99"}])
def test_nothing_is_struck_without_a_word(data: dict[str, str], coordination: Client) -> None:
    answer = coordination.post(reverse("askedquestion:strike"), data, follow=True)
    assert answer.redirect_chain == [(REPORT, 302)]
    assert "rien n’a changé" in answer.content.decode()
    assert not StruckQuestion.objects.exists()


def test_striking_is_no_reading(coordination: Client) -> None:
    assert coordination.get(reverse("askedquestion:strike")).status_code == 405


def test_the_report_costs_the_same_for_many_questions(
    coordination: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        asked(f"question {number}", number % 2)
    text_of(coordination)
    with django_assert_max_num_queries(25):
        text_of(coordination)


def test_a_line_of_synonyms_is_added_changed_and_taken_away(coordination: Client) -> None:
    posted(coordination, reverse("synonymrule:add"), line="PFMP, période de formation")
    made = SynonymRule.objects.get()
    posted(coordination, reverse("synonymrule:edit", args=[made.pk]), line="PFMP => période de formation")
    assert SynonymRule.objects.get().line == "PFMP => période de formation"
    assert "PFMP =&gt; période de formation" in text_of(coordination, reverse("synonymrule:index"))
    coordination.post(reverse("synonymrule:delete", args=[made.pk]))
    assert not SynonymRule.objects.exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "Champ requis"),
        ("stage", "au moins deux mots ou expressions"),
        ("stage, !!", "au moins deux mots ou expressions"),
        ("stage =>", "de chaque côté de"),
        ("un, deux", "Cette ligne existe déjà"),
        (",".join(f"mot{n}" for n in range(40)), "20 expressions au plus"),
        ("mot " * 200, "au plus 500 caractères"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line: str, words: str, coordination: Client) -> None:
    SynonymRule.objects.create(line="un, deux")
    html = posted(coordination, reverse("synonymrule:add"), line=line).content.decode()
    assert words in html
    assert SynonymRule.objects.count() == 1


def test_an_answer_is_pinned_changed_and_unpinned(coordination: Client) -> None:
    item, other = make_item("teaching", "Préparer l’oral"), make_item("training", "Évaluer l’oral")
    posted(coordination, reverse("bestbet:add"), question="L’oral ?", item=str(item.pk), position="2")
    made = BestBet.objects.get()
    assert (made.key, made.item_id, made.position) == ("l oral", item.pk, 2)
    posted(coordination, reverse("bestbet:edit", args=[made.pk]), question="Oral", item=str(other.pk))
    made.refresh_from_db()
    assert (made.key, made.item_id) == ("oral", other.pk)
    index = text_of(coordination, reverse("bestbet:index"))
    assert "Évaluer l’oral" in index
    coordination.post(reverse("bestbet:delete", args=[made.pk]))
    assert not BestBet.objects.exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"question": "?!"}, "Une question contient au moins un mot"),
        ({"question": ""}, "Champ requis"),
        ({"item": "draft"}, "n’est pas en ligne"),
        ({"item": "pole"}, "Sélectionnez un choix valide"),
        ({"item": ""}, "Champ requis"),
        ({"question": "ORAL"}, "déjà épinglée à cette question"),
    ],
)
def test_what_is_wrong_with_a_pinned_answer_is_said(
    values: dict[str, str], words: str, people: People, coordination: Client
) -> None:
    item = make_item("teaching", "Préparer l’oral")
    ids = {"draft": make_item("teaching", "Brouillon", state=State.DRAFT).pk, "pole": people.pole.pk}
    BestBet.objects.create(question="oral", item=item)
    fields = {"question": "autre", "item": str(item.pk), "position": "0", **values}
    fields["item"] = str(ids.get(fields["item"], fields["item"]))
    html = posted(coordination, reverse("bestbet:add"), **fields).content.decode()
    assert words in html
    assert BestBet.objects.count() == 1


def test_the_forms_begin_with_the_question(coordination: Client) -> None:
    bet = fields_of(coordination, f"{reverse('bestbet:add')}?question=rapport+de+stage", "w-editor-form")
    assert bet["question"] == ["rapport de stage"]
    rule = fields_of(coordination, f"{reverse('synonymrule:add')}?line=rapport+de+stage%00", "w-editor-form")
    assert rule["line"] == ["rapport de stage"]


def test_the_chooser_offers_what_is_published(coordination: Client, people: People) -> None:
    """As the form opens it; a chooser elsewhere, such as that of links, is left as it is."""
    make_item("practice", "Publiée", pole=people.pole)
    make_item("practice", "Brouillon", pole=people.pole, state=State.DRAFT)
    form = coordination.get(reverse("bestbet:add")).content.decode()
    label = f"{Item._meta.app_label}.{Item._meta.model_name}"
    assert f'"modelNames": ["{label}"], "canChooseRoot": false, "userPerms": "published"' in form
    chooser = reverse("wagtailadmin_choose_page_child", args=[people.pole.pk])
    shown = coordination.get(chooser, {"page_type": label, "user_perms": "published"}).json()["html"]
    assert "Publiée" in shown
    assert "Brouillon" not in shown
    assert "Brouillon" in coordination.get(chooser, {"page_type": label}).json()["html"]
