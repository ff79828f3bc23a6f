"""One page of the administration: what all of them know."""

from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse

from app.auth.access import CLOSERS, RECEPTION
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
        today=context_of(request).clock.now(),
        problem_text=problem_text,
        problem=problem,
        **frame_fields(actor),
        **context,
    )


def frame_fields(actor: Actor) -> dict[str, Any]:
    """Return what ``frame.html`` asks for: who reads, and which parts are theirs."""
    return {
        "actor": actor,
        "is_closer": actor.role in CLOSERS,
        "is_reception": actor.role in RECEPTION,
    }
