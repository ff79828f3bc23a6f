"""What one command does: its moment, and the facts that it touched."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from app.models import Role
from app.models.states import DeviceKind
from app.queueing.facts import Fact
from app.queueing.site.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command.

    ``credential`` names the sign-in for idempotency keys and never holds a
    secret. ``agency_ids`` are those of an officer or supervisor.
    """

    kind: Literal["staff", "device", "visitor", "system"]
    role: str
    id: int | None = None
    name: str = ""
    agency_ids: frozenset[int] = frozenset()
    credential: str = ""

    @property
    def staff_id(self) -> int | None:
        """Return the member of staff's id, if it is one."""
        return self.id if self.kind == "staff" else None

    @property
    def device_id(self) -> int | None:
        """Return the device's id, if it is one."""
        return self.id if self.kind == "device" else None

    @property
    def is_kiosk(self) -> bool:
        """Tell whether this is a kiosk."""
        return self.role == DeviceKind.KIOSK

    @property
    def supervises(self) -> bool:
        """Tell whether a supervisor's commands are open to this caller."""
        return self.role in (Role.SUPERVISOR, Role.ADMIN)

    @property
    def sees_all(self) -> bool:
        """Tell whether this caller sees the whole site (rules.md#who-may)."""
        return self.kind == "system" or self.role in (Role.ADMIN, Role.RECEPTION)

    def sees(self, agency_id: int) -> bool:
        """Tell whether this caller may know of an agency's lines."""
        return self.sees_all or agency_id in self.agency_ids


SYSTEM = Actor(kind="system", role="system", name="system", credential="system")


@dataclass(slots=True)
class Change:
    """One command under way: its moment, service day, and the site's rules.

    ``facts`` name what it touched; the views that depend on one are shown anew
    after the commit. They belong to the command and are taken back with it.
    """

    now: datetime
    day: date
    rules: Rulebook
    clock_is_in_doubt: bool = False
    request_key: str | None = None
    facts: set[Fact] = field(default_factory=set)
    numbers: dict[int, str] = field(default_factory=dict)
    """The numbers of tickets that it has changed, by their ids."""

    def touch(self, *facts: Fact) -> None:
        """Note facts that this command changed."""
        self.facts.update(facts)
