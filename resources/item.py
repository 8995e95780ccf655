"""`Item`: what the three kinds of content share, as one concrete page model.

It is concrete so that « may this be read, found, listed? » is one queryset over all kinds (docs/decisions/0004). It
is never created itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import ItemBase
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.models import Page, PageManager, Revision, TaskState
from wagtail.query import PageQuerySet

from kb.accounts.models import User
from kb.accounts.tokens import is_coordination, staffs_pole, tokens_of
from kb.core.pages import BasePage, permission_testers
from kb.core.readers import COORDINATION, MEMBER, State, Version, Visibility, readers_of
from kb.moderation.authorship import writers_of
from kb.moderation.card import card_of
from kb.moderation.permission_testers import ItemTester
from kb.poles.models import Pole
from kb.vocabulary.models import Facet, Tag, Term

from .actions import actions_for
from .attachments.panels import AttachmentsPanel
from .attachments.reading import files_for
from .forms import ItemForm


class ItemQuerySet(PageQuerySet):
    """Items by reader. `readable_by` says in SQL what `readers_of` says of one item; a test proves them equal."""

    def readable_by(self, user: AbstractBaseUser | AnonymousUser) -> ItemQuerySet:
        """Published items that `user` may read at their public address."""
        return self.readable_with(tokens_of(user))

    def readable_with(self, tokens: Iterable[str]) -> ItemQuerySet:
        held = frozenset(tokens)
        seen = models.Q(visibility=Visibility.PUBLIC)
        if MEMBER in held:
            seen |= models.Q(visibility=Visibility.MEMBERS)
        poles = [int(token.partition(":")[2]) for token in held if token.startswith("pole:")]
        if poles:
            seen |= models.Q(visibility=Visibility.POLE, pole_id__in=poles)
        if COORDINATION in held:
            # A pôle item that lost its pôle, an unknown visibility: for the coordination, as in readers_of.
            seen |= ~models.Q(visibility__in=(Visibility.PUBLIC, Visibility.MEMBERS))
        return self.filter(seen, live=True)


#: The vocabularies that stand under an item's title: what it is about, for whom, when.
FIRST_FACETS = (Facet.PROBLEMATIQUE, Facet.PUBLIC, Facet.PHASE)

ItemManager = PageManager.from_queryset(ItemQuerySet)


class ItemTag(ItemBase):
    """A free tag on an item; it travels in the revision, so a draft's tags are not public."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged_items")
    content_object = ParentalKey("resources.Item", on_delete=models.CASCADE, related_name="tagged_items")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tag", "content_object"), name="tag_once_an_item"),)


