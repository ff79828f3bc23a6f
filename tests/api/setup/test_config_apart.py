"""A file is read in a process of its own: the event loop and its threads stay free."""

from typing import Any

import pytest

from app.importing import reader
from tests.api.setup.test_config import RENAMED, post
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of


async def test_no_file_is_read_in_the_servers_own_process(
    server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_here(*_: Any) -> None:
        raise AssertionError

    for name in ("read_mall", "read_mall_bytes", "read_nodes"):
        monkeypatch.setattr(reader, name, read_here)

    answer = await post(server.admin, RENAMED, "?dry_run=true")

    assert len(body_of(answer)["changes"]) == 1
