"""`tokens_of`: the other half of « who may read » (kb.core.readers has the first)."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from kb.core.readers import ALL, COORDINATION, MEMBER, pole_token, staff_token, user_token

from .models import POLE_STAFF, Membership, Role, User


def tokens_of(user: AbstractBaseUser | AnonymousUser) -> frozenset[str]:
    """The tokens that a person holds today.

    Only granted roles (invited, or a request accepted) open what members share: a self-registered tutor reads what
    everybody reads, and what bears their own name. An administrator reads like the coordination. Two queries at
    most, none for an anonymous reader; kept on the user object, which lives as long as one request.
    """
    if not isinstance(user, User) or not user.is_active:
        return frozenset({ALL})
    kept: frozenset[str] | None = getattr(user, "_reader_tokens", None)
    if kept is None:
        kept = user._reader_tokens = _tokens(user)  # type: ignore[attr-defined]
    return kept


def _tokens(user: User) -> frozenset[str]:
    tokens = {ALL, user_token(user.pk)}
    if user.is_superuser:
        tokens |= {MEMBER, COORDINATION}
    rows = (
        Membership.objects.filter(user=user)
        .valid_on()
        .granted()
        .values_list("role", "pole_id", "establishment__pole_id")
    )
    for role, pole_id, school_pole_id in rows:
        tokens.add(MEMBER)
        tokens |= {pole_token(pk) for pk in (pole_id, school_pole_id) if pk is not None}
        if role == Role.COORDINATION:
            tokens.add(COORDINATION)
        if role in POLE_STAFF and pole_id is not None:
            tokens.add(staff_token(pole_id))
    return frozenset(tokens)


def poles_of(user: AbstractBaseUser | AnonymousUser) -> list[int]:
    """Ids of the pôles to which a granted role attaches the person today, directly or by their establishment."""
    return sorted(int(token.partition(":")[2]) for token in tokens_of(user) if token.startswith("pole:"))


def is_coordination(user: AbstractBaseUser | AnonymousUser) -> bool:
    return COORDINATION in tokens_of(user)


def staffs_pole(user: AbstractBaseUser | AnonymousUser, pole_id: int | None) -> bool:
    """Is the person the pôle's animateur or a deputy, today?"""
    return pole_id is not None and staff_token(pole_id) in tokens_of(user)
