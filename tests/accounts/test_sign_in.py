from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from kb.accounts.models import User
from tests.people import make_user
from tests.worker import do_tasks

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PASSWORD = "barque-saule-roseau-7"
OTHER = "nénuphar-et-martin-pêcheur"


@pytest.fixture
def user() -> User:
    return make_user("camille", password=PASSWORD)


def sign_in(
    client: Client, password: str = PASSWORD, email: str = "camille@demo.example", **fields: str
) -> Any:
    return client.post("/connexion/", {"login": email, "password": password, **fields})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_signing_in_leads_home_and_the_page_says_who(client: Client, user: User) -> None:
    response = client.post(
        "/connexion/", {"login": "Camille@demo.example ", "password": PASSWORD}, follow=True
    )
    page = response.content.decode()
    assert response.redirect_chain == [("/", 302)]
    assert "Camille Démo" in page
    assert "Connexion réussie" in page
    assert "Se déconnecter" in page


def test_a_wrong_password_says_so_and_keeps_the_address(client: Client, user: User) -> None:
    response = sign_in(client, "pas le bon")
    page = response.content.decode()
    assert response.status_code == 200
    assert re.search(
        r'<div role="alert"><ul[^>]*><li>Cette adresse et ce mot de passe ne vont pas ensemble', page
    )
    assert 'value="camille@demo.example"' in page
    assert "<title>Erreur\u00a0: Connexion" in page
    assert not signed_in(client)


def test_an_unknown_address_is_answered_like_a_wrong_password(client: Client, user: User) -> None:
    known, unknown = sign_in(client, "pas le bon"), sign_in(client, "pas le bon", "personne@demo.example")
    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", known.content.decode()) == strip.sub("", unknown.content.decode())


def test_a_closed_account_does_not_sign_in(client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    response = client.post(
        "/connexion/", {"login": "camille@demo.example", "password": PASSWORD}, follow=True
    )
    assert response.redirect_chain == [("/connexion/compte-ferme/", 302)]
    assert "Ce compte est fermé" in response.content.decode()
    assert not signed_in(client)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/poles/", "/poles/"),
        ("/recherche/?q=stage", "/recherche/?q=stage"),
        ("https://ailleurs.example/", "/"),
        ("//ailleurs.example/", "/"),
        ("/\\ailleurs.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("http://testserver@ailleurs.example/", "/"),
    ],
)
def test_next_never_leaves_the_site(client: Client, user: User, wanted: str, given: str) -> None:
    assert sign_in(client, next=wanted).url == given


def test_next_travels_through_the_form(client: Client, user: User) -> None:
    page = client.get("/connexion/", {"next": '/poles/?a=1"><script>'}).content.decode()
    assert 'name="next" value="/poles/?a=1&quot;&gt;&lt;script&gt;"' in page


def test_who_is_signed_in_is_sent_on(client_of: Any, user: User) -> None:
    assert client_of(user).get("/connexion/?next=/poles/").url == "/poles/"


def test_too_many_failures_close_the_account_for_a_while_not_the_school(client: Client, user: User) -> None:
    make_user("dominique", password=PASSWORD)
    for _ in range(5):
        assert "ne vont pas ensemble" in sign_in(client, "pas le bon").content.decode()
    page = sign_in(client).content.decode()
    assert "Trop d’essais pour ce compte" in page
    assert not signed_in(client)
    assert sign_in(client, email="dominique@demo.example").status_code == 302


