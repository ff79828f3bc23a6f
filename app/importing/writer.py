"""Write a checked mall into the database, by the codes that the file uses.

The first import makes the mall; a later one brings it to what the file says:
ids, tickets, open counters and pairings stay. All in the caller's transaction,
and whatever forbids the import is found before the first row is written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlmodel import col, select

from app.clock import local_date
from app.importing.guards.retiring import (
    Retirement,
    retire_now,
    retirements_due,
    retiring_problems,
    without_retired,
)
from app.importing.guards.running_day import running_day_problems, timezone_problems
from app.importing.problems import ImportFailed, Problem
from app.importing.removal import (
    Removal,
    devices_to_remove,
    remove,
    remove_devices,
    remove_unused_series,
    rows_to_remove,
    use_problems,
)
from app.importing.schema import Mall
from app.importing.services import (
    roll_problems,
    service_ids,
    upsert_services,
)
from app.importing.tables import (
    Key,
    Tally,
    Values,
    delete_except,
    ids_of,
    upsert,
)
from app.importing.timetable import upsert_times
from app.models import (
    Agency,
    Counter,
    CounterService,
    CounterState,
    Device,
    DisplayZone,
    LedgerState,
    Printer,
    Service,
    Site,
    SoundSpace,
    Zone,
)
from app.models.states import DeviceKind


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """How much of everything the mall has now, and how many rows that changed."""

    has: Mapping[str, int]
    rows_created: int
    rows_changed: int
    rows_removed: int

    def __str__(self) -> str:
        """Return sentences for the terminal."""
        *others, last = (
            _number_and_noun(number, name) for name, number in self.has.items()
        )
        return (
            f"The mall now has {', '.join(others)} and {last}.\n"
            f"In the database {self.rows_created} rows were added,"
            f" {self.rows_changed} changed and {self.rows_removed} removed."
        )


def find_problems(
    db: Connection, mall: Mall, *, now: datetime, is_served: bool = False
) -> list[Problem]:
    """Return everything that forbids to import a mall; reads only.

    ``is_served``: a server runs on this database meanwhile.
    """
    return _examine(db, mall, now, is_served=is_served).problems


def import_mall(
    db: Connection, mall: Mall, *, now: datetime, is_served: bool = False
) -> ImportSummary:
    """Write the mall in the caller's transaction.

    Raises ImportFailed, with nothing written, when the file leaves out what
    has tickets or is in use, or would harm who is here today. ``is_served``: a server
    runs on this database meanwhile.
    """
    # all that may refuse comes before the first change, or half a mall would stand
    examination = _examine(db, mall, now, is_served=is_served)
    if examination.problems:
        raise ImportFailed(examination.problems)
    tally = Tally()
    tally.changed += retire_now(db, examination.retirements, examination.day)
    mall, devices, others = examination.mall, examination.devices, examination.others
    # first: a device that changed its kind keeps its code, which is unique
    remove_devices(db, devices, tally)
    _upsert_site(db, mall, tally, now)
    _upsert_zones(db, mall, tally)
    _upsert_agencies(db, mall, tally)
    _upsert_counters(db, mall, tally)
    _upsert_devices(db, mall, tally)
    # before the rows go: hours, quotas and links that refer to them must have gone
    upsert_times(db, mall, tally)
    remove(db, others, tally)
    # last: only now no service that leaves draws from them
    remove_unused_series(db, tally)
    return ImportSummary(_counts(mall), tally.created, tally.changed, tally.removed)


class _Examination(NamedTuple):
    """What a mall would change, and what forbids it."""

    mall: Mall
    """Without what is retired by the service day."""
    day: date
    retirements: list[Retirement]
    devices: list[Removal]
    others: list[Removal]
    problems: list[Problem]


def _examine(
    db: Connection, mall: Mall, now: datetime, *, is_served: bool
) -> _Examination:
    day = service_day_of(db, mall, now)
    due = retirements_due(db, mall, day)
    mall = without_retired(mall, day)
    retired = {(each.table, each.id) for each in due}
    devices = devices_to_remove(db, mall)
    others = [
        each
        for each in rows_to_remove(db, mall)
        if (each.table, each.id) not in retired and not _is_of(db, each, retired)
    ]
    problems = [
        *use_problems(db, devices + others, next_day=day + timedelta(days=1)),
        *roll_problems(db, mall),
        *retiring_problems(db, due, day),
        *running_day_problems(db, mall, day),
        *(timezone_problems(db, mall) if is_served else ()),
    ]
    return _Examination(mall, day, due, devices, others, problems)


def service_day_of(db: Connection, mall: Mall, now: datetime) -> date:
    """Return the stored service day; of a mall that is new, today's date there."""
    stored = db.execute(select(col(LedgerState.service_day))).scalar()
    return stored or local_date(now, ZoneInfo(mall.site.timezone))


