"""Agencies, services and counters that the mall does without from a service day on.

What was used is never deleted: events, tickets and reports name its row. Retired, it is
in no list, nothing of it can be opened, chosen or called, its staff are free, and its
code is another's to have (import.md#retiring).
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import (
    Connection,
    String,
    Table,
    cast,
    delete,
    func,
    or_,
    select,
    update,
)

from app.queueing import facts, rows
from app.queueing.facts import Fact


def retire_due(db: Connection, day: date) -> frozenset[Fact]:
    """Retire what is due on a service day that begins; return the facts touched.

    An agency takes its services along, and goes with the last of them.
    """
    services = _due(db, rows.service, day)
    agencies = _due(db, rows.agency, day) | _left_by(db, services)
    services |= _services_of(db, agencies)
    counters = _due(db, rows.counter, day)
    if not (services or counters):
        return frozenset()
    for table, ids in (
        (rows.agency, agencies),
        (rows.service, services),
        (rows.counter, counters),
    ):
        _retire(db, table, ids, day)
    _free(db, agencies, services, counters)
    return frozenset({facts.SITE, facts.COUNTERS, facts.CREDENTIALS})


def _due(db: Connection, table: Table, day: date) -> frozenset[int]:
    due = select(table.c.id).where(
        table.c.retired_on <= day, table.c.is_retired.is_(False)
    )
    return frozenset(db.scalars(due))


def _services_of(db: Connection, agencies: Iterable[int]) -> frozenset[int]:
    service = rows.service.c
    of_agencies = select(service.id).where(
        service.agency_id.in_(agencies), service.is_retired.is_(False)
    )
    return frozenset(db.scalars(of_agencies))


def _left_by(db: Connection, services: frozenset[int]) -> frozenset[int]:
    """Return the agencies of which these services are all that there are."""
    service = rows.service.c
    agencies = frozenset(
        db.scalars(select(service.agency_id).where(service.id.in_(services)))
    )
    return frozenset(a for a in agencies if _services_of(db, {a}) <= services)


def _retire(db: Connection, table: Table, ids: Iterable[int], day: date) -> None:
    db.execute(
        update(table)
        .where(table.c.id.in_(ids))
        .values(
            is_retired=True,
            retired_on=func.coalesce(table.c.retired_on, day),
            # no code of an import file holds this sign: the code is free again
            code=table.c.code + "#" + cast(table.c.id, String),
        )
    )


def _free(
    db: Connection,
    agencies: Iterable[int],
    services: Iterable[int],
    counters: Iterable[int],
) -> None:
    """Part what is retired from counters and staff that go on."""
    link, staff = rows.counter_service, rows.staff_agency
    db.execute(
        delete(link).where(
            or_(link.c.service_id.in_(services), link.c.counter_id.in_(counters))
        )
    )
    db.execute(delete(staff).where(staff.c.agency_id.in_(agencies)))
    db.execute(
        update(rows.counter)
        .where(rows.counter.c.handed_to_id.in_(counters))
        .values(handed_to_id=None)
    )
