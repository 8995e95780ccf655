"""The rows « Fichier » of an item's form in the admin, posted as a browser would."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Revision

from kb.core.readers import State
from resources.models import Attachment, AttachmentHolding, AttachmentRole, TeachingIndex, TeachingResource
from tests.admin_form import fields_of
from tests.items import make_item
from tests.people import People
from tests.resources.documents import document, pdf
from tests.resources.files import holdings, new_version, places, publish, stored

pytestmark = pytest.mark.django_db

Fields = dict[str, Any]

#: The number of no file.
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def upload(name: str = "Fiche élève.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf(name) if content is None else content)


@pytest.fixture
def author(people: People, client_of: Callable[..., Client]) -> Client:
    return client_of(people.author)


@pytest.fixture
def add() -> str:
    return reverse(
        "wagtailadmin_pages:add", args=["resources", "teachingresource", TeachingIndex.objects.get().pk]
    )


def edit(item: TeachingResource) -> str:
    return reverse("wagtailadmin_pages:edit", args=[item.pk])


def texts(fields: Fields) -> Fields:
    """A new resource's own fields, filled."""
    block = {"key": "a", "text": "Un texte.", "type": "unstyled", "depth": 0}
    rich = json.dumps({"blocks": [{**block, "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}})
    return {
        **fields,
        "title": "Préparer son stage",
        "slug": "preparer-son-stage",
        "summary": "Un résumé.",
        "objective": rich,
        "steps": rich,
    }


def with_row(fields: Fields, **row: Any) -> Fields:
    """One more row « Fichier », as the button « Ajouter » makes it."""
    number = int(fields["attachments-TOTAL_FORMS"][0])
    row = {"id": "", "attachment": "", "role": "", "name": "", "DELETE": "", "ORDER": str(number + 1), **row}
    return {
        **fields,
        "attachments-TOTAL_FORMS": [str(number + 1)],
        **{f"attachments-{number}-{name}": value for name, value in row.items()},
    }


def post(client: Client, address: str, fields: Fields) -> Any:
    return client.post(address, fields)


def messages_of(response: Any) -> list[str]:
    """The errors shown beside the fields."""
    found = re.findall(
        r'class="error-message"[^>]*>(.*?)</(?:p|li|div)>', response.content.decode(), re.DOTALL
    )
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split()) for text in found]


# A new file -----------------------------------------------------------------------------------------------------


@pytest.mark.database
def test_a_new_item_with_a_file(people: People, author: Client, add: str) -> None:
    fields = with_row(texts(fields_of(author, add)), upload=upload(), role="pupil")
    assert post(author, add, fields).status_code == 302
    item = TeachingResource.objects.get(slug="preparer-son-stage")
    (place,) = item.get_latest_revision_as_object().attachments.all()
    file = place.attachment
    assert (file.name, file.role, file.size) == ("Fiche élève.pdf", "pupil", len(pdf("Fiche élève.pdf")))
    assert file.uploaded_by == people.author
    assert file.file.read() == pdf("Fiche élève.pdf")
    file.file.close()
    assert holdings(item) == {"Fiche élève.pdf": "draft"}


@pytest.mark.parametrize("extension", ["odt", "docx"])
def test_a_file_shown_under_another_name(extension: str, author: Client, add: str) -> None:
    content = document(extension)
    row = {
        "upload": upload(f"SCAN_001.{extension}", content),
        "role": "teacher",
        "name": "Le carnet\u202e de bord",
    }
    post(author, add, with_row(texts(fields_of(author, add)), **row))
    assert Attachment.objects.get().name == f"Le carnet de bord.{extension}"


@pytest.mark.database
def test_two_files_keep_their_order(author: Client, add: str) -> None:
    fields = with_row(texts(fields_of(author, add)), upload=upload("deux.pdf"), role="pupil", ORDER="2")
    fields = with_row(fields, upload=upload("une.pdf"), role="annex", ORDER="1")
    post(author, add, fields)
    item = TeachingResource.objects.get(slug="preparer-son-stage")
    assert [place.attachment.name for place in item.attachments.all()] == ["une.pdf", "deux.pdf"]


# Refused --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"role": "pupil"}, "Choisissez un fichier, ou retirez cette ligne."),
        ({"upload": upload()}, "Indiquez la nature du fichier, puis choisissez-le à nouveau."),
        (
            {"upload": upload(), "role": "unknown"},
            "Sélectionnez un choix valide. unknown n’en fait pas partie.",
        ),
        ({"upload": upload("a.pdf", b""), "role": "pupil"}, "Ce fichier est vide."),
        ({"upload": upload("a.exe"), "role": "pupil"}, "Un fichier « .exe » n’est pas accepté."),
        (
            {"upload": upload("a.pdf", b"<html>"), "role": "pupil"},
            "Ce fichier se nomme « .pdf » mais n’est pas",
        ),
        ({"upload": upload("a.odt", document("docx")), "role": "pupil"}, "est en réalité un fichier DOCX."),
    ],
)
def test_a_refusal_says_what_to_do_and_loses_nothing_else(
    row: dict[str, Any], message: str, author: Client, add: str
) -> None:
    if "upload" in row:
        row["upload"].seek(0)
    response = post(author, add, with_row(texts(fields_of(author, add)), **row))
    assert response.status_code == 200
    assert any(message in shown for shown in messages_of(response)), messages_of(response)
    assert "Préparer son stage" in response.content.decode()
    assert "Un texte." in response.content.decode()
    assert not Attachment.objects.exists()
    assert not TeachingResource.objects.exists()


