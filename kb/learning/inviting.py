"""Who may invite on behalf of which pôle or establishment, and what a host sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from kb.accounts.models import Membership, Role, User
from kb.accounts.tokens import is_coordination, tokens_of
from kb.core.readers import Visibility
from kb.poles.models import Establishment, Pole, open_poles
from resources.models import Training

from .course import Course, course_of
from .courses import UNNAMED, modules_by_training
from .models import Acceptance, Invitation

#: Who speaks for an establishment.
HEADS = (Role.HEAD, Role.DDFPT)


@dataclass(frozen=True)
class Hosts:
    """The pôles and establishments on whose behalf somebody invites."""

    poles: tuple[Pole, ...]
    establishments: tuple[Establishment, ...]
    every: bool = False
    """Sees the invitations of all: those of a pôle that was closed since, too."""

    def __bool__(self) -> bool:
        return bool(self.poles or self.establishments)

    def choices(self) -> list[tuple[str, str]]:
        return [
            *((f"pole-{pole.pk}", str(pole)) for pole in self.poles),
            *((f"establishment-{school.pk}", str(school)) for school in self.establishments),
        ]


def hosts_of(user: AbstractBaseUser | AnonymousUser) -> Hosts:
    """Animateur and deputies for their pôle, head and DDFPT for their establishment, the coordination for any pôle."""
    if not isinstance(user, User):
        return Hosts((), ())
    if is_coordination(user):
        return Hosts(tuple(open_poles()), (), every=True)
    staffed = [int(token.partition(":")[2]) for token in tokens_of(user) if token.startswith("staff:")]
    poles = tuple(open_poles().filter(pk__in=staffed)) if staffed else ()
    headed = (
        Membership.objects.filter(user=user, role__in=HEADS, establishment__isnull=False).valid_on().granted()
    )
    return Hosts(poles, tuple(Establishment.objects.filter(pk__in=headed.values("establishment"))))


def invitations_of(hosts: Hosts) -> QuerySet[Invitation]:
    """Those of today's hosts, whoever made them: who follows in an office finds what was begun."""
    mine = Q() if hosts.every else Q(pole__in=hosts.poles) | Q(establishment__in=hosts.establishments)
    rows = Invitation.objects.filter(mine).select_related("training", "pole", "establishment")
    return rows.annotate(accepted=Count("acceptances"))


def name_trainings(invitations: Iterable[Invitation], user: AbstractBaseUser | AnonymousUser) -> None:
    """Gives each its `shown_title`: that of a training which this person may still read. One query."""
    rows = list(invitations)
    ids = {row.training_id for row in rows}
    titles = dict(Training.objects.readable_by(user).filter(pk__in=ids).values_list("pk", "title"))
    for row in rows:
        row.shown_title = titles.get(row.training_id, UNNAMED)  # type: ignore[attr-defined]


class InvitationForm(forms.Form):
    """Only public trainings: who is invited has no account."""

    training = forms.ModelChoiceField(
        Training.objects.none(),
        label="Formation",
        empty_label="Choisissez une formation",
        error_messages={
            "required": "Choisissez une formation.",
            "invalid_choice": "Cette formation n’est pas publique.",
        },
    )
    host = forms.ChoiceField(
        label="Au nom de", error_messages={"required": "Dites au nom de qui vous invitez."}
    )
    note = forms.CharField(
        label="Pour qui (facultatif)",
        required=False,
        max_length=120,
        help_text="Pour vous y retrouver : « tuteurs de la PFMP de janvier ». Les personnes invitées le lisent aussi.",
    )

    def __init__(self, *args: object, hosts: Hosts, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        public = Training.objects.live().filter(visibility=Visibility.PUBLIC).order_by("title")
        self.fields["training"].queryset = public  # type: ignore[attr-defined]
        self.fields["host"].choices = hosts.choices()  # type: ignore[attr-defined]

    def save(self, user: User) -> Invitation:
        kind, _, pk = self.cleaned_data["host"].partition("-")
        return Invitation.objects.create(
            training=self.cleaned_data["training"],
            note=self.cleaned_data["note"],
            created_by=user,
            **{f"{kind}_id": int(pk)},
        )


def remove(invitation: Invitation, pk: str) -> None:
    """At the wish of somebody who lost the browser in which they agreed. Nothing when there is no such agreement."""
    try:
        invitation.acceptances.filter(pk=UUID(pk)).delete()
    except ValueError:
        return


@dataclass(frozen=True)
class Follower:
    acceptance: Acceptance
    course: Course


def followers_of(invitation: Invitation) -> list[Follower]:
    """By name, with what they did; two queries, however many there are."""
    modules = modules_by_training([invitation.training_id])[invitation.training_id]
    return [
        Follower(acceptance, course_of(invitation.training, modules, acceptance.read()))
        for acceptance in invitation.acceptances.all()
    ]
