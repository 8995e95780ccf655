"""Browser journeys: Debian's Chromium, one context a person, a real server on a real database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page

# Playwright's synchronous API runs an event loop in this thread; Django would refuse its own database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PASSWORD = "un long mot de passe"


@pytest.fixture(scope="session")
def pictures(request: pytest.FixtureRequest) -> Path | None:
    """Where pictures are drawn (`--pictures DIR`); None in an ordinary run."""
    folder = request.config.getoption("--pictures")
    if folder is None:
        return None
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture(scope="session", autouse=True)
def one_database(request: pytest.FixtureRequest, django_db_setup: None) -> None:
    """Starts Playwright, then takes over what the database held after its migrations.

    In a thread with a running loop Django hands out other connection objects, and those know nothing of the content
    that `serialized_rollback` puts back: every journey but the first would find an empty site.
    """
    contents = connection._test_serialized_contents
    request.getfixturevalue("playwright")
    connection._test_serialized_contents = contents


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """`visit(user)`: a page of a browser of their own, signed in through the sign-in page (None: nobody).

    `scripts=False`: a browser that runs no JavaScript. What a page's console says is an error of the test: a blocked
    script or style is a broken promise.
    """
    said: list[str] = []
    contexts = []

    def open_page(user: Any = None, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url, locale="fr-FR", accept_downloads=True, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "console",
            lambda message: said.append(message.text) if "Content Security Policy" in message.text else None,
        )
        if user is not None:
            user.set_password(PASSWORD)
            user.save()
            page.goto("/connexion/")
            page.get_by_label("Adresse").fill(user.email)
            page.get_by_label("Mot de passe").fill(PASSWORD)
            page.get_by_role("main").get_by_role("button", name="Se connecter").click()
            page.wait_for_url("**/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
