"""The review itself: who decides, about what, and what the public sees meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState

from kb.accounts.models import Membership, Role
from kb.core.readers import State
from kb.moderation.authorship import is_reviewer, may_approve, writers_of
from kb.moderation.publishing import ReviewRefused, publish_approved
from resources.models import PracticeSheet, TeachingResource, Training

from ..admin_form import fields_of
from ..items import make_item, submit
from ..people import make_user
from ..resources.files import holdings, new_version, stored
from ..training import block, make_training, module, single

pytestmark = pytest.mark.database

XHR = {"x-requested-with": "XMLHttpRequest"}


def edit_address(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def action_address(page: Any, action: str, state: TaskState) -> str:
    return reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])


def waiting_sheet(people: Any, **fields: Any) -> PracticeSheet:
    return make_item(
        "practice", "Trajet", owner=people.facilitator, pole=people.pole, state=State.IN_REVIEW, **fields
    )


def fresh(page: Any) -> Any:
    return type(page).objects.get(pk=page.pk)


def state_of(page: Any) -> TaskState:
    return fresh(page).current_workflow_task_state


def messages_of(client: Client) -> str:
    """What the next page of the admin tells the person."""
    return client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        ("teacher", []),
        ("tutor", []),
        ("facilitator", []),
        ("other_facilitator", []),
        ("author", []),
        ("administrator", []),
        ("coordination", ["reject", "approve"]),
    ],
)
def test_only_the_coordination_decides(reader: str, expected: list[str], people: Any) -> None:
    page = waiting_sheet(people)
    task = page.current_workflow_task
    assert [name for name, *_ in task.get_actions(page, getattr(people, reader))] == expected


def test_nobody_approves_what_they_wrote(people: Any, reviewer: Any) -> None:
    page = waiting_sheet(people)
    page.save_revision(user=people.coordination)
    task = fresh(page).current_workflow_task
    assert [name for name, *_ in task.get_actions(fresh(page), people.coordination)] == ["reject"]
    assert [name for name, *_ in task.get_actions(fresh(page), reviewer)] == ["reject", "approve"]


def test_the_owner_is_always_a_writer(people: Any, reviewer: Any) -> None:
    page = make_item("practice", "Mienne", owner=people.coordination, pole=people.pole, state=State.DRAFT)
    page.save_revision(user=people.facilitator)
    submit(page, people.facilitator)
    assert not may_approve(people.coordination, fresh(page))
    assert may_approve(reviewer, fresh(page))


def test_writers_count_from_the_last_approved_version(people: Any, reviewer: Any) -> None:
    page = waiting_sheet(people)
    page.save_revision(user=people.coordination)
    state_of(page).task.specific.on_action(state_of(page), reviewer, "approve")
    page = fresh(page)
    assert page.live
    page.title = "Trajet, suite"
    page.save_revision(user=people.facilitator)
    assert writers_of(fresh(page)) == {people.facilitator.pk}
    assert may_approve(people.coordination, fresh(page))


def test_a_role_that_has_ended_approves_nothing(people: Any) -> None:
    page = waiting_sheet(people)
    Membership.objects.filter(user=people.coordination).update(since="2020-01-01", until="2020-12-31")
    former = type(people.coordination).objects.get(pk=people.coordination.pk)
    assert not is_reviewer(former)
    assert page.current_workflow_task.get_actions(page, former) == []


def test_the_coordination_approves_from_the_dashboard(people: Any, client_of: Any) -> None:
    page = waiting_sheet(people)
    client = client_of(people.coordination)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Trajet" in home
    assert "Approuver et publier" in home
    client.post(action_address(page, "approve", state_of(page)), {"comment": ""})
    assert fresh(page).live
    assert fresh(page).live_revision_id == page.latest_revision_id
    assert TaskState.objects.get().finished_by == people.coordination


@pytest.mark.parametrize("kind", ["teaching", "training", "practice"])
def test_the_coordination_approves_from_the_page(kind: str, people: Any, client_of: Any) -> None:
    """An untouched form is no edit: the approver does not become a writer, no version is added."""
    page = make_item(kind, "Trajet", owner=people.facilitator, pole=people.pole, state=State.IN_REVIEW)
    client = client_of(people.coordination)
    form = fields_of(client, edit_address(page))
    answer = client.post(
        edit_address(page), {**form, "action-workflow-action": "1", "workflow-action-name": "approve"}
    )
    assert answer.status_code == 302
    assert fresh(page).live
    assert fresh(page).live_revision_id == page.latest_revision_id
    assert page.revisions.count() == 1


def test_an_approval_with_an_edit_is_refused_and_keeps_what_was_typed(people: Any, client_of: Any) -> None:
    page = waiting_sheet(people)
    client = client_of(people.coordination)
    form = {**fields_of(client, edit_address(page)), "title": "Trajet mieux dit"}
    answer = client.post(
        edit_address(page), {**form, "action-workflow-action": "1", "workflow-action-name": "approve"}
    )
    text = answer.content.decode()
    assert "Vous avez modifié le texte" in text
    assert "Trajet mieux dit" in text
    assert not fresh(page).live
    assert page.revisions.count() == 1


def test_a_version_that_was_not_read_is_not_approved(people: Any, reviewer: Any, client_of: Any) -> None:
    """One of the coordination reads; another changes the text; the first approves what she saw: refused."""
    page = waiting_sheet(people)
    client = client_of(reviewer)
    form, old_state = fields_of(client, edit_address(page)), state_of(page)
    changed = fresh(page)
    changed.title = "Un autre texte"
    changed.save_revision(user=people.coordination)
    client.post(
        edit_address(page), {**form, "action-workflow-action": "1", "workflow-action-name": "approve"}
    )
    client.post(action_address(page, "approve", old_state), {"comment": ""})
    assert not fresh(page).live
    assert "n’attend plus de relecture" in messages_of(client)
    # The new version waits in its turn.
    assert state_of(page).revision_id == fresh(page).latest_revision_id != old_state.revision_id
    client.post(action_address(page, "approve", state_of(page)), {"comment": ""})
    assert fresh(page).live
    assert fresh(page).title == "Un autre texte"


def test_a_version_that_stops_half_way_is_not_approved(people: Any, reviewer: Any, client_of: Any) -> None:
    """The coordination's own draft in review: the editor let it stop anywhere."""
    page = make_training("Accueillir", [module("Préparer", [single()])], owner=people.author)
    half = fresh(page)
    step = half.modules.all()[0]
    step.quiz = [block("single", text="Et après ?", answers=[])]
    half.modules.set([step])
    half.save_revision(user=people.author)
    submit(half, people.author)
    client = client_of(reviewer)
    client.post(action_address(page, "approve", state_of(page)), {"comment": ""})
    assert "n’est pas terminé dans «\u00a0Préparer\u00a0»" in messages_of(client)
    assert [question.text for question in fresh(page).modules.all()[0].questions] == ["Que faites-vous ?"]


