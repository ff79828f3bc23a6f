"""The small mall's server for rules and contract; the demo for whole stories."""

import logging
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.db.engines import writer_engine
from app.db.migration import migrate
from app.settings import Settings
from tests.support import cast, mall
from tests.support.app_server import AppServer, running
from tests.support.clock import MovableClock
from tests.support.database import Disk
from tests.support.demo import DemoServer

BROWSER = Path(__file__).parent / "browser"
SERVERS = {"demo", "server", "site", "hall", "kiosk", "browser", "busy_mall"}
"""The fixtures behind which a server runs: each costs a good part of a second."""


def pytest_configure() -> None:
    """Let Ctrl-C reach the processes that tests start, as from a person's terminal.

    A shell's background job ignores SIGINT, and hands that down to its children.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks a running server, so that the fast tier can leave it out.

    What stands in the browser's folder is the browser's: Playwright's loop beside
    others' tests fails them all.
    """
    for item in items:
        if BROWSER in item.path.parents:
            item.add_marker(pytest.mark.browser)
        if SERVERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.served)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    """Return a running demo, a process of its own, that a whole session shares.

    Issue, call and serve as you like; leave its counters idle when you are
    done, and do not rely on an empty line. A test that kills the server
    starts it again.
    """
    server = DemoServer(tmp_path_factory.mktemp("demo"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def small_mall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database file of the small mall; copied for each test."""
    path = tmp_path_factory.mktemp("mall") / "antrean.sqlite3"
    migrate(path)
    engine = writer_engine(path)
    with engine.begin() as db:
        cast.seed_small_mall(db)
    engine.dispose()
    return path


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def folder(small_mall: Path, tmp_path: Path) -> Path:
    """Return a data folder with a small mall of its own."""
    shutil.copy(small_mall, Settings(data=tmp_path).database)
    return tmp_path


@pytest.fixture
def disk(folder: Path) -> Disk:
    """Return what the small mall's database file holds."""
    return Disk(Settings(data=folder).database)


@pytest.fixture
async def server(
    folder: Path, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[AppServer]:
    """Return the small mall's running server; its log must hold no error."""
    async with running(folder, clock) as server:
        yield server
    broken = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
    assert not broken, broken[0].getMessage()


@pytest.fixture
async def staffed_server(server: AppServer) -> AppServer:
    """Return the mall with all three counters open: Sari's, Budi's, Made's."""
    await server.sari.command(mall.LOKET_1, "open")
    await server.budi.command(mall.LOKET_2, "open")
    await server.made.command(mall.LOKET_3, "open")
    return server
