from __future__ import annotations

import pytest
from django.core.management import call_command

from kb.poles.models import Department, EmploymentZone, Establishment
from kb.vocabulary.models import Facet, Term

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_vocabularies_of_the_domain_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_reference")
    assert {facet: Term.objects.filter(facet=facet).count() for facet in Facet.values} == {
        "public": 13,
        "periode": 8,
        "phase": 3,
        "problematique": 12,
        "axe": 3,
        "audience": 10,
        "type": 12,
        "filiere": 15,
    }
    assert EmploymentZone.objects.count() == 16
    assert set(EmploymentZone.objects.values_list("department", flat=True)) == set(Department.values)
    assert Establishment.objects.count() == 10
    assert Term.objects.get(facet="audience", slug="chef-de-travaux").current.slug == "ddfpt"


def test_a_second_load_changes_nothing_and_keeps_what_the_coordination_wrote() -> None:
    call_command("load_reference")
    Term.objects.filter(facet="phase", slug="avant").update(label="Avant le stage")
    before = list(Term.objects.order_by("pk").values_list())
    call_command("load_reference")
    assert list(Term.objects.order_by("pk").values_list()) == before
