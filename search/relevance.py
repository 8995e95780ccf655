"""How well do the answers suit? A BEIR-style folder, indexed in a scratch index and asked through the site's own code.

`corpus.jsonl` ({"_id", "title", "text"}), `queries.jsonl` ({"_id", "text"}), `qrels.tsv` (query-id, corpus-id, score)
and, if there is one, `meta.json`: with `"index_title": false` titles are left out. Synonyms, freshness and proof are
off: what is measured is analysis, correction and ranking of the text.
"""

from __future__ import annotations

import datetime
import json
import math
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from kb.core.readers import ALL

from .document import SearchDocument
from .engines.base import SearchEngine, Upsert
from .nearest import nearest_items
from .request import SearchRequest
from .results import Hit
from .understanding import understand

READERS = frozenset({ALL})
DAY = datetime.date(2026, 1, 1)
DEPTH = 10
RECALL_DEPTH = 100

Judgements = Mapping[str, Mapping[str, int]]
"""query id → corpus id → score above 0."""


@dataclass(frozen=True)
class Measures:
    """Means over all judged queries; times in milliseconds of one answer of ten hits with facets and excerpts."""

    queries: int
    ndcg_at_10: float
    mrr_at_10: float
    recall_at_100: float
    p50_ms: float
    p95_ms: float
    corrected: float
    """The share of the queries in which a word was corrected."""

    def as_json(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Collection:
    """What a folder holds. Raises ValueError, in French, on a folder that is none."""

    documents: tuple[SearchDocument, ...]
    names: tuple[str, ...]
    """The corpus id of the document with id n stands at n - 1."""
    queries: Mapping[str, str]
    judgements: Judgements = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, queries: str = "queries.jsonl") -> Collection:
        meta_file = folder / "meta.json"
        try:
            meta = json.loads(meta_file.read_text(encoding="utf-8")) if meta_file.exists() else {}
            titled = bool(meta.get("index_title", True))
            corpus = list(_lines(folder / "corpus.jsonl"))
            documents = tuple(
                _document(number, row.get("title", "") if titled else "", row["text"])
                for number, row in enumerate(corpus, 1)
            )
            return cls(
                documents,
                tuple(str(row["_id"]) for row in corpus),
                read_queries(folder / queries),
                read_judgements(folder / "qrels.tsv"),
            )
        except OSError as error:
            raise ValueError(f"{error.filename} est illisible\u00a0: {error.strerror}.") from error
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{folder} n’a pas le format attendu (champ {error}).") from error


def read_queries(path: Path) -> dict[str, str]:
    """Query id → text. Raises OSError, KeyError or ValueError."""
    return {str(row["_id"]): row["text"] for row in _lines(path)}


def read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """The judged pairs of a `qrels.tsv` whose score is above 0. Raises OSError or ValueError."""
    judged: dict[str, dict[str, int]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if number and line.strip():
            try:
                query, name, score = line.split("\t")
                if int(score) > 0:
                    judged.setdefault(query, {})[name] = int(score)
            except ValueError:
                raise ValueError(f"{path}, ligne {number + 1}\u00a0: trois colonnes attendues.") from None
    return judged


def _lines(path: Path) -> Iterator[dict[str, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError:
                raise ValueError(f"{path}, ligne {number}\u00a0: ce n’est pas du JSON.") from None


def _document(number: int, title: str, text: str) -> SearchDocument:
    return SearchDocument(
        id=number,
        kind="teaching",
        title=title,
        summary="",
        body=text,
        labels=(),
        url=f"/{number}/",
        date=DAY,
        readers=(ALL,),
        facets={},
    )


def fill(engine: SearchEngine, documents: Iterable[SearchDocument]) -> None:
    """These documents and no other, live."""
    engine.start_rebuild()
    engine.write((Upsert(document, 1) for document in documents), building=True)
    engine.finish_rebuild(0)
    engine.refresh()


def evaluate(
    engine: SearchEngine,
    held: Collection,
    limit: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Measures:
    """Asks every judged query (the first `limit` of them) of an engine that `fill` has filled."""
    asked = [(query, text) for query, text in held.queries.items() if query in held.judgements][:limit]
    if not asked:
        raise ValueError("Aucune question de ce dossier n’a de jugement.")
    gains: list[tuple[float, float, float]] = []
    times: list[float] = []
    corrected = 0
    for number, (query, text) in enumerate(asked, 1):
        start = time.perf_counter()
        understood = understand(text, engine, READERS)
        request = SearchRequest(
            q=understood.q, page_size=DEPTH, question=understood.question, text_alone=True
        )
        hits = with_nearest(engine, request)
        times.append((time.perf_counter() - start) * 1000)
        corrected += bool(understood.corrected)
        best = [held.names[hit.id - 1] for hit in hits]
        loose = replace(request, question=understood.question.loosely)
        more = [held.names[pk - 1] for pk in engine.find_ids(loose, READERS)[:RECALL_DEPTH]]
        judged = held.judgements[query]
        gains.append((ndcg(best, judged), reciprocal_rank(best, judged), recall(more, judged)))
        progress(number, len(asked))
    times.sort()
    ndcgs, ranks, recalls = zip(*gains, strict=True)
    return Measures(
        queries=len(asked),
        ndcg_at_10=statistics.fmean(ndcgs),
        mrr_at_10=statistics.fmean(ranks),
        recall_at_100=statistics.fmean(recalls),
        p50_ms=times[len(times) // 2],
        p95_ms=times[min(len(times) - 1, int(len(times) * 0.95))],
        corrected=corrected / len(asked),
    )


def with_nearest(engine: SearchEngine, request: SearchRequest) -> list[Hit]:
    """What the first page shows: the hits, and the nearest items after them where they are few."""
    hits = list(engine.search(request, READERS).hits)
    return hits + nearest_items(engine, request, READERS, hits)


def ndcg(found: Sequence[str], judged: Mapping[str, int], depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain with linear gains, as trec_eval has it."""
    gained = sum(judged.get(name, 0) / math.log2(rank + 2) for rank, name in enumerate(found[:depth]))
    ideal = sorted(judged.values(), reverse=True)[:depth]
    return gained / sum(score / math.log2(rank + 2) for rank, score in enumerate(ideal))


def reciprocal_rank(found: Sequence[str], judged: Mapping[str, int], depth: int = DEPTH) -> float:
    """One over the rank of the first judged document; 0 when none is among the first."""
    return next((1 / rank for rank, name in enumerate(found[:depth], 1) if name in judged), 0.0)


def has_best(found: Sequence[str], judged: Mapping[str, int], depth: int = 5) -> bool:
    """Is one of the documents with the highest score among the first?"""
    best = max(judged.values())
    return any(judged.get(name) == best for name in found[:depth])


def recall(found: Sequence[str], judged: Mapping[str, int]) -> float:
    """The share of the judged documents that were found."""
    return len(judged.keys() & set(found)) / len(judged)
