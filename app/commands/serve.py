"""``antrean serve``: a real site, until the process is told to stop."""

import argparse
from collections.abc import Iterator
from functools import partial

from app.commands.shared.data_folder import locked_folder
from app.commands.shared.lan_address import (
    ANY_ADDRESS,
    reachable_addresses,
    web_address,
)
from app.commands.shared.options import add_address, add_data, settings_of
from app.commands.shared.site_folder import (
    require_file,
    require_site,
    require_undamaged,
)
from app.commands.shared.terminal import write_line
from app.db.engines import writer_engine
from app.db.migration import migrate
from app.importing.public_url import WARNINGS, public_url_warning
from app.process import lasting_imports, raise_descriptor_limit
from app.queueing.site.site_row import site_row
from app.settings import Settings

LOOPBACK = "127.0.0.1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    add_address(parser)
    add_data(parser)


def run(args: argparse.Namespace) -> int:
    """Bring the database up to date, serve the site, and say where it is."""
    with lasting_imports():
        from app.commands.shared.server import bind, serve
        from app.main import create_app

    settings = settings_of(args)
    require_file(settings)
    raise_descriptor_limit()
    with locked_folder(settings.data):
        require_undamaged(settings.database, must_hold_tables=True)
        migrate(settings.database)
        public_url = _public_url(settings)
        listening = bind(settings.host, settings.port)
        port = listening.getsockname()[1]
        greet = partial(_greet, settings.host, port, public_url)
        return serve(create_app(settings), listening, greet)


def _greet(host: str, port: int, public_url: str) -> None:
    for line in _greeting(host, port, public_url):
        write_line(line)


def _greeting(host: str, port: int, public_url: str) -> Iterator[str]:
    """Yield where the site is, for other machines if they can, and where phones go."""
    addresses = reachable_addresses(host)
    for address in addresses:
        yield f"Antrean serves {web_address(address, port)}"
    if not addresses:
        here = LOOPBACK if host in ANY_ADDRESS else host
        yield f"Antrean serves {web_address(here, port)} (for this machine alone)"
    if code := public_url_warning(public_url):
        yield f"Warning: QR codes lead to {public_url}: {WARNINGS[code]}."


def _public_url(settings: Settings) -> str:
    """Return the site's own address; raises ``NoSite`` when there is no mall."""
    engine = writer_engine(settings.database)
    try:
        with engine.connect() as db:
            require_site(db, settings)
            return site_row(db).public_url
    finally:
        engine.dispose()
