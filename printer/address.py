"""Where a printer is and what may be expected of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast, get_args
from urllib.parse import SplitResult, parse_qsl, urlsplit

from printer.advice import Advice, Language

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
        options = [f"baud={self.baud}"]
        options += [f"parity={self.parity}"] if self.parity != "none" else []
        options += [f"flow={self.flow}"] if self.flow != "none" else []
        return f"serial://{self.device}?{'&'.join(options)}"


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


class BadAddress(ValueError):
    """An address that cannot be used; says what is wrong and how to write one."""

    def __init__(self, text: str, problem: Advice, example: str) -> None:
        self._text, self._problem, self._example = text, problem, example
        super().__init__(self.in_language("en"))

    def in_language(self, language: Language) -> str:
        """Return a sentence that an administrator can act on."""
        return _SENTENCE.in_language(language).format(
            text=repr(self._text),
            problem=self._problem.in_language(language),
            like=self._example,
        )


class _AddressProblem(ValueError):
    """One thing that is wrong with an address."""

    def __init__(self, indonesian: str, english: str) -> None:
        super().__init__(english)
        self.advice = Advice(indonesian, english)


_SENTENCE = Advice(
    "Alamat printer {text} tidak dapat dipakai: {problem}. Tulis seperti {like}.",
    "Printer address {text} cannot be used: {problem}. Write it like {like}.",
)
_UNREADABLE = Advice(
    "tidak terbaca sebagai alamat; IPv6 ditulis dalam kurung siku",
    "it does not read as an address; IPv6 stands in brackets",
)


def parse_address(text: str, *, reports_status: bool = True) -> PrinterAddress:
    """Read `tcp://`, `serial://`, `file://` or `usb://`; raises BadAddress."""
    scheme = text.strip().partition("://")[0].lower()
    example, read = _SCHEMES.get(scheme, _SCHEMES["tcp"])
    try:
        parts = urlsplit(text.strip())
        if parts.scheme not in _SCHEMES:
            raise _AddressProblem(
                "harus diawali tcp://, serial://, file:// atau usb://",
                "must begin with tcp://, serial://, file:// or usb://",
            )
        return read(parts, reports_status)
    except _AddressProblem as error:
        raise BadAddress(text, error.advice, example) from error
    except ValueError as error:
        raise BadAddress(text, _UNREADABLE, example) from error


def _tcp(parts: SplitResult, reports_status: bool) -> TcpAddress:
    if not parts.hostname or parts.username is not None:
        raise _AddressProblem(
            "tidak menyebut nama atau nomor komputer", "it names no host"
        )
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise _trailing_text()
    return TcpAddress(parts.hostname, _port(parts), reports_status)


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise _AddressProblem(
            "port harus berupa angka dari 1 sampai 65535",
            "its port must be a number from 1 to 65535",
        )
    return port or DEFAULT_PORT


def _serial(parts: SplitResult, reports_status: bool) -> SerialAddress:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    baud = options.pop("baud", str(DEFAULT_BAUD))
    parity, flow = options.pop("parity", "none"), options.pop("flow", "none")
    if options:
        unknown = ", ".join(options)
        raise _AddressProblem(
            f"tidak ada yang bernama {unknown}", f"nothing is called {unknown}"
        )
    if not (baud.isascii() and baud.isdigit() and int(baud)):
        raise _AddressProblem("baud bukan angka", "baud is not a number")
    _require_one_of("parity", parity, get_args(Parity))
    _require_one_of("flow", flow, get_args(Flow))
    return SerialAddress(
        _path(parts), int(baud), cast(Parity, parity), cast(Flow, flow), reports_status
    )


def _require_one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        names = ", ".join(allowed)
        raise _AddressProblem(
            f"{name} salah satu dari {names}", f"{name} is one of {names}"
        )


def _file(parts: SplitResult, reports_status: bool) -> FileAddress:
    if parts.query:
        raise _trailing_text()
    return FileAddress(_path(parts), reports_status)


def _usb(parts: SplitResult, reports_status: bool) -> UsbAddress:
    ids = _USB.fullmatch(parts.netloc)
    serial = parts.path.removeprefix("/")
    if ids is None:
        raise _AddressProblem(
            "perlu kode pembuat dan model, masing-masing empat angka heksadesimal",
            "it needs maker and model, four hexadecimal digits each",
        )
    if "/" in serial or parts.query or parts.fragment:
        raise _trailing_text()
    vendor, product = (int(digits, 16) for digits in ids.groups())
    return UsbAddress(vendor, product, serial or None, reports_status)


def _path(parts: SplitResult) -> str:
    if parts.netloc or not parts.path.startswith("/") or parts.path == "/":
        raise _AddressProblem(
            "perlu tiga garis miring lalu jalur perangkatnya",
            "it needs three slashes and the path of the device",
        )
    if parts.fragment or "\0" in parts.path:
        raise _trailing_text()
    return parts.path


def _trailing_text() -> _AddressProblem:
    return _AddressProblem("ada yang berlebih di ujungnya", "it ends with too much")


_SCHEMES: dict[str, tuple[str, Callable[[SplitResult, bool], PrinterAddress]]] = {
    "tcp": ("tcp://192.168.1.50:9100", _tcp),
    "serial": ("serial:///dev/ttyUSB0?baud=9600", _serial),
    "file": ("file:///dev/usb/lp0", _file),
    "usb": ("usb://04b8:0e15", _usb),
}
