"""Attestations: who gets one, what stands in it, who finds out whether one is true, and what nobody finds out."""

from __future__ import annotations

import datetime
import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from kb.learning import attestation_file, cookie
from kb.learning.attesting import NAME_WANTED, NameRefused, printed_name, withdraw
from kb.learning.models import Attestation, Following
from kb.learning.models.attestation import code_of
from kb.learning.views import attestations
from resources.models import Training
from tests.html import problems, text_of
from tests.people import People, make_people
from tests.training import good, make_training, module, publish, request_of, single

pytestmark = pytest.mark.django_db

NAME = "Zoé O’Hara-Müller"


@pytest.fixture(autouse=True)
def no_attempt_yet(db: None) -> None:
    cache.clear()


def follow_first(client: Client, training: Training) -> None:
    step = training.modules.all()[0]
    client.post(f"/formations/{training.slug}/modules/{step.key}/", good(step, training, client))


def follow(client: Client, training: Training) -> None:
    for step in training.modules.all():
        client.post(f"/formations/{training.slug}/modules/{step.key}/", good(step, training, client))


def ask(client: Client, training: Training, name: str = NAME) -> Any:
    return client.post(f"/formations/{training.slug}/attestation/", {"name": name})


def check(client: Client, code: str, name: str) -> Any:
    return client.post("/attestations/", {"code": code, "name": name})


def words(content: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    assert len(document) == 1, "one page"
    document.close()
    return " ".join(text.split())


def test_who_finished_gets_a_file_with_all_that_it_must_say(client: Client, training: Training) -> None:
    follow(client, training)
    answer = ask(client, training)
    assert answer["Content-Type"] == "application/pdf"
    made = Attestation.objects.get()
    assert answer["Content-Disposition"] == f'attachment; filename="attestation-{made.printed_code}.pdf"'
    text = words(answer.content)
    for said in (NAME, training.title, "20 minutes, en 2 modules", made.printed_code, "/attestations/"):
        assert said in text, said
    assert text.count(str(timezone.localdate().year)) >= 3, "version, end and day of delivery"


def test_the_file_is_accessible(client: Client, training: Training, tmp_path: Path) -> None:
    """By veraPDF, which knows every rule of PDF/UA-1; with the longest names and title that there can be."""
    Training.objects.update(title="Accueillir " * 20, is_demonstration=True)
    follow(client, training)
    path = tmp_path / "attestation.pdf"
    path.write_bytes(ask(client, training, "Éléonore-Marie de La Tour-d’Auvergne " * 2).content)
    command = ["scripts/verapdf", str(path)]
    verapdf = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert verapdf.returncode == 0, verapdf.stdout + verapdf.stderr
    assert verapdf.stdout.startswith("PASS")


def test_who_has_not_finished_gets_none(client: Client, training: Training) -> None:
    follow_first(client, training)
    answer = ask(client, training)
    assert answer.status_code == 302
    assert "Il reste 1 module à valider" in text_of(client.get(answer["Location"]))
    assert not Attestation.objects.exists()


def test_a_machine_that_cannot_draw_loses_nothing(
    client: Client, training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> None:
        raise OSError("cannot load library 'libpango-1.0-0'")

    follow(client, training)
    monkeypatch.setattr(attestation_file, "import_module", absent)
    page = client.post(f"/formations/{training.slug}/attestation/", {"name": NAME}, follow=True)
    assert "Votre progression est gardée : revenez demain." in text_of(page)
    assert "Formation terminée le" in text_of(page)
    assert not Attestation.objects.exists()


def test_an_address_that_was_kept_leads_to_the_training(client: Client, training: Training) -> None:
    assert client.get(f"/formations/{training.slug}/attestation/")["Location"] == training.url


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "Z",
        "Zo",
        "<b>Zoé</b>",
        "Zoé 2",
        "x" * 81,
        "http://a.b",
        "Zoé\x00Martin",
        "Zoé\u202eMartin",
        "zoe@exemple.fr",
    ],
)
def test_what_is_no_name_is_refused_and_stays_to_be_mended(
    client: Client, training: Training, typed: str
) -> None:
    follow(client, training)
    answer = ask(client, training, typed)
    assert answer.status_code == 200
    assert NAME_WANTED in text_of(answer).replace(" ", " ") or "Écrivez votre prénom" in text_of(answer)
    assert not Attestation.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "Li Na",
        "प्रिया शर्मा",
        "สมชาย ใจดี",
        "Anne-Marie d'Arc",
        "  Zoé   Martin ",
        "Владимир Иванов",
        "J. R. Dupont",
        "Nguyễn Thị Hoa",
    ],
)
def test_names_as_people_bear_them(name: str) -> None:
    assert printed_name(name) == " ".join(name.replace("'", "’").split())


@pytest.mark.database
def test_a_name_is_never_kept(client: Client, training: Training) -> None:
    follow(client, training)
    ask(client, training, "Zoroastre Quichotte")
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "zoroastre" not in str(cursor.fetchall()).lower(), table


