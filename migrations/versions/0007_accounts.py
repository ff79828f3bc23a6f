"""accounts

Revision ID: 0007
Revises: 0006

User names are one whatever their case: they are stored folded. Where two become
one (`Budi` beside `budi`), who has it in that form already keeps it, else the
first of them; the others get `-2`, `-3` … and a row in the audit says so.
Columns are added in place: rebuilding a table would drop its check constraints
(0002).
"""

import json
import logging
import unicodedata
from datetime import UTC, datetime

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

logger = logging.getLogger(__name__)

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    new_tables()
    new_columns()
    fold_usernames()


def new_tables() -> None:
    op.create_table(
        "known_browser",
        sa.Column("secret_sha256", TEXT(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("used_at", TIME(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("secret_sha256", "staff_id"),
    )
    op.create_index("ix_known_browser_staff_id", "known_browser", ["staff_id"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", TIME(), nullable=False),
        sa.Column("kind", TEXT(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("device", TEXT(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["subject_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])


def new_columns() -> None:
    op.execute(
        "ALTER TABLE staff ADD COLUMN password_state VARCHAR DEFAULT 'chosen' NOT NULL"
        " CONSTRAINT password_state_known"
        " CHECK (password_state IN ('chosen', 'one_time', 'spent'))"
    )
    op.add_column(
        "staff_session",
        sa.Column(
            "only_password", sa.Boolean(), nullable=False, server_default=sa.false()
        ),
    )


def fold_usernames() -> None:
    db = op.get_bind()
    people = db.execute(sa.text("SELECT id, username FROM staff ORDER BY id")).all()
    # who has it in that form already comes first, and keeps it
    people.sort(key=lambda row: row.username != folded(row.username))
    taken = set()
    for row in people:
        username = first_free(folded(row.username), taken)
        taken.add(username)
        if username != row.username:
            rename(db, row, username)


def folded(username: str) -> str:
    composed = unicodedata.normalize("NFC", username).strip().casefold()
    return unicodedata.normalize("NFC", composed)


def first_free(username: str, taken: set[str]) -> str:
    free, number = username, 2
    while free in taken:
        free, number = f"{username}-{number}", number + 1
    return free


def rename(db: sa.Connection, row: sa.Row, username: str) -> None:
    db.execute(
        sa.text("UPDATE staff SET username = :username WHERE id = :id"),
        {"username": username, "id": row.id},
    )
    db.execute(
        sa.text(
            "INSERT INTO audit (at, kind, device, subject_id, details)"
            " VALUES (:at, 'account.renamed', 'migration 0007', :id, :details)"
        ).bindparams(sa.bindparam("at", type_=TIME())),
        {
            "at": datetime.now(UTC),
            "id": row.id,
            "details": json.dumps({"from": row.username, "to": username}),
        },
    )
    if username != folded(row.username):
        logger.warning(
            "the user name %r is another's; its owner signs in as %r now",
            row.username,
            username,
        )
