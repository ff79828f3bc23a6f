"""A damaged database file: nothing is taken any more, and everybody is told so."""

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from app.cli import main
from app.commands.shared.site_folder import SiteDamaged
from app.db import damage
from app.db.damage import find_damage
from app.ledger import check_database
from tests.support import mall
from tests.support.app_server import AppServer, running
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of, problem_of

PAGE_BYTES = 4096


def spoil(file: Path, *, first_page: int, pages: int | None = None) -> None:
    """Write nonsense over pages of a database file, counted from 0; else to its end."""
    of_file = file.stat().st_size // PAGE_BYTES
    with file.open("r+b") as stream:
        stream.seek(first_page * PAGE_BYTES)
        stream.write(b"\xff" * PAGE_BYTES * (pages or of_file - first_page))


def table_root(file: Path, name: str) -> int:
    """Return the first page of a table or an index, counted from 1."""
    query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
    with closing(sqlite3.connect(file)) as db:
        return int(db.execute(query, (name,)).fetchone()[0])


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


def malformed(*_arguments: object, **_options: object) -> None:
    """Fail as SQLite does where a page is damaged."""
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    raise error


async def test_nothing_is_taken_from_the_first_damage_on(
    damaged_server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
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


async def test_what_a_reader_meets_stops_the_writer_too(
    damaged_server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers were given that nobody could call: 201 here, 500 there."""
    with monkeypatch.context() as patch:
        patch.setattr("app.api.routes.hall.displays.board", malformed)
        board = await damaged_server.hall.get(f"/displays/{mall.HALL}/board")
    number = await damaged_server.kiosk.post("/tickets", {"service_ids": [mall.AKTA]})

    for answer in (board, number):
        problem_of(answer, 503, "database-damaged")


@pytest.mark.parametrize("table", ["entry", "ticket", "ticket_event", "site"])
async def test_one_spoilt_page_lets_nothing_be_acknowledged(
    damaged_server: AppServer, table: str
) -> None:
    """Whoever meets it first, from then on all is refused, and told as such."""
    ticket = await damaged_server.kiosk.issue(mall.AKTA)
    await damaged_server.sari.command(mall.LOKET_1, "open")
    damaged_server.disk.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    database = damaged_server.context.settings.database
    spoil(database, first_page=page_of(database, table), pages=1)
    damaged_server.context.readers.engine.dispose()

    answers = [
        await damaged_server.sari.post(f"/counters/{mall.LOKET_1}/call-next", key="k"),
        await damaged_server.anyone.get(f"/tickets/{ticket['token']}"),
        await damaged_server.anyone.get("/agencies"),
        await damaged_server.kiosk.post("/tickets", {"service_ids": [mall.AKTA]}),
    ]
    refused = [a.status_code == 503 for a in answers]

    # SQLite keeps pages in memory: what was read before may still be served
    assert {a.status_code for a in answers} <= {200, 201, 503}
    assert any(refused)
    assert refused[-1]
    for answer in answers:
        if answer.status_code == 503:
            problem_of(answer, 503, "database-damaged")
    ready = body_of(
        await damaged_server.anyone.get(f"{damaged_server.url}/readyz"), 503
    )
    assert ready["checks"]["database"] is False


def mix_two_moments(file: Path) -> None:
    """Leave an index and its table of two moments, as a file by file copy does."""
    root = table_root(file, "sqlite_autoindex_staff_1")
    before = page(file, root - 1)
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE staff SET username = username || '-later'")
        db.commit()
    with file.open("r+b") as stream:
        stream.seek((root - 1) * PAGE_BYTES)
        stream.write(before)


def test_the_deep_check_finds_what_the_quick_one_passes_by(
    small_mall: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "antrean.sqlite3"
    shutil.copy(small_mall, copy)
    mix_two_moments(copy)
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("PRAGMA quick_check").fetchone() == ("ok",)

    assert "staff" in (find_damage(copy) or "")
    assert find_damage(copy, seconds=None)


@pytest.fixture
def file_of_years(
    small_mall: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Return a file that counts as too large to be looked at as a whole at a start."""
    file = tmp_path / "antrean.sqlite3"
    shutil.copy(small_mall, file)
    monkeypatch.setattr(damage, "WHOLE_BYTES", 0)
    return file


def test_a_start_looks_at_the_small_tables_of_a_file_of_years(
    file_of_years: Path,
) -> None:
    assert find_damage(file_of_years) is None
    mix_two_moments(file_of_years)

    assert "staff" in (find_damage(file_of_years) or "")


def test_a_start_passes_by_the_tables_that_hold_years(
    file_of_years: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(damage, "SMALL_ROWS", 0)
    mix_two_moments(file_of_years)

    assert find_damage(file_of_years) is None
    assert find_damage(file_of_years, seconds=None)


def test_what_points_at_nothing_is_found_in_a_file_of_years(
    file_of_years: Path,
) -> None:
    with closing(sqlite3.connect(file_of_years)) as db:
        db.execute("UPDATE service SET series_id = 999")
        db.commit()

    assert find_damage(file_of_years) == "a row of service points at no series"


async def test_the_nightly_check_stops_the_ledger(damaged_server: AppServer) -> None:
    context = damaged_server.context
    await check_database(context.settings.database, context.damage)
    assert await damaged_server.kiosk.issue(mall.AKTA)
    damaged_server.disk.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    spoil(context.settings.database, first_page=4)

    await check_database(context.settings.database, context.damage)

    body = {"service_ids": [mall.AKTA]}
    problem_of(
        await damaged_server.kiosk.post("/tickets", body), 503, "database-damaged"
    )


@pytest.mark.parametrize("command", ["serve", "demo", "doctor"])
def test_a_damaged_file_is_refused_with_what_to_do(
    small_mall: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    file = tmp_path / "antrean.sqlite3"
    shutil.copy(small_mall, file)
    spoil(file, first_page=3)
    before = file.read_bytes()

    status = main(
        [command, "--data", str(tmp_path), *["--port=0"] * (command != "doctor")]
    )

    captured = capsys.readouterr()
    assert status == 1
    assert "a-damaged-database" in captured.out + captured.err
    assert file.read_bytes() == before


def test_an_empty_file_is_what_a_copy_without_its_log_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "antrean.sqlite3").touch()

    assert main(["serve", "--data", str(tmp_path), "--port=0"]) == 1
    assert "antrean.sqlite3-wal left out of a copy" in capsys.readouterr().err


def page_of(database: Path, table: str) -> int:
    """Return a table's first page, counted from 0."""
    with closing(sqlite3.connect(database)) as db:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        return int(db.execute(query, (table,)).fetchone()[0]) - 1


def page(file: Path, number: int) -> bytes:
    """Return a page, counted from 0."""
    return file.read_bytes()[number * PAGE_BYTES : (number + 1) * PAGE_BYTES]
