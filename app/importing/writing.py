"""Write a checked mall into the database, by the codes that the file uses.

The first import makes the mall; a later one brings it to what the file says:
ids, tickets, open counters and pairings stay. All in the caller's transaction,
and whatever forbids the import is found before the first row is written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.clock import local_date
from app.importing.absent import (
    devices_gone,
    refuse_used,
    remove,
    remove_devices,
    remove_unused_series,
    rows_gone,
)
from app.importing.schema import AgencySpec, HoursSpec, Mall, ServiceSpec
from app.importing.tables import Key, Tally, Values, ids_of, keep_only, put, table
from app.models import CounterState
from app.models.states import DeviceKind

_HOURS = ("agency_id", "service_id", "weekday", "opens", "closes")


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """How much of everything the mall has now, and how many rows that changed."""

    has: Mapping[str, int]
    rows_created: int
    rows_changed: int
    rows_removed: int


def import_mall(db: Connection, mall: Mall, *, now: datetime) -> ImportSummary:
    """Write the mall in the caller's transaction.

    Raises ImportFailed, with nothing written, when the file leaves out what
    has tickets or is in use.
    """
    tally = Tally()
    devices, others = devices_gone(db, mall), rows_gone(db, mall)
    refuse_used(db, devices + others)
    remove_devices(db, devices, tally)
    _put_site(db, mall, tally, now)
    _put_hall(db, mall, tally)
    _put_agencies(db, mall, tally)
    _put_counters(db, mall, tally)
    _put_devices(db, mall, tally)
    _put_hours(db, mall, tally)
    remove(db, others, tally)
    remove_unused_series(db, tally)
    return ImportSummary(_counted(mall), tally.created, tally.changed, tally.removed)


def _put_site(db: Connection, mall: Mall, tally: Tally, now: datetime) -> None:
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
    put(db, table("site"), ("id",), {(1,): values}, tally, fresh={"always_open": False})
    put(db, table("ledger_state"), ("id",), {(1,): {}}, tally, fresh=ledger)


def _put_hall(db: Connection, mall: Mall, tally: Tally) -> None:
    spaces = {(space.code,): {"name": space.name} for space in mall.sound_spaces}
    put(db, table("sound_space"), ("code",), spaces, tally)
    space_ids = ids_of(db, table("sound_space"), "code")
    zones = {
        (zone.code,): {
            "name": zone.name,
            "sound_space_id": space_ids[zone.sound_space,],
        }
        for zone in mall.zones
    }
    put(db, table("zone"), ("code",), zones, tally)


def _put_agencies(db: Connection, mall: Mall, tally: Tally) -> None:
    agencies = {
        (agency.code,): {
            "name": agency.name,
            "name_en": agency.name_en,
            "short_name": agency.short_name,
            "symbol": agency.symbol.value,
            "position": position,
        }
        for position, agency in enumerate(mall.agencies, start=1)
    }
    put(db, table("agency"), ("code",), agencies, tally)
    prefixes: dict[Key, Values] = {(_prefix(*each),): {} for each in _services(mall)}
    series = table("series")
    put(db, series, ("prefix",), prefixes, tally, fresh={"last_number": 0})
    _put_services(db, mall, tally)


def _put_services(db: Connection, mall: Mall, tally: Tally) -> None:
    agency_ids = ids_of(db, table("agency"), "code")
    series_ids = ids_of(db, table("series"), "prefix")
    services: dict[Key, Values] = {}
    for position, (agency, service) in enumerate(_services(mall), start=1):
        services[agency_ids[agency.code,], service.code] = {
            "series_id": series_ids[_prefix(agency, service),],
            "name": service.name,
            "name_en": service.name_en,
            "typical_minutes": service.typical_minutes,
            "standard_minutes": service.standard_minutes,
            "fee": service.fee,
            "documents": service.documents,
            "position": position,
        }
    put(db, table("service"), ("agency_id", "code"), services, tally)


def _put_counters(db: Connection, mall: Mall, tally: Tally) -> None:
    zone_ids = ids_of(db, table("zone"), "code")
    counters = {
        (counter.code,): {"name": counter.name, "zone_id": zone_ids[counter.zone,]}
        for counter in mall.counters
    }
    closed = {"state": CounterState.CLOSED.value}
    put(db, table("counter"), ("code",), counters, tally, fresh=closed)
    _put_counter_services(db, mall, tally)


def _put_counter_services(db: Connection, mall: Mall, tally: Tally) -> None:
    counter_ids = ids_of(db, table("counter"), "code")
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
    put(db, table("counter_service"), key_names, links, tally)
    keep_only(db, table("counter_service"), key_names, links, tally)


def _offered(db: Connection, mall: Mall) -> dict[str, list[int]]:
    """Return the service ids that each ``AGENCY`` and ``AGENCY/SERVICE`` names."""
    offered: dict[str, list[int]] = {}
    for (agency, service), service_id in _service_ids(db, mall).items():
        offered.setdefault(agency, []).append(service_id)
        offered[f"{agency}/{service}"] = [service_id]
    return offered


def _put_devices(db: Connection, mall: Mall, tally: Tally) -> None:
    printers = {
        (printer.code,): {
            "name": printer.name,
            "address": printer.address,
            "paper": printer.paper,
            "reports_status": printer.reports_status,
        }
        for printer in mall.printers
    }
    put(db, table("printer"), ("code",), printers, tally)
    printer_ids = ids_of(db, table("printer"), "code")
    devices: dict[Key, Values] = {}
    for kiosk in mall.kiosks:
        printer_id = printer_ids[kiosk.printer,] if kiosk.printer else None
        devices[DeviceKind.KIOSK.value, kiosk.code] = {
            "name": kiosk.name,
            "printer_id": printer_id,
        }
    for display in mall.displays:
        devices[DeviceKind.DISPLAY.value, display.code] = {"name": display.name}
    put(db, table("device"), ("kind", "code"), devices, tally)
    _put_display_zones(db, mall, tally)


def _put_display_zones(db: Connection, mall: Mall, tally: Tally) -> None:
    device_ids = ids_of(db, table("device"), "code")
    zone_ids = ids_of(db, table("zone"), "code")
    shows: dict[Key, Values] = {
        (device_ids[display.code,], zone_ids[zone,]): {}
        for display in mall.displays
        for zone in display.zones
    }
    key_names = ("device_id", "zone_id")
    put(db, table("display_zone"), key_names, shows, tally)
    keep_only(db, table("display_zone"), key_names, shows, tally)


def _put_hours(db: Connection, mall: Mall, tally: Tally) -> None:
    agency_ids = ids_of(db, table("agency"), "code")
    service_ids = _service_ids(db, mall)
    rows = set(_periods(mall.site.hours, None, None))
    for agency in mall.agencies:
        rows.update(_periods(agency.hours, agency_ids[agency.code,], None))
    for agency, service in _services(mall):
        service_id = service_ids[agency.code, service.code]
        rows.update(_periods(service.hours, None, service_id))
    ordered = sorted(rows, key=lambda row: tuple(part or 0 for part in row[:3]))
    put(db, table("opening_hours"), _HOURS, {row: {} for row in ordered}, tally)
    keep_only(db, table("opening_hours"), _HOURS, rows, tally)


def _periods(
    hours: list[HoursSpec], agency_id: int | None, service_id: int | None
) -> Iterator[Key]:
    for item in hours:
        for day in item.days:
            yield agency_id, service_id, day.number, item.opens, item.closes


def _services(mall: Mall) -> Iterator[tuple[AgencySpec, ServiceSpec]]:
    for agency in mall.agencies:
        for service in agency.services:
            yield agency, service


def _service_ids(db: Connection, mall: Mall) -> dict[tuple[str, str], int]:
    agency_ids = ids_of(db, table("agency"), "code")
    ids = ids_of(db, table("service"), "agency_id", "code")
    return {
        (agency.code, service.code): ids[agency_ids[agency.code,], service.code]
        for agency, service in _services(mall)
    }


def _prefix(agency: AgencySpec, service: ServiceSpec) -> str:
    """Return the prefix of the series that a service draws from."""
    prefix = service.prefix or agency.prefix
    if prefix is None:  # read_mall has refused it
        raise ValueError(f"{agency.code}/{service.code} has no prefix.")
    return prefix


def _counted(mall: Mall) -> dict[str, Any]:
    lists = ("agencies", "zones", "counters", "displays", "printers", "kiosks")
    counts = {name: len(getattr(mall, name)) for name in lists}
    return counts | {"services": sum(1 for _ in _services(mall))}
