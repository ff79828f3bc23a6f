"""Connections that ask for nothing make way for those that do; raw sockets."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.api.http.connections import (
    KEPT_DESCRIPTORS,
    MAX_WAITING_OF_ADDRESS,
    max_connections,
    max_unaccepted,
)
from tests.api.http.test_deadlines import BODY, HANDSHAKE, HEAD
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of

Streams = list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
PATIENCE_SECONDS = 20
OTHER_ADDRESSES = [f"127.0.0.{n}" for n in range(2, 10)]


@asynccontextmanager
async def connected(
    port: int, count: int, start: bytes, address: str = "127.0.0.1"
) -> AsyncIterator[Streams]:
    """Open connections from an address of this machine, each of which says this."""
    streams: Streams = []
    try:
        for _ in range(count):
            stream = await asyncio.open_connection(
                "127.0.0.1", port, local_addr=(address, 0)
            )
            stream[1].write(start)
            streams.append(stream)
        yield streams
    finally:
        for _, writer in streams:
            writer.transport.abort()


@pytest.mark.parametrize("start", [b"", HEAD, BODY, HANDSHAKE])
async def test_a_full_server_still_serves_who_asks(
    server: AppServer, caplog: pytest.LogCaptureFixture, start: bytes
) -> None:
    server.places.limit = 40
    with caplog.at_level(logging.WARNING, "antrean.security"):
        async with connected(server.port, 60, start) as streams:
            assert body_of(await server.sari.post("/counters/1/open"))
            assert await server.kiosk.issue(mall.AKTA)
            first = await asyncio.wait_for(streams[0][0].read(), PATIENCE_SECONDS)

    head, _, body = first.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"application/problem+json" in head
    assert b"retry-after: " in head
    assert json.loads(body)["code"] == "busy"
    # however many there were: one line a minute
    (line,) = [r.getMessage() for r in caplog.records if r.name == "antrean.security"]
    assert "limit=40" in line


async def test_an_address_has_its_share_of_what_waits(
    server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.http.connections.UNREAD_SECONDS", 0.1)
    count = MAX_WAITING_OF_ADDRESS + 20
    async with (
        connected(server.port, 10, HEAD, OTHER_ADDRESSES[0]) as others,
        connected(server.port, count, HEAD) as own,
    ):
        for reader, _ in own[:20]:
            answer = await asyncio.wait_for(reader.read(), PATIENCE_SECONDS)
            assert answer.startswith(b"HTTP/1.1 503 ")
        for _, writer in [*others, own[-1]]:
            writer.write(b"Connection: close\r\n\r\n")
        for reader, _ in [*others, own[-1]]:
            answer = await asyncio.wait_for(reader.read(), PATIENCE_SECONDS)
            assert answer.startswith(b"HTTP/1.1 200 ")


async def test_a_connection_that_is_served_gives_no_place_away(
    server: AppServer,
) -> None:
    """Idle ones do, and their callers open another."""
    server.places.limit = 12
    async with server.hall.watch("display:3") as watching:
        await watching.recv()
        for address in OTHER_ADDRESSES:
            async with connected(server.port, 4, HEAD, address):
                assert body_of(await server.anyone.get("/site"))
        assert json.loads(await watching.recv())["type"] == "heartbeat"


async def test_an_officers_idle_line_is_kept_before_a_strangers_new_one(
    server: AppServer,
) -> None:
    await server.sari.get("/counters")
    server.places.limit = 12
    request = "GET /api/v1/counters HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    request += "".join(
        f"{name}: {value}\r\n" for name, value in server.sari.headers.items()
    )
    async with connected(server.port, 1, b"") as ((reader, writer),):
        for _ in range(3):
            writer.write(f"{request}\r\n".encode())
            head = await asyncio.wait_for(
                reader.readuntil(b"\r\n\r\n"), PATIENCE_SECONDS
            )
            assert head.startswith(b"HTTP/1.1 200 ")
            length = (
                head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            )
            await reader.readexactly(int(length))
            async with connected(server.port, 30, HANDSHAKE) as streams:
                answer = await asyncio.wait_for(streams[0][0].read(), PATIENCE_SECONDS)
                assert answer.startswith(b"HTTP/1.1 503 ")


def test_there_is_room_for_all_that_come_at_once() -> None:
    """Each has a descriptor before it can be refused."""
    for descriptors in (256, 1024, 4096, 16_384):
        taken = max_connections(descriptors) + max_unaccepted(descriptors)
        assert taken <= descriptors - KEPT_DESCRIPTORS


async def test_every_place_is_given_back(server: AppServer) -> None:
    for start in (b"", HEAD, BODY, HANDSHAKE, HEAD + b"\r\n"):
        async with connected(server.port, 5, start):
            assert body_of(await server.anyone.get("/site"))
    async with server.hall.watch("display:3") as watching:
        await watching.recv()

    await server.client.aclose()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(server.places):  # noqa: ASYNC110 (what is waited for has no event)
            await asyncio.sleep(0.02)
