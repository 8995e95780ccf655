"""`User` (an e-mail to sign in, a name to show, nothing else) and `Membership`, the dated rows that give a role."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from kb.poles.models import Establishment, Pole


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        if not email:
            raise ValueError("Une adresse électronique est nécessaire pour créer un compte.")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").strip().lower())


class User(AbstractUser):
    """A person who signs in."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("adresse électronique", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        ordering = ("last_name", "first_name", "email")
        constraints = (models.UniqueConstraint(Lower("email"), name="one_account_an_address"),)

    def __str__(self) -> str:
        return self.get_full_name() or self.email.partition("@")[0]

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)


class Role(models.TextChoices):
    """Stored codes never change; the wording on screen may."""

    TEACHER = "teacher", "Enseignant·e"
    TUTOR = "tutor", "Tuteur·rice"
    APPRENTICESHIP_MASTER = "apprenticeship_master", "Maître d’apprentissage"
    FACILITATOR = "facilitator", "Animateur·rice de pôle"
    DEPUTY = "deputy", "Suppléant·e de l’animateur·rice"
    DDFPT = "ddfpt", "DDFPT"
    HEAD = "head", "Chef d’établissement"
    PARTNER = "partner", "Partenaire"
    COORDINATION = "coordination", "Coordination académique"


#: Roles that act for a pôle, and therefore need one.
POLE_STAFF = frozenset({Role.FACILITATOR, Role.DEPUTY})


class Origin(models.TextChoices):
    """How the role came. What a person gave themselves opens nothing that members share."""

    INVITED = "invited", "Invitation"
    ACCEPTED = "accepted", "Demande acceptée"
    SELF = "self", "Inscription libre"


FREE_FOR = "L’inscription libre n’existe que pour les tuteurs et les maîtres d’apprentissage."


class MembershipQuerySet(models.QuerySet["Membership"]):
    def valid_on(self, day: datetime.date | None = None) -> MembershipQuerySet:
        day = day or timezone.localdate()
        return self.filter(models.Q(until=None) | models.Q(until__gte=day), since__lte=day)

    def granted(self) -> MembershipQuerySet:
        return self.filter(origin__in=(Origin.INVITED, Origin.ACCEPTED))


class Membership(models.Model):
    """One role of one person, from a day to a day, in a pôle or an establishment where the role has one."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="memberships", verbose_name="personne"
    )
    role = models.CharField("rôle", max_length=30, choices=Role)
    pole = models.ForeignKey(
        Pole, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name="pôle"
    )
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="établissement",
    )
    origin = models.CharField("origine", max_length=10, choices=Origin, default=Origin.INVITED)
    since = models.DateField("depuis le", default=timezone.localdate)
    until = models.DateField("jusqu’au", null=True, blank=True, help_text="Dernier jour compris.")

    objects: ClassVar[models.Manager[Membership]] = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "rôle d’une personne"
        verbose_name_plural = "rôles des personnes"
        ordering = ("user", "-since", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="membership_ends_after",
                violation_error_message="La fin précède le début : corrigez l’une des deux dates.",
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=("facilitator", "deputy")) | models.Q(pole__isnull=False),
                name="pole_staff_has_a_pole",
                violation_error_message="Indiquez le pôle de cette personne.",
            ),
            # Nobody gives themselves a role that reviews, edits or reads for others.
            models.CheckConstraint(
                condition=~models.Q(origin="self") | models.Q(role__in=("tutor", "apprenticeship_master")),
                name="self_registration_is_for_tutors",
                violation_error_message=FREE_FOR,
            ),
        )

    def __str__(self) -> str:
        where = self.pole or self.establishment
        return f"{self.user} : {self.get_role_display()}{f' ({where})' if where else ''}"

    def clean(self) -> None:
        super().clean()
        if self.until and self.since and self.until < self.since:
            raise ValidationError({"until": "La fin précède le début : corrigez l’une des deux dates."})
        if self.role in POLE_STAFF and self.pole_id is None:
            raise ValidationError({"pole": "Indiquez le pôle de cette personne."})
        if self.origin == Origin.SELF and self.role not in (Role.TUTOR, Role.APPRENTICESHIP_MASTER):
            raise ValidationError({"origin": FREE_FOR})
