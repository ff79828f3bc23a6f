"""``antrean demo``: seed, serve, say where."""

import argparse
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from app.clock import SystemClock
from app.commands.shared.data_folder import locked_folder
from app.commands.shared.lan_address import reachable_address
from app.commands.shared.options import add_address, settings_of
from app.commands.shared.site_folder import require_undamaged
from app.demo.greeting import greet
from app.demo.seed import DemoSettings, prepare_demo
from app.demo.server import Demo
from app.errors import AntreanError
from app.process import lasting_imports, raise_descriptor_limit
from printer.address import parse_address

LOOPBACK = "127.0.0.1"


class DemoRefused(AntreanError):
    """The demo cannot run in this way."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    add_address(parser)
    parser.add_argument("--data", type=Path, default=Path(".antrean/demo"))
    parser.add_argument("--printer", metavar="tcp://HOST:PORT", help="a real printer")
    parser.add_argument("--hours", choices=("always", "real"), default="always")
    parser.add_argument(
        "--public-url", metavar="URL", help="where the QR codes on tickets lead"
    )


def run(args: argparse.Namespace) -> int:
    """Run the demo until it is stopped; ``demo.json`` is written before it is ready."""
    with lasting_imports():
        from app.commands.shared.server import bind, serve
        from app.main import create_app

    settings, clock = settings_of(args), SystemClock()
    _require_valid(args.printer, args.public_url)
    raise_descriptor_limit()
    with locked_folder(settings.data):
        require_undamaged(settings.database)
        listener = bind(settings.host, settings.port)
        lan_address = reachable_address(settings.host)
        host = lan_address or LOOPBACK
        origin = f"http://{f'[{host}]' if ':' in host else host}"
        url = f"{origin}:{listener.getsockname()[1]}"
        public = (args.public_url or url).rstrip("/")
        choices = DemoSettings(settings.data, public, args.hours == "always")
        accounts = prepare_demo(choices, settings.database, clock)
        accounts = accounts.model_copy(update={"url": url})
        app = create_app(settings, clock=clock, demo=Demo(args.printer))
        accounts.write(settings.data / "demo.json")
        say = partial(
            greet,
            accounts,
            sample_printer=args.printer is None,
            public_url=public,
            is_reachable=lan_address is not None or args.public_url is not None,
        )
        return serve(app, listener, say)


def _require_valid(printer: str | None, public_url: str | None) -> None:
    if public_url is not None and not _is_web_address(public_url):
        form = "http://HOST or https://HOST"
        raise DemoRefused(f"--public-url must be {form}, not {public_url!r}.")
    try:
        if printer is not None:
            parse_address(printer)
    except ValueError as error:
        raise DemoRefused(f"--printer: {error}") from error


def _is_web_address(text: str) -> bool:
    """Tell whether this is a web address to which a ticket's path may be added."""
    try:
        url = urlsplit(text)
        has_port_0 = url.port == 0
    except ValueError:
        return False
    tail = url.query or url.fragment or url.username is not None or has_port_0
    is_plain = text.isprintable() and " " not in text
    return bool(
        url.scheme in ("http", "https") and url.hostname and is_plain and not tail
    )
