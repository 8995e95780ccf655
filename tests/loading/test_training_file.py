"""A training's module in the demo's format: what is made of it, and what is refused."""

from __future__ import annotations

import pytest

from kb.loading.training_file import ModuleError, prose_of, read_module

MODULE = """
Un **texte**.

### Situation
Un cas ?

**Une réponse possible.** Une réponse.

Sa suite.

### À découvrir · Trois mots
- un
- deux

### Document · Liste.pdf
Ce que l’on y trouve,
en deux lignes.

### Texte
La fin.

### Quiz (60\u00a0%)

#### Choix unique
Une question
sur deux lignes ?

- [ ] Non — Parce que
  c’est non.
- [x] Oui — Parce que oui.

#### Vrai ou faux
Une affirmation.

**Faux.** L’explication.

#### Remettre en ordre
Rangez.

1. Un
2. Deux
3. Trois

**Juste.** Bien vu.

**À revoir.** Une piste.

#### Texte à trou
Il en faut […].

- [x] trois — Oui.
- [ ] deux — Non.

**À revoir.** Comptez.
"""


def test_what_a_module_holds() -> None:
    module = read_module(MODULE)
    assert [(block["type"], block["value"]) for block in module.content] == [
        ("text", "<p>Un <strong>texte</strong>.</p>"),
        ("case", {"situation": "<p>Un cas ?</p>", "answer": "<p>Une réponse.</p><p>Sa suite.</p>"}),
        ("reveal", {"title": "Trois mots", "text": "<ul><li>un</li><li>deux</li></ul>"}),
        ("document", {"name": "Liste.pdf", "note": "Ce que l’on y trouve, en deux lignes."}),
        ("text", "<p>La fin.</p>"),
    ]
    assert module.pass_mark == 60
    single, true_false, ordering, gap = (block["value"] for block in module.quiz)
    assert single["text"] == "Une question sur deux lignes ?"
    assert [row["value"] for row in single["answers"]] == [
        {"text": "Non", "right": False, "feedback": "Parce que c’est non."},
        {"text": "Oui", "right": True, "feedback": "Parce que oui."},
    ]
    assert true_false == {"text": "Une affirmation.", "answer": "false", "explanation": "L’explication."}
    assert [row["value"] for row in ordering["steps"]] == ["Un", "Deux", "Trois"]
    assert (ordering["right"], ordering["wrong"]) == ("Bien vu.", "Une piste.")
    assert gap["wrong"] == "Comptez."


@pytest.mark.parametrize(
    ("old", "new", "row"),
    [
        ("### Situation", "### Cas", "### Cas"),
        ("**Une réponse possible.** Une réponse.", "Une réponse.", "### Situation"),
        ("### Texte\nLa fin.", "### Texte\n", "### Texte"),
        ("#### Vrai ou faux", "#### Vrai", "#### Vrai"),
        ("**Faux.** L’explication.", "Faux. L’explication.", "#### Vrai ou faux"),
        ("- [ ] Non — Parce que\n  c’est non.", "- [ ] Non", "#### Choix unique"),
        ("**Juste.** Bien vu.\n", "", "#### Remettre en ordre"),
        ("- [ ] deux — Non.", "- [ ] deux — Non — vraiment.", "#### Texte à trou"),
        (
            "**À revoir.** Comptez.\n",
            "**À revoir.** Comptez.\n\n### Texte\nAprès le quiz.\n",
            "### Texte\nAprès",
        ),
    ],
)
def test_what_is_refused_is_named_by_its_row(old: str, new: str, row: str) -> None:
    assert old in MODULE
    text = MODULE.replace(old, new)
    with pytest.raises(ModuleError) as caught:
        read_module(text)
    assert caught.value.line == text[: text.index(row)].count("\n")


def test_an_empty_module_is_refused() -> None:
    with pytest.raises(ModuleError):
        read_module("\n### Quiz (70\u00a0%)\n")


def test_what_is_read_of_it() -> None:
    assert "[x]" not in prose_of(MODULE)
    assert "####" not in prose_of(MODULE)
    assert "Oui — Parce que oui." in prose_of(MODULE)