def test_a_version_that_says_the_same_has_to_be_read_too(people: Any, reviewer: Any, client_of: Any) -> None:
    page = waiting_sheet(people)
    client = client_of(reviewer)
    form = fields_of(client, edit_address(page))
    fresh(page).save_revision(user=people.coordination)
    decision = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    for loaded in (form, {**form, "loaded_revision_id": ""}):
        answer = client.post(edit_address(page), {**loaded, **decision})
        assert "n’attend plus de relecture" in answer.content.decode()
    assert not fresh(page).live


def test_the_task_state_of_another_page_is_looked_at(people: Any, reviewer: Any, client_of: Any) -> None:
    """Wagtail asks the rights on the page of the address: under a page of somebody else, one's own would pass."""
    other = waiting_sheet(people)
    own = make_item("teaching", "La mienne", owner=reviewer, state=State.IN_REVIEW)
    client_of(reviewer).post(action_address(other, "approve", state_of(own)), {"comment": ""})
    assert not fresh(own).live
    assert not fresh(other).live


def test_a_refusal_needs_a_comment(people: Any, client_of: Any) -> None:
    page = waiting_sheet(people)
    client = client_of(people.coordination)
    address, words = action_address(page, "reject", state_of(page)), "Indiquez ce qu’il faut modifier"
    windowed = client.post(address, {"comment": "  "}, headers=XHR)
    assert words in windowed.json()["html"]
    client.post(address, {"comment": ""})
    assert words in messages_of(client)
    form = fields_of(client, edit_address(page))
    posted = {**form, "action-workflow-action": "1", "workflow-action-name": "reject"}
    for extra in ("{}", '{"comment": " "}', "[]", "no json"):
        client.post(edit_address(page), {**posted, "workflow-action-extra-data": extra})
    assert state_of(page).status == TaskState.STATUS_IN_PROGRESS
    client.post(address, {"comment": "Dites où passe le car."}, headers=XHR)
    assert fresh(page).current_workflow_state.status == "needs_changes"
    assert TaskState.objects.get().comment == "Dites où passe le car."


