"""The eight readers of every permission test, and the two pôles they stand around."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser

from kb.accounts.models import Membership, Origin, Role, User
from kb.poles.models import EmploymentZone, Pole, PoleIndex


def make_pole(title: str, slug: str) -> Pole:
    zone, _ = EmploymentZone.objects.get_or_create(
        slug=f"zone-{slug}", defaults={"name": f"Zone de {title}", "department": "21"}
    )
    pole = Pole(title=title, slug=slug, live=True)
    pole.zones.set([zone])
    PoleIndex.objects.get().add_child(instance=pole)
    return pole


def make_user(
    name: str, *roles: tuple[Role, Pole | None], origin: Origin = Origin.INVITED, **fields: Any
) -> User:
    user = User.objects.create_user(
        f"{name}@demo.example", first_name=name.title(), last_name="Démo", **fields
    )
    for role, pole in roles:
        Membership.objects.create(user=user, role=role, pole=pole, origin=origin)
    return User.objects.get(pk=user.pk)


@dataclass(frozen=True)
class People:
    """Two pôles and the eight readers."""

    pole: Pole
    other_pole: Pole
    anonymous: AnonymousUser
    teacher: User
    tutor: User
    facilitator: User
    other_facilitator: User
    coordination: User
    author: User
    administrator: User

    def readers(self) -> dict[str, User | AnonymousUser]:
        names = (
            "anonymous",
            "teacher",
            "tutor",
            "facilitator",
            "other_facilitator",
            "coordination",
            "author",
            "administrator",
        )
        return {name: getattr(self, name) for name in names}


def make_people() -> People:
    pole, other = make_pole("Pôle premier", "premier"), make_pole("Pôle second", "second")
    return People(
        pole=pole,
        other_pole=other,
        anonymous=AnonymousUser(),
        teacher=make_user("enseignante", (Role.TEACHER, pole)),
        tutor=make_user("tuteur", (Role.TUTOR, pole), origin=Origin.SELF),
        facilitator=make_user("animatrice", (Role.FACILITATOR, pole)),
        other_facilitator=make_user("autre-animateur", (Role.FACILITATOR, other)),
        coordination=make_user("coordination", (Role.COORDINATION, None)),
        author=make_user("autrice", (Role.TEACHER, pole)),
        administrator=make_user("administration", is_staff=True, is_superuser=True),
    )
