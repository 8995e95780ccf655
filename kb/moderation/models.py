"""The one review task: only the coordination approves, and nobody a version in which they wrote."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from wagtail.locks import WorkflowLock
from wagtail.models import Page, Task, TaskState

from .authorship import is_reviewer, may_approve
from .forms import ApprovalForm, RefusalForm
from .publishing import ReviewRefused

REJECT = ("reject", "Demander des modifications", True)
APPROVE = ("approve", "Approuver et publier", False)


class InReview(WorkflowLock):
    """Why the page does not open for its author now."""

    def get_message(self, user: AbstractBaseUser) -> str | None:
        if not self.for_user(user):
            return None
        return "Cette version est en relecture : seule la coordination la modifie, jusqu’à sa décision."


class CoordinationReviewTask(Task):
    """A version waits for the coordination. While it does, nobody else edits the page."""

    lock_class = InReview

    class Meta:
        verbose_name = "relecture par la coordination"
        verbose_name_plural = "relectures par la coordination"

    def get_actions(self, obj: Page, user: AbstractBaseUser) -> list[tuple[str, str, bool]]:
        """What `user` may decide about the version that waits: (name, label, asks for a comment in a window)."""
        if not is_reviewer(user):
            return []
        return [REJECT, APPROVE] if may_approve(user, obj) else [REJECT]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        return RefusalForm if action == "reject" else ApprovalForm

    @transaction.atomic
    def on_action(
        self, task_state: TaskState, user: AbstractBaseUser, action_name: str, **kwargs: Any
    ) -> None:
        """Approves or refuses the version of `task_state`, for whoever comes by a form or by code.

        Wagtail's views look at the rights on the page that the address names, which need not be the page of the
        task state, and hand over whatever was posted. Raises ReviewRefused, or ValidationError for a bad comment.
        """
        # Two decisions at once, or a decision and an edit, take turns; the second sees what the first did.
        page = Page.objects.select_for_update().get(pk=task_state.workflow_state.object_id)
        task_state.refresh_from_db()
        if (
            task_state.status != TaskState.STATUS_IN_PROGRESS
            or task_state.revision_id != page.latest_revision_id
        ):
            raise ReviewRefused("Cette version n’attend plus de relecture : relisez la dernière.")
        if action_name not in {name for name, *_ in self.get_actions(page, user)}:
            raise ReviewRefused(
                "Vous ne pouvez pas prendre cette décision : vous avez écrit dans cette version, ou la relecture "
                "revient à la coordination."
            )
        form = self.get_form_for_action(action_name)(kwargs)
        if not form.is_valid():
            raise ValidationError(list(form.errors["comment"]))
        super().on_action(task_state, user, action_name, comment=form.cleaned_data["comment"])

    def user_can_access_editor(self, obj: Page, user: AbstractBaseUser) -> bool:
        return is_reviewer(user)

    def locked_for_user(self, obj: Page, user: AbstractBaseUser) -> bool:
        return not (getattr(user, "is_superuser", False) or is_reviewer(user))

    def get_task_states_user_can_moderate(
        self, user: AbstractBaseUser, **kwargs: Any
    ) -> models.QuerySet[TaskState]:
        if not is_reviewer(user):
            return TaskState.objects.none()
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)

    @classmethod
    def get_description(cls) -> str:
        return "La coordination académique approuve, et personne une version où il a écrit."
