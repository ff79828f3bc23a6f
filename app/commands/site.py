"""The commands that act on a real site's folder."""

import sys
from pathlib import Path

from sqlalchemy import Connection, select

from app.auth.devices import add_token
from app.auth.pairing import CODE_LIFETIME, approve_pairing
from app.auth.secrets import new_secret
from app.clock import Clock
from app.commands.data_folder import locked_folder
from app.commands.site_folder import (
    bump_revision,
    require_file,
    require_site,
    site_transaction,
)
from app.db.engines import writer_engine
from app.db.migration import migrate
from app.errors import AntreanError, NotFound
from app.queueing import rows
from app.queueing.change import SYSTEM
from app.settings import Settings


class CommandRefused(AntreanError):
    """This command cannot be carried out."""


def run_site(settings: Settings) -> int:
    """Serve a real site until the process is told to stop."""
    from app.commands.server import bind, serve
    from app.main import create_app

    require_file(settings)
    with locked_folder(settings.data):
        migrate(settings.database)
        _require_mall(settings)
        listener = bind(settings.host, settings.port)
        port = listener.getsockname()[1]
        _print(f"Antrean serves http://{settings.host}:{port}/")
        return serve(create_app(settings), listener)


def run_import(settings: Settings, file: Path, clock: Clock) -> int:
    """Read a mall; wrong lines are named and nothing is changed.

    The file is read before anything is made or locked. Names that a slip cannot
    show are reported, and imported.
    """
    from app.importing import ImportFailed, import_mall, read_mall_file
    from app.importing.font_coverage import unprintable_texts

    try:
        mall = read_mall_file(file)
        with locked_folder(settings.data):
            migrate(settings.database)
            engine = writer_engine(settings.database)
            try:
                with engine.connect() as db, db.begin():
                    summary = import_mall(db, mall, now=clock.now())
                    bump_revision(db)
            finally:
                engine.dispose()
    except ImportFailed as failed:
        for problem in failed.problems:
            sys.stderr.write(f"{file}: {problem}\n")
        raise CommandRefused("Nothing was imported.") from failed
    _print(str(summary))
    for warning in unprintable_texts(mall):
        sys.stderr.write(f"{file}: {warning}\n")
    return 0


def run_migrate(settings: Settings) -> int:
    """Bring a site's database to this program's shape."""
    require_file(settings)
    with locked_folder(settings.data):
        done = migrate(settings.database)
    _print("The database was brought up to date." if done else "It is up to date.")
    return 0


def run_token(settings: Settings, device: str, clock: Clock) -> int:
    """Make a token for a device and print it once."""
    secret = new_secret()
    with site_transaction(settings, clock) as (db, change):
        add_token(db, change, device_id=_device_id(db, device), secret=secret)
    _print(secret)
    return 0


def run_pair(settings: Settings, code: str, device: str, clock: Clock) -> int:
    """Say which device the screen with this code is."""
    with site_transaction(settings, clock) as (db, change):
        device_id = _device_id(db, device)
        try:
            approve_pairing(db, change, code=code, device_id=device_id, actor=SYSTEM)
        except NotFound as unknown:
            minutes = int(CODE_LIFETIME.total_seconds()) // 60
            raise CommandRefused(
                f"No screen shows this code; codes last {minutes} minutes."
            ) from unknown
    _print(f"The screen becomes {device} within a few seconds.")
    return 0


def _device_id(db: Connection, code: str) -> int:
    device = rows.device.c
    device_id = db.execute(select(device.id).where(device.code == code)).scalar()
    if device_id is None:
        raise CommandRefused(f"There is no device {code}.")
    return int(device_id)


def _require_mall(settings: Settings) -> None:
    engine = writer_engine(settings.database)
    try:
        with engine.connect() as db:
            require_site(db, settings)
    finally:
        engine.dispose()


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
