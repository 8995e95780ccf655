"""What the migration makes: role groups, their rights, the one workflow; and that it can be undone and done again."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import (
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from kb.moderation.checks import nobody_publishes_by_right
from kb.moderation.models import CoordinationReviewTask

from ..people import make_pole

#: Group → rights on pages as (slug of the page, right), rights on models, and whether it opens the admin.
ROLE_GROUPS: dict[str, tuple[set[tuple[str, str]], set[str], bool]] = {
    "Enseignants et partenaires": ({("ressources", "add_page")}, set(), True),
    "Animateurs": (set(), set(), True),
    "Coordination académique": (
        {("vivier", "add_page"), ("vivier", "change_page")},
        {
            "add_term",
            "change_term",
            "view_term",
            "change_tag",
            "delete_tag",
            "view_tag",
            "add_employmentzone",
            "change_employmentzone",
            "view_employmentzone",
            "add_establishment",
            "change_establishment",
            "view_establishment",
            "add_membership",
            "change_membership",
            "view_membership",
            "add_synonymrule",
            "change_synonymrule",
            "delete_synonymrule",
            "view_synonymrule",
            "add_bestbet",
            "change_bestbet",
            "delete_bestbet",
            "view_bestbet",
        },
        True,
    ),
}


def groups() -> dict[str, tuple[set[tuple[str, str]], set[str], bool]]:
    found = {}
    for group in Group.objects.all():
        pages = {
            (row.page.slug, row.permission.codename)
            for row in GroupPagePermission.objects.filter(group=group).select_related("page", "permission")
        }
        names = set(group.permissions.values_list("codename", flat=True))
        found[group.name] = (pages, names - {"access_admin"}, "access_admin" in names)
    return found


def workflows() -> list[tuple[str, bool, list[type[Task]], list[str]]]:
    return [
        (
            workflow.name,
            workflow.active,
            [
                type(row.task.specific)
                for row in WorkflowTask.objects.filter(workflow=workflow)
                if row.task.active
            ],
            [row.page.slug for row in WorkflowPage.objects.filter(workflow=workflow)],
        )
        for workflow in Workflow.objects.all()
    ]


OURS = [("Relecture par la coordination académique", True, [CoordinationReviewTask], ["vivier"])]


@pytest.mark.database
@pytest.mark.django_db
def test_the_groups_and_the_workflow() -> None:
    assert groups() == ROLE_GROUPS
    assert workflows() == OURS
    assert not GroupCollectionPermission.objects.exists()  # nobody has a right on Wagtail's files


@pytest.mark.database
@pytest.mark.django_db
def test_a_pole_brings_its_group_and_takes_it_away() -> None:
    pole = make_pole("Pôle neuf", "neuf")
    made = groups().keys() - ROLE_GROUPS.keys()
    assert {name: groups()[name] for name in made} == {
        f"Pôle n° {pole.pk}": ({("neuf", "add_page"), ("neuf", "change_page")}, set(), False)
    }
    pole.delete()
    assert groups() == ROLE_GROUPS


@pytest.mark.database
@pytest.mark.django_db
def test_nobody_has_the_right_to_publish(people: Any) -> None:
    assert not GroupPagePermission.objects.filter(permission__codename="publish_page").exists()
    assert not Permission.objects.filter(codename="publish_page", group__isnull=False).exists()
    assert nobody_publishes_by_right(databases=["default"]) == []


@pytest.mark.database
@pytest.mark.django_db
def test_the_check_names_who_opened_another_way() -> None:
    group = Group.objects.get(name="Animateurs")
    GroupPagePermission.objects.create(
        group=group,
        page=Page.objects.get(depth=1),
        permission=Permission.objects.get(codename="publish_page"),
    )
    GroupApprovalTask.objects.create(name="Tout passe")
    found = nobody_publishes_by_right(databases=["default"])
    assert [(error.id, "Animateurs" in error.msg, "Tout passe" in error.msg) for error in found] == [
        ("vivier.E010", True, False),
        ("vivier.E011", False, True),
    ]
    with pytest.raises(SystemCheckError, match=r"vivier\.E010"):
        call_command("check", databases=["default"])
    assert nobody_publishes_by_right(databases=None) == []


@pytest.mark.database
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_migration_is_undone_and_done_again() -> None:
    try:
        MigrationExecutor(connection).migrate([("moderation", "0001_initial")])
        assert groups() == {name: (set(), set(), False) for name in ("Moderators", "Editors")}
        assert workflows() == []
        assert not Task.objects.exists()
        # Half-way there, the check lets `migrate` go on.
        assert nobody_publishes_by_right(databases=["default"]) == []
    finally:
        call_command("migrate", verbosity=0)  # others had to go with it
    assert groups() == ROLE_GROUPS
    assert workflows() == OURS
