"""What the search bench asks: words and sentences of the field, with and without filters."""

from __future__ import annotations

from itertools import cycle

from search.engines.base import SearchEngine
from search.facets import FACET_NAMES
from search.request import SearchRequest

SHORT = (
    "stage", "rapport de stage", "tuteur", "mobilité", "entretien", "lettre de motivation", "CV", "convention",
    "livret de suivi", "DDFPT", "PFMP", "bilan", "visite en entreprise", "savoir-être", "sécurité", "ponctualité",
    "téléphone", "hébergement", "transport", "élève sans stage", "seconde", "troisième", "bac pro", "apprentissage",
)  # fmt: skip
LONG = (
    "comment aider un élève qui ne trouve pas de lieu de stage",
    "que faire quand l’élève ne se présente pas le premier jour",
    "préparer la classe au premier appel téléphonique à une entreprise",
    "évaluer une période de formation en milieu professionnel avec le tuteur",
    "exploiter le stage au retour en classe par un exposé oral",
    "trouver des entreprises loin de la ville sans moyen de transport",
    "faire écrire une lettre de motivation à des élèves de seconde",
    "accueillir un jeune stagiaire dans une petite entreprise artisanale",
    "quelles questions poser pendant la visite de l’enseignant en entreprise",
    "organiser un forum des métiers où les entreprises se présentent",
    "rédiger un rapport de stage sans recopier un site internet",
    "expliquer les règles de sécurité avant l’arrivée dans l’atelier",
    "suivre les absences d’un élève en stage avec l’entreprise",
    "remplir la convention de stage avec la famille et le lycée",
    "donner confiance aux élèves timides avant un entretien d’embauche",
    "travailler le vocabulaire professionnel du secteur de l’aide à la personne",
    "partager les contacts d’entreprises entre les lycées d’un même bassin",
    "faire le bilan d’une première semaine d’observation en troisième",
    "aider un tuteur à évaluer les compétences d’un apprenti",
    "loger un élève interne pendant un stage à l’autre bout du département",
)
FACETED = 24
#: Wagtail's own search is asked the same, and reaches no filter through two tables.
UNFILTERED = ("departement", "tag")


def faceted(engine: SearchEngine, readers: frozenset[str]) -> list[SearchRequest]:
    """Questions with one to three filters, of the values that the index holds most of."""
    counts = engine.search(SearchRequest(), readers).facets
    names = cycle(name for name in FACET_NAMES if counts.get(name) and name not in UNFILTERED)
    asked = []
    for place in range(FACETED):
        filters = {}
        for _ in range(1 + place % 3):
            name = next(names)
            values = list(counts[name])
            filters[name] = (values[place % min(3, len(values))],)
        asked.append(SearchRequest(q=(SHORT + LONG)[place * 2 % 44], filters=filters))
    return asked


def requests(engine: SearchEngine, readers: frozenset[str]) -> dict[str, list[SearchRequest]]:
    """All of them, by kind."""
    return {
        "short": [SearchRequest(q=q) for q in SHORT],
        "long": [SearchRequest(q=q) for q in LONG],
        "faceted": faceted(engine, readers),
    }
