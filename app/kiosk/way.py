"""What a visitor chose, carried from page to page in the address alone.

No cookie: the next visitor starts in Indonesian, in normal size and contrast,
with nothing chosen.
"""

from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request

from app.kiosk.chosen import Chosen, chosen_in
from app.web.i18n import DEFAULT, Language, supported
from app.web.preferences import CHOICES, Preferences

START: Final = "/kiosk"
PLAIN: Final = "normal"


@dataclass(frozen=True)
class Way:
    """How one visitor's pages are shown, and what that visitor chose so far."""

    language: Language = DEFAULT
    text: str = PLAIN
    contrast: str = PLAIN
    chosen: Chosen = field(default_factory=Chosen)

    def to(self, path: str, **query: str | int) -> str:
        """Return an address that keeps the choices; the usual ones go unsaid."""
        said = {**self.said(), **query}
        return f"{path}?{urlencode(said)}" if said else path

    def speaking(self, language: Language) -> "Way":
        """Return the same way in another language."""
        return replace(self, language=language)

    def choosing(self, chosen: Chosen) -> "Way":
        """Return the same way with another choice."""
        return replace(self, chosen=chosen)

    def chosen_once(self) -> "Way":
        """Return the same way with nothing chosen: the number has been drawn."""
        return self.choosing(Chosen())

    def switching(self, **shown: str) -> "Way":
        """Return the same way in another text size or contrast."""
        return replace(self, **shown)  # type: ignore[arg-type]

    @property
    def shown(self) -> Preferences:
        """Return how a page is to be shown."""
        return Preferences(lang=self.language, text=self.text, contrast=self.contrast)

    @property
    def is_large(self) -> bool:
        """Tell whether this visitor reads large text."""
        return self.text != PLAIN

    @property
    def is_plain(self) -> bool:
        """Tell whether this is how every new visitor starts."""
        return self == Way()

    def said(self) -> dict[str, str]:
        """Return what an address has to say of this way."""
        usual = {"lang": DEFAULT, "text": PLAIN, "contrast": PLAIN}
        now = {"lang": self.language, "text": self.text, "contrast": self.contrast}
        shown = {name: value for name, value in now.items() if value != usual[name]}
        return {**shown, **self.chosen.said()}


def way_of(request: Request) -> Way:
    """Read the choices from an address; what is not on offer counts as not said."""
    return Way(
        language=supported(request.query_params.get("lang")) or DEFAULT,
        text=_on_offer(request, "text"),
        contrast=_on_offer(request, "contrast"),
        chosen=chosen_in(request.query_params),
    )


def _on_offer(request: Request, name: str) -> str:
    value = request.query_params.get(name, PLAIN)
    return value if value in CHOICES[name] else PLAIN
