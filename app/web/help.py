"""The manual, served by the product itself: `/help` needs no internet."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from posixpath import join, normpath
from urllib.parse import urldefrag, urlsplit

from fastapi import APIRouter, HTTPException
from markdown_it import MarkdownIt
from markdown_it.token import Token
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.auth.access import Anyone
from app.web.folders import PARTS
from app.web.pages import page
from app.web.static import assets, static

DOCS = PARTS["docs"]
INDEX = "index"

router = APIRouter(include_in_schema=False, dependencies=[Anyone])


@dataclass(frozen=True)
class ManualPage:
    """One page of the manual, rendered."""

    name: str
    title: str
    html: str


@router.get("/help", name="help")
async def index(request: Request) -> HTMLResponse:
    """Show the manual's first page."""
    return _manual_response(request, INDEX)


@router.get("/help/{name:path}", name="help-page")
async def show_page(request: Request, name: str) -> HTMLResponse:
    """Show one page of the manual; 404 for a page that it does not have."""
    return _manual_response(request, name or INDEX)


@cache
def manual_names() -> tuple[str, ...]:
    """Return the names of all pages: `printers`, `decisions/0002-…`."""
    files = DOCS.rglob("*.md")
    return tuple(sorted(f.relative_to(DOCS).with_suffix("").as_posix() for f in files))


@cache
def manual(name: str) -> ManualPage:
    """Render one page; raw HTML in the source stays visible text."""
    return render_manual(name, (DOCS / f"{name}.md").read_text(encoding="utf-8"))


def render_manual(name: str, source: str) -> ManualPage:
    """Render Markdown as the page `name`, to which its relative links belong."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(source)
    _name_headings(tokens)
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("tabindex", "0")  # it scrolls on a phone, by keys too
        for child in token.children or []:
            _resolve_address(child, Path(name).parent.as_posix())
    html: str = reader.renderer.render(tokens, reader.options, {})
    return ManualPage(name, _title(tokens, name), html)


def contents() -> list[ManualPage]:
    """Return the pages for the side of the manual, the index first."""
    rest = [name for name in manual_names() if name != INDEX]
    return [manual(name) for name in (INDEX, *rest)]


def _manual_response(request: Request, name: str) -> HTMLResponse:
    if name not in manual_names():
        raise HTTPException(status_code=404)
    return page(request, "web/help.html", manual=manual(name), contents=contents())


def _title(tokens: list[Token], name: str) -> str:
    for token, following in pairwise(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            return following.content.replace("`", "")
    return name


def _name_headings(tokens: list[Token]) -> None:
    """Give every heading an id, made as GitHub makes it."""
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            characters = (
                c for c in following.content.lower() if c.isalnum() or c in " -_"
            )
            token.attrSet("id", "".join(characters).replace(" ", "-"))


def _resolve_address(token: Token, folder: str) -> None:
    """Make a link to `printers.md` lead to the served page, a picture to its file."""
    if token.type == "link_open":
        token.attrSet("href", _page_address(str(token.attrGet("href")), folder))
    elif token.type == "image":
        token.attrSet("src", _picture_address(str(token.attrGet("src")), folder))


def _page_address(href: str, folder: str) -> str:
    path, fragment = urldefrag(href)
    if urlsplit(href).scheme or not path.endswith(".md"):
        return href
    name = normpath(join(folder, path)).removesuffix(".md")
    address = "/help" if name == INDEX else f"/help/{name}"
    return f"{address}#{fragment}" if fragment else address


def _picture_address(src: str, folder: str) -> str:
    name = f"docs/{normpath(join(folder, src)).removeprefix('static/')}"
    return static(name) if name in assets() else src
