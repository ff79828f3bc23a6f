"""What a visitor chose, carried from page to page in the address alone.

No cookie: the next visitor starts in Indonesian, in normal size and contrast.
"""

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request

from app.web.i18n import DEFAULT, Language, supported
from app.web.preferences import CHOICES

START: Final = "/kiosk"
PLAIN: Final = "normal"


@dataclass(frozen=True)
class Way:
    """The language, text size and contrast of one visitor's pages."""

    language: Language = DEFAULT
    text: str = PLAIN
    contrast: str = PLAIN

    def to(self, path: str, **query: str | int) -> str:
        """Return an address that keeps the choices; the usual ones go unsaid."""
        said = {**self._said(), **query}
        return f"{path}?{urlencode(said)}" if said else path

    def speaking(self, language: Language) -> "Way":
        """Return the same way in another language."""
        return replace(self, language=language)

    @property
    def is_plain(self) -> bool:
        """Tell whether this is how every new visitor starts."""
        return self == Way()

    def _said(self) -> dict[str, str]:
        usual = {"lang": DEFAULT, "text": PLAIN, "contrast": PLAIN}
        now = {"lang": self.language, "text": self.text, "contrast": self.contrast}
        return {name: value for name, value in now.items() if value != usual[name]}


def way_of(request: Request) -> Way:
    """Read the choices from an address; what is not on offer counts as not said."""
    return Way(
        language=supported(request.query_params.get("lang")) or DEFAULT,
        text=_chosen(request, "text"),
        contrast=_chosen(request, "contrast"),
    )


def _chosen(request: Request, name: str) -> str:
    value = request.query_params.get(name, PLAIN)
    return value if value in CHOICES[name] else PLAIN
