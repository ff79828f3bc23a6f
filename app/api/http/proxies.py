"""What a proxy in front says of its caller (settings.md#behind-a-reverse-proxy).

Believed of the addresses alone that the site names: anybody may write such headers.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware


class TrustedProxies:
    """Gives a request the host, scheme and address that the caller had; pure ASGI."""

    def __init__(self, app: ASGIApp, addresses: list[str]) -> None:
        self._app = app
        # for the scheme and the address; the host it leaves alone
        self._forwarded = ProxyHeadersMiddleware(app, addresses)  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, as its caller has sent it to the proxy."""
        client = scope.get("client")
        if not client or client[0] not in self._forwarded.trusted_hosts:
            await self._app(scope, receive, send)
            return
        scope = {**scope, "headers": _with_host(scope)}
        await self._forwarded(scope, receive, send)  # type: ignore[arg-type]


def is_trusted_by(addresses: list[str]) -> Callable[[str], bool]:
    """Return what tells whether an address is one of these proxies and networks."""
    middleware = ProxyHeadersMiddleware(None, addresses)  # type: ignore[arg-type]
    return middleware.trusted_hosts.__contains__


def _with_host(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Return the headers, Host being the one that the browser asked for."""
    sent: list[tuple[bytes, bytes]] = list(scope["headers"])
    host = _host_asked_for(Headers(scope=scope))
    if host is None:
        return sent
    others = [(name, value) for name, value in sent if name != b"host"]
    return [(b"host", host.encode("latin-1")), *others]


def _host_asked_for(headers: Headers) -> str | None:
    """Return what the proxy says, or the browser; None when neither does.

    A proxy with nginx' defaults names itself as Host and says nothing else. A browser
    that says ``same-origin`` asked the very host of its Origin, and no page can make it
    say so (Fetch Metadata).
    """
    # the nearest proxy appends its own
    forwarded = headers.get("x-forwarded-host", "").rpartition(",")[2].strip()
    if forwarded:
        return forwarded
    if headers.get("sec-fetch-site") != "same-origin":
        return None
    try:
        return urlsplit(headers.get("origin", "")).netloc or None
    # brackets that do not match
    except ValueError:
        return None
