"""The manual's pages as a test reads them: their text, headings and links."""

import re
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

from app.web.manual.pages import DECISIONS, DOCS, ENGINEERS, REFERENCE, render_manual

ROOT = DOCS.parents[1]
_ID = re.compile(r'<h[1-6] id="([^"]+)"')


def pages() -> list[Path]:
    """Return every page of the manual."""
    return sorted(DOCS.rglob("*.md"))


def page_named(name: str) -> Path:
    """Return the page that a citation such as ``contract.md`` means.

    Raises ``FileNotFoundError`` when neither engineers nor technicians have it.
    """
    for folder in (ENGINEERS, REFERENCE):
        if (path := DOCS / folder / name).is_file():
            return path
    raise FileNotFoundError(name)


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the headings of a page, as addresses name them."""
    name = page.relative_to(DOCS).with_suffix("").as_posix()
    return frozenset(_ID.findall(render_manual(name, text(page)).html))


@cache
def text(page: Path) -> str:
    """Return a page as it is written."""
    return page.read_text(encoding="utf-8")


def links(page: Path) -> list[str]:
    """Return where a page's links lead, as they are written."""
    found = []
    for token in MarkdownIt("commonmark").enable("table").parse(text(page)):
        for child in token.children or []:
            if child.type == "link_open":
                found.append(str(child.attrGet("href")))
    return found


def decisions() -> dict[str, Path]:
    """Return the pages of the decisions by their numbers."""
    return {page.name[:4]: page for page in sorted((DOCS / DECISIONS).glob("*.md"))}


def superseded() -> frozenset[str]:
    """Return the numbers of the decisions in whose place another stands."""
    row = re.compile(r"^\| \[(\d{4})\].*\| superseded by ", re.MULTILINE)
    return frozenset(row.findall(text(page_named("architecture.md"))))
