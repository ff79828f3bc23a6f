"""layouts of displays

Revision ID: 0012
Revises: 0011

How a display is laid out, and how far it is read. The columns are added in place:
rebuilding the table would drop its check constraints (0002).
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    layout = sa.Column("layout", sqlmodel.sql.sqltypes.AutoString(), nullable=True)
    op.add_column("device", layout)
    for name in ("counter_id", "screen_inches", "viewing_metres"):
        op.add_column("device", sa.Column(name, sa.Integer(), nullable=True))
