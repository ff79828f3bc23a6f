"""Staff, the agencies they belong to, and their sign-ins."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, false
from sqlmodel import Field, SQLModel

from app.models.states import PasswordState, Role, one_of


class Staff(SQLModel, table=True):
    """An officer, reception, a supervisor or an admin."""

    __table_args__ = (
        one_of("role", Role),
        one_of("password_state", PasswordState),
    )

    id: int | None = Field(default=None, primary_key=True)
    # as ``app.auth.usernames`` folds it: `Budi` and `budi` are one user name
    username: str = Field(unique=True)
    name: str
    role: str
    password_hash: str
    password_state: str = Field(
        default=PasswordState.CHOSEN,
        sa_column_kwargs={"server_default": PasswordState.CHOSEN.value},
    )
    # switched off and not deleted: sign-ins, closures and events name the row
    is_active: bool = True


class StaffAgency(SQLModel, table=True):
    """A member of staff belongs to an agency."""

    __tablename__ = "staff_agency"

    staff_id: int = Field(foreign_key="staff.id", primary_key=True)
    agency_id: int = Field(foreign_key="agency.id", primary_key=True)


class StaffSession(SQLModel, table=True):
    """A sign-in; the cookie's secret is kept as its SHA-256 only."""

    __tablename__ = "staff_session"

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    # who reads a backup of the database can sign in with nothing of it (lesson 13)
    secret_sha256: str = Field(unique=True)
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    # made with a one-time password: good for nothing but choosing a new one
    only_password: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )


class KnownBrowser(SQLModel, table=True):
    """A browser in which somebody has signed in before (``app.auth.attempts``)."""

    __tablename__ = "known_browser"

    secret_sha256: str = Field(primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", primary_key=True, index=True)
    used_at: datetime


class Audit(SQLModel, table=True):
    """Who did what to whom, when, from which device; never changed, no secrets."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    kind: str
    # None: at the terminal of the server itself, which ``device`` names
    actor_id: int | None = Field(default=None, foreign_key="staff.id")
    device: str
    subject_id: int | None = Field(default=None, foreign_key="staff.id")
    details: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False)
    )
