"""Cleaning of HTML: what is dangerous goes, what people wrote stays; and nobody else marks HTML as safe."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.template import Context, Template

from kb.core.html import (
    _PLAIN_BLOCKS,
    ALLOWED_ATTRIBUTES,
    ALLOWED_TAGS,
    EDITOR_FEATURES,
    clean_html,
    plain_text,
    prose,
)

ROOT = Path(settings.BASE_DIR)
ROOMS = [path for room in ("kb", "resources", "search") for path in sorted((ROOT / room).rglob("*.py"))]
TEMPLATES = [path for path in sorted((ROOT / "templates").rglob("*")) if path.is_file()]

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//a.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<script/xss src=x></script>",
    "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror\t=\talert(1)>",
    "<IMG SRC=javascript:alert(1)>",
    "<img src=1 href=1 onerror='javascript:alert(1)'>",
    '<p onclick="alert(1)">x</p>',
    "<p onmouseover=alert(1) style='position:fixed'>x</p>",
    "<b/onpointerenter=alert(1)>x</b>",
    "<a onfocus=alert(1) autofocus tabindex=0 href='/'>x</a>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert&#40;1&#41;</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<noembed><p title="</noembed><img src=x onerror=alert(1)>">',
    '<textarea><p title="</textarea><img src=x onerror=alert(1)>">',
    '<title><p title="</title><img src=x onerror=alert(1)>">',
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
    '<iframe><p title="</iframe><img src=x onerror=alert(1)>">',
    "<template><script>alert(1)</script></template>",
    "<plaintext><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src=javascript:alert(1)>",
    "<embed embedtype='image' id='1' format='left'>",
    "<base href='//a.example/'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//a.example/x.css>",
    "<style>*{background:url(//a.example/x)}</style>",
    "<style><img src=x onerror=alert(1)></style>",
    "<form action=//a.example/><input name=password><button>x</button></form>",
    "<input onfocus=alert(1) autofocus>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<table background=javascript:alert(1)><tr><td>x</td></tr></table>",
    "<div id=x class=y data-z=1 style='color:red'>x</div>",
    '<!--<img src="--><img src=x onerror=alert(1)//">',
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<!DOCTYPE html [<!ENTITY x 'y'>]>&x;",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "<p>x</p",
    "<a href='/'",
    "<",
    "\ud83d<script>alert(1)</script>",
    "<b>" * 2000 + "<script>alert(1)</script>",
]

ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java&#9;script:alert(1)",
    "&#106;&#97;vascript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript://a.example/%0aalert(1)",
    "vbscript:msgbox(1)",
    "livescript:x",
    "data:text/html,<script>alert(1)</script>",
    "DATA:text/html;base64,PHNjcmlwdD4=",
    "blob:https://a.example/x",
    "file:///etc/passwd",
    "ftp://a.example/",
    "view-source:x",
    "intent://a.example",
    "feed:javascript:alert(1)",
    "//a.example/",
    " //a.example/",
    "/\\a.example/",
    "\\\\a.example/",
    "\\/a.example/",
    "/\t/a.example/",
    "\n//a.example/",
    "/&#10;/a.example/",
    "\x01//a.example/",
]

KEPT_ADDRESSES = [
    "https://a.example/x?y=1&z=2",
    "http://a.example/",
    "mailto:a@a.example",
    "tel:+33380000000",
    "/aide/",
    "#suite",
    "?q=x",
    "aide",
]


class Reader(HTMLParser):
    """What a browser would find in a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.comments = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_comment(self, data: str) -> None:
        self.comments += 1

    def handle_decl(self, decl: str) -> None:
        self.comments += 1


@pytest.mark.parametrize("payload", HOSTILE)
def test_nothing_but_what_the_editor_offers_is_left(payload: str) -> None:
    cleaned = clean_html(f"<p>avant</p>{payload}")
    found = Reader(cleaned)
    for tag, attributes in found.tags:
        assert tag in ALLOWED_TAGS
        assert set(attributes) <= ALLOWED_ATTRIBUTES.get(tag, set())
    assert found.comments == 0
    assert cleaned.startswith("<p>avant</p>")
    assert clean_html(cleaned) == cleaned


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_dangerous_or_hidden_address_is_taken_out_and_its_words_stay(address: str) -> None:
    for quote in "'\"":
        assert clean_html(f"<p>Voir <a href={quote}{address}{quote}>ceci</a>.</p>") == "<p>Voir ceci.</p>"


