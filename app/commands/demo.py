"""``antrean demo``: seed, say where, serve."""

from typing import NamedTuple
from urllib.parse import urlsplit

from app.clock import Clock
from app.commands.data_folder import locked_folder
from app.commands.greeting import greet
from app.commands.lan_address import reachable_address
from app.demo.seed import DemoSettings, prepare_demo
from app.demo.server import Demo
from app.errors import AntreanError
from app.settings import Settings

LOOPBACK = "127.0.0.1"


class DemoRefused(AntreanError):
    """The demo cannot run in this way."""


class DemoOptions(NamedTuple):
    """What the command line says of the demo, beyond the settings."""

    always_open: bool
    printer: str | None
    public_url: str | None


def run_demo(settings: Settings, options: DemoOptions, *, clock: Clock) -> int:
    """Run the demo until it is stopped; ``demo.json`` is written before it is ready."""
    from app.commands.server import bind, serve
    from app.main import create_app

    _require_valid(options)
    with locked_folder(settings.data):
        listener = bind(settings.host, settings.port)
        lan_address = reachable_address(settings.host)
        host = lan_address or LOOPBACK
        origin = f"http://{f'[{host}]' if ':' in host else host}"
        url = f"{origin}:{listener.getsockname()[1]}"
        public = (options.public_url or url).rstrip("/")
        choices = DemoSettings(settings.data, public, options.always_open)
        accounts = prepare_demo(choices, settings.database, clock)
        accounts = accounts.model_copy(update={"url": url})
        app = create_app(settings, clock=clock, demo=Demo(options.printer))
        accounts.write(settings.data / "demo.json")
        greet(
            accounts,
            sample_printer=options.printer is None,
            public_url=public,
            is_reachable=lan_address is not None or options.public_url is not None,
        )
        return serve(app, listener)


def _require_valid(options: DemoOptions) -> None:
    from printer.address import parse_address

    public_url = options.public_url
    if public_url is not None and not _is_web_address(public_url):
        form = "http://HOST or https://HOST"
        raise DemoRefused(f"--public-url must be {form}, not {public_url!r}.")
    try:
        if options.printer is not None:
            parse_address(options.printer)
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
