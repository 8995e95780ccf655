"""Invitations: on whose behalf, who accepted, what a host sees, and what it never sees."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kb.accounts.models import Membership, Role, User
from kb.core.readers import Visibility
from kb.learning import cookie
from kb.learning.inviting import hosts_of
from kb.learning.jobs import KEPT, forget_followers
from kb.learning.models import Acceptance, Invitation
from kb.moderation.merging import merge
from kb.poles.models import Establishment, Pole
from resources.models import Training
from tests.html import problems, text_of
from tests.people import People, make_user
from tests.training import bad, good, make_training, module, publish, single

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def no_attempt_yet(db: None) -> None:
    cache.clear()


@pytest.fixture
def invitation(people: People, training: Training) -> Invitation:
    return Invitation.objects.create(training=training, pole=people.pole, created_by=people.facilitator)


def accept(client: Client, invitation: Invitation, name: str = "Zoé Martin") -> Any:
    return client.post(invitation.get_absolute_url(), {"name": name}, follow=True)


def follow(client: Client, training: Training, count: int = 9) -> None:
    for step in training.modules.all()[:count]:
        client.post(f"/formations/{training.slug}/modules/{step.key}/", good(step, training, client))


def head_of(people: People) -> User:
    school = Establishment.objects.create(
        uai="0211225T", name="Le Chapitre", kind="college", city="Chenôve", pole=people.pole
    )
    head = make_user("principale")
    Membership.objects.create(user=head, role=Role.HEAD, establishment=school)
    return User.objects.get(pk=head.pk)


def test_who_may_invite_and_for_whom(people: People) -> None:
    hosts = {name: hosts_of(reader) for name, reader in people.readers().items()}
    assert hosts["facilitator"].poles == (people.pole,)
    assert hosts["other_facilitator"].poles == (people.other_pole,)
    assert set(hosts["coordination"].poles) == {people.pole, people.other_pole}
    assert set(hosts["administrator"].poles) == {people.pole, people.other_pole}
    assert not any(hosts[name] for name in ("anonymous", "teacher", "tutor", "author"))
    assert [str(school) for school in hosts_of(head_of(people)).establishments] == [
        "Collège Le Chapitre, Chenôve"
    ]


def test_an_animateur_makes_a_link(people: People, client_of: Any, training: Training) -> None:
    client = client_of(people.facilitator)
    form = {"training": training.pk, "host": f"pole-{people.pole.pk}", "note": "tuteurs de janvier"}
    page = client.post("/invitations/", form, follow=True)
    made = Invitation.objects.get()
    assert made.get_absolute_url() in page.content.decode()
    assert "tuteurs de janvier" in text_of(client.get("/invitations/"))
    assert problems(page.content.decode()) == []


def test_nobody_invites_in_another_s_name(people: People, client_of: Any, training: Training) -> None:
    form = {"training": training.pk, "host": f"pole-{people.other_pole.pk}"}
    page = client_of(people.facilitator).post("/invitations/", form)
    assert page.status_code == 200
    assert not Invitation.objects.exists()
    for reader in (people.teacher, people.tutor):
        assert client_of(reader).post("/invitations/", form).status_code == 403
    assert Client().get("/invitations/").status_code == 302


def test_nobody_is_invited_to_what_they_could_not_read(people: People, client_of: Any) -> None:
    closed = make_training("Réservée", [module("M", [single()])], visibility=Visibility.MEMBERS)
    form = {"training": closed.pk, "host": f"pole-{people.pole.pk}"}
    page = client_of(people.facilitator).post("/invitations/", form)
    assert "Cette formation n’est pas publique." in text_of(page)


def test_who_accepts_is_seen_with_what_they_did(
    people: People, client_of: Any, training: Training, invitation: Invitation
) -> None:
    tutor = Client()
    asked = tutor.get(invitation.get_absolute_url())
    assert "Pôle premier vous invite à suivre cette formation" in text_of(asked)
    assert problems(asked.content.decode()) == []
    page = accept(tutor, invitation)
    assert "Pôle premier verra votre avancement" in text_of(page)
    follow(tutor, training, 1)
    seen = text_of(client_of(people.facilitator).get(f"/invitations/{invitation.pk}/"))
    assert "Zoé Martin Modules validés : 1 sur 2" in seen
    follow(tutor, training)
    assert "Terminée : le" in text_of(client_of(people.facilitator).get(f"/invitations/{invitation.pk}/"))


def test_a_host_sees_neither_tries_nor_answers_nor_codes(training: Training, invitation: Invitation) -> None:
    tutor = Client()
    accept(tutor, invitation)
    step = training.modules.all()[0]
    tutor.post(f"/formations/{training.slug}/modules/{step.key}/", bad(step, training, tutor))
    follow(tutor, training)
    tutor.post(f"/formations/{training.slug}/attestation/", {"name": "Zoé Martin"})
    assert set(Acceptance.objects.get().steps) == {"d", "f"}


def test_who_does_not_accept_is_not_seen(
    people: People, client_of: Any, training: Training, invitation: Invitation
) -> None:
    tutor = Client()
    tutor.get(invitation.get_absolute_url())
    follow(tutor, training)
    assert "Personne n’a encore accepté" in text_of(
        client_of(people.facilitator).get(f"/invitations/{invitation.pk}/")
    )


def test_what_was_done_before_is_seen_once_accepted(training: Training, invitation: Invitation) -> None:
    tutor = Client()
    follow(tutor, training)
    accept(tutor, invitation)
    assert Acceptance.objects.get().read().finished


def test_an_account_accepts_once_and_is_seen_from_everywhere(
    people: People, client_of: Any, training: Training, invitation: Invitation
) -> None:
    client = client_of(people.tutor)
    assert "Tuteur Démo" in client.get(invitation.get_absolute_url()).content.decode()
    accept(client, invitation)
    accept(client, invitation, "Encore Moi")
    follow(client_of(people.tutor), training)
    assert Acceptance.objects.get().read().finished


def test_an_agreement_is_taken_back(
    people: People, client_of: Any, training: Training, invitation: Invitation
) -> None:
    tutor = Client()
    accept(tutor, invitation)
    pk = Acceptance.objects.get().pk
    assert "Pôle premier voit que Zoé Martin suit" in text_of(follow_page(tutor, training))
    for stranger in (Client(), client_of(people.facilitator)):
        assert stranger.post(f"/mes-formations/invitations/{pk}/retirer/").status_code == 404
    page = tutor.post(f"/mes-formations/invitations/{pk}/retirer/", follow=True)
    assert "Votre accord est retiré" in text_of(page)
    assert not Acceptance.objects.exists()


def follow_page(client: Client, training: Training) -> Any:
    follow(client, training, 1)
    return client.get("/mes-formations/")


@pytest.mark.parametrize("name", ["", "1", "<script>"])
def test_a_name_is_wanted(invitation: Invitation, name: str) -> None:
    page = Client().post(invitation.get_absolute_url(), {"name": name})
    assert "Écrivez votre prénom et votre nom" in text_of(page)
    assert not Acceptance.objects.exists()


def test_another_pole_sees_nothing_of_it(people: People, client_of: Any, invitation: Invitation) -> None:
    for reader in (people.other_facilitator, people.teacher, people.tutor):
        assert client_of(reader).get(f"/invitations/{invitation.pk}/").status_code == 404
        assert client_of(reader).post(f"/invitations/{invitation.pk}/").status_code == 404
    assert client_of(people.coordination).get(f"/invitations/{invitation.pk}/").status_code == 200


def test_who_follows_in_an_office_finds_what_was_begun(
    people: People, client_of: Any, invitation: Invitation
) -> None:
    successor = make_user("successeur", (Role.FACILITATOR, people.pole))
    assert client_of(successor).get(f"/invitations/{invitation.pk}/").status_code == 200


def test_a_closed_one_leads_to_the_training(
    people: People, client_of: Any, training: Training, invitation: Invitation
) -> None:
    client_of(people.facilitator).post(f"/invitations/{invitation.pk}/")
    page = Client().post(invitation.get_absolute_url(), {"name": "Zoé Martin"}, follow=True)
    assert "Cette invitation est close" in text_of(page)
    assert page.redirect_chain == [(training.url, 302)]
    assert not Acceptance.objects.exists()


def test_names_are_forgotten_half_a_year_after_the_end(invitation: Invitation) -> None:
    accept(Client(), invitation)
    Invitation.objects.update(closes_on=timezone.localdate() - KEPT)
    forget_followers()
    assert Acceptance.objects.exists()
    Invitation.objects.update(closes_on=timezone.localdate() - KEPT - datetime.timedelta(days=1))
    forget_followers()
    assert not Acceptance.objects.exists()


def test_a_hundred_followers_cost_the_queries_of_two(
    people: People, client_of: Any, training: Training, invitation: Invitation
) -> None:
    client = client_of(people.facilitator)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/invitations/{invitation.pk}/")
        return len(captured)

    for number in range(2):
        Acceptance.objects.create(invitation=invitation, name=f"Personne {number}")
    queries()
    few = queries()
    for number in range(100):
        Acceptance.objects.create(invitation=invitation, name=f"Quelqu’un {number}")
    assert queries() == few


def test_a_pole_that_is_merged_takes_its_invitations_along(
    people: People, client_of: Any, invitation: Invitation
) -> None:
    accept(Client(), invitation)
    merge(people.pole, people.other_pole, people.coordination)
    page = client_of(people.other_facilitator).get(f"/invitations/{invitation.pk}/")
    assert "Zoé Martin" in text_of(page)
    assert "Pôle second" in text_of(page)


def test_the_coordination_sees_those_of_a_closed_pole(
    people: People, client_of: Any, invitation: Invitation
) -> None:
    Pole.objects.filter(pk=people.pole.pk).update(closed_on="2026-01-01")
    assert client_of(people.coordination).get(f"/invitations/{invitation.pk}/").status_code == 200
    assert client_of(people.facilitator).get(f"/invitations/{invitation.pk}/").status_code == 404


def test_erasing_takes_back_what_nobody_could_take_back_any_more(invitation: Invitation) -> None:
    tutor = Client()
    accept(tutor, invitation)
    tutor.post("/mes-formations/effacer/")
    assert not Acceptance.objects.exists()


def test_two_taps_are_one_agreement(invitation: Invitation) -> None:
    """Both requests left before the first answer brought its cookie."""
    tutor = Client()
    tutor.get(invitation.get_absolute_url())
    secret = tutor.cookies[settings.CSRF_COOKIE_NAME].value
    for name in ("Zoé Martin", "Zoé Martin"):
        tap = Client()
        tap.cookies[settings.CSRF_COOKIE_NAME] = secret
        accept(tap, invitation, name)
    assert Acceptance.objects.count() == 1


def test_a_host_takes_off_who_asks_for_it(people: People, client_of: Any, invitation: Invitation) -> None:
    for name in ("Zoé Martin", "Une Autre"):
        accept(Client(), invitation, name)
    gone = Acceptance.objects.get(name="Zoé Martin")
    address = f"/invitations/{invitation.pk}/"
    assert client_of(people.other_facilitator).post(address, {"remove": gone.pk}).status_code == 404
    other = Invitation.objects.create(training=invitation.training, pole=people.pole)
    client_of(people.facilitator).post(f"/invitations/{other.pk}/", {"remove": gone.pk})
    client_of(people.facilitator).post(address, {"remove": "rien"})
    assert Acceptance.objects.count() == 2
    page = client_of(people.facilitator).post(address, {"remove": gone.pk}, follow=True)
    assert "Zoé Martin" not in text_of(page)
    assert "Une Autre" in text_of(page)
    assert Invitation.objects.get(pk=invitation.pk).is_open


def test_an_agreement_that_nobody_can_take_back_any_more_is_forgotten(
    people: People, client_of: Any, training: Training, invitation: Invitation
) -> None:
    """The browser's cookie has ended; an account, which can, keeps its own."""
    browser = Client()
    accept(browser, invitation)
    accept(client_of(people.tutor), invitation, "Un Compte")
    Acceptance.objects.update(last_at=timezone.now() - cookie.KEPT)
    follow(browser, training, 1)
    forget_followers()
    assert Acceptance.objects.count() == 2, "who still follows keeps the cookie"
    Acceptance.objects.update(last_at=timezone.now() - cookie.KEPT - datetime.timedelta(hours=1))
    forget_followers()
    assert Acceptance.objects.get().name == "Un Compte"


