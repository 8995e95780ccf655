"""What the tests of saved searches do again and again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client, TestCase
from django.utils import timezone

from kb.accounts.models import User
from kb.accounts.tokens import tokens_of
from kb.core.readers import Visibility
from search.index.draining import drain
from search.models import SavedSearch
from search.saved.news import tell_news
from tests.items import make_item
from tests.mailbox import Mailbox, deliver_mails, subject_of

LIST = "/recherche/enregistrees/"
Every = SavedSearch.Every


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
    """With what happens once the request is committed."""
    return committed(client, LIST, {"address": address, "every": every}, **kwargs)


def committed(client: Client, address: str, data: dict[str, str], **kwargs: Any) -> Any:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return client.post(address, data, **kwargs)


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()
