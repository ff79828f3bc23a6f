"""No query that runs with every call or every picture grows with history."""

import importlib
import pkgutil
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, Select
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter

import app.queueing
from app.db.engines import writer_engine
from app.db.migration import migrate

SMALL = {
    "agency", "closure", "counter", "counter_service", "display_zone", "holiday",
    "ledger_state", "opening_hours", "printer", "quota", "quota_use", "series",
    "service", "site", "sound_space", "special_hours", "staff", "zone", "device",
}  # fmt: skip


OF_THE_PRESENT = {
    "aside", "due", "line", "not_ended", "one_active_per_counter",
    "one_active_per_ticket", "print_job_to_do", "reminders",
}  # fmt: skip
"""Partial indexes: they hold only what is not over."""


def queries() -> list[tuple[str, Select[tuple[object, ...]]]]:
    """Return the queries of every module of the rules, in whichever folder."""
    prepared = []
    for module in pkgutil.walk_packages(app.queueing.__path__, "app.queueing."):
        loaded = importlib.import_module(module.name)
        short = module.name.removeprefix("app.queueing.")
        prepared += [
            (f"{short}.{name}", value)
            for name, value in vars(loaded).items()
            if isinstance(value, Select)
        ]
    return prepared


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    path: Path = tmp_path_factory.mktemp("plans") / "site.sqlite3"
    migrate(path)
    return writer_engine(path)


def plan(db: Connection, query: Select[tuple[object, ...]]) -> list[str]:
    params = {
        element.key: [1, 2] if element.expanding else 1
        for element in visitors.iterate(query)
        if isinstance(element, BindParameter) and element.required
    }
    compiled = query.params(**params).compile(
        dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True}
    )
    values = tuple(1 for _ in compiled.positiontup or ())
    lines = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values)
    return [line[3] for line in lines]


def scans(line: str) -> bool:
    words = line.split()
    if (
        words[0] != "SCAN"
        or words[1] in SMALL
        or words[1] == "CONSTANT"
        or words[1].startswith("(")
    ):
        return False
    return not OF_THE_PRESENT & set(words)


@pytest.mark.parametrize(("name", "query"), queries())
def test_reads_no_growing_table_whole(
    name: str, query: Select[tuple[object, ...]], engine: Engine
) -> None:
    with engine.connect() as db:
        assert [line for line in plan(db, query) if scans(line)] == []
