"""Two thousand items with everything that facets count, drawn at random and so unevenly; the same each time."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from django.utils import timezone

from kb.core.readers import Visibility
from kb.poles.models import EmploymentZone, Pole
from kb.vocabulary.models import Facet, Tag, Term
from resources.models import Item, ItemTag, TeachingIndex, TrainingIndex
from tests.items import make_many
from tests.people import make_pole

KINDS = {"teaching": 1_000, "training": 300, "practice": 700}
WORDS = ("entretien", "convention", "tuteur", "mobilité", "gîte", "atelier", "sécurité", "évaluation")


def generate() -> None:
    """Fills an empty site: three pôles, 20 terms a vocabulary of which a fifth replaced others, 30 tags."""
    random = Random(3)
    poles = [make_pole(f"Pôle {name}", name) for name in ("nord", "sud", "est")]
    for pole, department in zip(poles, ("21", "58", "21"), strict=True):
        pole.zones.add(
            EmploymentZone.objects.create(slug=f"de-{pole.slug}", name=pole.slug, department=department)
        )
        pole.save()
    terms = [_vocabulary(facet) for facet in Facet]
    tags = [Tag.objects.create(name=f"Mot {number}") for number in range(30)]
    made = 0
    for kind, parent, number in (
        ("teaching", TeachingIndex.objects.get(), KINDS["teaching"]),
        ("training", TrainingIndex.objects.get(), KINDS["training"]),
        *(("practice", pole, KINDS["practice"] // 3) for pole in poles),
    ):
        make_many(kind, parent, range(made, made + number))
        made += number
    for item in Item.objects.order_by("path"):
        _vary(item, random, poles)
    _hang(random, terms, tags)


def _vocabulary(facet: Facet) -> list[Term]:
    """Twenty terms; the last four are old words of the first four."""
    terms = [
        Term.objects.create(facet=facet, slug=f"t-{facet}-{number}", label=f"{facet.label} {number}")
        for number in range(20)
    ]
    for successor, old in zip(terms[:4], terms[16:], strict=True):
        old.replaced_by = successor
        old.save()
    return terms


def _vary(item: Item, random: Random, poles: list[Pole]) -> None:
    words = random.sample(WORDS, 2)
    parent = Pole.objects.filter(path=item.path[: -item.steplen]).first()
    Item.objects.filter(pk=item.pk).update(
        title=f"{words[0].title()} numéro {item.pk}",
        summary=f"Une fiche sur {words[1]}.",
        visibility=random.choices(Visibility.values, (80, 12, 8))[0],
        pole=parent or random.choice([*poles, None]),
        live=random.random() > 0.05,
        last_published_at=timezone.now() - timedelta(days=random.randrange(2_000)),
    )


def _hang(random: Random, terms: list[list[Term]], tags: list[Tag]) -> None:
    through = Item.terms.through
    borne, tagged = [], []
    for pk in Item.objects.order_by("path").values_list("pk", flat=True):
        for vocabulary in terms:
            # The earlier, the more frequent; some items bear none, some an old and its new word.
            drawn = {min(int(random.expovariate(0.25)), 19) for _ in range(random.randrange(4))}
            borne += [through(item_id=pk, term_id=vocabulary[number].pk) for number in drawn]
        drawn = {min(int(random.expovariate(0.2)), 29) for _ in range(random.randrange(3))}
        tagged += [ItemTag(content_object_id=pk, tag=tags[number]) for number in drawn]
    through.objects.bulk_create(borne, batch_size=2_000)
    ItemTag.objects.bulk_create(tagged, batch_size=2_000)
