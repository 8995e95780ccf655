"""/fichiers/<uuid>/: who gets a file, and with which headers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from kb.accounts.models import User
from kb.core.readers import State, Visibility
from resources.attachments.reading import files_for
from resources.models import Attachment, AttachmentRole
from tests.items import make_item
from tests.people import People, make_user
from tests.resources.documents import pdf
from tests.resources.files import new_version, places, publish, stored

pytestmark = pytest.mark.django_db

EVERYBODY = {
    "anonymous",
    "teacher",
    "tutor",
    "facilitator",
    "other_facilitator",
    "coordination",
    "author",
    "administrator",
}
MEMBERS = EVERYBODY - {"anonymous", "tutor"}
#: Of the first pôle, and the coordination.
POLE = MEMBERS - {"other_facilitator"}
DRAFT = {"author", "coordination", "administrator"}
REVIEW = DRAFT | {"facilitator"}

#: (role, state, visibility): who gets the file of an item of the first pôle, written by « author ».
TABLE = {
    ("pupil", "draft", "public"): DRAFT,
    ("pupil", "draft", "members"): DRAFT,
    ("pupil", "draft", "pole"): DRAFT,
    ("pupil", "in_review", "public"): REVIEW,
    ("pupil", "in_review", "members"): REVIEW,
    ("pupil", "in_review", "pole"): REVIEW,
    ("pupil", "published", "public"): EVERYBODY,
    ("pupil", "published", "members"): MEMBERS,
    ("pupil", "published", "pole"): POLE,
    ("annex", "published", "public"): EVERYBODY,
    ("teacher", "draft", "public"): DRAFT,
    ("teacher", "in_review", "public"): REVIEW,
    ("teacher", "published", "public"): MEMBERS,
    ("teacher", "published", "members"): MEMBERS,
    ("teacher", "published", "pole"): POLE,
}


def address(file: Attachment) -> str:
    return reverse("attachment", args=[file.pk])


def ask(client: Client, file: Attachment, **headers: str) -> Any:
    response = client.get(address(file), headers={name.replace("_", "-"): v for name, v in headers.items()})
    assert not response.streaming or b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return response


@pytest.fixture
def readers(people: People, client_of: Callable[..., Client]) -> Callable[[Attachment], set[str]]:
    """Names of those of the eight readers who get the file; the others get the page of what does not exist."""
    clients = {
        name: client_of(user if isinstance(user, User) else None) for name, user in people.readers().items()
    }

    def who_gets(file: Attachment) -> set[str]:
        found = set()
        for name, client in clients.items():
            response = client.get(address(file))
            assert response.status_code in (200, 404), (name, response.status_code)
            if response.status_code == 200:
                assert b"".join(response.streaming_content) == pdf(file.name)  # type: ignore[attr-defined]
                found.add(name)
            else:
                assert file.name.encode() not in response.content
        return found

    return who_gets


@pytest.mark.parametrize(("role", "state", "visibility"), sorted(TABLE))
def test_who_gets_a_file(
    role: str, state: str, visibility: str, people: People, readers: Callable[[Attachment], set[str]]
) -> None:
    file = stored(role=role)
    make_item(
        "teaching",
        "Fiche",
        owner=people.author,
        pole=people.pole,
        state=State(state),
        visibility=Visibility(visibility),
        attachments=places(file),
    )
    assert readers(file) == TABLE[role, state, visibility]


def test_a_file_that_no_item_holds_is_nobodys(readers: Callable[[Attachment], set[str]]) -> None:
    assert readers(stored()) == set()


def test_a_new_version_hides_its_files_and_the_old_one_keeps_its_own(
    people: People, readers: Callable[[Attachment], set[str]]
) -> None:
    old, new = stored("ancien.pdf"), stored("nouveau.pdf")
    item = make_item("teaching", "Fiche", owner=people.author, attachments=places(old))
    new_version(item, new)
    assert readers(old) == EVERYBODY
    assert readers(new) == DRAFT
    publish(item)
    assert readers(old) == set()
    assert readers(new) == EVERYBODY


def test_a_draft_that_would_open_a_restricted_item_opens_nothing(
    people: People, readers: Callable[[Attachment], set[str]]
) -> None:
    file = stored()
    item = make_item(
        "teaching", "Fiche", owner=people.author, visibility=Visibility.MEMBERS, attachments=places(file)
    )
    new_version(item, file, visibility=Visibility.PUBLIC)
    assert readers(file) == MEMBERS


def test_a_draft_that_restricts_a_public_item_restricts_nothing_yet(
    people: People, readers: Callable[[Attachment], set[str]]
) -> None:
    file = stored()
    item = make_item("teaching", "Fiche", owner=people.author, attachments=places(file))
    new_version(item, file, visibility=Visibility.MEMBERS)
    assert readers(file) == EVERYBODY


def test_retired_it_is_gone(people: People, readers: Callable[[Attachment], set[str]]) -> None:
    file = stored()
    item = make_item("teaching", "Fiche", owner=people.author, attachments=places(file))
    item.unpublish()
    assert readers(file) == DRAFT


def test_deleted_it_is_nobodys(people: People, readers: Callable[[Attachment], set[str]]) -> None:
    file = stored()
    make_item("teaching", "Fiche", owner=people.author, attachments=places(file)).delete()
    assert readers(file) == set()


def test_one_item_that_opens_it_is_enough(people: People, readers: Callable[[Attachment], set[str]]) -> None:
    file = stored()
    make_item("teaching", "Fermée", owner=people.author, state=State.DRAFT, attachments=places(file))
    make_item("training", "Membres", visibility=Visibility.MEMBERS, attachments=places(file))
    assert readers(file) == MEMBERS


def test_a_person_named_reads_the_draft_and_its_teacher_version(
    people: People, client_of: Callable[..., Client]
) -> None:
    file = stored(role=AttachmentRole.TEACHER)
    item = make_item("teaching", "Fiche", owner=people.author, state=State.DRAFT, attachments=places(file))
    named = client_of(people.tutor)
    assert ask(named, file).status_code == 404
    new_version(item, file, draft_readers=[people.tutor])
    assert ask(named, file).status_code == 200


# The answer -----------------------------------------------------------------------------------------------------


def test_the_answer_of_a_public_file(client: Client) -> None:
    file = stored("Fiche d’élève : été.pdf")
    make_item("teaching", "Fiche", attachments=places(file))
    response = ask(client, file)
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Length"] == str(file.size)
    assert (
        response["Content-Disposition"]
        == "attachment; filename*=utf-8''Fiche%20d%E2%80%99%C3%A9l%C3%A8ve%20%C3%A9t%C3%A9.pdf"
    )
    assert response["Cache-Control"] == "public, no-cache"
    assert response["ETag"] == f'"{file.sha256}"'
    assert "Content-Security-Policy" in response


@pytest.mark.parametrize("visibility", [Visibility.MEMBERS, Visibility.POLE])
def test_no_shared_cache_keeps_what_is_not_public(
    visibility: Visibility, people: People, client_of: Callable[..., Client]
) -> None:
    file = stored()
    make_item("teaching", "Fiche", pole=people.pole, visibility=visibility, attachments=places(file))
    response = ask(client_of(people.teacher), file)
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response["Vary"]


def test_head_gives_the_headers_alone(client: Client) -> None:
    file = stored()
    make_item("teaching", "Fiche", attachments=places(file))
    response = client.head(address(file))
    assert (response.status_code, response["Content-Length"]) == (200, str(file.size))
    assert response.getvalue() == b""  # type: ignore[attr-defined]


def test_asked_again_it_is_not_sent_again(people: People, client_of: Callable[..., Client]) -> None:
    file = stored()
    item = make_item("teaching", "Fiche", visibility=Visibility.MEMBERS, attachments=places(file))
    member, nobody = client_of(people.teacher), client_of()
    known = f'"{file.sha256}"'
    again = ask(member, file, if_none_match=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "private, no-cache"
    assert ask(member, file, if_none_match='"another"').status_code == 200
    assert ask(nobody, file, if_none_match=known).status_code == 404
    item.unpublish()
    assert ask(member, file, if_none_match=known).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(method: str, client: Client) -> None:
    file = stored()
    make_item("teaching", "Fiche", attachments=places(file))
    assert getattr(client, method)(address(file)).status_code == 405


def test_missing_bytes_are_a_404_and_a_line_in_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    file = stored()
    make_item("teaching", "Fiche", attachments=places(file))
    default_storage.delete(file.file.name)
    with caplog.at_level(logging.ERROR, logger="vivier.attachments"):
        assert client.get(address(file)).status_code == 404
    assert str(file.pk) in caplog.text


@pytest.mark.parametrize(
    "path",
    [
        "/fichiers/00000000-0000-4000-8000-000000000000/",
        "/fichiers/1/",
        "/fichiers/",
        "/fichiers/%00/",
        "/fichiers/../x/",
    ],
)
def test_an_address_that_names_no_file(path: str, client: Client) -> None:
    assert client.get(path).status_code == 404


# The list on a page ---------------------------------------------------------------------------------------------


def names(files: Any) -> list[str]:
    return [file.name for file in files.readable]


def test_the_list_of_an_item_by_reader(people: People) -> None:
    files = [
        stored("z élève.pdf"),
        stored("enseignant.pdf", AttachmentRole.TEACHER),
        stored("annexe.pdf", AttachmentRole.ANNEX),
    ]
    item = make_item("teaching", "Fiche", attachments=places(*files))
    for reader in people.readers():
        listed = files_for(item, people.readers()[reader])
        member = reader in MEMBERS
        assert names(listed) == (
            ["z élève.pdf", "enseignant.pdf", "annexe.pdf"] if member else ["z élève.pdf", "annexe.pdf"]
        )
        assert bool(listed.withheld) is not member


def test_the_list_of_a_draft_is_whole_for_its_readers(people: People) -> None:
    item = make_item(
        "teaching", "Fiche", state=State.DRAFT, attachments=places(stored("a.pdf", AttachmentRole.TEACHER))
    )
    draft = item.get_latest_revision_as_object()
    assert names(files_for(draft, make_user("invitée"), draft=True)) == ["a.pdf"]


def test_an_item_without_files_has_no_list(people: People) -> None:
    assert not files_for(make_item("teaching", "Fiche"), people.anonymous)


def test_the_list_costs_one_query_however_long(
    people: People, django_assert_num_queries: Callable[[int], Any]
) -> None:
    item = make_item("teaching", "Fiche", attachments=places(*(stored(f"{n}.pdf") for n in range(8))))
    with django_assert_num_queries(1):
        assert len(files_for(item, people.anonymous).readable) == 8


@pytest.mark.parametrize("role", list(AttachmentRole))
def test_who_was_invited_to_a_draft_keeps_none_of_its_files_once_it_is_published(
    people: People, client_of: Callable[..., Client], role: str
) -> None:
    file = stored("Corrigé.pdf", role)
    item = make_item("teaching", "Fiche", state=State.DRAFT, attachments=places(file))
    item.draft_readers.add(people.tutor)
    item.visibility = Visibility.MEMBERS
    item.save_revision()
    invited = client_of(people.tutor)
    assert ask(invited, file).status_code == 200
    publish(item)
    assert ask(invited, file).status_code == 404
    assert ask(client_of(people.teacher), file).status_code == 200
