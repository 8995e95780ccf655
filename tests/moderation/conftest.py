from __future__ import annotations

from typing import Any

import pytest

from kb.accounts.models import Role, User

from ..people import make_user


@pytest.fixture
def reviewer(people: Any) -> User:
    """A second person of the coordination, who wrote nothing."""
    return make_user("relectrice", (Role.COORDINATION, None))
