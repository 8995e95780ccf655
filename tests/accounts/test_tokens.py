from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from kb.accounts.models import Membership, Origin, Role, User
from kb.accounts.tokens import tokens_of
from kb.poles.models import Establishment
from tests.people import People, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_each_of_the_eight_readers(people: People) -> None:
    here, there = f"pole:{people.pole.pk}", f"pole:{people.other_pole.pk}"
    expected = {
        "anonymous": set(),
        "teacher": {"member", here},
        "tutor": set(),
        "facilitator": {"member", here, f"staff:{people.pole.pk}"},
        "other_facilitator": {"member", there, f"staff:{people.other_pole.pk}"},
        "coordination": {"member", "coordination"},
        "author": {"member", here},
        "administrator": {"member", "coordination"},
    }
    for name, user in people.readers().items():
        own = set() if isinstance(user, AnonymousUser) else {f"user:{user.pk}"}
        assert tokens_of(user) == {"all"} | own | expected[name], name


def test_a_school_gives_its_pole(people: People) -> None:
    school = Establishment.objects.create(
        uai="0211225T", name="Le Chapitre", kind="college", city="Chenôve", pole=people.pole
    )
    user = make_user("ddfpt")
    Membership.objects.create(user=user, role=Role.DDFPT, establishment=school)
    assert f"pole:{people.pole.pk}" in tokens_of(User.objects.get(pk=user.pk))


@pytest.mark.parametrize(
    ("since", "until", "holds"), [(-10, -1, False), (-10, 0, True), (0, None, True), (1, None, False)]
)
def test_a_role_holds_from_its_first_day_to_its_last(
    since: int, until: int | None, holds: bool, db: None
) -> None:
    today = timezone.localdate()
    user = make_user("datée")
    Membership.objects.create(
        user=user,
        role=Role.COORDINATION,
        since=today + datetime.timedelta(days=since),
        until=None if until is None else today + datetime.timedelta(days=until),
    )
    assert ("coordination" in tokens_of(User.objects.get(pk=user.pk))) is holds


def test_nobody_gives_themselves_a_role_that_opens_more() -> None:
    from django.db import IntegrityError, transaction

    user = make_user("pressé")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, role=Role.COORDINATION, origin=Origin.SELF)


def test_an_inactive_person_reads_as_nobody(people: People) -> None:
    people.coordination.is_active = False
    assert tokens_of(people.coordination) == {"all"}
