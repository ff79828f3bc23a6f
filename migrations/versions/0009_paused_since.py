"""paused since

Revision ID: 0009
Revises: 0008

Who has not come back from a pause is told to the officer and to the supervisor.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("counter") as counter:
        counter.add_column(
            sa.Column(
                "paused_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True
            )
        )
