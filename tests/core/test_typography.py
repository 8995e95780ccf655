from __future__ import annotations

import pytest
from django.template import Context, Template

from kb.core.typography import typeset, typeset_html

N, W = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Pourquoi ?", f"Pourquoi{N}?"),
        ("Trois pôles\u00a0: le premier ; l'autre !", f"Trois pôles{N}: le premier{N}; l’autre{N}!"),
        ("« oui »", f"«{W}oui{W}»"),
        ("«oui»", f"«{W}oui{W}»"),
        ("14 km en 9 h, 3 680 étudiants, 12 élèves", f"14{W}km en 9{W}h, 3{N}680 étudiants, 12{W}élèves"),
        ("n° 3", f"n°{W}3"),
        ("à 10:30 sur https://a.example/?q=1", "à 10:30 sur https://a.example/?q=1"),
        ("en 2026 2 pôles", "en 2026 2 pôles"),
        ("en 2026 200 places, 1 234 567 pas", f"en 2026 200 places, 1{N}234{N}567 pas"),
        ("5 minutieux", "5 minutieux"),
        ("quoi ?!", f"quoi{N}?!"),
    ],
)
def test_text(typed: str, printed: str) -> None:
    assert typeset(typed) == printed
    assert typeset(printed) == printed, "printed twice is printed once"


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="/?q=a ; b" title="Pourquoi ?">',
        "<code>a ; b</code>",
        "<textarea>Quoi ?\nl'autre</textarea>",
        '<input value="14 km > 3 ; l\'eau">',
        "<!-- l'un ; l'autre -->",
        '<svg viewBox="0 0 40 400"><path d="M 1 200 L 3 400"/></svg>',
        "<script>a ? b : c</script>",
    ],
)
def test_markup_is_left_alone(markup: str) -> None:
    assert typeset_html(f"Eh ! {markup}") == f"Eh{N}! {markup}"


def test_text_between_tags_and_entities() -> None:
    assert (
        typeset_html("<p>L&#x27;un&nbsp;; &lt;b&gt; l'autre !</p>")
        == f"<p>L’un{N}; &lt;b&gt; l’autre{N}!</p>"
    )
    assert typeset_html("1 < 2 ; 3 > 2") == f"1 < 2{N}; 3 > 2"


def test_the_filter_neither_escapes_nor_trusts() -> None:
    page = Template("{% load typeset %}{% filter typeset %}<b>{{ it }} !</b>{% endfilter %}")
    assert page.render(Context({"it": "<i>l'eau"})) == f"<b>&lt;i&gt;l’eau{N}!</b>"


@pytest.mark.parametrize(
    "text", [" " * 300_000 + ";", "« " * 100_000, "1 " * 200_000, "' " * 200_000 + "»", "<b>" * 100_000]
)
def test_a_long_text_is_read_once(text: str) -> None:
    """Were it read once a sign, this would take hours: the limit of the whole run would stop it."""
    assert len(typeset_html(text)) <= len(text) + 100_000
