"""Invitations: the host's list and the page of one, and the page on which somebody accepts or does not."""

from __future__ import annotations

import datetime
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kb.accounts.models import User
from kb.learning.attesting import NameRefused, printed_name
from kb.learning.inviting import (
    InvitationForm,
    followers_of,
    hosts_of,
    invitations_of,
    name_trainings,
    remove,
)
from kb.learning.keeping import accept, acceptances_of, agreements_in_reach, forget_browser, keep
from kb.learning.models import Invitation
from kb.learning.reading import training_at

CLOSED = "Cette invitation est close : la formation, elle, reste ouverte."
TOO_OFTEN = "Trop de réponses sont venues d’ici en peu de temps : réessayez dans une heure."


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    hosts = hosts_of(request.user)
    if not hosts:
        raise PermissionDenied
    form = InvitationForm(
        request.POST or None, hosts=hosts, initial={"training": request.GET.get("training")}
    )
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)  # noqa: S101
        return redirect("invitation-followers", form.save(request.user).pk)
    invitations = list(invitations_of(hosts))
    name_trainings(invitations, request.user)
    return render(request, "learning/invitations.html", {"form": form, "invitations": invitations})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def followers(request: HttpRequest, pk: int) -> HttpResponse:
    """The link to hand out, and who accepted; a POST takes somebody off the list, or closes it."""
    invitation = get_object_or_404(invitations_of(hosts_of(request.user)), pk=pk)
    if "remove" in request.POST:
        remove(invitation, request.POST["remove"])
        messages.success(request, "Cette personne n’est plus dans la liste.")
        return redirect("invitation-followers", pk)
    if request.method == "POST":
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        Invitation.objects.filter(pk=pk).update(closes_on=yesterday)
        messages.success(request, "L’invitation est close : son lien n’accepte plus personne.")
        return redirect("invitation-followers", pk)
    name_trainings([invitation], request.user)
    context = {
        "invitation": invitation,
        "followers": followers_of(invitation),
        "link": request.build_absolute_uri(invitation.get_absolute_url()),
    }
    return render(request, "learning/followers.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: UUID) -> HttpResponse:
    """Accepting is one way on; the other leads to the same training, and nobody is told."""
    found = get_object_or_404(
        Invitation.objects.select_related("training", "pole", "establishment"), token=token
    )
    training = training_at(found.training.slug, request.user)
    if not found.is_open:
        messages.info(request, CLOSED)
        return redirect(training.get_url(request))
    if "other" in request.POST and not isinstance(request.user, User):
        # Somebody else at the same machine begins anew; what the first one agreed to stays theirs.
        return forget_browser(request, redirect(found))
    held = acceptances_of(request).filter(invitation=found).first()
    context = {"invitation": found, "page": training, "held": held, "refusal": "", "name": _own_name(request)}
    if request.method != "POST" or held is not None:
        return render(request, "learning/invitation.html", context)
    try:
        name = printed_name(request.POST.get("name", ""))
    except NameRefused as refusal:
        context |= {"refusal": str(refusal), "name": request.POST.get("name", "")}
        return render(request, "learning/invitation.html", context)
    if not ratelimit.consume(request, action="invitation_accept"):
        messages.error(request, TOO_OFTEN)
        return redirect(found)
    accept(request, found, name)
    messages.success(
        request,
        f"{found.host} verra votre avancement. Vous pouvez retirer votre accord dans « Mes formations ».",
    )
    return keep(request, redirect(training.get_url(request)))


@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    deleted, _ = agreements_in_reach(request).filter(pk=pk).delete()
    if not deleted:
        raise Http404
    messages.success(request, "Votre accord est retiré : votre nom et votre avancement ne sont plus montrés.")
    return redirect("my-trainings")


def _own_name(request: HttpRequest) -> str:
    return request.user.get_full_name() if isinstance(request.user, User) else ""
