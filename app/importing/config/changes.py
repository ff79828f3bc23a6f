"""What a file would change of the stored mall, field by field.

Both are first brought to one form: what stands for the same thing is the same, however
it was written down.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from app.importing.config.stored_times import (
    FIELDS,
    Fields,
    Week,
    stretch,
    week_lines,
)
from app.importing.schema import CounterSpec, Mall
from app.importing.services import served_by
from app.importing.times import Times, period_of

LISTS = (
    "agencies", "sound_spaces", "zones", "counters",
    "displays", "printers", "print_agents", "kiosks",
)  # fmt: skip


class Difference(NamedTuple):
    """A field that differs; ``None`` where there is nothing on one side.

    ``path`` is codes and fields joined by dots (contract.md#config).
    """

    path: str
    old: Any
    new: Any


def differences(stored: Mall | None, wanted: Mall) -> list[Difference]:
    """Return every field in which a wanted mall differs from the stored one.

    ``stored`` is None where there is none, or none that can be told as a file.
    """
    if stored is None:
        return list(_differences("", {}, _plain(wanted)))
    old, new = _plain(stored), _plain(wanted)
    # a roll that the file does not name stays as people have set it
    new["series"] = {**old["series"], **new["series"]}
    for prefix in new["series"].keys() - old["series"].keys():
        old["series"].setdefault(prefix, {"spare_roll": None})
    found = list(_differences("", old, new))
    return [*found, *_orders(stored, wanted)]


def _differences(path: str, old: Any, new: Any) -> Iterator[Difference]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            inner = f"{path}.{key}" if path else str(key)
            yield from _differences(inner, old.get(key), new.get(key))
    elif old != new:
        yield Difference(path, old, new)


def _orders(stored: Mall, wanted: Mall) -> Iterator[Difference]:
    """Yield where the kiosk's order of what stays differs."""
    yield from _order("agencies", _codes(stored.agencies), _codes(wanted.agencies))
    services = {agency.code: _codes(agency.services) for agency in stored.agencies}
    for agency in wanted.agencies:
        if agency.code in services:
            path = f"agencies.{agency.code}.services"
            yield from _order(path, services[agency.code], _codes(agency.services))


def _order(path: str, old: list[str], new: list[str]) -> Iterator[Difference]:
    kept = set(old) & set(new)
    if [code for code in old if code in kept] != [code for code in new if code in kept]:
        yield Difference(path, old, new)


def _codes(items: Any) -> list[str]:
    return [item.code for item in items]


def _plain(mall: Mall) -> Fields:
    """Return a mall as groups by code, each thing said in one way."""
    fields = mall.model_dump(mode="json")
    plain: Fields = {"site": fields["site"] | _times(mall.site)}
    for name in LISTS:
        plain[name] = {item["code"]: item for item in fields[name]}
    plain["series"] = {}
    for agency in mall.agencies:
        of_agency = plain["agencies"][agency.code]
        of_agency |= _times(agency)
        of_agency["services"] = {s["code"]: s for s in of_agency["services"]}
        for service in agency.services:
            of_service = of_agency["services"][service.code]
            of_service |= _times(service)
            of_service["prefix"] = service.prefix or agency.prefix
            of_service["quotas"].sort(key=_quota_key)
        for owner in (of_agency, *of_agency["services"].values()):
            roll = owner.pop("spare_roll")
            if roll:
                plain["series"][owner["prefix"]] = {"spare_roll": roll}
        # what its services draw from stands there
        del of_agency["prefix"]
    for counter in mall.counters:
        of_counter = plain["counters"][counter.code]
        services, starts = _served(mall, counter)
        of_counter |= {"services": services, "head_start_minutes": starts}
    for display in plain["displays"].values():
        display["zones"] = sorted(display["zones"])
    return plain


def _times(times: Times) -> Fields:
    """Return the times of an owner, the same days and hours always alike."""
    fields: Fields = {}
    for kind, lines in times.by_kind().items():
        week: Week = defaultdict(set)
        for line in lines:
            week[period_of(line)] |= {day.number for day in line.days}
        fields[FIELDS[kind]] = week_lines(kind, week)
    fields["special_hours"] = {
        special.day.isoformat(): {
            FIELDS[kind]: [
                stretch(kind, *period) for period in sorted(map(period_of, items))
            ]
            for kind, items in special.by_kind().items()
        }
        for special in times.special_hours
    }
    holidays = getattr(times, "holidays", None)
    if holidays is not None:
        fields["holidays"] = {each.day.isoformat(): each.name for each in holidays}
    return fields


def _quota_key(quota: Fields) -> tuple[str, str]:
    return quota["channel"] or "", quota["opens"]


def _served(mall: Mall, counter: CounterSpec) -> tuple[list[str], dict[str, int]]:
    """Return every service of a counter, and the head starts that count."""
    services, starts = list[str](), dict[str, int]()
    minutes = counter.head_start_minutes
    for agency, ref in served_by(mall, counter):
        services.append(ref)
        # a service's own figure goes before its agency's
        start = minutes.get(ref, minutes.get(agency, 0))
        if start:
            starts[ref] = start
    return sorted(services), starts
