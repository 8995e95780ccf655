"""What both engines answer beside hits: ids, what is alike, what is held, what a slip could be, and why."""

from __future__ import annotations

from itertools import product

import pytest
from rapidfuzz.distance import OSA

from search.engines.base import Delete, SearchEngine
from search.question import Need, Question
from search.request import SearchRequest

from .samples import ALL, a_document, put

MEMBER = frozenset({"all", "member"})


@pytest.fixture
def world(engine: SearchEngine) -> SearchEngine:
    put(
        engine,
        a_document(1, title="La convention de stage", summary="Signer la convention avec le tuteur."),
        a_document(2, title="Le gîte communal", summary="Loger des stagiaires, la convention du gîte."),
        a_document(3, title="Le tuteur remplaçant", body="Quand le tuteur est absent, un autre le remplace."),
        a_document(4, title="La convention secrète du tuteur", body="Le zébulon.", readers=("member",)),
    )
    return engine


def test_ids_are_all_that_a_search_finds_on_all_its_pages(world: SearchEngine) -> None:
    asked = SearchRequest(q="convention", page_size=1)
    assert set(world.find_ids(asked, ALL)) == {1, 2}
    assert set(world.find_ids(asked, MEMBER)) == {1, 2, 4}
    assert set(world.find_ids(asked, MEMBER, frozenset({1}))) == {2, 4}
    assert world.find_ids(SearchRequest(q="rien de tel"), ALL) == ()


def test_ids_have_the_order_of_the_search(world: SearchEngine) -> None:
    for sort in ("pertinence", "date"):
        asked = SearchRequest(q="tuteur convention", sort=sort)
        hits = world.search(asked, MEMBER).hits
        assert world.find_ids(asked, MEMBER) == tuple(hit.id for hit in hits)


def test_similar_items_share_words_and_are_readable(world: SearchEngine) -> None:
    assert 2 in world.similar(1, ALL)
    assert not {1, 4} & set(world.similar(1, ALL))
    assert 4 in world.similar(1, MEMBER)
    assert 4 not in world.similar(1, MEMBER, frozenset({4}))
    assert len(world.similar(1, MEMBER, limit=1)) == 1


def test_nothing_is_similar_to_what_the_index_does_not_hold(world: SearchEngine) -> None:
    assert world.similar(99, MEMBER) == ()
    world.write([Delete(1, 2)])
    world.refresh()
    assert world.similar(1, MEMBER) == ()


def test_holdings_count_what_meets_a_need(world: SearchEngine) -> None:
    needs = [
        Need(("conventions",)),
        Need(("convention", "gîte")),
        Need(("absente",), (("gite", "communal"),)),
        Need(("zébulon",)),
        Need(("communal",), (("communal", "gite"),)),
    ]
    assert world.holdings(needs, ALL) == (2, 1, 2, 0, 1, 3)
    assert world.holdings(needs, MEMBER) == (3, 1, 2, 1, 1, 4)
    assert world.holdings(needs[:1], MEMBER, frozenset({4})) == (2, 3)
    assert world.holdings([], ALL) == (3,)


def test_another_wording_of_several_words_is_a_phrase(world: SearchEngine) -> None:
    assert world.holdings([Need(("xyz",), (("convention", "de", "stage"),))], ALL) == (1, 3)
    assert world.holdings([Need(("xyz",), (("stage", "convention"),))], ALL) == (0, 3)


def test_words_near_to_a_slip(world: SearchEngine) -> None:
    [convention, tuteur, none] = world.near(["convetion", "tutuer", "xylophone"], ALL)
    assert convention == {"convention": 2}
    assert tuteur == {"tuteur": 2}
    assert none == {}


def test_a_word_that_is_held_is_near_to_itself(world: SearchEngine) -> None:
    [found] = world.near(["convention"], ALL)
    assert found["convention"] == 2


def test_no_word_of_an_unreadable_document_is_near(world: SearchEngine) -> None:
    assert world.near(["zebulo"], ALL) == ({},)
    assert world.near(["zebulo"], MEMBER) == ({"zebulon": 1},)
    assert world.near(["zebulo"], MEMBER, frozenset({4})) == ({},)


def test_a_hit_meets_enough_of_the_question(world: SearchEngine) -> None:
    needs = (Need(("convention",)), Need(("tuteur",)))
    both = SearchRequest(q="x", question=Question(needs, "x", ((0, 1),)))
    assert {hit.id for hit in world.search(both, ALL).hits} == {1}
    first = SearchRequest(q="x", question=Question(needs, "x", ((0,),)))
    assert {hit.id for hit in world.search(first, ALL).hits} == {1, 2}
    loose = SearchRequest(q="x", question=Question(needs, "x", ((0, 1),)).loosely)
    assert {hit.id for hit in world.search(loose, ALL).hits} == {1, 2, 3}


