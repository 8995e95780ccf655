"""What is told of saved searches, and to whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from kb.accounts.models import Membership, User
from kb.core.jobs import all_jobs
from kb.core.readers import State, Visibility
from resources.models import Item
from search.answering import found_ids
from search.engines.base import SearchEngine
from search.index.draining import drain
from search.models import SavedSearch, SearchChange
from search.request import DEEPEST
from search.saved import news as following
from search.saved.news import NewsLate, follow, tell_news
from search.saved.notifications import MOST_TOLD
from tests.items import make_item
from tests.mailbox import Mailbox, deliver_mails, text_of, waiting_mails
from tests.people import People

from .searches import Every, due_again, kept, page, post, publish, told

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
