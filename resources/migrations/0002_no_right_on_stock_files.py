"""Nobody has a right on Wagtail's own documents and images: files of items are `resources.Attachment`.

Wagtail's migrations of these two give every group that enters the admin the right to choose among them; they may run
after the one that makes our groups, so this one waits for both.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

STOCK = ("wagtaildocs", "wagtailimages")


def take_away(apps: Any, schema_editor: Any) -> None:
    apps.get_model("wagtailcore", "GroupCollectionPermission").objects.filter(
        permission__content_type__app_label__in=STOCK
    ).delete()
    for group in apps.get_model("auth", "Group").objects.all():
        group.permissions.remove(*group.permissions.filter(content_type__app_label__in=STOCK))


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0001_initial"),
        ("moderation", "0002_review"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
    ]
    # Back: nothing, since nobody should have had these rights.
    operations = [migrations.RunPython(take_away, migrations.RunPython.noop)]
