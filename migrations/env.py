"""Run migrations on the connection that app.db.migration hands over."""

from alembic import context
from sqlalchemy import Connection

from app.models import metadata


def run(db: Connection) -> None:
    context.configure(
        connection=db,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=False,
    )
    context.run_migrations()


run(context.config.attributes["connection"])
