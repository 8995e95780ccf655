"""Trainings with questions, and the answers that pass or fail them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils.crypto import get_random_string

from kb.learning import sheet
from kb.learning.reader import reader_of
from resources.models import Training, TrainingModule
from resources.training.quiz import Question, Sort

from .items import make_item


def single(text: str = "Que faites-vous ?") -> dict[str, Any]:
    return block("single", text=text, answers=answers(("Rien.", False), ("J’appelle.", True)))


def multiple(text: str = "Que faut-il ? Plusieurs réponses.") -> dict[str, Any]:
    rows = answers(("Un gilet.", True), ("Un casque.", True), ("Un diplôme.", False))
    return block("multiple", text=text, answers=rows)


def true_false(text: str = "On signe après le stage.") -> dict[str, Any]:
    return block("true_false", text=text, answer="false", explanation="Avant, et à trois.")


def ordering(text: str = "Remettez dans l’ordre.") -> dict[str, Any]:
    steps = [item(step) for step in ("Accueillir", "Montrer", "Laisser faire", "Dire ce qui va")]
    return block("ordering", text=text, steps=steps, right="C’est l’ordre.", wrong="Que voit-il d’abord ?")


def gap(text: str = "La convention se signe à […].") -> dict[str, Any]:
    rows = answers(("trois", True), ("3", True), ("deux", False))
    return block("gap", text=text, answers=rows, wrong="Comptez les signataires.")


def every_sort() -> list[dict[str, Any]]:
    return [single(), multiple(), true_false(), ordering(), gap()]


def answers(*rows: tuple[str, bool]) -> list[dict[str, Any]]:
    return [item({"text": text, "right": right, "feedback": f"Retour : {text}"}) for text, right in rows]


def item(value: Any) -> dict[str, Any]:
    return {"type": "item", "value": value, "id": str(uuid4())}


def block(type_: str, **value: Any) -> dict[str, Any]:
    return {"type": type_, "value": value, "id": str(uuid4())}


def module(title: str, quiz: list[dict[str, Any]] | None = None, **fields: Any) -> TrainingModule:
    content = [
        {"type": "text", "value": f"<p>Texte de {title}.</p>", "id": str(uuid4())},
        block("case", situation="<p>Un cas.</p>", answer="<p>Une réponse.</p>"),
        block("reveal", title="À voir", text="<p>Caché.</p>"),
    ]
    return TrainingModule(
        **{"title": title, "duration_minutes": 10, "content": content, "quiz": quiz or [], "pass_mark": 70}
        | fields
    )


def make_training(title: str, modules: list[TrainingModule], **fields: Any) -> Training:
    """Published, with these modules."""
    training: Training = make_item("training", title, **fields)
    for place, one in enumerate(modules):
        one.sort_order = place
    training.modules.set(modules)
    return publish(training)


def publish(training: Training) -> Training:
    """A new version of what was changed on it."""
    training.save_revision().publish(skip_permission_checks=True)
    return Training.objects.get(pk=training.pk)


def good(module: TrainingModule, training: Training, client: Client) -> dict[str, Any]:
    """What a browser sends with every answer right."""
    return sent(module, training, client, {question.id: right_one(question) for question in module.questions})


def bad(module: TrainingModule, training: Training, client: Client) -> dict[str, Any]:
    """Every question answered, none of them well."""
    return sent(module, training, client, {question.id: wrong_one(question) for question in module.questions})


def sent(module: TrainingModule, training: Training, client: Client, given: dict[str, Any]) -> dict[str, Any]:
    """On a sheet that was shown to this client."""
    token = sheet.token(reader_of(request_of(client)), training.pk, module.key, training.live_revision_id)
    data: dict[str, Any] = {"sheet": token}
    for question in module.questions:
        answer = given.get(question.id)
        if answer is None:
            continue
        if question.sort is Sort.ORDERING:
            data |= {f"q-{question.id}-{step}": place for place, step in enumerate(answer, start=1)}
        else:
            data[f"q-{question.id}"] = answer
    return data


def request_of(client: Client) -> HttpRequest:
    """As the site gets it from a client that has seen a page."""
    secret = client.cookies.get(settings.CSRF_COOKIE_NAME)
    if secret is None:
        client.cookies[settings.CSRF_COOKIE_NAME] = get_random_string(32)
        secret = client.cookies[settings.CSRF_COOKIE_NAME]
    request = RequestFactory().get("/")
    request.COOKIES.update({name: morsel.value for name, morsel in client.cookies.items()})
    request.META["CSRF_COOKIE"] = secret.value
    signed_in = settings.SESSION_COOKIE_NAME in client.cookies
    request.session = client.session if signed_in else {}
    request.user = get_user(request)
    return request


def right_one(question: Question) -> Any:
    if question.sort is Sort.ORDERING:
        return [step.id for step in question.answers]
    if question.sort is Sort.GAP:
        return next(answer.text for answer in question.answers if answer.right)
    chosen = [answer.id for answer in question.answers if answer.right]
    return chosen if question.sort is Sort.MULTIPLE else chosen[0]


def wrong_one(question: Question) -> Any:
    if question.sort is Sort.ORDERING:
        return [step.id for step in reversed(question.answers)]
    if question.sort is Sort.GAP:
        return "sept"
    chosen = [answer.id for answer in question.answers if not answer.right]
    return chosen if question.sort is Sort.MULTIPLE else chosen[0]
