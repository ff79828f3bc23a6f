"""The manual's pages: Markdown in four folders, rendered once.

What people do in their role is told in each language (the folders ``id`` and ``en``)
and has one address for both, ``/help/officer``. What technicians look up
(``reference``) and what engineers read (``engineers``, ``decisions``) is in English
(decision 0020).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from posixpath import basename, join, normpath
from typing import Final
from urllib.parse import urldefrag, urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from app.web.folders import PARTS
from app.web.i18n import LANGUAGES, Language, supported_language
from app.web.static import assets, static

DOCS = PARTS["docs"]
INDEX = "index"
REFERENCE, ENGINEERS, DECISIONS = "reference", "engineers", "decisions"
ROLES: Final = (
    "visitor",
    "officer",
    "reception",
    "supervisor",
    "admin",
    "technician",
)
"""The pages of tasks, in the order in which the first page offers them."""

_OWN_ID = re.compile(r"\s*\{#([a-z0-9-]+)\}$")
_KEY = re.compile(r"(?:Shift \+ )?[A-Z0-9]|[↑↓/,+\u2212]|Enter|Esc|Tab|Backspace|F11")


@dataclass(frozen=True)
class Heading:
    """A heading of a page: 1 for its title, 2 for a task; its id and its words."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class ManualPage:
    """One page of the manual, rendered.

    ``lead`` is what stands before the first heading of level 2, ``summary`` its first
    paragraph as plain text; ``html`` is all of it.
    """

    name: str
    language: Language
    html: str
    summary: str
    headings: tuple[Heading, ...]

    @property
    def title(self) -> str:
        """Return the page's heading."""
        return next((h.text for h in self.headings if h.level == 1), self.name)

    @property
    def tasks(self) -> list[Heading]:
        """Return the headings below the title, the first level of them."""
        return [heading for heading in self.headings if heading.level == 2]

    @property
    def lead(self) -> str:
        """Return what stands before the first task."""
        return self.html.partition("<h2 ")[0]

    @property
    def body(self) -> str:
        """Return the first task and what follows."""
        return self.html.removeprefix(self.lead)

    @property
    def address(self) -> str:
        """Return where the page is served."""
        return address_of(self.name)

    @property
    def of_role(self) -> str:
        """Return whose tasks the page tells, such as `officer`; else nothing."""
        folder, _, role = self.name.partition("/")
        return role if folder in LANGUAGES and role in ROLES else ""


@cache
def manual_names() -> tuple[str, ...]:
    """Return the names of all pages: `id/officer`, `decisions/0002-…`."""
    files = DOCS.rglob("*.md")
    return tuple(sorted(f.relative_to(DOCS).with_suffix("").as_posix() for f in files))


@cache
def manual(name: str) -> ManualPage:
    """Render one page; raw HTML in the source stays visible text."""
    return render_manual(name, (DOCS / f"{name}.md").read_text(encoding="utf-8"))


def address_of(name: str) -> str:
    """Return the address of a page: `id/officer` and `en/officer` share theirs."""
    folder, _, rest = name.partition("/")
    path = rest if folder in LANGUAGES else name
    path = path.removesuffix(INDEX).rstrip("/")
    return f"/help/{path}" if path else "/help"


def name_at(path: str, language: Language) -> str | None:
    """Return the page that stands under `/help/PATH` for a reader of a language."""
    candidates = (f"{language}/{path or INDEX}", path, f"{path}/{INDEX}")
    return next((name for name in candidates if _is_page(name, language)), None)


def moved_to(path: str) -> str | None:
    """Return the page to which an address from before there were folders leads."""
    names = (f"{folder}/{path}" for folder in (REFERENCE, ENGINEERS))
    return next((name for name in names if name in manual_names()), None)


def shelf(name: str, language: Language) -> list[ManualPage]:
    """Return the pages that stand beside one: of its folder, or of all roles."""
    folder = name.partition("/")[0]
    if folder in LANGUAGES:
        return [manual(f"{language}/{role}") for role in ROLES]
    folder = ENGINEERS if folder == DECISIONS else folder
    pages = [manual(each) for each in manual_names() if each.startswith(f"{folder}/")]
    return sorted(pages, key=lambda page: (not page.name.endswith(INDEX), page.title))


def decision_pages() -> list[ManualPage]:
    """Return the decisions, by their numbers."""
    names = (name for name in manual_names() if name.startswith(f"{DECISIONS}/"))
    return [manual(name) for name in names]


def render_manual(name: str, source: str) -> ManualPage:
    """Render Markdown as the page `name`, to which its relative links belong."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(source)
    headings = tuple(_name_headings(tokens))
    language = supported_language(name.partition("/")[0])
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("tabindex", "0")  # it scrolls on a phone, by keys too
        for child in token.children or []:
            _resolve_address(child, Path(name).parent.as_posix())
            if language and child.type == "code_inline":
                _show_key(child)
    reader.add_render_rule("key", _render_key)
    html: str = reader.renderer.render(tokens, reader.options, {})
    return ManualPage(name, language or "en", html, _summary(tokens), headings)


def _is_page(name: str, language: Language) -> bool:
    folder = supported_language(name.partition("/")[0])
    return name in manual_names() and folder in (None, language)


def _summary(tokens: list[Token]) -> str:
    for token, following in pairwise(tokens):
        if token.type == "paragraph_open":
            return "".join(child.content for child in following.children or [])
    return ""


def _name_headings(tokens: list[Token]) -> Iterator[Heading]:
    """Give every heading an id: its own (``{#sign-in}``), else made as GitHub does."""
    for token, following in pairwise(tokens):
        if token.type != "heading_open":
            continue
        text, own_id = _without_id(following)
        characters = (c for c in text.lower() if c.isalnum() or c in " -_")
        heading_id = own_id or "".join(characters).replace(" ", "-")
        token.attrSet("id", heading_id)
        yield Heading(int(token.tag[1:]), heading_id, text.replace("`", ""))


def _without_id(heading: Token) -> tuple[str, str]:
    """Take a heading's own id out of it; returns its words and the id, if any."""
    match = _OWN_ID.search(heading.content)
    if not match or not heading.children:
        return heading.content, ""
    last = heading.children[-1]
    last.content = _OWN_ID.sub("", last.content)
    return _OWN_ID.sub("", heading.content), match[1]


def _show_key(code: Token) -> None:
    """Show a key of the keyboard as one, not as something to type."""
    if _KEY.fullmatch(code.content):
        code.type = "key"


def _render_key(
    _renderer: RendererProtocol,
    tokens: Sequence[Token],
    index: int,
    _options: OptionsDict,
    _env: EnvType,
) -> str:
    return f"<kbd>{escapeHtml(tokens[index].content)}</kbd>"


def _resolve_address(token: Token, folder: str) -> None:
    """Make a link to `printers.md` lead to the served page, a picture to its file."""
    if token.type == "link_open":
        token.attrSet("href", _page_address(str(token.attrGet("href")), folder))
    elif token.type == "image":
        token.attrSet("src", _picture_address(str(token.attrGet("src"))))


def _page_address(href: str, folder: str) -> str:
    path, fragment = urldefrag(href)
    if urlsplit(href).scheme or not path.endswith(".md"):
        return href
    address = address_of(normpath(join(folder, path)).removesuffix(".md"))
    return f"{address}#{fragment}" if fragment else address


def _picture_address(src: str) -> str:
    name = f"docs/{basename(src)}"
    return static(name) if name in assets() else src
