"""The server process, before it takes anybody."""

import gc
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from app.commands.shared import server


class StoppedServer:
    """Stands for uvicorn's, and is stopped at once."""

    started = True

    def __init__(self) -> None:
        self.frozen: int | None = None

    def run(self, sockets: list[Any]) -> None:
        self.frozen = gc.get_freeze_count()


@pytest.fixture
def stopped_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[StoppedServer]:
    stopped = StoppedServer()
    monkeypatch.setattr(server, "server_of", lambda app, **_options: stopped)
    interval = sys.getswitchinterval()
    yield stopped
    gc.unfreeze()
    sys.setswitchinterval(interval)


def test_no_collection_walks_through_what_was_imported(
    stopped_server: StoppedServer,
) -> None:
    listener = server.bind("127.0.0.1", 0)
    assert gc.get_freeze_count() == 0

    with listener:
        assert server.serve(FastAPI(), listener) == 0

    assert stopped_server.frozen is not None
    assert stopped_server.frozen > 10_000
