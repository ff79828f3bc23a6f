"""A demo of these tests' own: it is killed, and its hall must be quiet."""

from collections.abc import Iterator

import pytest

from tests.browser.displays.hall import Hall
from tests.support.demo import DemoServer


@pytest.fixture(scope="session")
def hall_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    running = DemoServer(tmp_path_factory.mktemp("hall"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def hall(hall_server: DemoServer) -> Iterator[Hall]:
    hall = Hall(hall_server)
    yield hall
    hall.all_free()