def test_the_same_name_gets_the_same_attestation_and_another_one_another(
    client: Client, training: Training
) -> None:
    follow(client, training)
    ask(client, training)
    ask(client, training, NAME.upper())
    assert Attestation.objects.count() == 1
    ask(client, training, "Une Autre")
    assert Attestation.objects.count() == 2


def test_one_progress_does_not_attest_a_whole_workshop(client: Client, training: Training) -> None:
    follow(client, training)
    for number in range(6):
        answer = ask(client, training, "Personne " + "ABCDEF"[number] * 3)
    assert "cinq attestations à des noms différents" in text_of(answer)
    assert Attestation.objects.count() == 5


def test_an_account_finds_its_attestation_again(people: People, client_of: Any, training: Training) -> None:
    follow(client_of(people.tutor), training)
    ask(client_of(people.tutor), training)
    ask(client_of(people.tutor), training)
    made = Attestation.objects.get()
    assert Attestation.objects.of_progress(training.pk, Following.objects.get().read().ids) == [made]


def test_a_copy_of_the_progress_gets_no_other_attestations(
    people: People, client: Client, training: Training
) -> None:
    """Neither a name that was withdrawn nor a sixth one: the copy was made before the first was asked for."""
    follow(client, training)
    copy = Client()
    copy.cookies[cookie.NAME] = client.cookies[cookie.NAME].value
    link = cookie.to_link(cookie.from_cookie(request_of(client)))
    mailed = Client()
    mailed.post(f"/mes-formations/reprendre/{link}/")
    ask(client, training)
    withdraw(Attestation.objects.get().code, "Nom d’une autre personne", people.coordination)
    for other in (copy, mailed):
        assert "a été retirée par la coordination" in text_of(ask(other, training))
    for number in range(5):
        answer = ask((copy, mailed)[number % 2], training, "Personne " + "ABCDE"[number] * 3)
    assert "cinq attestations à des noms différents" in text_of(answer)
    assert Attestation.objects.count() == 5


def test_a_fresh_progress_put_in_front_gets_no_other_attestations(
    people: People, client: Client, training: Training
) -> None:
    follow(client, training)
    ask(client, training)
    withdraw(Attestation.objects.get().code, "Nom d’une autre personne", people.coordination)
    finished = client.cookies[cookie.NAME].value
    for _ in range(2):
        fresh = Client()
        follow_first(fresh, training)
        link = cookie.to_link(cookie.from_cookie(request_of(fresh)))
        copy = Client()
        copy.cookies[cookie.NAME] = finished
        copy.post(f"/mes-formations/reprendre/{link}/")
        assert "a été retirée par la coordination" in text_of(ask(copy, training))
        ask(copy, training, "Une Autre")
    assert Attestation.objects.count() == 2


def test_it_bears_the_title_of_the_version_that_was_followed(client: Client, training: Training) -> None:
    follow(client, training)
    training.title = "Tout autre chose"
    publish(training)
    assert "Accueillir" in words(ask(client, training).content)
    assert Attestation.objects.get().title == "Accueillir"


def test_a_training_that_went_offline_is_still_attested_to_who_finished_it(
    client: Client, training: Training
) -> None:
    follow(client, training)
    training.unpublish()
    text = text_of(client.get("/mes-formations/"))
    assert "Terminées, et qui ne vous sont plus ouvertes" in text
    assert f"/formations/{training.slug}/attestation/" in client.get("/mes-formations/").content.decode()
    asked = client.get(f"/formations/{training.slug}/attestation/")
    assert "Votre prénom et votre nom" in text_of(asked)
    assert problems(asked.content.decode()) == []
    assert ask(client, training)["Content-Type"] == "application/pdf"
    assert "Écrivez votre prénom" in text_of(ask(client, training, "1"))
    assert ask(Client(), training).status_code == 404
    begun = Client()
    follow_first(begun, training)
    assert ask(begun, training).status_code == 404
    training.delete()
    assert "Une formation qui n’est plus en ligne" in text_of(client.get("/mes-formations/"))
    assert ask(client, training).status_code == 404


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nobody_who_writes_waits_for_a_drawing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    training = make_training("Accueillir", [module("Suivre", [single()])])
    follow(client, training)
    drawing: list[bool] = []

    def draw(made: Attestation, name: str, *, demonstration: bool) -> bytes:
        drawing.append(connection.in_atomic_block)
        return b"%PDF"

    monkeypatch.setattr(attestations, "attestation_pdf", draw)
    assert ask(client, training).content == b"%PDF"
    assert drawing == [False]
    assert Attestation.objects.exists()


