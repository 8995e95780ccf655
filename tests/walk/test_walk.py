"""Every address outside /admin/, as each of the eight readers, over items in the five states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kb.core.readers import State, Visibility
from resources.models import AttachmentRole, Item
from search.engines import get_engine
from search.index.rebuilding import rebuild
from tests.items import make_item, submit
from tests.people import People
from tests.resources.files import new_version, publish, stored

from .table import KINDS, READERS, REDUCED, STATES, TABLE

pytestmark = pytest.mark.django_db

MADE = {
    "draft": (State.DRAFT, Visibility.PUBLIC),
    "in_review": (State.IN_REVIEW, Visibility.PUBLIC),
    "pole": (State.PUBLISHED, Visibility.POLE),
    "members": (State.PUBLISHED, Visibility.MEMBERS),
    "public": (State.PUBLISHED, Visibility.PUBLIC),
}


@dataclass(frozen=True)
class Walked:
    """One item, its addresses, and words that stand nowhere else: the first is its title's."""

    fields: dict[str, str]
    words: tuple[str, ...]


def make_walked(kind: str, state: str, people: People) -> Walked:
    mark = f"{kind}{state.replace('_', '')}"
    words = tuple(
        f"{what}{mark}" for what in ("ztitre", "zresume", "zmotcle", "ztexte", "zeleve", "zprof", "zadresse")
    )
    title, summary, tag, text, pupil, teacher, slug = words
    steps = f"<p>Une pantoufle et {text}.</p>"
    reached, visibility = MADE[state]
    item = make_item(
        kind,
        f"Licorne {title}",
        owner=people.author,
        pole=people.pole,
        state=State.DRAFT,
        visibility=visibility,
        tags=(tag,),
        slug=slug,
        summary=f"Une licorne, {summary}",
        **({"aims": steps} if kind == "training" else {"steps": steps}),
    )
    files = [
        stored(f"{pupil}.pdf", AttachmentRole.PUPIL, people.author),
        stored(f"{teacher}.pdf", AttachmentRole.TEACHER, people.author),
    ]
    new_version(item, *files, user=people.author)
    if reached == State.PUBLISHED:
        publish(item)
    if reached == State.IN_REVIEW:
        submit(item, people.author)
    addresses = {"item": item.get_url() or "", "id": str(item.pk)}
    first = f"modules/{item.modules.get().key}/" if kind == "training" else ""
    addresses["module"] = addresses["item"] + first
    pupil_address, teacher_address = (file.get_absolute_url() for file in files)
    return Walked({**addresses, "pupil": pupil_address, "teacher": teacher_address}, words)


def outside_admin(patterns: list[Any], before: str = "") -> Iterator[tuple[str, str | None]]:
    """Every route that the site answers at, and its name."""
    for pattern in patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if route.startswith("admin/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from outside_admin(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.name


def content_of(response: Any) -> str:
    """The body, and the headers that tell where to go and what a file is called."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    heads = " ".join(response.get(name, "") for name in ("Location", "Content-Disposition", "Link"))
    return body.decode("utf-8", "replace") + heads


def cells(grid: dict[str, str], reader: str) -> dict[str, tuple[int, bool]]:
    """State → (status, shown)."""
    return {
        state: (int(cell[:-1]), cell.endswith("+"))
        for state, cell in zip(STATES, grid[reader].split(), strict=True)
    }


def walk(client: Client, reader: str, kind: str, items: dict[str, Walked], only: Any = None) -> list[str]:
    """What the answers say otherwise than the table, at all addresses or at `only` these."""
    wrong = []
    kept: dict[str, tuple[int, str]] = {}
    for name, rows in TABLE.items():
        for template, grid in rows:
            if only and template not in only:
                continue
            for state, (status, shown) in cells(grid, reader).items():
                address = template.format(**items[state].fields)
                if address not in kept:
                    response = client.get(address)
                    kept[address] = (response.status_code, content_of(response))
                got, content = kept[address]
                shown = shown and kind in KINDS.get(template, (kind,))
                secret = [word for word in items[state].words if word not in address and word in content]
                if name == "attachment" and shown:
                    secret = secret or ["the file"]
                if got != status or bool(secret) != shown:
                    wrong.append(
                        f"{reader}, {state}: {address} answered {got}, showed {secret}; {status}, {shown}"
                    )
    return wrong


@pytest.mark.parametrize(
    "kind", ["teaching", "training", pytest.param("practice", marks=pytest.mark.database)]
)
def test_every_address_as_every_reader(people: People, client_of: Any, kind: str) -> None:
    items = {state: make_walked(kind, state, people) for state in STATES}
    clients = {
        reader: client_of(user if user.is_authenticated else None)
        for reader, user in people.readers().items()
    }
    assert tuple(clients) == READERS
    reduced = [line for reader in READERS for line in walk(clients[reader], reader, kind, items, REDUCED)]
    assert not reduced, "\n".join(reduced)
    rebuild(get_engine())
    wrong = [line for reader in READERS for line in walk(clients[reader], reader, kind, items)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.database
def test_a_newer_draft_is_shown_at_its_own_address_alone(people: People, client_of: Any) -> None:
    walked = make_walked("practice", "public", people)
    later = {"title": "Licorne zneuf", "summary": "zneuf", "slug": "zneuf"}
    file = stored("zneuf.pdf", AttachmentRole.PUPIL, people.author)
    new_version(Item.objects.get(pk=walked.fields["id"]).specific, file, user=people.author, **later)
    rebuild(get_engine())
    readers_of_draft = ("coordination", "author", "administrator")
    found = []
    for reader, user in people.readers().items():
        client = client_of(user if user.is_authenticated else None)
        own = client.get(f"/brouillons/{walked.fields['id']}/")
        assert ("zneuf" in content_of(own)) is (reader in readers_of_draft), reader
        handed = content_of(client.get(file.get_absolute_url()))
        assert ("zneuf.pdf" in handed) is (reader in readers_of_draft), reader
        for template, _ in (row for name, rows in TABLE.items() if name != "draft" for row in rows):
            address = template.format(**walked.fields)
            if "zneuf" in content_of(client.get(address)):
                found.append((reader, address))
    # Its author's own list of drafts, besides.
    assert found == [("author", "/animer/")]


def test_every_address_has_a_row() -> None:
    routes = list(outside_admin(get_resolver().url_patterns))
    assert [route for route, name in routes if not name] == []
    assert sorted(name or "" for _, name in routes) == sorted(TABLE)


def test_every_row_has_every_reader_and_state() -> None:
    for name, rows in TABLE.items():
        for address, grid in rows:
            assert tuple(sorted(grid)) == tuple(sorted(READERS)), (name, address)
            for line in grid.values():
                assert len(line.split()) == len(STATES), (name, address)
