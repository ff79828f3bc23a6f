"""Bring a site's database to this program's shape, forward only.

SQLite: foreign keys are switched off before BEGIN (inside a transaction that
does nothing), the change runs in one ``BEGIN IMMEDIATE`` transaction, and
``foreign_key_check`` decides whether it is committed (changes.md#migrations).
"""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from app.db.engines import writer_engine
from app.errors import AntreanError

if TYPE_CHECKING:
    from alembic.config import Config

logger = logging.getLogger(__name__)

# written here too, so that a start need not import Alembic; a test compares them
HEAD = "0012"


class MigrationRefused(AntreanError):
    """The database cannot be brought to this program's shape."""


def migrate(path: Path) -> bool:
    """Upgrade the database file at ``path``; True when something was done.

    Makes the file if there is none, and a copy of it before an upgrade.
    Alembic is imported only when the stored revision differs (0.27 s). Raises
    ``MigrationRefused`` for a database of a newer program, before any copy.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = writer_engine(path)
    try:
        stored = stored_revision(engine)
        if stored == HEAD:
            return False
        if stored is not None:
            _refuse_newer(engine, stored)
            _copy(engine, path)
        _upgrade(engine)
    finally:
        engine.dispose()
    logger.info("database migrated from=%s to=%s", stored, HEAD)
    return True


def stored_revision(engine: Engine) -> str | None:
    """Return the revision that a database says it has; None for a new one."""
    with engine.connect() as db:
        if not inspect(db).has_table("alembic_version"):
            return None
        return db.execute(text("SELECT version_num FROM alembic_version")).scalar()


def require_this_shape(engine: Engine) -> None:
    """Raise ``MigrationRefused`` unless the database is of this program's shape."""
    if stored_revision(engine) != HEAD:
        raise MigrationRefused(
            "The database is of another version of Antrean:"
            " run `./antrean migrate` first."
        )


def _refuse_newer(engine: Engine, stored: str) -> None:
    from alembic.script import ScriptDirectory

    with engine.connect() as db:
        script = ScriptDirectory.from_config(alembic_config(db))
    if stored not in {known.revision for known in script.walk_revisions()}:
        raise MigrationRefused(
            f"A newer version of Antrean wrote this database (revision {stored});"
            " start that version, or restore a backup of before it."
        )


def _upgrade(engine: Engine) -> None:
    from alembic import command

    with engine.connect() as db:
        # on the driver's cursor: by way of SQLAlchemy a transaction would have begun
        db.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with db.begin():
            command.upgrade(alembic_config(db), "head")
            # the pragma counts them: with foreign keys off nothing has refused them
            dangling = db.execute(text("PRAGMA foreign_key_check")).all()
            if dangling:
                raise MigrationRefused(
                    "The database was left as it was:"
                    f" {len(dangling)} rows point at nothing."
                )


def alembic_config(db: Connection) -> "Config":
    """Return Alembic's configuration over an open connection."""
    from alembic.config import Config

    import migrations

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])))
    config.attributes["connection"] = db
    return config


def _copy(engine: Engine, path: Path) -> None:
    # not the file itself: what is in the write-ahead log would be missing
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    target = path.with_name(f"{path.stem}-before-{stamp}{path.suffix}")
    with engine.connect() as db:
        # VACUUM is refused inside a transaction, hence the driver's cursor
        db.connection.cursor().execute("VACUUM INTO ?", (str(target),))
