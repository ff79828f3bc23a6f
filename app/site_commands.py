"""The commands that act on a real site's folder."""

import sys
from pathlib import Path

from sqlalchemy import Connection, select

from app.auth.devices import add_token
from app.auth.pairing import GOOD_FOR, approve_pairing
from app.auth.secrets import new_secret
from app.changing_site import (
    bump_revision,
    changing_site,
    require_file,
    require_site,
)
from app.clock import Clock
from app.data_folder import holding
from app.db import writer_engine
from app.errors import AntreanError, NotFound
from app.migrating import migrate
from app.queueing import rows
from app.queueing.change import SYSTEM
from app.settings import Settings


class CommandRefused(AntreanError):
    """This command cannot be carried out."""


def run_site(settings: Settings) -> int:
    """Serve a real site until the process is told to stop."""
    from app.main import create_app
    from app.serving import bind, serve

    require_file(settings)
    with holding(settings.data):
        migrate(settings.database)
        _require_mall(settings)
        listening = bind(settings.host, settings.port)
        port = listening.getsockname()[1]
        _say(f"Antrean serves http://{settings.host}:{port}/")
        return serve(create_app(settings), listening)


def run_import(settings: Settings, file: Path, clock: Clock) -> int:
    """Read a mall; wrong lines are named and nothing is changed.

    The file is read before anything is made or locked. Names that a slip cannot
    show are told, and imported.
    """
    from app.importing import ImportFailed, import_mall, read_mall_file
    from app.importing.legible import illegible

    try:
        mall = read_mall_file(file)
        with holding(settings.data):
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
    _say(str(summary))
    for warning in illegible(mall):
        sys.stderr.write(f"{file}: {warning}\n")
    return 0


def run_migrate(settings: Settings) -> int:
    """Bring a site's database to this program's shape."""
    require_file(settings)
    with holding(settings.data):
        done = migrate(settings.database)
    _say("The database was brought up to date." if done else "It is up to date.")
    return 0


def run_token(settings: Settings, device: str, clock: Clock) -> int:
    """Make a token for a device and print it once."""
    secret = new_secret()
    with changing_site(settings, clock) as (db, change):
        add_token(db, change, device_id=_device_id(db, device), secret=secret)
    _say(secret)
    return 0


def run_pair(settings: Settings, code: str, device: str, clock: Clock) -> int:
    """Say which device the screen with this code is."""
    with changing_site(settings, clock) as (db, change):
        device_id = _device_id(db, device)
        try:
            approve_pairing(db, change, code=code, device_id=device_id, who=SYSTEM)
        except NotFound as unknown:
            minutes = int(GOOD_FOR.total_seconds()) // 60
            raise CommandRefused(
                f"No screen shows this code; codes last {minutes} minutes."
            ) from unknown
    _say(f"The screen becomes {device} within a few seconds.")
    return 0


def _device_id(db: Connection, code: str) -> int:
    device = rows.device.c
    found = db.execute(select(device.id).where(device.code == code)).scalar()
    if found is None:
        raise CommandRefused(f"There is no device {code}.")
    return int(found)


def _require_mall(settings: Settings) -> None:
    engine = writer_engine(settings.database)
    try:
        with engine.connect() as db:
            require_site(db, settings)
    finally:
        engine.dispose()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
