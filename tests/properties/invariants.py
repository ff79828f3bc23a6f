"""What must hold in the database after every step, whatever was commanded."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, select

from app.db.engines import reader_engine
from app.queueing import rows
from app.queueing.history import rebuild
from tests.properties.driver import Driver
from tests.properties.model import ACTIVE, LIVE, Counter, Entry

COMPARED = [name for name in Entry.__dataclass_fields__ if name != "returned"]
AT_COUNTERS = ("state", "holder_id", "opened_at", "open_since", "handed_to_id")
DIGESTED = (
    *("ticket", "ticket_private", "entry", "ticket_event", "announcement", "series"),
    *("counter", "quota_use", "closure", "print_job"),
)
Rows = list[dict[str, Any]]


class Witness:
    """Remembers what may only rise, and compares database and model."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._raw = sqlite3.connect(driver.path)
        self._engine = reader_engine(driver.path)
        self._db = self._engine.connect()
        self._revision = 0
        self._versions: dict[int, tuple[int, int]] = {}
        self._rolls: dict[int, set[int]] = defaultdict(set)

    def close(self) -> None:
        """Let go of the database."""
        self._raw.close()
        self._db.close()
        self._engine.dispose()

    def digest(self) -> list[Any]:
        """Return the content of every table that a command may change."""
        return [
            self._raw.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608
            for table in DIGESTED
        ]

    def look(self) -> None:
        """Assert everything, in one read transaction."""
        with self._db.begin():
            self._look(self._db)

    def _look(self, db: Connection) -> None:
        entries = _rows(db, rows.entry)
        events = _rows(db, rows.event)
        tickets = _rows(db, rows.ticket)
        self._as_the_model_says(entries, _rows(db, rows.counter))
        one_active_each(entries)
        each_waits_once(entries, tickets, self._driver.model.day)
        one_event_per_change(entries, events)
        events_rebuild(entries, events)
        self._numbers(tickets)
        self._only_rising(db, tickets, events)
        self._quotas(_rows(db, rows.quota_use), entries, tickets)
        self._counted(db, events)
        somebody_may_call(db, entries)

    def _as_the_model_says(self, entries: Rows, counters: Rows) -> None:
        model = self._driver.model
        assert [e["id"] for e in entries] == [e.id for e in model.entries]
        for row, entry in zip(entries, model.entries, strict=True):
            stored = {name: row[name] for name in COMPARED}
            wanted = {name: getattr(entry, name) for name in COMPARED}
            assert stored == wanted, f"entry {entry.id}"
        for row in counters:
            counter: Counter = model.counters[row["id"]]
            stored = {name: row[name] for name in AT_COUNTERS}
            wanted = {name: getattr(counter, name) for name in AT_COUNTERS}
            assert stored == wanted, f"counter {counter.id}"

    def _numbers(self, tickets: Rows) -> None:
        """Assert that numbers are unique and without gaps, the spare roll apart."""
        for number, series in self._driver.model.series.items():
            if series.roll:
                self._rolls[number] |= set(range(series.roll[0], series.roll[1] + 1))
        drawn: dict[tuple[date, int], Rows] = defaultdict(list)
        for ticket in tickets:
            drawn[ticket["service_day"], ticket["series_id"]].append(ticket)
        for (_, number), of_day in drawn.items():
            given = [ticket["drawn"] for ticket in of_day]
            assert len(set(given)) == len(given)
            last = max(
                (t["drawn"] for t in of_day if t["channel"] != "spare"), default=0
            )
            gaps = set(range(1, last)) - set(given)
            assert gaps <= self._rolls[number], f"numbers {sorted(gaps)} left out"

    def _only_rising(self, db: Connection, tickets: Rows, events: Rows) -> None:
        (state,) = _rows(db, rows.ledger_state)
        assert state["revision"] >= self._revision
        assert state["service_day"] == self._driver.model.day
        self._revision = state["revision"]
        count: dict[int, int] = defaultdict(int)
        for event in events:
            count[event["ticket_id"]] += 1
        for ticket in tickets:
            of = ticket["id"]
            version, happened = self._versions.get(of, (0, 0))
            assert ticket["version"] >= version
            if 0 < happened < count[of]:
                assert ticket["version"] > version, "a change without a new version"
            self._versions[of] = ticket["version"], count[of]

    def _quotas(self, used: Rows, entries: Rows, tickets: Rows) -> None:
        """Assert that what is used is what entries hold."""
        model, by_id = self._driver.model, {t["id"]: t for t in tickets}
        held: dict[tuple[date, int, str], int] = defaultdict(int)
        for entry in entries:
            ticket = by_id[entry["ticket_id"]]
            for kind in model.quotas(entry["service_id"], ticket["channel"]):
                key = ticket["service_day"], entry["service_id"], kind
                held[key] += entry["quota_people"]
        stored = {
            (u["service_day"], u["service_id"], u["channel"]): u["used"] for u in used
        }
        assert {k: n for k, n in stored.items() if n} == {
            k: n for k, n in held.items() if n
        }

    def _counted(self, db: Connection, events: Rows) -> None:
        model = self._driver.model
        assert len(events) == len(model.events)
        assert [e["name"] for e in events] == [e.name for e in model.events]
        assert len(_rows(db, rows.announcement)) == model.announcements
        classes = {p["ticket_id"]: p["priority"] for p in _rows(db, rows.private)}
        assert classes == {t.id: t.priority for t in model.tickets}


