"""A refusal in words for a person: what happened, and what to do next."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.web.i18n import Language, translator
from app.web.pages import page
from app.web.problem_texts import PLAIN, TEXTS


@dataclass(frozen=True)
class ProblemText:
    """A problem in the reader's language."""

    title: str
    advice: str


def wants_html(request: Request) -> bool:
    """Return whether a person's browser is asking for a page, not a program."""
    if request.url.path.startswith(("/api/", "/static/")):
        return False
    return "text/html" in request.headers.get("accept", "")


def problem_text(code: str, language: Language) -> ProblemText:
    """Return the words for a problem's `code`; an unknown code gets plain ones."""
    title, advice = TEXTS.get(code, PLAIN)
    gettext = translator(language).gettext
    return ProblemText(gettext(title), gettext(advice))


def problem_page(
    request: Request,
    *,
    status: int,
    code: str,
    language: Language | None = None,
    **context: Any,
) -> HTMLResponse:
    """Return the page that tells a person about a refusal.

    The code stands small beneath the words, for whoever comes to help.
    """
    return page(
        request,
        "web/problem.html",
        language=language,
        status_code=status,
        code=code,
        problem_text=problem_text,
        **context,
    )
