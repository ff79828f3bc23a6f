"""printers in the mall

Revision ID: 0004
Revises: 0003

A sibling for a failing printer, what a printer last said, and of a job how
often it was tried, in whose place it stands and who asked for it. Columns are
added in place: rebuilding a table would drop its check constraints (0002).
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    for table, column in (
        ("printer", _reference("sibling_id", "printer.id")),
        ("printer", sa.Column("state", TEXT(), nullable=True)),
        ("printer", sa.Column("state_since", TIME(), nullable=True)),
        ("printer", sa.Column("near_end_since", TIME(), nullable=True)),
        ("printer", _flag("tells_near_end")),
        ("printer", _flag("roll_touched")),
        ("printer", sa.Column("roll_since", TIME(), nullable=True)),
        ("printer", _count("slips_on_roll")),
        ("print_job", _count("attempts")),
        ("print_job", _reference("instead_of_id", "print_job.id")),
        ("print_job", _reference("staff_id", "staff.id")),
    ):
        op.add_column(table, column, inline_references=True)


def _reference(name: str, to: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(to), nullable=True)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _count(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")
