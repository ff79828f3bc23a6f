"""What a visitor chose, carried from page to page in the address alone.

No cookie: the next visitor starts in Indonesian, in normal size and contrast,
with nothing chosen.
"""

from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request

from app.kiosk.choices import Choices, choices_from_query
from app.web.i18n import DEFAULT, Language, supported_language
from app.web.preferences import CHOICES, Preferences

START: Final = "/kiosk"
PLAIN: Final = "normal"


@dataclass(frozen=True)
class UrlState:
    """How one visitor's pages are shown, and what that visitor chose so far."""

    language: Language = DEFAULT
    text: str = PLAIN
    contrast: str = PLAIN
    choices: Choices = field(default_factory=Choices)

    def url_for(self, path: str, **query: str | int) -> str:
        """Return an address that keeps the choices; the usual ones are left out."""
        values = {**self.query_values(), **query}
        return f"{path}?{urlencode(values)}" if values else path

    def with_language(self, language: Language) -> "UrlState":
        """Return the same in another language."""
        return replace(self, language=language)

    def with_choices(self, choices: Choices) -> "UrlState":
        """Return the same with another choice."""
        return replace(self, choices=choices)

    def without_choices(self) -> "UrlState":
        """Return the same with nothing chosen: the number has been drawn."""
        return self.with_choices(Choices())

    def with_preferences(self, **preferences: str) -> "UrlState":
        """Return the same in another text size or contrast."""
        return replace(self, **preferences)  # type: ignore[arg-type]

    @property
    def preferences(self) -> Preferences:
        """Return how a page is to be shown."""
        return Preferences(lang=self.language, text=self.text, contrast=self.contrast)

    @property
    def is_large(self) -> bool:
        """Tell whether this visitor reads large text."""
        return self.text != PLAIN

    @property
    def is_plain(self) -> bool:
        """Tell whether this is how every new visitor starts."""
        return self == UrlState()

    def query_values(self) -> dict[str, str]:
        """Return the query values of this state; the usual ones are left out."""
        usual = {"lang": DEFAULT, "text": PLAIN, "contrast": PLAIN}
        now = {"lang": self.language, "text": self.text, "contrast": self.contrast}
        preferences = {
            name: value for name, value in now.items() if value != usual[name]
        }
        return {**preferences, **self.choices.query_values()}


def url_state_of(request: Request) -> UrlState:
    """Read the choices from an address; what is not on offer is ignored."""
    return UrlState(
        language=supported_language(request.query_params.get("lang")) or DEFAULT,
        text=_valid_value(request, "text"),
        contrast=_valid_value(request, "contrast"),
        choices=choices_from_query(request.query_params),
    )


def _valid_value(request: Request, name: str) -> str:
    value = request.query_params.get(name, PLAIN)
    return value if value in CHOICES[name] else PLAIN