@pytest.mark.parametrize("address", KEPT_ADDRESSES)
def test_an_honest_address_stays(address: str) -> None:
    found = Reader(
        clean_html(
            f'<a href="{address.replace("&", "&amp;")}" target="_blank" rel="opener" ping="/x">ceci</a>'
        )
    )
    assert found.tags == [("a", {"href": address})]


def test_what_the_editor_offers_stays() -> None:
    text = (
        "<h3>Titre</h3><h4>Sous-titre</h4><p>Un <b>mot</b> <i>fort</i> <strong>et</strong> <em>vif</em>.<br/>Suite</p>"
        "<ul><li>un</li></ul><ol><li>deux</li></ol><blockquote>dit</blockquote><hr/>"
        '<p><a linktype="page" id="12">une fiche</a></p>'
    )
    assert clean_html(text) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<h1>Titre</h1><div>suite</div>", "Titresuite"),
        ("<table><tr><td>case</td></tr></table>", "case"),
        ("<iframe>cadre</iframe>", "cadre"),
        ("<p>1 < 2 & 3 > 2</p>", "1 < 2 & 3 > 2"),
        ("<p>l’élève\u00a0: «\u00a0oui\u00a0» 🎓</p>", "l’élève\u00a0: «\u00a0oui\u00a0» 🎓"),
        ("<script>x</script><style>y</style>reste", "reste"),
        ("a\x00b", "ab"),
        ("<p>un</p><ul><li>deux</li><li>trois<br>quatre</li></ul>", "un\ndeux\ntrois\nquatre"),
        ("<p>&lt;b&gt; n’est pas une balise</p>", "<b> n’est pas une balise"),
        ("", ""),
    ],
)
def test_the_words_stay(text: str, words: str) -> None:
    assert plain_text(text) == words


def words_of_anything(text: str) -> str:
    """What `plain_text` says of what it does not know at sight."""
    # A comment, which is taken out whole: no text that holds one is known at sight.
    return plain_text(f"<!-- -->{text}")


PAIRED = ("p", "ul", "ol", "li", "h3", "blockquote", "b", "em", "a", "div", "P", "script")
TAGS = [
    *(tag for name in PAIRED for tag in (f"<{name}>", f"</{name}>")),
    *("<br>", "<br/>", "<hr/>", '<a href="/x?y=1&amp;z=2">', '<a linktype="page" id="3">'),
]
TEXTS = ["un", "deux", "’", "&amp;", "&lt;", "&nbsp;", "&amp;lt;", "&eacute;", "&", "<", ">"]
SIGNS = [*" \n\t\r\x00\x0c\x85\u00a0\u202f\u2028\ufeff\ud83d", "  "]
BLOCKS = ("<p>{}</p>", "<h4>{}</h4>", "<ul><li>{}</li><li>{}</li></ul>", "<blockquote>{}</blockquote>", "{}")


def test_what_is_known_at_sight_has_the_words_of_what_is_cleaned() -> None:
    random, known = Random(5), 0
    for _ in range(4000):
        few = random.choice((TAGS + TEXTS + SIGNS, TEXTS + SIGNS, TEXTS))
        texts = ["".join(random.choices(few, k=random.randint(0, 4))) for _ in range(6)]
        text = "".join(block.format(*texts) for block in random.choices(BLOCKS, k=random.randint(1, 3)))
        known += bool(_PLAIN_BLOCKS.fullmatch(text))
        assert plain_text(text) == words_of_anything(text), text
    assert 400 < known < 3600


def test_a_long_text_that_is_not_known_at_sight_is_told_soon() -> None:
    assert plain_text("<p>" + "mot &amp; <b>mot</b> < " * 20_000).count("mot") == 40_000


