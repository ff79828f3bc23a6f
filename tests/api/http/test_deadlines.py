"""No connection lives for ever, however slowly it drips; raw sockets."""

import asyncio
import json
from collections.abc import Callable

import pytest

from app.api.http import connections, http_protocol, socket_protocol
from app.realtime.frames import text_frame
from tests.support import cast
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of
from tests.support.http.raw import UPGRADE

PATIENCE_SECONDS = 20
LIVE = f"/api/v1/live?topic=display:{cast.HALL_DISPLAY.id}".encode()
HEAD = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
BODY = (
    b"POST /api/v1/pairings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1000\r\n\r\n{"
)
HANDSHAKE = b"GET %s HTTP/1.1\r\nHost: a\r\n%s" % (LIVE, UPGRADE)
DEADLINES = {
    (connections, "_SWEEP_SECONDS"): 0.02,
    (connections, "CLOSING_SECONDS"): 0.1,
    (http_protocol, "HEAD_SECONDS"): 0.2,
    (http_protocol, "BODY_SECONDS"): 0.2,
    (http_protocol, "READING_SECONDS"): 0.2,
    (socket_protocol, "READING_SECONDS"): 0.2,
}


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every deadline come soon."""
    for (module, name), seconds in DEADLINES.items():
        assert getattr(module, name) <= 60
        monkeypatch.setattr(module, name, seconds)


async def until_closed(port: int, start: bytes, drip: bytes = b"") -> bytes:
    """Send a start, then drip until the server hangs up; return what it said."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(start)
    answer = asyncio.create_task(reader.read())
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not answer.done():
                if drip:
                    writer.write(drip)
                await asyncio.sleep(0.02)
        return await answer
    except ConnectionError:
        return b""
    finally:
        writer.transport.abort()


@pytest.mark.parametrize(
    ("start", "drip"),
    [
        pytest.param(HEAD, b"", id="half a head"),
        pytest.param(HEAD + b"X: ", b"a", id="a head that drips"),
        pytest.param(b"", b"\r\n", id="blank lines that drip"),
        pytest.param(HEAD + b"\r\n" + HEAD, b"", id="half of a second head"),
        pytest.param(BODY, b"", id="half a body"),
        pytest.param(BODY, b" ", id="a body that drips"),
        pytest.param(HANDSHAKE, b"", id="half a handshake"),
        pytest.param(HANDSHAKE + b"X: ", b"a", id="a handshake that drips"),
    ],
)
async def test_what_does_not_come_to_its_end_is_ended(
    server: AppServer, start: bytes, drip: bytes
) -> None:
    answer = await until_closed(server.port, start, drip)

    assert b"HTTP/1.1 408 " in answer, answer[:200]
    head, _, body = answer[answer.index(b"HTTP/1.1 408 ") :].partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    assert json.loads(body)["code"] == "too-late"


async def test_who_says_nothing_is_closed_in_silence(server: AppServer) -> None:
    """A browser opens connections ahead of need: an answer there would be read as
    that of the request which it sends at the same moment."""
    assert await until_closed(server.port, b"") == b""


async def test_who_reads_nothing_is_closed(server: AppServer) -> None:
    """An answer that stays unread holds its connection, and so does a closing one."""
    _, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1024)
    font = b"GET /static/font/inter.ttf HTTP/1.1\r\nHost: a\r\n\r\n"
    writer.write(font * 20)

    await until(lambda: open_connections(server) == 0)

    writer.transport.abort()


async def test_a_socket_that_reads_nothing_is_closed(server: AppServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1024)
    bearer = f"Authorization: Bearer {cast.HALL_DISPLAY.secret}\r\n\r\n".encode()
    writer.write(HANDSHAKE + bearer)
    await reader.readuntil(b"snapshot")
    (socket,) = {s for t in server.context.hub._topics.values() for s in t.sockets}
    frame = text_frame(b"x" * 60_000)
    for _ in range(300):
        socket.beat(frame)

    await until(lambda: server.context.hub.count() == 0)

    writer.transport.abort()


async def test_a_request_that_keeps_to_its_time_is_answered(server: AppServer) -> None:
    for _ in range(3):
        assert body_of(await server.anyone.get("/site"))["name"]


def open_connections(server: AppServer) -> int:
    return len(server.places)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not is_so():  # noqa: ASYNC110 (what is waited for has no event)
            await asyncio.sleep(0.02)
