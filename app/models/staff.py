"""Staff, the agencies they belong to, and their sign-ins."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.models.states import Role, one_of


class Staff(SQLModel, table=True):
    """An officer, reception, a supervisor or an admin."""

    __table_args__ = (one_of("role", Role),)

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True)
    name: str
    role: str
    password_hash: str
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
