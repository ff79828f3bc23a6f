"""``antrean demo``: seed, say where, serve."""

import socket
import sys

from app.clock import Clock
from app.demo.paper import Demo
from app.demo.seeding import DemoChoices, prepare_demo
from app.settings import Settings
from app.terminal import greet


def run_demo(
    settings: Settings, *, clock: Clock, always_open: bool, printer: str | None
) -> int:
    """Run the demo until it is stopped; ``demo.json`` is written before it is ready."""
    from app.main import create_app
    from app.serving import PortTaken, bind, serve
    from printer.address import parse_address

    try:
        if printer is not None:
            parse_address(printer)
        listening = bind(settings.host, settings.port)
    except (PortTaken, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    settings.data.mkdir(parents=True, exist_ok=True)
    url = f"http://{_reachable(settings.host)}:{listening.getsockname()[1]}"
    choices = DemoChoices(settings.data, url, always_open)
    accounts = prepare_demo(choices, settings.database, clock)
    app = create_app(settings, clock=clock, demo=Demo(printer))
    accounts.write(settings.data / "demo.json")
    greet(accounts, sample_printer=printer is None)
    serve(app, listening)
    return 0


def _reachable(host: str) -> str:
    """Return the address by which a phone in the building reaches this machine."""
    if host not in ("0.0.0.0", "::"):  # noqa: S104 (compared, not bound)
        return f"[{host}]" if ":" in host else host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: picks the route
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
