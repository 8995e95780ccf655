"""An undefined variable in a template of ours fails the test that renders it.

Django's `string_if_invalid` knows no template, and Wagtail's own count on undefined variables being empty: so each
expression remembers where it was written. `{% if %}` may ask for what is not there; `{% for %}` may not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.template import engines
from django.template.base import FilterExpression, Parser
from django.template.defaulttags import ForNode


class UndefinedVariable(Exception):  # noqa: N818 - what is found, not an error of the test's own
    """No VariableDoesNotExist: templates swallow that one."""


class _Token(str):
    """The text of an expression, and where it was written; expressions themselves have no room for more."""

    origin: Any
    always: bool = False


_resolving: list[FilterExpression] = []


class _Empty(str):
    """What Django shows for an undefined variable: nothing, unless the expression is ours."""

    __slots__ = ()

    def __bool__(self) -> bool:
        expression = _resolving[-1] if _resolving else None
        if expression is not None and _is_ours(expression):
            raise UndefinedVariable(f"« {expression.token} » in {_origin(expression)}")
        return False


def _origin(expression: FilterExpression) -> str:
    return str(getattr(getattr(expression.token, "origin", None), "name", ""))


def _is_ours(expression: FilterExpression) -> bool:
    name = _origin(expression)
    root = f"{settings.BASE_DIR}/"
    return name.startswith(root) and not name.startswith(f"{root}.venv/")


@contextmanager
def strict_templates() -> Iterator[None]:
    """Holds from the first template that is compiled: compiled templates are kept by Django."""
    make, resolve, make_loop = FilterExpression.__init__, FilterExpression.resolve, ForNode.__init__

    def made(self: Any, token: str, parser: Parser) -> None:
        make(self, token, parser)
        self.token = _Token(token)
        self.token.origin = parser.origin

    def resolved(self: Any, context: Any, ignore_failures: bool = False) -> Any:
        _resolving.append(self)
        try:
            return resolve(self, context, ignore_failures and not getattr(self.token, "always", False))
        finally:
            _resolving.pop()

    def made_loop(self: Any, *args: Any, **kwargs: Any) -> None:
        make_loop(self, *args, **kwargs)
        self.sequence.token.always = _is_ours(self.sequence)

    engine = engines["django"].engine  # type: ignore[attr-defined]
    before = engine.string_if_invalid
    engine.string_if_invalid = _Empty()
    FilterExpression.__init__ = made  # type: ignore[method-assign]
    FilterExpression.resolve = resolved  # type: ignore[method-assign]
    ForNode.__init__ = made_loop  # type: ignore[method-assign]
    try:
        yield
    finally:
        engine.string_if_invalid = before
        FilterExpression.__init__ = make  # type: ignore[method-assign]
        FilterExpression.resolve = resolve  # type: ignore[method-assign]
        ForNode.__init__ = make_loop  # type: ignore[method-assign]
