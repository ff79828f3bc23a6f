"""What the person before the screen chose: language, theme, contrast, text size.

An address gives it (`?lang=en`), a cookie keeps it, and nothing is stored here.
"""

from dataclasses import dataclass, fields
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.web.i18n import LANGUAGES, Language, negotiate, supported_language

CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "lang": LANGUAGES,
    "theme": ("light", "dark"),
    "contrast": ("normal", "high"),
    "text": ("normal", "large"),
}
"""Query name → its possible values; the cookie is the name after `antrean_`."""

YEAR_SECONDS: Final = 365 * 24 * 3600


@dataclass(frozen=True)
class Preferences:
    """How one page is to be shown."""

    lang: Language = "id"
    theme: str = "light"
    contrast: str = "normal"
    text: str = "normal"


def read_preferences(request: HTTPConnection, defaults: Preferences) -> Preferences:
    """Return what the address says, else the cookie, else `defaults`.

    A value that is not on offer is ignored.
    """
    values = {**_cookie_values(request), **_query_values(request)}
    selected = {
        f.name: values.get(f.name, getattr(defaults, f.name))
        for f in fields(Preferences)
    }
    return Preferences(**selected)


def set_preference_cookies(request: HTTPConnection, response: Response) -> None:
    """Keep in cookies what the address says, for the pages that follow."""
    for name, value in _query_values(request).items():
        response.set_cookie(
            f"antrean_{name}",
            value,
            max_age=YEAR_SECONDS,
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )


def api_language(request: HTTPConnection) -> Language:
    """Return the language for an answer to a program: by Accept-Language."""
    requested = supported_language(request.query_params.get("lang"))
    return requested or negotiate(request.headers.get("accept-language"))


def _query_values(request: HTTPConnection) -> dict[str, str]:
    values = {name: request.query_params.get(name) for name in CHOICES}
    return _valid_values(values)


def _cookie_values(request: HTTPConnection) -> dict[str, str]:
    values = {name: request.cookies.get(f"antrean_{name}") for name in CHOICES}
    return _valid_values(values)


def _valid_values(values: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value in CHOICES[name]}