def test_a_new_password_opens_an_account_that_too_many_failures_closed(
    client: Client, user: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    for _ in range(6):
        sign_in(client, "pas le bon")
    set_password(client, ask_for_mail(client, mailoutbox))
    assert sign_in(client, OTHER).status_code == 302


def test_an_address_that_floods_gets_a_french_429(client: Client, user: User, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    sign_in(client, "pas le bon")
    response = sign_in(client, "pas le bon")
    assert response.status_code == 429
    assert "Trop de tentatives" in response.content.decode()


def test_signing_out_asks_first_and_is_a_post(client: Client, user: User) -> None:
    client.force_login(user)
    page = client.get("/deconnexion/")
    assert "Voulez-vous quitter" in page.content.decode()
    assert signed_in(client)
    response = client.post("/deconnexion/", follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert "Déconnexion réussie" in response.content.decode()
    assert not signed_in(client)
    assert client.get("/deconnexion/").url == "/"


def test_forms_are_guarded_against_other_sites(user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    for path in ("/connexion/", "/deconnexion/", "/mot-de-passe/oublie/", "/mot-de-passe/changer/"):
        response = client.post(path)
        assert response.status_code == 403
        assert "Ce formulaire a expiré" in response.content.decode()


def ask_for_mail(
    client: Client, outbox: list[EmailMultiAlternatives], email: str = "camille@demo.example"
) -> str:
    """Asks for a new password; the path of the link in the mail."""
    response = client.post("/mot-de-passe/oublie/", {"email": email})
    assert response.url == "/mot-de-passe/oublie/envoye/"
    do_tasks()
    found = re.search(r"https?://\S+", str(outbox[-1].body))
    assert found
    return urlsplit(found.group()).path


def set_password(client: Client, path: str, password: str = OTHER) -> Any:
    form = client.get(path, follow=True)
    where = form.redirect_chain[-1][0]
    return client.post(where, {"password1": password, "password2": password}, follow=True)


def test_a_forgotten_password_is_chosen_again(
    client: Client, user: User, mailoutbox: list[EmailMultiAlternatives], settings: LazySettings
) -> None:
    path = ask_for_mail(client, mailoutbox)
    mail = mailoutbox[0]
    html, kind = mail.alternatives[0]
    assert mail.to == ["camille@demo.example"]
    assert mail.subject == "Vivier\u00a0: choisir un nouveau mot de passe"
    assert settings.WAGTAILADMIN_BASE_URL + path in str(mail.body)
    assert kind == "text/html"
    assert settings.WAGTAILADMIN_BASE_URL + path in str(html)
    assert "trois jours" in str(mail.body)
    assert "&" not in str(mail.body)

    done = set_password(client, path)
    assert "Votre nouveau mot de passe est enregistré" in done.content.decode()
    assert sign_in(client, OTHER).status_code == 302


def test_the_link_in_the_mail_ignores_the_host_that_asked(
    client: Client, user: User, mailoutbox: list[EmailMultiAlternatives], settings: LazySettings
) -> None:
    client.post("/mot-de-passe/oublie/", {"email": "camille@demo.example"}, headers={"host": "localhost"})
    do_tasks()
    assert settings.WAGTAILADMIN_BASE_URL in str(mailoutbox[0].body)
    assert "//localhost" not in str(mailoutbox[0].body)


def test_a_link_serves_once(client: Client, user: User, mailoutbox: list[EmailMultiAlternatives]) -> None:
    path = ask_for_mail(client, mailoutbox)
    set_password(client, path)
    page = client.get(path, follow=True).content.decode()
    assert "Ce lien ne sert plus" in page
    forged = re.sub(r"-[^-]+/$", "-forge/", path)
    assert "Ce lien ne sert plus" in client.get(forged, follow=True).content.decode()


def test_nobody_learns_whether_an_address_has_an_account(
    client: Client, user: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    User.objects.filter(pk=make_user("fermé-e").pk).update(is_active=False)
    for email in ("personne@demo.example", "fermé-e@demo.example"):
        response = client.post("/mot-de-passe/oublie/", {"email": email})
        assert response.status_code in (200, 302)
    do_tasks()
    assert mailoutbox == []


def test_a_dead_mail_server_tells_nobody_who_has_an_account(
    client: Client, user: User, settings: LazySettings
) -> None:
    """The mail is left to the background task: both addresses get one answer, at once."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answers = [
        client.post("/mot-de-passe/oublie/", {"email": email})
        for email in ("camille@demo.example", "personne@demo.example")
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url


def test_reset_mails_are_counted(
    client: Client, user: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    for _ in range(3):
        assert client.post("/mot-de-passe/oublie/", {"email": "camille@demo.example"}).status_code == 302
    response = client.post("/mot-de-passe/oublie/", {"email": "camille@demo.example"})
    assert response.status_code == 429
    assert "Trop de tentatives" in response.content.decode()
    do_tasks()
    assert len(mailoutbox) == 3


def test_a_password_is_changed_by_who_knows_the_old_one(client: Client, user: User) -> None:
    client.force_login(user)
    new = {"password1": OTHER, "password2": OTHER}
    refused = client.post("/mot-de-passe/changer/", {"oldpassword": "non", **new})
    assert "pas votre mot de passe actuel" in refused.content.decode()
    weak = client.post(
        "/mot-de-passe/changer/", {"oldpassword": PASSWORD, "password1": "1", "password2": "1"}
    )
    assert "errorlist" in weak.content.decode()
    response = client.post("/mot-de-passe/changer/", {"oldpassword": PASSWORD, **new}, follow=True)
    assert "Votre mot de passe est changé" in response.content.decode()
    assert signed_in(client)
    assert sign_in(Client(), OTHER).status_code == 302


def test_an_account_without_password_chooses_one(client: Client) -> None:
    user = make_user("nouvelle")
    client.force_login(user)
    assert client.get("/mot-de-passe/changer/").url == "/mot-de-passe/choisir/"
    response = client.post("/mot-de-passe/choisir/", {"password1": OTHER, "password2": OTHER}, follow=True)
    assert "Votre mot de passe est enregistré" in response.content.decode()
    assert client.get("/mot-de-passe/choisir/").url == "/mot-de-passe/changer/"


def test_password_pages_ask_who_you_are(client: Client) -> None:
    for path in ("/mot-de-passe/changer/", "/mot-de-passe/choisir/"):
        assert client.get(path).url == f"/connexion/?next={path}"


@pytest.mark.parametrize(
    "path", ["/inscription/", "/signup/", "/accounts/signup/", "/_util/login/", "/email/"]
)
def test_there_is_no_other_door(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_admin_has_no_door_of_its_own(client: Client) -> None:
    assert client.get("/admin/").url == "/connexion/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/pages/").url == "/connexion/?next=/admin/pages/"
    assert client.get("/admin/password_reset/").url == "/mot-de-passe/oublie/"
    assert client.get("/admin/password_reset/confirm/MQ/set-password/").url == "/mot-de-passe/oublie/"


@pytest.mark.parametrize(
    "value", ["\x00", "a" * 10_000, "🦆@demo.example", "' OR 1=1 --", "\u202ecamille@demo.example"]
)
def test_nonsense_is_refused_not_broken(client: Client, user: User, value: str) -> None:
    assert sign_in(client, value, value).status_code == 200
    assert client.post("/mot-de-passe/oublie/", {"email": value}).status_code == 200
    assert client.get("/connexion/", {"next": value}).status_code == 200
