"""A page of the kiosk: in the visitor's language, with what every one of them needs."""

from functools import partial
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse

from app.context import context_of
from app.kiosk.url_state import START, url_state_of
from app.web.availability_words import closed_words
from app.web.pages import page, site_info_of


def show(
    request: Request, template: str, *, status_code: int = 200, **context: Any
) -> HTMLResponse:
    """Render a template; ``closed(reason, until)`` there puts a closure into words."""
    url_state = url_state_of(request)
    now = context_of(request).clock.now()
    closed = partial(
        closed_words,
        now=now,
        zone=site_info_of(request).zone,
        language=url_state.language,
    )
    return page(
        request,
        f"kiosk/{template}",
        fixed_preferences=url_state.preferences,
        status_code=status_code,
        url_state=url_state,
        now=now,
        # a form's own address shows nothing, so its language switch starts over
        path=request.url.path if request.method == "GET" else START,
        closed=closed,
        **context,
    )