def _is_of(db: Connection, removal: Removal, retired: set[tuple[str, int]]) -> bool:
    """Tell whether this is a service that its agency takes along."""
    if removal.table != "service":
        return False
    agency_id = select(col(Service.agency_id)).where(col(Service.id) == removal.id)
    return ("agency", db.execute(agency_id).scalar()) in retired


def _number_and_noun(number: int, name: str) -> str:
    """Return ``1 practice counter`` or ``2 agencies``."""
    words = name.replace("_", " ")
    if number == 1:
        words = re.sub(r"(ie)?s$", lambda end: "y" if end[1] else "", words)
    return f"{number} {words}"


def _upsert_site(db: Connection, mall: Mall, tally: Tally, now: datetime) -> None:
    site = mall.site
    values = {
        "name": site.name,
        "timezone": site.timezone,
        "languages": list(site.languages),
        "public_url": site.public_url,
        "is_sample": site.sample,
        # only what the file says: the other figures follow the product's defaults
        "policy": site.policy.model_dump(mode="json", exclude_unset=True),
    }
    ledger = {
        "revision": 0,
        "service_day": local_date(now, ZoneInfo(site.timezone)),
        "last_moment": now,
    }
    upsert(
        db,
        Site,
        ("id",),
        {(1,): values},
        tally,
        defaults={"always_open": False},
    )
    upsert(db, LedgerState, ("id",), {(1,): {}}, tally, defaults=ledger)


def _upsert_zones(db: Connection, mall: Mall, tally: Tally) -> None:
    spaces = {(space.code,): {"name": space.name} for space in mall.sound_spaces}
    upsert(db, SoundSpace, ("code",), spaces, tally)
    space_ids = ids_of(db, SoundSpace, "code")
    zones = {
        (zone.code,): {
            "name": zone.name,
            "name_en": zone.name_en,
            "sound_space_id": space_ids[zone.sound_space,],
            "is_practice": zone.practice,
        }
        for zone in mall.zones
    }
    upsert(db, Zone, ("code",), zones, tally)


def _upsert_agencies(db: Connection, mall: Mall, tally: Tally) -> None:
    agencies = {
        (agency.code,): {
            "name": agency.name,
            "name_en": agency.name_en,
            "short_name": agency.short_name,
            "symbol": agency.symbol.value,
            "position": position,
            "retired_on": agency.retired,
        }
        for position, agency in enumerate(mall.agencies, start=1)
    }
    upsert(db, Agency, ("code",), agencies, tally)
    upsert_services(db, mall, tally)


def _upsert_counters(db: Connection, mall: Mall, tally: Tally) -> None:
    zone_ids = ids_of(db, Zone, "code")
    counters = {
        (counter.code,): {
            "name": counter.name,
            "zone_id": zone_ids[counter.zone,],
            "retired_on": counter.retired,
        }
        for counter in mall.counters
    }
    closed = {"state": CounterState.CLOSED.value}
    upsert(db, Counter, ("code",), counters, tally, defaults=closed)
    _upsert_counter_services(db, mall, tally)


def _upsert_counter_services(db: Connection, mall: Mall, tally: Tally) -> None:
    counter_ids = ids_of(db, Counter, "code")
    offered = _offered(db, mall)
    links: dict[Key, Values] = {}
    for counter in mall.counters:
        minutes = {
            service_id: counter.head_start_minutes[ref]
            # a service's own figure goes before its agency's
            for ref in sorted(counter.head_start_minutes, key=lambda ref: "/" in ref)
            for service_id in offered[ref]
        }
        for ref in counter.services:
            for service_id in offered[ref]:
                seconds = minutes.get(service_id, 0) * 60
                key = (counter_ids[counter.code,], service_id)
                links[key] = {"head_start_seconds": seconds}
    key_names = ("counter_id", "service_id")
    upsert(db, CounterService, key_names, links, tally)
    delete_except(db, CounterService, key_names, links, tally)


