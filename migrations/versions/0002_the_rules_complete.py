"""the rules complete

Revision ID: 0002
Revises: 0001

Columns are added in place: rebuilding a table would drop its check constraints.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    new_tables()
    new_columns()
    new_checks()
    new_indexes()


def new_tables() -> None:
    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", TEXT(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("day", "agency_id"),
    )
    op.create_table(
        "quota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("channel", TEXT(), nullable=False),
        sa.Column("opens", TEXT(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 0", name="some_people"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("service_id", "channel", "opens"),
    )
    op.create_table(
        "quota_use",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("channel", TEXT(), nullable=False),
        sa.Column("service_day", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used >= 0", name="never_below_zero"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"]),
        sa.PrimaryKeyConstraint("service_id", "channel", "service_day"),
    )


def new_columns() -> None:
    for table, column in (
        (
            "zone",
            sa.Column(
                "is_practice", sa.Boolean(), nullable=False, server_default=sa.false()
            ),
        ),
        ("counter", sa.Column("open_since", TIME(), nullable=True)),
        (
            "counter",
            sa.Column(
                "handed_to_id", sa.Integer(), sa.ForeignKey("counter.id"), nullable=True
            ),
        ),
        ("print_job", sa.Column("ahead", sa.Integer(), nullable=True)),
        ("entry", sa.Column("tied_at", TIME(), nullable=True)),
        (
            "entry",
            sa.Column(
                "back_service_id",
                sa.Integer(),
                sa.ForeignKey("service.id"),
                nullable=True,
            ),
        ),
        (
            "entry",
            sa.Column(
                "parked_by_counter_id",
                sa.Integer(),
                sa.ForeignKey("counter.id"),
                nullable=True,
            ),
        ),
        ("entry", sa.Column("set_aside_at", TIME(), nullable=True)),
        (
            "entry",
            sa.Column(
                "requeue_count", sa.Integer(), nullable=False, server_default="0"
            ),
        ),
        (
            "entry",
            sa.Column("quota_people", sa.Integer(), nullable=False, server_default="0"),
        ),
        ("entry", sa.Column("due_at", TIME(), nullable=True)),
        ("opening_hours", sa.Column("last_ticket", TEXT(), nullable=True)),
        ("series", sa.Column("spare_from", sa.Integer(), nullable=True)),
        ("ticket_event", sa.Column("cause_id", sa.Integer(), nullable=True)),
    ):
        op.add_column(table, column, inline_references=True)


def new_checks() -> None:
    op.execute(
        "ALTER TABLE opening_hours ADD COLUMN kind VARCHAR DEFAULT 'serving' NOT NULL"
        " CONSTRAINT kind_known CHECK (kind IN ('serving', 'issuing', 'break', 'quiet'))"
    )
    op.execute(
        "ALTER TABLE series ADD COLUMN spare_to INTEGER CONSTRAINT spare_roll_in_order"
        " CHECK (spare_from IS NULL OR (spare_from >= 1 AND spare_to >= spare_from))"
    )


def new_indexes() -> None:
    op.create_index("ix_quota_service_id", "quota", ["service_id"])
    op.create_index("ix_ticket_event_cause_id", "ticket_event", ["cause_id"])
    op.create_index("announcements_in", "announcement", ["zone_id", "id"])
    op.create_index("ix_announcement_entry_id", "announcement", ["entry_id"])
    op.create_index("at_counter", "entry", ["counter_id", "arrived_at"])
    op.create_index("events_at_counter", "ticket_event", ["counter_id", "id"])
    aside = "state IN ('parked', 'no_show')"
    op.create_index(
        "aside",
        "entry",
        ["service_id", "set_aside_at"],
        sqlite_where=sa.text(aside),
        postgresql_where=sa.text(aside),
    )
    for name, column, where in (
        ("due", "due_at", "state = 'waiting' AND due_at IS NOT NULL"),
        ("reminders", "remind_at", "state = 'parked' AND remind_at IS NOT NULL"),
    ):
        op.create_index(
            name,
            "entry",
            [column],
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
