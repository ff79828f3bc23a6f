"""Bad input on every route: a 4xx problem, nothing changed, no traceback."""

import asyncio
import json
import logging
from typing import Any

import httpx2
import pytest

from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.bad_input import Attempt, attempts
from tests.support.http.callers import Caller, body_of
from tests.support.http.live import refused_upgrade
from tests.support.http.raw import RawAnswer, exchange, request_bytes

# these read nothing that could be bad: a credential, or nothing at all
NOTHING_TO_SPOIL = {
    ("POST", "/api/v1/device-session"),
    ("DELETE", "/api/v1/session"),
    # an empty body is good: what its text may be is test_hall's to look at
    ("POST", "/api/v1/evacuation"),
    ("DELETE", "/api/v1/evacuation"),
}
AT_ONCE = 8


@pytest.fixture
async def document(server: AppServer) -> dict[str, Any]:
    document: dict[str, Any] = body_of(await server.anyone.get("/openapi.json"))
    return document


@pytest.mark.timeout(180)
@pytest.mark.parametrize("caller", ["admin", "kiosk", "anyone"])
async def test_every_route_refuses_it(
    staffed_server: AppServer,
    document: dict[str, Any],
    caller: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.until_printed()
    before = staffed_server.disk.content()
    bad_requests = [a for a in attempts(document) if _is_worth_it(a, caller)]
    assert len(bad_requests) > 200

    with caplog.at_level(logging.WARNING):
        answers = await _send_all(
            getattr(staffed_server, caller), staffed_server, bad_requests
        )

    wrong = [
        (*attempt[:2], attempt.path[:80], answer.status, answer.body[:80])
        for attempt, answer in zip(bad_requests, answers, strict=True)
        if not _is_well_refused(attempt, answer)
    ]
    assert not wrong, wrong[:10]
    assert [r for r in caplog.records if r.exc_info] == []
    assert staffed_server.disk.content() == before


@pytest.mark.parametrize(
    "path", ["/tickets", "/session", "/counters/1/open", "/nothing"]
)
@pytest.mark.parametrize("is_announced", [True, False])
async def test_ten_megabytes_are_refused_before_they_are_read(
    server: AppServer, path: str, is_announced: bool
) -> None:
    sent = 0

    async def pieces() -> Any:
        nonlocal sent
        for _ in range(160):
            sent += 65_536
            yield b" " * 65_536

    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    if is_announced:
        headers["Content-Length"] = str(160 * 65_536)
    try:
        answer = await server.kiosk.send(
            "POST", path, content=pieces(), headers=headers
        )
    except (httpx2.WriteError, httpx2.RemoteProtocolError, httpx2.ReadError):
        return  # the server hung up in the middle, as it may

    assert answer.status_code in (413, 404, 403)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",  # TLS
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
        b"G\xcbT / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /api/v1/tickets HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: application/json\r\n\r\nzz\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
async def test_bytes_that_are_no_request_end_in_a_4xx_or_a_hang_up(
    server: AppServer, request_: bytes
) -> None:
    answer = await exchange(server.port, request_)

    assert answer.status == 0 or 400 <= answer.status < 500
    assert (await server.anyone.get("/site")).status_code == 200


@pytest.mark.parametrize(
    "topic", ["display:\x00", "ticket:\u202e", "counter:1\n", "\ud83d", "display:1:2"]
)
async def test_a_socket_with_a_bad_topic_is_refused(
    server: AppServer, topic: str
) -> None:
    name = topic.encode("utf-8", "surrogatepass")

    status, _ = await refused_upgrade(server.admin.watch(name.decode("latin-1")))

    assert status in (404, 422)


def _is_worth_it(attempt: Attempt, caller: str) -> bool:
    path = attempt.path.partition("?")[0]
    if (attempt.method, path) in NOTHING_TO_SPOIL:
        return False
    # without a credential only what is open to anyone is worth the time
    return caller == "admin" or attempt.reason.startswith(("header", "body", "unknown"))


async def _send_all(
    caller: Caller, server: AppServer, bad_requests: list[Attempt]
) -> list[RawAnswer]:
    room = asyncio.Semaphore(AT_ONCE)

    async def send(number: int, attempt: Attempt) -> RawAnswer:
        headers = {
            "Idempotency-Key": f"bad-{number}".encode(),
            **{name: value.encode() for name, value in caller.headers.items()},
            "Content-Type": attempt.media.encode(),
            **dict(attempt.headers),
        }
        body = attempt.body if attempt.method == "POST" else b""
        request = request_bytes(
            attempt.method, attempt.path, headers.items(), body or b""
        )
        async with room:
            return await exchange(server.port, request)

    return await asyncio.gather(*(send(n, a) for n, a in enumerate(bad_requests)))


def _is_well_refused(attempt: Attempt, answer: RawAnswer) -> bool:
    """Tell whether it is a 4xx problem; a harmless look may also succeed."""
    if answer.status < 400:
        return attempt.method == "GET" and answer.status == 200
    if not 400 <= answer.status < 500:
        return False
    if answer.media != "application/problem+json":
        return False
    return bool(json.loads(answer.body)["code"])
