"""Following a training through its pages: what counts, what is kept, what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.core.readers import Visibility
from kb.learning import cookie, sheet
from kb.learning.models import Following, ModuleCount, QuestionCount
from kb.learning.progress import Steps
from resources.models import Training, TrainingModule
from tests.html import text_of
from tests.people import People
from tests.training import (
    bad,
    every_sort,
    good,
    make_training,
    module,
    ordering,
    publish,
    sent,
    single,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def no_attempt_yet(db: None) -> None:
    cache.clear()


def first(training: Training) -> TrainingModule:
    return training.modules.all()[0]


def second(training: Training) -> TrainingModule:
    return training.modules.all()[1]


def address(training: Training, step: TrainingModule) -> str:
    return f"/formations/{training.slug}/modules/{step.key}/"


def steps(client: Client, training: Training) -> Steps:
    """What this browser keeps."""
    return cookie._read(client.cookies[cookie.NAME].value, cookie._COOKIE, cookie.KEPT).of(training.pk)


def follow(client: Client, training: Training) -> None:
    for step in training.modules.all():
        assert client.post(address(training, step), good(step, training, client)).status_code == 200


def test_a_module_shows_its_content_and_its_questions(client: Client, training: Training) -> None:
    page = client.get(address(training, first(training)))
    text = text_of(page)
    assert "Texte de Préparer." in text
    assert "5 questions" in text
    assert "0 module validé sur 2" in text
    assert "Retour" not in text, "nothing is said of an answer before it is given"
    assert cookie.NAME not in client.cookies, "reading leaves nothing"


def test_every_answer_right(client: Client, training: Training) -> None:
    page = client.post(address(training, first(training)), good(first(training), training, client))
    text = text_of(page)
    assert "Module validé. 5 bonnes réponses sur 5." in text
    assert "Retour : J’appelle." in text
    assert "Module 2 : Suivre" in text
    assert list(steps(client, training).done) == [first(training).key]
    assert "Module 2 : Suivre" in text_of(client.get(address(training, first(training))))


def test_every_answer_wrong(client: Client, training: Training) -> None:
    page = client.post(address(training, first(training)), bad(first(training), training, client))
    text = text_of(page)
    assert "Pas encore. 0 bonne réponse sur 5" in text
    assert "Retour : Rien." in text
    assert "Comptez les signataires." in text
    assert "Retour : J’appelle." not in text, "the right answer is not given away"
    assert not steps(client, training).done


def test_as_many_tries_as_one_likes(client: Client, training: Training) -> None:
    for _ in range(3):
        client.post(address(training, first(training)), bad(first(training), training, client))
    client.post(address(training, first(training)), good(first(training), training, client))
    assert list(steps(client, training).done) == [first(training).key]


def test_what_is_missing_is_said_and_nothing_is_lost(client: Client, training: Training) -> None:
    data = good(first(training), training, client)
    asked = first(training).questions
    del data[f"q-{asked[0].id}"]
    data[f"q-{asked[3].id}-{asked[3].answers[0].id}"] = 2  # two steps at one place
    page = client.post(address(training, first(training)), data)
    text = text_of(page)
    assert "Il manque 2 réponses" in text
    assert sheet.CHOOSE in text
    assert sheet.PLACE in text
    assert 'value="trois"' in page.content.decode()
    assert "Juste" not in text
    assert not steps(client, training).done
    assert not ModuleCount.objects.exists()


@pytest.mark.parametrize("rubbish", ["", "0", "99", "-1", "x", "²", "1" * 50, "\x00"])
def test_rubbish_in_a_place_is_a_place_that_is_missing(
    client: Client, training: Training, rubbish: str
) -> None:
    data = good(first(training), training, client)
    asked = first(training).questions[3]
    data[f"q-{asked.id}-{asked.answers[0].id}"] = rubbish
    assert sheet.PLACE in text_of(client.post(address(training, first(training)), data))


def test_an_answer_that_was_not_offered_is_no_answer(client: Client, training: Training) -> None:
    step = second(training)
    data = sent(step, training, client, {step.questions[0].id: "00000000-0000-0000-0000-000000000000"})
    assert sheet.CHOOSE in text_of(client.post(address(training, step), data))


def test_two_answers_to_a_single_choice_are_one(client: Client, training: Training) -> None:
    step = second(training)
    both = [answer.id for answer in step.questions[0].answers]
    client.post(address(training, step), sent(step, training, client, {step.questions[0].id: both}))
    assert not steps(client, training).done, "the first one counts, and it is wrong"


def test_a_module_without_questions_counts_when_it_is_said_to_be_read(client: Client) -> None:
    training = make_training("Lire", [module("Seul")])
    step = first(training)
    assert "J’ai lu ce module" in text_of(client.get(address(training, step)))
    assert "Vous avez terminé la formation." in text_of(
        client.post(address(training, step), good(step, training, client))
    )
    assert steps(client, training).finished


def test_one_takes_it_up_where_one_left(client: Client, training: Training) -> None:
    assert "Commencer" in text_of(client.get(training.url))
    client.post(address(training, first(training)), good(first(training), training, client))
    page = client.get(training.url)
    assert "Reprendre : module 2" in text_of(page)
    assert "1 module validé sur 2, encore 10 minutes" in text_of(page)


def test_who_began_in_the_middle_goes_on_after_it_then_back(client: Client) -> None:
    training = make_training("Longue", [module(f"M{n}", [single()]) for n in range(3)])
    client.post(address(training, second(training)), good(second(training), training, client))
    assert "Reprendre : module 3" in text_of(client.get(training.url))
    last = training.modules.all()[2]
    client.post(address(training, last), good(last, training, client))
    assert "Reprendre : module 1" in text_of(client.get(training.url))


def test_progress_is_shown_in_lists_and_results(client: Client, training: Training) -> None:
    client.post(address(training, first(training)), good(first(training), training, client))
    for where in ("/formations/", "/", "/recherche/?kind=training", "/mes-formations/"):
        assert "1 module validé" in text_of(client.get(where)).replace("\u00a0", " "), where
    client.post(address(training, second(training)), good(second(training), training, client))
    assert "Terminée" in text_of(client.get("/formations/"))


def test_the_home_page_leads_back_to_what_is_under_way(client: Client, training: Training) -> None:
    assert "Reprendre" not in text_of(client.get("/"))
    client.post(address(training, first(training)), good(first(training), training, client))
    page = client.get("/")
    assert "Accueillir Reprendre : module 2" in text_of(page)
    assert address(training, second(training)) in page.content.decode()
    client.post(address(training, second(training)), good(second(training), training, client))
    assert "Reprendre" not in text_of(client.get("/")), "it is finished"
    training.unpublish()
    assert client.get("/").status_code == 200


def test_my_trainings_lead_on(client: Client, training: Training) -> None:
    client.post(address(training, first(training)), good(first(training), training, client))
    assert "Reprendre : module 2" in text_of(client.get("/mes-formations/"))
    client.post(address(training, second(training)), good(second(training), training, client))
    page = client.get("/mes-formations/")
    assert "Mon attestation" in text_of(page)
    assert "Reprendre : module" not in text_of(page)
    asked = client.get(f"/formations/{training.slug}/attestation/")
    assert "Votre prénom et votre nom" in text_of(asked)


def test_a_failed_module_says_how_many_and_which(client: Client, training: Training) -> None:
    step = first(training)
    wrong = step.questions[1]
    data = good(step, training, client) | bad(step, training, client)
    page = client.post(address(training, step), data)
    assert "il en faut 4" in text_of(page), "70 % of five"
    assert f'href="#q-{wrong.id}"' in page.content.decode()


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["", "x", "eyJ:xx:yy"])
def test_a_sheet_that_was_never_shown_is_shown_again(client: Client, training: Training, word: str) -> None:
    data = good(first(training), training, client) | {"sheet": word}
    page = client.post(address(training, first(training)), data)
    assert "a été affiché il y a trop longtemps" in text_of(page)
    assert 'value="trois"' in page.content.decode(), "what was answered is still there"
    assert not steps(client, training).done


def test_the_sheet_of_another_module_or_training_is_refused(client: Client, training: Training) -> None:
    other = make_training("Autre", [module("Ailleurs", [single()])])
    for foreign in (good(second(training), training, client), good(first(other), other, client)):
        data = good(first(training), training, client) | {"sheet": foreign["sheet"]}
        client.post(address(training, first(training)), data)
        assert not steps(client, training).done


def test_a_sheet_ends(client: Client, training: Training, monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime

    data = good(first(training), training, client)
    monkeypatch.setattr(sheet, "LIVES", datetime.timedelta(seconds=-1))
    client.post(address(training, first(training)), data)
    assert not steps(client, training).done


def test_a_sheet_sent_twice_counts_once(client: Client, training: Training) -> None:
    data = good(first(training), training, client)
    for _ in range(3):
        client.post(address(training, first(training)), data)
    assert ModuleCount.objects.values_list("tried", "passed").get() == (1, 1)
    assert set(QuestionCount.objects.values_list("waiting", "waiting_right")) == {(1, 1)}


def test_a_sheet_replayed_beside_an_older_cookie_counts_once(client: Client, training: Training) -> None:
    """It is marked, as the same questions would be on a new page; the figures do not move."""
    data = good(first(training), training, client)
    for _ in range(3):
        client.cookies.pop(cookie.NAME, None)
        assert "Module validé." in text_of(client.post(address(training, first(training)), data))
    assert ModuleCount.objects.values_list("tried", "passed").get() == (1, 1)


def test_who_goes_back_and_sends_the_page_again_has_passed_in_the_figures(
    client: Client, training: Training
) -> None:
    wrong = bad(first(training), training, client)
    client.post(address(training, first(training)), wrong)
    right = good(first(training), training, client) | {"sheet": wrong["sheet"]}
    for _ in range(2):
        client.post(address(training, first(training)), right)
    assert ModuleCount.objects.values_list("tried", "passed").get() == (1, 1)


def test_the_sheet_of_another_reader_is_refused(people: People, client_of: Any, training: Training) -> None:
    """Right answers that somebody hands on validate nothing by themselves."""
    shown_to = {"browser": Client(), "other browser": Client(), "account": client_of(people.tutor)}
    for owner, writer in (
        ("browser", "other browser"),
        ("browser", "account"),
        ("account", "browser"),
    ):
        data = good(first(training), training, shown_to[owner])
        page = shown_to[writer].post(address(training, first(training)), data)
        assert "ailleurs que dans ce navigateur" in text_of(page), (owner, writer)
        assert "Module validé." not in text_of(page)
    assert not ModuleCount.objects.exists()
    assert not Following.objects.exists()


def test_figures_are_not_swollen_from_one_address(training: Training, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"module_count": "2/h/ip,1/d/key"}
    for _ in range(4):
        client = Client()
        page = client.post(address(training, first(training)), good(first(training), training, client))
        assert "Module validé." in text_of(page), "and nobody is kept from learning"
    assert ModuleCount.objects.get().tried == 2


def test_progress_that_was_written_by_hand_is_none(client: Client, training: Training) -> None:
    client.post(address(training, first(training)), good(first(training), training, client))
    whole = client.cookies[cookie.NAME].value
    client.cookies[cookie.NAME] = whole[:5] + ("A" if whole[5] != "A" else "B") + whole[6:]
    assert "0 module validé sur 2" in text_of(client.get(address(training, second(training))))


@pytest.mark.parametrize("visibility", [Visibility.MEMBERS, Visibility.POLE])
def test_who_may_not_read_a_training_follows_none_of_it(
    people: People, client_of: Any, visibility: str
) -> None:
    training = make_training(
        "Réservée",
        [module("Un", [single()])],
        visibility=visibility,
        pole=people.pole,
        owner=people.coordination,
    )
    step = first(training)
    for name, reader in people.readers().items():
        may = name in {"teacher", "facilitator", "coordination", "author", "administrator"} or (
            name == "other_facilitator" and visibility == Visibility.MEMBERS
        )
        client = client_of(None if name == "anonymous" else reader)
        assert client.get(address(training, step)).status_code == (200 if may else 404), name
        assert client.post(address(training, step), good(step, training, client)).status_code == (
            200 if may else 404
        ), name


def test_a_draft_has_no_modules_to_follow(client: Client, training: Training) -> None:
    step = first(training)
    training.unpublish()
    assert client.get(address(training, step)).status_code == 404


# A new version while somebody is under way ---------------------------------------------------------------------------


def test_an_answer_is_marked_against_the_version_that_was_read(client: Client, training: Training) -> None:
    step = second(training)
    data = good(step, training, client)
    changed = training.modules.all()
    changed[1].quiz = [single("Une question qui n’y était pas.")]
    training.modules.set(changed)
    publish(training)
    assert "Module validé. 1 bonne réponse sur 1." in text_of(client.post(address(training, step), data))
    assert list(steps(client, training).done) == [step.key]


def test_who_tries_again_goes_on_with_the_version_that_they_read(client: Client, training: Training) -> None:
    step = second(training)
    wrong, missing = bad(step, training, client), sent(step, training, client, {})
    changed = training.modules.all()
    changed[1].quiz = [single("Une question qui n’y était pas.")]
    training.modules.set(changed)
    publish(training)
    for data in (wrong, missing):
        page = client.post(address(training, step), data)
        assert "Une question qui n’y était pas." not in text_of(page)
        [token] = re.findall(r'name="sheet" value="([^"]+)"', page.content.decode())
        client.post(address(training, step), good(step, training, client) | {"sheet": token})
        assert list(steps(client, training).done) == [step.key]
        client.cookies.clear()


def test_a_module_that_went_away_is_told_to_who_left_a_gap_too(client: Client, training: Training) -> None:
    gone = second(training)
    missing = sent(gone, training, client, {})
    training.modules.set([first(training)])
    publish(training)
    for data in (missing, missing | {"sheet": "x"}):
        assert "Ce module n’existe plus" in text_of(client.post(address(training, gone), data))


@pytest.mark.parametrize("count", [0, 1])
def test_an_order_of_nothing_is_no_endless_work(client: Client, count: int) -> None:
    """A version that was saved half-way and published by a hand that checks nothing."""
    quiz = ordering()
    quiz["value"]["steps"] = quiz["value"]["steps"][:count]
    training = make_training("À moitié", [module("M", [quiz])])
    assert client.get(address(training, first(training))).status_code == 200


def test_what_was_done_stays_done_when_the_order_and_the_titles_change(
    client: Client, training: Training
) -> None:
    done = first(training)
    client.post(address(training, done), good(done, training, client))
    one, two = training.modules.all()
    one.title, one.sort_order, two.sort_order = "Un autre titre", 1, 0
    training.modules.set([two, one, module("Nouveau", [single()], sort_order=2)])
    fresh = publish(training)
    assert [m.title for m in fresh.modules.all()] == ["Suivre", "Un autre titre", "Nouveau"]
    page = text_of(client.get(fresh.url))
    assert "1 module validé sur 3" in page
    assert "Reprendre : module 3" in page


def test_a_module_that_goes_away_leaves_who_was_in_it_on_their_way(
    client: Client, training: Training
) -> None:
    gone = second(training)
    data = good(gone, training, client)
    client.post(address(training, first(training)), good(first(training), training, client))
    training.modules.set([first(training)])
    publish(training)
    page = client.post(address(training, gone), data)
    assert page.status_code == 200
    assert "Ce module n’existe plus" in text_of(page)
    assert steps(client, training).finished, "all that is left was done"
    assert client.get(address(training, gone)).status_code == 404


def test_what_was_finished_stays_finished(client: Client, training: Training) -> None:
    follow(client, training)
    training.modules.set([*training.modules.all(), module("De plus", [single()], sort_order=9)])
    publish(training)
    assert "Formation terminée le" in text_of(client.get(training.url))


# With an account -----------------------------------------------------------------------------------------------------


def test_an_account_keeps_it_without_a_cookie(people: People, client_of: Any, training: Training) -> None:
    client = client_of(people.tutor)
    client.post(address(training, first(training)), good(first(training), training, client))
    assert cookie.NAME not in client.cookies
    assert list(Following.objects.get(user=people.tutor).read().done) == [first(training).key]
    elsewhere = client_of(people.tutor)
    assert "Reprendre : module 2" in text_of(elsewhere.get(training.url))


def test_one_person_s_progress_is_not_another_s(people: People, client_of: Any, training: Training) -> None:
    follow(client_of(people.tutor), training)
    assert "Commencer" in text_of(client_of(people.teacher).get(training.url))


# What it costs -------------------------------------------------------------------------------------------------------


def queries(client: Client, where: str) -> int:
    from django.db import connection

    client.get(where)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(where).status_code == 200
    return len(captured)


@pytest.mark.parametrize("signed_in", [False, True])
def test_fifty_modules_cost_the_queries_of_five(people: People, client_of: Any, signed_in: bool) -> None:
    few = make_training("Cinq", [module(f"M{n}", every_sort()) for n in range(5)])
    many = make_training("Cinquante", [module(f"M{n}", every_sort()) for n in range(50)])
    client = client_of(people.tutor if signed_in else None)
    for training in (few, many):
        client.post(address(training, first(training)), good(first(training), training, client))
    cache.clear()
    assert queries(client, few.url) == queries(client, many.url)
    assert queries(client, address(few, first(few))) == queries(client, address(many, first(many)))
    assert queries(client, address(many, first(many))) <= (11 if signed_in else 5)
    before = queries(client, "/mes-formations/")
    more = [make_training(f"Encore {n}", [module("M", [single()])]) for n in range(5)]
    for training in more:
        client.post(address(training, first(training)), good(first(training), training, client))
    assert queries(client, "/mes-formations/") == before
