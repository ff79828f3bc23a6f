"""the hall

Revision ID: 0011
Revises: 0010

Who speaks in each sound space, what is spoken, and until when it is quiet; what devices
report of calls; an evacuation. Columns are added in place: rebuilding a table would
drop its check constraints (0002).
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    for name in ("preferred_speaker_id", "speaker_id", "announcement_id"):
        op.add_column("sound_space", sa.Column(name, sa.Integer(), nullable=True))
    last = sa.Column("last_announcement_id", sa.Integer(), nullable=True)
    op.add_column("sound_space", last)
    for name in ("announcement_since", "voice_at", "quiet_since", "quiet_until"):
        op.add_column("sound_space", sa.Column(name, TIME(), nullable=True))
    op.add_column("site", sa.Column("evacuation_since", TIME(), nullable=True))
    op.add_column("site", sa.Column("evacuation_text", TEXT(), nullable=True))
    receipts()


def receipts() -> None:
    op.create_table(
        "display_receipt",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("at", TIME(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "device_id"),
    )
    op.create_table(
        "voice_receipt",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("begins_at", TIME(), nullable=False),
        sa.Column("ends_at", TIME(), nullable=True),
        sa.PrimaryKeyConstraint("announcement_id", "device_id"),
    )
