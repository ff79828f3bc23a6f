"""A caller that hangs up cancels nothing and gets nothing twice."""

import asyncio
import json

from tests.support import cast, mall
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of
from tests.support.http.raw import request_bytes

BODY = {"service_ids": [mall.AKTA]}


async def test_the_request_is_carried_out_and_a_repeat_gets_its_answer(
    server: AppServer,
) -> None:
    request = request_bytes(
        "POST",
        "/api/v1/tickets",
        [
            ("Authorization", f"Bearer {cast.KIOSK.secret}".encode()),
            ("Content-Type", b"application/json"),
            ("Idempotency-Key", b"k"),
        ],
        json.dumps(BODY, separators=(",", ":")).encode(),
    )
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(request)
    await writer.drain()
    writer.transport.abort()

    while not server.disk.count("ticket"):  # noqa: ASYNC110 (the disk has no event)
        await asyncio.sleep(0.01)
    repeated = body_of(await server.kiosk.post("/tickets", BODY, key="k"), 201)

    assert repeated["number"] == "A-001"
    assert server.disk.count("ticket") == 1
