"""Memberships change, groups follow; a person who signs in gets the groups of today; a new pôle gets its group."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save

from kb.poles.models import Pole

from .groups import give_pole_its_group, remove_pole_group, synchronise
from .models import Membership, User


def membership_changed(instance: Membership, **kwargs: Any) -> None:
    user = User.objects.filter(pk=instance.user_id).first()
    if user is not None:  # deleted with the person
        synchronise(user)


def signed_in(user: User, **kwargs: Any) -> None:
    synchronise(user)


def pole_created(instance: Pole, created: bool, **kwargs: Any) -> None:
    if created:
        give_pole_its_group(instance)


def pole_deleted(instance: Pole, **kwargs: Any) -> None:
    remove_pole_group(instance)


def connect() -> None:
    post_save.connect(pole_created, sender=Pole, dispatch_uid="group_of_new_pole")
    post_delete.connect(pole_deleted, sender=Pole, dispatch_uid="group_of_deleted_pole")
    post_save.connect(membership_changed, sender=Membership, dispatch_uid="membership_saved")
    post_delete.connect(membership_changed, sender=Membership, dispatch_uid="membership_deleted")
    user_logged_in.connect(signed_in, dispatch_uid="groups_at_sign_in")
