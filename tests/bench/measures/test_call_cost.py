"""The measurement of call-next measures what it says; no figure is asserted."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from tests.bench.measures.call_cost import Mall, run_call_cost


def test_gives_a_row_for_every_length_and_past() -> None:
    table = run_call_cost(rounds=2, pasts=(0, 1500), lengths=(3, 12))

    assert [row[:2] for row in table.rows] == [
        ("3", "0"), ("12", "0"), ("3", "1,500"), ("12", "1,500"),
    ]  # fmt: skip
    assert any("1,500 tickets, 6,000 events" in note for note in table.notes)


def test_keeps_the_lines_as_long_as_they_are(tmp_path: Path) -> None:
    mall = Mall(tmp_path / "a.sqlite3", 0, (3, 12))
    mall.fill()
    for _ in range(5):
        mall.call(1)
        mall.call(2)
    mall.close()

    with closing(sqlite3.connect(tmp_path / "a.sqlite3")) as db:
        waiting = db.execute(
            "SELECT agency_id, count(*) FROM entry WHERE state = 'waiting' GROUP BY 1"
        ).fetchall()
    assert waiting == [(1, 3), (2, 12)]


def test_writes_a_past_that_fits_the_tables(tmp_path: Path) -> None:
    mall = Mall(tmp_path / "a.sqlite3", 1500, (3,))
    mall.close()

    with closing(sqlite3.connect(tmp_path / "a.sqlite3")) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        [(states, days)] = db.execute(
            "SELECT group_concat(DISTINCT state), max(service_day) FROM entry"
            " JOIN ticket ON ticket.id = ticket_id"
        ).fetchall()
    assert states == "served"
    assert date.fromisoformat(days) < date(2026, 11, 24)