def test_a_file_that_is_too_large_is_refused(author: Client, add: str, settings: Any) -> None:
    settings.ATTACHMENT_MAX_BYTES = 20
    response = post(author, add, with_row(texts(fields_of(author, add)), upload=upload(), role="pupil"))
    assert any("dépasse 20 octets" in shown for shown in messages_of(response))


def test_a_row_that_was_taken_out_is_not_looked_at(author: Client, add: str) -> None:
    fields = with_row(texts(fields_of(author, add)), upload=upload("a.exe"), role="pupil", DELETE="1")
    assert post(author, add, fields).status_code == 302
    assert not Attachment.objects.exists()


# Nothing is lost ------------------------------------------------------------------------------------------------


def resubmitted(response: Any, form_id: str = "page-edit-form") -> Fields:
    """The fields that a browser posts again from a page of errors: no file among them."""

    class Page:
        def get(self, address: str) -> Any:
            return response

    return fields_of(Page(), "", form_id)  # type: ignore[arg-type]


def test_a_file_survives_the_errors_of_the_rest(people: People, author: Client, add: str) -> None:
    fields = with_row(texts(fields_of(author, add)), upload=upload(), role="teacher", name="Le carnet")
    response = post(author, add, {**fields, "title": ""})
    assert response.status_code == 200
    kept = Attachment.objects.get()
    assert (kept.name, kept.role, kept.uploaded_by) == ("Le carnet.pdf", "teacher", people.author)
    assert not AttachmentHolding.objects.exists()
    again = {**resubmitted(response), "title": "Préparer son stage"}
    assert post(author, add, again).status_code == 302
    assert Attachment.objects.get() == kept
    assert holdings(TeachingResource.objects.get(slug="preparer-son-stage")) == {"Le carnet.pdf": "draft"}


def test_it_survives_errors_twice_and_is_stored_once(author: Client, add: str) -> None:
    fields = with_row(texts(fields_of(author, add)), upload=upload(), role="pupil")
    first = post(author, add, {**fields, "title": ""})
    second = post(author, add, {**resubmitted(first), "title": ""})
    assert post(author, add, {**resubmitted(second), "title": "Préparer son stage"}).status_code == 302
    assert Attachment.objects.count() == 1


def test_a_bad_file_beside_a_good_one_costs_the_good_one_nothing(author: Client, add: str) -> None:
    fields = with_row(texts(fields_of(author, add)), upload=upload("bonne.pdf"), role="pupil")
    response = post(author, add, with_row(fields, upload=upload("a.exe"), role="pupil"))
    assert [file.name for file in Attachment.objects.all()] == ["bonne.pdf"]
    again = {**resubmitted(response), "attachments-1-upload": upload("autre.pdf")}
    assert post(author, add, again).status_code == 302
    item = TeachingResource.objects.get(slug="preparer-son-stage")
    assert [place.attachment.name for place in item.attachments.all()] == ["bonne.pdf", "autre.pdf"]


