"""What the search room keeps in the database; what it finds is in the index."""

from __future__ import annotations

from .asking import AskedQuestion, StruckQuestion
from .best_bet import BestBet
from .changes import SearchChange, SearchCounter
from .saved_search import SavedSearch
from .synonym_rule import SynonymRule

__all__ = [
    "AskedQuestion",
    "BestBet",
    "SavedSearch",
    "SearchChange",
    "SearchCounter",
    "StruckQuestion",
    "SynonymRule",
]
