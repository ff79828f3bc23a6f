"""What this disk can do at best: one bare durable SQLite insert per commit.

``python -m tests.bench.setup.disk FILE``: for each number of seconds on standard
input, the seconds of each insert and of the process's CPU as JSON.
"""

import json
import sqlite3
import sys
import time
from contextlib import closing

TABLE = "CREATE TABLE ticket (id INTEGER PRIMARY KEY, number TEXT, issued_at TEXT)"
INSERT = "INSERT INTO ticket (number, issued_at) VALUES (?, ?)"


def main(file: str) -> None:
    """Insert for as long as each line says."""
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute(TABLE)
        for line in sys.stdin:
            answer = json.dumps(_insert_for(db, float(line)))
            sys.stdout.write(answer + "\n")
            sys.stdout.flush()


def _insert_for(db: sqlite3.Connection, seconds: float) -> dict[str, object]:
    took: list[float] = []
    cpu, began = time.process_time(), time.perf_counter()
    until = now = began
    until += seconds
    while now < until:
        db.execute(INSERT, ("A-012", "2026-11-24 08:15:00.000000"))
        before, now = now, time.perf_counter()
        took.append(now - before)
    return {
        "took": took,
        "seconds": now - began,
        "cpu": time.process_time() - cpu,
    }


if __name__ == "__main__":
    main(sys.argv[1])