# A file that is there -------------------------------------------------------------------------------------------


@pytest.fixture
def held() -> Attachment:
    return stored("Ancienne fiche.pdf", AttachmentRole.TEACHER)


@pytest.fixture
def item(people: People, held: Attachment) -> TeachingResource:
    made: TeachingResource = make_item(
        "teaching", "Fiche", owner=people.author, state=State.DRAFT, attachments=places(held)
    )
    return made


def test_it_is_shown_and_not_typed(author: Client, item: TeachingResource, held: Attachment) -> None:
    page = author.get(edit(item)).content.decode()
    assert f'<a href="/fichiers/{held.pk}/">Ancienne fiche.pdf</a> (PDF, {held.size}\u00a0octets)' in page
    for field in ("role", "name"):
        tag = re.search(rf'<(?:select|input)[^>]*name="attachments-0-{field}"[^>]*>', page)
        assert tag is not None
        assert "disabled" in tag.group()
    assert 'enctype="multipart/form-data"' in page


def test_saved_as_it_is_it_stays(author: Client, item: TeachingResource, held: Attachment) -> None:
    assert post(author, edit(item), fields_of(author, edit(item))).status_code == 302
    assert Attachment.objects.get() == held
    assert holdings(item) == {"Ancienne fiche.pdf": "draft"}


def test_its_nature_cannot_be_changed(author: Client, item: TeachingResource, held: Attachment) -> None:
    forged = {"attachments-0-role": "pupil", "attachments-0-name": "Autre"}
    post(author, edit(item), {**fields_of(author, edit(item)), **forged})
    held.refresh_from_db()
    assert (held.role, held.name) == ("teacher", "Ancienne fiche.pdf")
    assert holdings(item) == {"Ancienne fiche.pdf": "draft"}


def test_replaced_it_is_another_row_of_the_same_nature(
    people: People, author: Client, item: TeachingResource, held: Attachment
) -> None:
    publish(item)
    fields = fields_of(author, edit(item))
    post(author, edit(item), {**fields, "attachments-0-upload": upload("Nouvelle fiche.pdf")})
    new = Attachment.objects.exclude(pk=held.pk).get()
    assert (new.name, new.role, new.uploaded_by) == ("Nouvelle fiche.pdf", "teacher", people.author)
    assert holdings(item) == {"Ancienne fiche.pdf": "public", "Nouvelle fiche.pdf": "draft"}
    publish(item)
    assert holdings(item) == {"Nouvelle fiche.pdf": "public draft"}
    assert item.attachments.count() == 1


def test_a_bad_replacement_leaves_the_old_one(author: Client, item: TeachingResource) -> None:
    fields = fields_of(author, edit(item))
    response = post(author, edit(item), {**fields, "attachments-0-upload": upload("a.exe")})
    assert any("n’est pas accepté" in shown for shown in messages_of(response))
    assert "Ancienne fiche.pdf" in response.content.decode()
    assert post(author, edit(item), resubmitted(response)).status_code == 302
    assert holdings(item) == {"Ancienne fiche.pdf": "draft"}


def test_taken_out(author: Client, item: TeachingResource, held: Attachment) -> None:
    publish(item)
    post(author, edit(item), {**fields_of(author, edit(item)), "attachments-0-DELETE": "1"})
    assert holdings(item) == {"Ancienne fiche.pdf": "public"}
    publish(item)
    assert holdings(item) == {}
    assert Attachment.objects.get() == held


@pytest.mark.database
def test_a_row_without_number_of_its_own_survives_edition_after_edition(
    author: Client, item: TeachingResource
) -> None:
    """What a draft adds beside a published version has no row in the database until it is published."""
    publish(item)
    post(
        author, edit(item), with_row(fields_of(author, edit(item)), upload=upload("Ajout.pdf"), role="annex")
    )
    for _ in range(2):
        fields = fields_of(author, edit(item))
        assert fields["attachments-1-id"] == [""]
        assert post(author, edit(item), fields).status_code == 302
    assert holdings(item) == {"Ancienne fiche.pdf": "public draft", "Ajout.pdf": "draft"}
    publish(item)
    assert holdings(item) == {"Ancienne fiche.pdf": "public draft", "Ajout.pdf": "public draft"}
    assert Attachment.objects.count() == 2


