"""Services and the series from which they draw, with their spare rolls."""

from collections.abc import Iterator

from sqlalchemy import Connection
from sqlmodel import col, select

from app.importing.problems import Problem
from app.importing.schema import AgencySpec, CounterSpec, Mall, ServiceSpec
from app.importing.tables import Key, Tally, Values, ids_of, upsert
from app.importing.times import SpareRollSpec
from app.models import Agency, LedgerState, Series, Service

ServiceIds = dict[tuple[str, str], int]
"""The services' ids by the codes of agency and service."""

# of another day, the series begins anew: its last number says nothing
_SERIES_OF_TODAY = select(
    col(Series.prefix),
    col(Series.last_number),
    col(Series.spare_from),
    col(Series.spare_to),
).join(LedgerState, col(LedgerState.service_day) == col(Series.day))


def services_in(mall: Mall) -> Iterator[tuple[AgencySpec, ServiceSpec]]:
    """Yield every service with its agency, in the order of the kiosk."""
    for agency in mall.agencies:
        for service in agency.services:
            yield agency, service


def served_by(mall: Mall, counter: CounterSpec) -> Iterator[tuple[str, str]]:
    """Yield each service of a counter: its agency's code, and ``AGENCY/SERVICE``."""
    for agency, service in services_in(mall):
        ref = f"{agency.code}/{service.code}"
        if agency.code in counter.services or ref in counter.services:
            yield agency.code, ref


def service_ids(db: Connection, mall: Mall) -> ServiceIds:
    """Return the services' ids."""
    agency_ids = ids_of(db, Agency, "code")
    ids = ids_of(db, Service, "agency_id", "code")
    return {
        (agency.code, service.code): ids[agency_ids[agency.code,], service.code]
        for agency, service in services_in(mall)
    }


def roll_problems(db: Connection, mall: Mall) -> list[Problem]:
    """Return a problem for each new roll whose numbers were given today."""
    series_of_today = {row.prefix: row for row in db.execute(_SERIES_OF_TODAY)}
    return [
        Problem.of_database(
            f"series.{prefix}.spare_roll",
            "roll-begun",
            first=roll.first,
            last=row.last_number,
        )
        for prefix, roll in _rolls(mall).items()
        if (row := series_of_today.get(prefix)) is not None
        and (row.spare_from, row.spare_to) != (roll.first, roll.last)
        and row.last_number >= roll.first
    ]


def upsert_services(db: Connection, mall: Mall, tally: Tally) -> None:
    """Write services and series; a roll that the file does not name stays."""
    rolls = _rolls(mall)
    series: dict[Key, Values] = {}
    for each in services_in(mall):
        prefix = _prefix(*each)
        series[prefix,] = _roll_columns(rolls[prefix]) if prefix in rolls else {}
    upsert(db, Series, ("prefix",), series, tally, defaults={"last_number": 0})
    agency_ids = ids_of(db, Agency, "code")
    series_ids = ids_of(db, Series, "prefix")
    services: dict[Key, Values] = {}
    for position, (agency, service) in enumerate(services_in(mall), start=1):
        services[agency_ids[agency.code,], service.code] = {
            "series_id": series_ids[_prefix(agency, service),],
            "name": service.name,
            "name_en": service.name_en,
            "typical_minutes": service.typical_minutes,
            "standard_minutes": service.standard_minutes,
            "fee": service.fee,
            "fee_en": service.fee_en,
            "documents": service.documents,
            "documents_en": service.documents_en,
            "aliases": service.aliases or None,
            "reception_only": service.reception_only,
            "kiosk_cooldown_seconds": service.kiosk_cooldown_seconds,
            "results": [each.model_dump() for each in service.results] or None,
            "position": position,
            "retired_on": service.retired,
        }
    upsert(db, Service, ("agency_id", "code"), services, tally)


def _roll_columns(roll: SpareRollSpec) -> Values:
    return {"spare_from": roll.first, "spare_to": roll.last}


def _rolls(mall: Mall) -> dict[str, SpareRollSpec]:
    """Return the spare rolls by the prefix beside which they stand."""
    owners: list[AgencySpec | ServiceSpec] = [*mall.agencies]
    owners += [service for _, service in services_in(mall)]
    return {
        owner.prefix: owner.spare_roll
        for owner in owners
        if owner.prefix and owner.spare_roll
    }


def _prefix(agency: AgencySpec, service: ServiceSpec) -> str:
    """Return the prefix of the series that a service draws from."""
    prefix = service.prefix or agency.prefix
    if prefix is None:  # read_mall has refused it
        raise ValueError(f"{agency.code}/{service.code} has no prefix.")
    return prefix
