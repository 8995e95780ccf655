"""The part of a page that lists the files."""

from __future__ import annotations

import re

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory

from kb.accounts.models import User
from resources.attachments.reading import ItemFiles
from resources.models import Attachment, AttachmentRole


def page(files: ItemFiles, user: User | AnonymousUser | None = None) -> str:
    request = RequestFactory().get("/ressources/fiche & cie/")
    request.user = user or AnonymousUser()
    html = render_to_string("resources/attachments.html", {"files": files}, request=request)
    return re.sub("[ \n]+", " ", html).strip()  # not the non-breaking spaces


def file(name: str, role: str = AttachmentRole.PUPIL) -> Attachment:
    return Attachment(name=name, role=role, size=34_900, content_type="application/pdf")


def test_each_file_with_its_nature_type_and_size() -> None:
    shown = file("Fiche <b>élève</b>.pdf")
    html = page(ItemFiles((shown,), withheld=()))
    assert (
        f'<a href="/fichiers/{shown.pk}/">Fiche élève\u00a0: Fiche &lt;b&gt;élève&lt;/b&gt;.pdf</a>' in html
    )
    assert "PDF, 34\u00a0ko" in html
    assert "membres de Vivier" not in html


def test_a_withheld_teacher_version_is_said_but_not_named() -> None:
    html = page(ItemFiles((), withheld=("Corrigé",)))
    assert "La version enseignant est remise aux membres de Vivier\u00a0: " in html
    assert 'href="/connexion/?next=/ressources/fiche%20%26%20cie/"' in html
    assert "<ul>" not in html


def test_who_is_signed_in_is_not_told_to_sign_in() -> None:
    html = page(ItemFiles((), withheld=("Corrigé",)), User(email="tuteur@demo.example"))
    assert "La version enseignant est remise aux personnes dont la coordination a reconnu le rôle." in html
    assert "connectez-vous" not in html


def test_without_files_there_is_nothing() -> None:
    assert page(ItemFiles((), withheld=())) == ""
