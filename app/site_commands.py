"""The commands that act on a real site's folder."""

import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, insert, select

from app.auth.devices import add_token
from app.auth.pairing import approve_pairing
from app.auth.passwords import hash_password
from app.auth.secrets import new_secret
from app.clock import Clock, local_date
from app.db import writer_engine
from app.errors import AntreanError
from app.migrating import migrate, stored_revision
from app.models import StaffAgency
from app.queueing import rows
from app.queueing.change import SYSTEM, Change
from app.queueing.rows import new_id, table_of
from app.queueing.rulebook import read_rulebook
from app.settings import Settings

SHORTEST_PASSWORD = 8


def run_site(settings: Settings) -> int:
    """Serve a real site until the process is told to stop."""
    from app.main import create_app
    from app.serving import PortTaken, bind, serve

    migrate(settings.database)
    if not _has_site(settings):
        return _sorry("There is no site yet: run `./antrean import FILE` first.")
    try:
        listening = bind(settings.host, settings.port)
    except PortTaken as error:
        return _sorry(str(error))
    port = listening.getsockname()[1]
    _say(f"Antrean serves http://{settings.host}:{port}/")
    serve(create_app(settings), listening)
    return 0


def run_import(settings: Settings, file: Path, clock: Clock) -> int:
    """Read a mall; wrong lines are named and nothing is changed."""
    from app.importing import ImportFailed, import_mall, read_mall_file

    migrate(settings.database)
    engine = writer_engine(settings.database)
    try:
        with engine.connect() as db, db.begin():
            summary = import_mall(db, read_mall_file(file), now=clock.now())
    except ImportFailed as failed:
        for problem in failed.problems:
            sys.stderr.write(f"{file}: {problem}\n")
        return _sorry("Nothing was imported.")
    finally:
        engine.dispose()
    _say(f"{summary}\nIf a server runs on this site, restart it now.")
    return 0


def run_add_user(
    settings: Settings,
    *,
    username: str,
    name: str,
    role: str,
    agencies: Sequence[str],
    password: str,
) -> int:
    """Add a member of staff."""
    if len(password) < SHORTEST_PASSWORD:
        return _sorry(f"A password has at least {SHORTEST_PASSWORD} characters.")
    with writer_engine(settings.database).connect() as db, db.begin():
        known = {
            row.code: row.id
            for row in db.execute(select(rows.agency.c.code, rows.agency.c.id))
        }
        unknown = [code for code in agencies if code not in known]
        taken = select(rows.staff.c.id).where(rows.staff.c.username == username)
        if unknown:
            return _sorry(f"There is no agency {', '.join(unknown)}.")
        if db.execute(taken).first():
            return _sorry(f"{username} exists already.")
        made = db.execute(
            insert(rows.staff).values(
                username=username,
                name=name,
                role=role,
                password_hash=hash_password(password),
                is_active=True,
            )
        )
        for code in agencies:
            link = {"staff_id": new_id(made), "agency_id": known[code]}
            db.execute(insert(table_of(StaffAgency)).values(link))
    _say(f"{username} may sign in.")
    return 0


def run_token(settings: Settings, device: str, clock: Clock) -> int:
    """Make a token for a device and print it once."""
    secret = new_secret()
    with writer_engine(settings.database).connect() as db, db.begin():
        device_id = _device_id(db, device)
        if device_id is None:
            return _sorry(f"There is no device {device}.")
        add_token(db, _change(db, clock), device_id=device_id, secret=secret)
    _say(secret)
    return 0


def run_pair(settings: Settings, code: str, device: str, clock: Clock) -> int:
    """Say which device the screen with this code is."""
    try:
        with writer_engine(settings.database).connect() as db, db.begin():
            device_id = _device_id(db, device)
            if device_id is None:
                return _sorry(f"There is no device {device}.")
            change = _change(db, clock)
            approve_pairing(db, change, code=code, device_id=device_id, who=SYSTEM)
    except AntreanError as refusal:
        return _sorry(f"{refusal}")
    _say(f"The screen becomes {device} within a few seconds.")
    return 0


def _device_id(db: Connection, code: str) -> int | None:
    device = rows.device.c
    return db.execute(select(device.id).where(device.code == code)).scalar()


def _change(db: Connection, clock: Clock) -> Change:
    now = clock.now()
    rules = read_rulebook(db)
    return Change(now, local_date(now, rules.site.zone), rules)


def _has_site(settings: Settings) -> bool:
    engine = writer_engine(settings.database)
    try:
        if stored_revision(engine) is None:
            return False
        with engine.connect() as db:
            return db.execute(select(rows.site.c.id)).first() is not None
    finally:
        engine.dispose()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _sorry(text: str) -> int:
    sys.stderr.write(f"{text}\n")
    return 1
