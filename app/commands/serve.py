"""``antrean serve``: a real site, until the process is told to stop."""

import argparse

from app.commands.shared.data_folder import locked_folder
from app.commands.shared.options import add_address, add_data, settings_of
from app.commands.shared.site_folder import require_file, require_site
from app.commands.shared.terminal import write_line
from app.db.engines import writer_engine
from app.db.migration import migrate
from app.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    add_address(parser)
    add_data(parser)


def run(args: argparse.Namespace) -> int:
    """Bring the database up to date, say where the site is, and serve it."""
    from app.commands.shared.server import bind, serve
    from app.main import create_app

    settings = settings_of(args)
    require_file(settings)
    with locked_folder(settings.data):
        migrate(settings.database)
        _require_mall(settings)
        listening = bind(settings.host, settings.port)
        port = listening.getsockname()[1]
        write_line(f"Antrean serves http://{settings.host}:{port}/")
        return serve(create_app(settings), listening)


def _require_mall(settings: Settings) -> None:
    engine = writer_engine(settings.database)
    try:
        with engine.connect() as db:
            require_site(db, settings)
    finally:
        engine.dispose()
