"""Where visitors' phones reach the server: what is no such address, and what few open.

The slip's QR code leads there (import.md).
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

FORM = "http://HOST or https://HOST"
MAX_CHARACTERS = 200
_LABEL = re.compile(r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?", re.IGNORECASE)
_THIS_MACHINE = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})

THIS_MACHINE = "public-url-this-machine"
NO_ADDRESS = "public-url-no-address"
LINK_LOCAL = "public-url-link-local"
WARNINGS = {
    THIS_MACHINE: "no phone can open it: it leads every phone to itself",
    NO_ADDRESS: "no phone can open it: it is the address of no machine",
    LINK_LOCAL: "phones rarely open it: it is an address that a machine gives itself"
    " where no network gives one",
}
"""By code, why a QR code with this address fails visitors."""


def public_url_of(text: str) -> str:
    """Return the address without its last slash: paths are put behind it.

    Raises ``ValueError`` when no phone could ever open it, or when it has a path: the
    server knows its own pages at the root alone.
    """
    try:
        url = urlsplit(text)
        # urlsplit takes any port; asking for it raises
        port = url.port
    except ValueError:
        raise ValueError(f"must be {FORM}, not {text!r}") from None
    if url.scheme not in ("http", "https") or port == 0 or not _is_bare(url, text):
        raise ValueError(f"must be {FORM}, not {text!r}")
    if not _is_possible(url.hostname or ""):
        raise ValueError(f"must be {FORM}, and no machine is called {text!r}")
    if url.path.strip("/"):
        raise ValueError(f"must be {FORM} without a path, not {text!r}")
    return text.rstrip("/")


def public_url_warning(url: str) -> str | None:
    """Return the code of what keeps visitors' phones from this address, or None."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host in _THIS_MACHINE or host.endswith(".localhost"):
        return THIS_MACHINE
    try:
        address = ipaddress.ip_address(host)
    # a name: whether the hall's network knows it, only the hall can say
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback:
        return THIS_MACHINE
    if address.is_unspecified:
        return NO_ADDRESS
    return LINK_LOCAL if address.is_link_local else None


def _is_bare(url: SplitResult, text: str) -> bool:
    rest = url.query or url.fragment or url.username is not None
    is_plain = text.isascii() and text.isprintable() and " " not in text
    # a lone ? or # leaves no query, and would swallow the ticket's path
    has_sign = "?" in text or "#" in text
    is_short = len(text) <= MAX_CHARACTERS
    return bool(url.hostname) and is_plain and is_short and not (rest or has_sign)


def _is_possible(host: str) -> bool:
    if ":" in host:
        # a zone (%eth0) is one machine's own name for its network
        return "%" not in host and not ipaddress.ip_address(host).is_multicast
    labels = host.removesuffix(".").split(".")
    # browsers read a host that ends in a number as an IPv4 address (WHATWG URL)
    if labels[-1].isdigit():
        return _is_possible_ipv4(host)
    return len(host) <= 253 and all(map(_LABEL.fullmatch, labels))


def _is_possible_ipv4(host: str) -> bool:
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError:
        return False
    is_for_many = address.is_multicast or address == ipaddress.IPv4Address(2**32 - 1)
    return not is_for_many
