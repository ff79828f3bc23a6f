"""The words of every screen: English in the source, Indonesian in the catalogue.

Every part of the product has its own file, `locale/<language>/<part>.po`; they are
read at the first use and merged. Nothing is compiled and nothing is committed twice.
"""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

Language = Literal["id", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("id", "en")
DEFAULT: Final[Language] = "id"
PLURAL_FORMS: Final[dict[Language, str]] = {
    "id": "nplurals=1; plural=0;",
    "en": "nplurals=2; plural=(n != 1);",
}
"""Given here, because Babel takes Indonesian to have two forms."""
LOCALE = Path(__file__).parent / "locale"


class CatalogueConflict(ValueError):
    """Two catalogue files give one English text different translations."""

    def __init__(self, msgid: str, file: Path) -> None:
        super().__init__(f"{file.name} translates {msgid!r} unlike an earlier file.")
        self.msgid, self.file = msgid, file


def N_(text: str) -> str:  # noqa: N802 (the name gettext's tools look for)
    """Mark an English text for the catalogue; it is translated where it is shown."""
    return text


@cache
def translator(language: Language) -> NullTranslations:
    """Return the language's `gettext`, `ngettext`, `pgettext` and `npgettext`.

    English is the source language and needs no catalogue. Raises
    CatalogueConflict when two files disagree about one text.
    """
    folder = LOCALE / language
    if not folder.is_dir():
        return NullTranslations()
    return compile_catalogue(merge_catalogues(language, sorted(folder.glob("*.po"))))


def compile_catalogue(catalogue: Catalog) -> Translations:
    """Return a catalogue ready to translate, compiled in memory."""
    # Babel translates from compiled catalogues alone
    mo_file = BytesIO()
    write_mo(mo_file, catalogue)
    mo_file.seek(0)
    return Translations(mo_file)


def merge_catalogues(language: Language, files: list[Path]) -> Catalog:
    """Return one catalogue of all `files`; raise CatalogueConflict."""
    catalogue = Catalog(locale=language)
    catalogue.mime_headers = [("Plural-Forms", PLURAL_FORMS[language])]
    for file in files:
        with file.open("rb") as source:
            part = read_po(source, locale=language, abort_invalid=True)
        for message in part:
            if message.id and message.string and not message.fuzzy:
                _add(catalogue, message, file)
    return catalogue


def _add(catalogue: Catalog, message: Message, file: Path) -> None:
    msgid = message.id if isinstance(message.id, str) else message.id[0]
    translation = message.string
    if isinstance(translation, tuple):
        translation = translation[: catalogue.num_plurals]
    existing = catalogue.get(msgid, message.context)
    if existing is None:
        catalogue.add(message.id, translation, context=message.context)
    elif existing.string != translation:
        raise CatalogueConflict(msgid, file)


def supported_language(value: str | None) -> Language | None:
    """Return `value` as a language this product speaks, or None."""
    return next((language for language in LANGUAGES if language == value), None)


def negotiate(accept_language: str | None) -> Language:
    """Return the best of our languages for an Accept-Language header (RFC 9110).

    Used for programs and phones; what hangs in the hall does not ask the browser.
    """
    best, best_weight = DEFAULT, 0.0
    for part in (accept_language or "").split(","):
        tag, _, weight = part.strip().partition(";q=")
        language = supported_language(tag.split("-")[0].strip().lower())
        if language and (value := _weight(weight)) > best_weight:
            best, best_weight = language, value
    return best


def _weight(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0
