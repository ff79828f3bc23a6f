"""From the database back to the import file: the mall as it would be written today.

What is retired is not in it. What the file leaves out where it says nothing is left
out here too, so that a file that came from here is short, and read again it changes
nothing.
"""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import yaml
from sqlalchemy import Connection, Row, select
from sqlmodel import SQLModel

from app.importing.config.stored_times import Fields, Owner, StoredTimes
from app.models import (
    Agency,
    Counter,
    CounterService,
    Device,
    DisplayZone,
    Printer,
    Series,
    Service,
    Site,
    SoundSpace,
    Zone,
)
from app.models.states import DeviceKind
from app.queueing.rows import table_of

_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_UNFOLDED = 1_000_000
Rows = Mapping[int, Row[Any]]


def config_text(db: Connection) -> str:
    """Return the stored mall as an import file."""
    return yaml.dump(
        stored_mall(db),
        Dumper=_DUMPER,
        allow_unicode=True,
        sort_keys=False,
        width=_UNFOLDED,
    )


def stored_mall(db: Connection) -> Fields:
    """Return the stored mall as the fields of an import file."""
    times = StoredTimes(db)
    spaces, zones = _rows(db, SoundSpace), _rows(db, Zone)
    printers = _rows(db, Printer)
    offer = _Offer(db)
    lists = {
        "sound_spaces": _spaces(db, spaces),
        "zones": [_zone(row, spaces) for row in zones.values()],
        "agencies": [_agency(row, offer, times) for row in offer.agencies],
        "counters": _counters(db, zones, offer),
        "displays": _displays(db, zones),
        "printers": [_printer(row, printers) for row in printers.values()],
        **_devices(db, printers),
    }
    site = _site(db, times)
    return {"site": site, **{name: items for name, items in lists.items() if items}}


class _Offer:
    """Agencies, their services in the order of the kiosk, and their series."""

    def __init__(self, db: Connection) -> None:
        self.agencies = _in_order(_rows(db, Agency).values())
        self.series = _rows(db, Series)
        self.services: dict[int, list[Row[Any]]] = defaultdict(list)
        for service in _in_order(_rows(db, Service).values()):
            self.services[service.agency_id].append(service)

    def usual_series(self, agency_id: int) -> int:
        """Return the series that most services of an agency draw from."""
        series = Tally(service.series_id for service in self.services[agency_id])
        return int(series.most_common(1)[0][0])

    def refs(self, service_ids: set[int]) -> list[str]:
        """Return services as a counter names them: whole agencies where it can."""
        refs = list[str]()
        for agency in self.agencies:
            own = self.services[agency.id]
            served = [service for service in own if service.id in service_ids]
            if served and len(served) == len(own):
                refs.append(agency.code)
            else:
                refs += [f"{agency.code}/{service.code}" for service in served]
        return refs


def _site(db: Connection, times: StoredTimes) -> Fields:
    row = db.execute(select(table_of(Site))).one()
    fields = _fields(row, "name", "timezone", "languages", "public_url")
    if row.is_sample:
        fields["sample"] = True
    fields |= times.fields(Owner())
    return fields | _given(holidays=times.holidays(None), policy=row.policy)


def _spaces(db: Connection, spaces: Rows) -> list[Fields]:
    codes = {row.id: row.code for row in _devices_of(db, DeviceKind.DISPLAY)}
    return [
        _fields(row, "code", "name")
        | _given(speaker=codes.get(row.preferred_speaker_id))
        for row in spaces.values()
    ]


def _zone(row: Row[Any], spaces: Rows) -> Fields:
    fields = _fields(row, "code", "name") | _given(name_en=row.name_en)
    fields["sound_space"] = spaces[row.sound_space_id].code
    return fields | _given(practice=row.is_practice)


def _agency(row: Row[Any], offer: _Offer, times: StoredTimes) -> Fields:
    fields = _fields(row, "code", "name", "name_en", "short_name", "symbol")
    own = offer.services[row.id]
    usual = offer.usual_series(row.id) if own else None
    if usual is not None:
        fields |= _series_fields(offer.series[usual])
    fields |= _given(retired=_day(row.retired_on))
    fields |= times.fields(Owner(agency_id=row.id))
    fields |= _given(holidays=times.holidays(row.id))
    named = {usual}
    services = list[Fields]()
    for service in own:
        series = offer.series[service.series_id]
        prefix = {} if series.id == usual else _series_fields(series)
        if series.id in named:
            # a roll stands once beside its prefix
            prefix.pop("spare_roll", None)
        named.add(series.id)
        services.append(_service(service, prefix, times))
    return {**fields, "services": services}


