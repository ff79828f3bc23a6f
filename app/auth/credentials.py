"""From a secret to whoever holds it, remembered until a credential changes.

A secret that nobody holds is not remembered: it may be given out any moment.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, bindparam, select
from sqlalchemy.exc import DBAPIError

from app.auth.secrets import digest
from app.clock import Now
from app.db.damage import is_damage
from app.errors import DatabaseDamaged
from app.models import DeviceToken, StaffSession
from app.queueing import rows
from app.queueing.change import Actor
from app.queueing.rows import table_of

MAX_IDENTITIES = 10_000
ONLY_PASSWORD = "only-password"  # noqa: S105 (a role)
"""Who signed in with a one-time password: may choose another, and nothing else."""

LOCAL = "local"
"""A command at the server's own machine, by the secret in the data folder; it may read
and import the mall, and nothing else."""

session = table_of(StaffSession)
token = table_of(DeviceToken)
_parent = token.alias("parent")

# Core and constants: a secret is looked up while requests wait (decision 0015)
_SESSION = (
    select(
        session.c.id,
        session.c.expires_at,
        session.c.only_password,
        rows.staff.c.id.label("staff_id"),
        rows.staff.c.name,
        rows.staff.c.role,
    )
    .select_from(session.join(rows.staff))
    .where(
        session.c.secret_sha256 == bindparam("sha256"),
        session.c.ended_at.is_(None),
        rows.staff.c.is_active.is_(True),
    )
)
_AGENCIES = select(rows.staff_agency.c.agency_id).where(
    rows.staff_agency.c.staff_id == bindparam("staff_id")
)
_DEVICE = (
    select(
        token.c.id,
        rows.device.c.id.label("device_id"),
        rows.device.c.kind,
        rows.device.c.name,
    )
    .select_from(
        token.join(rows.device, rows.device.c.id == token.c.device_id).outerjoin(
            _parent, _parent.c.id == token.c.cookie_of_id
        )
    )
    .where(
        token.c.secret_sha256 == bindparam("sha256"),
        token.c.revoked_at.is_(None),
        # true also of a token without parent: the outer join gives NULL
        _parent.c.revoked_at.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whoever holds a secret, and until when it is good."""

    actor: Actor
    expires_at: datetime | None


_LOCAL_ACTOR = Actor(kind="system", role=LOCAL, name="local", credential=LOCAL)


class Credentials:
    """Looks secrets up; ``forget`` it all when the fact "credentials" changes."""

    def __init__(self, readers: Engine) -> None:
        self._readers = readers
        self._identities: dict[str, Identity] = {}
        self._lately: set[str] = set()
        self._local_sha256: str | None = None

    def allow_local(self, secret: str) -> None:
        """Let whoever can read the data folder give commands for the whole mall."""
        self._local_sha256 = digest(secret)

    def forget(self) -> None:
        """Forget everything: a sign-in or a token ended, or staff changed."""
        self._identities.clear()

    def of(self, secret: str, clock: Now) -> Actor | None:
        """Return who holds a secret now, or None."""
        sha256 = digest(secret)
        if sha256 == self._local_sha256:
            return _LOCAL_ACTOR
        identity = self._identities.get(sha256) or self._look_up(sha256)
        # asked each time: a sign-in that runs out touches no fact
        if identity is None or (
            identity.expires_at is not None and identity.expires_at <= clock.now()
        ):
            return None
        return identity.actor

    def knows(self, secret: str) -> bool:
        """Tell whether a secret was good when somebody came with it lately.

        Looks nothing up, and gives no right: a revoked one may still be known.
        """
        sha256 = digest(secret)
        return sha256 in self._lately or sha256 == self._local_sha256

    def _look_up(self, sha256: str) -> Identity | None:
        try:
            with self._readers.connect() as db:
                identity = _find(db, sha256)
        except (DBAPIError, sqlite3.Error) as error:
            if not is_damage(error):
                raise
            raise DatabaseDamaged from error
        if identity is None:
            return None
        if len(self._lately) >= MAX_IDENTITIES:
            # all at once: whoever is still here comes back with the next request
            self._identities.clear()
            self._lately.clear()
        self._identities[sha256] = identity
        self._lately.add(sha256)
        return identity


def _find(db: Connection, sha256: str) -> Identity | None:
    return _staff(db, sha256) or _device(db, sha256)


def _staff(db: Connection, sha256: str) -> Identity | None:
    row = db.execute(_SESSION, {"sha256": sha256}).first()
    if row is None:
        return None
    agencies = db.execute(_AGENCIES, {"staff_id": row.staff_id}).scalars()
    actor = Actor(
        kind="staff",
        # a role of its own: what does not name it is closed to it
        role=ONLY_PASSWORD if row.only_password else row.role,
        id=row.staff_id,
        name=row.name,
        agency_ids=frozenset() if row.only_password else frozenset(agencies),
        credential=f"staff:{row.staff_id}",
    )
    return Identity(actor, row.expires_at)


def _device(db: Connection, sha256: str) -> Identity | None:
    row = db.execute(_DEVICE, {"sha256": sha256}).first()
    if row is None:
        return None
    actor = Actor(
        kind="device",
        role=row.kind,
        id=row.device_id,
        name=row.name,
        credential=f"device:{row.device_id}",
    )
    return Identity(actor, None)
