"""`GET /api/v1/search`: the search page's answer as JSON, for everybody the same.

It carries what an anonymous reader may read, whoever asks: an answer that depends on a cookie could be cached or
fetched across sites with somebody's rights.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from kb.core.readers import ALL

from .answering import answer
from .choices import facet_choices
from .forms import SearchForm
from .refusing import refusal
from .results import Hit

READERS = frozenset({ALL})


@require_safe
def search(request: HttpRequest) -> JsonResponse:
    """`{"count", "results", "facets", "correction"}`; `"reduced": true` besides when no engine could answer."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        return refusal(form)
    asked = form.to_request()
    results = answer(asked, READERS, nearest=False)
    content: dict[str, Any] = {
        "count": results.count,
        "results": [_result(hit) for hit in results.hits],
        "facets": {
            facet.name: [
                {"value": choice.value, "label": choice.label, "count": choice.count}
                for choice in facet.choices
                if choice.count
            ]
            for facet in facet_choices(asked, results)
        },
        "correction": results.correction,
    }
    if results.reduced:
        content["reduced"] = True
    return JsonResponse(content)


def _result(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "kind": hit.kind,
        "title": hit.title,
        "url": hit.url,
        "summary": hit.summary,
        "date": hit.date.isoformat(),
    }
