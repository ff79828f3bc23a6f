"""What a site wrote for visitors in Indonesian and, where it did, in English."""

from collections.abc import Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict


class ShownText(NamedTuple):
    """A text as a visitor reads it; ``is_substitute``: it is not in their language."""

    text: str
    is_substitute: bool


class LocalText(BaseModel):
    """A text of the site; where English is missing, Indonesian stands in for it.

    Whoever shows it says so (import.md#texts-in-two-languages).
    """

    model_config = ConfigDict(frozen=True)

    text: str
    text_en: str | None = None

    def in_language(self, language: str) -> ShownText:
        """Return what a visitor of this language reads."""
        if language != "en":
            return ShownText(self.text, is_substitute=False)
        return ShownText(self.text_en or self.text, self.text_en is None)


def shown_list(
    texts: Sequence[str] | None, texts_en: Sequence[str] | None, language: str
) -> list[ShownText]:
    """Return a list as a visitor of a language reads it; each language has its own."""
    if language == "en" and texts_en:
        return [ShownText(text, is_substitute=False) for text in texts_en]
    is_substitute = language == "en"
    return [ShownText(text, is_substitute) for text in texts or ()]
