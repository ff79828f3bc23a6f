"""a note belongs to a leg

Revision ID: 0003
Revises: 0002

One note per ticket was read by every agency of it. A note of before goes to
the ticket's newest leg. What may still be said is found by its own index,
and a service may have results of its own.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover_note",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"]),
        sa.PrimaryKeyConstraint("entry_id"),
    )
    op.execute(
        "INSERT INTO handover_note (entry_id, text)"
        " SELECT max(entry.id), ticket_private.note FROM ticket_private"
        " JOIN entry ON entry.ticket_id = ticket_private.ticket_id"
        " WHERE ticket_private.note IS NOT NULL"
        " GROUP BY ticket_private.ticket_id, ticket_private.note"
    )
    op.drop_column("ticket_private", "note")
    op.add_column("service", sa.Column("results", sa.JSON(), nullable=True))
    op.create_index("announcements_valid", "announcement", ["zone_id", "expires_at"])
