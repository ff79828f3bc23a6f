"""What a stranger sends or leaves unfinished fills no log; raw sockets."""

import asyncio
import logging
from contextlib import suppress

import pytest

from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.raw import exchange, request_bytes

PATHS = ["/api/v1/agencies", "/readyz", "/help", "/static/font/inter.ttf"]
PIPELINED = 20
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
HANG_UPS_SECONDS = [0, 0.003, 0.03]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("is_reset", [True, False])
async def test_pipelined_requests_and_a_hang_up_are_no_error(
    server: AppServer, caplog: pytest.LogCaptureFixture, path: str, is_reset: bool
) -> None:
    request = b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % path.encode()
    with caplog.at_level(logging.WARNING):
        for pause in HANG_UPS_SECONDS * 3:
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(request * PIPELINED)
            await asyncio.sleep(pause)
            if is_reset:
                writer.transport.abort()
            else:
                writer.close()
        # answered after the others were given up: whatever they logged is here
        for _ in range(PIPELINED):
            assert (await server.anyone.get("/site")).status_code == 200

    assert [r.getMessage() for r in caplog.records] == []


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "http://a:b", "//["])
@pytest.mark.parametrize("path", ["/api/v1/session", "/api/v1/live"])
async def test_a_malformed_origin_is_refused_in_silence(
    server: AppServer, caplog: pytest.LogCaptureFixture, origin: str, path: str
) -> None:
    headers = {"Origin": origin, "Cookie": server.sari.headers["Cookie"]}
    if path == "/api/v1/live":
        headers |= UPGRADE
        request = _request("GET", f"{path}?topic=overview", headers)
    else:
        headers |= {"Content-Type": "application/json"}
        request = _request("POST", path, headers, b'{"username": "a", "password": "b"}')

    with caplog.at_level(logging.WARNING):
        answer = await exchange(server.port, request)

    assert answer.status == 403
    assert [r.getMessage() for r in caplog.records] == []


async def test_a_malformed_origin_is_refused_at_the_sign_in_form(
    server: AppServer, caplog: pytest.LogCaptureFixture
) -> None:
    form = {"Origin": "http://[", "Content-Type": "application/x-www-form-urlencoded"}
    request = _request("POST", "/sign-in", form, b"username=a&password=b")

    with caplog.at_level(logging.WARNING):
        answer = await exchange(server.port, request)

    assert answer.status == 403
    assert [r.getMessage() for r in caplog.records] == []


@pytest.mark.parametrize("host", [b"[", b"[::1", b"a:b", b"a b", b"\xff", b""])
@pytest.mark.parametrize("path", ["/", "/counter", "/api/v1/site/", "/api/v1/site"])
async def test_a_malformed_host_breaks_nothing(
    server: AppServer, caplog: pytest.LogCaptureFixture, host: bytes, path: str
) -> None:
    with caplog.at_level(logging.WARNING):
        headers = [("Host", host), ("Accept", b"text/html")]
        answer = await exchange(server.port, request_bytes("GET", path, headers, b""))

    assert 200 <= answer.status < 500
    assert [r.getMessage() for r in caplog.records] == []


def _request(
    method: str, path: str, headers: dict[str, str], body: bytes = b""
) -> bytes:
    encoded = [(name, value.encode()) for name, value in headers.items()]
    return request_bytes(method, path, encoded, body)


TOO_LARGE_FRAME = b"\x81\xfe\xff\xff" + bytes(4 + 0xFFFF)
NO_FRAME = b"\xf1\x80" + bytes(4)


@pytest.mark.parametrize("frame", [TOO_LARGE_FRAME, NO_FRAME], ids=["large", "none"])
async def test_a_frame_before_the_handshakes_answer_breaks_nothing(
    server: AppServer, caplog: pytest.LogCaptureFixture, frame: bytes
) -> None:
    bearer = {"Authorization": server.hall.headers["Authorization"]}
    path = f"/api/v1/live?topic=display:{mall.HALL}"
    handshake = _request("GET", path, UPGRADE | bearer)

    with caplog.at_level(logging.WARNING):
        for _ in range(8):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(handshake)
            # in segments of their own: what comes with the handshake is not looked at
            while not reader.at_eof() and not writer.transport.is_closing():
                await asyncio.sleep(0.001)
                writer.write(frame)
                with suppress(ConnectionError, TimeoutError):
                    await asyncio.wait_for(reader.read(65536), timeout=0.001)
            writer.close()
        assert (await server.anyone.get("/site")).status_code == 200

    assert [r.getMessage() for r in caplog.records] == []
