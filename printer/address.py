"""Where a printer is and what may be expected of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast, get_args
from urllib.parse import SplitResult, parse_qsl, urlsplit

DEFAULT_PORT = 9100
DEFAULT_BAUD = 9600

Parity = Literal["none", "even", "odd"]
Flow = Literal["none", "rtscts", "xonxoff"]

_USB = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """A printer on the network.

    `reports_status` is set at pairing: False for models that never answer
    `DLE EOT`. Their slips end as `sent`, which is all that can be known.
    """

    host: str
    port: int = DEFAULT_PORT
    reports_status: bool = True

    def __str__(self) -> str:
        """Return the address as an administrator writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tcp://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class SerialAddress:
    """A printer on a serial line of this machine; `baud` in bits a second."""

    device: str
    baud: int = DEFAULT_BAUD
    parity: Parity = "none"
    flow: Flow = "none"
    reports_status: bool = True

    def __str__(self) -> str:
        """Return the address as an administrator writes it."""
        said = [f"baud={self.baud}"]
        said += [f"parity={self.parity}"] if self.parity != "none" else []
        said += [f"flow={self.flow}"] if self.flow != "none" else []
        return f"serial://{self.device}?{'&'.join(said)}"


@dataclass(frozen=True, slots=True)
class FileAddress:
    """A printer behind a device file of this machine."""

    path: str
    reports_status: bool = True

    def __str__(self) -> str:
        """Return the address as an administrator writes it."""
        return f"file://{self.path}"


@dataclass(frozen=True, slots=True)
class UsbAddress:
    """A USB printer of this machine, by maker, model and perhaps serial number."""

    vendor: int
    product: int
    serial: str | None = None
    reports_status: bool = True

    def __str__(self) -> str:
        """Return the address as an administrator writes it."""
        tail = f"/{self.serial}" if self.serial else ""
        return f"usb://{self.vendor:04x}:{self.product:04x}{tail}"


PrinterAddress = TcpAddress | SerialAddress | FileAddress | UsbAddress


def parse_address(text: str, *, reports_status: bool = True) -> PrinterAddress:
    """Read `tcp://`, `serial://`, `file://` or `usb://`.

    Raises ValueError with a sentence an administrator can act on.
    """
    scheme = text.strip().partition("://")[0].lower()
    example, read = _SCHEMES.get(scheme, _SCHEMES["tcp"])
    try:
        parts = urlsplit(text.strip())
        if parts.scheme not in _SCHEMES:
            raise ValueError("must begin with tcp://, serial://, file:// or usb://")
        return read(parts, reports_status)
    except ValueError as error:
        raise ValueError(
            f"Printer address {text!r} cannot be used: {error}."
            f" Write it like {example}."
        ) from error


def _tcp(parts: SplitResult, reports_status: bool) -> TcpAddress:
    port = parts.port
    if not parts.hostname or parts.username is not None:
        raise ValueError("it names no host")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("it ends with too much")
    if port == 0:
        raise ValueError("no printer has port 0")
    return TcpAddress(parts.hostname, port or DEFAULT_PORT, reports_status)


def _serial(parts: SplitResult, reports_status: bool) -> SerialAddress:
    said = dict(parse_qsl(parts.query, keep_blank_values=True))
    baud = said.pop("baud", str(DEFAULT_BAUD))
    parity, flow = said.pop("parity", "none"), said.pop("flow", "none")
    if said:
        raise ValueError(f"nothing is called {', '.join(said)}")
    if not (baud.isascii() and baud.isdigit() and int(baud)):
        raise ValueError("baud is not a number")
    if parity not in get_args(Parity):
        raise ValueError(f"parity is one of {', '.join(get_args(Parity))}")
    if flow not in get_args(Flow):
        raise ValueError(f"flow is one of {', '.join(get_args(Flow))}")
    return SerialAddress(
        _path(parts), int(baud), cast(Parity, parity), cast(Flow, flow), reports_status
    )


def _file(parts: SplitResult, reports_status: bool) -> FileAddress:
    if parts.query:
        raise ValueError("it ends with too much")
    return FileAddress(_path(parts), reports_status)


def _usb(parts: SplitResult, reports_status: bool) -> UsbAddress:
    found = _USB.fullmatch(parts.netloc)
    serial = parts.path.removeprefix("/")
    if found is None:
        raise ValueError("it needs maker and model, four hexadecimal digits each")
    if "/" in serial or parts.query or parts.fragment:
        raise ValueError("it ends with too much")
    vendor, product = (int(digits, 16) for digits in found.groups())
    return UsbAddress(vendor, product, serial or None, reports_status)


def _path(parts: SplitResult) -> str:
    if parts.netloc or not parts.path.startswith("/") or parts.path == "/":
        raise ValueError("it needs three slashes and the path of the device")
    if parts.fragment or "\0" in parts.path:
        raise ValueError("it ends with too much")
    return parts.path


_SCHEMES: dict[str, tuple[str, Callable[[SplitResult, bool], PrinterAddress]]] = {
    "tcp": ("tcp://192.168.1.50:9100", _tcp),
    "serial": ("serial:///dev/ttyUSB0?baud=9600", _serial),
    "file": ("file:///dev/usb/lp0", _file),
    "usb": ("usb://04b8:0e15", _usb),
}
