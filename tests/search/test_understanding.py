"""From what was typed to what is asked for: corrections, synonyms, what is enough. On both engines."""

from __future__ import annotations

import pytest

from search.engines.base import SearchEngine
from search.question import Need
from search.synonyms import Rule, Synonyms
from search.understanding import (
    corrections,
    heavy_sets,
    indispensable,
    nearest,
    needs_of,
    understand,
    weighed,
)

from .engines.samples import ALL, a_document, put

NONE = Synonyms(())


@pytest.fixture
def engine(any_engine: SearchEngine) -> SearchEngine:
    """A tenth of the sheets speak of a kitchen, all of placements, one of gratification."""
    put(
        any_engine,
        *(
            a_document(number, title=f"Le stage {number}", body="En cuisine." if number % 10 == 0 else "")
            for number in range(1, 31)
        ),
        a_document(40, title="La gratification du stagiaire", body="Une convention."),
        a_document(41, title="Secret", body="Le zébulon et sa gratifikation.", readers=("member",)),
    )
    return any_engine


def test_a_slip_becomes_the_nearest_word_of_the_index(engine: SearchEngine) -> None:
    assert corrections("gratificaton", engine, ALL) == {"gratificaton": "gratification"}
    assert corrections("Convetion de stgae", engine, ALL) == {"convetion": "convention", "stgae": "stage"}


def test_a_known_word_is_never_changed(engine: SearchEngine) -> None:
    # « confection » is French, and nearer to « convention » than many slips.
    assert corrections("confection conventions cuisines", engine, ALL) == {}


def test_a_word_of_the_index_is_never_changed(engine: SearchEngine) -> None:
    put(engine, a_document(50, title="Les conventyon"))
    assert corrections("conventyon", engine, ALL) == {}


def test_what_others_read_corrects_nothing(engine: SearchEngine) -> None:
    assert corrections("zebulo", engine, ALL) == {}
    # Nor does it keep a slip from being one.
    assert corrections("gratifikation", engine, ALL) == {"gratifikation": "gratification"}
    assert corrections("gratifikation", engine, frozenset({"all", "member"})) == {}


def test_short_words_numbers_and_far_words_stay(engine: SearchEngine) -> None:
    assert corrections("stg 2nde3 xylophage qwertyuiop", engine, ALL) == {}


def test_the_corrected_text_keeps_the_rest_as_typed(engine: SearchEngine) -> None:
    understood = understand("La GRATIFICATON, c’est quoi ?", engine, ALL)
    assert understood.q == "La gratification, c’est quoi ?"
    assert understood.corrected == {"gratificaton": "gratification"}
    assert understood.question.key == "la gratification c est quoi"


def test_nothing_is_corrected_when_it_is_not_wanted(engine: SearchEngine) -> None:
    assert understand("gratificaton", engine, ALL, correct=False).q == "gratificaton"


def test_the_nearest_word() -> None:
    assert nearest("tutuer", {"tuteur": 3, "tuer": 9}) == "tuteur"
    assert nearest("mobilte", {"mobilite": 9, "mobile": 1}) == "mobilite"
    assert nearest("stge", {"stage": 60, "sage": 50}) == "stage"
    assert nearest("chat", {"chien": 3}) is None
    assert nearest("visite", {"visites": 2, "visitee": 5}) == "visitee"


def test_an_off_topic_question_is_not_enough(engine: SearchEngine) -> None:
    """« recette de cuisine » asks for recipes, of which no sheet speaks."""
    understood = understand("recette de cuisine", engine, ALL)
    assert understood.question.enough == ((0,),)


def test_a_frequent_word_alone_is_not_enough(engine: SearchEngine) -> None:
    assert understand("gratification de stage", engine, ALL).question.enough == ((0,),)


def test_one_need_is_enough_where_there_is_one(engine: SearchEngine) -> None:
    assert understand("stage", engine, ALL).question.enough == ()
    assert weighed((), engine, ALL) == ((), ())


def test_all_the_words_of_a_wording_are_enough_together(engine: SearchEngine) -> None:
    synonyms = Synonyms([Rule.read("convention de stage => papier")])
    for typed, enough in (("convention de stage", ((0,),)), ("la convention de stage cuisine", ((0,),))):
        assert understand(typed, engine, ALL, synonyms=synonyms).question.enough == enough


def test_what_most_documents_meet_is_common(engine: SearchEngine) -> None:
    needs = understand("gratification de stage", engine, ALL).question.needs
    assert [(need.words, need.is_common) for need in needs] == [
        (("gratification",), False),
        (("stage",), True),
    ]
    [alone] = understand("stage", engine, ALL).question.needs
    assert not alone.is_common


def test_stop_words_alone_are_searched_as_they_are(engine: SearchEngine) -> None:
    question = understand("qui est-ce", engine, ALL).question
    assert question.enough == ()
    assert question.words == ("qui", "est", "ce")


def test_the_smallest_sets_with_enough_weight() -> None:
    assert heavy_sets([6, 4]) == [(0,)]
    assert heavy_sets([5, 5]) == [(0, 1)]
    assert heavy_sets([4, 3, 3]) == [(0, 1), (0, 2), (1, 2)]
    assert heavy_sets([10, 0, 0]) == [(0,)]


def test_the_needs_that_a_long_question_cannot_do_without() -> None:
    assert indispensable([6, 6, 1, 1, 1]) == [0, 1]
    assert indispensable([1, 1, 1, 1, 1, 1, 1, 1]) == [0, 1, 2, 3, 4, 5, 6]


def test_the_longest_wording_with_synonyms_is_one_need() -> None:
    synonyms = Synonyms([Rule.read("DDFPT, chef de travaux"), Rule.read("chef, patron")])
    assert needs_of("Le chef de travaux", synonyms) == (Need(("chef", "travaux"), (("ddfpt",),)),)
    assert needs_of("le chef des travaux", synonyms) == (
        Need(("chef",), (("patron",),)),
        Need(("travaux",)),
    )


def test_a_word_that_is_repeated_is_one_need() -> None:
    assert needs_of("stage, STAGE et Stagé", NONE) == (Need(("stage",)),)


def test_a_need_within_more_words_than_count(engine: SearchEngine) -> None:
    many = " ".join(f"mot{number}" for number in range(200))
    assert len(understand(many, engine, ALL).question.needs) == 50
