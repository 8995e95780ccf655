"""The figures of a training, for those who wrote it and the coordination."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kb.accounts.tokens import is_coordination
from kb.learning.figures import FEWEST_FOR_SHARES, figures_of
from kb.learning.models.counts import BATCH
from kb.learning.reading import training_at


@never_cache
@login_required
@require_safe
def training(request: HttpRequest, slug: str) -> HttpResponse:
    page = training_at(slug, request.user)
    if not (is_coordination(request.user) or request.user.pk in page.author_ids):
        raise PermissionDenied
    context = {
        "page": page,
        "figures": figures_of(page),
        "batch": BATCH,
        "fewest_for_shares": FEWEST_FOR_SHARES,
    }
    return render(request, "learning/figures.html", context)
