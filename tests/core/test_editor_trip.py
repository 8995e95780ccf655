"""What only passed through the editor is unchanged, and whatever is stored can be opened in it again."""

from __future__ import annotations

import pytest
from wagtail.admin.rich_text import get_rich_text_editor_widget

from kb.core.fields import CleanRichTextFormField
from kb.core.html import EDITOR_FEATURES, clean_html

STORED = [
    "",
    "<p>Une ligne.</p>",
    "<p>un<br>deux</p>",
    "<p>fin<br></p><hr><p>suite</p>",
    "<p>Un <strong>mot</strong> et <em>un autre</em>.</p>",
    "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>",
    "<ol>\n<li><strong>Trier (15 min).</strong> Chacun écrit.</li>\n</ol>\n<p>Fin.</p>",
    "<p> bords et  doubles </p>",
    '<p>Voir <a href="ftp://hote/x">ceci</a> et <a href="https://exemple.fr/">cela</a>.</p>',
    "<h3>Titre</h3><blockquote>dit</blockquote><hr>",
]


def field() -> CleanRichTextFormField:
    return CleanRichTextFormField(widget=get_rich_text_editor_widget(features=EDITOR_FEATURES))


def posted(asked: CleanRichTextFormField, stored: str) -> str:
    """What the form gets back when nobody typed: the widget's own value, posted as it was."""
    value = asked.widget.format_value(stored)
    return str(asked.widget.value_from_datadict({"text": value}, {}, "text"))


@pytest.mark.parametrize("stored", STORED)
def test_a_text_that_nobody_touched_is_unchanged(stored: str) -> None:
    asked, kept = field(), clean_html(stored)
    assert not asked.has_changed(kept, posted(asked, kept))
    again = clean_html(posted(asked, kept))
    assert not asked.has_changed(again, posted(asked, again))


def test_a_word_more_is_a_change() -> None:
    asked = field()
    for stored in STORED:
        kept = clean_html(stored)
        assert asked.has_changed(kept, posted(asked, kept + "<p>Un mot.</p>"))
