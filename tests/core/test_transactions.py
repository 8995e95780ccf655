"""One transaction a write request, by real views behind the real middleware."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import path

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.database]

seen: dict[str, Any] = {}


def _write(name: str) -> None:
    Group.objects.create(name=name)


def look(request: HttpRequest) -> HttpResponse:
    seen["atomic"] = connection.in_atomic_block
    _write("écrit")
    return HttpResponse("fait")


@transaction.non_atomic_requests
def on_its_own(request: HttpRequest) -> HttpResponse:
    return look(request)


def status(request: HttpRequest, code: int) -> HttpResponse:
    _write("écrit")
    return HttpResponse(status=code)


def crash(request: HttpRequest) -> HttpResponse:
    _write("écrit")
    raise RuntimeError("crash")


def missing(request: HttpRequest) -> HttpResponse:
    _write("écrit")
    raise Http404


def denied(request: HttpRequest) -> HttpResponse:
    _write("écrit")
    raise PermissionDenied


def lazy(request: HttpRequest) -> TemplateResponse:
    def write() -> str:
        seen["rendered in a transaction"] = connection.in_atomic_block
        _write("écrit en affichant")
        return "affiché"

    return TemplateResponse(request, engines["django"].from_string("{{ written }}"), {"written": write})


def lazy_crash(request: HttpRequest) -> TemplateResponse:
    _write("écrit")

    class Broken(TemplateResponse):
        @property
        def rendered_content(self) -> str:
            raise RuntimeError("crash")

    return Broken(request, engines["django"].from_string(""))


def after(request: HttpRequest) -> HttpResponse:
    _write("écrit")
    transaction.on_commit(lambda: seen.update(committed=Group.objects.filter(name="écrit").exists()))
    seen["before the end"] = "committed" in seen
    return HttpResponse("fait")


def caught(request: HttpRequest) -> HttpResponse:
    """A view that catches an error of the database as it should: in a block of its own."""
    _write("écrit")
    try:
        with transaction.atomic():
            _write("écrit")
    except IntegrityError:
        return HttpResponse("déjà là")
    raise AssertionError


def stream(request: HttpRequest) -> StreamingHttpResponse:
    _write("écrit")
    return StreamingHttpResponse(iter([b"a", b"b"]))


urlpatterns = [
    path("look/", look),
    path("on-its-own/", on_its_own),
    path("status/<int:code>/", status),
    path("crash/", crash),
    path("missing/", missing),
    path("denied/", denied),
    path("lazy/", lazy),
    path("lazy-crash/", lazy_crash),
    path("after/", after),
    path("caught/", caught),
    path("stream/", stream),
]

handler404 = handler403 = handler500 = "tests.core.test_transactions.plain"


def plain(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    if reason:
        return HttpResponse(reason, status=403)
    code = 500 if exception is None else 403 if isinstance(exception, PermissionDenied) else 404
    return HttpResponse(status=code)


@pytest.fixture
def site(settings: Any) -> Client:
    settings.ROOT_URLCONF = __name__
    seen.clear()
    return Client(raise_request_exception=False)


def written() -> bool:
    return Group.objects.filter(name="écrit").exists()


def test_a_view_with_transactions_of_its_own_is_left_alone(site: Client) -> None:
    assert site.post("/on-its-own/").status_code == 200
    assert seen["atomic"] is False
    assert written()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_writing_method_has_a_transaction(method: str, site: Client) -> None:
    assert getattr(site, method)("/look/").content == b"fait"
    assert seen["atomic"] is True
    assert written()


@pytest.mark.parametrize("method", ["get", "head", "options", "trace"])
def test_a_reading_method_has_none(method: str, site: Client) -> None:
    getattr(site, method)("/look/")
    assert seen["atomic"] is False


@pytest.mark.parametrize("code", [200, 302, 400, 403, 404, 409, 422])
def test_an_answer_of_ours_is_committed(code: int, site: Client) -> None:
    assert site.post(f"/status/{code}/").status_code == code
    assert written()


@pytest.mark.parametrize("code", [500, 502, 503])
def test_an_answer_of_failure_is_rolled_back(code: int, site: Client) -> None:
    assert site.post(f"/status/{code}/").status_code == code
    assert not written()


@pytest.mark.parametrize(
    ("address", "code"), [("/crash/", 500), ("/missing/", 404), ("/denied/", 403), ("/lazy-crash/", 500)]
)
def test_an_exception_is_rolled_back(address: str, code: int, site: Client) -> None:
    assert site.post(address).status_code == code
    assert not written()
    assert connection.in_atomic_block is False


def test_a_lazy_answer_is_rendered_inside(site: Client) -> None:
    assert site.post("/lazy/").content.decode() == "affiché"
    assert seen["rendered in a transaction"] is True
    assert Group.objects.filter(name="écrit en affichant").exists()


def test_what_follows_the_commit_follows_it(site: Client) -> None:
    site.post("/after/")
    assert seen == {"before the end": False, "committed": True}


def test_a_block_inside_the_transaction_keeps_the_rest(site: Client) -> None:
    assert site.post("/caught/").content == "déjà là".encode()
    assert written()


def test_a_streamed_answer_is_committed_before_it_is_sent(site: Client) -> None:
    answer = site.post("/stream/")
    assert written()
    assert answer.getvalue() == b"ab"  # type: ignore[attr-defined]


def test_a_forged_post_does_not_even_begin_one(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.CSRF_FAILURE_VIEW = f"{__name__}.plain"
    seen.clear()
    assert Client(enforce_csrf_checks=True).post("/look/").status_code == 403
    assert seen == {}