def test_an_older_version_is_taken_again(author: Client, item: TeachingResource) -> None:
    publish(item)
    older = Revision.objects.for_instance(item).order_by("pk")[0]
    post(author, edit(item), {**fields_of(author, edit(item)), "attachments-0-DELETE": "1"})
    publish(item)
    assert holdings(item) == {}
    revert = reverse("wagtailadmin_pages:revisions_revert", args=[item.pk, older.pk])
    response = post(author, revert, fields_of(author, revert))
    assert response.status_code == 302, messages_of(response)
    assert holdings(item) == {"Ancienne fiche.pdf": "draft"}


def test_two_versions_are_compared_by_their_files(author: Client, item: TeachingResource) -> None:
    first = item.latest_revision
    second = new_version(item, stored("Nouvelle fiche.pdf"))
    page = author.get(
        reverse("wagtailadmin_pages:revisions_compare", args=[item.pk, first.pk, second.pk])
    ).content.decode()
    assert "Ancienne fiche.pdf" in re.sub(r"</?span[^>]*>", "", page)
    assert "Nouvelle fiche.pdf" in re.sub(r"</?span[^>]*>", "", page)


# Forged ---------------------------------------------------------------------------------------------------------

FORGED = "Ce fichier n’est pas dans cette version de la fiche"


@pytest.fixture
def secret(people: People) -> Attachment:
    """A file of somebody else's draft."""
    file = stored("Secret.pdf", user=people.other_facilitator)
    make_item(
        "practice",
        "Autre",
        owner=people.other_facilitator,
        pole=people.other_pole,
        state=State.DRAFT,
        attachments=places(file),
    )
    return file


def refused(response: Any) -> None:
    assert response.status_code == 200
    assert any(FORGED in shown for shown in messages_of(response)), messages_of(response)
    assert "Secret" not in response.content.decode()


def test_nobody_takes_the_file_of_another_item(author: Client, add: str, secret: Attachment) -> None:
    refused(
        post(author, add, with_row(texts(fields_of(author, add)), attachment=str(secret.pk), role="pupil"))
    )
    assert not TeachingResource.objects.exists()


def test_nor_in_the_place_of_a_file_that_is_there(
    author: Client, item: TeachingResource, secret: Attachment
) -> None:
    for forged in ({}, {"attachments-0-id": ""}, {"attachments-0-id": str(secret.places.get().pk)}):
        fields = {**fields_of(author, edit(item)), **forged, "attachments-0-attachment": str(secret.pk)}
        refused(post(author, edit(item), fields))
    assert holdings(item) == {"Ancienne fiche.pdf": "draft"}
    assert secret.holdings.count() == 1


def test_nor_a_file_that_waits_in_somebodys_form(people: People, author: Client, add: str) -> None:
    waiting = stored("Secret.pdf", user=people.other_facilitator)
    refused(
        post(author, add, with_row(texts(fields_of(author, add)), attachment=str(waiting.pk), role="pupil"))
    )


def test_nor_a_file_that_this_version_no_longer_holds(author: Client, item: TeachingResource) -> None:
    gone = stored("Secret.pdf")
    new_version(item, gone)
    new_version(item)
    refused(
        post(
            author, edit(item), with_row(fields_of(author, edit(item)), attachment=str(gone.pk), role="pupil")
        )
    )


def test_the_row_of_another_item_is_never_moved(
    author: Client, item: TeachingResource, held: Attachment, secret: Attachment
) -> None:
    """With the number of a foreign row and a file of this item: the foreign row stays where it is."""
    row = secret.places.get()
    fields = {**fields_of(author, edit(item)), "attachments-0-id": str(row.pk)}
    post(author, edit(item), fields)
    row.refresh_from_db()
    assert (row.attachment, row.item_id) == (secret, secret.holdings.get().item_id)
    assert holdings(item) == {"Ancienne fiche.pdf": "draft"}


@pytest.mark.parametrize("value", ["1", "x", "\x00", "../../etc/passwd", UNKNOWN, "é" * 5000])
def test_what_names_no_file_is_an_error_of_the_form(value: str, author: Client, add: str) -> None:
    response = post(author, add, with_row(texts(fields_of(author, add)), attachment=value, role="pupil"))
    assert response.status_code == 200
    assert not TeachingResource.objects.exists()
