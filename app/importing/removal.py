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
_NAMES_OF_TABLES = {
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
class Removal:
    """A row that the file no longer names."""

    table: str
    id: int
    where: str


def rows_to_remove(db: Connection, mall: Mall) -> list[Removal]:
    """Return what the file no longer names, devices apart, in an order to delete in."""
    codes_by_table = {
        "counter": {counter.code for counter in mall.counters},
        "agency": {agency.code for agency in mall.agencies},
        "zone": {zone.code for zone in mall.zones},
        "sound_space": {space.code for space in mall.sound_spaces},
        "printer": {printer.code for printer in mall.printers},
    }
    removals = list(_services_to_remove(db, mall))
    for name, codes_in_file in codes_by_table.items():
        target = table(name)
        for row in db.execute(select(target.c.id, target.c.code).order_by(target.c.id)):
            if row.code not in codes_in_file:
                removals.append(Removal(name, row.id, f"{name} {row.code}"))
    return removals


def devices_to_remove(db: Connection, mall: Mall) -> list[Removal]:
    """Return the kiosks, displays and print agents that the file no longer names.

    A device that became another kind is gone as what it was: its secret must
    not open the new one.
    """
    device = table("device")
    codes = {
        DeviceKind.KIOSK: {kiosk.code for kiosk in mall.kiosks},
        DeviceKind.DISPLAY: {display.code for display in mall.displays},
        DeviceKind.PRINT_AGENT: {agent.code for agent in mall.print_agents},
    }
    return [
        Removal("device", row.id, f"{row.kind.replace('_', ' ')} {row.code}")
        for row in db.execute(select(device).order_by(device.c.id))
        if row.code not in codes[DeviceKind(row.kind)]
    ]


def require_unused(db: Connection, removals: list[Removal]) -> None:
    """Raise ImportFailed, naming each row that has a history or is in use."""
    problems = [
        Problem(
            0,
            removal.where,
            f"is not in the file any more, but cannot be removed: it {reason}",
        )
        for removal in removals
        for reason in _reasons_to_keep(db, removal)
    ]
    if problems:
        raise ImportFailed(problems)


def remove(db: Connection, removals: list[Removal], tally: Tally) -> None:
    """Delete the rows; nothing may refer to them any more but one another."""
    _unlink_siblings(db, removals)
    for removal in removals:
        target = table(removal.table)
        db.execute(delete(target).where(target.c.id == removal.id))
        tally.removed += 1


def _unlink_siblings(db: Connection, removals: list[Removal]) -> None:
    printer = table("printer")
    ids = [removal.id for removal in removals if removal.table == "printer"]
    unlink = update(printer).where(printer.c.id.in_(ids)).values(sibling_id=None)
    db.execute(unlink)


def remove_devices(db: Connection, removals: list[Removal], tally: Tally) -> None:
    """Delete devices and what they show."""
    shows = table("display_zone")
    for removal in removals:
        db.execute(delete(shows).where(shows.c.device_id == removal.id))
    remove(db, removals, tally)


def remove_unused_series(db: Connection, tally: Tally) -> None:
    """Delete every series that serves nothing and has numbered nobody."""
    series, service, ticket = table("series"), table("service"), table("ticket")
    unused = delete(series).where(
        ~exists().where(service.c.series_id == series.c.id),
        ~exists().where(ticket.c.series_id == series.c.id),
    )
    tally.removed += db.execute(unused).rowcount


def _services_to_remove(db: Connection, mall: Mall) -> Iterator[Removal]:
    agency, service = table("agency"), table("service")
    codes = {(each.code, its.code) for each in mall.agencies for its in each.services}
    stored = select(service.c.id, agency.c.code, service.c.code).join_from(
        service, agency
    )
    for id_, agency_code, code in db.execute(stored.order_by(service.c.id)):
        if (agency_code, code) not in codes:
            yield Removal("service", id_, f"service {agency_code}/{code}")


def _reasons_to_keep(db: Connection, removal: Removal) -> list[str]:
    reasons = {
        f"still has {_NAMES_OF_TABLES.get(column.table.name, column.table.name)}"
        for column in _referring(removal.table)
        if db.execute(select(1).where(column == removal.id).limit(1)).first()
    }
    if removal.table == "counter" and _is_open(db, removal.id):
        reasons.add("is open")
    return sorted(reasons)


def _referring(name: str) -> Iterator[Column[Any]]:
    for other in metadata.sorted_tables:
        for column in other.columns:
            points_here = any(
                key.column.table.name == name for key in column.foreign_keys
            )
            if points_here and other.name not in _DESCRIBED:
                yield column
    for table_name in _UNDECLARED.get(name, []):
        yield table(table_name).c[f"{name}_id"]


def _is_open(db: Connection, counter_id: int) -> bool:
    counter = table("counter")
    state = select(counter.c.state).where(counter.c.id == counter_id)
    return str(db.execute(state).scalar_one()) != CounterState.CLOSED
