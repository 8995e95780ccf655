"""/fichiers/<uuid>/: hands out a file to whom may read an item that holds it; to anybody else it does not exist."""

from __future__ import annotations

import logging
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from kb.accounts.tokens import tokens_of

from .models import Attachment
from .reading import is_public, may_read

logger = logging.getLogger("vivier.attachments")


@require_safe
def attachment(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    found = Attachment.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    public = is_public(found)
    if not public and not may_read(found, tokens_of(request.user)):
        raise Http404
    headers = {
        "Content-Type": found.content_type,
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{found.sha256}"',
        # Asked again each time: an item that is retired takes its files along at once.
        "Cache-Control": "public, no-cache" if public else "private, no-cache",
        "Vary": "Cookie",
    }
    whole = HttpResponse(headers=headers)
    answer = get_conditional_response(request, etag=headers["ETag"], response=whole)
    return _file(found, headers) if answer is None or answer is whole else answer


def _file(found: Attachment, headers: dict[str, str]) -> FileResponse:
    try:
        return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, headers=headers)
    except OSError:
        logger.exception("the bytes of attachment %s are missing", found.pk)
        raise Http404 from None
