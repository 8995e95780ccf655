"""The facets, each declared once, in the order of the screen.

Both engines, the search form, the API and the template iterate `FACETS`; a facet that is added here exists
everywhere (and changes the schema fingerprint of both engines, so that the index must be rebuilt).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Facet:
    """`name` is the parameter in the address and the field in the index; `label` is read by people.

    `within`: the facet whose values hold these; both stay filters of their own and are shown as one tree.
    """

    name: str
    label: str
    within: str = ""


FACETS: tuple[Facet, ...] = (
    Facet("kind", "Nature"),
    Facet("public", "Public"),
    Facet("periode", "Type de période"),
    Facet("phase", "Phase"),
    Facet("problematique", "Problématique"),
    Facet("axe", "Axe"),
    Facet("audience", "Pour qui"),
    Facet("type", "Type de document"),
    Facet("filiere", "Filière"),
    Facet("departement", "Département"),
    Facet("pole", "Pôle", within="departement"),
    Facet("tag", "Mot-clé"),
)

FACET_NAMES: tuple[str, ...] = tuple(facet.name for facet in FACETS)
