"""What the person before the screen chose: language, theme, contrast, text size.

An address says it (`?lang=en`), a cookie keeps it, and nothing is stored here.
"""

from dataclasses import dataclass, fields
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.web.i18n import LANGUAGES, Language, negotiate, supported

CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "lang": LANGUAGES,
    "theme": ("light", "dark"),
    "contrast": ("normal", "high"),
    "text": ("normal", "large"),
}
"""Query name → what may be said; the cookie is the name after `antrean_`."""

YEAR: Final = 365 * 24 * 3600


@dataclass(frozen=True)
class Preferences:
    """How one page is to be shown."""

    lang: Language = "id"
    theme: str = "light"
    contrast: str = "normal"
    text: str = "normal"


def preferences(request: HTTPConnection, otherwise: Preferences) -> Preferences:
    """Return what the address says, else the cookie, else `otherwise`.

    A value that is not on offer counts as not said.
    """
    asked = {**_kept(request), **_said(request)}
    chosen = {
        f.name: asked.get(f.name, getattr(otherwise, f.name))
        for f in fields(Preferences)
    }
    return Preferences(**chosen)


def remember(request: HTTPConnection, response: Response) -> None:
    """Keep in cookies what the address says, for the pages that follow."""
    for name, value in _said(request).items():
        response.set_cookie(
            f"antrean_{name}",
            value,
            max_age=YEAR,
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )


def api_language(request: HTTPConnection) -> Language:
    """Return the language for an answer to a program: by Accept-Language."""
    asked = supported(request.query_params.get("lang"))
    return asked or negotiate(request.headers.get("accept-language"))


def _said(request: HTTPConnection) -> dict[str, str]:
    said = {name: request.query_params.get(name) for name in CHOICES}
    return _on_offer(said)


def _kept(request: HTTPConnection) -> dict[str, str]:
    kept = {name: request.cookies.get(f"antrean_{name}") for name in CHOICES}
    return _on_offer(kept)


def _on_offer(values: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value in CHOICES[name]}
