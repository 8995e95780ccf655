"""What a module is made of: text, a case to think about, something to reveal, a document of the training."""

from __future__ import annotations

from html import escape
from typing import Any

from wagtail.blocks import CharBlock, StreamBlock, StreamValue, StructBlock, TextBlock

from kb.core.blocks import CleanRichTextBlock


class CaseBlock(StructBlock):
    """The answer is folded until the reader has thought."""

    situation = CleanRichTextBlock(
        label="situation", help_text="Un cas concret, qui se termine par une question."
    )
    answer = CleanRichTextBlock(label="une réponse possible")

    class Meta:
        icon = "help"
        label = "Situation"
        template = "resources/training/case.html"


class RevealBlock(StructBlock):
    title = CharBlock(label="titre", max_length=120)
    text = CleanRichTextBlock(label="texte")

    class Meta:
        icon = "view"
        label = "À découvrir"
        template = "resources/training/reveal.html"


class DocumentBlock(StructBlock):
    """A file of the training, named as among its files: a file that is replaced keeps its place in the module."""

    name = CharBlock(
        label="nom du fichier", max_length=150, help_text="Tel qu’il est affiché sous « Fichiers », plus bas."
    )
    note = TextBlock(label="ce que l’on y trouve", required=False, max_length=300)

    class Meta:
        icon = "doc-full"
        label = "Document"
        template = "resources/training/document.html"


class ContentBlock(StreamBlock):
    text = CleanRichTextBlock(label="Texte", template="resources/training/text.html")
    case = CaseBlock()
    reveal = RevealBlock()
    document = DocumentBlock()


def html_of(content: StreamValue) -> str:
    """All that is said in a module's content, in reading order, as rich text."""
    return "".join(_html(block.block_type, block.value) for block in content)


def documents_in(content: StreamValue) -> list[str]:
    """Names of the files that a module points to."""
    return [block.value["name"] for block in content if block.block_type == "document"]


def _html(kind: str, value: Any) -> str:
    if kind == "text":
        return str(value.source)
    if kind == "case":
        return f"<h3>Situation</h3>{value['situation'].source}<h4>Une réponse possible</h4>{value['answer'].source}"
    if kind == "reveal":
        return f"<h3>{escape(value['title'], quote=False)}</h3>{value['text'].source}"
    return f"<p>{escape(value['note'] or value['name'], quote=False)}</p>"
