"""A paired screen's cookie is renewed with each page: a pairing in use never ends.

Browsers keep no cookie for more than 400 days; without this a pairing would end so
long after it was made.
"""

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth.cookies import DEVICE_COOKIE_SECONDS, DEVICE_COOKIES, set_cookie
from app.auth.credentials import Credentials
from app.clock import Now


class CookieRenewal:
    """Sets a page's device cookies anew, those that are good."""

    def __init__(
        self, app: ASGIApp, *, credentials: Credentials, clock: Now, secure: bool
    ) -> None:
        self._app = app
        self._credentials, self._clock, self._secure = credentials, clock, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request; only the answer of a page is changed."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return

        async def send_renewed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._renew(HTTPConnection(scope), MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, send_renewed)

    def _renew(self, connection: HTTPConnection, headers: MutableHeaders) -> None:
        if not headers.get("content-type", "").startswith("text/html"):
            return
        answered = " ".join(headers.getlist("set-cookie"))
        for name in DEVICE_COOKIES.values():
            secret = connection.cookies.get(name)
            if not secret or f"{name}=" in answered:
                continue
            if self._credentials.of(secret, self._clock) is not None:
                headers.append("set-cookie", self._cookie(name, secret))

    def _cookie(self, name: str, secret: str) -> str:
        carrier = Response()
        set_cookie(
            carrier,
            name,
            secret,
            seconds=DEVICE_COOKIE_SECONDS,
            secure=self._secure,
        )
        return carrier.headers["set-cookie"]
