"""What is looked at before any route: size, media type, origin; and the access log.

Pure ASGI: no task for a request that is well, and no buffer unless it does not say
how long it is: a route that reads no body would never come to count it. The log holds
the route's template, never a query string and never a ticket's token.
"""

import logging
import time
from collections import deque
from typing import NamedTuple

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.http.problems import problem_response
from app.auth.access import callers
from app.auth.cross_site import SAFE_METHODS, is_cross_site
from app.errors import AntreanError, CrossSite, Invalid, NotJson, TooLarge

access = logging.getLogger("antrean.access")

MAX_BODY_BYTES = 64 * 1024
API_PREFIX = "/api/"


class BodyForm(NamedTuple):
    """What a body may be: its media type, and how many bytes."""

    media: str
    max_bytes: int


JSON = BodyForm("application/json", MAX_BODY_BYTES)
FORMS = {"/api/v1/config": BodyForm("application/yaml", 4 * 1024 * 1024)}
"""By path, what is no JSON (contract.md#config)."""


class RequestGuard:
    """Refuses what no route should have to look at."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it with a problem document."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        recorder = _ResponseRecorder(send)
        started_at = time.perf_counter()
        try:
            _require_acceptable(scope)
            max_bytes = _form_of(scope).max_bytes
            limited_receive: Receive = _LimitedReceive(receive, max_bytes)
            if _has_unknown_length(scope):
                limited_receive = await _read_whole(limited_receive)
            await self._app(scope, limited_receive, recorder)
        except (CrossSite, NotJson, TooLarge, Invalid) as refusal:
            await _refuse(scope, receive, recorder, refusal)
        finally:
            _log(scope, recorder.status, time.perf_counter() - started_at)


class _ResponseRecorder:
    """Passes the answer on, for nobody to keep unless it says so; knows its status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            # unless the route says otherwise, as static files do
            headers.setdefault("Cache-Control", "no-store")
            headers.setdefault("X-Content-Type-Options", "nosniff")
        await self._send(message)


class _LimitedReceive:
    """Passes the body on and stops when it grows too large."""

    def __init__(self, receive: Receive, max_bytes: int) -> None:
        self._receive = receive
        self._max_bytes = max_bytes
        self._size = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > self._max_bytes:
            raise TooLarge(self._max_bytes)
        return message


def _form_of(scope: Scope) -> BodyForm:
    return FORMS.get(scope["path"], JSON)


def _has_unknown_length(scope: Scope) -> bool:
    return scope["method"] not in SAFE_METHODS and "transfer-encoding" in Headers(
        scope=scope
    )


async def _read_whole(receive: Receive) -> Receive:
    """Return what gives a body again that was read to its end; raises ``TooLarge``."""
    messages: deque[Message] = deque()
    while not messages or messages[-1].get("more_body"):
        messages.append(await receive())

    async def replay() -> Message:
        return messages.popleft() if messages else await receive()

    return replay


def _require_acceptable(scope: Scope) -> None:
    if scope["method"] in SAFE_METHODS:
        return
    if is_cross_site(scope):
        raise CrossSite
    headers = Headers(scope=scope)
    length = headers.get("content-length", "0")
    # int() alone takes "+5", "1_0" and digits of other scripts as well
    if not length.isascii() or not length.isdigit():
        raise Invalid("Content-Length is no number.")
    form = _form_of(scope)
    if int(length) > form.max_bytes:
        raise TooLarge(form.max_bytes)
    has_body = int(length) > 0 or "transfer-encoding" in headers
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    # outside the API, pages send forms
    if has_body and scope["path"].startswith(API_PREFIX) and media != form.media:
        raise NotJson(f"The body must be {form.media}.")


async def _refuse(
    scope: Scope, receive: Receive, recorder: _ResponseRecorder, refusal: AntreanError
) -> None:
    # half an answer is on its way: a second beginning would spoil the connection
    if recorder.status:
        return
    response = problem_response(HTTPConnection(scope), refusal)
    await response(scope, receive, recorder)


def _log(scope: Scope, status: int, seconds: float) -> None:
    if not access.isEnabledFor(logging.INFO):
        return
    connection = HTTPConnection(scope)
    access.info(
        "%s %s %s %s %d %.1fms",
        connection.client.host if connection.client else "-",
        _actor(connection),
        scope["method"],
        # the router notes it in the scope; it is not there where no route matched
        getattr(scope.get("route"), "path", "-"),
        status,
        seconds * 1000,
    )


def _actor(connection: HTTPConnection) -> str:
    """Return who asked, such as ``staff:3``, by no name; ``-`` for a stranger."""
    try:
        actor = next(iter(callers(connection)), None)
    except AntreanError:
        return "?"
    return actor.credential if actor else "-"