class Item(BasePage):
    """A shared item: teaching resource, training or practice sheet."""

    #: Code of the kind in addresses, API and index; one of teaching, training, practice.
    kind: ClassVar[str] = ""
    kind_label: ClassVar[str] = ""
    #: Relations that `sections` and `lines` read: who reads many items fetches them together.
    text_relations: ClassVar[tuple[str, ...]] = ()

    summary = models.TextField(
        "résumé",
        max_length=300,
        help_text="Une ou deux phrases : ce que l’on y trouve, pour qui. 300 caractères.",
    )
    visibility = models.CharField(
        "qui peut lire", max_length=10, choices=Visibility, default=Visibility.PUBLIC, db_index=True
    )
    pole = models.ForeignKey(
        Pole, on_delete=models.PROTECT, null=True, blank=True, related_name="items", verbose_name="pôle"
    )
    authors = ParentalManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="authored_items",
        verbose_name="auteurs",
        help_text="Adresses électroniques, séparées par des virgules. Qui crée la fiche en est toujours auteur.",
    )
    draft_readers = ParentalManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="readable_drafts",
        verbose_name="personnes invitées à lire le brouillon",
        help_text="Adresses électroniques, séparées par des virgules.",
    )
    terms = ParentalManyToManyField(Term, blank=True, related_name="items", verbose_name="classement")
    tags = ClusterTaggableManager(
        through=ItemTag, blank=True, verbose_name="mots-clés", help_text="Séparés par des virgules."
    )
    review_by = models.DateField(
        "à relire avant le", null=True, blank=True, help_text="Date à laquelle la fiche doit être vérifiée."
    )

    is_demonstration = models.BooleanField(
        "donnée de démonstration",
        default=False,
        editable=False,
        help_text="La fiche est signalée comme fictive partout où elle paraît.",
    )

    objects = ItemManager()

    base_form_class = ItemForm
    is_creatable = False
    subpage_types: ClassVar[list[str]] = []

    head_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("summary")]
    shared_panels: ClassVar[list[Any]] = [
        FieldPanel("terms", widget=forms.CheckboxSelectMultiple, classname="collapsed"),
        FieldPanel("tags"),
        MultiFieldPanel(
            [
                HelpPanel(
                    "Aucun document ne contient de donnée sur un élève. La version enseignant n’est remise qu’aux "
                    "membres de Vivier, quelle que soit la visibilité de la fiche."
                ),
                AttachmentsPanel(),
            ],
            heading="Fichiers",
        ),
        MultiFieldPanel(
            [
                FieldPanel("visibility"),
                FieldPanel("pole"),
                FieldPanel("authors"),
                FieldPanel("draft_readers"),
                FieldPanel("review_by"),
            ],
            heading="Lecture et relecture",
        ),
    ]

    class Meta:
        verbose_name = "fiche"
        verbose_name_plural = "fiches"

    def clean(self) -> None:
        super().clean()
        if self.visibility == Visibility.POLE and self.pole_id is None:
            raise ValidationError({"pole": "Indiquez le pôle dont les membres pourront lire cette fiche."})

    # What readers_of reads -------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """The state of what stands at the public address: published, or else the state of the draft."""
        return State.PUBLISHED if self.live else self.draft_state

    @property
    def draft_state(self) -> State:
        return State.IN_REVIEW if self.workflow_in_progress else State.DRAFT

    @property
    def has_waiting_version(self) -> bool:
        """Is there a draft at all: the item is not published, or something newer waits beside it?"""
        return not self.live or self.has_unpublished_changes

    @property
    def author_ids(self) -> frozenset[int]:
        ids = {author.pk for author in self.authors.all()}
        return frozenset(ids | ({self.owner_id} if self.owner_id else set()))

    @property
    def named_ids(self) -> frozenset[int]:
        return frozenset(person.pk for person in self.draft_readers.all())

    def version_at(self, revision: Revision) -> Version:
        """A saved version, the latest or an older one, as `readers_of` sees it.

        Whether it was approved, submitted or neither is read from the review's own history.
        """
        told = TaskState.objects.filter(revision=revision).values_list("status", flat=True)
        if revision.pk == self.live_revision_id or TaskState.STATUS_APPROVED in told:
            state = State.PUBLISHED
        else:
            state = State.IN_REVIEW if told else State.DRAFT
        then = revision.as_object()
        return Version(
            state=state,
            visibility=then.visibility,
            pole_id=then.pole_id,
            author_ids=then.author_ids | writers_of(self, revision.pk),
            named_ids=then.named_ids,
        )

    def draft_version(self) -> Version:
        """The latest saved version, as `readers_of` sees it, whether or not an older one is published.

        Its authors are also the people who wrote in it since the last approved version.
        """
        draft = self.get_latest_revision_as_object()
        return Version(
            state=self.draft_state,
            visibility=draft.visibility,
            pole_id=draft.pole_id,
            author_ids=draft.author_ids | writers_of(self),
            named_ids=draft.named_ids,
        )

    # What the admin asks ------------------------------------------------------------------------------------------

    def visible_in_admin_to(self, user: AbstractBaseUser | AnonymousUser) -> bool:
        """May the admin show the latest version? Nothing waits beside it: who reads the published one reads it."""
        held = tokens_of(user)
        if COORDINATION in held:
            return True
        if self.live and not self.has_unpublished_changes and readers_of(self) & held:
            return True
        return bool(readers_of(self.draft_version()) & held)

    def retirable_by(self, user: AbstractBaseUser | AnonymousUser) -> bool:
        """Its authors, the animateur and deputies of its pôle, and the coordination take it offline."""
        return is_coordination(user) or staffs_pole(user, self.pole_id) or user.pk in self.author_ids

    # What its page shows ------------------------------------------------------------------------------------------

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What the page needs besides itself.

        `request.is_preview` says that this is not the published version: the admin's preview, or a draft at its own
        address. `draft_state` is None for the published one; `retired` says of a draft that it was published before.
        """
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        preview = getattr(request, "is_preview", False)
        if not preview:
            # Asked for by the card, the actions and the rights; a draft's hang on the draft.
            models.prefetch_related_objects([self], "authors")
        context["draft_state"] = self.draft_state if preview else None
        context["retired"] = (
            context["draft_state"] == State.DRAFT and not self.live and self.first_published_at is not None
        )
        context["card"] = None if preview else card_of(self)
        context["files"] = files_for(self, request.user, draft=preview)
        terms = self.terms_by_facet()
        others = [facet for facet in Facet if facet not in FIRST_FACETS]
        context["first_facets"] = [(facet, terms[facet]) for facet in FIRST_FACETS if facet in terms]
        context["other_facets"] = [(facet, terms[facet]) for facet in others if facet in terms]
        context["overdue"] = self.review_by is not None and self.review_by < timezone.localdate()
        context["people"] = self.writers()
        context["actions"] = actions_for(self, request.user, draft=preview)
        return context

    def writers(self) -> list[User]:
        """The people named as authors, the one who created the item first."""
        named = list(self.authors.all())
        owner = next((author for author in named if author.pk == self.owner_id), None) or self.owner
        return [*([owner] if owner else []), *(author for author in named if author.pk != self.owner_id)]

    # What lists, pages and the index show -----------------------------------------------------------------------

    def sections(self) -> list[tuple[str, str]]:
        """The item's text in reading order: (heading, HTML as stored), empty sections left out."""
        return []

    def lines(self) -> list[str]:
        """Its text outside the sections, as plain lines: what its tables say."""
        return []

    def terms_by_facet(self) -> dict[str, list[Term]]:
        """Its terms as they are called today (a replaced term gives its successor), once each, in order.

        By facet, in the order in which the vocabularies are declared.
        """
        found: dict[str, dict[int, Term]] = {}
        for term in self.terms.all():
            current = term.current
            found.setdefault(current.facet, {})[current.pk] = current
        return {
            facet: sorted(found[facet].values(), key=lambda t: (t.position, t.slug))
            for facet in Facet.values
            if facet in found
        }


permission_testers.register(Item, value=ItemTester)
