"""A broken file names its path and line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from kb.loading.demo_file import DemoFileError, read_item

FOLDER = Path(__file__).parents[2] / "fixtures" / "demo"


def spoiled(tmp_path: Path, name: str, old: str, new: str) -> tuple[Path, int]:
    """A copy of a demo file with one text replaced, and the line where it stood."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path, text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize("path", sorted(FOLDER.glob("[tp]*/*.md")), ids=lambda path: path.stem)
def test_every_demo_file_is_whole(path: Path) -> None:
    item = read_item(path)
    assert item.slug == path.stem
    assert item.sections


TEACHING = "teaching/mon-trajet-avant-de-promettre.md"
TRAINING = "training/la-visite-qui-sert.md"
PRACTICE = "practice/le-releve-du-vendredi.md"


@pytest.mark.parametrize(
    ("name", "old", "new", "shift", "says"),
    [
        (TEACHING, "title:", "titre:", 0, "« titre » n’existe pas"),
        (TEACHING, "state: published", "state: publié", 0, "l’état doit être"),
        (TEACHING, "reread: 20", "reread: 19", 0, "après l’avoir approuvé"),
        (TEACHING, "duration_minutes: ", "duration_minutes: x", 0, "n’a pas la bonne forme"),
        (TEACHING, "visibility: ", "visibility: x\nvisibility: ", 1, "écrite deux fois"),
        (TEACHING, "## Déroulement", "## Deroulement", 0, "## Déroulement"),
        (TEACHING, "{role: ", "{rôle: ", 0, "chaque ligne de"),
        (TRAINING, "## Module 2", "## Module 3", 0, "## Module 2"),
        (TRAINING, "duration_minutes: ", "duration_minutes: 1", 0, "corrigez la durée"),
        (TRAINING, "#### Choix unique", "#### Choix", 0, "n’est pas d’une sorte connue"),
        (TRAINING, "### Quiz (", "### Questionnaire (", 0, "n’est pas prévue"),
        (
            TRAINING,
            "### Situation\n",
            "### Situation\nSeule.\n\n### Situation\n",
            0,
            "une situation est suivie de",
        ),
        (PRACTICE, "before: ", "before: x", 0, "chaque ligne de"),
        (PRACTICE, "summary: ", "summary: [", 0, "YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, name: str, old: str, new: str, shift: int, says: str
) -> None:
    path, line = spoiled(tmp_path, name, old, new)
    with pytest.raises(DemoFileError) as caught:
        read_item(path)
    message = str(caught.value).replace("\u00a0", " ")
    found = re.match(rf"{re.escape(str(path))}:(\d+) : (.+)", message)
    assert found is not None, message
    assert says in found[2]
    assert int(found[1]) == line + shift


def test_other_broken_files(tmp_path: Path) -> None:
    folder = tmp_path / "teaching"
    folder.mkdir()
    for content, says in (
        (b"bonjour", ":1"),
        (b"---\ntitle: a\n", "n’est pas fermé"),
        (b"---\n- a\n---\n", ":2"),
        ("---\ntitle: é\n".encode("latin-1"), "UTF-8"),
    ):
        (folder / "x.md").write_bytes(content)
        with pytest.raises(DemoFileError, match=re.escape(says)):
            read_item(folder / "x.md")
    shutil.copy(FOLDER / TEACHING, folder / "Un Titre.md")
    with pytest.raises(DemoFileError, match="nom du fichier"):
        read_item(folder / "Un Titre.md")
