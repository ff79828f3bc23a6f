"""A disk that takes no more bytes, under a real server process."""

import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support import cast, mall
from tests.support.process import PLAIN
from tests.support.site import SiteServer

REQUESTS = 40


@pytest.fixture
def server(folder: Path) -> Iterator[SiteServer]:
    server = SiteServer(folder)
    server.start()
    yield server
    server.stop()


def test_nothing_is_acknowledged_that_is_not_on_disk_and_it_recovers(
    server: SiteServer,
) -> None:
    before = [server.issue(mall.AKTA)["number"] for _ in range(20)]
    allow_no_growth(server)

    refused = all_at_once(server)

    assert {answer.status_code for answer in refused} == {503}
    assert {answer.json()["code"] for answer in refused} == {"not-durable"}
    assert not [answer for answer in refused if "INSERT" in answer.text]
    assert server.disk.rows("SELECT number FROM ticket ORDER BY id") == before

    allow_any_growth(server)
    repeated = all_at_once(server)

    assert {answer.status_code for answer in repeated} == {201}
    numbers = server.disk.rows("SELECT number FROM ticket ORDER BY id")
    assert numbers == [f"A-{n:03d}" for n in range(1, 20 + REQUESTS + 1)]
    assert sorted(answer.json()["number"] for answer in repeated) == numbers[20:]
    assert "batch lost" in server.log()
    assert "[parameters:" not in server.log()  # they hold tickets' tokens


def all_at_once(server: SiteServer) -> list[httpx2.Response]:
    """Send the same requests under the same keys, eight at a time."""
    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(lambda n: issue(server, n), range(REQUESTS)))


def issue(server: SiteServer, number: int) -> httpx2.Response:
    headers = {
        "Authorization": f"Bearer {cast.OTHER_KIOSK.secret}",
        "Idempotency-Key": f"issue-{number}",
    }
    body: dict[str, Any] = {"service_ids": [mall.AKTA]}
    return httpx2.post(
        f"{server.url}/api/v1/tickets", json=body, headers=headers, **PLAIN
    )


def allow_no_growth(server: SiteServer) -> None:
    """Let no file of the server grow beyond what its write-ahead log has now."""
    log = server.disk.path.with_name(server.disk.path.name + "-wal")
    limit = log.stat().st_size
    assert limit > 100_000  # more than the server's own log will hold
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


def allow_any_growth(server: SiteServer) -> None:
    """Take the limit back."""
    free = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, free)
