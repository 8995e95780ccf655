"""How answers are measured: by hand on tiny lists, and `search_evaluate` on a tiny folder."""

from __future__ import annotations

import json
import math
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from search.relevance import Collection, has_best, ndcg, recall, reciprocal_rank


def test_gains_by_hand() -> None:
    judged = {"a": 3, "b": 2, "c": 1}
    ideal = 3 + 2 / math.log2(3) + 1 / 2
    assert ndcg(["a", "b", "c"], judged) == pytest.approx(1.0)
    assert ndcg(["x", "a", "c"], judged) == pytest.approx((3 / math.log2(3) + 1 / 2) / ideal)
    assert ndcg(["x"] * 10 + ["a"], judged) == 0
    # Of two documents found ten deep, what is ideal is ten deep too.
    assert ndcg(["a"], {"a": 1} | {f"n{number}": 1 for number in range(20)}) == pytest.approx(
        1 / sum(1 / math.log2(rank + 2) for rank in range(10))
    )


def test_ranks_and_recall_by_hand() -> None:
    judged = {"a": 3, "b": 2}
    assert reciprocal_rank(["x", "b", "a"], judged) == 1 / 2
    assert reciprocal_rank(["x"] * 10 + ["a"], judged) == 0
    assert recall(["x", "b"], judged) == 1 / 2
    assert has_best(["x", "b", "c", "d", "a"], judged)
    assert not has_best(["b", "x", "c", "d", "e", "a"], judged)


def make_folder(folder: Path, **files: str) -> Path:
    """A tiny collection; name the files that differ."""
    texts = {
        "corpus.jsonl": '{"_id": "d1", "title": "Le vélo", "text": "Un prêt de vélos."}\n'
        '{"_id": "d2", "title": "Le gîte", "text": "Un lit pour la nuit."}\n',
        "queries.jsonl": '{"_id": "q1", "text": "vélos"}\n{"_id": "q2", "text": "gîtte"}\n',
        "qrels.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t0\nq2\td2\t1\n",
    }
    for name, text in (texts | {name.replace("_", "."): text for name, text in files.items()}).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def evaluated(folder: Path, **options: Any) -> str:
    out = StringIO()
    call_command("search_evaluate", str(folder), engine="embedded", stdout=out, **options)
    return out.getvalue()


def test_a_tiny_folder(tmp_path: Path) -> None:
    found = json.loads(evaluated(make_folder(tmp_path), json=True))
    assert (found["queries"], found["ndcg_at_10"], found["mrr_at_10"], found["recall_at_100"]) == (2, 1, 1, 1)
    assert found["corrected"] == 0.5
    assert json.loads(evaluated(tmp_path, json=True, limit=1))["queries"] == 1
    assert "nDCG@10" in evaluated(tmp_path)


def test_titles_may_be_left_out(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, meta_json='{"index_title": false}')
    assert Collection.load(folder).documents[0].title == ""
    assert Collection.load(folder).judgements == {"q1": {"d1": 1}, "q2": {"d2": 1}}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"corpus_jsonl": "non"}, "ligne 1\u00a0: ce n’est pas du JSON"),
        ({"corpus_jsonl": '{"_id": "d1"}'}, "n’a pas le format attendu (champ 'text')"),
        ({"qrels_tsv": "query-id\tcorpus-id\tscore\nq1 d1 1\n"}, "ligne 2\u00a0: trois colonnes attendues"),
        ({"qrels_tsv": "query-id\tcorpus-id\tscore\n"}, "Aucune question de ce dossier n’a de jugement"),
    ],
)
def test_a_folder_that_is_none(tmp_path: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(CommandError) as raised:
        evaluated(make_folder(tmp_path, **files))
    assert said in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="est illisible"):
        evaluated(tmp_path)
    with pytest.raises(CommandError, match="au moins 1"):
        evaluated(make_folder(tmp_path), limit=0)
