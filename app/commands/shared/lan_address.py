"""By which address a phone in the building reaches this machine."""

import fcntl
import ipaddress
import socket
import struct
from collections.abc import Iterator

ANY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 (compared, not bound)
_SIOCGIFADDR = 0x8915  # Linux, netdevice(7): an interface's IPv4 address


def reachable_address(host: str) -> str | None:
    """Return the address that leads to a server listening on ``host``.

    None when it listens everywhere and this machine has no address but its own
    loopback. The default route goes before the interfaces in their order.
    """
    if host not in ANY_ADDRESS:
        return host
    return next(filter(_is_routable, _addresses()), None)


def reachable_addresses(host: str) -> list[str]:
    """Return every address by which other machines reach what listens on ``host``.

    Empty when none can: it listens on this machine's loopback alone, or the machine
    has no other address.
    """
    candidates = _addresses() if host in ANY_ADDRESS else iter([host])
    return list(dict.fromkeys(filter(_is_routable, candidates)))


def web_address(host: str, port: int) -> str:
    """Return the address to type into a browser."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _addresses() -> Iterator[str]:
    yield from _of_default_route()
    yield from _of_interfaces()
    yield from _of_own_name()


def _is_routable(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    # a name: others reach it, but for this machine's name for itself
    except ValueError:
        return address != "localhost"
    return not (parsed.is_loopback or parsed.is_unspecified or parsed.is_link_local)


def _of_default_route() -> Iterator[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: picks the route
        except OSError:
            return
        yield str(probe.getsockname()[0])


def _of_interfaces() -> Iterator[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(probe, _SIOCGIFADDR, request)
            except OSError:
                continue  # it has no IPv4 address, or this is no Linux
            # struct ifreq: 16 bytes of name, 4 of family and port, then the address
            yield socket.inet_ntoa(answer[20:24])


def _of_own_name() -> Iterator[str]:
    try:
        infos = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return
    for *_, address in infos:
        yield str(address[0])
