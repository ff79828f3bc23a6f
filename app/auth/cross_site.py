"""Refuses what another site's page sends with our cookie (contract.md#who-asks)."""

from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import Scope

from app.auth.cookies import our_cookies_in

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
DEFAULT_PORTS = {"http": 80, "https": 443}


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
    if origin is not None and not is_same_host(origin, headers.get("host", "")):
        return True
    site = headers.get("sec-fetch-site")
    # none: typed, or from a bookmark
    return site is not None and site not in ("same-origin", "none")


def is_same_host(origin: str, host: str) -> bool:
    """Tell whether an Origin names the host and port of a Host header.

    A port that is left out is the default one of the Origin's scheme (RFC 6454, 4;
    RFC 9110, 4.2). The schemes themselves are not compared: behind a proxy for TLS our
    own is another. What is malformed, and ``null``, of a sandboxed frame, is nobody's.
    """
    try:
        theirs = urlsplit(origin)
        ours = urlsplit(f"{theirs.scheme}://{host}")
        address, our_address = _address(theirs), _address(ours)
    # brackets that do not match, or a port that is no number
    except ValueError:
        return False
    return address[0] is not None and address == our_address


def _address(url: SplitResult) -> tuple[str | None, int | None]:
    if url.username is not None or url.path or url.query or url.fragment:
        return None, None
    return url.hostname, url.port or DEFAULT_PORTS.get(url.scheme)