def one_active_each(entries: Rows) -> None:
    """Assert that no counter and no ticket has two active entries."""
    active = [e for e in entries if e["state"] in ACTIVE]
    for whose in ("counter_id", "ticket_id"):
        ids = [e[whose] for e in active]
        assert None not in ids
        assert len(set(ids)) == len(ids), whose


def each_waits_once(entries: Rows, tickets: Rows, day: date) -> None:
    """Assert that a ticket is in a line once, and only on its own day."""
    days = {ticket["id"]: ticket["service_day"] for ticket in tickets}
    live = [e for e in entries if e["state"] in LIVE]
    lines = [(e["ticket_id"], e["service_id"]) for e in live]
    assert len(set(lines)) == len(lines), "twice in one line"
    assert {days[e["ticket_id"]] for e in live} <= {day}, "left over from a past day"


def one_event_per_change(entries: Rows, events: Rows) -> None:
    """Assert that events follow each other from state to state without a gap."""
    states: dict[int, str] = {}
    for event in events:
        assert event["from_state"] == states.get(event["entry_id"])
        states[event["entry_id"]] = event["to_state"]
    assert states == {entry["id"]: entry["state"] for entry in entries}


def events_rebuild(entries: Rows, events: Rows) -> None:
    """Assert that the events alone give every column of every entry."""
    rebuilt = rebuild(events)
    for entry in entries:
        known = rebuilt[entry["id"]]
        for name, value in entry.items():
            if name in known:
                assert known[name] == value, (entry["id"], name)
            else:
                assert name == "id" or not value, (entry["id"], name)


def somebody_may_call(db: Connection, entries: Rows) -> None:
    """Assert that a tied entry is in a line that its counter calls from."""
    links = {
        (x["counter_id"], x["service_id"]) for x in _rows(db, rows.counter_service)
    }
    for entry in entries:
        if entry["state"] == "waiting" and entry["tied_counter_id"] is not None:
            assert (entry["tied_counter_id"], entry["service_id"]) in links


def freed_by(db: Connection, tries: dict[str, Callable[[], Any]]) -> list[str]:
    """Return which of these commands succeed now; each is taken back."""
    worked = []
    for name, attempt in tries.items():
        with closing(_Savepoint(db)):
            try:
                attempt()
            except Exception:  # noqa: S112
                continue
            worked.append(name)
    return worked


class _Savepoint:
    def __init__(self, db: Connection) -> None:
        self._db = db
        db.exec_driver_sql("SAVEPOINT attempt")

    def close(self) -> None:
        self._db.exec_driver_sql("ROLLBACK TO attempt")
        self._db.exec_driver_sql("RELEASE attempt")


def _rows(db: Connection, table: Table) -> Rows:
    return [row._asdict() for row in db.execute(_all_of(table))]


@cache
def _all_of(table: Table) -> Select[Any]:
    return select(table).order_by(*table.primary_key)
