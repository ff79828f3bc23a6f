"""A mall with years behind it: two million tickets, a thousand a day."""

from datetime import date
from pathlib import Path

from app.db.engines import reader_engine
from app.queueing.service_day import ledger_row
from app.settings import Settings
from tests.bench.setup.environment import Environment
from tests.bench.setup.history import write_history
from tests.bench.setup.site import Site

TICKETS = 2_000_000
TICKETS_IN_A_MOMENT = 2_000


def years_of(seconds: float) -> int:
    """Return how many tickets of history a run of so many seconds is worth."""
    return TICKETS if seconds >= 1 else TICKETS_IN_A_MOMENT


def old_site(environment: Environment, tickets: int) -> Site:
    """Return the seeded mall with so many tickets behind it.

    It is made once for all parts of a run: some minutes, 1.4 kB a ticket.
    """
    folder = environment.folder / f"{tickets}-tickets"
    if folder.exists():
        return Site.read(folder)
    site = environment.site(folder.name)
    database = Settings(data=site.folder).database
    write_history(database, tickets, before=_service_day(database))
    return site


def _service_day(database: Path) -> date:
    engine = reader_engine(database)
    try:
        with engine.connect() as db:
            return ledger_row(db).service_day
    finally:
        engine.dispose()
