"""A request's head is bounded before it is kept; raw sockets."""

import asyncio

import pytest

from app.api.http.bad_requests import MAX_HEAD_BYTES
from tests.support.app_server import AppServer
from tests.support.http.raw import RawAnswer, exchange

START = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
CHUNKED = (
    b"POST /api/v1/nothing HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
LINE = b"X-Filling: " + b"a" * 100 + b"\r\n"
ENOUGH = 40 * MAX_HEAD_BYTES
PATIENCE_SECONDS = 20


async def endless(port: int, start: bytes, piece: bytes) -> bytes:
    """Send a start and then pieces until the server stops listening, at most ENOUGH."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = asyncio.create_task(reader.read())
    writer.write(start)
    pieces = piece * (4096 // len(piece) + 1)
    sent = 0
    try:
        while sent < ENOUGH and not answer.done():
            writer.write(pieces)
            sent += len(pieces)
            await writer.drain()
            await asyncio.sleep(0)
        return await asyncio.wait_for(answer, PATIENCE_SECONDS)
    finally:
        writer.transport.abort()


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        pytest.param(START, LINE, id="lines"),
        pytest.param(START + b"X: ", b"a", id="one line"),
        pytest.param(START, b"a", id="one name"),
        pytest.param(b"GET /", b"a", id="address"),
        pytest.param(b"", b"\r\n", id="blank lines before the request"),
        pytest.param(START + b"\r\n" + START, LINE, id="second request"),
    ],
)
async def test_an_endless_head_is_refused_with_431(
    server: AppServer, start: bytes, piece: bytes
) -> None:
    answer = await endless(server.port, start, piece)

    assert b"HTTP/1.1 431 " in answer, answer[:200]
    assert b"application/problem+json" in answer
    assert b'"head-too-large"' in answer


async def test_a_head_kept_for_long_is_counted_over_all_its_parts(
    server: AppServer,
) -> None:
    """Bytes that arrive one read at a time are one head still."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(START)
    for _ in range(MAX_HEAD_BYTES // len(LINE) + 1):
        writer.write(LINE)
        await writer.drain()
        await asyncio.sleep(0.001)

    answer = await asyncio.wait_for(reader.read(), PATIENCE_SECONDS)
    writer.transport.abort()

    assert answer.startswith(b"HTTP/1.1 431 ")


async def test_trailers_are_counted_as_a_head(server: AppServer) -> None:
    """What follows a chunked body is kept as headers are; its answer was given."""
    rest = LINE * (2 * MAX_HEAD_BYTES // len(LINE)) + b"\r\n"

    answers = await _all_answers(
        server.port, CHUNKED + b"0\r\n" + rest + START + b"\r\n"
    )

    assert b" 200 " not in answers


async def test_the_limit_is_32_kib_to_the_byte(server: AppServer) -> None:
    largest = await _with_head_of(server, MAX_HEAD_BYTES)
    larger = await _with_head_of(server, MAX_HEAD_BYTES + 1)

    assert (largest.status, larger.status) == (200, 431)


async def test_a_body_and_further_requests_do_not_count_as_a_head(
    server: AppServer,
) -> None:
    body = b" " * 60_000
    post = b"POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n" + body
    end = START + b"Connection: close\r\n" + LINE * 200 + b"\r\n"

    answers = await _all_answers(server.port, post + (START + b"\r\n") * 9 + end)

    assert answers.count(b"HTTP/1.1 ") == 11
    assert answers.count(b"HTTP/1.1 200 ") == 10


async def _with_head_of(server: AppServer, size: int) -> RawAnswer:
    head = START + b"Connection: close\r\nX: %s\r\n\r\n"
    return await exchange(server.port, head % (b"a" * (size - len(head) + 2)))


async def _all_answers(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answers = await asyncio.wait_for(reader.read(), PATIENCE_SECONDS)
    writer.transport.abort()
    return answers
