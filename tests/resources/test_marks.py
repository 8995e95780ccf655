from __future__ import annotations

from typing import Any

import pytest

from kb.vocabulary.models import Facet, Term
from resources.marks import Marks, marks_of
from resources.models import AttachmentRole
from tests.items import make_item
from tests.people import People
from tests.resources.files import new_version, publish, stored

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_nothing_asked_costs_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert marks_of([]) == {}


def test_words_minutes_and_formats(people: People, django_assert_num_queries: Any) -> None:
    new = Term.objects.create(facet=Facet.PROBLEMATIQUE, slug="neuf", label="Mot neuf")
    old = Term.objects.create(facet=Facet.PROBLEMATIQUE, slug="vieux", label="Vieux mot", replaced_by=new)
    publics = [
        Term.objects.create(facet=Facet.PUBLIC, slug=f"p{n}", label=f"P{n}", position=9 - n) for n in range(5)
    ]
    phase = Term.objects.create(facet=Facet.PHASE, slug="avant", label="Avant")
    item = make_item("teaching", "Marquée", duration_minutes=50)
    item.terms.set([old, phase, *publics])
    item.save_revision().publish(skip_permission_checks=True)
    plain = make_item("practice", "Sans rien", pole=people.pole)
    course = make_item("training", "Parcours", duration_minutes=30)
    with django_assert_num_queries(3):
        marks = marks_of([item.pk, plain.pk, course.pk])
    assert marks[item.pk] == Marks(problem="Mot neuf", publics=("P4", "P3", "P2"), minutes=50)
    assert marks_of([item.pk], ["p0"])[item.pk].publics == ("P0", "P4", "P3")
    assert marks[plain.pk] == Marks()
    assert marks[course.pk].minutes == 30


def test_formats_of_the_published_version_alone(people: People) -> None:
    item = make_item("teaching", "À fichiers", owner=people.author)
    new_version(item, stored("fiche.pdf", AttachmentRole.PUPIL, people.author), user=people.author)
    assert marks_of([item.pk])[item.pk].formats == ""
    publish(item)
    assert marks_of([item.pk])[item.pk].formats == "PDF"


def test_the_format_of_a_teacher_version_is_not_told(people: People, client_of: Any) -> None:
    item = make_item("teaching", "Corrigé", owner=people.author)
    new_version(item, stored("corrige.pdf", AttachmentRole.TEACHER, people.author), user=people.author)
    publish(item)
    assert marks_of([item.pk])[item.pk].formats == ""
    assert "<span>PDF</span>" not in client_of(None).get("/ressources/").content.decode()
