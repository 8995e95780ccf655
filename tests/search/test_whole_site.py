"""The site on each engine, with two thousand generated items and with the demo: every count against plain SQL."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from kb.accounts.models import Role
from kb.loading.accounts import person
from kb.poles.models import Pole
from resources.models import Item
from search.choices import SHOWN_AT_ALL
from search.engines.base import SearchEngine
from search.facets import FACET_NAMES
from search.index.auditing import audit
from search.index.draining import drain
from search.index.rebuilding import rebuild
from tests.people import make_user

from .conftest import ENGINES
from .generated import WORDS, generate

pytestmark = pytest.mark.django_db

#: One row for each value of each item, in SQL that knows nothing of the search room.
VALUES = {
    "kind": """
        SELECT i.page_ptr_id, CASE c.model WHEN 'teachingresource' THEN 'teaching'
                                           WHEN 'practicesheet' THEN 'practice' ELSE c.model END
        FROM resources_item i JOIN wagtailcore_page p ON p.id = i.page_ptr_id
        JOIN django_content_type c ON c.id = p.content_type_id""",
    "pole": """
        SELECT i.page_ptr_id, p.slug FROM resources_item i JOIN wagtailcore_page p ON p.id = i.pole_id""",
    "departement": """
        SELECT i.page_ptr_id, z.department FROM resources_item i
        JOIN poles_pole_zones pz ON pz.pole_id = i.pole_id
        JOIN poles_employmentzone z ON z.id = pz.employmentzone_id""",
    "tag": """
        SELECT it.content_object_id, t.slug FROM resources_itemtag it JOIN vocabulary_tag t ON t.id = it.tag_id""",
}
TERMS = """
    SELECT it.item_id, COALESCE(successor.slug, t.slug) FROM resources_item_terms it
    JOIN vocabulary_term t ON t.id = it.term_id
    LEFT JOIN vocabulary_term successor ON successor.id = t.replaced_by_id
    WHERE t.facet = %s"""


def rows(sql: str, *parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


class Truth:
    """What every item has, read once."""

    def __init__(self) -> None:
        self.values: dict[str, dict[int, set[str]]] = {}
        for facet in FACET_NAMES:
            found = rows(VALUES[facet]) if facet in VALUES else rows(TERMS, facet)
            of_item: dict[int, set[str]] = {}
            for pk, value in found:
                of_item.setdefault(pk, set()).add(value)
            self.values[facet] = of_item

    def readable(self, condition: str, *parameters: Any) -> set[int]:
        sql = f"""SELECT i.page_ptr_id FROM resources_item i JOIN wagtailcore_page p ON p.id = i.page_ptr_id
                  WHERE p.live AND ({condition})"""
        return {pk for (pk,) in rows(sql, *parameters)}

    def holding(self, word: str) -> set[int]:
        sql = """SELECT i.page_ptr_id FROM resources_item i JOIN wagtailcore_page p ON p.id = i.page_ptr_id
                 WHERE p.title LIKE %s OR i.summary LIKE %s"""
        return {pk for (pk,) in rows(sql, f"{word.title()} %", f"%{word}.")}

    def chosen(self, items: Iterable[int], filters: dict[str, list[str]], but: str = "") -> set[int]:
        return {
            pk
            for pk in items
            if all(
                self.values[facet].get(pk, set()) & set(values)
                for facet, values in filters.items()
                if facet != but
            )
        }

    def counts(self, facet: str, items: Iterable[int]) -> dict[str, int]:
        return dict(Counter(value for pk in items for value in self.values[facet].get(pk, ())))


def counts_on(html: str, facet: str) -> dict[str, int]:
    """What the page says beside the boxes of a facet."""
    boxes = re.findall(
        rf'name="{facet}" value="([^"]+)"(?: checked)?>.*?<span class="count">([^<]+)<',
        html,
        re.DOTALL,
    )
    counts = {value: int(re.sub(r"\D", "", count)) for value, count in boxes}
    return {value: count for value, count in counts.items() if count}


OnEngine = Callable[[str], SearchEngine]
Search = tuple[str, dict[str, list[str]]]


def check_counts(client: Client, truth: Truth, readable: set[int], searches: Iterable[Search]) -> None:
    """Each search finds as many items, and says as many for each value, as the database holds for this reader."""
    for q, filters in searches:
        answer = client.get("/recherche/", {"q": q, **filters})
        html = answer.content.decode()
        asked = readable & truth.holding(q) if q else readable
        assert answer.context["results"].count == len(truth.chosen(asked, filters)), (q, filters)
        for facet in FACET_NAMES:
            expected = truth.counts(facet, truth.chosen(asked, filters, but=facet))
            shown = counts_on(html, facet)
            # A facet without end (free tags) shows its most frequent values.
            hidden = [count for value, count in expected.items() if value not in shown]
            assert shown == {value: expected.get(value) for value in shown}, (q, filters, facet)
            assert not hidden or (len(shown) >= SHOWN_AT_ALL and max(hidden) <= min(shown.values()))


def test_every_count_is_that_of_the_database(on_engine: OnEngine, client_of: Any) -> None:
    generate()
    truth = Truth()
    pole = Pole.objects.get(slug="nord")
    teacher = make_user("enseignante", (Role.TEACHER, pole))
    readers = {
        None: truth.readable("i.visibility = 'public'"),
        teacher: truth.readable(
            "i.visibility IN ('public', 'members') OR i.visibility = 'pole' AND i.pole_id = %s", pole.pk
        ),
    }
    searches: list[Search] = [
        ("", {}),
        ("", {"kind": ["practice"]}),
        (
            "",
            {"pole": ["nord", "est"], "phase": ["t-phase-0", "t-phase-1"], "kind": ["teaching", "practice"]},
        ),
        ("", {"departement": ["58"], "tag": ["mot-0", "mot-1", "mot-2"]}),
        ("", {"public": ["t-public-0"], "axe": ["t-axe-0", "t-axe-3"], "filiere": ["t-filiere-2"]}),
        *((word, {}) for word in WORDS),
        (WORDS[3], {"kind": ["teaching"], "type": ["t-type-0", "t-type-1"]}),
    ]
    for engine in map(on_engine, ENGINES):
        assert rebuild(engine) > 1_800
        assert not audit(engine).ids
        for reader, readable in readers.items():
            check_counts(client_of(reader), truth, readable, searches)

        # The same figures through the API, for everybody.
        facets = client_of(teacher).get("/api/v1/search").json()["facets"]
        for facet in FACET_NAMES:
            assert {row["value"]: row["count"] for row in facets[facet]} == truth.counts(facet, readers[None])
            assert all(row["label"] for row in facets[facet])


def test_every_count_of_the_demo_is_that_of_the_database(on_engine: OnEngine, client_of: Any) -> None:
    call_command("load_reference")
    call_command("load_demo")
    truth = Truth()
    demo_1 = Pole.objects.get(slug="demo-1").pk
    readers = {
        None: truth.readable("i.visibility = 'public'"),
        person("enseignant"): truth.readable(
            "i.visibility IN ('public', 'members') OR i.visibility = 'pole' AND i.pole_id = %s", demo_1
        ),
        person("tuteur"): truth.readable("i.visibility = 'public'"),
    }
    searches: list[Search] = [
        ("", {}),
        ("", {"kind": ["practice", "training"], "phase": ["avant"]}),
        ("", {"pole": ["demo-1", "demo-3"], "audience": ["animateur", "ddfpt"]}),
        ("", {"departement": ["58"], "problematique": ["territoire-rural", "mobilite-geographique"]}),
    ]
    for engine in map(on_engine, ENGINES):
        assert rebuild(engine) == Item.objects.live().count()
        assert not audit(engine).ids
        for reader, readable in readers.items():
            check_counts(client_of(reader), truth, readable, searches)


@pytest.mark.database
def test_a_change_goes_through_to_the_page(any_engine: SearchEngine, client_of: Any) -> None:
    from tests.search.world import make_world

    world = make_world()
    rebuild(any_engine)
    client = client_of()

    def found(query: str) -> list[str]:
        return re.findall(r'<h3><a href="([^"]+)">', client.get(f"/recherche/?{query}").content.decode())

    assert found("q=gite") == ["/poles/nord/le-gite-des-stagiaires/"]
    assert len(found("q=chef+de+travaux&audience=mot-neuf")) == 2
    pole = world.fresh("pole")
    pole.slug = "morvan"
    pole.save()
    drain()
    assert found("q=gite&pole=morvan") == ["/poles/morvan/le-gite-des-stagiaires/"]
    world.fresh("sheet").unpublish()
    drain()
    assert found("q=gite") == []
    assert client.get("/recherche/suggestions/?q=gite").json() == {"suggestions": []}
