"""A refusal at the kiosk is shown in the kiosk's own frame, with a way back."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from app.errors import AntreanError, Forbidden, Unauthenticated
from app.kiosk.pages import show
from app.kiosk.url_state import START
from app.web.problems import problem_text

logger = logging.getLogger(__name__)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class KioskRoute(APIRoute):
    """A route whose refusals are pages; a screen that is no kiosk is to be paired."""

    def get_route_handler(self) -> Handler:
        """Return FastAPI's handler with the refusals caught."""
        handle = super().get_route_handler()

        async def handle_errors(request: Request) -> Response:
            try:
                return await handle(request)
            except (Unauthenticated, Forbidden):
                # it shows a code, so that the screen can be paired
                return RedirectResponse(START, 303)
            except AntreanError as refusal:
                return _error_page(request, refusal.status_code, refusal.code)
            except RequestValidationError:
                return _error_page(request, 422, "invalid")
            except HTTPException as refusal:  # a form that is no form
                return _error_page(request, refusal.status_code, "invalid")
            except Exception:
                logger.exception("a kiosk page broke path=%s", self.path)
                return _error_page(request, 500, "internal")

        return handle_errors


def _error_page(request: Request, status: int, code: str) -> Response:
    return show(
        request,
        "problem.html",
        status_code=status,
        code=code,
        problem_text=problem_text,
    )
