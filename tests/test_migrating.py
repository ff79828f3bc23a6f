"""The database's shape: no drift, and nothing lost on the way to it."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from app import migrating
from app.db import writer_engine
from app.migrating import HEAD, alembic_config, migrate


def test_models_and_migrations_agree(tmp_path: Path) -> None:
    path = tmp_path / "site.sqlite3"
    migrate(path)

    engine = writer_engine(path)
    with engine.connect() as db, db.begin():
        command.check(alembic_config(db))
    engine.dispose()


def test_the_program_expects_the_newest_migration(tmp_path: Path) -> None:
    engine = writer_engine(tmp_path / "site.sqlite3")
    with engine.connect() as db:
        script = ScriptDirectory.from_config(alembic_config(db))
        assert script.get_current_head() == HEAD
    engine.dispose()


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "site.sqlite3"

    assert migrate(path) is True
    assert migrate(path) is False
    assert list(tmp_path.glob("*-before-*")) == []


def test_keeps_a_copy_with_what_the_log_still_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "site.sqlite3"
    migrate(path)
    raw = sqlite3.connect(path)
    raw.execute("INSERT INTO sound_space (code, name) VALUES ('A', 'Lantai 1')")
    raw.execute("UPDATE alembic_version SET version_num = '0001'")
    raw.commit()
    monkeypatch.setattr(migrating, "HEAD", "9999")

    migrate(path)

    (copy,) = tmp_path.glob("*-before-*")
    kept = sqlite3.connect(copy)
    assert kept.execute("SELECT name FROM sound_space").fetchall() == [("Lantai 1",)]
    kept.close()
    raw.close()
