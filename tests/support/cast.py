"""The people and devices of the small mall, each with a good credential.

Two officers of one agency, another agency's officer who must see nothing, a
supervisor of each agency, reception, an admin, two kiosks, three displays.
"""

from dataclasses import dataclass, field
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
from app.queueing.change import Actor, Change
from app.queueing.opening.rulebook import read_rulebook
from app.queueing.rows import table_of
from tests.support import mall
from tests.support.clock import MORNING

PASSWORD = "durian-1234"  # noqa: S105 (of nobody)


@dataclass(frozen=True)
class StaffMember:
    """A member of staff, known by user name; their cookie's secret is made of it."""

    id: int
    username: str
    role: str
    agencies: tuple[int, ...] = ()

    @property
    def secret(self) -> str:
        """Return the cookie of a sign-in that has been made for them."""
        return f"session-of-{self.username}"

    @property
    def actor(self) -> Actor:
        """Return them as the rules know them."""
        return Actor(
            kind="staff",
            role=self.role,
            id=self.id,
            name=self.username,
            agency_ids=frozenset(self.agencies),
            credential=f"staff:{self.id}",
        )


SARI = StaffMember(1, "sari", "officer", (mall.DKC,))
BUDI = StaffMember(2, "budi", "officer", (mall.DKC,))
MADE = StaffMember(3, "made", "officer", (mall.IMI,))
KEPALA = StaffMember(4, "kepala", "supervisor", (mall.DKC,))
KEPALA_IMI = StaffMember(5, "kepala-imi", "supervisor", (mall.IMI,))
RESEPSI = StaffMember(6, "resepsi", "reception")
ADMIN = StaffMember(7, "admin", "admin")
STAFF = (SARI, BUDI, MADE, KEPALA, KEPALA_IMI, RESEPSI, ADMIN)


@dataclass(frozen=True)
class PairedDevice:
    """A device; its token's secret is made of its id."""

    id: int
    kind: str
    secret: str = field(init=False)

    def __post_init__(self) -> None:
        """Give it a token."""
        object.__setattr__(self, "secret", f"token-of-{self.kind}-{self.id}")

    @property
    def actor(self) -> Actor:
        """Return it as the rules know it."""
        return Actor("device", self.kind, self.id, credential=f"device:{self.id}")


KIOSK = PairedDevice(mall.KIOSK_1, "kiosk")
OTHER_KIOSK = PairedDevice(mall.KIOSK_2, "kiosk")
HALL_DISPLAY = PairedDevice(mall.HALL, "display")
DISPLAY_A = PairedDevice(mall.DISPLAY_A, "display")
DISPLAY_B = PairedDevice(mall.DISPLAY_B, "display")
DEVICES = (KIOSK, OTHER_KIOSK, HALL_DISPLAY, DISPLAY_A, DISPLAY_B)


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
