"""What a supervisor asks: is the process alive, and can it answer readers?"""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search.engines import engine_status


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Asks nothing of anything: restarting the process would not mend a database."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """`{"database", "migrations", "search"}`; 503 when a page could not be shown.

    A search engine that is down does not make the site unready: it answers from the database, « reduced ». « rebuild »:
    so it does until somebody runs `search_rebuild`, because there is no index, or one with another schema.
    """
    database, migrations = _database()
    status = 200 if (database, migrations) == ("ok", "ok") else 503
    report = {"database": database, "migrations": migrations, "search": _search()}
    return JsonResponse(report, status=status)


def _database() -> tuple[str, str]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unreachable", "unknown"
    return "ok", "waiting" if waiting else "ok"


def _search() -> str:
    status = engine_status()
    if not status.reachable:
        return "reduced"
    return "ok" if status.index == "ready" else "rebuild"
