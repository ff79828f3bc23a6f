"""The pages of tasks as a test reads them: headings, screen words, keys, commands."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.web.i18n import Language
from app.web.manual.pages import DOCS, INDEX, ROLES
from tests.web import catalogue

NAMES = (INDEX, *ROLES)
LANGUAGE_NAMES = {"English", "Bahasa Indonesia"}
"""On a screen each is written in its own language, so no catalogue has them."""

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
_KEY_AND_BUTTON = re.compile(r"`([^`\n]+)`\s+\(?\*\*([^*]+)\*\*")


def role_page(language: Language, name: str) -> Path:
    """Return the file of a role's page."""
    return DOCS / language / f"{name}.md"


def in_bold(source: str) -> list[str]:
    """Return the words in bold, as one line each."""
    return [words for inline in _inlines(source) for words in _bold_of(inline)]


def keys_and_buttons(source: str) -> list[tuple[str, str]]:
    """Return which key a page gives beside which button: ("N", "Call next")."""
    return [
        (key, " ".join(words.split())) for key, words in _KEY_AND_BUTTON.findall(source)
    ]


def command_lines(source: str) -> list[list[str]]:
    """Return the words behind ``./antrean`` in the blocks of a page, in order."""
    return [
        shlex.split(line)[1:]
        for token in MarkdownIt("commonmark").parse(source)
        if token.type == "fence" and token.info == "sh"
        for line in token.content.splitlines()
        if line.startswith("./antrean ")
    ]


def is_on_a_screen(words: str, language: Language) -> bool:
    """Tell whether a screen of this language may show exactly these words."""
    return words in LANGUAGE_NAMES or any(
        pattern.fullmatch(words) for pattern in _screen_texts(language)
    )


@cache
def _screen_texts(language: Language) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(".+".join(map(re.escape, _PLACEHOLDER.split(each))))
        for each in _texts(language)
        # one of placeholders alone would take any words
        if len(re.sub(r"\W", "", _PLACEHOLDER.sub("", each))) > 1
    )


def _texts(language: Language) -> Iterator[str]:
    translations = (message.string for _, message in catalogue.messages(language))
    for each in catalogue.texts_in_source() if language == "en" else translations:
        yield from [each] if isinstance(each, str) else each or ()


def _inlines(source: str) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable("table").parse(source):
        if token.type == "inline":
            yield token


def _bold_of(inline: Token) -> Iterator[str]:
    words: list[str] | None = None
    for child in inline.children or []:
        if child.type == "strong_open":
            words = []
        elif child.type == "strong_close" and words is not None:
            yield " ".join("".join(words).split())
            words = None
        elif words is not None:
            words.append(child.content or " ")
