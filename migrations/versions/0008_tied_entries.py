"""tied entries

Revision ID: 0008
Revises: 0007

How many are ahead leaves out who is tied to another counter: without an index every
waiting entry of the site is read for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIED = sa.text("state = 'waiting' AND tied_counter_id IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "tied", "entry", ["tied_counter_id"], sqlite_where=TIED, postgresql_where=TIED
    )
