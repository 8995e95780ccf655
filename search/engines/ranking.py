"""What a hit is ranked by besides its words, said once for both engines.

The text comes first: freshness multiplies a score by `1 + FRESHNESS` at most, so that it decides between items that
answer alike. With what proof will add later, the two together stay at 1.25 or below.
"""

from __future__ import annotations

import datetime

FRESHNESS = 0.15
"""What the newest item gains; an item of `HALF_LIFE` days gains half of it."""

HALF_LIFE = 730

TITLE = 10_000.0
"""Added when the title is the question, word for word: more than any text can score, whatever the age."""

LABEL = 20.0
"""Added when a term, tag or pôle of the item is the question: as much as a very good text scores."""

COMMON = 0.05
"""What a need is worth that most documents meet: « stage » in « recherche de stage »."""

SYNONYM = 0.8
"""What another wording for a word is worth beside the word itself."""


def freshness(day: int, today: datetime.date) -> float:
    """The factor of an item of this day (an ordinal); 1 + FRESHNESS at most."""
    age = max(0, today.toordinal() - day)
    return 1 + FRESHNESS * 0.5 ** (age / HALF_LIFE)


def today() -> datetime.date:
    """The day by which age is counted; an engine knows no time zone."""
    return datetime.datetime.now(datetime.UTC).date()