@pytest.mark.parametrize(
    "attributes",
    [
        'linktype="document" id="1"',
        'linktype="page" id="1 or 1"',
        'linktype="page" id="../x"',
        'linktype="PAGE" id="٣"',
    ],
)
def test_only_a_page_is_linked_by_its_number(attributes: str) -> None:
    found = [attributes for _, attributes in Reader(clean_html(f"<a {attributes}>x</a>")).tags]
    assert found in ([{"linktype": "page"}], [])


@pytest.mark.parametrize("payload", [*HOSTILE, *(f'<a href="{address}">x</a>' for address in ADDRESSES)])
def test_what_never_passed_a_form_is_cleaned_on_the_way_out(payload: str) -> None:
    page = Template("{% load prose %}<div>{{ text|prose }}</div>").render(Context({"text": payload}))
    for tag, attributes in Reader(page).tags:
        assert tag in ALLOWED_TAGS | {"div"}
        assert set(attributes) <= {"href"} | ({"id", "linktype"} if tag == "a" else set())
    assert prose(payload) == prose(str(prose(payload)))


def test_an_absent_text_shows_nothing() -> None:
    assert Template("{% load prose %}{{ text|prose }}").render(Context({"text": None})) == ""


@pytest.mark.django_db
def test_a_link_to_no_page_is_text() -> None:
    assert prose('<a linktype="page" id="999999">une fiche</a>') == "<a>une fiche</a>"


def test_the_editor_offers_no_tag_that_is_then_taken_out() -> None:
    assert {"h3", "h4", "ol", "ul", "hr", "blockquote"} == set(EDITOR_FEATURES) - {"bold", "italic", "link"}
    assert set(EDITOR_FEATURES) - {"bold", "italic", "link"} <= ALLOWED_TAGS


# The rule of the whole code -------------------------------------------------------------------------------------

ONLY_HERE = ROOT / "kb" / "core" / "html.py"


def marks(source: str) -> Iterator[str]:
    """Every way in which Python code tells Django that a text needs no escaping."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in ("mark_safe", "SafeText", "__html__", "safestring"):
                yield name
        if isinstance(node, ast.ImportFrom | ast.Import):
            yield from (
                alias.name for alias in node.names if alias.name in ("mark_safe", "SafeText", "safestring")
            )
        if isinstance(node, ast.FunctionDef) and node.name == "__html__":
            yield node.name
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called == "SafeString" or (
                called in ("format_html", "format_html_join") and not isinstance(node.args[0], ast.Constant)
            ):
                yield called
            if any(word.arg == "is_safe" for word in node.keywords):
                yield "is_safe"


@pytest.mark.parametrize(
    "source",
    [
        "from django.utils.safestring import mark_safe",
        "from django.utils import safestring",
        "safestring.mark_safe(x)",
        "SafeString(x)",
        "format_html(x)",
        "format_html(f'<b>{x}</b>')",
        "class A:\n def __html__(self): return ''",
        "@register.filter(is_safe=True)\ndef f(x): return x",
    ],
)
def test_the_look_at_the_code_finds(source: str) -> None:
    assert list(marks(source))


def test_html_is_marked_as_safe_in_one_module_alone() -> None:
    assert ONLY_HERE in ROOMS
    found = {
        path.relative_to(ROOT).as_posix(): list(marks(path.read_text(encoding="utf-8"))) for path in ROOMS
    }
    # The filter of typography keeps what is safe already so, and trusts nothing else (tests/core/test_typography.py).
    assert found.pop("kb/core/templatetags/typeset.py") == ["is_safe"]
    assert [path for path, names in found.items() if names] == ["kb/core/html.py"]
    assert found["kb/core/html.py"].count("mark_safe") == 2  # the import and the one call


def test_no_template_turns_escaping_off() -> None:
    unsafe = re.compile(r"\|\s*(?:safe|safeseq)\b|\{%-?\s*autoescape\s+off")
    assert len(TEMPLATES) > 20
    assert [path.name for path in TEMPLATES if unsafe.search(path.read_text(encoding="utf-8"))] == []


def test_only_the_text_part_of_a_mail_is_rendered_without_escaping() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in ROOMS
        if "autoescape" in path.read_text(encoding="utf-8")
    }
    assert found <= {"kb/core/mail.py"}
