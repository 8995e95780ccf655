"""Role groups, their rights, and the one workflow. No group has the `publish` right: approval alone publishes."""

from __future__ import annotations

from typing import Any

from django.db import migrations

TEACHERS = "Enseignants et partenaires"
FACILITATORS = "Animateurs"
COORDINATION = "Coordination académique"
WORKFLOW = "Relecture par la coordination académique"
TASK = "Relecture"

#: Models that the coordination keeps up in the admin: (app, model, rights).
COORDINATION_RIGHTS = [
    ("vocabulary", "term", ("add", "change", "view")),
    ("vocabulary", "tag", ("change", "delete", "view")),
    ("poles", "employmentzone", ("add", "change", "view")),
    ("poles", "establishment", ("add", "change", "view")),
    ("accounts", "membership", ("add", "change", "view")),
]


def _permission(apps: Any, app_label: str, model: str, codename: str, name: str) -> Any:
    """Permissions are made after all migrations: those needed now are made here, as Django would."""
    content_type = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model
    )[0]
    return apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )[0]


def _page_permission(apps: Any, group: Any, page: Any, codename: str) -> None:
    permission = _permission(apps, "wagtailcore", "page", f"{codename}_page", f"Can {codename} page")
    apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(
        group=group, page_id=page.pk, permission=permission
    )


def open_review(apps: Any, schema_editor: Any) -> None:
    Group = apps.get_model("auth", "Group")
    home = apps.get_model("home", "HomePage").objects.get()
    teaching = apps.get_model("resources", "TeachingIndex").objects.get()

    # Wagtail's own groups and workflow: one of them publishes without anybody's approval.
    Group.objects.filter(name__in=("Moderators", "Editors")).delete()
    apps.get_model("wagtailcore", "Workflow").objects.all().delete()
    apps.get_model("wagtailcore", "Task").objects.all().delete()

    admin = _permission(apps, "wagtailadmin", "admin", "access_admin", "Can access Wagtail admin")
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in (TEACHERS, FACILITATORS, COORDINATION)}
    for group in groups.values():
        group.permissions.add(admin)
    _page_permission(apps, groups[TEACHERS], teaching, "add")
    for codename in ("add", "change"):
        _page_permission(apps, groups[COORDINATION], home, codename)
    for app_label, model, rights in COORDINATION_RIGHTS:
        for right in rights:
            groups[COORDINATION].permissions.add(
                _permission(apps, app_label, model, f"{right}_{model}", f"Can {right} {model}")
            )

    content_type = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="moderation", model="coordinationreviewtask"
    )[0]
    task = apps.get_model("moderation", "CoordinationReviewTask").objects.create(
        name=TASK, content_type=content_type, active=True
    )
    workflow = apps.get_model("wagtailcore", "Workflow").objects.create(name=WORKFLOW, active=True)
    apps.get_model("wagtailcore", "WorkflowTask").objects.create(
        workflow=workflow, task_id=task.pk, sort_order=0
    )
    apps.get_model("wagtailcore", "WorkflowPage").objects.create(workflow=workflow, page_id=home.pk)


def close_review(apps: Any, schema_editor: Any) -> None:
    """Takes away what was made here; Wagtail's own groups come back empty of rights: nobody publishes by accident."""
    Group = apps.get_model("auth", "Group")
    apps.get_model("wagtailcore", "Workflow").objects.filter(name=WORKFLOW).delete()
    tasks = apps.get_model("moderation", "CoordinationReviewTask").objects.all()
    apps.get_model("wagtailcore", "Task").objects.filter(pk__in=list(tasks.values_list("pk", flat=True))).delete()
    Group.objects.filter(name__in=(TEACHERS, FACILITATORS, COORDINATION)).delete()
    Group.objects.filter(name__startswith="Pôle n°").delete()
    for name in ("Moderators", "Editors"):
        Group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0001_initial"),
        ("accounts", "0002_memberships"),
        ("home", "0002_tree"),
        ("vocabulary", "0001_initial"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [migrations.RunPython(open_review, close_review)]
