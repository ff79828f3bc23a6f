"""What the database holds and the file no longer names: to be removed, if it may be.

A row goes when nothing refers to it but what the file itself describes. An agency, a
service or a counter with a history is retired from a day on instead, as the file says
(``app.importing.guards.retiring``). Zones, screens and printers have no visitors of
their own: with a history, and not in use, they are hidden at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, Executable, delete, exists, literal, update
from sqlmodel import col, select

from app.importing.guards.retiring import is_open
from app.importing.problems import LINKS, Problem
from app.importing.schema import Mall
from app.importing.tables import Tally
from app.models import (
    Agency,
    Counter,
    Device,
    DeviceToken,
    DisplayZone,
    Printer,
    PrintJob,
    Series,
    Service,
    SoundSpace,
    Ticket,
    Zone,
    metadata,
)
from app.models.states import DeviceKind
from app.queueing.rows import table_of
from app.queueing.slips.under_way import UNDER_WAY

_DESCRIBED = {
    "counter_service", "display_zone", "opening_hours", "special_hours", "holiday",
    "quota", "agency", "service", "counter", "zone", "device", "printer",
}  # fmt: skip
"""Tables that the import writes: they are brought in step before anything goes."""
_UNDECLARED = {"counter": ["ticket_event"], "device": ["ticket_event"]}
"""Events outlive rows, so they refer without a foreign key: by ``<table>_id``."""
# those whose code is unique by itself; a service's is within its agency
_WithCode = Agency | Counter | Printer | SoundSpace | Zone
_HIDDEN = {"sound_space", "zone", "printer", "device"}
"""Tables whose rows are hidden where something still refers to them."""
_LISTS = {
    "agency": "agencies",
    "counter": "counters",
    "zone": "zones",
    "sound_space": "sound_spaces",
    "printer": "printers",
    DeviceKind.KIOSK: "kiosks",
    DeviceKind.DISPLAY: "displays",
    DeviceKind.PRINT_AGENT: "print_agents",
}
"""Under which field of the file a row of a table, or a kind of device, stands."""
_SERVICES = (
    select(col(Service.id), col(Service.code))
    .add_columns(col(Agency.code).label("agency_code"))
    .join(Agency, col(Agency.id) == col(Service.agency_id))
    .where(col(Service.is_retired).is_(False))
    .order_by(col(Service.id))
)
_DEVICES = (
    select(col(Device.id), col(Device.kind), col(Device.code))
    .where(col(Device.is_retired).is_(False))
    .order_by(col(Device.id))
)


@dataclass(frozen=True, slots=True)
class Removal:
    """A row that the file no longer names."""

    table: str
    id: int
    where: str


def rows_to_remove(db: Connection, mall: Mall) -> list[Removal]:
    """Return what the file no longer names, devices apart, in an order to delete in."""
    codes_by_model: dict[type[_WithCode], set[str]] = {
        Counter: {counter.code for counter in mall.counters},
        Agency: {agency.code for agency in mall.agencies},
        Zone: {zone.code for zone in mall.zones},
        SoundSpace: {space.code for space in mall.sound_spaces},
        Printer: {printer.code for printer in mall.printers},
    }
    # services first: they refer to agencies; then counters, which refer to zones
    removals = list(_services_to_remove(db, mall))
    for model, codes_in_file in codes_by_model.items():
        name = table_of(model).name
        for row in db.execute(_stored(model)):
            if row.code not in codes_in_file:
                removals.append(Removal(name, row.id, f"{_LISTS[name]}.{row.code}"))
    return removals


def _stored(model: type[_WithCode]) -> Executable:
    statement = select(col(model.id), col(model.code)).order_by(col(model.id))
    # what is retired is in no file, and nothing of it goes
    return statement.where(col(model.is_retired).is_(False))


def devices_to_remove(db: Connection, mall: Mall) -> list[Removal]:
    """Return the kiosks, displays and print agents that the file no longer names.

    A device that became another kind is gone as what it was: its secret must
    not open the new one.
    """
    codes = {
        DeviceKind.KIOSK: {kiosk.code for kiosk in mall.kiosks},
        DeviceKind.DISPLAY: {display.code for display in mall.displays},
        DeviceKind.PRINT_AGENT: {agent.code for agent in mall.print_agents},
    }
    return [
        Removal("device", row.id, f"{_LISTS[DeviceKind(row.kind)]}.{row.code}")
        for row in db.execute(_DEVICES)
        if row.code not in codes[DeviceKind(row.kind)]
    ]


def use_problems(
    db: Connection, removals: list[Removal], *, next_day: date
) -> list[Problem]:
    """Return a problem for each row that is in use, or has a history to be kept."""
    return [
        problem
        for removal in removals
        for problem in _reasons_to_keep(db, removal, next_day)
    ]


def remove(db: Connection, removals: list[Removal], tally: Tally) -> None:
    """Delete the rows; what history refers to is hidden instead."""
    # two printers may be each other's sibling: in no order could both be deleted
    _unlink_siblings(db, removals)
    for removal in removals:
        target = metadata.tables[removal.table]
        is_row = target.c.id == removal.id
        if removal.table in _HIDDEN and _is_referred(db, removal):
            # no code of a file holds this sign: the code is free again
            code = target.c.code + f"#{removal.id}"
            db.execute(update(target).where(is_row).values(is_retired=True, code=code))
        else:
            db.execute(delete(target).where(is_row))
        tally.removed += 1


def _unlink_siblings(db: Connection, removals: list[Removal]) -> None:
    ids = [removal.id for removal in removals if removal.table == "printer"]
    unlink = update(Printer).where(col(Printer.id).in_(ids)).values(sibling_id=None)
    db.execute(unlink)


def remove_devices(db: Connection, removals: list[Removal], tally: Tally) -> None:
    """Delete devices, what they show and where they print."""
    for removal in removals:
        db.execute(delete(DisplayZone).where(col(DisplayZone.device_id) == removal.id))
        mine = update(Device).where(col(Device.id) == removal.id)
        db.execute(mine.values(printer_id=None))
    remove(db, removals, tally)


def remove_unused_series(db: Connection, tally: Tally) -> None:
    """Delete every series that serves nothing and has numbered nobody."""
    unused = delete(Series).where(
        ~exists().where(col(Service.series_id) == col(Series.id)),
        ~exists().where(col(Ticket.series_id) == col(Series.id)),
    )
    tally.removed += db.execute(unused).rowcount


def _services_to_remove(db: Connection, mall: Mall) -> Iterator[Removal]:
    codes = {(each.code, its.code) for each in mall.agencies for its in each.services}
    for row in db.execute(_SERVICES):
        if (row.agency_code, row.code) not in codes:
            where = f"agencies.{row.agency_code}.services.{row.code}"
            yield Removal("service", row.id, where)


def _reasons_to_keep(
    db: Connection, removal: Removal, next_day: date
) -> Iterator[Problem]:
    if removal.table in _HIDDEN:
        for what in _uses(db, removal):
            yield Problem.of_database(removal.where, "linked", what=what)
        return
    if removal.table == "counter" and is_open(db, removal.id):
        yield Problem.of_database(removal.where, "open")
    for what in sorted(_links(db, removal)):
        yield Problem.of_database(removal.where, "history", what=what, day=next_day)


def _uses(db: Connection, removal: Removal) -> Iterator[str]:
    """Yield what somebody would miss at once."""
    if removal.table == "device":
        token = select(literal(1)).where(
            col(DeviceToken.device_id) == removal.id,
            col(DeviceToken.revoked_at).is_(None),
        )
        if db.execute(token.limit(1)).first():
            yield LINKS["device_token"]
    elif removal.table == "printer":
        job = select(literal(1)).where(
            col(PrintJob.printer_id) == removal.id,
            col(PrintJob.state).in_([*map(str, UNDER_WAY)]),
        )
        if db.execute(job.limit(1)).first():
            yield LINKS["print_job"]


def _links(db: Connection, removal: Removal) -> set[str]:
    return {
        LINKS.get(column.table.name, column.table.name)
        for column in _referring(removal.table)
        if column.table.name not in _DESCRIBED and _refers(db, column, removal)
    }


def _is_referred(db: Connection, removal: Removal) -> bool:
    return any(_refers(db, each, removal) for each in _referring(removal.table))


def _refers(db: Connection, column: Column[Any], removal: Removal) -> bool:
    found = select(literal(1)).where(column == removal.id).limit(1)
    return db.execute(found).first() is not None


def _referring(name: str) -> Iterator[Column[Any]]:
    # from the declarations: a table that is added later is asked without a word here
    for other in metadata.sorted_tables:
        for column in other.columns:
            points_here = any(
                key.column.table.name == name for key in column.foreign_keys
            )
            if points_here:
                yield column
    for table_name in _UNDECLARED.get(name, []):
        yield metadata.tables[table_name].c[f"{name}_id"]
