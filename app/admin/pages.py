"""One page of the administration: what all of them know."""

from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse

from app.context import context_of
from app.queueing.change import Actor
from app.web.pages import page
from app.web.problems import problem_text


def show(
    request: Request,
    template: str,
    actor: Actor,
    *,
    problem: str | None = None,
    **context: Any,
) -> HTMLResponse:
    """Render a template of this folder; with a problem, as a form to be mended."""
    return page(
        request,
        f"admin/{template}",
        status_code=422 if problem else 200,
        actor=actor,
        today=context_of(request).clock.now(),
        problem_text=problem_text,
        problem=problem,
        **context,
    )
