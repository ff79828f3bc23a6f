"""What the database holds and the file no longer names: to be removed, if it may be.

A row goes only when nothing refers to it but what the file itself describes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, delete, exists, select, update

from app.importing.problems import ImportFailed, Problem
from app.importing.schema import Mall
from app.importing.tables import Tally, table
from app.models import CounterState, metadata
from app.models.states import DeviceKind

_DESCRIBED = {
    "counter_service", "display_zone", "opening_hours", "holiday", "quota",
    "agency", "service", "counter", "zone", "device", "printer",
}  # fmt: skip
"""Tables that the import writes: they are brought in step before anything goes."""
_UNDECLARED = {"counter": ["ticket_event"], "device": ["ticket_event"]}
"""Events outlive rows, so they refer without a foreign key: by ``<table>_id``."""
_WORDS = {
    "entry": "tickets",
    "ticket": "tickets",
    "ticket_event": "tickets",
    "announcement": "announcements",
    "print_job": "print jobs",
    "staff": "staff",
    "staff_agency": "staff",
    "closure": "closures by hand",
    "quota_use": "people counted against its quota",
    "device_token": "a paired screen",
    "pairing": "a pairing",
}


@dataclass(frozen=True, slots=True)
class Gone:
    """A row that the file no longer names."""

    table: str
    id: int
    where: str


def rows_gone(db: Connection, mall: Mall) -> list[Gone]:
    """Return what the file no longer names, devices apart, in an order to delete in."""
    codes = {
        "counter": {counter.code for counter in mall.counters},
        "agency": {agency.code for agency in mall.agencies},
        "zone": {zone.code for zone in mall.zones},
        "sound_space": {space.code for space in mall.sound_spaces},
        "printer": {printer.code for printer in mall.printers},
    }
    gone = list(_services_gone(db, mall))
    for name, wanted in codes.items():
        of = table(name)
        for row in db.execute(select(of.c.id, of.c.code).order_by(of.c.id)):
            if row.code not in wanted:
                gone.append(Gone(name, row.id, f"{name} {row.code}"))
    return gone


def devices_gone(db: Connection, mall: Mall) -> list[Gone]:
    """Return the kiosks, displays and print agents that the file no longer names.

    A device that became another kind is gone as what it was: its secret must
    not open the new one.
    """
    device = table("device")
    named = {
        DeviceKind.KIOSK: {kiosk.code for kiosk in mall.kiosks},
        DeviceKind.DISPLAY: {display.code for display in mall.displays},
        DeviceKind.PRINT_AGENT: {agent.code for agent in mall.print_agents},
    }
    return [
        Gone("device", row.id, f"{row.kind.replace('_', ' ')} {row.code}")
        for row in db.execute(select(device).order_by(device.c.id))
        if row.code not in named[DeviceKind(row.kind)]
    ]


def refuse_used(db: Connection, gone: list[Gone]) -> None:
    """Raise ImportFailed, naming each row that has a history or is in use."""
    problems = [
        Problem(
            0,
            item.where,
            f"is not in the file any more, but cannot be removed: it {reason}",
        )
        for item in gone
        for reason in _reasons(db, item)
    ]
    if problems:
        raise ImportFailed(problems)


def remove(db: Connection, gone: list[Gone], tally: Tally) -> None:
    """Delete the rows; nothing may refer to them any more but one another."""
    _part_siblings(db, gone)
    for item in gone:
        of = table(item.table)
        db.execute(delete(of).where(of.c.id == item.id))
        tally.removed += 1


def _part_siblings(db: Connection, gone: list[Gone]) -> None:
    printer = table("printer")
    ids = [item.id for item in gone if item.table == "printer"]
    parted = update(printer).where(printer.c.id.in_(ids)).values(sibling_id=None)
    db.execute(parted)


def remove_devices(db: Connection, gone: list[Gone], tally: Tally) -> None:
    """Delete devices and what they show."""
    shows = table("display_zone")
    for item in gone:
        db.execute(delete(shows).where(shows.c.device_id == item.id))
    remove(db, gone, tally)


def remove_unused_series(db: Connection, tally: Tally) -> None:
    """Delete every series that serves nothing and has numbered nobody."""
    series, service, ticket = table("series"), table("service"), table("ticket")
    unused = delete(series).where(
        ~exists().where(service.c.series_id == series.c.id),
        ~exists().where(ticket.c.series_id == series.c.id),
    )
    tally.removed += db.execute(unused).rowcount


def _services_gone(db: Connection, mall: Mall) -> Iterator[Gone]:
    agency, service = table("agency"), table("service")
    named = {(of.code, its.code) for of in mall.agencies for its in of.services}
    stored = select(service.c.id, agency.c.code, service.c.code).join_from(
        service, agency
    )
    for id_, agency_code, code in db.execute(stored.order_by(service.c.id)):
        if (agency_code, code) not in named:
            yield Gone("service", id_, f"service {agency_code}/{code}")


def _reasons(db: Connection, item: Gone) -> list[str]:
    found = {
        f"still has {_WORDS.get(column.table.name, column.table.name)}"
        for column in _referring(item.table)
        if db.execute(select(1).where(column == item.id).limit(1)).first()
    }
    if item.table == "counter" and _is_open(db, item.id):
        found.add("is open")
    return sorted(found)


def _referring(name: str) -> Iterator[Column[Any]]:
    for other in metadata.sorted_tables:
        for column in other.columns:
            points_here = any(
                key.column.table.name == name for key in column.foreign_keys
            )
            if points_here and other.name not in _DESCRIBED:
                yield column
    for loose in _UNDECLARED.get(name, []):
        yield table(loose).c[f"{name}_id"]


def _is_open(db: Connection, counter_id: int) -> bool:
    counter = table("counter")
    state = select(counter.c.state).where(counter.c.id == counter_id)
    return str(db.execute(state).scalar_one()) != CounterState.CLOSED
