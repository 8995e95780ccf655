"""Django's groups follow the memberships: a group is how Wagtail's admin sees a role, never a right by itself.

Names are given by the migration `moderation.0002_review` (role groups) and by a pôle's creation (its own group).
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission

from kb.poles.models import Pole

from .models import POLE_STAFF, Membership, Role, User

TEACHERS = "Enseignants et partenaires"
FACILITATORS = "Animateurs"
COORDINATION = "Coordination académique"
ROLE_GROUPS = {
    Role.TEACHER: TEACHERS,
    Role.DDFPT: TEACHERS,
    Role.HEAD: TEACHERS,
    Role.PARTNER: TEACHERS,
    Role.FACILITATOR: FACILITATORS,
    Role.DEPUTY: FACILITATORS,
    Role.COORDINATION: COORDINATION,
}


def pole_group_name(pole_id: int) -> str:
    """The name of a pôle's group: its page's number, since titles change."""
    return f"Pôle n° {pole_id}"


def give_pole_its_group(pole: Pole) -> Group:
    """The group whose members add and edit under this pôle's page, and nowhere else. Never `publish`."""
    group, _ = Group.objects.get_or_create(name=pole_group_name(pole.pk))
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore",
        content_type__model="page",
        codename__in=("add_page", "change_page"),
    ):
        GroupPagePermission.objects.get_or_create(group=group, page=pole.page_ptr, permission=permission)
    return group


def remove_pole_group(pole: Pole) -> None:
    Group.objects.filter(name=pole_group_name(pole.pk)).delete()


def groups_of(user: User) -> set[str]:
    """Names of the groups that the memberships of today give."""
    names: set[str] = set()
    rows = Membership.objects.filter(user=user).valid_on().granted()
    for role, pole_id in rows.values_list("role", "pole_id"):
        if role in ROLE_GROUPS:
            names.add(ROLE_GROUPS[Role(role)])
        if role in POLE_STAFF and pole_id is not None:
            names.add(pole_group_name(pole_id))
    return names


def is_managed(name: str) -> bool:
    return name in set(ROLE_GROUPS.values()) or name.startswith("Pôle n° ")


def synchronise(user: User) -> bool:
    """Gives the person exactly the groups of their roles, leaving groups made by hand alone; True if one changed."""
    wanted = groups_of(user)
    held = {group.name: group for group in user.groups.all() if is_managed(group.name)}
    user.groups.remove(*(group for name, group in held.items() if name not in wanted))
    user.groups.add(*Group.objects.filter(name__in=wanted - held.keys()))
    user.__dict__.pop("_reader_tokens", None)
    return wanted != held.keys()
