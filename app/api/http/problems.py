"""Every refusal as ``application/problem+json`` (RFC 9457), or as a page."""

import json
import logging
from collections.abc import Sequence
from datetime import date, datetime
from math import ceil
from typing import Any

from fastapi import FastAPI, Request, WebSocket
from fastapi.exceptions import (
    RequestValidationError,
    WebSocketRequestValidationError,
)
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match
from starlette.types import Scope

from app.clock import iso
from app.errors import AntreanError, Invalid
from app.web.preferences import api_language
from app.web.problems import problem_page, problem_text, wants_html
from app.web.staff_sign_in import same_site_path

logger = logging.getLogger(__name__)

CODES = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
}
MAX_FIELDS = 10
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def install(app: FastAPI) -> None:
    """Let this app answer every refusal with a problem, the framework's own too."""
    app.add_exception_handler(AntreanError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(WebSocketRequestValidationError, _invalid_socket)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _broken)


def problem_response(connection: HTTPConnection, refusal: AntreanError) -> Response:
    """Return a refusal as a problem document."""
    return _problem(
        connection,
        refusal.status_code,
        refusal.code,
        str(refusal),
        refusal.details,
        refusal.wording,
    )


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, AntreanError)  # noqa: S101 (registered for it)
    if wants_html(request):
        return problem_page(request, status=error.status_code, code=error.code)
    return problem_response(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    if wants_html(request):
        return problem_page(request, status=422, code="invalid")
    fields = _fields(error.errors())
    return _problem(request, 422, "invalid", _field_text(fields), {"fields": fields})


async def _invalid_socket(
    websocket: WebSocket, error: WebSocketRequestValidationError
) -> None:
    refusal = Invalid(_field_text(_fields(error.errors())))
    await websocket.send_denial_response(problem_response(websocket, refusal))


async def _framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if isinstance(error.__cause__, AntreanError):  # refused while the body was read
        return await _refused(request, error.__cause__)
    # 400 is FastAPI's for a body that it cannot parse; the contract says 422
    status = 422 if error.status_code == 400 else error.status_code
    code = CODES.get(status, "refused")
    page = without_last_slash(request) if status == 404 else None
    if page is not None:
        return RedirectResponse(page, 307)
    if wants_html(request):
        response: Response = problem_page(request, status=status, code=code)
    else:
        response = _problem(request, status, code, str(error.detail), {})
    response.headers.update(error.headers or {})
    if status == 405:
        response.headers["Allow"] = ", ".join(allowed_methods(request))
    return response


def without_last_slash(request: Request) -> str | None:
    """Return the page that a person means who typed a slash too many, if any."""
    path = same_site_path(request.url.path.rstrip("/"))
    if path is None or path == request.url.path or not wants_html(request):
        return None
    return path if _has_route({**request.scope, "path": path}, request) else None


def allowed_methods(request: Request) -> list[str]:
    """Return every method that the request's path has (RFC 9110, 15.5.6).

    The framework names those of the first route alone, though each method of a path
    may be a route of its own; and it knows nothing of HEAD (``HeadRequests``).
    """
    allowed = [
        method
        for method in METHODS
        if _has_route({**request.scope, "method": method}, request)
    ]
    return [*allowed, "HEAD"] if "GET" in allowed else allowed


def _has_route(scope: Scope, request: Request) -> bool:
    routes = request.app.router.routes
    return any(route.matches(scope)[0] is Match.FULL for route in routes)


async def _broken(request: Request, error: Exception) -> Response:
    logger.error("a request broke path=%s", request.scope.get("route"), exc_info=error)
    if wants_html(request):
        return problem_page(request, status=500, code="internal")
    return _problem(request, 500, "internal", "Something in the server broke.", {})


def _problem(
    connection: HTTPConnection,
    status: int,
    code: str,
    detail: str,
    details: Any,
    wording: str | None = None,
) -> Response:
    words = problem_text(wording or code, api_language(connection))
    body = {
        "type": "about:blank",
        "title": words.title,
        "advice": words.advice,
        "status": status,
        "code": code,
        "detail": detail,
        **details,
    }
    text = json.dumps(body, default=_json_value)
    headers = {"Cache-Control": "no-store"}
    if "retry_after_seconds" in details:
        # whole seconds, upwards: sooner it would be refused again
        headers["Retry-After"] = str(max(1, ceil(details["retry_after_seconds"])))
    if status == 401:
        # which every 401 must have (RFC 9110)
        headers["WWW-Authenticate"] = "Bearer"
    if status == 413:
        headers["Connection"] = "close"  # the rest of the body is not read
    return Response(text, status, headers, "application/problem+json")


def _fields(errors: Sequence[Any]) -> list[dict[str, str]]:
    return [
        {"where": ".".join(map(str, error["loc"])), "cause": error["msg"]}
        for error in errors[:MAX_FIELDS]
    ]


def _field_text(fields: list[dict[str, str]]) -> str:
    return "; ".join(f"{field['where']}: {field['cause']}" for field in fields)


def _json_value(value: object) -> Any:
    if isinstance(value, BaseModel):
        return json.loads(value.model_dump_json())
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