def test_it_names_the_version_that_was_followed(client: Client, training: Training) -> None:
    """Who asks after a longer version was published has not followed that one."""
    long_ago = timezone.now() - datetime.timedelta(days=90)
    Training.objects.filter(pk=training.pk).update(last_published_at=long_ago)
    follow(client, training)
    training.modules.set([*training.modules.all(), module("De plus", [single()], sort_order=9)])
    publish(training)
    ask(client, training)
    made = Attestation.objects.get()
    assert (made.version_on, made.modules, made.minutes) == (timezone.localdate(long_ago), 2, 20)
    training.delete()
    made.refresh_from_db()
    assert (made.training, made.title) == (None, "Accueillir")


# The public page -----------------------------------------------------------------------------------------------------


@pytest.fixture
def made(client: Client, training: Training) -> Attestation:
    follow(client, training)
    ask(client, training)
    return Attestation.objects.get()


@pytest.mark.parametrize("typed", [NAME, "zoe o'hara muller", " ZOÉ  O’HARA-MÜLLER "])
def test_a_true_one_is_valid(made: Attestation, typed: str) -> None:
    stranger = Client()
    for code in (made.printed_code, made.code.lower(), made.printed_code.replace("-", " ")):
        text = text_of(check(stranger, code, typed))
        assert "Attestation valable. Elle a été délivrée à ce nom pour la formation « Accueillir »" in text


def test_its_code_under_another_name_matches_nothing(made: Attestation) -> None:
    wrong_name, wrong_code = check(Client(), made.code, "Une Autre"), check(Client(), "0" * 12, NAME)
    assert "Aucune attestation ne porte ce code et ce nom." in text_of(wrong_name)
    assert "Accueillir" not in text_of(wrong_name)

    def bare(answer: Any) -> str:
        return re.sub(r'value="[^"]*"', "", answer.content.decode())

    assert bare(wrong_name) == bare(wrong_code), "no word says which of the two was wrong"


def test_a_withdrawn_one_says_so_to_who_knows_the_name(
    made: Attestation, client: Client, training: Training, client_of: Any
) -> None:
    people = make_people()
    form = {"code": made.printed_code, "reason": "Nom d’une autre personne"}
    for reader in (people.teacher, people.facilitator):
        assert client_of(reader).post("/attestations/retirer/", form).status_code == 404
    assert Client().post("/attestations/retirer/", form).status_code == 404
    refused = client_of(people.coordination).post("/attestations/retirer/", {"code": "0000", "reason": "x"})
    assert "Aucune attestation ne porte ce code" in text_of(refused)
    assert "ne vaut plus" in text_of(
        client_of(people.coordination).post("/attestations/retirer/", form, follow=True)
    )
    listed = text_of(client_of(people.coordination).get("/attestations/retirer/"))
    assert made.printed_code in listed
    assert "Nom d’une autre personne" in listed, "who follows in the office reads why"
    text = text_of(check(Client(), made.code, NAME))
    assert "Attestation retirée." in text
    assert "Nom d’une autre personne" not in text
    assert "Aucune attestation" in text_of(check(Client(), made.code, "Une Autre"))
    assert "a été retirée par la coordination" in text_of(ask(client, training)), (
        "and no new one is made of it"
    )


def test_names_are_not_guessed_at_a_code(made: Attestation) -> None:
    for number in range(10):
        assert check(Client(), made.code, f"Personne {'x' * number}").status_code == 200
    refused = check(Client(), made.code, NAME)
    assert refused.status_code == 429
    assert "Trop d’essais" in text_of(refused)
    assert check(Client(), "1" * 12, NAME).status_code == 200, "another code is asked freely"


def test_a_flood_of_other_codes_does_not_forget_the_guesses(made: Attestation) -> None:
    for number in range(10):
        check(Client(), made.code, f"Personne {'x' * number}")
    for number in range(350):
        cache.set(f"allauth:rl:{number:03}", [0.0], 3600)
    assert check(Client(), made.code, NAME).status_code == 429


def test_the_picture_s_address_brings_the_code_and_asks_for_the_name(made: Attestation) -> None:
    page = Client().get("/attestations/", {"code": made.printed_code})
    assert f'value="{made.printed_code}"' in page.content.decode()
    assert "valable" not in text_of(page).replace("si elle est valable", "")


@pytest.mark.parametrize(
    ("code", "name"),
    [("", ""), ("", NAME), ("---", NAME), ("7K2M", "  "), ("\x00", "\x00"), ("é" * 99, "x" * 999)],
)
def test_rubbish_is_answered(code: str, name: str) -> None:
    page = check(Client(), code, name)
    assert page.status_code == 200
    assert "imprimé" in text_of(page)
    assert problems(page.content.decode()) == []


@pytest.mark.parametrize(
    ("typed", "code"), [("7k2m-9qrt 4wxb", "7K2M9QRT4WXB"), ("oil0-0000-0000", "011000000000"), ("", "")]
)
def test_a_code_is_read_as_people_type_it(typed: str, code: str) -> None:
    assert code_of(typed) == code


def test_a_refusal_is_an_error_in_french() -> None:
    with pytest.raises(NameRefused, match="Écrivez votre prénom"):
        printed_name("1")