def test_a_refused_version_is_changed_and_submitted_again(people: Any, client_of: Any) -> None:
    page = waiting_sheet(people)
    state_of(page).task.specific.on_action(
        state_of(page), people.coordination, "reject", comment="Plus court."
    )
    client = client_of(people.facilitator)
    form = {**fields_of(client, edit_address(page)), "title": "Trajet court"}
    client.post(edit_address(page), {**form, "action-submit": "1"})
    assert state_of(page).revision_id == fresh(page).latest_revision_id
    assert not fresh(page).live
    state_of(page).task.specific.on_action(state_of(page), people.coordination, "approve")
    assert fresh(page).title == "Trajet court"


def test_nobody_edits_what_waits_but_the_coordination(people: Any, client_of: Any) -> None:
    deputy = make_user("suppléante", (Role.DEPUTY, people.pole))
    page = waiting_sheet(people)
    for user in (people.facilitator, deputy):
        client = client_of(user)
        form = {**fields_of(client, edit_address(page)), "title": "Changée pendant la relecture"}
        client.post(edit_address(page), form)
    assert page.revisions.count() == 1
    client = client_of(people.coordination)
    form = {**fields_of(client, edit_address(page)), "title": "Corrigée"}
    client.post(edit_address(page), form)
    assert page.revisions.count() == 2
    assert state_of(page).revision_id == fresh(page).latest_revision_id


def test_the_approved_version_stays_while_a_new_one_waits(people: Any, client_of: Any) -> None:
    page = waiting_sheet(people)
    state_of(page).task.specific.on_action(state_of(page), people.coordination, "approve")
    address = fresh(page).get_url()
    client = client_of(people.facilitator)
    form = {**fields_of(client, edit_address(page)), "title": "Trajet revu", "summary": "Un autre résumé."}
    client.post(edit_address(page), {**form, "action-submit": "1"})
    assert fresh(page).workflow_in_progress
    for reader in (None, people.teacher, people.facilitator):
        text = client_of(reader).get(address).content.decode()
        assert "Trajet" in text
        assert "Trajet revu" not in text
        assert "Un autre résumé." not in text
    state_of(page).task.specific.on_action(state_of(page), people.coordination, "approve")
    assert "Trajet revu" in client_of().get(address).content.decode()


def test_a_workflow_without_a_reading_publishes_nothing(people: Any) -> None:
    page = make_item("teaching", "Sans lecture", owner=people.teacher, state=State.DRAFT)
    workflow = page.get_workflow()
    workflow.workflow_tasks.all().delete()
    with pytest.raises(ReviewRefused):
        workflow.start(page, people.teacher)
    assert not fresh(page).live


def test_a_task_state_approved_by_code_is_looked_at_again(people: Any, reviewer: Any) -> None:
    """`TaskState.approve` asks nothing: the function that publishes asks everything once more."""
    page = waiting_sheet(people)
    page.save_revision(user=people.coordination)
    for somebody in (people.facilitator, people.coordination, people.administrator, None):
        with pytest.raises(PermissionDenied):
            state_of(page).approve(user=somebody)
        assert state_of(page).status == TaskState.STATUS_IN_PROGRESS
    state_of(page).approve(user=reviewer)
    assert fresh(page).live


def test_an_approval_does_not_publish_what_was_written_after_it(people: Any, reviewer: Any) -> None:
    page = waiting_sheet(people)
    state_of(page).approve(user=reviewer)
    newer = fresh(page)
    newer.title = "Après l’approbation"
    newer.save_revision(user=people.facilitator)
    with pytest.raises(ReviewRefused):
        publish_approved(fresh(page).workflow_states.get(), user=reviewer)
    assert fresh(page).title == "Trajet"


def test_on_action_refuses_what_it_does_not_know(people: Any) -> None:
    page = waiting_sheet(people)
    task = state_of(page).task.specific
    with pytest.raises(ReviewRefused):
        task.on_action(state_of(page), people.coordination, "publish")
    with pytest.raises(ValidationError):
        task.on_action(state_of(page), people.coordination, "reject", comment="x" * 2001)
    assert state_of(page).status == TaskState.STATUS_IN_PROGRESS


def test_a_revision_is_never_written_over(people: Any) -> None:
    page = waiting_sheet(people)
    with pytest.raises(PermissionDenied):
        page.save_revision(user=people.facilitator, overwrite_revision=page.latest_revision)


def test_only_this_task_can_be_made(people: Any, client_of: Any) -> None:
    client = client_of(people.administrator)
    shown = client.get(reverse("wagtailadmin_workflows:select_task_type"), follow=True)
    assert "Tâche d’approbation de groupe" not in shown.content.decode()
    other = reverse("wagtailadmin_workflows:add_task", args=["wagtailcore", "groupapprovaltask"])
    assert client.get(other).status_code == 404
    ours = reverse("wagtailadmin_workflows:add_task", args=["moderation", "coordinationreviewtask"])
    assert client.get(ours).status_code == 200


