"""What the database says of the services that may be found."""

from sqlalchemy import Connection, select

from app.queueing import rows
from app.queueing.opening.rulebook import practice_services
from app.search.phrases import SearchableService

_SERVICES = (
    select(
        rows.service.c.id,
        rows.service.c.code,
        rows.service.c.name,
        rows.service.c.name_en,
        rows.service.c.aliases,
        rows.agency.c.code.label("agency_code"),
        rows.agency.c.name.label("agency_name"),
        rows.agency.c.name_en.label("agency_name_en"),
        rows.agency.c.short_name,
    )
    .select_from(
        rows.service.join(rows.agency, rows.agency.c.id == rows.service.c.agency_id)
    )
    .order_by(rows.agency.c.position, rows.agency.c.id)
    .order_by(rows.service.c.position, rows.service.c.id)
)


def read_services(db: Connection) -> list[SearchableService]:
    """Return the services in the kiosk's order, without those for practice."""
    practice = practice_services(db)
    return [
        SearchableService(
            row.id,
            code=row.code,
            names={"id": row.name, "en": row.name_en},
            agency_code=row.agency_code,
            agency_names={"id": row.agency_name, "en": row.agency_name_en},
            agency_short=row.short_name,
            aliases=tuple(row.aliases or ()),
        )
        for row in db.execute(_SERVICES)
        if row.id not in practice
    ]
