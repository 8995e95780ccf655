"""A module: its content and its questions on one page; the answer to a sheet is the same page with its marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kb.learning import sheet
from kb.learning.counting import count_pass, count_try
from kb.learning.course import Course, Stage, course_of
from kb.learning.grading import passed
from kb.learning.keeping import change, keep, progress_of
from kb.learning.progress import Steps
from kb.learning.reader import reader_of
from kb.learning.reading import module_in, modules_of, training_at
from kb.learning.sheet import NotShown, Row
from resources.attachments.reading import files_for
from resources.models import Training, TrainingModule

STALE = (
    "Ce questionnaire a été affiché il y a trop longtemps, ou ailleurs que dans ce navigateur : le revoici, vérifiez "
    "vos réponses et envoyez-le."
)
GONE = "Ce module a été retiré de la formation depuis que vous l’avez ouvert : rien ne vous est demandé à sa place."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def module(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    training = training_at(slug, request.user)
    modules = modules_of(training)
    course = course_of(training, modules, progress_of(request).of(training.pk))
    if request.method == "POST":
        return keep(request, _answered(request, training, course, key))
    stage = _stage(course, key)
    return _page(request, training, course, stage, sheet.blank(stage.module.questions))


def _stage(course: Course, key: str) -> Stage:
    stage = course.stage(key)
    if stage is None:
        raise Http404
    return stage


def _answered(request: HttpRequest, training: Training, course: Course, key: str) -> HttpResponse:
    try:
        revision_id = sheet.read_token(request.POST.get("sheet", ""), reader_of(request), training.pk, key)
    except NotShown:
        stage = course.stage(key)
        if stage is None:
            return _gone(request, training, course)
        rows = [_unmarked(row) for row in sheet.filled(stage.module.questions, request.POST)]
        return _page(request, training, course, stage, rows, notice=STALE)
    shown = _as_shown(training, course, revision_id, key)
    if shown is None:
        return _gone(request, training, course)
    rows = sheet.filled(shown.questions, request.POST)
    stage = course.stage(key)
    if any(row.problem for row in rows):
        if stage is None:
            return _gone(request, training, course)
        return _page(request, training, course, stage, rows, shown=shown, revision_id=revision_id)
    is_passed = _record(request, training, course, shown, rows)
    course = course_of(
        training, [stage.module for stage in course.stages], progress_of(request).of(training.pk)
    )
    stage = course.stage(key)
    if stage is None:
        return _gone(request, training, course)
    # Who tries again goes on with the version that they read.
    return _page(
        request, training, course, stage, rows, shown=shown, revision_id=revision_id, is_passed=is_passed
    )


def _gone(request: HttpRequest, training: Training, course: Course) -> HttpResponse:
    return render(request, "learning/gone.html", {"page": training, "course": course, "notice": GONE})


def _as_shown(training: Training, course: Course, revision_id: int | None, key: str) -> TrainingModule | None:
    """The module as it stood on the page that was answered; None when neither that version nor today's has it."""
    if revision_id != training.live_revision_id:
        then = module_in(training, revision_id, key)
        if then is not None:
            return then
    stage = course.stage(key)
    return stage.module if stage else None


def _record(
    request: HttpRequest, training: Training, course: Course, shown: TrainingModule, rows: Sequence[Row]
) -> bool:
    marks = [row.mark for row in rows if row.mark]
    is_passed = passed(marks, shown.pass_mark)
    before: list[Steps] = []

    def how(steps: Steps) -> Steps:
        before.append(steps)
        if is_passed:
            return steps.after_pass(shown.key, course.keys, timezone.localdate(), course.version)
        return steps.after_try(shown.key)

    after = change(request, training.pk, how)
    is_first = shown.key not in before[0].tried
    is_new = shown.key in after.done and shown.key not in before[0].done
    # A sheet that is sent again beside another cookie, or thousands of first tries, are marked, and not counted.
    if not (is_first or is_new) or not ratelimit.consume(
        request,
        action="module_count",
        # A first answer and a pass count once each, also when somebody went back and sent the same page again.
        key=f"{is_new:d} {request.POST['sheet']}",
    ):
        return is_passed
    if is_first:
        count_try(training.pk, shown.key, shown.questions, marks)
    if is_new:
        count_pass(training.pk, shown.key, finished=bool(after.finished and not before[0].finished))
    return is_passed


def _unmarked(row: Row) -> Row:
    return Row(row.number, row.question, row.choices, row.given, "", None)


def _page(
    request: HttpRequest,
    training: Training,
    course: Course,
    stage: Stage,
    rows: Sequence[Row],
    *,
    shown: TrainingModule | None = None,
    revision_id: int | None = None,
    notice: str = "",
    is_passed: bool | None = None,
) -> HttpResponse:
    """`shown`: the module in version `revision_id`, whose questions `rows` are (without it: today's).

    `is_passed` is None where nothing was marked.
    """
    before, after = course.beside(stage)
    context: dict[str, Any] = {
        "page": training,
        "course": course,
        "stage": stage,
        "module": stage.module if is_passed or shown is None else shown,
        "rows": rows,
        "problems": [row for row in rows if row.problem],
        "notice": notice,
        "is_passed": is_passed,
        "right": sum(bool(row.mark and row.mark.right) for row in rows),
        "before": before,
        "after": after,
        "files": files_for(training, request.user),
        "sheet": sheet.token(
            reader_of(request),
            training.pk,
            stage.module.key,
            revision_id if shown else training.live_revision_id,
        ),
    }
    return render(request, "learning/module.html", context)
