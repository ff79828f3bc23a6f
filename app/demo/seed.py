"""Seeding the demo: an empty folder becomes the reference mall, in one transaction."""

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from app.clock import Clock, local_date
from app.db.engines import writer_engine
from app.db.migration import migrate
from app.demo.accounts import DemoFile, make_accounts, read_demo_file
from app.demo.mall import demo_mall
from app.errors import AntreanError
from app.importing import import_mall
from app.models import Pairing, StaffAgency, StaffSession
from app.queueing import rows
from app.queueing.change import Change
from app.queueing.rows import table_of
from app.queueing.site.rulebook import read_rulebook
from app.queueing.site.site_row import site_row


class RealSite(AntreanError):
    """The folder holds a real site; the demo would change its accounts."""


class DemoSettings(NamedTuple):
    """What the command line sets for the demo."""

    folder: Path
    url: str
    always_open: bool


def prepare_demo(settings: DemoSettings, database: Path, clock: Clock) -> DemoFile:
    """Make or update the demo's database; return its accounts.

    Secrets survive restarts as long as ``demo.json`` and the database both do;
    when one is missing, all accounts and tokens are made anew.
    """
    migrate(database)
    engine = writer_engine(database)
    accounts = read_demo_file(settings.folder / "demo.json")
    try:
        with engine.connect() as db, db.begin():
            is_new = db.execute(select(rows.site.c.id)).first() is None
            if not is_new and not site_row(db).is_sample:
                raise RealSite(f"{settings.folder} holds a real site, not a demo.")
            if is_new:
                import_mall(db, demo_mall(), now=clock.now())
            if is_new or accounts is None:
                accounts = _reset_accounts(db, settings.url, clock)
            _set_up(db, settings)
    finally:
        engine.dispose()
    return accounts.model_copy(update={"url": settings.url})


def _reset_accounts(db: Connection, url: str, clock: Clock) -> DemoFile:
    db.execute(
        update(rows.counter).values(
            state="closed", holder_id=None, opened_at=None, paused_reason=None
        )
    )
    db.execute(table_of(StaffSession).delete())
    db.execute(table_of(Pairing).delete())
    db.execute(table_of(StaffAgency).delete())
    db.execute(rows.closure.update().values(closed_by_id=None))
    db.execute(rows.staff.delete())
    now = clock.now()
    rules = read_rulebook(db)
    change = Change(now, local_date(now, rules.site.zone), rules)
    return make_accounts(db, change, url)


def _set_up(db: Connection, settings: DemoSettings) -> None:
    db.execute(
        update(rows.site).values(
            public_url=settings.url, always_open=settings.always_open
        )
    )
