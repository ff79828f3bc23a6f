"""Where a printer is and what may be expected of it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_PORT = 9100


@dataclass(frozen=True, slots=True)
class PrinterAddress:
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


def parse_address(text: str, *, reports_status: bool = True) -> PrinterAddress:
    """Read `tcp://host:port`; without a port, 9100.

    Raises ValueError with a sentence an administrator can act on.
    """
    example = "Write it like tcp://192.168.1.50:9100."
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as error:
        raise ValueError(f"Printer address {text!r}: {error}. {example}") from error
    if parts.scheme != "tcp":
        raise ValueError(f"Printer address {text!r} must begin with tcp://. {example}")
    if not parts.hostname or parts.username is not None:
        raise ValueError(f"Printer address {text!r} names no host. {example}")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(f"Printer address {text!r} ends with too much. {example}")
    if port == 0:
        raise ValueError(f"Printer address {text!r}: no printer has port 0. {example}")
    return PrinterAddress(parts.hostname, port or DEFAULT_PORT, reports_status)
