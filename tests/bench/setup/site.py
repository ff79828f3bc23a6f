"""The mall that is measured: the demo's, with what only a benchmark needs."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from pydantic import BaseModel
from sqlalchemy import Connection, insert, select, update

from app.auth.devices import add_token
from app.auth.secrets import new_secret
from app.auth.sessions import begin_session
from app.clock import Clock, SystemClock, local_date
from app.db.engines import writer_engine
from app.demo.accounts import CounterAccount, DemoFile
from app.demo.seed import DemoSettings, prepare_demo
from app.models.states import DeviceKind
from app.queueing import rows
from app.queueing.change import Change
from app.queueing.rows import new_id
from app.queueing.site.rulebook import read_rulebook
from app.settings import Settings
from tests.bench.setup.clients import request

SCREENS = 200
FILE = "bench.json"
HOURS = 24
"""How long who is signed in stays so: a mall is read by night too."""


class BenchCounter(BaseModel):
    """A counter, its signed-in officer's secret, and what it serves."""

    counter_id: int
    secret: str
    service_ids: list[int]

    @property
    def cookie(self) -> str:
        """Return the officer's cookie."""
        return f"antrean_staff={self.secret}"

    def command(self, name: str) -> bytes:
        """Return the request that gives a command at this counter."""
        return request(
            "POST",
            f"/api/v1/counters/{self.counter_id}/{name}",
            cookie=self.cookie,
            idempotency_key=uuid4().hex,
        )


class Secrets(BaseModel):
    """What a benchmark holds of a seeded site."""

    kiosk: str
    hall_display: tuple[int, str]
    screens: list[tuple[int, str]]
    counters: list[BenchCounter]
    reception: str
    service_ids: list[int]


class Site:
    """A seeded site in a folder of its own."""

    def __init__(self, folder: Path, secrets: Secrets) -> None:
        self.folder = folder
        self.kiosk = secrets.kiosk
        self.hall_display = secrets.hall_display
        self.screens = secrets.screens
        self.counters = secrets.counters
        self.reception = secrets.reception
        self.service_ids = secrets.service_ids

    @classmethod
    def read(cls, folder: Path) -> "Site":
        """Read what `seed` wrote."""
        text = (folder / FILE).read_text(encoding="utf-8")
        return cls(folder, Secrets.model_validate_json(text))

    def issue(self, service_id: int, kiosk: str | None = None) -> bytes:
        """Return the request of a touch at the kiosk, or at the one of this token."""
        return request(
            "POST",
            "/api/v1/tickets",
            b'{"service_ids":[%d]}' % service_id,
            authorization=f"Bearer {kiosk or self.kiosk}",
            idempotency_key=uuid4().hex,
        )

    def issues_for(self, seconds: float) -> Iterator[bytes]:
        """Yield touches over all services until the time is over."""
        until = perf_counter() + seconds
        for number in count():
            if perf_counter() >= until:
                return
            yield self.issue(self.service_ids[number % len(self.service_ids)])


def seed(folder: Path, clock: Clock | None = None, *, always_open: bool = True) -> None:
    """Make the demo's mall without printers, staff signed in, 200 more displays."""
    folder.mkdir(parents=True)
    database = Settings(data=folder).database
    clock = clock or SystemClock()
    settings = DemoSettings(folder, "http://127.0.0.1", always_open)
    accounts = prepare_demo(settings, database, clock)
    engine = writer_engine(database)
    with engine.connect() as db, db.begin():
        rules = read_rulebook(db)
        now = clock.now()
        change = Change(now, local_date(now, rules.site.zone), rules)
        db.execute(update(rows.device).values(printer_id=None))
        # one kiosk stands for all visitors
        db.execute(update(rows.site).values(policy={"kiosk_burst_tickets": 100_000}))
        counters = [
            _bench_counter(db, change, account) for account in accounts.officers
        ]
        services = db.scalars(select(rows.service.c.id))
        # nobody takes a number for practice
        made = Secrets(
            kiosk=accounts.kiosk_token,
            hall_display=_hall_display(db, accounts),
            screens=list(_screens(db, change)),
            counters=[p for p in counters if rules.practice.isdisjoint(p.service_ids)],
            reception=_sign_in(db, change, accounts.reception.username),
            service_ids=[each for each in services if each not in rules.practice],
        )
    engine.dispose()
    (folder / FILE).write_text(made.model_dump_json(), encoding="utf-8")


def _hall_display(db: Connection, accounts: DemoFile) -> tuple[int, str]:
    """Return the display that shows every zone, with its token."""
    zone = rows.display_zone.c
    received = db.scalars(select(zone.device_id).order_by(zone.zone_id)).all()
    hall_display = max(set(received), key=received.count)
    return hall_display, accounts.display_tokens[str(hall_display)]


def _screens(db: Connection, change: Change) -> Iterator[tuple[int, str]]:
    """Pair displays that each show every zone."""
    zones = list(db.scalars(select(rows.zone.c.id)))
    for number in range(SCREENS):
        code = f"BENCH-{number}"
        made = insert(rows.device).values(
            code=code, kind=DeviceKind.DISPLAY, name=code, printer_id=None
        )
        device_id = new_id(db.execute(made))
        links = [{"device_id": device_id, "zone_id": zone_id} for zone_id in zones]
        db.execute(insert(rows.display_zone), links)
        secret = new_secret()
        add_token(db, change, device_id=device_id, secret=secret)
        yield device_id, secret


def _bench_counter(
    db: Connection, change: Change, account: CounterAccount
) -> BenchCounter:
    pair = rows.counter_service.c
    served = select(pair.service_id).where(pair.counter_id == account.counter_id)
    return BenchCounter(
        counter_id=account.counter_id,
        secret=_sign_in(db, change, account.username),
        service_ids=list(db.scalars(served)),
    )


def _sign_in(db: Connection, change: Change, username: str) -> str:
    """Begin a session of this member of staff; return its secret."""
    staff = rows.staff.c
    staff_id = db.scalars(select(staff.id).where(staff.username == username)).one()
    secret = new_secret()
    begin_session(db, change, staff_id=staff_id, secret=secret, hours=HOURS)
    return secret
