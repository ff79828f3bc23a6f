"""Refuses what another site's page sends with our cookie (contract.md#who-asks)."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import Scope

from app.auth.cookies import our_cookies_in

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def is_cross_site(scope: Scope) -> bool:
    """Tell whether a request with our cookie comes from another site's page.

    Only unsafe requests and socket upgrades are looked at. Absent headers
    pass: programs send none.
    """
    is_socket = scope["type"] == "websocket"
    if not is_socket and scope["method"] in SAFE_METHODS:
        return False
    connection = HTTPConnection(scope)
    return bool(our_cookies_in(connection)) and has_foreign_origin(connection.headers)


def has_foreign_origin(headers: Headers) -> bool:
    """Tell whether another site's page sent this, whatever cookies it carries.

    Signing in asks this by itself: before it there is no cookie of ours.
    """
    origin = headers.get("origin")
    # hosts alone: behind a proxy for TLS our own scheme is another. `null`, of a
    # sandboxed frame, has no host and is foreign
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        return True
    site = headers.get("sec-fetch-site")
    # none: typed, or from a bookmark
    return site is not None and site not in ("same-origin", "none")
