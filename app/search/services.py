"""What the database says of the services that may be found."""

from sqlalchemy import Connection
from sqlmodel import col, select

from app.models import Agency, Service
from app.queueing.site.rulebook import practice_services
from app.search.phrases import SearchableService

_SERVICES = (
    select(col(Service.id), col(Service.code), col(Service.name), col(Service.name_en))
    .add_columns(
        col(Service.aliases),
        col(Agency.code).label("agency_code"),
        col(Agency.name).label("agency_name"),
        col(Agency.name_en).label("agency_name_en"),
        col(Agency.short_name),
    )
    .join(Agency, col(Agency.id) == col(Service.agency_id))
    .where(col(Service.is_retired).is_(False))
    .order_by(col(Agency.position), col(Agency.id))
    .order_by(col(Service.position), col(Service.id))
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
