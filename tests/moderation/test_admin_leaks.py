"""Nothing of the admin, asked or posted, tells a title, tag or file name of what the person may not read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse

from kb.accounts.groups import synchronise
from kb.accounts.models import Role
from kb.core.readers import State, Visibility
from kb.moderation.retiring import retire
from kb.poles.models import Pole
from resources.admin_gate import ROWS, For, whom_for
from resources.admin_reading import HIDDEN_TITLE, is_visible_to, items_named_to, pages_named_to
from resources.models import Item, PracticeSheet, TeachingResource

from ..admin_form import fields_of
from ..items import approve, make_item, submit
from ..people import make_user
from .secrets import KNOWN_TAG, SECRET, Secrets, make_secrets, names, tells

#: The lists and rules that ask the database more than one row.
on_both = pytest.mark.database


@pytest.fixture
def secrets(people: Any, reviewer: Any) -> Secrets:
    return make_secrets(people, reviewer, pole_only=True)


def edit_address(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


# The table -------------------------------------------------------------------------------------------------------


def test_every_address_of_the_admin_has_a_row() -> None:
    assert sorted({name for name, _, _ in names() if whom_for(name) is None}) == [
        "wagtailadmin_account",  # ours stands before it, as before the others
        "wagtailadmin_login",
        "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_complete",
        "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_done",
    ]


def test_every_row_has_an_address() -> None:
    known = {name for name, _, _ in names()}
    stale = [row for row in ROWS if not (row in known or any(name.startswith(row) for name in known))]
    assert stale == []


def test_what_is_not_theirs_answers_as_what_does_not_exist(secrets: Secrets, client_of: Any) -> None:
    people, every = secrets.people, list(names())
    for user in (people.teacher, people.facilitator, people.other_facilitator, people.author):
        client = client_of(user)
        absent = client.get(reverse("wagtailadmin_pages:edit", args=[999_999]))
        assert absent.status_code == 404
        for item in secrets.items.values():
            if is_visible_to(item, user):
                continue
            hidden = client.get(reverse("wagtailadmin_pages:edit", args=[item.pk]))
            assert hidden.status_code == 404
            assert hidden.content == absent.content
        for name, whom in ROWS.items():
            if whom in (For.COORDINATION, For.ADMINISTRATOR, For.NOBODY) and name.endswith(":"):
                for each in {each for each, _, kwargs in every if each.startswith(name) and not kwargs}:
                    if whom_for(each) is whom:
                        assert client.get(reverse(each)).status_code == 404, each


def test_wagtails_files_are_nobodys(people: Any, client_of: Any) -> None:
    for name in ("wagtaildocs:index", "wagtaildocs:add", "wagtailimages:index", "wagtailsnippets:index"):
        assert client_of(people.administrator).get(reverse(name)).status_code == 404


def test_who_has_no_admin_meets_no_loop(people: Any, client_of: Any) -> None:
    """Wagtail would send them to the sign-in page, which sends who is signed in back."""
    assert client_of(people.tutor).get("/admin/").status_code == 404
    assert client_of().get("/admin/").headers["location"] == "/connexion/?next=/admin/"


def test_wagtails_doors_lead_to_ours(client_of: Any, db: None) -> None:
    client = client_of()
    assert (
        client.get("/admin/login/?next=/admin/pages/").headers["location"] == "/connexion/?next=/admin/pages/"
    )
    for door in ("", "done/", "complete/", "confirm/MQ/set-password/"):
        assert client.get(f"/admin/password_reset/{door}").headers["location"] == "/mot-de-passe/oublie/"


# Lists name at most what the exact rule allows ---------------------------------------------------------------------


@on_both
def test_lists_name_nothing_that_may_not_be_read(secrets: Secrets) -> None:
    people = secrets.people
    for reader, user in people.readers().items():
        named = set(items_named_to(user).values_list("pk", flat=True))
        for item in Item.objects.all():
            specific = item.specific
            published = Item.objects.readable_by(user).filter(pk=item.pk).exists()
            if item.pk in named:
                assert published or is_visible_to(specific, user), (reader, item.title)
    assert pages_named_to(people.coordination).count() == pages_named_to(people.administrator).count()


@on_both
def test_an_item_without_an_owner_is_not_everybodys(people: Any) -> None:
    orphan = make_item("teaching", "Sans propriétaire", state="draft")
    for user in (people.anonymous, people.teacher, people.tutor):
        assert orphan.pk not in set(items_named_to(user).values_list("pk", flat=True))


@on_both
def test_the_home_page_forgets_what_is_no_longer_readable(people: Any, reviewer: Any, client_of: Any) -> None:
    """She wrote in it and submitted it as a deputy; she is elsewhere now, and it is offline."""
    deputy = make_user("suppléante", (Role.DEPUTY, people.pole))
    home = reverse("wagtailadmin_home")
    page = make_item("practice", f"Trajet {SECRET}", owner=people.facilitator, pole=people.pole)
    client = client_of(deputy)
    form = fields_of(client, edit_address(page))
    client.post(edit_address(page), {**form, "summary": "Revu.", "action-submit": "1"})
    text = client.get(home).content.decode()
    assert text.count(f"Trajet {SECRET}") >= 2  # in « my edits » and in « my submissions »
    PracticeSheet.objects.get(pk=page.pk).current_workflow_task_state.approve(user=reviewer)
    newer = PracticeSheet.objects.get(pk=page.pk)
    newer.save_revision(user=people.facilitator)
    newer.get_workflow().start(newer, deputy)
    retire(PracticeSheet.objects.get(pk=page.pk), people.coordination, "Doublon.")
    deputy.memberships.update(pole=people.other_pole)
    synchronise(deputy)
    assert not tells(client.get(home))


@on_both
def test_an_older_version_is_for_who_could_read_it_then(people: Any, reviewer: Any, client_of: Any) -> None:
    """Her first draft held a name; she took it out before she submitted. Her deputy edits the sheet since."""
    deputy = make_user("suppléante", (Role.DEPUTY, people.pole))
    page = make_item(
        "practice", f"Trajet {SECRET}", owner=people.facilitator, pole=people.pole, state=State.DRAFT
    )
    first = page.latest_revision_id
    page.title = "Trajet"
    page.save()
    submitted = page.save_revision(user=people.facilitator)
    submit(page, people.facilitator)
    approve(page, reviewer)
    client, owner = client_of(deputy), client_of(people.facilitator)
    assert client.get(edit_address(page)).status_code == 200
    for name, args in (
        ("revisions_view", [first]),
        ("revisions_revert", [first]),
        ("revisions_compare", [first, "latest"]),
        ("revisions_compare", ["earliest", "latest"]),
    ):
        address = reverse(f"wagtailadmin_pages:{name}", args=[page.pk, *args])
        assert client.get(address).status_code == 404, name
        assert tells(owner.get(address)), name
    shown = client.get(reverse("wagtailadmin_pages:revisions_view", args=[page.pk, submitted.pk]))
    assert shown.status_code == 200


@on_both
def test_lists_forget_who_was_taken_off_a_newer_version(people: Any, client_of: Any) -> None:
    """The row of what was published keeps its published readers after it is retired."""
    page = make_item(
        "teaching", f"Trajet {SECRET}", owner=people.author, visibility=Visibility.POLE, pole=people.pole
    )
    page.draft_readers.set([people.other_facilitator])
    page.save_revision(user=people.author).publish(skip_permission_checks=True)
    page = TeachingResource.objects.get(pk=page.pk)
    page.draft_readers.set([])
    page.save_revision(user=people.author)
    retire(TeachingResource.objects.get(pk=page.pk), people.coordination, "Doublon.")
    assert page.pk not in set(items_named_to(people.other_facilitator).values_list("pk", flat=True))
    assert page.pk in set(items_named_to(people.author).values_list("pk", flat=True))


@on_both
def test_the_waiting_title_of_a_pole_is_told_to_nobody(people: Any, client_of: Any) -> None:
    item = make_item("teaching", "Ressource", owner=people.author, pole=people.pole)
    pole = Pole.objects.get(pk=people.pole.pk)
    pole.title = f"Pôle {SECRET}"
    pole.save_revision(user=people.coordination)
    for reader in (people.facilitator, people.other_facilitator, people.author):
        client = client_of(reader)
        for address in (
            reverse("wagtailadmin_explore", args=[pole.pk]),
            reverse("wagtailadmin_choose_page_child", args=[pole.get_parent().pk]),
            reverse("wagtailadmin_api:pages:detail", args=[pole.pk]),
            edit_address(item),
        ):
            assert not tells(client.get(address)), address


# What is posted ----------------------------------------------------------------------------------------------------


def test_a_chosen_id_tells_nothing(secrets: Secrets, client_of: Any) -> None:
    own, client = secrets.own, client_of(secrets.people.other_facilitator)
    form = fields_of(client, edit_address(own))
    for item in secrets.items.values():
        answer = client.post(edit_address(own), {**form, "based_on": str(item.pk)})
        if item.live and item.visibility == "public":
            continue
        assert "vous ne pouvez pas la consulter" in answer.content.decode() or item.kind != "practice"
        assert not tells(answer)
    assert PracticeSheet.objects.get(pk=own.pk).based_on in (None, secrets.items["changed"])


def test_what_was_chosen_and_is_no_longer_readable_stays_without_its_title(
    secrets: Secrets, reviewer: Any, client_of: Any
) -> None:
    people, own, client = secrets.people, secrets.own, client_of(secrets.people.other_facilitator)
    source = make_item("practice", f"Source {SECRET}", owner=people.facilitator, pole=people.pole)
    form = fields_of(client, edit_address(own))
    client.post(edit_address(own), {**form, "based_on": str(source.pk)})
    compare = reverse("wagtailadmin_pages:revisions_compare", args=[own.pk, "earliest", "latest"])
    assert f"Source {SECRET}" in client.get(edit_address(own)).content.decode()
    assert f"Source {SECRET}" in client.get(compare).content.decode()
    retire(source, people.coordination, "Doublon.")
    answer = client.get(edit_address(own))
    assert HIDDEN_TITLE in answer.content.decode()
    assert not tells(answer)
    form = fields_of(client, edit_address(own))
    assert client.post(edit_address(own), {**form, "title": "La mienne, revue"}).status_code == 302
    assert PracticeSheet.objects.get(pk=own.pk).based_on == source
    for name, args in (
        ("history", []),
        ("revisions_compare", ["earliest", "latest"]),
        ("usage", []),
        ("view_draft", []),
    ):
        assert not tells(client.get(reverse(f"wagtailadmin_pages:{name}", args=[own.pk, *args]))), name


def test_a_typed_parent_tells_nothing(secrets: Secrets, client_of: Any) -> None:
    own, client = secrets.own, client_of(secrets.people.other_facilitator)
    for item in secrets.items.values():
        for name, args, field in (
            ("copy", [own.pk], "new_parent_page"),
            ("move", [own.pk], "new_parent_page"),
            ("choose_parent", ["resources", "practicesheet"], "parent_page"),
        ):
            posted = {field: str(item.pk), "new_title": "Copie", "new_slug": "copie"}
            assert not tells(client.post(reverse(f"wagtailadmin_pages:{name}", args=args), posted)), name
        confirm = reverse("wagtailadmin_pages:move_confirm", args=[own.pk, item.pk])
        assert not tells(client.get(confirm))


def test_a_typed_address_tells_nothing(secrets: Secrets, client_of: Any) -> None:
    client = client_of(secrets.people.other_facilitator)
    address = reverse("wagtailadmin_choose_page_external_link")
    for item in secrets.items.values():
        for path in (item.get_url(), item.full_url):
            slug = item.slug
            answer = client.post(
                address, {"external-link-chooser-url": path, "external-link-chooser-link_text": "Lien"}
            )
            said = answer.content.decode().replace(slug, "")
            assert SECRET not in said.casefold()


def test_a_link_in_a_text_tells_no_address(secrets: Secrets, client_of: Any) -> None:
    """An address is made out of a title: whoever types ids into links would read it."""
    own, client = secrets.own, client_of(secrets.people.other_facilitator)
    form = fields_of(client, edit_address(own))
    blocks, entities = [], {}
    for number, item in enumerate(secrets.items.values()):
        entities[str(number)] = {"type": "LINK", "mutability": "MUTABLE", "data": {"id": item.pk}}
        blocks.append(
            {
                "key": f"k{number}",
                "type": "unstyled",
                "depth": 0,
                "text": "voir",
                "inlineStyleRanges": [],
                "entityRanges": [{"offset": 0, "length": 4, "key": number}],
            }
        )
    text = json.dumps({"blocks": blocks, "entityMap": entities})
    client.post(edit_address(own), {**form, "context": text})
    page = PracticeSheet.objects.get(pk=own.pk)
    assert page.context.count('linktype="page"') == len(secrets.items)
    form = client.get(edit_address(own))
    assert not tells(form)
    assert secrets.items["changed"].get_url() in form.content.decode()  # what she may read keeps its address
    shown = client.get(reverse("wagtailadmin_pages:view_draft", args=[own.pk]))
    assert f'href="{secrets.items["changed"].get_url()}"' in shown.content.decode()
    assert not tells(shown)


@on_both
def test_tags_are_suggested_when_a_readable_item_bears_them(secrets: Secrets, client_of: Any) -> None:
    people = secrets.people
    make_item("teaching", "Ouverte", owner=people.author, tags=("Forêt domaniale",))
    address = reverse("tag_model_suggestions", args=["vocabulary", "tag"])
    client = client_of(people.other_facilitator)
    assert client.get(address, {"term": "FORET"}).json() == ["Forêt domaniale"]
    assert client.get(address, {"term": KNOWN_TAG}).json() == []
    assert client.get(address, {"term": ""}).json() == client.get(address).json() == []
    assert client_of(people.teacher).get(address, {"term": KNOWN_TAG}).json() == [
        f"{KNOWN_TAG} {SECRET} pole"
    ]
    assert client_of().get(address, {"term": "for"}).status_code == 302


@on_both
def test_the_names_of_lists_are_those_of_the_public(secrets: Secrets, client_of: Any) -> None:
    """A published sheet is listed under its published title to who may not read its draft."""
    listing = client_of(secrets.people.teacher).get(
        reverse("wagtailadmin_choose_page_search"), {"q": "grand jour"}
    )
    assert "Au grand jour" in listing.content.decode()
    assert not tells(listing)
