from __future__ import annotations

from kb.loading.markdown import to_html


def test_html_holds_no_line_break_of_the_source() -> None:
    source = (
        "### Titre\n\nDeux **mots**\nd’une phrase  \net une ligne.\n\n1. Un\n   pas\n2. Deux\n\n   encore\n"
    )
    assert to_html(source) == (
        "<h3>Titre</h3><p>Deux <strong>mots</strong> d’une phrase<br />et une ligne.</p>"
        "<ol><li><p>Un pas</p></li><li><p>Deux</p><p>encore</p></li></ol>"
    )
