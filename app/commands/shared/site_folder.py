"""Changing a site from the terminal, beside a server that may be running on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, select, update

from app.clock import Clock, local_date
from app.commands.shared.data_folder import make_private, require_no_file
from app.commands.shared.terminal import CommandRefused
from app.db.damage import find_damage, holds_tables
from app.db.engines import writer_engine
from app.db.migration import require_this_shape, stored_revision
from app.errors import AntreanError
from app.queueing import rows
from app.queueing.change import Change
from app.queueing.site.rulebook import read_rulebook
from app.settings import Settings

_BUMP = update(rows.ledger_state).values(revision=rows.ledger_state.c.revision + 1)


class NoSite(AntreanError):
    """There is no site in this folder yet."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            f"There is no site in {settings.data} yet:"
            " run `./antrean import FILE` first."
        )


class SiteDamaged(AntreanError):
    """The database file is damaged."""

    def __init__(self, database: Path, damage: str) -> None:
        first_line = damage.splitlines()[0] if damage else "unknown"
        super().__init__(
            f"The database {database} cannot be used: it is damaged ({first_line})."
            f" Keep it as it is, and put a whole copy in its place with no"
            f" {database.name}-wal beside it"
            " (/help/reference/commands#a-damaged-database)."
        )


def require_undamaged(database: Path, *, must_hold_tables: bool = False) -> None:
    """Raise ``SiteDamaged`` for damage that a start's quick look finds.

    ``must_hold_tables``: an empty one is what is copied without its write-ahead log.
    """
    if not database.is_file():
        return
    damage = find_damage(database)
    if damage is None and must_hold_tables and not holds_tables(database):
        damage = f"it is empty; was {database.name}-wal left out of a copy?"
    if damage is not None:
        raise SiteDamaged(database, damage)


def require_file(settings: Settings) -> None:
    """Raise ``NoSite`` when there is no database; none is made by looking."""
    require_no_file(settings.data)
    if not settings.database.is_file():
        raise NoSite(settings)


def require_site(db: Connection, settings: Settings) -> None:
    """Raise ``NoSite`` when the database holds no mall."""
    if db.execute(select(rows.site.c.id)).first() is None:
        raise NoSite(settings)


def bump_revision(db: Connection) -> None:
    """Let the revision rise with this transaction, as the ledger's own does."""
    db.execute(_BUMP)


def device_id_of(db: Connection, code: str) -> int:
    """Return the device that the import file calls so; else ``CommandRefused``."""
    device = rows.device.c
    device_id = db.execute(select(device.id).where(device.code == code)).scalar()
    if device_id is None:
        raise CommandRefused(f"There is no device {code}.")
    return int(device_id)


@contextmanager
def site_transaction(
    settings: Settings, clock: Clock
) -> Iterator[tuple[Connection, Change]]:
    """Give one transaction on an existing site; its revision rises with it.

    Raises ``NoSite``, and ``MigrationRefused`` when the database is not of
    this program's shape; what the body raises undoes everything.
    """
    require_file(settings)
    make_private(settings.data)
    engine = writer_engine(settings.database)
    try:
        if stored_revision(engine) is None:
            raise NoSite(settings)
        require_this_shape(engine)
        with engine.connect() as db, db.begin():
            require_site(db, settings)
            yield db, _change(db, clock)
            bump_revision(db)
    finally:
        engine.dispose()


def _change(db: Connection, clock: Clock) -> Change:
    now = clock.now()
    rules = read_rulebook(db)
    return Change(now, local_date(now, rules.site.zone), rules)
