"""The templates themselves: nothing undefined, nothing unescaped, nothing inline, French as it is printed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Engine, engines
from django.template.loader import get_template

from tests.strict_templates import UndefinedVariable

FOLDER = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())

FORBIDDEN = re.compile(
    r"\|\s*safe\b|safeseq|autoescape\s+off|<script(?! src=)|<style|\sstyle=|\son[a-z]+=|https?://(?!www\.(?:sitemaps|w3)\.org/)"
)


@pytest.mark.parametrize(
    "text",
    [
        "{{ missing }}",
        "{{ known.missing }}",
        "{{ missing|default:'x' }}",
        "{% for one in missing %}{% endfor %}",
        "{% with other=missing %}{{ other }}{% endwith %}",
    ],
)
def test_an_undefined_variable_of_ours_fails(tmp_path: Path, monkeypatch: Any, text: str) -> None:
    (tmp_path / "essai.html").write_text(text)
    strict = engines["django"].engine.string_if_invalid  # type: ignore[attr-defined]
    theirs, ours = Engine(dirs=[str(tmp_path)]), Engine(dirs=[str(tmp_path)])
    theirs.string_if_invalid = ours.string_if_invalid = strict
    assert theirs.render_to_string("essai.html", {"known": {}}) in ("", "x")
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    with pytest.raises(UndefinedVariable):
        ours.render_to_string("essai.html", {"known": {}})


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles_and_holds_nothing_forbidden(name: str) -> None:
    get_template(name)
    assert FORBIDDEN.findall((FOLDER / name).read_text(encoding="utf-8")) == []
