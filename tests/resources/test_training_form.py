"""The admin form of a training: keys that stay, documents that are there, questions that can be answered."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from wagtail.test.utils.form_data import nested_form_data, streamfield

from resources.attachments.models import AttachmentRole
from resources.models import ItemAttachment, Training
from resources.training.content import documents_in
from resources.unchanged import says_something_else
from tests.admin_form import fields_of
from tests.html import text_of
from tests.items import submit
from tests.people import People
from tests.resources.files import stored
from tests.training import every_sort, make_training, module

pytestmark = pytest.mark.django_db

Blocks = list[tuple[str, Any]]


def rich(text: str) -> str:
    return json.dumps({"blocks": [{"key": "a", "text": text, "type": "unstyled"}], "entityMap": {}})


def row(number: int, title: str, content: Blocks, quiz: Blocks = [], **fields: Any) -> dict[str, Any]:  # noqa: B006
    """What the browser sends of one module."""
    data = {"title": title, "duration_minutes": 10, "key": "", "pass_mark": 70, "DELETE": ""}
    data |= {"ORDER": number + 1, "content": streamfield(content), "quiz": streamfield(quiz)} | fields
    return {f"modules-{number}-{name}": value for name, value in nested_form_data(data).items()}


def edit(client: Client, training: Training, *rows: dict[str, Any], **more: Any) -> Any:
    """These rows in the places of those that are there; what is left of them is taken out."""
    address = f"/admin/pages/{training.pk}/edit/"
    kept = re.compile(r"modules-\d+-(content|quiz)-")
    form = {name: value for name, value in fields_of(client, address).items() if not kept.match(name)}
    there = int(form["modules-INITIAL_FORMS"][0])
    form |= {"modules-TOTAL_FORMS": max(there, len(rows)), "aims": rich("But."), **more}
    for one in rows:
        form |= one
    for number in range(len(rows), there):
        form |= row(number, "Plus là", [("text", rich("T."))]) | {f"modules-{number}-DELETE": "on"}
    return client.post(address, form)


def said(page: Any) -> str:
    """The page with the errors that it hands to the editor's script as JSON."""
    text = unescape(unescape(page.content.decode())).replace("\u00a0", " ")
    return re.sub(r"\\+u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text).replace("\u00a0", " ")


SUBMIT = {"action-submit": "1"}
"""A draft may stop anywhere; what is proposed is whole."""


def latest(training: Training) -> Training:
    return Training.objects.get(pk=training.pk).get_latest_revision_as_object()


@pytest.fixture
def training(people: People) -> Training:
    return make_training(
        "Accueillir", [module("Un", every_sort()), module("Deux")], owner=people.coordination
    )


@pytest.fixture
def client(people: People, client_of: Any) -> Client:
    return client_of(people.coordination)


def test_a_key_outlives_every_edit_and_a_new_module_gets_its_own(client: Client, training: Training) -> None:
    one, two = training.modules.all()
    text: Blocks = [("text", rich("Texte."))]
    rows = [
        row(0, "Un autre titre", text, key=one.key),
        row(1, "Deux", text, key=two.key),
        row(2, "Trois", text),
    ]
    assert edit(client, training, *rows).status_code == 302
    draft = latest(training)
    keys = [step.key for step in draft.modules.all()]
    assert keys[:2] == [one.key, two.key]
    assert len(set(keys)) == 3
    assert all(len(key) == 8 for key in keys)
    # And once more: the new row has no number yet, only its key.
    form = fields_of(client, f"/admin/pages/{training.pk}/edit/")
    assert form["modules-2-key"] == [keys[2]]
    draft.latest_revision.publish(skip_permission_checks=True)
    assert [step.key for step in Training.objects.get(pk=training.pk).modules.all()] == keys


def test_two_rows_with_one_key_are_parted(client: Client, training: Training) -> None:
    text: Blocks = [("text", rich("Texte."))]
    edit(client, training, row(0, "Un", text, key="aaaaaaaa"), row(1, "Copie", text, key="aaaaaaaa"))
    first, second = (step.key for step in latest(training).modules.all())
    assert first == "aaaaaaaa" != second


@pytest.mark.parametrize("key", ["a/b", "éééééééé", "../..", "trop-long-", "        "])
def test_a_key_that_no_address_could_hold_is_replaced(client: Client, training: Training, key: str) -> None:
    answer = edit(client, training, row(0, "Un", [("text", rich("T."))], key=key))
    if answer.status_code == 302:
        [step] = latest(training).modules.all()
        assert re.fullmatch(r"[A-Za-z0-9]{8}", step.key)
    else:
        assert len(key) > 8


def test_a_row_that_the_browser_adds_brings_no_key(client: Client, training: Training) -> None:
    page = client.get(f"/admin/pages/{training.pk}/edit/").content.decode()
    [field] = re.findall(r"<input[^>]*modules-__prefix__-key[^>]*>", page)
    assert "value" not in field
    assert 'type="hidden"' in field


def test_a_document_is_a_file_of_the_training(client: Client, people: People, training: Training) -> None:
    place: Blocks = [("document", {"name": "Liste.pdf", "note": ""})]
    page = edit(client, training, row(0, "Un", place))
    assert "Aucun fichier joint ne s’appelle « Liste.pdf » : ajoutez-le sous « Fichiers »." in said(page)
    training.attachments.add(
        ItemAttachment(attachment=stored("Liste.pdf", AttachmentRole.ANNEX, people.coordination))
    )
    training.save_revision().publish(skip_permission_checks=True)
    assert edit(client, training, row(0, "Un", place)).status_code == 302
    draft = latest(training)
    assert documents_in(draft.modules.all()[0].content) == ["Liste.pdf"]
    draft.latest_revision.publish(skip_permission_checks=True)
    step = draft.modules.all()[0]
    shown = Client().get(f"/formations/{training.slug}/modules/{step.key}/").content.decode()
    assert "Liste.pdf</a>" in shown
    wrong = edit(client, training, row(0, "Un", [("document", {"name": "liste", "note": ""})]))
    assert "les fichiers sont « Liste.pdf »" in said(wrong)


def answer(text: str, *, right: bool = False) -> dict[str, Any]:
    return {"text": text, "feedback": "Retour."} | ({"right": "on"} if right else {})


def items(*values: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"count": len(values)}
    for place, value in enumerate(values):
        data |= {str(place): {"value": value, "order": place, "deleted": "", "id": ""}}
    return data


@pytest.mark.parametrize(
    ("sort", "value", "says"),
    [
        ("single", {"answers": items(answer("A"), answer("B"))}, "Cochez une bonne réponse, et une seule."),
        ("single", {"answers": items(answer("A", right=True), answer("B", right=True))}, "et une seule."),
        ("multiple", {"answers": items(*[answer(x, right=True) for x in "ABC"])}, "et une qui ne l’est pas."),
        ("multiple", {"answers": items(answer("A"), answer("B"), answer("C"))}, "au moins une bonne réponse"),
        ("ordering", {"steps": items("A", "B", "A"), "right": "R.", "wrong": "W."}, "se lisent pareil"),
        (
            "gap",
            {"text": "Sans trou.", "answers": items(answer("A", right=True)), "wrong": "W."},
            "une fois, et",
        ),
        (
            "gap",
            {"text": "[…] et […].", "answers": items(answer("A", right=True)), "wrong": "W."},
            "une fois, et",
        ),
        (
            "gap",
            {"text": "Un […].", "answers": items(answer("A")), "wrong": "W."},
            "au moins une réponse acceptée",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(
    client: Client, training: Training, sort: str, value: dict[str, Any], says: str
) -> None:
    before = training.latest_revision_id
    page = edit(
        client, training, row(0, "Un", [("text", rich("T."))], [(sort, {"text": "Q ?"} | value)]), **SUBMIT
    )
    assert page.status_code == 200
    assert says in said(page)
    assert Training.objects.get(pk=training.pk).latest_revision_id == before


@pytest.mark.parametrize("sort", ["single", "multiple", "true_false", "ordering", "gap"])
def test_a_question_that_is_only_begun_is_no_fault_of_the_site(
    client: Client, training: Training, sort: str
) -> None:
    """A draft may be saved with a field left blank; whoever opens it sees what there is."""
    value = {
        "text": "",
        "answers": items(),
        "steps": items(),
        "answer": "",
        "explanation": "",
        "right": "",
        "wrong": "",
    }
    page = edit(client, training, row(0, "Un", [("text", rich("T."))], [(sort, value)]))
    assert page.status_code in (200, 302)
    assert client.get(f"/brouillons/{training.pk}/", follow=True).status_code == 200


def test_a_gap_typed_with_three_points_is_one(client: Client, training: Training) -> None:
    gap = {"text": "Un [...].", "answers": items(answer("A", right=True)), "wrong": "W."}
    edit(client, training, row(0, "Un", [("text", rich("T."))], [("gap", gap)]))
    [question] = latest(training).modules.all()[0].questions
    assert question.around_gap == ("Un ", ".")


def test_who_decides_reads_every_answer(
    client: Client, training: Training, people: People, client_of: Any
) -> None:
    training.save_revision(user=people.author)
    submit(training, people.author)
    page = text_of(client.get(f"/brouillons/{training.pk}/"))
    answers = ("Juste : J’appelle.", "Faux : Rien.", "Retour : trois", "Comptez les signataires.")
    for said in ("Texte de Un.", "Une réponse.", *answers):
        assert said in page, said


def test_what_only_went_through_the_editor_is_unchanged(client: Client, people: People) -> None:
    """Text that was written elsewhere comes back in the editor's own way: nobody changed it."""
    steps = module("Un", every_sort())
    steps.content = [
        {"type": "text", "value": "<p>Un mot <strong>fort</strong>, <em>un autre</em>.</p>", "id": "a"}
    ]
    training = make_training("Écrite ailleurs", [steps], owner=people.coordination)
    form_class = Training.get_edit_handler().get_form_class()
    data = QueryDict(mutable=True)
    for name, values in fields_of(client, f"/admin/pages/{training.pk}/edit/").items():
        data.setlist(name, values)

    def changed(sent: QueryDict) -> bool:
        version = latest(training)
        form = form_class(
            sent, instance=version, for_user=people.coordination, parent_page=training.get_parent()
        )
        assert form.is_valid(), form.errors
        return says_something_else(form, latest(training))

    assert not changed(data)
    data["modules-0-content-0-value"] = rich("Un mot de plus.")
    assert changed(data)
