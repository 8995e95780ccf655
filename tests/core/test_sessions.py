from __future__ import annotations

import pytest
from django.test import Client

from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize("cookie", ["aaaaaaaa\x00bbbbbbbb", "é" * 20, "' OR 1=1 --", "a", "", "x" * 5000])
def test_an_impossible_session_is_nobodys(cookie: str) -> None:
    client = Client()
    client.cookies["sessionid"] = cookie
    answer = client.get("/aide/")
    assert answer.status_code == 200
    assert "Se connecter" in answer.content.decode()


def test_a_session_is_kept() -> None:
    client = Client()
    client.force_login(make_user("enseignante"))
    assert "Se déconnecter" in client.get("/aide/").content.decode()
