"""a mall that changes

Revision ID: 0009
Revises: 0008

Hours of single dates; agencies, services and counters that are retired from a day on;
what visitors read in English too. Columns are added in place: rebuilding a table would
drop its check constraints (0002).
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    special_hours()
    retirement()
    english_texts()


def special_hours() -> None:
    op.create_table(
        "special_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("kind", TEXT(), nullable=False),
        sa.Column("periods", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('serving', 'issuing', 'break', 'quiet')", name="kind_known"
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"]),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_special_hours_day", "special_hours", ["day"])


def retirement() -> None:
    for table in ("agency", "service", "counter"):
        op.add_column(table, sa.Column("retired_on", sa.Date(), nullable=True))
        is_retired(table)
    for table in ("sound_space", "zone", "printer", "device"):
        is_retired(table)


def is_retired(table: str) -> None:
    column = sa.Column(
        "is_retired", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column(table, column)


def english_texts() -> None:
    op.add_column("service", sa.Column("fee_en", TEXT(), nullable=True))
    op.add_column("service", sa.Column("documents_en", sa.JSON(), nullable=True))
    op.add_column("zone", sa.Column("name_en", TEXT(), nullable=True))
