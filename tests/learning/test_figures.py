"""Figures for authors: who sees them, what they count, and from how many people on."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kb.learning.figures import FEWEST, figures_of
from kb.learning.models import ModuleCount, QuestionCount
from resources.models import Training
from tests.html import problems, text_of
from tests.people import People
from tests.training import bad, good, make_training, module, single

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def answer(client: Client, training: Training, place: int, *, well: bool = True) -> None:
    step = training.modules.all()[place]
    data = good(step, training) if well else bad(step, training)
    client.post(f"/formations/{training.slug}/modules/{step.key}/", data)


def test_where_people_stop_and_what_is_hard(training: Training) -> None:
    for number in range(10):
        client = Client()
        answer(client, training, 0, well=number >= 4)
        answer(client, training, 0)
        if number < 6:
            answer(client, training, 1, well=number > 0)
    figures = figures_of(training)
    assert (figures.begun, figures.finished, figures.completion) == (10, 5, 50)
    assert [(m.tried, m.passed, m.share) for m in figures.modules] == [(10, 10, 100), (6, 5, 50)]
    assert [one.missed for one in figures.hardest] == [40] * 5 + [17], "the first answer of each person alone"


def test_a_handful_of_people_is_not_told(people: People, client_of: Any, training: Training) -> None:
    for _ in range(FEWEST - 1):
        answer(Client(), training, 0, well=False)
    figures = figures_of(training)
    assert figures.begun is None
    assert figures.hardest == ()
    assert figures.modules[0].tried is None
    page = client_of(people.coordination).get(f"/formations/{training.slug}/chiffres/")
    assert "pas encore de chiffres" in text_of(page)
    assert problems(page.content.decode()) == []


def test_who_sees_them(people: People, client_of: Any) -> None:
    training = make_training("À moi", [module("M", [single()])], owner=people.author)
    seen = {
        name: client_of(None if name == "anonymous" else reader)
        .get(f"/formations/{training.slug}/chiffres/")
        .status_code
        for name, reader in people.readers().items()
    }
    assert seen == {
        "anonymous": 302,
        "teacher": 403,
        "tutor": 403,
        "facilitator": 403,
        "other_facilitator": 403,
        "coordination": 200,
        "author": 200,
        "administrator": 200,
    }


def test_the_page_tells_them(people: People, client_of: Any, training: Training) -> None:
    for _ in range(FEWEST):
        answer(Client(), training, 0, well=False)
    page = client_of(people.coordination).get(f"/formations/{training.slug}/chiffres/")
    text = text_of(page)
    assert "5 personnes ont commencé ; moins de 5 ont terminé." in text
    assert "Module 1 : La convention se signe à […]." in text
    assert problems(page.content.decode()) == []


def test_no_row_knows_anybody() -> None:
    """What could point to a person or a moment has no column."""
    for model, names in (
        (ModuleCount, {"id", "training", "key", "tried", "passed", "finished"}),
        (QuestionCount, {"id", "training", "question", "asked", "right"}),
    ):
        assert {field.name for field in model._meta.get_fields()} == names


def test_an_id_that_the_editor_never_gave_is_answered_and_counted_nowhere() -> None:
    strange = single() | {"id": "x" * 500}
    training = make_training("Étrange", [module("M", [strange, single()])])
    answer(Client(), training, 0)
    assert QuestionCount.objects.count() == 1
    assert ModuleCount.objects.get().passed == 1
