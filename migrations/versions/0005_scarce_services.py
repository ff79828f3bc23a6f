"""scarce services

Revision ID: 0005
Revises: 0004

Of a service: what else visitors call it, whether only reception gives its
numbers, and the cool-down of each kiosk; an index finds what a kiosk gave a
short while ago. Columns are added in place: rebuilding a table would drop its
check constraints (0002).
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BY_DEVICE = sa.text("device_id IS NOT NULL")


def upgrade() -> None:
    for column in (
        sa.Column("aliases", sa.JSON(), nullable=True),
        sa.Column(
            "reception_only", sa.Boolean(), nullable=False, server_default=sa.false()
        ),
        sa.Column("kiosk_cooldown_seconds", sa.Integer(), nullable=True),
    ):
        op.add_column("service", column)
    op.create_index(
        "events_of_device",
        "ticket_event",
        ["device_id", "at"],
        sqlite_where=BY_DEVICE,
        postgresql_where=BY_DEVICE,
    )
