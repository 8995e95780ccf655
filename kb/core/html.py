"""The one module through which HTML written by a person passes, and the only one that marks HTML as safe.

On the way in, `clean_html` keeps what the editor offers and nothing else (nh3: docs/decisions/0001). On the way
out, `prose` cleans again, since a draft's JSON or a hand-written row may never have passed a form, then lets
Wagtail turn its own page links into addresses.
"""

from __future__ import annotations

import html
import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

#: What the editor offers (`EDITOR_FEATURES`), as tags; headings start under a section's own heading.
ALLOWED_TAGS = {"p", "br", "hr", "b", "strong", "i", "em", "h3", "h4", "ol", "ul", "li", "a", "blockquote"}
#: `linktype` and `id` are how Wagtail stores a link to a page.
ALLOWED_ATTRIBUTES = {"a": {"href", "linktype", "id"}}
ALLOWED_SCHEMES = {"http", "https", "mailto", "tel"}
EDITOR_FEATURES = ["bold", "italic", "h3", "h4", "ol", "ul", "hr", "blockquote", "link"]

# Browsers drop these from an address and read « \ » as « / » before they look at it.
_DROPPED_IN_ADDRESS = re.compile(r"[\x00-\x20]+")
# A link whose address was taken away; links do not nest.
_LEADS_NOWHERE = re.compile(r'<a(?: id="\d+")?>(.*?)</a>', re.DOTALL)
_BLOCK_END = re.compile(r"</(?:p|li|h3|h4|blockquote)>|<br\s*/?>|<hr\s*/?>", re.IGNORECASE)
# What a parser reads as it stands: flat blocks of running text, as the editor writes them. A rebuild of the index reads
# hardly anything else, and to clean it twice was a third of its work. Each stretch ends at a sign that begins no other,
# so a text that is something else is told in one pass.
_RUNNING = (
    r"[^<>&\x00\r\ufeff\ud800-\udfff]*(?:(?:&(?:amp|lt|gt|quot|nbsp|#39|#x27);"
    r'|</?(?:b|strong|i|em|a)>|<a(?: [a-z]+="[^"<>]*")+>|<br ?/?>)[^<>&\x00\r\ufeff\ud800-\udfff]*)*'
)
_BLOCKS = [f"<{tag}>{_RUNNING}</{tag}>" for tag in ("p", "h3", "h4", "blockquote")]
_LISTS = [rf"<{tag}>\s*(?:<li>{_RUNNING}</li>\s*)+</{tag}>" for tag in ("ul", "ol")]
_PLAIN_BLOCKS = re.compile(rf"(?:\s*(?:{'|'.join([*_BLOCKS, *_LISTS, '<hr ?/?>'])}))*\s*")
_TAG = re.compile(r"<[^>]*>")
# Non-breaking spaces stay: they are French typography.
_SPACES = re.compile(r"[^\S\n\u00a0\u202f]+")
_OTHER_SPACE = re.compile(r"[^\S\n\u00a0\u202f ]")


def clean_html(value: str) -> str:
    """`value` without anything that the editor does not offer; text is kept, scripts and styles go whole."""
    cleaned = nh3.clean(
        value.encode(errors="replace").decode(),  # JSON may hold half a character
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes=ALLOWED_SCHEMES,
        clean_content_tags={"script", "style"},
        link_rel=None,
        strip_comments=True,
    )
    # As the editor writes them: its reader takes an open <br> for the parent of what follows, and fails.
    closed = cleaned.replace("<br>", "<br/>").replace("<hr>", "<hr/>")
    return _LEADS_NOWHERE.sub(r"\1", closed)


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "linktype":
        return value if value == "page" else None
    if name == "id":
        return value if value.isascii() and value.isdigit() else None
    if name == "href" and _DROPPED_IN_ADDRESS.sub("", value).replace("\\", "/").startswith("//"):
        return None  # another site without saying so
    return value


def prose(value: str) -> SafeString:
    """`value` as it may be shown in a page."""
    expanded: str = expand_db_html(clean_html(value))
    return mark_safe(expanded)  # noqa: S308  (cleaned on the line above)


def plain_text(value: str) -> str:
    """The words of `value`, one line a block, for the index, the mails and the feed."""
    if _PLAIN_BLOCKS.fullmatch(value):
        text = _TAG.sub("", _BLOCK_END.sub("\n", value))
    else:
        text = nh3.clean(_BLOCK_END.sub("\n", clean_html(value)), tags=set())
    text = html.unescape(text)
    if "  " in text or _OTHER_SPACE.search(text):  # far less than a replacement at every space
        text = _SPACES.sub(" ", text)
    return "\n".join(filter(None, map(str.strip, text.split("\n"))))
