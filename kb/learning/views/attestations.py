"""An attestation as a file, and the public page that says whether one is true."""

from __future__ import annotations

import logging
from dataclasses import replace

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kb.accounts.models import User
from kb.accounts.tokens import is_coordination
from kb.core.wording import counted
from kb.learning.attestation_file import NoDrawing, attestation_pdf
from kb.learning.attesting import NameRefused, attest, printed_name, verify, withdraw
from kb.learning.course import course_of
from kb.learning.keeping import change, keep, progress_of
from kb.learning.models import Attestation
from kb.learning.models.attestation import code_of
from kb.learning.progress import Steps
from kb.learning.reading import modules_of, training_at

logger = logging.getLogger("vivier.learning")

NOT_YET = "Il reste {left} à valider avant l’attestation."
LATER = (
    "L’attestation ne peut pas être fabriquée pour l’instant. Votre progression est gardée : revenez demain."
)
TOO_OFTEN = "Trop d’attestations ont été demandées d’ici en peu de temps : réessayez dans une heure."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    """The PDF in answer to a name; a GET (an address that was kept) and every refusal lead to the training."""
    training = training_at(slug, request.user)
    course = course_of(training, modules_of(training), progress_of(request).of(training.pk))
    if request.method != "POST" or course.finished is None:
        if request.method == "POST":
            left = course.total - course.done
            messages.error(request, NOT_YET.format(left=counted(left, "module")))
        return redirect(training.get_url(request))
    if not ratelimit.consume(request, action="attestation_issue"):
        messages.error(request, TOO_OFTEN)
        return redirect(training.get_url(request))
    try:
        name = printed_name(request.POST.get("name", ""))
        made = attest(training, course, name)
    except NameRefused as refusal:
        context = {
            "page": training,
            "course": course,
            "refusal": str(refusal),
            "typed": request.POST.get("name", ""),
        }
        return render(request, "learning/attest.html", context)
    try:
        content = attestation_pdf(made, name, demonstration=training.is_demonstration)
    except NoDrawing:
        logger.exception("No attestation can be made")
        if made.code not in course.steps.codes:  # nobody holds it
            made.delete()
        messages.error(request, LATER)
        return redirect(training.get_url(request))
    settled = course.settled()

    def how(steps: Steps) -> Steps:
        codes = tuple(dict.fromkeys((*steps.codes, made.code)))
        return replace(steps.joined(settled), codes=codes)

    change(request, training.pk, how)
    return keep(request, _file(made, content))


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
    return render(request, "learning/withdraw.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The name is posted, never part of an address. Guesses are few: at a code, and from an address."""
    typed = request.POST if request.method == "POST" else request.GET
    code, name = typed.get("code", "")[:40], request.POST.get("name", "")[:120]
    context: dict[str, object] = {"code": code, "name": name, "verdict": None, "refusal": ""}
    context["may_withdraw"] = is_coordination(request.user)
    if request.method == "POST":
        if not (code_of(code) and name.strip()):
            context["refusal"] = "Écrivez le code et le nom, tels qu’ils sont imprimés sur l’attestation."
        elif not ratelimit.consume(request, action="attestation_check", key=code_of(code)):
            context["refusal"] = "Trop d’essais en peu de temps : réessayez dans une heure."
            return render(request, "learning/check.html", context, status=429)
        else:
            context["verdict"] = verify(code, name)
    return render(request, "learning/check.html", context)
