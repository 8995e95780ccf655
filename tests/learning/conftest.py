"""A training of two modules, the first with every sort of question, the second with one."""

from __future__ import annotations

import pytest

from resources.models import Training
from tests.training import every_sort, make_training, module, single


@pytest.fixture
def training(db: None) -> Training:
    return make_training("Accueillir", [module("Préparer", every_sort()), module("Suivre", [single()])])
