"""The site's tree: home, and one section a kind, in the place of Wagtail's welcome page."""

from __future__ import annotations

from typing import Any

from django.db import migrations

ROOT_PATH = "0001"
HOME_PATH = "00010001"
SECTIONS = [
    ("resources", "TeachingIndex", "Ressources pédagogiques", "ressources"),
    ("resources", "TrainingIndex", "Formations", "formations"),
    ("poles", "PoleIndex", "Pôles de stages", "poles"),
]


def _content_type(apps: Any, app_label: str, model: str) -> Any:
    return apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model.lower()
    )[0]


def plant(apps: Any, schema_editor: Any) -> None:
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    locale = apps.get_model("wagtailcore", "Locale").objects.get_or_create(language_code="fr")[0]
    Site.objects.all().delete()
    # Historical models know nothing of treebeard: Wagtail's welcome page is removed by its path.
    Page.objects.filter(path__startswith=HOME_PATH).delete()
    home = apps.get_model("home", "HomePage").objects.create(
        title="Vivier",
        draft_title="Vivier",
        slug="vivier",
        content_type=_content_type(apps, "home", "HomePage"),
        path=HOME_PATH,
        depth=2,
        numchild=len(SECTIONS),
        url_path="/vivier/",
        locale=locale,
    )
    for number, (app_label, model, title, slug) in enumerate(SECTIONS, start=1):
        apps.get_model(app_label, model).objects.create(
            title=title,
            draft_title=title,
            slug=slug,
            content_type=_content_type(apps, app_label, model),
            path=f"{HOME_PATH}{number:04d}",
            depth=3,
            numchild=0,
            url_path=f"/vivier/{slug}/",
            locale=locale,
        )
    Page.objects.filter(path=ROOT_PATH).update(numchild=1, locale=locale)
    Page.objects.exclude(path__startswith=HOME_PATH).update(locale=locale)
    apps.get_model("wagtailcore", "Locale").objects.exclude(pk=locale.pk).delete()
    Site.objects.create(hostname="localhost", port=80, root_page_id=home.pk, is_default_site=True, site_name="Vivier")


def fell(apps: Any, schema_editor: Any) -> None:
    """Back to Wagtail's welcome page. What people wrote under the sections goes with their tables."""
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    Site.objects.all().delete()
    for app_label, model, *_ in SECTIONS:
        apps.get_model(app_label, model).objects.all().delete()
    apps.get_model("home", "HomePage").objects.all().delete()
    Page.objects.filter(path__startswith=HOME_PATH).delete()
    welcome = Page.objects.create(
        title="Welcome to your new Wagtail site!",
        draft_title="Welcome to your new Wagtail site!",
        slug="home",
        content_type=_content_type(apps, "wagtailcore", "Page"),
        path=HOME_PATH,
        depth=2,
        numchild=0,
        url_path="/home/",
        locale=apps.get_model("wagtailcore", "Locale").objects.first(),
    )
    Site.objects.create(hostname="localhost", port=80, root_page_id=welcome.pk, is_default_site=True)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("poles", "0001_initial"),
        ("resources", "0001_initial"),
    ]
    operations = [migrations.RunPython(plant, fell)]
