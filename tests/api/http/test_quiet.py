"""What a stranger sends or leaves unfinished fills no log; raw sockets."""

import asyncio
import logging

import pytest

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
