"""The database's shape: no drift, and nothing lost on the way to it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import select

from app.db.engines import reader_engine, writer_engine
from app.db.migration import HEAD, MigrationRefused, alembic_config, migrate
from app.models import metadata

FIRST = "0001"
BY_TYPE = {
    "INTEGER": 1,
    "BIGINT": 1,
    "BOOLEAN": 0,
    "DATE": "2026-11-24",
    "DATETIME": "2026-11-24 08:00:00.000000",
    "JSON": "[]",
    "VARCHAR": "text",
}
BY_NAME = {
    "staff.role": "officer",
    "device.kind": "kiosk",
    "counter.state": "open",
    "opening_hours.opens": "08:00",
    "opening_hours.closes": "12:00",
    "print_job.state": "printed",
    "entry.state": "waiting",
    "ticket_private.priority": "regular",
}
Row = dict[str, Any]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a database as the first release made it, a row in every table."""
    path = tmp_path / "site.sqlite3"
    engine = writer_engine(path)
    with engine.connect() as db, db.begin():
        command.upgrade(alembic_config(db), FIRST)
    engine.dispose()
    with closing(sqlite3.connect(path)) as raw, raw:
        for table in list(tables(raw)):
            fill(raw, table)
    return path


def tables(raw: sqlite3.Connection) -> Iterator[str]:
    names = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    for (name,) in raw.execute(names):
        if name != "alembic_version":
            yield name


def fill(raw: sqlite3.Connection, table: str) -> None:
    """Insert one row that has a value in every column."""
    row = {
        name: BY_NAME.get(f"{table}.{name}", BY_TYPE[kind])
        for _, name, kind, *_ in raw.execute(f"PRAGMA table_info({table})")
    }
    marks = ", ".join("?" * len(row))
    names = ", ".join(f'"{name}"' for name in row)
    raw.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 (our own)
        [*row.values()],
    )


def content(path: Path) -> dict[str, list[Row]]:
    with closing(sqlite3.connect(path)) as raw:
        raw.row_factory = sqlite3.Row
        rows_by_table = {}
        for table in list(tables(raw)):
            rows = raw.execute(f"SELECT * FROM {table}")  # noqa: S608 (our own)
            rows_by_table[table] = [dict(row) for row in rows]
        return rows_by_table


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


def test_keeps_a_copy_with_what_the_log_still_holds(old: Path) -> None:
    raw = sqlite3.connect(old)  # open, so that the log is not folded in
    raw.execute("INSERT INTO sound_space (code, name) VALUES ('A', 'Lantai 1')")
    raw.commit()

    assert migrate(old) is True

    (copy,) = old.parent.glob("*-before-*")
    with closing(sqlite3.connect(copy)) as kept:
        names = kept.execute("SELECT name FROM sound_space ORDER BY id").fetchall()
        assert names == [("text",), ("Lantai 1",)]
        assert kept.execute("SELECT * FROM alembic_version").fetchall() == [(FIRST,)]
    raw.close()


def test_an_upgrade_keeps_the_rows_of_every_table(old: Path) -> None:
    before = content(old)
    assert all(len(rows) == 1 for rows in before.values())

    assert migrate(old) is True

    after = content(old)
    note = before["ticket_private"][0].pop("note")
    assert after["handover_note"] == [{"entry_id": 1, "text": note}]
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table]]
        assert kept == rows, table


def test_the_program_reads_every_table_of_an_upgraded_database(old: Path) -> None:
    kept = {*content(old), "handover_note"}
    migrate(old)

    engine = reader_engine(old)
    with engine.connect() as db:
        for table in metadata.sorted_tables:
            assert len(db.execute(select(table)).all()) == (table.name in kept)
    engine.dispose()


def test_a_newer_database_is_refused_before_a_copy_is_made(tmp_path: Path) -> None:
    path = tmp_path / "site.sqlite3"
    migrate(path)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(MigrationRefused, match=r"newer version .* 9999"):
        migrate(path)

    assert list(tmp_path.glob("*-before-*")) == []


def test_user_names_that_differ_in_case_alone_become_two(old: Path) -> None:
    with closing(sqlite3.connect(old)) as raw, raw:
        raw.execute("UPDATE staff SET username = 'Budi '")
        names = "role, name, password_hash, is_active"
        for username in ("BUDI", "budi", "Sari"):
            raw.execute(
                f"INSERT INTO staff (username, {names})"  # noqa: S608 (our own)
                f" SELECT '{username}', {names} FROM staff WHERE id = 1"
            )

    migrate(old)

    kept = {row["id"]: row["username"] for row in content(old)["staff"]}
    assert kept == {1: "budi-2", 2: "budi-3", 3: "budi", 4: "sari"}
    renamed = {row["subject_id"]: row["details"] for row in content(old)["audit"]}
    assert renamed[1] == '{"from": "Budi ", "to": "budi-2"}'
    assert sorted(renamed) == [1, 2, 4]
