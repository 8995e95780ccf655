"""An attestation as a file, and the public page that says whether one is true."""

from __future__ import annotations

import logging

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kb.accounts.models import User
from kb.accounts.tokens import is_coordination
from kb.core.wording import counted
from kb.learning.attestation_file import NoDrawing, attestation_pdf, drawing_library
from kb.learning.attesting import NameRefused, attest, printed_name, title_of, verify, withdraw
from kb.learning.course import Course, course_of
from kb.learning.keeping import change, keep, progress_of
from kb.learning.models import Attestation
from kb.learning.models.attestation import code_of
from kb.learning.reading import modules_of, training_at
from resources.models import Training

logger = logging.getLogger("vivier.learning")

NOT_YET = "Il reste {left} à valider avant l’attestation."
LATER = (
    "L’attestation ne peut pas être fabriquée pour l’instant. Votre progression est gardée : revenez demain."
)
TOO_OFTEN = "Trop d’attestations ont été demandées d’ici en peu de temps : réessayez dans une heure."


@transaction.non_atomic_requests
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    """The PDF in answer to a name, drawn after the transaction: half a second for which no other writer waits."""
    training, is_open = _training(request, slug)
    modules = modules_of(training)
    course = course_of(training, modules, progress_of(request).of(training.pk))
    back = redirect(training.get_url(request) if is_open else "my-trainings")
    if course.finished is None:
        if request.method == "POST":
            left = course.total - course.done
            messages.error(request, NOT_YET.format(left=counted(left, "module")))
        return back
    if request.method != "POST":
        return _ask(request, training, course)
    if not ratelimit.consume(request, action="attestation_issue"):
        messages.error(request, TOO_OFTEN)
        return back
    try:
        drawing_library()
    except NoDrawing:
        logger.exception("No attestation can be made")
        messages.error(request, LATER)
        return back
    try:
        name = printed_name(request.POST.get("name", ""))
        with transaction.atomic():
            steps = change(request, training.pk, course.settled().joined)
            made = attest(training, course_of(training, modules, steps), name)
    except NameRefused as refusal:
        return _ask(request, training, course, refusal=str(refusal))
    return keep(request, _file(made, attestation_pdf(made, name, demonstration=training.is_demonstration)))


def _training(request: HttpRequest, slug: str) -> tuple[Training, bool]:
    """Who has finished one that has gone offline since still gets the attestation; for others it is not there."""
    try:
        return training_at(slug, request.user), True
    except Http404:
        ended = Training.objects.filter(slug=slug).first()
        if ended is None or progress_of(request).of(ended.pk).finished is None:
            raise
        return ended, False


def _ask(request: HttpRequest, training: Training, course: Course, refusal: str = "") -> HttpResponse:
    context = {
        "page": training,
        "title": title_of(training, course),
        "refusal": refusal,
        "typed": request.POST.get("name", ""),
    }
    return render(request, "learning/attest.html", context)


def _file(made: Attestation, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="attestation-{made.printed_code}.pdf"'
    return response


class WithdrawalForm(forms.Form):
    code = forms.CharField(
        label="Code de l’attestation",
        max_length=40,
        error_messages={"required": "Écrivez le code imprimé sur l’attestation."},
    )
    reason = forms.CharField(
        label="Motif, pour la coordination seule",
        max_length=200,
        error_messages={"required": "Dites pourquoi : celle ou celui qui vous suivra en aura besoin."},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request: HttpRequest) -> HttpResponse:
    """For the coordination; for everybody else there is no such address."""
    if not (isinstance(request.user, User) and is_coordination(request.user)):
        raise Http404
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdrawn = withdraw(form.cleaned_data["code"], form.cleaned_data["reason"], request.user)
        if withdrawn is None:
            form.add_error("code", "Aucune attestation ne porte ce code : relisez-le.")
        else:
            messages.success(
                request, f"L’attestation {withdrawn.printed_code} (« {withdrawn.title} ») ne vaut plus."
            )
            return redirect("attestation-check")
    withdrawn_ones = Attestation.objects.exclude(withdrawn_at=None).select_related("withdrawn_by")
    context = {"form": form, "withdrawn": withdrawn_ones.order_by("-withdrawn_at")}
    return render(request, "learning/withdraw.html", context)


class CheckForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=40,
        error_messages={"required": "Écrivez le code imprimé sur l’attestation."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label="Prénom et nom, tels qu’ils sont imprimés",
        max_length=120,
        error_messages={"required": "Écrivez le prénom et le nom imprimés sur l’attestation."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        if not code_of(self.cleaned_data["code"]):
            raise forms.ValidationError(self.fields["code"].error_messages["required"])
        return str(self.cleaned_data["code"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The name is posted, never part of an address. Guesses are few: at a code, and from an address."""
    form = CheckForm(
        request.POST if request.method == "POST" else None, initial={"code": request.GET.get("code", "")[:40]}
    )
    verdict, status = None, 200
    if form.is_valid():
        code, name = form.cleaned_data["code"], form.cleaned_data["name"]
        if ratelimit.consume(request, action="attestation_check", key=code_of(code)):
            verdict = verify(code, name)
        else:
            form.add_error(None, "Trop d’essais en peu de temps : réessayez dans une heure.")
            status = 429
    context = {"form": form, "verdict": verdict, "may_withdraw": is_coordination(request.user)}
    return render(request, "learning/check.html", context, status=status)
