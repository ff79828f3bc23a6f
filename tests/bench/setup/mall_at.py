"""The demo's mall at a moment of our choice, seeded and served, with what readers hold.

``python tests/bench/setup/mall_at.py DIR MOMENT``, with ``PYTHONPATH`` naming a copy of
the project, serves that copy: it prints its port, then, for each line on standard
input, the CPU seconds of each thread but its teller's as JSON.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.auth.secrets import new_secret
from app.auth.sessions import begin_session
from app.clock import SystemClock, local_date
from app.commands.shared.server import bind, serve
from app.db.engines import writer_engine
from app.demo.seed import DemoSettings, prepare_demo
from app.main import create_app
from app.queueing import rows
from app.queueing.change import Change
from app.queueing.site.rulebook import read_rulebook
from app.settings import Settings
from tests.bench.setup.clients import request
from tests.bench.setup.environment import Server

TELLER = "teller"
HOURS = 24


class ClockFrom(SystemClock):
    """The machine's clock, set to a moment when it is made."""

    def __init__(self, moment: datetime) -> None:
        self._ahead = moment - super().now()

    def now(self) -> datetime:
        """Return the present moment of a day that began at our moment."""
        return super().now() + self._ahead


class Officer(NamedTuple):
    """A counter and its officer's secret."""

    counter_id: int
    secret: str

    @property
    def cookie(self) -> str:
        """The cookie by which the officer is known."""
        return f"antrean_staff={self.secret}"


class Mall(NamedTuple):
    """A seeded mall: its folder, and the secrets of those who ask."""

    folder: Path
    kiosk: str
    officers: list[Officer]
    reception: str
    service_ids: list[int]

    def issue(self, service_id: int, key: str) -> bytes:
        """Return the request of a touch at the kiosk."""
        return request(
            "POST",
            "/api/v1/tickets",
            b'{"service_ids":[%d]}' % service_id,
            authorization=f"Bearer {self.kiosk}",
            idempotency_key=key,
        )


def seed_mall(folder: Path, moment: datetime) -> Mall:
    """Make the demo's mall by its real hours, with its officers signed in."""
    folder.mkdir(parents=True)
    database, clock = Settings(data=folder).database, ClockFrom(moment)
    settings = DemoSettings(folder, "http://127.0.0.1", always_open=False)
    accounts = prepare_demo(settings, database, clock)
    engine = writer_engine(database)
    with engine.connect() as db, db.begin():
        rules = read_rulebook(db)
        change = Change(clock.now(), local_date(clock.now(), rules.site.zone), rules)
        db.execute(rows.device.update().values(printer_id=None))
        db.execute(rows.site.update().values(policy={"kiosk_burst_tickets": 100_000}))
        mall = Mall(
            folder=folder,
            kiosk=accounts.kiosk_token,
            officers=[
                Officer(each.counter_id, _sign_in(db, change, each.username))
                for each in accounts.officers
            ],
            reception=_sign_in(db, change, accounts.reception.username),
            service_ids=[
                each
                for each in db.scalars(select(rows.service.c.id))
                if each not in rules.practice
            ],
        )
    engine.dispose()
    return mall


def _sign_in(db: Connection, change: Change, username: str) -> str:
    named = select(rows.staff.c.id).where(rows.staff.c.username == username)
    secret = new_secret()
    begin_session(
        db, change, staff_id=db.scalars(named).one(), secret=secret, hours=HOURS
    )
    return secret


@contextmanager
def mall_at(
    folder: Path, moment: datetime, tree: Path, core: int | None
) -> Iterator[Server]:
    """Serve a seeded mall by another copy of the project, from a moment on."""
    popen = subprocess.Popen(  # noqa: S603 (our own module)
        [sys.executable, __file__, str(folder), moment.isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
    )
    if core is not None:
        os.sched_setaffinity(popen.pid, {core})
    try:
        yield Server(popen)
    finally:
        popen.communicate()


def _main(folder: str, moment: str) -> None:
    clock = ClockFrom(datetime.fromisoformat(moment))
    app = create_app(Settings(data=Path(folder)), clock=clock)
    listening = bind("127.0.0.1", 0)
    _say(listening.getsockname()[1])
    threading.Thread(target=_tell, name=TELLER, daemon=True).start()
    serve(app, listening)


def _tell() -> None:
    for _ in sys.stdin:
        _say(
            {
                f"{thread.name} {thread.ident}": time.clock_gettime(
                    time.pthread_getcpuclockid(thread.ident)
                )
                for thread in threading.enumerate()
                if thread.ident is not None and thread.name != TELLER
            }
        )
    os.kill(os.getpid(), signal.SIGTERM)


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _main(*sys.argv[1:])