def test_facets_count_what_meets_enough(world: SearchEngine) -> None:
    needs = (Need(("convention",)), Need(("tuteur",)))
    both = SearchRequest(q="x", question=Question(needs, "x", ((0, 1),)))
    assert world.search(both, ALL).facets["kind"] == {"teaching": 1}


def test_n_grams_admit_nothing(engine: SearchEngine) -> None:
    put(engine, a_document(1, title="Prendre le tramway"), a_document(2, title="Autre chose"))
    assert engine.search(SearchRequest(q="trampoline"), ALL).count == 0


def test_another_wording_finds_and_is_marked(world: SearchEngine) -> None:
    question = Question((Need(("logement",), (("gite", "communal"),)),), "logement")
    [hit] = world.search(SearchRequest(q="logement", question=question), ALL).hits
    assert hit.id == 2
    marked = "".join(segment.text for segment in hit.title_segments if segment.found)
    assert "communal" in marked


def test_the_reasons_of_a_hit(world: SearchEngine) -> None:
    asked = SearchRequest(q="convention tuteur")
    explained = world.explain(asked, [1], ALL).get(1)
    assert explained is not None
    assert {(reason.word, reason.field) for reason in explained.reasons} == {
        ("convention", "title"),
        ("convention", "summary"),
        ("tuteur", "summary"),
    }
    assert all(reason.score > 0 for reason in explained.reasons)
    assert sum(reason.score for reason in explained.reasons) <= explained.score * 1.001
    assert 1 <= explained.freshness <= 1.15
    assert not explained.is_title


def test_a_title_that_is_the_question_is_told(world: SearchEngine) -> None:
    explained = world.explain(SearchRequest(q="la CONVENTION de stage !"), [1], ALL).get(1)
    assert explained is not None
    assert explained.is_title


def test_other_wordings_are_reasons(world: SearchEngine) -> None:
    question = Question((Need(("logement",), (("gite", "communal"),)),), "logement")
    explained = world.explain(SearchRequest(q="logement", question=question), [2], ALL).get(2)
    assert explained is not None
    assert ("gite communal", "title") in {(reason.word, reason.field) for reason in explained.reasons}


def test_there_is_no_reason_for_what_is_no_hit(world: SearchEngine) -> None:
    assert world.explain(SearchRequest(q="convention"), [3], ALL) == {}
    assert world.explain(SearchRequest(q="convention"), [4], ALL) == {}
    assert world.explain(SearchRequest(q="convention"), [], ALL) == {}


def test_totals_under_each_filter_instead_of_the_requests_own(world: SearchEngine) -> None:
    asked = SearchRequest(q="convention", filters={"kind": ("practice",)})
    tries: list[dict[str, tuple[str, ...]]] = [{}, {"kind": ("teaching",)}, {"kind": ("practice",)}]
    assert world.totals(asked, tries, ALL) == (2, 2, 0)
    assert world.totals(asked, tries[:1], MEMBER) == (3,)
    assert world.totals(asked, tries[:1], MEMBER, frozenset({1})) == (2,)
    assert world.totals(asked, [], ALL) == ()


def test_a_label_that_is_the_question_is_told(engine: SearchEngine) -> None:
    put(engine, a_document(1, title="Partir", labels=("Mobilité géographique",)))
    explained = engine.explain(SearchRequest(q="mobilite géographique"), [1], ALL)[1]
    assert (explained.is_label, explained.is_title) == (True, False)


def test_words_that_others_often_read_keep_no_slip_from_being_one(engine: SearchEngine) -> None:
    hidden = [a_document(number, title=f"Zébulin {number}", readers=("member",)) for number in range(10, 60)]
    put(engine, a_document(1, title="Le zébulon"), *hidden)
    assert engine.near(["zebulin"], ALL) == ({"zebulon": 1},)


def test_few_candidates_are_counted_however_many_are_near(engine: SearchEngine) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    put(engine, *(a_document(n, title=f"st{a}{b}") for n, (a, b) in enumerate(product(letters, "abc"), 1)))
    [found] = engine.near(["stxa"], ALL)
    assert 1 <= len(found) <= 31
    assert all(OSA.distance("stxa", word) <= 1 for word in found)
