"""paused since

Revision ID: 0010
Revises: 0009

Who has not come back from a pause is told to the officer and to the supervisor. The
column is added in place: rebuilding the table would drop its check constraints (0002).
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.add_column("counter", sa.Column("paused_since", moment, nullable=True))
