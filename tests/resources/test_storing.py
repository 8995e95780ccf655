"""Files on disk: random places, nothing overwritten, nothing left behind."""

from __future__ import annotations

import hashlib
import io
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.models import GroupCollectionPermission

from kb.core.jobs import all_jobs
from resources.attachments.jobs import SPARED, sweep
from resources.attachments.storing import store
from resources.models import Attachment, AttachmentRole
from tests.items import make_item
from tests.people import People
from tests.resources.documents import document, pdf
from tests.resources.files import places, stored

pytestmark = pytest.mark.django_db


def on_disk(settings: LazySettings) -> list[Path]:
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def test_what_is_written_down(people: People, settings: LazySettings) -> None:
    content = document("odt")
    file = store(io.BytesIO(content), "C:\\Carnet.ODT", AttachmentRole.TEACHER, people.author, "Le carnet")
    file = Attachment.objects.get(pk=file.pk)
    assert (file.name, file.role, file.uploaded_by) == ("Le carnet.odt", "teacher", people.author)
    assert (file.size, file.content_type) == (len(content), "application/vnd.oasis.opendocument.text")
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    (path,) = on_disk(settings)
    assert path.read_bytes() == content
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_place_on_disk_tells_nothing_and_is_never_the_same(settings: LazySettings) -> None:
    one, two = stored("secret.pdf"), stored("secret.pdf")
    assert one.file.name != two.file.name
    assert len(on_disk(settings)) == 2
    assert not any("secret" in str(path) or "." in path.name for path in on_disk(settings))


def test_an_attachment_never_changes() -> None:
    file = stored()
    file.name = "autre.pdf"
    with pytest.raises(TypeError):
        file.save()


def test_what_is_refused_is_not_written(settings: LazySettings) -> None:
    with pytest.raises(ValidationError):
        store(io.BytesIO(b"<html>"), "a.pdf", AttachmentRole.PUPIL, None)
    with pytest.raises(ValueError, match="unknown"):
        store(io.BytesIO(pdf()), "a.pdf", "unknown", None)
    assert on_disk(settings) == []
    assert not Attachment.objects.exists()


def test_a_row_that_cannot_be_written_leaves_no_bytes(settings: LazySettings) -> None:
    with transaction.atomic():
        transaction.set_rollback(True)  # as after an error of the database: no query is accepted any more
        with pytest.raises(transaction.TransactionManagementError):
            stored()
    assert on_disk(settings) == []


# The sweep ------------------------------------------------------------------------------------------------------


def age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_bytes_without_a_row_go_after_a_day_and_nothing_else_does(settings: LazySettings) -> None:
    kept, lost = stored("kept.pdf"), stored("lost.pdf")
    Attachment.objects.filter(pk=lost.pk).delete()  # as a transaction that rolled back leaves it
    for path in on_disk(settings):
        age(path, SPARED.total_seconds() + 60)
    foreign = Path(settings.MEDIA_ROOT) / "documents" / "autre"
    foreign.parent.mkdir()
    foreign.write_bytes(b"x")
    age(foreign, SPARED.total_seconds() + 60)
    assert sweep() == "1 fichier(s) sans fiche effacé(s) du disque."
    assert {path.name for path in on_disk(settings)} == {Path(kept.file.name).name, "autre"}
    assert default_storage.exists(kept.file.name)
    assert sweep() == "0 fichier(s) sans fiche effacé(s) du disque."


def test_bytes_that_a_request_is_writing_now_are_spared(settings: LazySettings) -> None:
    file = stored()
    Attachment.objects.filter(pk=file.pk).delete()
    (path,) = on_disk(settings)
    age(path, SPARED.total_seconds() - 60)
    sweep()
    assert on_disk(settings) == [path]


def test_a_file_that_no_item_holds_any_more_is_kept(settings: LazySettings) -> None:
    """Older versions may name it."""
    file = stored()
    make_item("teaching", "Fiche", attachments=places(file)).delete()
    (path,) = on_disk(settings)
    age(path, 10 * SPARED.total_seconds())
    sweep()
    assert on_disk(settings) == [path]


def test_without_a_folder_there_is_nothing_to_sweep() -> None:
    assert sweep() == "0 fichier(s) sans fiche effacé(s) du disque."


def test_the_sweep_is_a_periodic_job() -> None:
    (job,) = [job for job in all_jobs() if job.run is sweep]
    assert job.every.total_seconds() == 86_400


# No other way to a file -----------------------------------------------------------------------------------------


def test_nothing_under_the_media_folder_is_served_by_its_path(client: Client, settings: LazySettings) -> None:
    file = stored()
    make_item("teaching", "Fiche", attachments=places(file))
    for path in (
        file.file.url,
        f"/media/{file.file.name}",
        f"/{file.file.name}",
        f"/media/{file.file.name}?x",
        f"/static/../media/{file.file.name}",
        f"/fichiers/{file.file.name}",
        "/media/",
    ):
        assert client.get(path, follow=True).status_code == 404, path


@pytest.mark.parametrize(
    "name", ["wagtaildocs_serve", "wagtaildocs_authenticate_with_password", "wagtailimages_serve"]
)
def test_wagtails_own_files_have_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name, args=[1, "a.pdf"])


@pytest.mark.parametrize("path", ["/documents/1/a.pdf", "/documents/", "/images/", "/admin-documents/"])
def test_nor_do_their_usual_addresses_answer(path: str, client: Client) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.database
def test_no_group_has_a_right_on_documents_or_images(people: People) -> None:
    """`people` makes two pôles, so their groups are among those that are looked at."""
    held = Permission.objects.filter(group__isnull=False)
    assert held.exists()
    assert not held.filter(content_type__app_label__in=("wagtaildocs", "wagtailimages")).exists()
    assert not GroupCollectionPermission.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/admin/documents/",
        "/admin/documents/chooser/",
        "/admin/documents/multiple/add/",
        "/admin/images/",
        "/admin/images/chooser/",
    ],
)
def test_nobody_opens_their_screens(path: str, people: People, client_of: Any) -> None:
    for name, user in people.readers().items():
        response = client_of(None if name == "anonymous" else user).get(path)
        assert response.status_code == (302 if name == "anonymous" else 404), name
        assert "Document" not in response.content.decode()
