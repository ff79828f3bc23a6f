"""A damaged database file: nothing is taken any more, and everybody is told so."""

import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.commands.serve import SiteDamaged
from app.db.damage import find_damage
from tests.support import mall
from tests.support.app_server import AppServer, running
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of, problem_of

PAGE_BYTES = 4096


def spoil(file: Path, *, first_page: int, last_page: int | None = None) -> None:
    """Write zeros over pages of a database file, counted from 0."""
    pages = file.stat().st_size // PAGE_BYTES
    with file.open("r+b") as stream:
        stream.seek(first_page * PAGE_BYTES)
        stream.write(b"\xff" * PAGE_BYTES * ((last_page or pages) - first_page))


def test_a_good_file_has_none(small_mall: Path) -> None:
    assert find_damage(small_mall) is None
    assert find_damage(small_mall, seconds=0) is None


@pytest.mark.parametrize("first_page", [0, 3])
def test_spoilt_pages_are_found(
    small_mall: Path, tmp_path: Path, first_page: int
) -> None:
    copy = tmp_path / "antrean.sqlite3"
    shutil.copy(small_mall, copy)
    spoil(copy, first_page=first_page)

    assert find_damage(copy)


def test_a_start_is_refused_in_one_sentence(
    small_mall: Path,
) -> None:
    refusal = SiteDamaged(small_mall, "malformed\nmore")

    assert "malformed" in str(refusal)
    assert "\n" not in str(refusal)


@pytest.fixture
async def damaged_server(folder: Path, clock: MovableClock) -> AsyncIterator[AppServer]:
    """Return a running server whose log may hold errors."""
    async with running(folder, clock) as server:
        yield server


async def test_nothing_is_taken_from_the_first_damage_on(
    damaged_server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def malformed(*_arguments: object, **_options: object) -> None:
        error = sqlite3.DatabaseError("database disk image is malformed")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error

    body = {"service_ids": [mall.AKTA]}
    with monkeypatch.context() as patch:
        patch.setattr("app.queueing.commands.calling.first_in_lines", malformed)
        body_of(await damaged_server.sari.post(f"/counters/{mall.LOKET_1}/open"))
        call = await damaged_server.sari.post(
            f"/counters/{mall.LOKET_1}/call-next", key="k"
        )

    problem_of(call, 503, "database-damaged")
    problem_of(
        await damaged_server.kiosk.post("/tickets", body), 503, "database-damaged"
    )
    ready = body_of(
        await damaged_server.anyone.get(f"{damaged_server.url}/readyz"), 503
    )
    assert ready["checks"]["database"] is False


async def test_a_reading_that_meets_damage_is_a_plain_problem(
    damaged_server: AppServer,
) -> None:
    database = damaged_server.context.settings.database
    damaged_server.disk.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    spoil(database, first_page=1)
    damaged_server.context.readers.engine.dispose()

    answer = await damaged_server.anyone.get("/agencies")

    problem_of(answer, 503, "database-damaged")
    ready = body_of(
        await damaged_server.anyone.get(f"{damaged_server.url}/readyz"), 503
    )
    assert ready["checks"]["database"] is False