def test_who_signs_in_can_still_take_back_what_the_browser_agreed_to(
    people: People, invitation: Invitation
) -> None:
    machine = Client()
    accept(machine, invitation)
    machine.force_login(people.tutor)
    assert "Pôle premier voit que Zoé Martin suit" in text_of(machine.get("/mes-formations/"))
    follow(machine, invitation.training, 1)
    assert Acceptance.objects.get().read().done == {}, "what the account does is not the browser's"
    machine.post(f"/mes-formations/invitations/{Acceptance.objects.get().pk}/retirer/")
    assert not Acceptance.objects.exists()


def test_an_account_takes_the_browser_s_agreements_over(
    people: People, client_of: Any, invitation: Invitation
) -> None:
    tutor = Client()
    accept(tutor, invitation)
    follow(tutor, invitation.training, 1)
    tutor.force_login(people.tutor)
    tutor.post("/mes-formations/")
    assert Acceptance.objects.get().user == people.tutor
    assert "Pôle premier voit que Zoé Martin suit" in text_of(client_of(people.tutor).get("/mes-formations/"))


def test_who_accepts_and_then_signs_in_can_be_seen_with_what_the_account_did(
    people: People, invitation: Invitation
) -> None:
    machine = Client()
    accept(machine, invitation)
    machine.force_login(people.tutor)
    follow(machine, invitation.training, 1)
    assert "L’ajouter à mon compte" in text_of(machine.get("/mes-formations/"))
    machine.post("/mes-formations/")
    made = Acceptance.objects.get()
    assert made.user == people.tutor
    assert len(made.read().done) == 1


def test_the_next_one_at_the_same_machine_is_somebody_else(
    training: Training, invitation: Invitation
) -> None:
    machine = Client()
    accept(machine, invitation)
    assert "Ce n’est pas moi" in text_of(machine.get(invitation.get_absolute_url()))
    machine.post(invitation.get_absolute_url(), {"other": "1"})
    follow(machine, training, 1)
    assert Acceptance.objects.get().read().done == {}
    accept(machine, invitation, "Une Autre")
    assert Acceptance.objects.count() == 2


def test_a_training_that_is_no_longer_public_is_not_named(
    people: People, client_of: Any, training: Training, invitation: Invitation
) -> None:
    tutor = Client()
    accept(tutor, invitation)
    training.title, training.visibility, training.pole = "Secrète", Visibility.POLE, people.other_pole
    publish(training)
    host = client_of(people.facilitator)
    for page in (
        tutor.get("/mes-formations/"),
        host.get("/invitations/"),
        host.get(f"/invitations/{invitation.pk}/"),
    ):
        assert "Secrète" not in page.content.decode()
        assert "qui n’est plus en ligne" in page.content.decode()
