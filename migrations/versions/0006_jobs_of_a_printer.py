"""jobs of a printer

Revision ID: 0006
Revises: 0005

The admin's page of printers reads each one's last jobs: without an index it reads
every job of the site's life.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("print_jobs_of_a_printer", "print_job", ["printer_id", "id"])
