"""« Retirer »: takes a page offline at once, with a reason. Putting it back is a review like any other."""

from __future__ import annotations

from django.db import transaction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log

from kb.accounts.models import User
from kb.core.pages import BasePage

from .notifications import tell_retired
from .publishing import ReviewRefused
from .signal_handlers import RETIRED


@transaction.atomic
def retire(page: BasePage, user: User, reason: str) -> None:
    """Unpublishes `page`, writes who and why in its history, tells its authors.

    `page` is its most specific instance. A review under way goes on: approving it puts the page back. Raises
    ReviewRefused for who may not (see the page's `retirable_by`), or when the page is already offline.
    """
    stored = type(page).objects.select_for_update(of=("self",)).get(pk=page.pk)
    if not stored.live:
        raise ReviewRefused("Cette fiche n’est déjà plus en ligne.")
    if not stored.retirable_by(user):
        raise ReviewRefused(
            "Seuls ses auteurs, l’animateur de son pôle et la coordination retirent une fiche."
        )
    UnpublishPageAction(stored, user=user, log_action=False).execute(skip_permission_checks=True)
    log(instance=stored, action=RETIRED, user=user, data={"reason": reason})
    tell_retired(stored, user, reason)
