"""« Mes formations »: what is under way and done, and the ways to keep it, take it along or wipe it out."""

from __future__ import annotations

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kb.accounts.models import User
from kb.learning.cookie import Unreadable, from_cookie, from_link
from kb.learning.courses import courses_of, ended_of
from kb.learning.inviting import hosts_of, name_trainings
from kb.learning.keeping import (
    agreements_in_reach,
    forget_browser,
    keep,
    progress_of,
    take_over,
    take_over_agreements,
)
from kb.learning.models import Acceptance
from kb.learning.notifications import ProgressLink, Stranger
from kb.learning.progress import Progress

SENT = (
    "Un message de Vivier est parti à {address} : son lien reprend votre progression d’aujourd’hui sur tout appareil, "
    "pendant un an. Vivier efface votre adresse au bout de sept jours."
)
NOTHING_TO_SEND = "Rien n’est commencé dans ce navigateur : il n’y a pas encore de progression à envoyer."
TOO_OFTEN = "Trop de liens ont été demandés en peu de temps : réessayez dans une heure."
UNREADABLE = (
    "Ce lien est incomplet, ou il a plus d’un an : ouvrez-le depuis le courriel, sans le recopier, ou demandez-en un "
    "nouveau depuis l’appareil de départ."
)
TAKEN = "Votre progression est reprise."
ERASED = "La progression est effacée de ce navigateur."


class AddressForm(forms.Form):
    email = forms.EmailField(
        label="Votre adresse électronique",
        error_messages={
            "required": "Écrivez votre adresse électronique.",
            "invalid": "Cette adresse n’est pas complète.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """A POST takes a browser's progress into the account of who is signed in."""
    brought = from_cookie(request) if isinstance(request.user, User) else Progress()
    if request.method == "POST" and isinstance(request.user, User):
        take_over(request, brought)
        take_over_agreements(request, request.user, brought.accepted)
        messages.success(request, "La progression de ce navigateur est ajoutée à votre compte.")
        return forget_browser(request, redirect("my-trainings"))
    return _list(request, AddressForm(), brought)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":  # the address of a refusal, opened again
        return redirect("my-trainings")
    form = AddressForm(request.POST)
    if not progress_of(request):
        messages.error(request, NOTHING_TO_SEND)
        return redirect("my-trainings")
    if not form.is_valid():
        return _list(request, form, Progress())
    address = form.cleaned_data["email"]
    if not ratelimit.consume(request, action="progress_mail", key=address.lower()):
        messages.error(request, TOO_OFTEN)
        return redirect("my-trainings")
    ProgressLink.of(progress_of(request)).send([Stranger(address)])
    messages.success(request, SENT.format(address=address))
    return redirect("my-trainings")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest, word: str) -> HttpResponse:
    """A page with a button: programs that look at mails follow links, and who opens one sees what it holds."""
    try:
        brought = from_link(word)
    except Unreadable:
        messages.error(request, UNREADABLE)
        return redirect("my-trainings")
    if request.method == "POST":
        take_over(request, brought)
        messages.success(request, TAKEN)
        return keep(request, redirect("my-trainings"))
    courses = courses_of(brought, request.user)
    context = {"courses": courses, "ended": ended_of(brought, courses)}
    return render(request, "learning/resume.html", context)


@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """With it go the agreements that nobody could take back any more."""
    accepted = from_cookie(request).accepted
    Acceptance.objects.filter(user=None, pk__in=accepted).delete()
    messages.success(request, ERASED)
    return forget_browser(request, redirect("my-trainings"))


def _list(request: HttpRequest, form: AddressForm, brought: Progress) -> HttpResponse:
    agreements = list(
        agreements_in_reach(request).select_related(
            "invitation__pole", "invitation__establishment", "invitation__training"
        )
    )
    name_trainings((agreement.invitation for agreement in agreements), request.user)
    progress = progress_of(request)
    courses = courses_of(progress, request.user)
    context = {
        "progress": progress,
        "courses": courses,
        "ended": ended_of(progress, courses),
        "acceptances": agreements,
        "form": form,
        "invites": bool(hosts_of(request.user)),
        "brought": courses_of(brought, request.user) if brought else [],
        "has_brought": bool(brought)
        or Acceptance.objects.filter(user=None, pk__in=brought.accepted).exists(),
    }
    return render(request, "learning/mine.html", context)
