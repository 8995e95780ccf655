"""Which engine a process uses is a matter of settings alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import LazySettings

from search.engines import engine_status, get_engine
from search.engines.base import EngineUnavailable


@pytest.fixture(autouse=True)
def chosen(settings: LazySettings, tmp_path: Path) -> LazySettings:
    settings.ELASTICSEARCH_URL = ""
    settings.SEARCH_INDEX_DIR = tmp_path
    settings.SEARCH_INDEX_PREFIX = "vivier"
    return settings


def test_without_an_address_the_embedded_engine() -> None:
    assert get_engine().name == "embedded"


def test_with_an_address_elasticsearch(chosen: LazySettings) -> None:
    chosen.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    assert get_engine().name == "elasticsearch"


@pytest.mark.parametrize("address", ["localhost", "moi:motdepasse@hôte", "ftp://127.0.0.1", ","])
def test_an_address_that_is_none(chosen: LazySettings, address: str) -> None:
    chosen.ELASTICSEARCH_URL = address
    with pytest.raises(EngineUnavailable, match="écrivez par exemple") as raised:
        get_engine()
    assert "motdepasse" not in str(raised.value)
    assert engine_status().detail == raised.value.reason
    assert not engine_status().reachable


def test_one_engine_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = get_engine()
    assert get_engine() is engine
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert get_engine() is not engine


def test_other_settings_another_engine(chosen: LazySettings, tmp_path: Path) -> None:
    engine = get_engine()
    chosen.SEARCH_INDEX_DIR = tmp_path / "autre"
    assert get_engine() is not engine
