"""Figures for authors: who sees them, what they count, and from how many people on."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kb.learning.figures import Figures, figures_of
from kb.learning.models import ModuleCount, QuestionCount
from kb.learning.models.counts import BATCH
from resources.models import Training
from tests.html import problems, text_of
from tests.people import People
from tests.training import bad, good, make_training, module, single

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def answer(client: Client, training: Training, place: int, *, well: bool = True) -> None:
    step = training.modules.all()[place]
    data = good(step, training, client) if well else bad(step, training, client)
    client.post(f"/formations/{training.slug}/modules/{step.key}/", data)


def test_where_people_stop_and_what_is_hard(training: Training) -> None:
    for number in range(20):
        client = Client()
        answer(client, training, 0, well=number >= 8)
        answer(client, training, 0)
        if number < 12:
            answer(client, training, 1, well=number > 0)
    figures = figures_of(training)
    assert (figures.begun, figures.finished, figures.completion) == (20, 10, 50)
    assert [(m.tried, m.passed, m.share) for m in figures.modules] == [(20, 20, 100), (10, 10, 50)]
    # The first answer of each person alone; of twelve, two have not been told yet.
    assert [(one.asked, one.missed) for one in figures.hardest] == [(20, 40)] * 5 + [(10, 0)]


def test_a_handful_of_people_is_not_told(people: People, client_of: Any, training: Training) -> None:
    for _ in range(BATCH - 1):
        answer(Client(), training, 0, well=False)
    figures = figures_of(training)
    assert (figures.begun, figures.hardest, figures.modules[0].tried) == (0, (), 0)
    page = client_of(people.coordination).get(f"/formations/{training.slug}/chiffres/")
    assert "pas encore de chiffres" in text_of(page)
    assert problems(page.content.decode()) == []


def test_who_looks_after_each_colleague_sees_nobody_s_answers(training: Training) -> None:
    """Between two looks nothing moves, or what five people answered; and never that all of them answered alike."""

    def told(figures: Figures) -> list[tuple[int, int]]:
        return [(one.asked, one.missed) for one in figures.hardest]

    seen = [told(figures_of(training))]
    for _ in range(2 * BATCH):
        answer(Client(), training, 0, well=False)
        seen.append(told(figures_of(training)))
    assert seen == [[]] * 2 * BATCH + [[(10, 80)] * 5]
    for good_ones, band in ((1, 80), (9, 0), (10, 0)):
        other = make_training(f"Autre {good_ones}", [module("M", [single()])])
        for number in range(2 * BATCH):
            answer(Client(), other, 0, well=number < good_ones)
        assert told(figures_of(other)) == [(10, band)], (
            "one who answered otherwise than all others is not seen"
        )


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
    for _ in range(2 * BATCH):
        answer(Client(), training, 0, well=False)
    page = client_of(people.coordination).get(f"/formations/{training.slug}/chiffres/")
    text = text_of(page)
    assert "Au moins 10 personnes ont commencé ; moins de 5 ont terminé." in text
    assert "Module 1 : La convention se signe à […]." in text
    assert problems(page.content.decode()) == []


def test_no_row_knows_anybody() -> None:
    """What could point to a person or a moment has no column."""
    for model, names in (
        (ModuleCount, {"id", "training", "key", "tried", "passed", "finished"}),
        (QuestionCount, {"id", "training", "question", "asked", "right", "waiting", "waiting_right"}),
    ):
        assert {field.name for field in model._meta.get_fields()} == names


def test_an_id_that_the_editor_never_gave_is_answered_and_counted_nowhere() -> None:
    strange = single() | {"id": "x" * 500}
    training = make_training("Étrange", [module("M", [strange, single()])])
    answer(Client(), training, 0)
    assert QuestionCount.objects.count() == 1
    assert ModuleCount.objects.get().passed == 1
