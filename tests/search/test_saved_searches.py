"""Saved searches: the page that keeps them, what is told of them and to whom, and how it stops."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kb.accounts.models import Membership, User
from kb.accounts.tokens import tokens_of
from kb.core.jobs import all_jobs
from kb.core.readers import State, Visibility
from resources.models import Item
from search import news as following
from search.answering import found_ids
from search.engines.base import SearchEngine
from search.indexing import drain
from search.models import SavedSearch, SearchChange
from search.news import NewsLate, follow, tell_news
from search.notifications import MOST_TOLD
from search.request import DEEPEST
from search.saving import MOST
from tests.html import problems
from tests.items import make_item
from tests.mailbox import Mailbox, deliver_mails, smtp_server, subject_of, text_of, waiting_mails
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LIST = "/recherche/enregistrees/"
Every = SavedSearch.Every


@pytest.fixture
def mailbox(settings: LazySettings) -> Iterator[Mailbox]:
    settings.WAGTAILADMIN_BASE_URL = "https://vivier.example"
    with smtp_server(settings) as mailbox:
        yield mailbox


@pytest.fixture
def break_engine(settings: LazySettings, tmp_path: Path) -> Callable[[bool], None]:
    """`break_engine(True)`: no engine answers; `break_engine(False)`: it does again."""
    sound = settings.SEARCH_INDEX_DIR

    def change(broken: bool) -> None:
        (tmp_path / "file").touch()
        settings.SEARCH_INDEX_DIR = tmp_path / "file" if broken else sound

    return change


def kept(user: User, address: str = "q=calendrier", every: str = Every.DAY, **fields: Any) -> SavedSearch:
    """Asked a month ago, when it found nothing."""
    moment, tokens = timezone.now() - timedelta(days=30), sorted(tokens_of(user))
    asked = {"checked_at": moment, "readers": tokens, **fields}
    return SavedSearch.objects.create(user=user, address=address, every=every, **asked)


def due_again() -> None:
    SavedSearch.objects.update(checked_at=timezone.now() - timedelta(days=30))


def publish(title: str, visibility: Visibility = Visibility.PUBLIC, **fields: Any) -> Any:
    item = make_item("teaching", title, visibility=visibility, **fields)
    drain()
    return item


def told(mailbox: Mailbox) -> dict[str, str]:
    """A run of the job: who gets a mail, and its subject."""
    mailbox.mails.clear()
    tell_news()
    deliver_mails()
    found = {str(mail["To"]): subject_of(mail) for mail in mailbox.mails}
    assert len(found) == len(mailbox.mails)
    return found


def post(client: Client, address: str, every: str = Every.DAY, **kwargs: Any) -> Any:
    return client.post(LIST, {"address": address, "every": every}, **kwargs)


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


# Keeping


def test_saved_from_the_search_page(people: People, client_of: Any, index: SearchEngine) -> None:
    found = publish("Calendrier commun")
    client = client_of(people.teacher)
    html = page(client, "/recherche/?q=calendrier&sort=date&page=2")
    assert "Enregistrer cette recherche" in html
    assert 'name="address" value="q=calendrier&amp;sort=date&amp;page=2"' in html
    answer = post(client, "q=calendrier&sort=date&page=2", follow=True)
    assert answer.redirect_chain == [("/recherche/?q=calendrier&sort=date&page=2", 302)]
    html = answer.content.decode()
    assert "Recherche enregistrée\u202f: un courriel chaque jour où il y a du nouveau." in html
    assert "Enregistrer cette recherche" not in html
    assert f'<a class="go" href="{LIST}">Mes recherches</a>' in html
    saved = SavedSearch.objects.get()
    assert (saved.user, saved.address, saved.every) == (people.teacher, "q=calendrier", Every.DAY)
    assert saved.seen == [found.pk]
    assert saved.checked_at is not None


def test_equal_searches_are_one(people: People, client_of: Any, index: SearchEngine) -> None:
    client = client_of(people.teacher)
    post(client, "kind=practice&kind=teaching&q=un++mot&page=3", Every.DAY)
    post(client, "q=un+mot&kind=teaching&kind=practice&kind=&couleur=bleu&sort=date", Every.WEEK)
    saved = SavedSearch.objects.get()
    assert (saved.address, saved.every) == ("q=un+mot&kind=practice&kind=teaching", Every.WEEK)
    assert "Recherche enregistrée" in page(client, "/recherche/?kind=teaching&kind=practice&q=un+mot")
    post(client_of(people.author), saved.address)
    assert SavedSearch.objects.count() == 2


def test_nothing_is_offered_to_strangers_nor_where_nothing_is_asked(
    client: Client, people: People, client_of: Any, index: SearchEngine
) -> None:
    assert "Enregistrer" not in page(client, "/recherche/?q=calendrier")
    assert "Enregistrer" not in page(client_of(people.teacher), "/recherche/?sort=date")
    assert "Enregistrer" in page(client_of(people.teacher), "/recherche/?kind=practice")
    answer = post(client, "q=stage&kind=practice")
    assert answer["Location"] == "/connexion/?next=/recherche/%3Fq%3Dstage%26kind%3Dpractice"
    assert client.get(LIST)["Location"] == f"/connexion/?next={LIST}"
    assert client.post(f"{LIST}1/")["Location"] == f"/connexion/?next={LIST}1/"
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(
    ("address", "every", "said"),
    [
        ("", "day", "Tapez une question ou choisissez un filtre"),
        ("couleur=bleu", "day", "Tapez une question ou choisissez un filtre"),
        (urlencode({"q": "é" * 499}), "day", "trop longue pour être enregistrée"),
        ("q=stage", "hour", "chaque jour, chaque semaine ou jamais"),
        ("q=stage", "", "chaque jour, chaque semaine ou jamais"),
    ],
)
def test_what_cannot_be_saved_says_why(
    people: People, client_of: Any, index: SearchEngine, address: str, every: str, said: str
) -> None:
    answer = post(client_of(people.teacher), address, every, follow=True)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("q=%00stage", "caractère interdit"),
        ("q=stage&page=-1", "Le numéro de page va de 1 à"),
        ("q=stage&tag=" + "a" * 101, "Un filtre de cette adresse"),
        (urlencode({"q": "mot " * 200}), "La question compte plus de 500 caractères"),
    ],
)
def test_a_broken_address_is_refused_and_can_be_put_right(
    people: People, client_of: Any, address: str, said: str
) -> None:
    answer = post(client_of(people.teacher), address)
    assert answer.status_code == 400
    html = answer.content.decode()
    assert said in html
    assert 'id="recherche"' in html
    assert not SavedSearch.objects.exists()


def test_fifty_a_person(people: People, client_of: Any, index: SearchEngine) -> None:
    for number in range(MOST):
        kept(people.teacher, f"q=mot{number}")
    client = client_of(people.teacher)
    html = post(client, "q=un+de+trop", follow=True).content.decode()
    assert "Vous avez déjà 50 recherches enregistrées" in html
    post(client, "q=mot7", Every.WEEK)
    assert SavedSearch.objects.get(address="q=mot7").every == Every.WEEK
    assert SavedSearch.objects.count() == MOST
    post(client_of(people.author), "q=un+de+trop")
    assert SavedSearch.objects.filter(user=people.author).exists()


# « Mes recherches »


def test_the_list_says_each_search_in_words(people: People, client_of: Any, index: SearchEngine) -> None:
    publish("Fiche", tags=("Égalité",))
    make_item("teaching", "Brouillon", owner=people.author, state=State.DRAFT, tags=("Affaire secrète",))
    kept(people.teacher, "q=stage&kind=practice&kind=training&pole=premier&tag=egalite&tag=affaire-secrete")
    kept(people.teacher, "departement=21", Every.WEEK)
    kept(people.teacher, "page=0")
    kept(people.author, "q=secret")
    html = page(client_of(people.teacher), LIST)
    assert problems(html) == []
    assert "3 recherches sur 50 possibles" in html
    assert "«\u00a0stage\u00a0»</a></h2>" in html
    assert "Nature\u202f: Fiche de pratique ou Formation<" in html
    assert "Pôle\u202f: Pôle premier<" in html
    assert "Mot-clé\u202f: Égalité ou affaire-secrete<" in html
    assert '<a href="/recherche/?departement=21">Toutes les fiches</a>' in html
    assert "Département\u202f: Côte-d’Or<" in html
    assert '<option value="week" selected>chaque semaine</option>' in html
    assert "Recherche à refaire" in html
    assert "secret<" not in html
    assert LIST in page(client_of(people.teacher), "/")
    assert "Aucune recherche enregistrée" in page(client_of(people.tutor), LIST)


def test_the_list_asks_no_more_for_more(people: People, client_of: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, LIST)
        return len(captured)

    client = client_of(people.teacher)
    kept(people.teacher, "q=mot&pole=premier&tag=un")
    queries()
    few = queries()
    for number in range(10):
        kept(people.teacher, f"q=mot{number}&pole=premier&tag=un&tag=deux")
    assert queries() == few


def test_changed_and_deleted(people: People, client_of: Any, index: SearchEngine) -> None:
    saved = kept(people.teacher)
    client, address = client_of(people.teacher), f"{LIST}{saved.pk}/"
    html = client.post(address, {"every": "week"}, follow=True).content.decode()
    assert "un courriel chaque semaine où il y a du nouveau" in html
    assert SavedSearch.objects.get().every == Every.WEEK
    html = client.post(address, {"every": "toujours"}, follow=True).content.decode()
    assert "chaque jour, chaque semaine ou jamais" in html
    assert client.get(address)["Location"] == LIST
    assert SavedSearch.objects.get().every == Every.WEEK
    html = client.post(address, {"delete": "1"}, follow=True).content.decode()
    assert "Recherche supprimée\u202f: «\u00a0calendrier\u00a0»." in html
    assert not SavedSearch.objects.exists()
    assert client.post(address, {"delete": "1"}).status_code == 404


def test_nobody_touches_the_searches_of_another(people: People, client_of: Any) -> None:
    saved = kept(people.teacher)
    for pk in (saved.pk, 10**30):
        answer = client_of(people.administrator).post(f"{LIST}{pk}/", {"delete": "1"})
        assert answer.status_code == 404
    assert SavedSearch.objects.exists()


def test_who_leaves_for_good_leaves_no_search(people: People) -> None:
    kept(people.tutor)
    people.tutor.delete()
    assert not SavedSearch.objects.exists()


# Telling


def test_what_is_published_later_is_told_once(
    people: People, client_of: Any, any_engine: SearchEngine, mailbox: Mailbox
) -> None:
    publish("Calendrier d’avant")
    post(client_of(people.teacher), "q=calendrier&kind=teaching", Every.DAY)
    due_again()
    assert told(mailbox) == {}
    due_again()
    item = publish('Un <b>calendrier</b> : "le commun" & l\'autre')
    publish("Autre chose")
    subject = "1 nouvelle réponse\u00a0: «\u00a0calendrier\u00a0», Nature\u00a0: Ressource pédagogique"
    assert told(mailbox) == {people.teacher.email: subject}
    mail = mailbox.of(people.teacher.email)
    text, html = text_of(mail), text_of(mail, "html")
    assert (
        f'- Un <b>calendrier</b>\u202f: "le commun" & l’autre\n  https://vivier.example{item.url}\n' in text
    )
    assert "Calendrier d’avant" not in text
    assert "Vous recevez ce courriel chaque jour où il y a du nouveau." in text
    assert "https://vivier.example/recherche/?q=calendrier&kind=teaching&sort=date\n" in text
    assert f'<a href="https://vivier.example{item.url}">Un &lt;b&gt;calendrier&lt;/b&gt;' in html
    assert "<b>" not in html
    stop = f"https://vivier.example/recherche/enregistrees/arreter/{SavedSearch.objects.get().token}/"
    assert stop in text
    assert mail["List-Unsubscribe"].strip() == f"<{stop}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    due_again()
    assert told(mailbox) == {}


@pytest.mark.parametrize(
    ("every", "hours", "due"),
    [
        (Every.DAY, 20, False),
        (Every.DAY, 24, True),
        (Every.WEEK, 24 * 6, False),
        (Every.WEEK, 24 * 7, True),
        (Every.NEVER, 24 * 400, False),
    ],
)
def test_the_rhythm_is_kept(
    people: People, index: SearchEngine, mailbox: Mailbox, every: str, hours: int, due: bool
) -> None:
    saved = kept(people.teacher, every=every, checked_at=timezone.now() - timedelta(hours=hours))
    publish("Calendrier")
    assert bool(told(mailbox)) is due
    assert (SavedSearch.objects.get().checked_at != saved.checked_at) is due


def test_the_rights_are_those_of_the_moment(people: People, index: SearchEngine, mailbox: Mailbox) -> None:
    person = people.other_facilitator
    kept(person)
    publish("Calendrier un", Visibility.MEMBERS)
    assert list(told(mailbox)) == [person.email]
    Membership.objects.filter(user=person).update(origin="self", role="tutor")
    publish("Calendrier deux", Visibility.MEMBERS)
    due_again()
    assert told(mailbox) == {}
    Membership.objects.filter(user=person).update(origin="invited")
    due_again()
    assert list(told(mailbox)) == [person.email]
    text = text_of(mailbox.of(person.email))
    assert "Calendrier deux" in text
    assert "Calendrier un" not in text, "found before the role was lost: no news"


def test_each_person_is_told_what_they_may_read(
    people: People, index: SearchEngine, mailbox: Mailbox
) -> None:
    for user in (people.teacher, people.tutor, people.other_facilitator, people.coordination):
        kept(user)
    publish("Calendrier du pôle", Visibility.POLE, pole=people.pole)
    publish("Calendrier des membres", Visibility.MEMBERS)
    make_item("teaching", "Calendrier en brouillon", owner=people.teacher, state=State.DRAFT)
    assert {to.partition("@")[0]: subject.partition(" ")[0] for to, subject in told(mailbox).items()} == {
        "enseignante": "2",
        "autre-animateur": "1",
        "coordination": "2",
    }


def test_a_late_index_tells_nothing_that_may_no_more_be_read(
    people: People, index: SearchEngine, mailbox: Mailbox
) -> None:
    kept(people.tutor)
    item = publish("Calendrier")
    Item.objects.filter(pk=item.pk).update(visibility=Visibility.MEMBERS)
    SearchChange.objects.all().delete()  # as if this change had left no trace
    assert told(mailbox) == {}
    Item.objects.filter(pk=item.pk).update(visibility=Visibility.PUBLIC)
    due_again()
    assert list(told(mailbox)) == [people.tutor.email]


def test_what_is_old_is_news_to_who_could_not_read_it(
    people: People, index: SearchEngine, mailbox: Mailbox
) -> None:
    """Found for the first time and old: a question is understood anew as the index grows and synonyms come."""
    kept(people.teacher)
    kept(people.tutor)
    item = publish("Calendrier", Visibility.MEMBERS)
    Item.objects.filter(pk=item.pk).update(last_published_at=timezone.now() - timedelta(days=60))
    Membership.objects.filter(user=people.tutor).update(origin="accepted")
    assert list(told(mailbox)) == [people.tutor.email]
    assert [saved.seen for saved in SavedSearch.objects.all()] == [[item.pk], [item.pk]]


def test_who_has_left_is_told_nothing(people: People, index: SearchEngine, mailbox: Mailbox) -> None:
    kept(people.teacher)
    publish("Calendrier")
    User.objects.filter(pk=people.teacher.pk).update(is_active=False)
    assert told(mailbox) == {}


def test_many_are_counted_and_ten_are_named(people: People, index: SearchEngine, mailbox: Mailbox) -> None:
    kept(people.teacher)
    for number in range(MOST_TOLD + 3):
        make_item("teaching", f"Calendrier {number}")
    drain()
    assert told(mailbox) == {people.teacher.email: "13 nouvelles réponses\u00a0: «\u00a0calendrier\u00a0»"}
    mail = mailbox.of(people.teacher.email)
    assert text_of(mail).count("- Calendrier ") == MOST_TOLD
    assert "\net 3 autres.\n" in text_of(mail)
    assert re.search(
        r'et <a href="https://vivier.example/recherche/\?q=calendrier&amp;sort=date">3 autres</a>',
        text_of(mail, "html"),
    )


def test_without_an_engine_the_search_stays_due(
    people: People, index: SearchEngine, mailbox: Mailbox, break_engine: Callable[[bool], None]
) -> None:
    saved = kept(people.teacher)
    publish("Calendrier")
    break_engine(True)
    with pytest.raises(NewsLate, match="1 recherche enregistrée à reprendre"):
        tell_news()
    after = SavedSearch.objects.get()
    assert (after.seen, after.checked_at) == (saved.seen, saved.checked_at)
    assert not waiting_mails().exists()
    break_engine(False)
    assert list(told(mailbox)) == [people.teacher.email]


def test_saved_without_an_engine_the_first_run_only_looks(
    people: People, client_of: Any, index: SearchEngine, mailbox: Mailbox, break_engine: Any
) -> None:
    publish("Calendrier d’avant")
    break_engine(True)
    client = client_of(people.teacher)
    assert "Enregistrer cette recherche" in page(client, "/recherche/?q=calendrier")
    assert post(client, "q=calendrier").status_code == 302
    saved = SavedSearch.objects.get()
    assert (saved.seen, saved.checked_at) == ([], None)
    break_engine(False)
    assert told(mailbox) == {}
    publish("Calendrier d’après")
    due_again()
    assert list(told(mailbox)) == [people.teacher.email]
    assert "Calendrier d’avant" not in text_of(mailbox.of(people.teacher.email))


def test_a_job_that_is_killed_tells_nothing_twice(
    people: People, index: SearchEngine, mailbox: Mailbox
) -> None:
    """Killed before the commit: neither mail nor memory of it."""
    saved = kept(people.teacher)
    publish("Calendrier")
    with transaction.atomic():
        assert follow(saved.pk)
        transaction.set_rollback(True)
    assert not waiting_mails().exists()
    assert list(told(mailbox)) == [people.teacher.email]
    due_again()
    assert told(mailbox) == {}


def test_two_runs_at_once_tell_it_once(
    people: People, index: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = kept(people.teacher)
    publish("Calendrier")
    runs: list[bool] = []

    def another_run_first(*args: Any) -> tuple[int, ...]:
        monkeypatch.setattr(following, "found_ids", found_ids)
        runs.append(follow(saved.pk))
        return found_ids(*args)

    monkeypatch.setattr(following, "found_ids", another_run_first)
    runs.append(follow(saved.pk))
    assert runs == [True, False]
    assert waiting_mails().count() == 1


def test_one_that_fails_stops_no_other(
    people: People, index: SearchEngine, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    first = kept(people.author, checked_at=None)
    kept(people.teacher)
    publish("Calendrier")

    def fails_once(pk: int) -> bool:
        if pk == first.pk:
            raise ValueError("broken")
        return follow(pk)

    monkeypatch.setattr(following, "follow", fails_once)
    with pytest.raises(NewsLate, match="1 recherche en échec"):
        tell_news()
    deliver_mails()
    assert mailbox.of(people.teacher.email)
    assert people.author.email not in caplog.text


def test_telling_is_a_periodic_job() -> None:
    assert "search-news" in [job.name for job in all_jobs()]


def test_what_is_remembered_has_an_end() -> None:
    assert following.known((3, 2, 1), (1, 9)) == [3, 2, 1, 9]
    assert len(following.known(range(DEEPEST), range(DEEPEST, 3 * DEEPEST))) == 2 * DEEPEST


# Stopping


@pytest.fixture
def stranger() -> Client:
    """A mail program: no session, no cookie, no token of a form."""
    return Client(enforce_csrf_checks=True)


def test_one_click_stops_and_keeps_the_search(
    people: People, index: SearchEngine, mailbox: Mailbox, stranger: Client, client_of: Any
) -> None:
    saved = kept(people.teacher)
    publish("Calendrier")
    address = f"{LIST}arreter/{saved.token}/"
    html = page(stranger, address)
    assert problems(html) == []
    assert "chaque jour, ce qui est nouveau dans votre recherche «\u00a0calendrier\u00a0»." in html
    assert SavedSearch.objects.get().every == Every.DAY, "who only looks stops nothing"
    for _ in range(2):
        answer = stranger.post(address, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "Vous ne recevrez plus de courriel" in answer.content.decode()
    assert problems(answer.content.decode()) == []
    assert told(mailbox) == {}
    assert "Vous ne recevrez plus de courriel" in page(stranger, address)
    # Wanted again: what came meanwhile is there to be seen, and no news.
    client_of(people.teacher).post(f"{LIST}{saved.pk}/", {"every": "day"})
    due_again()
    assert told(mailbox) == {}
    publish("Calendrier suivant")
    due_again()
    assert list(told(mailbox)) == [people.teacher.email]


@pytest.mark.parametrize("token", ["00000000-0000-4000-8000-000000000000", "1", "", "x" * 300])
def test_a_wrong_token_stops_nothing(people: People, stranger: Client, token: str) -> None:
    kept(people.teacher)
    address = f"{LIST}arreter/{token}/"
    assert stranger.get(address).status_code == 404
    assert stranger.post(address).status_code in (403, 404)
    assert SavedSearch.objects.get().every == Every.DAY
