"""The small mall in a database, and everybody in it with a good credential."""

from datetime import timedelta
from functools import cache

from sqlalchemy import Connection, insert

from app.auth.credentials import session
from app.auth.devices import add_token
from app.auth.passwords import hash_password
from app.auth.secrets import digest
from app.clock import local_date
from app.importing import import_mall, read_mall
from app.models import StaffAgency
from app.queueing import rows
from app.queueing.change import Change
from app.queueing.rows import table_of
from app.queueing.site.rulebook import read_rulebook
from tests.support import mall
from tests.support.clock import MORNING
from tests.support.people import (
    ADMIN,
    BUDI,
    DEVICES,
    DISPLAY_A,
    DISPLAY_B,
    HALL_DISPLAY,
    KEPALA,
    KEPALA_IMI,
    KIOSK,
    MADE,
    OTHER_KIOSK,
    RESEPSI,
    SARI,
    STAFF,
    PairedDevice,
    StaffMember,
)

__all__ = [
    "ADMIN",
    "BUDI",
    "DEVICES",
    "DISPLAY_A",
    "DISPLAY_B",
    "HALL_DISPLAY",
    "KEPALA",
    "KEPALA_IMI",
    "KIOSK",
    "MADE",
    "OTHER_KIOSK",
    "RESEPSI",
    "SARI",
    "STAFF",
    "PairedDevice",
    "StaffMember",
    "seed_small_mall",
]

PASSWORD = "durian-1234"  # noqa: S105 (of nobody)


def seed_small_mall(db: Connection) -> None:
    """Fill an empty database with the small mall and everybody in it."""
    import_mall(db, read_mall(mall.SMALL_MALL), now=MORNING)
    for member in STAFF:
        _add_member(db, member)
    rules = read_rulebook(db)
    change = Change(MORNING, local_date(MORNING, rules.site.zone), rules)
    for device in DEVICES:
        add_token(db, change, device_id=device.id, secret=device.secret)


def _add_member(db: Connection, member: StaffMember) -> None:
    db.execute(
        insert(rows.staff).values(
            id=member.id,
            username=member.username,
            name=member.username.title(),
            role=member.role,
            password_hash=_hash(),
            is_active=True,
        )
    )
    for agency_id in member.agencies:
        link = {"staff_id": member.id, "agency_id": agency_id}
        db.execute(insert(table_of(StaffAgency)).values(link))
    db.execute(
        insert(session).values(
            staff_id=member.id,
            secret_sha256=digest(member.secret),
            created_at=MORNING,
            expires_at=MORNING + timedelta(days=30),
        )
    )


@cache
def _hash() -> str:
    return hash_password(PASSWORD)
