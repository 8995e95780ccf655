from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from tests.people import People


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret détail")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("secret détail")


def nonsense(request: HttpRequest) -> HttpResponse:
    raise BadRequest("secret détail")


urlpatterns = [
    path("casse/", broken),
    path("interdit/", forbidden),
    path("incompris/", nonsense),
    path("", include("kb.urls")),
]
handler400 = "kb.home.errors.bad_request"
handler403 = "kb.home.errors.forbidden"
handler404 = "kb.home.errors.not_found"
handler500 = "kb.home.errors.server_error"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("address", "status"), [("/interdit/", 403), ("/incompris/", 400), ("/rien/", 404)])
@pytest.mark.django_db
def test_each_error_is_a_french_page_without_details(client: Client, address: str, status: int) -> None:
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert page.count("<h1>") == 1
    assert '<html lang="fr">' in page
    assert "secret" not in page


@pytest.mark.urls(__name__)
def test_a_broken_view_answers_without_the_database() -> None:
    # No mark: a query for the reader's name would fail the test and the page.
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32
    response = client.get("/casse/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "Une erreur s’est produite" in page
    assert "secret" not in page


@pytest.mark.django_db
def test_not_found_proposes_to_sign_in_and_to_come_back(client: Client) -> None:
    page = client.get("/ressources/rien/?a=1&b=<script>").content.decode()
    assert 'href="/connexion/?next=%2Fressources%2Frien%2F%3Fa%3D1%26b%3D%253Cscript%253E"' in page
    assert "<script" not in page


@pytest.mark.django_db
def test_who_is_signed_in_is_not_told_to(people: People, client_of: Any) -> None:
    assert "connectez-vous" not in client_of(people.teacher).get("/rien/").content.decode()


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused(client: Client) -> None:
    response = client.get("/", headers={"host": "ailleurs.example"})
    assert response.status_code == 400
    assert "pas compris" in response.content.decode()
