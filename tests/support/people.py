"""The people and devices of the small mall, as plain values.

Two officers of one agency, another agency's officer who must see nothing, a
supervisor of each agency, reception, an admin, two kiosks, three displays.
"""

from dataclasses import dataclass, field

from app.queueing.change import Actor
from tests.support import mall


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