def _offered(db: Connection, mall: Mall) -> dict[str, list[int]]:
    """Return the service ids that each ``AGENCY`` and ``AGENCY/SERVICE`` names."""
    offered: dict[str, list[int]] = {}
    for (agency, service), service_id in service_ids(db, mall).items():
        offered.setdefault(agency, []).append(service_id)
        offered[f"{agency}/{service}"] = [service_id]
    return offered


def _upsert_devices(db: Connection, mall: Mall, tally: Tally) -> None:
    printer_ids = _upsert_printers(db, mall, tally)
    devices: dict[Key, Values] = {}
    for agent in mall.print_agents:
        devices[DeviceKind.PRINT_AGENT.value, agent.code] = {
            "name": agent.name,
            "printer_id": printer_ids[agent.printer,],
        }
    for kiosk in mall.kiosks:
        printer_id = printer_ids[kiosk.printer,] if kiosk.printer else None
        devices[DeviceKind.KIOSK.value, kiosk.code] = {
            "name": kiosk.name,
            "printer_id": printer_id,
        }
    counter_ids = ids_of(db, Counter, "code")
    for display in mall.displays:
        devices[DeviceKind.DISPLAY.value, display.code] = {
            "name": display.name,
            "layout": display.layout and display.layout.value,
            "counter_id": counter_ids[display.counter,] if display.counter else None,
            "screen_inches": display.screen_inches,
            "viewing_metres": display.viewing_metres,
        }
    upsert(db, Device, ("kind", "code"), devices, tally)
    _upsert_display_zones(db, mall, tally)
    _upsert_speakers(db, mall, tally)


def _upsert_printers(db: Connection, mall: Mall, tally: Tally) -> dict[Key, int]:
    """Write the printers and return their ids; a sibling may itself be new."""
    insertions, changes = Tally(), Tally()
    empty_rows: dict[Key, Values] = {(each.code,): {} for each in mall.printers}
    upsert(
        db,
        Printer,
        ("code",),
        empty_rows,
        insertions,
        defaults={"name": "", "address": ""},
    )
    ids = ids_of(db, Printer, "code")
    printers = {
        (each.code,): {
            "name": each.name,
            "address": each.address or "",
            "paper": each.paper,
            "reports_status": each.reports_status,
            "sibling_id": ids[each.sibling,] if each.sibling else None,
        }
        for each in mall.printers
    }
    upsert(db, Printer, ("code",), printers, changes)
    tally.created += insertions.created
    # each new one was changed too
    tally.changed += changes.changed - insertions.created
    return ids


def _upsert_display_zones(db: Connection, mall: Mall, tally: Tally) -> None:
    device_ids = ids_of(db, Device, "code")
    zone_ids = ids_of(db, Zone, "code")
    links: dict[Key, Values] = {
        (device_ids[display.code,], zone_ids[zone,]): {}
        for display in mall.displays
        for zone in display.zones
    }
    key_names = ("device_id", "zone_id")
    upsert(db, DisplayZone, key_names, links, tally)
    delete_except(db, DisplayZone, key_names, links, tally)


def _upsert_speakers(db: Connection, mall: Mall, tally: Tally) -> None:
    device_ids = ids_of(db, Device, "code")
    speakers = {
        (space.code,): {
            "preferred_speaker_id": (
                device_ids[space.speaker,] if space.speaker else None
            )
        }
        for space in mall.sound_spaces
    }
    upsert(db, SoundSpace, ("code",), speakers, tally)


def _counts(mall: Mall) -> dict[str, int]:
    """Count what visitors meet; practice is counted apart, by its counters."""
    practice = {zone.code for zone in mall.zones if zone.practice}
    practice_counters = [
        counter for counter in mall.counters if counter.zone in practice
    ]
    agencies = {
        ref.partition("/")[0] for each in practice_counters for ref in each.services
    }
    real_agencies = [agency for agency in mall.agencies if agency.code not in agencies]
    return {
        "agencies": len(real_agencies),
        "services": sum(len(agency.services) for agency in real_agencies),
        "zones": len(mall.zones) - len(practice),
        "counters": len(mall.counters) - len(practice_counters),
        "practice_counters": len(practice_counters),
        "displays": len(mall.displays),
        "printers": len(mall.printers),
        "print_agents": len(mall.print_agents),
        "kiosks": len(mall.kiosks),
    }
