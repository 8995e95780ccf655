"""The weeks around a placement: what there is to do in each, and the search that finds it.

Nothing is stored, and nothing here knows an item: a week is a date, a task and a question (`SearchRequest`) that the
search page answers as well.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from search.request import SearchRequest

#: For whom the items of this page are written.
AUDIENCE = ("enseignant", "professeur-referent", "eleve")
#: Asked for, so that enough is left once what an earlier week shows is taken away.
ASKED = 12
#: Shown for one week.
SHOWN = 3

#: Weeks that a class is away, when nothing else is said. One week of observation; elsewhere the school decides.
USUAL_WEEKS = {"4e": 1, "3e": 1, "2de-gt": 2, "4e-3e-segpa": 2, "3e-prepa-metiers": 2, "ulis": 2, "bts": 6}
OTHER_WEEKS = 4
MOST_WEEKS = 12
SATURDAY = 5


@dataclass(frozen=True)
class Task:
    """What a week is for. `phase` and `problems` are slugs of the closed vocabularies."""

    title: str
    advice: str
    phase: str
    problems: tuple[str, ...]


#: Weeks before the departure → task.
BEFORE: dict[int, Task] = {
    10: Task(
        "Ouvrir des pistes",
        "Dresser la liste des lieux possibles, sans compter sur le réseau des familles.",
        "avant",
        ("reseau-faible", "education-prioritaire"),
    ),
    8: Task(
        "Chercher, appeler, relancer",
        "S’accorder avec les autres établissements sur qui appelle quelle entreprise, et quand.",
        "avant",
        ("lien-etablissement-entreprise", "calendrier-concerte"),
    ),
    6: Task(
        "Ouvrir tous les métiers, répondre aux refus",
        "Regarder qui n’a rien trouvé, et pourquoi ; un adulte reprend la main s’il le faut.",
        "avant",
        ("egalite-filles-garcons", "discrimination-origine"),
    ),
    4: Task(
        "Régler le trajet",
        "Calculer l’aller et le retour avant de promettre une heure d’arrivée.",
        "avant",
        ("mobilite-geographique", "territoire-rural"),
    ),
    3: Task(
        "Préparer chacun selon ses besoins",
        "Dire à l’entreprise ce qu’il faut aménager, jamais un diagnostic.",
        "avant",
        ("handicap", "jeunes-lyceens-pro"),
    ),
    2: Task(
        "Apprendre les usages de l’entreprise",
        "Répéter l’arrivée, les mots du métier, les questions que l’on peut poser.",
        "avant",
        ("preparation-culture-entreprise",),
    ),
    1: Task(
        "La dernière semaine",
        "Relire la convention, vérifier qui accueille, remettre le carnet.",
        "avant",
        ("qualite-accueil-tutorat", "jeunes-lyceens-pro"),
    ),
}
FIRST = Task(
    "Accueillir et observer",
    "Prendre des nouvelles tôt : les ruptures se jouent dans les premiers jours.",
    "pendant",
    ("preparation-culture-entreprise", "jeunes-lyceens-pro", "handicap"),
)
MIDDLE = Task(
    "La visite",
    "La préparer à trois : le jeune, son tuteur, le professeur référent.",
    "pendant",
    ("lien-etablissement-entreprise", "qualite-accueil-tutorat"),
)
LAST = Task(
    "Garder des traces avant de partir",
    "Ce qui n’est pas noté cette semaine ne se retrouvera pas.",
    "pendant",
    ("qualite-accueil-tutorat", "calendrier-concerte", "egalite-filles-garcons", "reseau-faible"),
)
#: Weeks after the return → task.
AFTER: dict[int, Task] = {
    1: Task(
        "Raconter et évaluer",
        "Partir de ce qui a été fait, avant que les souvenirs ne se ressemblent.",
        "apres",
        ("preparation-culture-entreprise", "reseau-faible", "jeunes-lyceens-pro"),
    ),
    2: Task(
        "Dire la qualité de l’accueil",
        "Ce que les jeunes en disent sert aux suivants.",
        "apres",
        ("qualite-accueil-tutorat", "egalite-filles-garcons", "discrimination-origine"),
    ),
    3: Task(
        "Remercier et garder le lien",
        "L’entreprise qui a des nouvelles accueille de nouveau.",
        "apres",
        ("lien-etablissement-entreprise", "territoire-rural", "education-prioritaire"),
    ),
}


@dataclass(frozen=True)
class Week:
    """`monday` is its first day; `when` says where it stands (« 3 semaines avant »)."""

    monday: datetime.date
    when: str
    task: Task
    request: SearchRequest


def weeks_around(public: str, departure: datetime.date, length: int) -> list[Week]:
    """The weeks of a class that leaves on `departure` for `length` weeks, in order."""
    # Who leaves on a Saturday or a Sunday begins the Monday after.
    first = departure - datetime.timedelta(days=departure.weekday())
    if departure.weekday() >= SATURDAY:
        first += datetime.timedelta(weeks=1)

    def week(offset: int, when: str, task: Task) -> Week:
        filters = {
            "public": (public,),
            "phase": (task.phase,),
            "problematique": task.problems,
            "audience": AUDIENCE,
        }
        return Week(
            first + datetime.timedelta(weeks=offset),
            when,
            task,
            SearchRequest(filters=filters, page_size=ASKED),
        )

    away = {length - 1: LAST} if length > 1 else {}
    if length > 2:
        away[length // 2] = MIDDLE
    away[0] = FIRST
    return [
        *(week(-before, _before(before), task) for before, task in BEFORE.items()),
        *(week(number, f"Semaine {number + 1} du stage", away[number]) for number in sorted(away)),
        *(week(length - 1 + after, _after(after), task) for after, task in AFTER.items()),
    ]


def usual_length(public: str) -> int:
    return USUAL_WEEKS.get(public, OTHER_WEEKS)


def _before(number: int) -> str:
    return "La semaine d’avant" if number == 1 else f"{number} semaines avant"


def _after(number: int) -> str:
    return "La semaine du retour" if number == 1 else f"{number} semaines après le retour"
