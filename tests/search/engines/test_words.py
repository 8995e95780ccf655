"""What a question finds: French words, and nothing that could break."""

from __future__ import annotations

import pytest

from search.analysis import SEARCHED
from search.document import SearchDocument
from search.engines.base import SearchEngine
from search.request import SearchRequest

from .samples import ALL, a_document, found_ids, held, put


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("L’élève prépare son entretien", "eleve"),
        ("L’élève prépare son entretien", "ÉLÈVES"),
        ("la préparation du stage", "préparer"),
        ("l'entreprise d’accueil", "l’entreprise"),
        ("l’entreprise", "l'entreprise"),
        ("Le pôle de Dijon", "pole"),
        ("un emploi d’été", "été"),
        ("la classe de 3e", "3e"),
        ("programmer en C++", "C++ :"),
        ("cœur de métier", "coeur"),
        ("e\u0301tude de cas", "étude"),
        ("étude de cas", "e\u0301tude"),
        ("REP+ et SEGPA", "rep segpa"),
        ("un co-enseignement", "enseignement"),
        ("nom_de_fichier", "fichier"),
        ("Être ou ne pas être", "être ou"),
    ],
)
def test_words_that_meet(engine: SearchEngine, written: str, asked: str) -> None:
    put(engine, a_document(1, body=written), a_document(2, body="Tout autre chose"))
    assert found_ids(engine, asked) == [1]


@pytest.mark.parametrize("field", ["title", "summary", "body", "labels"])
def test_every_text_is_searched(engine: SearchEngine, field: str) -> None:
    text = "Une zibeline égarée"
    put(engine, a_document(1, **{field: (text,) if field == "labels" else text}), a_document(2))
    assert found_ids(engine, "zibelines") == [1]


def test_a_question_is_any_of_its_words_and_the_best_comes_first(engine: SearchEngine) -> None:
    put(
        engine,
        a_document(1, body="zibeline"),
        a_document(2, body="zibeline et hermine"),
        a_document(3, body="hermine"),
        a_document(4, body="ni l’une ni l’autre"),
    )
    ids = found_ids(engine, "zibeline hermine")
    assert ids[0] == 2
    assert sorted(ids) == [1, 2, 3]


@pytest.mark.parametrize(
    ("better", "worse"), [("title", "summary"), ("labels", "summary"), ("labels", "body")]
)
def test_a_word_counts_more_in_the_title(engine: SearchEngine, better: str, worse: str) -> None:
    put(engine, *(_with_word_in(field, item) for item, field in enumerate((worse, better, *["none"] * 6), 1)))
    assert found_ids(engine, "zibeline") == [2, 1]


def _with_word_in(field: str, item: int) -> SearchDocument:
    """Every text is as long as in any other document, so that the place of the word alone decides."""
    texts = {name: f"phrase {'zibeline' if name == field else 'banale'} ici" for name in SEARCHED}
    return a_document(item, **{**texts, "labels": (texts["labels"],)})


def test_stop_words_do_not_find_everything(engine: SearchEngine) -> None:
    put(
        engine,
        a_document(1, body="le tuteur est dans la place"),
        a_document(2, body="dans le stage et la fiche"),
    )
    assert found_ids(engine, "le tuteur et la") == [1]


HOSTILE = [
    "",
    "   ",
    "???",
    "!!! --- ***",
    "😀",
    "👩‍🏫 école",
    "\u202eetser\u202c",
    "مرحبا بالعالم",
    "title:x AND (body:y OR *)^9~2",
    '"une phrase jamais fermée',
    "a" * 10_000,
    "mot " * 2_500,
    " ".join(f"mot{n}" for n in range(3_000)),
    "\x00\x01\x1f\x02stage\x03",
    "\ud800 stage",
    "<script>alert(1)</script>",
    "[* TO *] \\ / && || + - = > < ! { }",
    "e\u0301" * 3_000,
    "_exists_:id",
    "l’",
]


@pytest.fixture(scope="module")
def school(shared: SearchEngine) -> SearchEngine:
    put(shared, a_document(1, title="Un stage à l’école"), a_document(2, title="Une phrase"))
    return shared


@pytest.mark.parametrize("q", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("sort", ["pertinence", "date"])
def test_hostile_questions_are_only_words(school: SearchEngine, q: str, sort: str) -> None:
    results = school.search(SearchRequest(q=q, sort=sort), ALL)  # type: ignore[arg-type]
    assert results.count == len(results.hits)
    if q.strip():
        assert {hit.id for hit in results.hits} == {
            item
            for item, words in {1: ("école", "stage", "l’"), 2: ("phrase",)}.items()
            if any(w in q for w in words)
        }
    else:
        assert results.count == 2


def test_hostile_documents_are_kept_whole(engine: SearchEngine) -> None:
    texts = [q for q in HOSTILE if q.strip()]
    put(engine, *(a_document(n, title="hostile", body=q, labels=(q,)) for n, q in enumerate(texts, 1)))
    assert held(engine) == len(texts)
    assert engine.search(SearchRequest(q="hostile", page_size=50), ALL).count == len(texts)
    assert found_ids(engine, "fermée") == [texts.index('"une phrase jamais fermée') + 1]


@pytest.mark.parametrize("value", ["n’existe pas", "", "a/b", "é", "x" * 300, "a OR b", "\x00"])
def test_an_unknown_value_of_a_facet_finds_nothing(engine: SearchEngine, value: str) -> None:
    put(engine, a_document(1, facets={"tag": ("mixite",)}))
    results = engine.search(SearchRequest(filters={"tag": (value,)}), ALL)
    assert (results.count, results.facets["tag"], results.facets["kind"]) == (0, {"mixite": 1}, {})
