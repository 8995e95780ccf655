"""Reference data: closed vocabularies, zones d’emploi, establishments.

What exists already is left as it is: the coordination edits these rows in the admin, and a second load must not
undo that.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction

from kb.poles.models import EmploymentZone, Establishment
from kb.vocabulary.models import Term

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "reference"


@dataclass
class Tally:
    made: int = 0
    kept: int = 0

    def count(self, created: bool) -> None:
        self.made += created
        self.kept += not created


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return rows


@transaction.atomic
def load_reference() -> Tally:
    """Loads what is missing; idempotent. Every new row is validated as the admin would."""
    tally = Tally()
    successors: list[tuple[Term, str]] = []
    for row in _rows("terms.json"):
        successor = row.pop("replaced_by", "")
        if until := row.pop("valid_until", ""):
            row["valid_until"] = datetime.date.fromisoformat(until)
        key = {"facet": row.pop("facet"), "slug": row.pop("slug")}
        term = Term.objects.filter(**key).first()
        tally.count(created=term is None)
        if term is None:
            term = Term(**key, **row)
            term.full_clean()
            term.save()
            if successor:
                successors.append((term, successor))
    for term, slug in successors:
        term.replaced_by = Term.objects.get(facet=term.facet, slug=slug)
        term.full_clean()
        term.save()
    _load_rows(EmploymentZone, "zones.json", "slug", tally)
    _place_zones()
    _load_rows(Establishment, "establishments.json", "uai", tally)
    return tally


def _place_zones() -> None:
    """Zones that were loaded before they had a place on the map get it; one that was moved by hand stays."""
    for row in _rows("zones.json"):
        unplaced = EmploymentZone.objects.filter(slug=row["slug"], latitude=None, longitude=None)
        unplaced.update(latitude=row["latitude"], longitude=row["longitude"])


def _load_rows(model: type[models.Model], name: str, key: str, tally: Tally) -> None:
    for row in _rows(name):
        missing = not model._default_manager.filter(**{key: row[key]}).exists()
        tally.count(created=missing)
        if missing:
            instance = model(**row)
            instance.full_clean()
            instance.save()
