"""Text first; freshness decides between what answers alike; a title that is the question comes first. Both engines."""

from __future__ import annotations

import datetime

import pytest

from search.engines import ranking
from search.engines.base import SearchEngine
from search.question import Need, Question
from search.request import SearchRequest

from .samples import ALL, a_document, found_ids, put

OLD = datetime.date(2001, 1, 1)
NEW = datetime.date(2026, 11, 1)


def test_the_newer_of_two_that_answer_alike_is_first(engine: SearchEngine) -> None:
    put(
        engine,
        a_document(1, title="Le tuteur absent", date=OLD),
        a_document(2, title="Le tuteur présent", date=NEW),
    )
    assert found_ids(engine, "tuteur") == [2, 1]


def test_a_better_text_beats_a_newer_one(engine: SearchEngine) -> None:
    put(
        engine,
        a_document(1, title="La mobilité", summary="Mobilité et transport.", date=OLD),
        a_document(
            2, title="Autre titre", body="Un mot sur la mobilité parmi d’autres mots du texte.", date=NEW
        ),
    )
    assert found_ids(engine, "mobilité") == [1, 2]


def test_a_title_that_is_the_question_is_first_whatever_its_age(engine: SearchEngine) -> None:
    rivals = [
        a_document(
            number,
            title=f"Le stage d’observation, le stage {number}",
            summary="Stage d’observation : observer pendant le stage.",
            body="Le stage d’observation. " * 20,
            date=NEW,
        )
        for number in range(2, 30)
    ]
    put(engine, a_document(1, title="Stage d'observation", date=OLD), *rivals)
    for typed in ("stage d’observation", "STAGE D'OBSERVATION", "Stage d observation ?"):
        assert found_ids(engine, typed)[0] == 1, typed


def test_a_label_that_is_the_question_comes_before_a_text_that_has_its_words(engine: SearchEngine) -> None:
    put(
        engine,
        a_document(1, title="La recherche du stage et la recherche", body="recherche stage " * 30),
        a_document(2, title="Après un refus", labels=("Recherche de stage",)),
    )
    assert found_ids(engine, "recherche de stage") == [2, 1]


def test_a_common_need_weighs_little(engine: SearchEngine) -> None:
    put(
        engine,
        a_document(1, title="Le stage", summary="Un stage après l’autre.", body="Une restitution."),
        a_document(2, title="La vie", summary="Une restitution du stage."),
    )
    needs = (Need(("restitution",)), Need(("stage",), is_common=True))
    asked = SearchRequest(q="x", question=Question(needs, "x", ((0,),)), text_alone=True)
    assert next(hit.id for hit in engine.search(asked, ALL).hits) == 2


def test_pages_hold_each_hit_once_when_freshness_reorders(engine: SearchEngine) -> None:
    start = datetime.date(2010, 1, 1)
    put(
        engine,
        *(
            a_document(
                n, title=f"Tuteur {n}", body="mot " * (n % 7), date=start + datetime.timedelta(days=n * 31)
            )
            for n in range(1, 181)
        ),
    )
    pages = [found_ids(engine, "tuteur", page=page) for page in range(1, 10)]
    ids = [item for page in pages for item in page]
    assert sorted(ids) == list(range(1, 181))
    assert ids == list(engine.find_ids(SearchRequest(q="tuteur"), ALL))


def test_freshness_counts_for_nothing_where_text_alone_does(engine: SearchEngine) -> None:
    put(
        engine,
        a_document(1, title="Tuteur", body="tuteur", date=OLD),
        a_document(2, title="Tuteur", body="tuteur et autre", date=NEW),
    )
    assert found_ids(engine, "tuteur") == [2, 1]
    assert found_ids(engine, "tuteur", text_alone=True) == [1, 2]


@pytest.mark.parametrize(
    ("age", "factor"),
    [(0, 1 + ranking.FRESHNESS), (ranking.HALF_LIFE, 1 + ranking.FRESHNESS / 2), (40_000, 1.0)],
)
def test_freshness_multiplies_a_little(age: int, factor: float) -> None:
    today = datetime.date(2026, 11, 28)
    assert ranking.freshness(today.toordinal() - age, today) == pytest.approx(factor, abs=1e-6)


def test_what_comes_from_the_future_is_no_fresher_than_today() -> None:
    today = datetime.date(2026, 11, 28)
    assert ranking.freshness(today.toordinal() + 500, today) == 1 + ranking.FRESHNESS <= 1.25


def test_freshness_is_weighed_of_the_first_alone() -> None:
    day = ranking.today().toordinal()
    found = [(10.0, day - 9_000, 1), (9.5, day, 2), (9.5, day, 3), (9.4, day, 4)]
    assert ranking.freshest(found, 3) == [2, 3, 1, 4]
    assert ranking.freshest(found, 4) == [2, 3, 4, 1]
    assert ranking.freshest(found, 0) == [1, 2, 3, 4]
