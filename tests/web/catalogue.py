"""What the sources ask to be translated, and what the catalogue files offer."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from app.web.folders import ROOT, folders_named
from app.web.i18n import LOCALE

Msgid = str | tuple[str, ...]

KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
TEMPLATES = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
SOURCES = ("app", "displays", "counters")


def texts_in_source() -> dict[Msgid, str]:
    """Return every English text in the sources, with a file that asks for it."""
    texts: dict[Msgid, str] = {}
    for file, method in _sources():
        with file.open("rb") as source:
            options = TEMPLATES if method.startswith("jinja2") else {}
            for message in extract(method, source, KEYWORDS, options=options):
                texts.setdefault(message[1], file.relative_to(ROOT).as_posix())
    return texts


def offered(file: Path) -> Catalog:
    """Read one catalogue file; bad syntax raises."""
    with file.open("rb") as source:
        return read_po(source, abort_invalid=True)


def messages(language: str) -> Iterator[tuple[str, Message]]:
    """Yield every message of a language with the name of its file."""
    for file in sorted((LOCALE / language).glob("*.po")):
        for message in offered(file):
            if message.id:
                yield file.name, message


def _sources() -> Iterator[tuple[Path, str]]:
    for folder in SOURCES:
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file, "python"
    for folder_of_part in folders_named("templates").values():
        for file in sorted(folder_of_part.rglob("*.html")):
            yield file, "jinja2.ext:babel_extract"
