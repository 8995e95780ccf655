"""« Réunir à un autre pôle »: everything of one pôle goes to another, in one transaction, and nothing is lost."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from kb.accounts.groups import synchronise
from kb.accounts.models import Membership, User
from kb.core.signals import items_changed
from kb.poles.models import Establishment, Pole

from .publishing import ReviewRefused
from .signal_handlers import MERGED


@transaction.atomic
def merge(pole: Pole, target: Pole, user: User) -> int:
    """Moves all that `pole` holds to `target`; returns how many sheets moved.

    Sheets and items in any state, their old versions, establishments, today's and coming roles; the pôle's page goes
    offline and its address, like those of its sheets, leads to the new place. Roles that have ended stay what they
    were. Raises ReviewRefused when one of the two cannot be merged.
    """
    rows = {
        row.pk: row
        for row in Pole.objects.select_for_update(of=("self",)).filter(pk__in=(pole.pk, target.pk))
    }
    pole, target = rows[pole.pk], rows.get(target.pk, target)
    if pole.pk == target.pk or pole.merged_into_id is not None or not (target.live and target.is_open):
        raise ReviewRefused("On réunit un pôle à un autre pôle, ouvert et publié : choisissez-en un autre.")
    old_addresses = _addresses(pole)
    # Before the move, which changes the pôle of the sheets.
    ids = set(pole.items.values_list("pk", flat=True))
    sheets = list(pole.get_children().order_by("path"))
    for sheet in sheets:
        _make_room(sheet, target)
        fresh = Page.objects.get(pk=sheet.pk)
        destination = Page.objects.get(pk=target.pk)  # treebeard counts children on the instance
        MovePageAction(fresh, destination, pos="last-child", user=user).execute(skip_permission_checks=True)
    ids |= {sheet.pk for sheet in sheets}
    _repoint(pole, target)
    _take_offline(pole, target, old_addresses, user)
    items_changed.send(sender=Pole, ids=sorted(ids))
    log(instance=pole, action=MERGED, user=user, data={"into": target.title, "sheets": len(sheets)})
    log(instance=target, action=MERGED, user=user, data={"from": pole.title, "sheets": len(sheets)})
    return len(sheets)


def _make_room(sheet: Page, target: Pole) -> None:
    """Gives a sheet whose last part of the address is taken under the target another one, in all its versions."""
    taken = set(Page.objects.child_of(target).values_list("slug", flat=True))
    if sheet.slug not in taken:
        return
    number = 2
    while f"{sheet.slug}-{number}" in taken:
        number += 1
    slug = f"{sheet.slug}-{number}"
    fresh = Page.objects.get(pk=sheet.pk).specific
    old_addresses = _addresses(fresh)
    fresh.slug = slug
    fresh.save(clean=False)
    _lead_on(old_addresses, fresh)
    for revision in Revision.objects.for_instance(fresh):
        revision.content["slug"] = slug
        revision.save(update_fields=["content"])


def _repoint(pole: Pole, target: Pole) -> None:
    pole.items.update(pole=target)
    naming = Revision.objects.page_revisions().filter(content__pole=pole.pk)
    for pk in list(naming.values_list("pk", flat=True)):
        revision = Revision.objects.get(pk=pk)
        revision.content["pole"] = target.pk
        revision.save(update_fields=["content"])
    Establishment.objects.filter(pole=pole).update(pole=target)
    lasting = Membership.objects.filter(Q(until=None) | Q(until__gte=timezone.localdate()), pole=pole)
    people = list(User.objects.filter(memberships__in=lasting).distinct())
    lasting.update(pole=target)
    for person in people:
        synchronise(person)


def _take_offline(pole: Pole, target: Pole, addresses: set[tuple[int, str]], user: User) -> None:
    fresh = Pole.objects.get(pk=pole.pk)
    fresh.merged_into, fresh.closed_on = target, fresh.closed_on or timezone.localdate()
    fresh.save(clean=False)
    if waiting := fresh.current_workflow_state:
        waiting.cancel(user=user)
    UnpublishPageAction(fresh, user=user).execute(skip_permission_checks=True)
    # Who was merged into this pôle before, and what led here, follow it.
    Pole.objects.filter(merged_into=pole).update(merged_into=target)
    Redirect.objects.filter(redirect_page=pole.page_ptr).update(redirect_page=target.page_ptr)
    _lead_on(addresses, target)


def _lead_on(addresses: set[tuple[int, str]], page: Page) -> None:
    for site_id, path in addresses:
        Redirect.objects.update_or_create(
            site_id=site_id,
            old_path=path,
            defaults={"redirect_page_id": page.pk, "is_permanent": True, "automatically_created": True},
        )


def _addresses(page: Page) -> set[tuple[int, str]]:
    """(site, path) of the page, as redirects write paths."""
    parts = page.get_url_parts()
    return {(parts[0], Redirect.normalise_path(parts[2]))} if parts and parts[2] else set()
