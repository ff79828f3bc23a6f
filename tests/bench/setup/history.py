"""Years of a mall's past, written with SQL: tickets, entries, events, announcements."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

PER_DAY = 1000
CHUNK = 250_000
_TICKETS = """
INSERT INTO ticket (id, service_day, series_id, drawn, number, people, channel,
                    version, issued_at)
SELECT n, date(:first, (n / :a_day) || ' days'), (SELECT min(id) FROM series),
       n % :a_day + 1, printf('A-%03d', n % :a_day + 1), 1, 'kiosk', 5, {at}
FROM numbers
"""
_PRIVATE = """
INSERT INTO ticket_private (ticket_id, token, priority, assistance, language)
SELECT n, hex(randomblob(12)), 'regular', 0, 'id' FROM numbers
"""
_ENTRIES = """
INSERT INTO entry (id, ticket_id, service_id, agency_id, state, arrived_at, rank,
                   counter_id, call_id, call_count, called_at, last_called_at,
                   started_at, ended_at, result, parked_seconds, requeue_count,
                   quota_people)
SELECT n, n, service.id, service.agency_id, 'served', {at}, n,
       (SELECT counter_id FROM counter_service WHERE service_id = service.id),
       n * 4 - 2, 1, {at}, {at}, {at}, {at}, 'done', 0, 0, 0
FROM numbers JOIN service ON service.id = n % :services + 1
"""
_EVENTS = """
INSERT INTO ticket_event (id, ticket_id, entry_id, name, from_state, to_state, at,
                          actor, staff_id, counter_id, data)
SELECT n * 4 - 3 + step.position, n, n, step.name, step.from_state,
  step.to_state, {at}, 'officer', 1,
       n % :counters + 1,
       json_object('counter_id', 1, 'called_at', {at}, 'last_called_at', {at},
                   'call_count', 1)
FROM numbers CROSS JOIN (
    SELECT 0 AS position, 'issued' AS name, NULL AS from_state, 'waiting' AS to_state
    UNION ALL SELECT 1, 'called', 'waiting', 'called'
    UNION ALL SELECT 2, 'started', 'called', 'serving'
    UNION ALL SELECT 3, 'served', 'serving', 'served'
) AS step ORDER BY n, step.position
"""
_ANNOUNCEMENTS = """
INSERT INTO announcement (id, sound_space_id, zone_id, entry_id, call_id, counter_id,
                          text, said_at, expires_at)
SELECT n, 1, 1, n, n * 4 - 2, n % :counters + 1, 'Nomor antrean', {at}, {at}
FROM numbers
"""
_AT = "datetime(:first, (n / :a_day) || ' days', (n % :a_day * 25) || ' seconds')"
_NUMBERS = """
WITH RECURSIVE numbers(n) AS (
    SELECT :from UNION ALL SELECT n + 1 FROM numbers WHERE n < :until
)
"""


class Size(NamedTuple):
    """How much lies behind a mall, in rows and in bytes on disk."""

    tickets: int
    events: int
    bytes: int


def write_history(path: Path, tickets: int, *, before: date) -> Size:
    """Write so many tickets, a thousand a day, all served before a date."""
    days = tickets // PER_DAY + 1
    with closing(sqlite3.connect(path)) as db:
        # nothing is lost that is not made anew: each page is written once
        for pragma in ("synchronous=OFF", "journal_mode=OFF", "cache_size=-200000"):
            db.execute(f"PRAGMA {pragma}")
        facts = {
            "first": f"{before - timedelta(days=days)} 01:00:00",
            "a_day": PER_DAY,
            "services": _one(db, "SELECT count(*) FROM service"),
            "counters": _one(db, "SELECT count(*) FROM counter"),
        }
        for begin in range(1, tickets + 1, CHUNK):
            until = min(begin + CHUNK - 1, tickets)
            for insert in (_TICKETS, _PRIVATE, _ENTRIES, _EVENTS, _ANNOUNCEMENTS):
                statement = _NUMBERS + insert.format(at=_AT)
                db.execute(statement, {**facts, "from": begin, "until": until})
            db.commit()
        db.execute("PRAGMA journal_mode=WAL")
        events = _one(db, "SELECT count(*) FROM ticket_event")
    return Size(tickets, events, path.stat().st_size)


def _one(db: sqlite3.Connection, question: str) -> int:
    return int(db.execute(question).fetchone()[0])