def _series_fields(series: Row[Any]) -> Fields:
    roll = {"first": series.spare_from, "last": series.spare_to}
    has_roll = series.spare_from is not None
    return {"prefix": series.prefix} | ({"spare_roll": roll} if has_roll else {})


def _service(row: Row[Any], prefix: Fields, times: StoredTimes) -> Fields:
    names = "code", "name", "name_en"
    return (
        _fields(row, *names)
        | prefix
        | _fields(row, "typical_minutes")
        | _given(
            standard_minutes=row.standard_minutes,
            fee=row.fee,
            fee_en=row.fee_en,
            documents=row.documents,
            documents_en=row.documents_en,
            aliases=row.aliases,
            reception_only=row.reception_only,
            kiosk_cooldown_seconds=row.kiosk_cooldown_seconds,
            results=row.results,
            quotas=times.quotas(row.id),
            retired=_day(row.retired_on),
        )
        | times.fields(Owner(service_id=row.id))
    )


def _counters(db: Connection, zones: Rows, offer: _Offer) -> list[Fields]:
    links: dict[int, dict[int, int]] = defaultdict(dict)
    for link in db.execute(select(table_of(CounterService))):
        links[link.counter_id][link.service_id] = link.head_start_seconds // 60
    counters = list[Fields]()
    for row in _rows(db, Counter).values():
        minutes = links[row.id]
        starts: Fields = {}
        for each in sorted({*minutes.values()} - {0}):
            preferred = {service for service, start in minutes.items() if start == each}
            starts |= dict.fromkeys(offer.refs(preferred), each)
        fields = _fields(row, "code", "name")
        fields["zone"] = zones[row.zone_id].code
        fields["services"] = offer.refs({*minutes})
        retired = _given(retired=_day(row.retired_on))
        counters.append(fields | _given(head_start_minutes=starts) | retired)
    return counters


def _displays(db: Connection, zones: Rows) -> list[Fields]:
    shown: dict[int, set[int]] = defaultdict(set)
    for link in db.execute(select(table_of(DisplayZone))):
        shown[link.device_id].add(link.zone_id)
    counters = _rows(db, Counter)
    displays = []
    for row in _devices_of(db, DeviceKind.DISPLAY):
        counter = counters.get(row.counter_id)
        fields = _fields(row, "code", "name")
        fields["zones"] = [zones[zone_id].code for zone_id in sorted(shown[row.id])]
        displays.append(
            fields
            | _given(
                layout=row.layout,
                counter=counter and counter.code,
                screen_inches=row.screen_inches,
                viewing_metres=row.viewing_metres,
            )
        )
    return displays


def _printer(row: Row[Any], printers: Rows) -> Fields:
    fields = _fields(row, "code", "name") | _given(address=row.address)
    if row.paper != "80mm":
        fields["paper"] = row.paper
    if not row.reports_status:
        fields["reports_status"] = False
    sibling = printers.get(row.sibling_id)
    return fields | _given(sibling=sibling and sibling.code)


def _devices(db: Connection, printers: Rows) -> dict[str, list[Fields]]:
    kinds = {"print_agents": DeviceKind.PRINT_AGENT, "kiosks": DeviceKind.KIOSK}
    lists: dict[str, list[Fields]] = {}
    for name, kind in kinds.items():
        lists[name] = []
        for row in _devices_of(db, kind):
            printer = printers.get(row.printer_id)
            fields = _fields(row, "code", "name")
            lists[name].append(fields | _given(printer=printer and printer.code))
    return lists


def _devices_of(db: Connection, kind: DeviceKind) -> list[Row[Any]]:
    return [row for row in _rows(db, Device).values() if row.kind == kind]


def _rows(db: Connection, model: type[SQLModel]) -> Rows:
    """Return a table's rows by their ids; what is retired is left out."""
    table = table_of(model)
    rows = db.execute(select(table).order_by(table.c.id))
    return {row.id: row for row in rows if not getattr(row, "is_retired", False)}


def _in_order(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    return sorted(rows, key=lambda row: (row.position, row.id))


def _fields(row: Row[Any], *names: str) -> Fields:
    return {name: row._mapping[name] for name in names}


def _given(**fields: Any) -> Fields:
    """Return the fields that say something."""
    return {name: value for name, value in fields.items() if value}


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
