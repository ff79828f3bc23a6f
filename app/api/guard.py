"""What is looked at before any route: size, media type, origin; and the access log.

Pure ASGI: no task for a request that is well, and no buffer unless it does not say
how long it is: a route that reads no body would never come to count it. The log holds
the route's template, never a query string and never a ticket's token.
"""

import logging
import time
from collections import deque

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import problem_response
from app.auth.crosssite import SAFE, is_cross_site
from app.errors import AntreanError, CrossSite, Invalid, NotJson, TooLarge

access = logging.getLogger("antrean.access")

LARGEST_BODY = 64 * 1024
API = "/api/"


class Guard:
    """Refuses what no route should have to look at."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it with a problem document."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = _Sent(send)
        began = time.perf_counter()
        try:
            _look_at(scope)
            counted: Receive = _Counted(receive)
            if _hides_its_length(scope):
                counted = await _read_whole(counted)
            await self._app(scope, counted, sent)
        except (CrossSite, NotJson, TooLarge, Invalid) as refusal:
            await _refuse(scope, receive, sent, refusal)
        finally:
            _log(scope, sent.status, time.perf_counter() - began)


class _Sent:
    """Passes the answer on, for nobody to keep unless it says so; knows its status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers.setdefault("Cache-Control", "no-store")
            headers.setdefault("X-Content-Type-Options", "nosniff")
        await self._send(message)


class _Counted:
    """Passes the body on and stops when it grows too large."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._size = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > LARGEST_BODY:
            raise TooLarge
        return message


def _hides_its_length(scope: Scope) -> bool:
    return scope["method"] not in SAFE and "transfer-encoding" in Headers(scope=scope)


async def _read_whole(receive: Receive) -> Receive:
    """Return what gives a body again that was read to its end; raises ``TooLarge``."""
    read: deque[Message] = deque()
    while not read or read[-1].get("more_body"):
        read.append(await receive())

    async def again() -> Message:
        return read.popleft() if read else await receive()

    return again


def _look_at(scope: Scope) -> None:
    if scope["method"] in SAFE:
        return
    if is_cross_site(scope):
        raise CrossSite
    headers = Headers(scope=scope)
    length = headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit():
        raise Invalid("Content-Length is no number.")
    if int(length) > LARGEST_BODY:
        raise TooLarge
    has_body = int(length) > 0 or "transfer-encoding" in headers
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if has_body and scope["path"].startswith(API) and media != "application/json":
        raise NotJson


async def _refuse(
    scope: Scope, receive: Receive, sent: _Sent, refusal: AntreanError
) -> None:
    if sent.status:
        return
    response = problem_response(HTTPConnection(scope), refusal)
    await response(scope, receive, sent)


def _log(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "-")
    access.info("%s %s %d %.1fms", scope["method"], route, status, seconds * 1000)
