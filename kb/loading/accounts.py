"""The demo's people and pôles, and their passwords."""

from __future__ import annotations

import secrets

from django.db import transaction

from kb.accounts.models import Membership, Origin, Role, User
from kb.poles.models import EmploymentZone, Establishment, Pole, PoleIndex

DOMAIN = "demo.example"

#: Demo pôles: title, zones d’emploi (all sixteen), establishments. The real ones are not public.
POLES = {
    "demo-1": ("Pôle de démonstration n° 1", ("dijon", "beaune"), ("0211225T",)),
    "demo-2": (
        "Pôle de démonstration n° 2",
        ("autun", "chalon-sur-saone", "le-creusot-montceau"),
        ("0711294W",),
    ),
    "demo-3": ("Pôle de démonstration n° 3", ("auxerre", "avallon", "morvan"), ("0890937K", "0580005R")),
    "demo-4": ("Pôle de démonstration n° 4", ("nevers", "cosne-clamecy"), ("0580682B", "0580669M")),
    "demo-5": ("Pôle de démonstration n° 5", ("macon", "louhans", "charolais"), ("0711136Z",)),
    "demo-6": (
        "Pôle de démonstration n° 6",
        ("montbard", "chatillon-sur-seine", "sens"),
        ("0210034Y", "0890790A", "0890980G"),
    ),
}

#: Account: (first name, last name, role, pôle, origin); the administrator has no role.
PEOPLE: dict[str, tuple[str, str, Role | None, str | None, Origin]] = {
    "enseignant": ("Enseignante", "de démonstration", Role.TEACHER, "demo-1", Origin.INVITED),
    "tuteur": ("Tuteur", "de démonstration", Role.TUTOR, "demo-1", Origin.SELF),
    "animateur": ("Animateur", "de démonstration", Role.FACILITATOR, "demo-1", Origin.INVITED),
    "animateur-b": ("Animatrice B", "de démonstration", Role.FACILITATOR, "demo-2", Origin.INVITED),
    "animateur-c": ("Animatrice C", "de démonstration", Role.FACILITATOR, "demo-3", Origin.INVITED),
    "animateur-d": ("Animateur D", "de démonstration", Role.FACILITATOR, "demo-4", Origin.INVITED),
    "animateur-e": ("Animatrice E", "de démonstration", Role.FACILITATOR, "demo-5", Origin.INVITED),
    "animateur-f": ("Animateur F", "de démonstration", Role.FACILITATOR, "demo-6", Origin.INVITED),
    "coordination": ("Coordinatrice", "de démonstration", Role.COORDINATION, None, Origin.INVITED),
    "coordination-b": ("Coordinateur B", "de démonstration", Role.COORDINATION, None, Origin.INVITED),
    "admin": ("Administratrice", "de démonstration", None, None, Origin.INVITED),
}
#: Whose password is given: one account a role, and the second ones that it takes to see two people at work.
ACCOUNTS = ("enseignant", "tuteur", "animateur", "animateur-b", "coordination", "coordination-b", "admin")

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # what cannot be taken for something else


def address_of(name: str) -> str:
    return f"{name}@{DOMAIN}"


def person(name: str) -> User:
    return User.objects.get(email=address_of(name))


@transaction.atomic
def load_people() -> None:
    """Makes the demo's people and pôles that are missing."""
    for name, (first, last, _, _, _) in PEOPLE.items():
        if not User.objects.filter(email=address_of(name)).exists():
            is_admin = name == "admin"
            User.objects.create_user(
                address_of(name), first_name=first, last_name=last, is_staff=is_admin, is_superuser=is_admin
            )
    poles = {slug: _pole(slug) for slug in POLES}
    for name, (_, _, role, pole, origin) in PEOPLE.items():
        if role is not None:
            Membership.objects.get_or_create(
                user=person(name),
                role=role,
                pole=poles[pole] if pole else None,
                origin=origin,
                defaults={"since": "2024-09-01"},
            )


def _pole(slug: str) -> Pole:
    title, zones, schools = POLES[slug]
    pole = Pole.objects.filter(slug=slug).first()
    if pole is not None:
        return pole
    pole = Pole(
        title=title,
        slug=slug,
        live=False,
        is_demonstration=True,
        introduction="<p>Pôle fictif : ses fiches, ses chiffres et ses partenaires sont inventés.</p>",
        owner=person("admin"),
    )
    PoleIndex.objects.get().add_child(instance=pole)
    pole.zones.set(EmploymentZone.objects.filter(slug__in=zones))
    pole.save_revision(user=person("admin")).publish(user=person("admin"))
    Establishment.objects.filter(uai__in=schools, pole=None).update(pole=pole)
    return Pole.objects.get(slug=slug)


@transaction.atomic
def renew_passwords(given: str = "") -> dict[str, str]:
    """A new password for each of `ACCOUNTS` (`given` for all if not empty): address → password.

    The other people wrote the demo's story; nobody signs in as them.
    """
    passwords: dict[str, str] = {}
    for name in ACCOUNTS:
        user = person(name)
        password = given or "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
        user.set_password(password)
        user.save(update_fields=["password"])
        passwords[user.email] = password
    return passwords
