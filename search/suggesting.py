"""What is suggested while somebody types a question: what others asked, words of the vocabularies, pôles, items.

Choosing one leads where it is: a pôle or an item to its page, a word to the search with that filter; what has no such
place (a question, a title that several items bear) is searched for as it is. Nothing is suggested that this reader may
not read, or that only stands in what they may not read. Without an engine pôles alone are suggested: the database knows
them, and every published one may be read by everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from wagtail.models import Site

from kb.poles.models import Department, Pole
from kb.vocabulary.models import Tag, Term
from resources.models import Item

from .analysis import fold, question_key, suggestion_keys, suggestion_prefix
from .answering import log_unavailable, withheld
from .engines import get_engine
from .engines.base import Completions, EngineUnavailable
from .facets import FACETS
from .families import Families
from .index.eligibility import KINDS, kinds_by_content_type
from .past_questions import past_questions
from .results import Segment

SHORTEST = 2
"""Letters from which on something is suggested."""

MOST = 8
"""Suggestions at once."""

SHARES = (2, 2, 1, 3)
"""Of them: questions, words, pôles, items. What one leaves free the others take, in this order."""


@dataclass(frozen=True)
class Suggestion:
    """`note` says what it is; `address` is the page that choosing it opens, empty when its text is searched for."""

    text: str
    note: str
    address: str = ""


def suggestions(typed: str, readers: frozenset[str]) -> list[Suggestion]:
    """Up to `MOST`, for these readers (tokens of a person). Never raises for want of an engine."""
    prefix = suggestion_prefix(typed)
    if len(prefix) < SHORTEST:
        return []
    completions, questions = Completions(), list[str]()
    try:
        hidden = withheld(readers)
        completions = get_engine().suggest(prefix, readers, hidden, MOST)
        questions = past_questions(typed, readers, hidden=hidden)
    except EngineUnavailable as error:
        log_unavailable("hardly any suggestions", error)
    root = Site.get_site_root_paths()[0].root_path  # kept by Wagtail: no query
    every_pole = list(Pole.objects.order_by("title").values_list("title", "live", "url_path"))  # two dozen
    poles = [
        Suggestion(title, "Pôle", _address(root, path))
        for title, live, path in every_pole
        if live and any(key.startswith(prefix) for key in suggestion_keys(title))
    ]
    items = _items(root, completions, readers)
    # A pôle is a label too, and the index follows its retirement after a moment only.
    known = {question_key(title) for title, _, _ in every_pole}
    words = _words([label for label in completions.labels if question_key(label) not in known])
    known.update(question_key(other.text) for other in (*words, *items))
    asked = [
        Suggestion(question, "Question fréquente")
        for question in questions
        if question_key(question) not in known
    ]
    return _shared([asked, words, poles, items])


def segments(suggestion: Suggestion, typed: str) -> tuple[Segment, ...]:
    """The text with what was typed of it marked: at the first word where it begins."""
    prefix, shown = suggestion_prefix(typed), suggestion.text
    # Folding may lengthen a text (œ): each folded sign remembers the sign that it came from.
    origins = [(sign, place) for place, letter in enumerate(shown) for sign in fold(letter)]
    folded = "".join(sign for sign, _ in origins)
    start = next((at for at in _places(folded, prefix)), -1)
    if start < 0:
        return (Segment(shown, found=False),)
    first, last = origins[start][1], origins[start + len(prefix) - 1][1] + 1
    parts = ((shown[:first], False), (shown[first:last], True), (shown[last:], False))
    return tuple(Segment(text, found) for text, found in parts if text)


def _places(folded: str, prefix: str) -> list[int]:
    """Where `prefix` stands at the beginning of a word."""
    starts = (at for at in range(len(folded)) if folded.startswith(prefix, at))
    return [at for at in starts if not at or not folded[at - 1].isalnum()]


def _words(labels: list[str]) -> list[Suggestion]:
    """Each with the facet that it is a value of; an older word leads to today's."""
    if not labels:
        return []
    places: dict[str, set[tuple[str, str]]] = {question_key(label): set() for label in labels}
    terms = list(Term.objects.all())
    families = Families(terms)
    known = [(term.label, term.facet, families.current(term.pk).slug) for term in terms]
    known += [(department.label, "departement", department.value) for department in Department]
    known += [(tag.name, "tag", tag.slug) for tag in Tag.objects.filter(name__in=labels)]
    for label, facet, value in known:
        places.get(question_key(label), set()).add((facet, value))
    return [_word(label, places[question_key(label)]) for label in labels]


def _word(label: str, places: set[tuple[str, str]]) -> Suggestion:
    """A word of several facets, or one that has gone since the index was told, is searched for as it is."""
    if len(places) != 1:
        return Suggestion(label, "Mot")
    [(facet, value)] = places
    note = next(known.label for known in FACETS if known.name == facet)
    return Suggestion(label, note, f"{reverse('search')}?{urlencode({facet: value})}")


def _items(root: str, completions: Completions, readers: frozenset[str]) -> list[Suggestion]:
    """As the database knows them now: the index follows a retirement after a moment only. A title that several bear
    is searched for."""
    rows = Item.objects.readable_with(readers).filter(pk__in=completions.titles, live=True)
    items = {pk: rest for pk, *rest in rows.values_list("pk", "content_type_id", "url_path")}
    kinds = kinds_by_content_type()
    found: dict[str, Suggestion] = {}
    for pk in filter(items.__contains__, completions.titles):
        title, (content_type, path) = completions.titles[pk], items[pk]
        if same := found.get(fold(title)):
            found[fold(title)] = Suggestion(same.text, "Titre de plusieurs fiches")
        else:
            label = KINDS[kinds[content_type]].kind_label
            found[fold(title)] = Suggestion(title, label, _address(root, path))
    return list(found.values())


def _address(root: str, path: str) -> str:
    """Of a page, without the host."""
    return "/" + path.removeprefix(root)


def _shared(groups: list[list[Suggestion]]) -> list[Suggestion]:
    """Each group's share, then what it has more, as long as there is room; groups stay together."""
    sizes = [min(share, len(group)) for share, group in zip(SHARES, groups, strict=True)]
    for place, group in enumerate(groups):
        sizes[place] += min(len(group) - sizes[place], MOST - sum(sizes))
    return [suggestion for size, group in zip(sizes, groups, strict=True) for suggestion in group[:size]]
