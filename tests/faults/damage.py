"""Damaged pages and copies made file by file: what a server makes of each.

``python -m tests.faults.damage`` prints the table.
"""

import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from app.db.damage import find_damage
from app.settings import Settings
from tests.bench.sample import Table
from tests.faults.trial import AttackedServer, new_site
from tests.support.demo import new_key
from tests.support.process import PLAIN

PAGE_BYTES = 4096
HEADS = (
    "what",
    "runs",
    "refused at start",
    "refused while it ran",
    "unharmed",
    "wrong",
)


@dataclass
class Outcomes:
    """How often what came of one kind of damage; ``wrong`` names what must not be."""

    kind: str
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def row(self) -> Sequence[str]:
        """Return them as a row of the table."""
        figures = [self.counts[name] for name in ("start", "running", "unharmed")]
        runs = sum(self.counts.values())
        return (self.kind, str(runs), *map(str, figures), "; ".join(self.wrong) or "-")


def spoil_page(folder: Path, chance: random.Random) -> None:
    """Write nonsense over one page of the database."""
    file = Settings(data=folder).database
    pages = file.stat().st_size // PAGE_BYTES
    with file.open("r+b") as stream:
        stream.seek(chance.randrange(1, pages) * PAGE_BYTES)
        stream.write(chance.randbytes(PAGE_BYTES))


def copy_of_two_moments(server: AttackedServer, target: Path) -> None:
    """Copy the database, and its log after it was written anew."""
    source = Settings(data=server.folder).database
    work(server, 5)
    shutil.copy(source, target / source.name)
    with closing(sqlite3.connect(source)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    work(server, 40)
    shutil.copy(source.with_name(f"{source.name}-wal"), target)


def copy_page_by_page(server: AttackedServer, target: Path) -> None:
    """Copy half of the database, and the other half when it was written anew."""
    source = Settings(data=server.folder).database
    half = source.stat().st_size // PAGE_BYTES // 2 * PAGE_BYTES
    first = source.read_bytes()[:half]
    work(server, 40)
    with closing(sqlite3.connect(source)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (target / source.name).write_bytes(first + source.read_bytes()[half:])


def work(server: AttackedServer, count: int) -> list[int]:
    """Issue and call so often; return the statuses."""
    counter = server.site.counters[0]
    body, path = {"service_ids": counter.service_ids[:1]}, counter.counter_id
    statuses = []
    for _ in range(count):
        statuses += [
            post(server, "/tickets", body, kiosk=True),
            post(server, f"/counters/{path}/call-next", {}),
            post(server, f"/counters/{path}/serve", {}),
        ]
    return statuses


def post(
    server: AttackedServer, path: str, body: dict[str, Any], *, kiosk: bool = False
) -> int:
    """POST as the kiosk or as the officer; return the status."""
    site = server.site
    who = (
        {"Authorization": f"Bearer {site.kiosk}"}
        if kiosk
        else {"Cookie": f"antrean_staff={site.counters[0].secret}"}
    )
    headers = {**who, "Idempotency-Key": new_key()}
    url = f"{server.url}/api/v1{path}"
    return httpx2.post(url, json=body, headers=headers, **PLAIN).status_code


@contextmanager
def serving(folder: Path) -> Iterator[AttackedServer]:
    """Serve a folder, with the first counter open."""
    server = AttackedServer(folder)
    server.start()
    try:
        post(server, f"/counters/{server.site.counters[0].counter_id}/open", {})
        yield server
    finally:
        server.stop()


def judge(folder: Path, outcomes: Outcomes) -> None:
    """Start a server on a folder and let it work; note what came of it."""
    server = AttackedServer(folder)
    try:
        server.start()
    except AssertionError:
        outcomes.counts["start"] += 1
        if "a-damaged-database" not in server.log():
            outcomes.wrong.append(server.log()[-200:])
        return
    try:
        statuses = Counter(work(server, 5))
        ready = httpx2.get(f"{server.url}/readyz", **PLAIN).status_code
    finally:
        server.stop()
    if any(status >= 500 and status != 503 for status in statuses):
        outcomes.wrong.append(f"answers {dict(statuses)}")
    if (503 in statuses) != (ready == 503):
        outcomes.wrong.append(f"answers {dict(statuses)}, ready {ready}")
    if 503 in statuses:
        outcomes.counts["running"] += 1
        return
    outcomes.counts["unharmed"] += 1
    # nobody may be served from a file that is not whole
    if found := find_damage(Settings(data=folder).database, seconds=None):
        outcomes.wrong.append(found.splitlines()[0])


def spoilt_before(site: Path, scratch: Path, runs: int) -> Outcomes:
    """Spoil a page of a server that does not run."""
    outcomes = Outcomes("a page spoilt before the start")
    for number in range(runs):
        folder = shutil.copytree(site, scratch / f"before-{number}")
        spoil_page(folder, random.Random(number))  # noqa: S311 (no secret)
        judge(folder, outcomes)
    return outcomes


def copied(
    site: Path,
    scratch: Path,
    kind: str,
    copy: Callable[[AttackedServer, Path], None],
) -> Outcomes:
    """Copy a running server's folder in a wrong way, and start the copy."""
    outcomes = Outcomes(kind)
    source = shutil.copytree(site, scratch / f"source of {kind}")
    target = scratch / f"copy of {kind}"
    target.mkdir()
    shutil.copy(site / "bench.json", target)
    with serving(source) as server:
        copy(server, target)
    judge(target, outcomes)
    return outcomes


def run(folder: Path, runs: int) -> list[Outcomes]:
    """Run every kind in a folder."""
    site = new_site(folder / "site")
    with closing(sqlite3.connect(Settings(data=site).database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return [
        spoilt_before(site, folder, runs),
        copied(site, folder, "file and log of two moments", copy_of_two_moments),
        copied(site, folder, "halves of two moments", copy_page_by_page),
    ]


def table(outcomes: Sequence[Outcomes]) -> str:
    """Return the outcomes as a table."""
    return Table("Damage", HEADS, [each.row() for each in outcomes]).text()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sys.stdout.write(table(run(Path(scratch), int(sys.argv[1]))))
