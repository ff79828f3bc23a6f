"""By which address a phone in the building reaches this machine."""

import fcntl
import ipaddress
import socket
import struct
from collections.abc import Iterator

EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 (compared, not bound)
_SIOCGIFADDR = 0x8915  # Linux, netdevice(7): an interface's IPv4 address


def reachable(host: str) -> str | None:
    """Return the address that leads to a server listening on ``host``.

    None when it listens everywhere and this machine has no address but its own
    loopback. The default route goes before the interfaces in their order.
    """
    if host not in EVERY_ADDRESS:
        return host
    return next(filter(_leads_here, _addresses()), None)


def _addresses() -> Iterator[str]:
    yield from _of_default_route()
    yield from _of_interfaces()
    yield from _of_own_name()


def _leads_here(address: str) -> bool:
    known = ipaddress.ip_address(address)
    return not (known.is_loopback or known.is_unspecified or known.is_link_local)


def _of_default_route() -> Iterator[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: picks the route
        except OSError:
            return
        yield str(probe.getsockname()[0])


def _of_interfaces() -> Iterator[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(asked, _SIOCGIFADDR, request)
            except OSError:
                continue  # it has no IPv4 address, or this is no Linux
            yield socket.inet_ntoa(answer[20:24])


def _of_own_name() -> Iterator[str]:
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return
    for *_, address in found:
        yield str(address[0])