@pytest.mark.parametrize("name", ["index", "task_index", "add", "select_task_type", "task_chooser"])
def test_the_coordination_has_no_right_on_workflows(name: str, people: Any, client_of: Any) -> None:
    address = reverse(f"wagtailadmin_workflows:{name}")
    assert client_of(people.coordination).get(address).status_code == 404
    assert client_of(people.administrator).get(address, follow=True).status_code == 200


@pytest.mark.parametrize("model", [PracticeSheet, TeachingResource, Training])
def test_an_untouched_form_says_that_nothing_changed(model: Any, people: Any, client_of: Any) -> None:
    page = make_item(model.kind, "Intacte", owner=people.facilitator, pole=people.pole, state=State.DRAFT)
    client = client_of(people.coordination)
    form_class = model.get_edit_handler().get_form_class()
    data = QueryDict(mutable=True)
    for name, values in fields_of(client, edit_address(page)).items():
        data.setlist(name, values)
    form = form_class(data, instance=page, for_user=people.coordination, parent_page=page.get_parent())
    assert form.is_valid(), form.errors
    assert form.changed_data == []
    assert [name for name, formset in form.formsets.items() if formset.has_changed()] == []


def test_a_version_with_one_more_file_is_approved_from_the_page(people: Any, client_of: Any) -> None:
    """Its row has no number of its own yet: opened and sent back, it is no change."""
    page = make_item("teaching", "Ressource", owner=people.author)
    new_version(page, stored("une.pdf"), stored("deux.pdf"), user=people.author)
    submit(fresh(page), people.author)
    client = client_of(people.coordination)
    form = fields_of(client, edit_address(page))
    client.post(
        edit_address(page),
        {**form, "action-workflow-action": "1", "workflow-action-name": "approve"},
    )
    assert len(holdings(page)) == 2
    assert set(holdings(page).values()) == {"public draft"}
    assert "est publiée" in messages_of(client)


def test_two_decisions_take_turns(people: Any, reviewer: Any) -> None:
    """Both read that the version waits; the second one sees what the first did."""
    page = waiting_sheet(people)
    one, two = state_of(page), state_of(page)
    one.task.specific.on_action(one, people.coordination, "approve")
    with pytest.raises(ReviewRefused, match="n’attend plus"):
        two.task.specific.on_action(two, reviewer, "reject", comment="Non.")
    assert fresh(page).live
    assert TaskState.objects.get().status == TaskState.STATUS_APPROVED


def test_a_named_author_does_not_approve(people: Any, reviewer: Any) -> None:
    page = make_item("practice", "À deux", owner=people.facilitator, pole=people.pole, state=State.DRAFT)
    page.authors.set([people.coordination])
    page.save_revision(user=people.facilitator)
    submit(page, people.facilitator)
    assert not may_approve(people.coordination, fresh(page))
    assert may_approve(reviewer, fresh(page))


def test_the_coordination_refuses_and_does_not_cancel(people: Any, client_of: Any) -> None:
    """A cancelled review would tell the author nothing."""
    page = waiting_sheet(people)
    client = client_of(people.coordination)
    shown = client.get(edit_address(page)).content.decode()
    assert "action-cancel-workflow" not in shown
    form = fields_of(client, edit_address(page))
    client.post(edit_address(page), {**form, "action-cancel-workflow": "1"})
    assert fresh(page).workflow_in_progress
    owner = client_of(people.facilitator)
    assert "Retirer de la relecture" in owner.get(edit_address(page)).content.decode()
    assert "seule la coordination la modifie" in owner.get(edit_address(page)).content.decode()
    owner.post(edit_address(page), {"action-cancel-workflow": "1"})
    assert not fresh(page).workflow_in_progress


def test_what_was_saved_incomplete_is_not_approved_and_says_why(people: Any, client_of: Any) -> None:
    page = waiting_sheet(people)
    draft = page.get_latest_revision_as_object()
    draft.summary = ""
    draft.save_revision(user=people.facilitator, clean=False)
    client = client_of(people.coordination)
    answer = client.post(action_address(page, "approve", state_of(page)), {"comment": ""})
    assert answer.status_code == 302
    assert not fresh(page).live


def test_the_action_says_relecture_in_our_words(people: Any, client_of: Any) -> None:
    page = make_item("practice", "Trajet", owner=people.facilitator, pole=people.pole, state=State.DRAFT)
    assert "Soumettre à relecture" in client_of(people.facilitator).get(edit_address(page)).content.decode()
