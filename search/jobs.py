"""The search room's periodic jobs."""

from __future__ import annotations

from datetime import timedelta

from kb.core.jobs import Job, register
from kb.core.locks import LockTaken
from kb.core.wording import counted

from .engines import get_engine
from .index.auditing import audit, repair
from .index.draining import BUSY, drain, sentence
from .question_log import forget
from .saved.news import tell_news


class IndexWrong(Exception):  # noqa: N818 - what the audit found
    """The index still differs from the database after it was mended."""


def drain_leftovers() -> str:
    """Takes up what no task came for: a worker that stopped, an engine that was down."""
    try:
        done = drain()
    except LockTaken:
        return BUSY
    if done.failed:
        raise IndexWrong(sentence(done))
    return sentence(done)


def audit_and_repair() -> str:
    """Deletes lose their trace when Elasticsearch restarts, so somebody has to look."""
    engine = get_engine()
    try:
        found = audit(engine)
        if not found.ids:
            return f"{counted(found.compared, 'fiche comparée')}, aucun écart."
        left = repair(engine, found)
    except LockTaken:
        return BUSY
    if left.ids:
        raise IndexWrong(f"{counted(len(found.ids), 'écart trouvé')}, {len(left.ids)} après réparation.")
    return f"{counted(found.compared, 'fiche comparée')}, {counted(len(found.ids), 'écart réparé')}."


def register_all() -> None:
    register(Job("search-drain", timedelta(minutes=5), drain_leftovers))
    register(Job("search-audit", timedelta(hours=24), audit_and_repair))
    register(Job("search-questions", timedelta(hours=24), forget))
    register(Job("search-news", timedelta(hours=1), tell_news))
