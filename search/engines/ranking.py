"""What a hit is ranked by besides its words, said once for both engines.

The text comes first: freshness multiplies a score by `1 + FRESHNESS` at most, so that it decides between items that
answer alike. With what proof will add later, the two together stay at 1.25 or below.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

FRESHNESS = 0.15
"""What the newest item gains; an item of `HALF_LIFE` days gains half of it."""

HALF_LIFE = 730

WEIGHED = 100
"""Of how many of the best texts the age is weighed, where a server would have to score all others for it."""

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


def freshest(found: Sequence[tuple[float, int, int]], first: int) -> list[int]:
    """The ids of (text's score, day as an ordinal, id), best text first, as they come: of the first ones freshness is
    weighed, of equals the newer is first.
    """
    day = today()
    weighed = sorted((-score * freshness(date, day), -date, item) for score, date, item in found[:first])
    return [item for _, _, item in (*weighed, *found[first:])]


def today() -> datetime.date:
    """The day by which age is counted; an engine knows no time zone."""
    return datetime.datetime.now(datetime.UTC).date()
